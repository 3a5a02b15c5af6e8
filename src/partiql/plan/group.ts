import type { SetQuantifier } from '../syntax/nodes.ts'
import type { AggregateName, PlanExpression } from './expression.ts'
import type { Operator } from './operator.ts'

/**
 * One row per distinct combination of keys (PartiQL's grouping equality; NULL and MISSING are one key, NULL), in order
 * of first appearance. Without keys exactly one row, also over no input.
 */
export interface Group {
  readonly kind: 'group'
  readonly input: Operator
  /** `count`: only how many documents the table of the input has is asked; `first`: the first row of the input decides. */
  readonly shortcut?: 'count' | 'first'
  readonly keys: readonly GroupKey[]
  readonly aggregates: readonly GroupAggregate[]
  /** GROUP AS: a bag of structs, one field per variable. */
  readonly groupAs: { readonly slot: number; readonly variables: readonly { name: string; slot: number }[] } | undefined
}

export interface GroupAggregate {
  readonly name: AggregateName
  readonly quantifier: SetQuantifier
  /** undefined for COUNT(*) */
  readonly argument: PlanExpression | undefined
  readonly slot: number
}

export interface GroupKey {
  readonly expression: PlanExpression
  /** The key, with NULL for MISSING. */
  readonly slot: number
  /** When given: the key as the first row of the group has it. */
  readonly firstSlot: number | undefined
}
