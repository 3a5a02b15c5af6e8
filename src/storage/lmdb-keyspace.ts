import { assert, CorruptionError } from '../errors.ts'
import { CursorHandle } from './cursor-handle.ts'
import { keyBytes, keyWords, landing, PREFIX_SIZE } from './landing.ts'
import { lmdbError } from './lmdb-error.ts'
import {
  keyEncoder,
  LMDB_KEY_OFFSET,
  LMDB_NOT_FOUND,
  type LmdbBytes,
  type LmdbDatabase,
  type LmdbRoot,
  type LmdbTransaction,
  lmdbKey,
  lmdbValue,
  native,
  noteValue,
} from './lmdb-native.ts'
import { type Keyspace, type KeyspaceName, MAX_KEY_SIZE_BYTES, type ValuePlace } from './store.ts'
import { checksum, keyspaceSeed } from './value-checksum.ts'
import { valueMemory } from './value-memory.ts'

/** What lmdb-js reads of a value to store: bytes `start` to `end`. It remembers the buffer's address on the object. */
interface Outgoing extends Uint8Array {
  start: number
  end: number
}

function outgoing(size: number): Outgoing {
  return Object.assign(new Uint8Array(new ArrayBuffer((size + 3) & ~3)), { start: 0, end: 0 })
}

let outgoingBytes: Outgoing = outgoing(65536)
let outgoingWords: Int32Array = new Int32Array(outgoingBytes.buffer)

/** Where the value lies that was found last. */
const place = { bytes: valueMemory.bytes, start: 0, end: 0 }

const APPEND = { append: true } as const
const INSERT = { noOverwrite: false } as const
const ADD = { noOverwrite: true } as const

/** Whether `key` comes after the first `length` bytes of `other`. */
function isAfter(key: Uint8Array, other: Uint8Array, length: number): boolean {
  const common = Math.min(key.length, length)
  for (let index = 0; index < common; index++) {
    const difference = (key[index] as number) - (other[index] as number)
    if (difference !== 0) return difference > 0
  }
  return key.length > length
}

/** Puts a key where lmdb-js reads it, and where its checksum is made. */
function putKey(key: Uint8Array): void {
  for (let index = 0; index < key.length; index++) {
    const byte = key[index] as number
    lmdbKey[index] = byte
    keyBytes[index] = byte
  }
}

export class LmdbKeyspace implements Keyspace {
  readonly name: KeyspaceName
  readonly seed: number
  readonly database: LmdbDatabase
  /** The key of the put under way, which the checksum covers. */
  #putKey: Uint8Array = keyBytes
  /** No key of the database is after this one; a key that is goes to the end without a search. */
  readonly #lastKey: Uint8Array = new Uint8Array(MAX_KEY_SIZE_BYTES)
  #lastKeyLength = -1

