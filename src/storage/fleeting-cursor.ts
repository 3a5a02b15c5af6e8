import { assert } from '../errors.ts'
import type { CursorHandle } from './cursor-handle.ts'
import { landing, PREFIX_SIZE } from './landing.ts'
import type { CursorOwner } from './lmdb-cursor.ts'
import { lmdbError } from './lmdb-error.ts'
import type { LmdbKeyspace } from './lmdb-keyspace.ts'
import { LMDB_KEY_OFFSET, lmdbKey, lmdbKeyWords, lmdbValue } from './lmdb-native.ts'
import type { Cursor, ScanRange } from './store.ts'
import { checksum } from './value-checksum.ts'
import { valueMemory } from './value-memory.ts'

/**
 * A walk that shows entries where lmdb-js put them instead of copying them out: what it shows is gone with the next
 * call into lmdb-js, whoever makes it. The checksum is looked at all the same. See {@link ScanRange.isFleeting}.
 */
export class FleetingCursor implements Cursor {
  readonly #keyspace: LmdbKeyspace
  readonly #seed: number
  readonly #owner: CursorOwner
  #handle: CursorHandle | undefined
  /** What to walk; undefined once the walk has begun. */
  #range: ScanRange | undefined
  #left: number
  #keyLength = -1
  /** lmdb-js's buffer for values as it was last seen. */
  #valueBuffer: Uint8Array | undefined
  keyBytes: Uint8Array = lmdbKey
  keyStart: number = LMDB_KEY_OFFSET
  valueBytes: Uint8Array = lmdbValue
  valueStart = 0
  valueEnd = 0

  constructor(keyspace: LmdbKeyspace, handle: CursorHandle, range: ScanRange, owner: CursorOwner) {
    this.#keyspace = keyspace
    this.#seed = keyspace.seed
    this.#handle = handle
    this.#range = range
    this.#left = range.limit ?? Number.POSITIVE_INFINITY
    this.#owner = owner
  }

  next(): boolean {
    const handle = this.#handle
    if (handle === undefined) return false
    if (this.#left-- === 0) return this.#finish()
    const keyLength = this.#range === undefined ? handle.next() : this.#begin(handle, this.#range)
    if (keyLength <= 0) return this.#end(keyLength)
    const storedLength = (lmdbKeyWords[0] as number) >>> 0
    if (this.#valueBuffer !== lmdbValue) this.#findValues()
    this.#keyLength = keyLength
    const { valueStart } = this
    if (
      lmdbKeyWords[1] !== 0 ||
      storedLength > lmdbValue.byteLength ||
      storedLength < PREFIX_SIZE ||
      valueStart === 0
    ) {
      return this.#take(keyLength)
    }
    const { words } = valueMemory
    const valueWord = valueStart >>> 2
    const length = storedLength - PREFIX_SIZE
    const found = checksum(this.#seed, lmdbKeyWords, KEY_WORD, keyLength, words, valueWord, length)
    // Damaged, or in a buffer of lmdb-js that we do not know yet.
    if (words[valueWord - 1] !== found) return this.#take(keyLength)
    this.valueEnd = valueStart + length
    return true
  }

  get keyEnd(): number {
    return this.keyStart + this.#keyLength
  }

  get key(): Uint8Array {
    assert(this.#keyLength >= 0, 'a cursor is read only after next() returned true')
    return this.keyBytes.subarray(this.keyStart, this.keyStart + this.#keyLength)
  }

  get value(): Uint8Array {
    assert(this.#keyLength >= 0, 'a cursor is read only after next() returned true')
    return this.valueBytes.subarray(this.valueStart, this.valueEnd)
  }

  close(): void {
    this.#finish()
  }

  #begin(handle: CursorHandle, range: ScanRange): number {
    this.#range = undefined
    return handle.seek(range)
  }

  /** lmdb-js takes a larger buffer when it meets a larger value. Words are read only where they lie whole. */
  #findValues(): void {
    valueMemory.find(lmdbValue)
    const { bytes, start } = valueMemory
    this.#valueBuffer = lmdbValue
    this.valueBytes = bytes
    this.valueStart = start < 0 ? 0 : start + PREFIX_SIZE
    this.keyBytes = lmdbKey
    this.keyStart = LMDB_KEY_OFFSET
  }

  /** What cannot be shown is copied: a value that did not fit the buffer, or does not lie at words. */
  #take(keyLength: number): true {
    const key = new Uint8Array(lmdbKey.subarray(LMDB_KEY_OFFSET, LMDB_KEY_OFFSET + keyLength))
    let value: Uint8Array | undefined
    try {
      value = this.#keyspace.get(key, this.#owner.options)
    } catch (error) {
      this.#finish()
      throw error
    }
    if (value === undefined) throw this.#damaged()
    this.#valueBuffer = undefined
    this.keyBytes = key
    this.keyStart = 0
    this.valueBytes = landing.bytes
    this.valueStart = landing.valueOffset
    this.valueEnd = this.valueStart + landing.valueLength
    return true
  }

  #end(keyLength: number): false {
    this.#finish()
    if (keyLength === 0) return false
    const error = Object.assign(new Error(`error ${keyLength}`), { code: keyLength })
    throw lmdbError(error, this.#keyspace.name, 'read')
  }

  #damaged(): Error {
    this.#finish()
    return this.#keyspace.damaged()
  }

  #finish(): false {
    const handle = this.#handle
    this.#handle = undefined
    if (handle !== undefined) this.#owner.giveBack(this, this.#keyspace, handle)
    return false
  }
}

const KEY_WORD = LMDB_KEY_OFFSET >>> 2
