import {
  LMDB_EXCLUSIVE_START,
  LMDB_INCLUSIVE_END,
  LMDB_REVERSE,
  LMDB_VALUES,
  type LmdbCursorHandle,
  type LmdbDatabase,
  lmdbKey,
  native,
} from './lmdb-native.ts'
import { MAX_KEY_SIZE_BYTES, type ScanRange } from './store.ts'

/**
 * A native cursor with room for its end key, which native code compares with at every step. Making one costs as
 * much as ten steps, so a snapshot keeps those that were closed and uses them again.
 */
export class CursorHandle {
  readonly #cursor: LmdbCursorHandle
  readonly #end = new Uint8Array(new ArrayBuffer(4 + MAX_KEY_SIZE_BYTES))
  readonly #endAddress: number

  /** @param transactionAddress 0 for the open write transaction */
  constructor(database: LmdbDatabase, transactionAddress: number) {
    this.#cursor = new native.Cursor(database.db, transactionAddress)
    this.#endAddress = native.getAddress(this.#end.buffer)
  }

  /** Moves to the first entry of a range; returns the size of its key, 0 when there is none, or a negative error. */
  seek(range: ScanRange): number {
    const reverse = range.reverse ?? false
    const start = reverse ? range.to : range.from
    const end = reverse ? range.from : range.to
    let flags = LMDB_VALUES
    // LMDB walks [start, end) in its own direction; backwards that would be (from, to].
    if (reverse) flags |= LMDB_REVERSE | LMDB_INCLUSIVE_END
    if (reverse && start !== undefined) flags |= LMDB_EXCLUSIVE_START
    if (start !== undefined) lmdbKey.set(start)
    let endAddress = 0
    if (end !== undefined && end.length > 0) {
      this.#end[0] = end.length & 0xff
      this.#end[1] = end.length >>> 8
      this.#end.set(end, 4)
      endAddress = this.#endAddress
    }
    return native.position(this.#cursor.address, flags, range.skip ?? 0, start?.length ?? 0, endAddress)
  }

  next(): number {
    return native.iterate(this.#cursor.address)
  }

  close(): void {
    this.#cursor.close()
  }
}
