/** The ordered key spaces of a ledger's views. Keys of different spaces never meet. */
export type KeyspaceName = 'blocks' | 'tree' | 'current' | 'history' | 'index' | 'catalog' | 'symbols' | 'meta'

/** Every {@link KeyspaceName}, in the order in which a store opens them. */
export const KEYSPACE_NAMES: readonly KeyspaceName[] = [
  'blocks',
  'tree',
  'current',
  'history',
  'index',
  'catalog',
  'symbols',
  'meta',
]

/** A handle of one key space of one store; only that store understands it. */
export interface Keyspace {
  readonly name: KeyspaceName
}

/** Longest key in bytes; a key has at least one. LMDB's limit with 4 KiB pages as lmdb-js sets it. */
export const MAX_KEY_SIZE_BYTES = 1978

/** What to scan: keys in `[from, to)`, the whole key space without either. */
export interface ScanRange {
  /** First key, inclusive. */
  readonly from?: Uint8Array | undefined
  /** Last key, exclusive. */
  readonly to?: Uint8Array | undefined
  /** Largest key first. The range is the same. */
  readonly reverse?: boolean | undefined
  /** At most so many entries. */
  readonly limit?: number | undefined
  /** So many entries are passed over first, which costs a tenth of looking at them. */
  readonly skip?: number | undefined
  /**
   * Key and value are not copied: they may be looked at until anything else is read or written, in whatever store, and
   * never be kept. For walks that drop most of what they see.
   */
  readonly isFleeting?: boolean | undefined
}

/**
 * A walk over entries in the unsigned order of their key bytes.
 *
 * `key` and `value` belong to the entry that the last `next()` moved to and may be read only after it returned true.
 * They are copies, or views of memory that never changes again: they stay valid after the cursor moved and after its
 * snapshot was released, unless the scan was asked for as {@link ScanRange.isFleeting}. Nobody may write into them. A
 * kept value pins up to 32 KiB; copy what is kept long.
 */
export interface Cursor {
  /** Moves to the next entry. False at the end; the cursor is closed then. */
  next(): boolean
  readonly key: Uint8Array
  readonly value: Uint8Array
  /**
   * Where key and value lie, for who reads many entries and would make two views each: `key` is the range
   * `[keyStart, keyEnd)` of `keyBytes`, `value` the range `[valueStart, valueEnd)` of `valueBytes`.
   */
  readonly keyBytes: Uint8Array
  readonly keyStart: number
  readonly keyEnd: number
  readonly valueBytes: Uint8Array
  readonly valueStart: number
  readonly valueEnd: number
  /** Ends the walk early. Closing twice is harmless. */
  close(): void
}

/** Reading. */
export interface Reader {
  /**
   * @returns the value, undefined when the key is absent
   * @throws {CorruptionError} VIEWS_CORRUPT when the stored value does not match its checksum
   */
  get(keyspace: Keyspace, key: Uint8Array): Uint8Array | undefined
  /**
   * Walks a range. A damaged entry throws VIEWS_CORRUPT from `next()`.
   *
   * In a {@link WriteBatch} the walk sees what was written before the scan began; whether it sees what is written
   * while it goes on is not defined.
   */
  scan(keyspace: Keyspace, range?: ScanRange): Cursor
}

/** Where a value lies: `[start, end)` of `bytes`. The object itself is used again with the next read: note what it says. */
export interface ValuePlace {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

/**
 * One consistent state of all key spaces, untouched by later writes, until its last holder releases it.
 *
 * It is handed out with one holder. While an old snapshot is held, the store cannot reuse the space that newer writes
 * freed: release soon.
 */
export interface Snapshot extends Reader {
  /** One holder more. */
  retain(): void
  /** One holder fewer; after the last one every use throws. */
  release(): void
  /** As `get`, without the view that `get` makes: the bytes stay as they are. */
  find(keyspace: Keyspace, key: Uint8Array): ValuePlace | undefined
  /**
   * As `find`, without a copy: the bytes are gone when anything else is read or written. For who looks at a few bytes of
   * many values.
   */
  peek(keyspace: Keyspace, key: Uint8Array): ValuePlace | undefined
}

/** The inside of one atomic write; reads see the batch's own writes. Usable only inside the body it was given to. */
export interface WriteBatch extends Reader {
  put(keyspace: Keyspace, key: Uint8Array, value: Uint8Array): void
  /**
   * Puts an entry where there is none. Costs one search of the key, where `get` and `put` cost two.
   *
   * @returns false when the key is present; its value stays as it is
   */
  add(keyspace: Keyspace, key: Uint8Array, value: Uint8Array): boolean
  /** Removes an entry; an absent key is no error. */
  delete(keyspace: Keyspace, key: Uint8Array): void
}

/** Ordered keys and values with snapshots and atomic writes. One writer, synchronous. */
export interface Store {
  /** The folder, or `:memory:`. */
  readonly path: string
  keyspace(name: KeyspaceName): Keyspace
  /** The newest state. */
  snapshot(): Snapshot
  /**
   * Runs `body` as one atomic write: all of it or nothing. When `body` throws, nothing is written and the error goes
   * on to the caller. Writes do not nest.
   *
   * @throws {StorageError} when the disk refuses; the store must be opened again then
   */
  write(body: (batch: WriteBatch) => void): void
  /** Ends the store. Snapshots still held become unusable. */
  close(): Promise<void>
}

/** @throws {RangeError} unless the key has 1 to {@link MAX_KEY_SIZE_BYTES} bytes */
export function checkKey(key: Uint8Array): void {
  if (key.length === 0 || key.length > MAX_KEY_SIZE_BYTES)
    throw new RangeError(`'key' expected 1 to ${MAX_KEY_SIZE_BYTES} bytes, got ${key.length}`)
}
