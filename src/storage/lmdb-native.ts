import * as lmdb from 'lmdb'
import { assert } from '../errors.ts'

// The one module that imports lmdb. What is used beyond its published types is of read.js, write.js, open.js and
// cursor.cpp of lmdb-js 3.5.6, which package.json pins.

/** A read transaction, counted: it lives until each user called `done`. */
export interface LmdbTransaction {
  /** For native calls. */
  readonly address: number
  done(): void
}

/** Where a key goes: behind all others, unless it is there (`result` is false then), or wherever it belongs. */
export type PutOptions = { readonly append: true } | { readonly noOverwrite: boolean }

export interface LmdbDatabase {
  /** For native calls: the native database, which knows itself by `db`. */
  readonly db: object
  readonly dbAddress: number
  /** Length of the value that `getBinaryFast` found last. */
  readonly lastSize: number
  /** The value, in a buffer that the next call uses again. */
  getBinaryFast(key: Uint8Array, options?: { transaction: LmdbTransaction }): LmdbBytes | undefined
  put(key: Uint8Array, value: Uint8Array, options: PutOptions): { readonly result?: boolean }
  remove(key: Uint8Array): unknown
}

export interface LmdbRoot extends LmdbDatabase {
  openDB(options: object): LmdbDatabase | undefined
  useReadTransaction(): LmdbTransaction
  resetReadTxn(): void
  transactionSync(body: () => void): void
  getWriteTxnId(): number
  close(): Promise<void>
}

/** Bytes of lmdb-js; `isGlobal` marks its one shared buffer. */
export interface LmdbBytes extends Uint8Array {
  readonly isGlobal?: boolean
}

/** A native cursor. */
export interface LmdbCursorHandle {
  readonly address: number
  close(): void
}

interface LmdbNative {
  readonly globalBuffer: LmdbBytes
  readonly Cursor: new (database: object, transactionAddress: number) => LmdbCursorHandle
  /** Moves to the first entry of a range; its key is in {@link lmdbKey}, its value in {@link lmdbValue}. */
  position(cursor: number, flags: number, offset: number, keySize: number, endAddress: number): number
  /** Moves to the next entry. Both return the key's size, 0 at the end, a negative error. */
  iterate(cursor: number): number
  /**
   * Finds the value of the key in {@link lmdbKey} and copies it into {@link lmdbValue}. @returns its size, or a negative
   * number: {@link LMDB_NOT_FOUND}, an error, or that it lies elsewhere
   */
  getByBinary(database: number, keySize: number, ifNotTransactionId: number, transaction: number): number
  getAddress(buffer: ArrayBuffer): number
}

/** Flags of {@link LmdbNative.position} (cursor.cpp). */
export const LMDB_VALUES = 0x100
export const LMDB_REVERSE = 0x400
export const LMDB_INCLUSIVE_END = 0x8000
export const LMDB_EXCLUSIVE_START = 0x10000

/** MDB_NOTFOUND (lmdb.h). */
export const LMDB_NOT_FOUND = -30798

/** Where an entry's key stands in {@link lmdbKey} after a cursor moved; its value's size stands at 0. */
export const LMDB_KEY_OFFSET = 32

export const native: LmdbNative = (lmdb as unknown as { nativeAddon: LmdbNative }).nativeAddon

/**
 * lmdb-js's buffer for keys, in and out. It does not export it; it shows it to every key encoder, and each key space
 * has one of ours.
 */
export let lmdbKey: Uint8Array = new Uint8Array(0)
/** The same as 32-bit words. */
export let lmdbKeyWords: Int32Array = new Int32Array(0)

/** lmdb-js's buffer for values. It takes a larger one when it meets a larger value. */
export let lmdbValue: LmdbBytes = native.globalBuffer

/** Notes where lmdb-js put the value it just found. */
export function noteValue(bytes: LmdbBytes): void {
  if (bytes.isGlobal === true && bytes !== lmdbValue) lmdbValue = bytes
}

/** Keys are bytes as they are. */
export const keyEncoder = {
  writeKey(key: Uint8Array, target: Uint8Array, start: number): number {
    target.set(key, start)
    return start + key.length
  },
  readKey(): void {},
}

/** Opens an environment; throws what lmdb-js throws. */
export function openRoot(options: object): LmdbRoot {
  return lmdb.open(options as lmdb.RootDatabaseOptionsWithPath) as unknown as LmdbRoot
}

/** Finds {@link lmdbKey} with the help of any database. Once a process. */
export function findKeyBuffer(root: LmdbRoot, name: string): void {
  if (lmdbKey.length > 0) return
  const finder = root.openDB({
    name,
    encoding: 'binary',
    keyEncoder: {
      ...keyEncoder,
      writeKey(key: Uint8Array, target: Uint8Array, start: number): number {
        lmdbKey = target
        return keyEncoder.writeKey(key, target, start)
      },
    },
  })
  finder?.getBinaryFast(Uint8Array.of(0))
  assert(lmdbKey.length > 0 && lmdbKey.byteOffset % 4 === 0, 'lmdb-js writes keys into its own aligned buffer')
  lmdbKeyWords = new Int32Array(lmdbKey.buffer, lmdbKey.byteOffset, lmdbKey.length >>> 2)
}
