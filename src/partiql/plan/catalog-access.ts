/**
 * What planning asks of a catalog, and nothing more. The ledger's `Catalog` satisfies it by its shape; tests hand in
 * a small one. A catalog is immutable: a definition statement makes a new object, so a plan is valid for as long as
 * the catalog it was made for is the transaction's catalog (compared by identity).
 */
export interface CatalogAccess {
  /** True for the tables of a moment that is over: what is not there cannot be made any more. */
  readonly isPast?: boolean
  /** The active table of exactly this name; undefined when there is none. Cost: one map look-up. */
  activeTable(name: string): TableDefinition | undefined
  /** A table by id, active or dropped; undefined when it never existed. */
  table(tableId: string): TableDefinition | undefined
  /** All tables, active and dropped, oldest first. */
  tables(): readonly TableDefinition[]
  /** About how many documents a table has now, for estimates; undefined, or no such method, where nobody counts. */
  documentCount?(tableId: string): number | undefined
}

/** A table as the planner and `information_schema.user_tables` see it. */
export interface TableDefinition {
  readonly id: string
  readonly name: string
  readonly status: 'ACTIVE' | 'INACTIVE'
  readonly indexes: readonly IndexDefinition[]
}

/** An index over one top-level field, case-sensitive. */
export interface IndexDefinition {
  readonly id: string
  readonly field: string
  /** At most one document has each value; NULL and MISSING are no values. */
  readonly isUnique: boolean
  /** `ONLINE`, or `BUILDING` in the transaction that makes it; an index of the catalog can always be sought in. */
  readonly status: string
}
