import type { Hash } from '../../hash/index.ts'
import type { IonStruct, IonValue, SymbolTable } from '../../ion/index.ts'
import type { CatalogAccess, IndexDefinition, TableDefinition } from '../plan/catalog-access.ts'

/** One revision of one document as storage hands it over. */
export interface RevisionAccess {
  readonly documentId: string
  readonly version: number
  /** Sequence number of the block that holds the revision; -1 while the own transaction has not committed it. */
  readonly sequenceNo: number
  /** Commit time in epoch milliseconds; the transaction's start time while it is uncommitted. */
  readonly txTime: number
  readonly txId: string
  readonly hash: Hash | undefined
  /** The document; undefined for a delete revision and for a redacted one. */
  readonly data: IonStruct | undefined
  /** Set for a redacted revision only. */
  readonly dataHash?: Hash | undefined
}

/** Pulls revisions one at a time; `next` answers undefined at the end and keeps doing so. `close` may be called twice. */
export interface RevisionCursor {
  next(): RevisionAccess | undefined
  close(): void
}

/**
 * Current documents as bytes, one after another. After `next` answered true, `[start, end)` of `bytes` is a struct in
 * Ion, until anything else is read; nothing of it may be kept.
 */
export interface DocumentCursor {
  next(): boolean
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  readonly symbols: SymbolTable
  readonly documentId: string
  close(): void
}

/**
 * A stretch of an index. A side without a value ends with the family of the other side's value: from 5 upwards are all
 * numbers, and no texts. Without both it is every value but null.
 */
export interface IndexBounds {
  readonly low?: IonValue | undefined
  readonly lowInclusive: boolean
  readonly high?: IonValue | undefined
  readonly highInclusive: boolean
  /** Largest values first. */
  readonly reverse: boolean
}

/** A moment of the past: after a block, or after the last block that is not later than a time in epoch milliseconds. */
export type Moment =
  | { readonly kind: 'block'; readonly sequenceNo: number }
  | { readonly kind: 'time'; readonly timeMs: number }

/**
 * What execution asks of a transaction: a snapshot with the transaction's own writes on top. The ledger's
 * `Transaction` satisfies it by its shape. Everything is synchronous; everything read counts for conflict detection
 * inside the transaction, not here.
 */
export interface TransactionAccess {
  readonly id: string
  readonly strandId: string
  /** The catalog with the transaction's own definitions. */
  readonly catalog: CatalogAccess
  /** Notes that the list of tables itself was read; absent where nothing can conflict with that. */
  readCatalog?(): void

  /**
   * The same as it was at a moment, to read from, without own writes and indexes; absent where nothing is kept.
   *
   * @throws {NotFoundError} BLOCK_NOT_FOUND
   */
  asOf?(moment: Moment): TransactionAccess

  /** The current revision; undefined when the document is deleted or was never there. */
  get(table: TableDefinition, documentId: string): RevisionAccess | undefined
  /** Current revisions of every document, in insertion order. */
  scan(table: TableDefinition): RevisionCursor
  /** The same documents in the same order as bytes; absent where they do not lie as bytes. Counts as a scan. */
  scanDocuments?(table: TableDefinition): DocumentCursor
  /** Current revisions whose indexed field equals `value` in PartiQL's sense (1 = 1.0); may hand over too many. */
  seek(table: TableDefinition, index: IndexDefinition, value: IonValue): RevisionCursor
  /**
   * The document that has a value in a unique index; undefined when none has, and for NULL. Absent where unique indexes
   * are not kept.
   */
  findUnique?(table: TableDefinition, index: IndexDefinition, value: IonValue): RevisionAccess | undefined
  /**
   * Current revisions whose indexed field lies within the bounds, in the total order of values, equal ones in the order
   * of `scan`; those without the field never. May hand over too many near the bounds.
   */
  seekRange(table: TableDefinition, index: IndexDefinition, bounds: IndexBounds): RevisionCursor
  /**
   * The same documents in the same order as bytes; undefined, or absent, where that cannot be done. Counts as the same
   * reading.
   */
  rangeDocuments?(table: TableDefinition, index: IndexDefinition, bounds: IndexBounds): DocumentCursor | undefined
  /**
   * True when `scan` is likely to cost less than `seekRange` with these bounds, whose order nobody needs then. Reads
   * nothing. Absent where it never is.
   */
  isWide?(table: TableDefinition, index: IndexDefinition, bounds: IndexBounds): boolean
  /** True when every document has the indexed field, so that `seekRange` shows them all. */
  isComplete(table: TableDefinition, index: IndexDefinition): boolean
  /** How many documents `scan` would hand over. */
  count(table: TableDefinition): number
  /** Every committed revision, in (document, version) order. */
  scanHistory(table: TableDefinition): RevisionCursor
  /** The committed revisions of one document, oldest first. */
  getHistory(table: TableDefinition, documentId: string): RevisionCursor

  /** Inserts a document and answers its new id. */
  insert(table: TableDefinition, data: IonStruct): string
  update(table: TableDefinition, documentId: string, data: IonStruct): void
  delete(table: TableDefinition, documentId: string): void

  createTable(name: string): TableDefinition
  dropTable(name: string): TableDefinition
  undropTable(tableId: string): TableDefinition
  createIndex(table: TableDefinition, field: string, isUnique?: boolean): IndexDefinition
  dropIndex(table: TableDefinition, indexId: string): void
}
