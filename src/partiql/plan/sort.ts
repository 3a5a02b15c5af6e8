import type { PlanExpression } from './expression.ts'
import type { Operator } from './operator.ts'

/** ORDER BY: stable, by the total order of PartiQL. */
export interface Sort {
  readonly kind: 'sort'
  readonly input: Operator
  readonly keys: readonly SortKey[]
  /** The slots that later stages read: what a row must keep while it waits. */
  readonly keptSlots: readonly number[]
  /** When given, only the first rows are asked for: as many as LIMIT, then OFFSET, add up to. */
  readonly top: readonly PlanExpression[] | undefined
}

export interface SortKey {
  readonly expression: PlanExpression
  readonly isDescending: boolean
  readonly nullsFirst: boolean
  /** True for the key that the statement did not ask for: the document id, which puts rows of equal keys in order. */
  readonly isTieBreak?: boolean
}
