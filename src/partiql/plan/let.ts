import type { PlanExpression } from './expression.ts'
import type { Operator } from './operator.ts'

/** Adds a variable to each row: `LET value AS name`. */
export interface Let {
  readonly kind: 'let'
  readonly input: Operator
  readonly value: PlanExpression
  readonly slot: number
}
