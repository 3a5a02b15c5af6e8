import type { LmdbBytes } from './lmdb-native.ts'

/** The memory around lmdb-js's buffer for values, as bytes and as words: for who reads values where they lie. */
class ValueMemory {
  /** The buffer that was found last; lmdb-js takes a larger one when it meets a larger value. */
  buffer: LmdbBytes | undefined
  bytes: Uint8Array = new Uint8Array(0)
  words: Int32Array = new Int32Array(0)
  /** Where the buffer starts in `bytes`; -1 when it does not lie at whole words. */
  start = -1

  /** Takes the buffer as it is now. Cost: nothing while it is the same. */
  find(buffer: LmdbBytes): void {
    if (buffer === this.buffer) return
    const { byteOffset, byteLength } = buffer
    this.buffer = buffer
    this.bytes = new Uint8Array(buffer.buffer)
    this.words = new Int32Array(buffer.buffer, 0, buffer.buffer.byteLength >>> 2)
    this.start = ((byteOffset | byteLength) & 3) === 0 ? byteOffset : -1
  }
}

export const valueMemory: ValueMemory = new ValueMemory()
