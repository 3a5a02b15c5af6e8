import type { IndexDefinition, TableDefinition } from './catalog-access.ts'
import type { PlanExpression } from './expression.ts'
import type { Operator } from './operator.ts'
import type { ReturningPlan } from './returning.ts'

/**
 * Where in a document a change goes: field after field, element after element. A `position` is the slot where a
 * nested source keeps the place of its element; it is skipped while it holds MISSING (the source was no list).
 */
export type ChangeStep =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'index'; readonly index: PlanExpression }
  | { readonly kind: 'position'; readonly slot: number }

/** `set` writes a value, `insert` puts one into a list or struct, `remove` takes something away. */
export type DocumentChange =
  | { readonly kind: 'set'; readonly steps: readonly ChangeStep[]; readonly value: PlanExpression }
  | {
      readonly kind: 'insert'
      readonly steps: readonly ChangeStep[]
      readonly value: PlanExpression
      readonly at: PlanExpression | undefined
    }
  | { readonly kind: 'remove'; readonly steps: readonly ChangeStep[] }

/**
 * UPDATE, DELETE and the FROM-first forms. All rows are found, and all values computed, before anything is changed.
 * A `remove` without steps deletes the document.
 */
export interface ChangePlan {
  readonly kind: 'change'
  readonly table: TableDefinition
  readonly input: Operator
  /** The slots that hold the document and its id while a row of `input` stands. */
  readonly documentSlot: number
  readonly idSlot: number
  readonly changes: readonly DocumentChange[]
  /** Result rows per changed document: one for each assignment of SET, at least one (QLDB's behaviour). */
  readonly rowsPerDocument: number
  readonly returning: ReturningPlan | undefined
}

/** `INSERT INTO T …`: one document, or every element of a collection. */
export interface InsertPlan {
  readonly kind: 'insert'
  readonly table: TableDefinition
  /** Undefined for DEFAULT VALUES. */
  readonly source: PlanExpression | undefined
  /** With columns every element is a row of values. */
  readonly columns: readonly string[] | undefined
  /** Where expressions find the document that is there already, or that RETURNING shows. */
  readonly documentSlot: number
  readonly conflict: InsertConflict | undefined
  readonly returning: ReturningPlan | undefined
}

/** What happens when a document brings a value of a unique index that another document has. */
export interface InsertConflict {
  /** Asked in this order; the first conflict counts. */
  readonly indexes: readonly IndexDefinition[]
  /** `merge` takes over the fields of the new document, `replace` all of it, `change` assigns to some fields. */
  readonly action: 'nothing' | 'merge' | 'replace' | 'change'
  /** Where expressions find the document that was to be inserted. */
  readonly excludedSlot: number
  readonly changes: readonly DocumentChange[]
  /** What replaces the document instead of the new one. */
  readonly value: PlanExpression | undefined
  /** When it does not hold, nothing happens. */
  readonly where: PlanExpression | undefined
}
