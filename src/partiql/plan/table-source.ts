import type { Location } from '../syntax/nodes.ts'
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
  /** True where the row is mostly dropped before anybody reads the field: a source may write it when told to only. */
  readonly isLate?: boolean
}

/** How a revision becomes a row: the document alone, or `{blockAddress, hash, data, metadata}`. */
export type View = 'user' | 'committed'

/** Every current document of a table. */
export interface TableScan {
  readonly kind: 'table-scan'
  readonly table: TableDefinition
  readonly view: View
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
  readonly slots: SourceSlots
}

/** One end of a range of an index. */
export interface RangeEnd {
  readonly value: PlanExpression
  readonly isInclusive: boolean
}

/**
 * The documents whose indexed field lies in a range, in the order of the index, equal values in the order of a scan. A
 * side that is left open ends with the family of the other side's value; with both open, all documents with a value.
 */
export interface IndexRange {
  readonly kind: 'index-range'
  readonly table: TableDefinition
  readonly index: IndexDefinition
  readonly view: View
  readonly low: RangeEnd | undefined
  readonly high: RangeEnd | undefined
  /** In the place of low and high: the texts that begin as this pattern of LIKE does. */
  readonly pattern: { readonly pattern: PlanExpression; readonly escape: PlanExpression | undefined } | undefined
  readonly isReverse: boolean
  /** True when somebody relies on the order: a scan, where the range is not known in advance, will not do then. */
  readonly isOrdered: boolean
  /** Where ORDER BY wants the documents without a value, which a range leaves out; undefined: nowhere. */
  readonly absent: 'first' | 'last' | undefined
  readonly slots: SourceSlots
}

/** Every document with a value, in the order of an index; parts of it are written `{ ...wholeIndex(scan, index), low }`. */
export function wholeIndex({ table, view, slots }: TableScan, index: IndexDefinition): IndexRange {
  return {
    kind: 'index-range',
    table,
    index,
    view,
    low: undefined,
    high: undefined,
    pattern: undefined,
    isReverse: false,
    isOrdered: false,
    absent: undefined,
    slots,
  }
}

/** The index over a field that can be sought in; undefined when there is none, or it is being built. */
export function indexOn(table: TableDefinition, field: string | undefined): IndexDefinition | undefined {
  return table.indexes.find((index) => index.field === field && index.status === 'ONLINE')
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
  readonly slots: SourceSlots
}

/**
 * A table as it was at a moment, or `information_schema.user_tables` of then. Which table a name means is known only when
 * the statement runs: the tables of then may be others than those of today.
 */
export interface PastScan {
  readonly kind: 'past-scan'
  /** The table's name; undefined for the list of tables. */
  readonly name: string | undefined
  readonly view: View
  /** A timestamp or the number of a block. */
  readonly moment: PlanExpression
  /** Where the name and the moment stand in the statement. */
  readonly place: Location
  readonly momentPlace: Location
  readonly slots: SourceSlots
}

/** `information_schema.user_tables` */
export interface UserTablesScan {
  readonly kind: 'user-tables-scan'
  readonly slots: SourceSlots
}
