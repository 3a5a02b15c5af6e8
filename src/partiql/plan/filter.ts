import type { PlanExpression } from './expression.ts'
import type { Operator } from './operator.ts'

/** Lets a row pass when every condition is true; NULL, MISSING and anything not boolean drop it. */
export interface Filter {
  readonly kind: 'filter'
  readonly input: Operator
  readonly conditions: readonly PlanExpression[]
}

/** `input` under `conditions`; `input` itself when there are none. */
export function planFilter(input: Operator, conditions: readonly PlanExpression[]): Operator {
  return conditions.length === 0 ? input : { kind: 'filter', input, conditions }
}

/** The conditions that must all hold for `condition` to hold. */
export function conjunctsOf(condition: PlanExpression | undefined): PlanExpression[] {
  if (condition === undefined) return []
  return condition.kind === 'logical' && condition.operator === 'and'
    ? condition.operands.flatMap(conjunctsOf)
    : [condition]
}
