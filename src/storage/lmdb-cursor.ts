import { assert } from '../errors.ts'
import type { CursorHandle } from './cursor-handle.ts'
import { landing } from './landing.ts'
import { lmdbError } from './lmdb-error.ts'
import type { LmdbKeyspace } from './lmdb-keyspace.ts'
import { LMDB_KEY_OFFSET, type LmdbTransaction, lmdbKey, lmdbKeyWords, lmdbValue } from './lmdb-native.ts'
import type { Cursor, ScanRange } from './store.ts'

/** Who opened a cursor: a snapshot or a write batch. */
export interface CursorOwner {
  /** Absent in a write batch. */
  readonly options: { transaction: LmdbTransaction } | undefined
  /** The cursor is done with this handle. */
  giveBack(cursor: Cursor, keyspace: LmdbKeyspace, handle: CursorHandle): void
}

/** A walk over a key space. See {@link Cursor}. */
export class LmdbCursor implements Cursor {
  readonly #keyspace: LmdbKeyspace
  readonly #owner: CursorOwner
  #handle: CursorHandle | undefined
  /** What to walk; undefined once the walk has begun. */
  #range: ScanRange | undefined
  #left: number
  #keyLength = 0
  #valueLength = -1
  keyBytes: Uint8Array = landing.bytes
  keyStart = 0
  valueBytes: Uint8Array = landing.bytes
  valueStart = 0

  constructor(keyspace: LmdbKeyspace, handle: CursorHandle, range: ScanRange, owner: CursorOwner) {
    this.#keyspace = keyspace
    this.#handle = handle
    this.#range = range
    this.#left = range.limit ?? Number.POSITIVE_INFINITY
    this.#owner = owner
  }

  next(): boolean {
    const handle = this.#handle
    if (handle === undefined) return false
    if (this.#left === 0) return this.#finish()
    this.#left--
    let keyLength: number
    if (this.#range === undefined) keyLength = handle.next()
    else {
      keyLength = handle.seek(this.#range)
      this.#range = undefined
    }
    if (keyLength <= 0) {
      this.#finish()
      if (keyLength === 0) return false
      const error = Object.assign(new Error(`error ${keyLength}`), { code: keyLength })
      throw lmdbError(error, this.#keyspace.name, 'read')
    }
    const storedLength = (lmdbKeyWords[0] as number) >>> 0
    if (lmdbKeyWords[1] !== 0 || storedLength > lmdbValue.byteLength) this.#takeLarge(keyLength)
    else {
      const { seed } = this.#keyspace
      if (!landing.takeEntry(seed, lmdbKey, LMDB_KEY_OFFSET, keyLength, lmdbValue, storedLength)) {
        this.#finish()
        throw this.#keyspace.damaged()
      }
      this.keyBytes = landing.bytes
      this.keyStart = landing.keyOffset
    }
    this.#keyLength = keyLength
    this.valueBytes = landing.bytes
    this.valueStart = landing.valueOffset
    this.#valueLength = landing.valueLength
    return true
  }

  get keyEnd(): number {
    return this.keyStart + this.#keyLength
  }

  get key(): Uint8Array {
    assert(this.#valueLength >= 0, 'a cursor is read only after next() returned true')
    return this.keyBytes.subarray(this.keyStart, this.keyStart + this.#keyLength)
  }

  get value(): Uint8Array {
    assert(this.#valueLength >= 0, 'a cursor is read only after next() returned true')
    return this.valueBytes.subarray(this.valueStart, this.valueEnd)
  }

  get valueEnd(): number {
    return this.valueStart + this.#valueLength
  }

  close(): void {
    this.#finish()
  }

  #finish(): false {
    const handle = this.#handle
    this.#handle = undefined
    if (handle !== undefined) this.#owner.giveBack(this, this.#keyspace, handle)
    return false
  }

  /** The value did not fit lmdb-js's buffer; its get makes a larger one. */
  #takeLarge(keyLength: number): void {
    // A copy: `slice` of a Buffer would be a view.
    const key = new Uint8Array(lmdbKey.subarray(LMDB_KEY_OFFSET, LMDB_KEY_OFFSET + keyLength))
    const value = this.#keyspace.get(key, this.#owner.options)
    if (value === undefined) throw this.#keyspace.damaged()
    this.keyBytes = key
    this.keyStart = 0
  }
}
