import type { Index, Table } from '../catalog/index.ts'
import { assert, CorruptionError } from '../errors.ts'
import type { SymbolTable } from '../ion/index.ts'
import type { Cursor, Keyspace, Snapshot, WriteBatch } from '../storage/index.ts'
import { ID_SIZE, indexKey, indexPrefix, prefixRange, readId, writeId, writeUint32 } from './layout.ts'
import { CurrentRevision } from './stored-revision.ts'

// How the documents of one indexed value lie in the `index` keyspace: the first in the value's own entry, so that a
// look-up is one read, any others in entries of their own behind it. See `layout.ts` for the bytes.

const NOTHING = new Uint8Array(0)
/** What follows a prefix in the smallest key behind it that matters: no id starts with a zero byte. */
const AFTER_FIRST = new Uint8Array(1)
const NO_MORE = 0
const MORE = 1

/**
 * Adds a document to those of one value: to the entry of the value itself when it is the first, which most are, so that
 * a look-up is one read; else in an entry of its own.
 */
export function addIndexEntry(
  batch: WriteBatch,
  space: Keyspace,
  indexNumber: number,
  indexed: Uint8Array,
  documentId: string,
): void {
  const prefix = indexPrefix(indexNumber, indexed)
  if (batch.add(space, prefix, firstEntry(NO_MORE, documentId))) return
  const first = batch.get(space, prefix)
  assert(first !== undefined, 'what is not added is there')
  if (first[0] === NO_MORE) batch.put(space, prefix, firstEntry(MORE, readId(first, 1)))
  batch.put(space, indexKey(indexNumber, indexed, documentId), NOTHING)
}

/** The reverse. When the first goes, the next one takes its place. */
export function removeIndexEntry(
  batch: WriteBatch,
  space: Keyspace,
  indexNumber: number,
  indexed: Uint8Array,
  documentId: string,
): void {
  const prefix = indexPrefix(indexNumber, indexed)
  const first = batch.get(space, prefix)
  if (first === undefined) {
    throw new CorruptionError('VIEWS_CORRUPT', `Document ${documentId} is missing from index number ${indexNumber}.`)
  }
  if (readId(first, 1) !== documentId) {
    batch.delete(space, indexKey(indexNumber, indexed, documentId))
    return
  }
  const others = batch.scan(space, { ...prefixRange(prefix, AFTER_FIRST), limit: 1 })
  const next = others.next() ? readId(others.key, prefix.length) : undefined
  others.close()
  if (next === undefined) {
    batch.delete(space, prefix)
    return
  }
  batch.put(space, prefix, firstEntry(MORE, next))
  batch.delete(space, indexKey(indexNumber, indexed, next))
}

function firstEntry(more: number, documentId: string): Uint8Array {
  const value = new Uint8Array(1 + ID_SIZE)
  value[0] = more
  writeId(value, 1, documentId)
  return value
}

/** The current revisions of one indexed value. A class, not closures: this is the way of every look-up by index. */
export class IndexSeek {
  readonly #snapshot: Snapshot
  readonly #spaces: { readonly index: Keyspace; readonly current: Keyspace }
  readonly #symbols: SymbolTable
  readonly #table: Table
  readonly #index: Index
  readonly #prefix: Uint8Array
  /** The key of the value's first document, until it was handed over. */
  #first: Uint8Array | undefined
  readonly #hasMore: boolean
  #others: Cursor | undefined

  constructor(
    snapshot: Snapshot,
    spaces: { readonly index: Keyspace; readonly current: Keyspace },
    symbols: SymbolTable,
    table: Table,
    index: Index,
    indexed: Uint8Array,
  ) {
    this.#snapshot = snapshot
    this.#spaces = spaces
    this.#symbols = symbols
    this.#table = table
    this.#index = index
    this.#prefix = indexPrefix(index.number, indexed)
    const first = snapshot.peek(spaces.index, this.#prefix)
    this.#hasMore = first !== undefined && first.bytes[first.start] !== NO_MORE
    this.#first = first && this.#currentKey(first.bytes, first.start + 1)
  }

  next(): CurrentRevision | undefined {
    const first = this.#first
    if (first !== undefined) {
      this.#first = undefined
      return this.#current(first)
    }
    if (!this.#hasMore) return undefined
    this.#others ??= this.#snapshot.scan(this.#spaces.index, prefixRange(this.#prefix, AFTER_FIRST))
    return this.#others.next() ? this.#current(this.#currentKey(this.#others.key, this.#prefix.length)) : undefined
  }

  close(): void {
    this.#others?.close()
  }

  /** The key in the current view of the document whose id stands in `source` at `offset`. */
  #currentKey(source: Uint8Array, offset: number): Uint8Array {
    const key = new Uint8Array(4 + ID_SIZE)
    writeUint32(key, 0, this.#table.number)
    for (let index = 0; index < ID_SIZE; index++) key[4 + index] = source[offset + index]!
    return key
  }

  #current(key: Uint8Array): CurrentRevision {
    return currentOf(this.#snapshot, this.#spaces.current, this.#symbols, this.#table, this.#index, key)
  }
}

/**
 * The current revision under a key that an index names.
 *
 * @throws {CorruptionError} VIEWS_CORRUPT when it is not there
 */
export function currentOf(
  snapshot: Snapshot,
  space: Keyspace,
  symbols: SymbolTable,
  table: Table,
  index: Index,
  key: Uint8Array,
): CurrentRevision {
  const place = snapshot.find(space, key)
  if (place === undefined) throw missingDocument(table, index, key)
  return new CurrentRevision(key, place.bytes, symbols, 0, place.start, place.end)
}

/** What is thrown when an index names a document, under this key, that the table does not have. */
export function missingDocument(table: Table, index: Index, key: Uint8Array): CorruptionError {
  return new CorruptionError(
    'VIEWS_CORRUPT',
    `Index ${index.id} of table "${table.name}" names document ${readId(key, 4)}, which the table does ` +
      'not have. Close the ledger, delete its views folder and open it again: the views are rebuilt from the journal.',
  )
}
