import { MAX_KEY_SIZE_BYTES } from './store.ts'
import { checksum, copyWithChecksum } from './value-checksum.ts'

const SLAB_SIZE = 32768
/** Larger values get memory of their own, so that keeping a small one never pins a large one. */
const SLAB_VALUE_LIMIT = 4096
/** In front of each value: its checksum, little-endian. */
export const PREFIX_SIZE = 4

/**
 * Where entries land when they come out of LMDB.
 *
 * lmdb-js copies an entry into buffers it uses again for the next one. We copy once more, into slabs that are never
 * used again, so that what a cursor hands out stays valid; offsets instead of views, so that an entry nobody looks at
 * costs no object. One landing serves the whole process: an entry is taken out before the next call into lmdb-js.
 */
export class Landing {
  #slab: ArrayBuffer = new ArrayBuffer(SLAB_SIZE)
  #slabWords: Int32Array = new Int32Array(this.#slab)
  #slabBytes: Uint8Array = new Uint8Array(this.#slab)
  #used = 0

  buffer: ArrayBuffer = this.#slab
  /** The whole of `buffer`, one object for all entries in it. */
  bytes: Uint8Array = this.#slabBytes
  keyOffset = 0
  keyLength = 0
  valueOffset = 0
  valueLength = 0

  /** Takes an entry. @returns false when its checksum does not fit */
  takeEntry(
    seed: number,
    key: Uint8Array,
    keyStart: number,
    keyLength: number,
    stored: Uint8Array,
    storedLength: number,
  ): boolean {
    this.keyLength = keyLength
    const keyRoom = (keyLength + 3) & ~3
    const words = this.#reserve(keyRoom + ((storedLength + 3) & ~3))
    const offset = this.keyOffset
    const keyFrom = key.byteOffset + keyStart
    const storedFrom = stored.byteOffset
    if (storedLength >= PREFIX_SIZE && storedLength <= LOOP_LIMIT && ((keyFrom | storedFrom) & 3) === 0) {
      const keyWordsThere = wordsOfKeys.of(key.buffer)
      const storedWords = wordsOfValues.of(stored.buffer)
      this.valueOffset = offset + keyRoom + PREFIX_SIZE
      this.valueLength = storedLength - PREFIX_SIZE
      return (
        storedWords[storedFrom >>> 2] ===
        copyWithChecksum(
          seed,
          keyWordsThere,
          keyFrom >>> 2,
          keyLength,
          storedWords,
          (storedFrom + PREFIX_SIZE) >>> 2,
          this.valueLength,
          words,
          offset >>> 2,
          this.valueOffset >>> 2,
        )
      )
    }
    copy(key, keyStart, keyLength, this.buffer, words, offset)
    copy(stored, 0, storedLength, this.buffer, words, offset + keyRoom)
    this.valueOffset = offset + keyRoom + PREFIX_SIZE
    this.valueLength = storedLength - PREFIX_SIZE
    return (
      storedLength >= PREFIX_SIZE &&
      words[(offset + keyRoom) >>> 2] ===
        checksum(seed, words, offset >>> 2, keyLength, words, this.valueOffset >>> 2, this.valueLength)
    )
  }

  /** Takes the value stored under the key in {@link keyBytes}. @returns false when the checksum does not fit */
  takeValue(seed: number, keyLength: number, stored: Uint8Array, storedLength: number): boolean {
    const storedFrom = stored.byteOffset
    if (storedLength >= PREFIX_SIZE && storedLength <= LOOP_LIMIT && (storedFrom & 3) === 0) {
      const keyRoom = (keyLength + 3) & ~3
      const words = this.#reserve(keyRoom + ((storedLength + 3) & ~3))
      const storedWords = wordsOfValues.of(stored.buffer)
      const to = this.keyOffset >>> 2
      this.valueOffset = this.keyOffset + keyRoom
      this.valueLength = storedLength - PREFIX_SIZE
      return (
        storedWords[storedFrom >>> 2] ===
        copyWithChecksum(
          seed,
          keyWords,
          0,
          keyLength,
          storedWords,
          (storedFrom + PREFIX_SIZE) >>> 2,
          this.valueLength,
          words,
          to,
          this.valueOffset >>> 2,
        )
      )
    }
    const words = this.#reserve((storedLength + 3) & ~3)
    const offset = this.keyOffset
    copy(stored, 0, storedLength, this.buffer, words, offset)
    this.valueOffset = offset + PREFIX_SIZE
    this.valueLength = storedLength - PREFIX_SIZE
    return (
      storedLength >= PREFIX_SIZE &&
      words[offset >>> 2] === checksum(seed, keyWords, 0, keyLength, words, this.valueOffset >>> 2, this.valueLength)
    )
  }

  /** Makes `keyOffset` the start of so many free bytes of `buffer`; returns the buffer's words. */
  #reserve(size: number): Int32Array {
    if (size > SLAB_VALUE_LIMIT) {
      this.buffer = new ArrayBuffer(size)
      this.bytes = new Uint8Array(this.buffer)
      this.keyOffset = 0
      return new Int32Array(this.buffer)
    }
    if (this.#used + size > SLAB_SIZE) {
      this.#slab = new ArrayBuffer(SLAB_SIZE)
      this.#slabWords = new Int32Array(this.#slab)
      this.#slabBytes = new Uint8Array(this.#slab)
      this.#used = 0
    }
    this.buffer = this.#slab
    this.bytes = this.#slabBytes
    this.keyOffset = this.#used
    this.#used += size
    return this.#slabWords
  }
}

export const landing: Landing = new Landing()

/** A key, word-aligned, for its checksum. */
export const keyBytes: Uint8Array = new Uint8Array((MAX_KEY_SIZE_BYTES + 3) & ~3)
export const keyWords: Int32Array = new Int32Array(keyBytes.buffer)

/** Below this many bytes a loop over words is faster than making two views for `set` (measured: break-even at 600). */
const LOOP_LIMIT = 600

/** The words of the buffer seen last: lmdb-js hands out the same few buffers all the time. */
class WordsOf {
  #buffer: ArrayBufferLike | undefined
  #words: Int32Array = new Int32Array(0)

  of(buffer: ArrayBufferLike): Int32Array {
    if (buffer !== this.#buffer) {
      this.#buffer = buffer
      this.#words = new Int32Array(buffer, 0, buffer.byteLength >>> 2)
    }
    return this.#words
  }
}

const wordsOfKeys = new WordsOf()
const wordsOfValues = new WordsOf()

/** Copies `length` bytes to a word-aligned place; bytes up to the next word boundary there are undefined afterwards. */
function copy(
  source: Uint8Array,
  start: number,
  length: number,
  target: ArrayBuffer,
  targetWords: Int32Array,
  targetOffset: number,
): void {
  const from = source.byteOffset + start
  if (length > LOOP_LIMIT || (from & 3) !== 0) {
    new Uint8Array(target, targetOffset, length).set(new Uint8Array(source.buffer, from, length))
    return
  }
  const words = wordsOfValues.of(source.buffer)
  const end = (from + length + 3) >>> 2
  for (let read = from >>> 2, write = targetOffset >>> 2; read < end; read++, write++)
    targetWords[write] = words[read] as number
}
