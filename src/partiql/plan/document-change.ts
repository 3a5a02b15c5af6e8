import type { TableDefinition } from './catalog-access.ts'
import type { PlanExpression } from './expression.ts'
import type { Operator } from './operator.ts'

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
}

/** `INSERT INTO T …`: one document, or every element of a collection. */
export interface InsertPlan {
  readonly kind: 'insert'
  readonly table: TableDefinition
  readonly source: PlanExpression
}
