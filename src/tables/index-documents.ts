import type { Index, Table } from '../catalog/index.ts'
import type { SymbolTable } from '../ion/index.ts'
import type { Cursor, Keyspace, Snapshot } from '../storage/index.ts'
import type { DocumentCursor } from './current-documents.ts'
import { missingDocument } from './index-entries.ts'
import { CUT_KEY_SIZE, entryRange, type IndexedRange, IndexRangeCursor } from './index-range.ts'
import { HEADER_SIZE, ID_SIZE, ORDER_KEY_LIMIT, readId, writeUint32 } from './layout.ts'

/**
 * The documents that {@link IndexRangeCursor} finds, in the same order, as the bytes they are stored in: for who reads a
 * few fields of each. Entries and documents are looked at where storage has them, and no object is made for either;
 * ids are moved between three buffers.
 *
 * From the largest value down, and from the first value on whose key is cut, it asks an {@link IndexRangeCursor} for the
 * keys: that is rare, and its order takes more than one pass over the entries.
 */
export class IndexDocuments implements DocumentCursor {
  readonly symbols: SymbolTable
  readonly #snapshot: Snapshot
  readonly #spaces: { readonly index: Keyspace; readonly current: Keyspace }
  readonly #table: Table
  readonly #index: Index
  readonly #range: IndexedRange
  /** The index, from the smallest value up; undefined once it is walked through. */
  #entries: Cursor | undefined
  /** Gives the rest. */
  #others: IndexRangeCursor | undefined
  /** The key in the current view of the document at hand. */
  readonly #key: Uint8Array
  /** The document in the entry of the value itself, while those of the value with smaller ids come before it. */
  readonly #first: Uint8Array = new Uint8Array(ID_SIZE)
  #hasFirst = false
  /** A document that was met already, and comes next. */
  readonly #ahead: Uint8Array = new Uint8Array(ID_SIZE)
  #hasAhead = false
  bytes: Uint8Array = NOTHING
  start = 0
  end = 0

  constructor(
    snapshot: Snapshot,
    spaces: { readonly index: Keyspace; readonly current: Keyspace },
    symbols: SymbolTable,
    table: Table,
    index: Index,
    range: IndexedRange,
    isReverse: boolean,
  ) {
    this.symbols = symbols
    this.#snapshot = snapshot
    this.#spaces = spaces
    this.#table = table
    this.#index = index
    this.#range = range
    this.#key = new Uint8Array(4 + ID_SIZE)
    writeUint32(this.#key, 0, table.number)
    if (isReverse) this.#others = new IndexRangeCursor(snapshot, spaces, symbols, table, index, range, true)
    else this.#entries = snapshot.scan(spaces.index, { ...entryRange(index, range), isFleeting: true })
  }

  next(): boolean {
    if (!this.#nextKey()) return false
    const found = this.#snapshot.peek(this.#spaces.current, this.#key)
    if (found === undefined) throw missingDocument(this.#table, this.#index, this.#key)
    this.bytes = found.bytes
    this.start = found.start + HEADER_SIZE
    this.end = found.end
    return true
  }

  get documentId(): string {
    return readId(this.#key, 4)
  }

  close(): void {
    this.#entries?.close()
    this.#entries = undefined
    this.#others?.close()
    this.#others = undefined
    this.#hasFirst = false
    this.#hasAhead = false
  }

  /** Moves `#key` to the next document. */
  #nextKey(): boolean {
    const key = this.#key
    if (this.#hasAhead) {
      this.#hasAhead = false
      copyId(this.#ahead, 0, key, 4)
      return true
    }
    const entries = this.#entries
    while (entries !== undefined) {
      if (!entries.next()) {
        this.#entries = undefined
        return this.#takeFirst()
      }
      const { keyBytes, keyStart, keyEnd, valueBytes, valueStart, valueEnd } = entries
      if (valueStart === valueEnd) {
        // One more document of the value before it.
        const idStart = keyEnd - ID_SIZE
        if (this.#hasFirst && comesBefore(this.#first, keyBytes, idStart)) {
          this.#holdAhead(keyBytes, idStart)
          return this.#takeFirst()
        }
        copyId(keyBytes, idStart, key, 4)
        return true
      }
      if (keyEnd - keyStart === CUT_KEY_SIZE) {
        this.#leaveRest(keyBytes.slice(keyStart + 4, keyStart + 4 + ORDER_KEY_LIMIT))
        if (this.#takeFirst()) return true
        break
      }
      const hasMore = valueBytes[valueStart] !== 0
      if (this.#hasFirst) {
        // The value before this one is complete.
        if (hasMore) {
          copyId(this.#first, 0, key, 4)
          copyId(valueBytes, valueStart + 1, this.#first, 0)
        } else {
          this.#holdAhead(valueBytes, valueStart + 1)
          this.#takeFirst()
        }
        return true
      }
      if (!hasMore) {
        copyId(valueBytes, valueStart + 1, key, 4)
        return true
      }
      copyId(valueBytes, valueStart + 1, this.#first, 0)
      this.#hasFirst = true
    }
    const other = this.#others?.nextKey()
    if (other === undefined) return false
    key.set(other)
    return true
  }

  #takeFirst(): boolean {
    if (!this.#hasFirst) return false
    this.#hasFirst = false
    copyId(this.#first, 0, this.#key, 4)
    return true
  }

  #holdAhead(source: Uint8Array, offset: number): void {
    copyId(source, offset, this.#ahead, 0)
    this.#hasAhead = true
  }

  /** Leaves the values from the start of a cut one on. */
  #leaveRest(from: Uint8Array): void {
    this.#entries?.close()
    this.#entries = undefined
    const rest = { from, to: this.#range.to }
    this.#others = new IndexRangeCursor(
      this.#snapshot,
      this.#spaces,
      this.symbols,
      this.#table,
      this.#index,
      rest,
      false,
    )
  }
}

const NOTHING = new Uint8Array(0)

function copyId(source: Uint8Array, from: number, target: Uint8Array, to: number): void {
  for (let index = 0; index < ID_SIZE; index++) target[to + index] = source[from + index]!
}

/** Whether `id` is smaller than the id that stands in `source` at `offset`. */
function comesBefore(id: Uint8Array, source: Uint8Array, offset: number): boolean {
  for (let index = 0; index < ID_SIZE; index++) {
    const difference = id[index]! - source[offset + index]!
    if (difference !== 0) return difference < 0
  }
  return false
}
