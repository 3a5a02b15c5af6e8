import type { IndexDefinition, TableDefinition } from './catalog-access.ts'
import type { PlanExpression } from './expression.ts'

/** The slots a source fills; `at` and `by` only where somebody reads them. */
export interface SourceSlots {
  /** The alias, for EXPLAIN. */
  readonly name: string
  readonly row: number
  readonly at: number | undefined
  readonly by: number | undefined
  /** When given, these fields of the row are written, each into its slot, and the row itself is not. */
  readonly apart?: readonly FieldSlot[] | undefined
}

/** A field at the top of a source's rows, with a slot of its own; MISSING where a row has no such field. */
export interface FieldSlot {
  readonly name: string
  readonly slot: number
}

/** How a revision becomes a row: the document alone, or `{blockAddress, hash, data, metadata}`. */
export type View = 'user' | 'committed'

/**
 * The top-level fields of a row that the statement looks at, of documents as well as of committed revisions; a source
 * may leave out the others. `all` where the row is used as a whole.
 */
export type RowFields = readonly string[] | 'all'

/** Every current document of a table. */
export interface TableScan {
  readonly kind: 'table-scan'
  readonly table: TableDefinition
  readonly view: View
  readonly fields: RowFields
  readonly slots: SourceSlots
}

/** The documents of these ids, each at most once; an id that is no text finds nothing. */
export interface DocumentLookup {
  readonly kind: 'document-lookup'
  readonly table: TableDefinition
  readonly view: View
  /** One id each, or a collection of ids when `isCollection`. */
  readonly ids: readonly PlanExpression[]
  readonly isCollection: boolean
  readonly fields: RowFields
  readonly slots: SourceSlots
}

/** The documents whose indexed field equals one of the keys, each at most once; an absent key finds nothing. */
export interface IndexSeek {
  readonly kind: 'index-seek'
  readonly table: TableDefinition
  readonly index: IndexDefinition
  readonly view: View
  /** One key each, or a collection of keys when `isCollection`. */
  readonly keys: readonly PlanExpression[]
  readonly isCollection: boolean
  readonly fields: RowFields
  readonly slots: SourceSlots
}

/**
 * `history(T, start, end)`: every committed revision that was active at some moment of [start, end], both inclusive. A
 * revision is active from its commit until the next revision of its document.
 */
export interface HistoryScan {
  readonly kind: 'history-scan'
  readonly table: TableDefinition
  readonly start: PlanExpression | undefined
  readonly end: PlanExpression | undefined
  /** When given, only the revisions of these documents. */
  readonly ids: readonly PlanExpression[] | undefined
  readonly isCollection: boolean
  readonly fields: RowFields
  readonly slots: SourceSlots
}

/** `information_schema.user_tables` */
export interface UserTablesScan {
  readonly kind: 'user-tables-scan'
  readonly slots: SourceSlots
}