  constructor(root: LmdbRoot, name: KeyspaceName, position: number) {
    this.name = name
    this.seed = keyspaceSeed(position)
    const database = root.openDB({ name, keyEncoder, encoder: { encode: (value: Uint8Array) => this.#encode(value) } })
    if (database === undefined) throw new CorruptionError('VIEWS_CORRUPT', `The views have no key space ${name}.`)
    this.database = database
  }

  /**
   * Puts into the open write transaction.
   *
   * Most keys of a ledger come in order. LMDB's MDB_APPEND saves them the way down the tree (measured: 7.8 instead of
   * 11.3 µs for the seven puts of a commit) and fills pages to the brim. The last key is only ever known too high
   * (after a delete, after an aborted write): then an append is missed, never wrong; LMDB would refuse it besides.
   */
  put(key: Uint8Array, value: Uint8Array): void {
    assert(this.#write(key, value, INSERT), `LMDB takes every put (key space ${this.name})`)
  }

  /** Puts into the open write transaction what is not there; false when the key is present. */
  add(key: Uint8Array, value: Uint8Array): boolean {
    return this.#write(key, value, ADD)
  }

  #write(key: Uint8Array, value: Uint8Array, options: typeof INSERT | typeof ADD): boolean {
    this.#putKey = key
    if (this.#lastKeyLength < 0) this.#findLastKey()
    const append = isAfter(key, this.#lastKey, this.#lastKeyLength)
    if (append) {
      this.#lastKey.set(key)
      this.#lastKeyLength = key.length
    }
    return this.database.put(key, value, append ? APPEND : options).result === true
  }

  /** The value in a transaction, or in the open write transaction without one. */
  get(key: Uint8Array, options?: { transaction: LmdbTransaction }): Uint8Array | undefined {
    return this.#land(key, options)
      ? new Uint8Array(landing.buffer, landing.valueOffset, landing.valueLength)
      : undefined
  }

  /** Where the value is that {@link get} would give: a place that is used again. */
  find(key: Uint8Array, options?: { transaction: LmdbTransaction }): ValuePlace | undefined {
    if (!this.#land(key, options)) return undefined
    place.bytes = landing.bytes
    place.start = landing.valueOffset
    place.end = place.start + landing.valueLength
    return place
  }

  /** Copies the value into {@link landing}; false when there is none. */
  #land(key: Uint8Array, options: { transaction: LmdbTransaction } | undefined): boolean {
    const { database } = this
    if (options !== undefined) {
      putKey(key)
      const size = native.getByBinary(database.dbAddress, key.length, 0, options.transaction.address)
      if (size === LMDB_NOT_FOUND) return false
      if (size >= 0 && size <= lmdbValue.byteLength && landing.takeValue(this.seed, key.length, lmdbValue, size)) {
        return true
      }
      // Not in the buffer that we know: lmdb-js knows where. That is slower, as it keeps notes for callers who are not us.
    }
    let stored: LmdbBytes | undefined
    try {
      stored = database.getBinaryFast(key, options)
    } catch (error) {
      throw lmdbError(error, this.name, 'read')
    }
    if (stored === undefined) return false
    noteValue(stored)
    keyBytes.set(key)
    if (!landing.takeValue(this.seed, key.length, stored, database.lastSize)) throw this.damaged()
    return true
  }

  /**
   * The value where lmdb-js put it, until the next call into lmdb-js. Undefined when there is none, it does not lie in the
   * buffer that we know, or its checksum does not fit: {@link get} tells which.
   */
  peek(key: Uint8Array, transaction: LmdbTransaction): ValuePlace | undefined {
    putKey(key)
    const size = native.getByBinary(this.database.dbAddress, key.length, 0, transaction.address)
    if (size < PREFIX_SIZE || size > lmdbValue.byteLength) return undefined
    valueMemory.find(lmdbValue)
    const { start, words } = valueMemory
    if (start < 0) return undefined
    const word = (start + PREFIX_SIZE) >>> 2
    const length = size - PREFIX_SIZE
    if (words[word - 1] !== checksum(this.seed, keyWords, 0, key.length, words, word, length)) return undefined
    place.bytes = valueMemory.bytes
    place.start = start + PREFIX_SIZE
    place.end = place.start + length
    return place
  }

  damaged(): CorruptionError {
    return new CorruptionError(
      'VIEWS_CORRUPT',
      `A stored value does not match its checksum (key space ${this.name}). Delete the views folder and reopen: it is rebuilt from the journal.`,
      { place: { field: this.name } },
    )
  }

  #findLastKey(): void {
    const handle = new CursorHandle(this.database, 0)
    const length = handle.seek({ reverse: true })
    handle.close()
    this.#lastKey.set(lmdbKey.subarray(LMDB_KEY_OFFSET, LMDB_KEY_OFFSET + length))
    this.#lastKeyLength = length
  }

  #encode(value: Uint8Array): Outgoing {
    const length = value.length + PREFIX_SIZE
    if (length > outgoingBytes.length) {
      outgoingBytes = outgoing(2 * length)
      outgoingWords = new Int32Array(outgoingBytes.buffer)
    }
    const key = this.#putKey
    keyBytes.set(key)
    outgoingBytes.set(value, PREFIX_SIZE)
    outgoingWords[0] = checksum(this.seed, keyWords, 0, key.length, outgoingWords, 1, value.length)
    outgoingBytes.end = length
    return outgoingBytes
  }
}
