import type { PlanExpression } from './expression.ts'
import type { Operator } from './operator.ts'

/** For every row of `left` all rows of `right`, which may read the slots of `left`. */
export interface NestedLoop {
  readonly kind: 'nested-loop'
  /**
   * `left`: a row without partner comes once, with the slots of `right` NULL. `full`: rows of `right` without partner come
   * too, after all else; `right` then reads nothing of `left`.
   */
  readonly join: 'inner' | 'left' | 'full'
  readonly left: Operator
  readonly right: Operator
  readonly on: readonly PlanExpression[]
}

/**
 * `right`, which reads nothing of `left`, is read once into a table by its keys; rows of `left` look their partners up.
 * The order of rows is that of the nested loop.
 */
export interface HashJoin {
  readonly kind: 'hash-join'
  readonly join: 'inner' | 'left' | 'full'
  readonly left: Operator
  readonly right: Operator
  readonly leftKeys: readonly PlanExpression[]
  readonly rightKeys: readonly PlanExpression[]
  /** Every condition of the join, the equalities of the keys included. */
  readonly on: readonly PlanExpression[]
}
