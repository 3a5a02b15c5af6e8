import type * as syntax from '../syntax/nodes.ts'
import { bindExpression } from './bind.ts'
import type { PlanExpression } from './expression.ts'
import { implicitName } from './from.ts'
import type { PlanContext } from './plan-context.ts'
import type { Scope } from './scope.ts'

/** `RETURNING …`: what a statement answers for each document it changed. */
export interface ReturningPlan {
  /** Where an item finds the document, before or after the change. */
  readonly documentSlot: number
  readonly items: readonly ReturningItem[]
}

export interface ReturningItem {
  /** `modified`: only the fields at the top that differ. */
  readonly rows: 'modified' | 'all'
  readonly version: 'old' | 'new'
  /** The name of the answer's field, and its value; undefined for `*`, which is the document's own fields. */
  readonly field: { readonly name: string; readonly value: PlanExpression } | undefined
}

/** @param scope knows the document under its alias */
export function planReturning(
  returning: syntax.Returning,
  documentSlot: number,
  scope: Scope,
  context: PlanContext,
): ReturningPlan {
  return {
    documentSlot,
    items: returning.items.map(({ rows, version, expression }, index) => ({
      rows,
      version,
      field: expression && {
        name: implicitName(expression) ?? `_${index + 1}`,
        value: bindExpression(expression, scope, context),
      },
    })),
  }
}
