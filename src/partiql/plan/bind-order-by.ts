import type * as syntax from '../syntax/nodes.ts'
import { withAliases } from './bind-group-by.ts'
import type { PlanExpression } from './expression.ts'
import { implicitName } from './from.ts'
import type { PlanContext } from './plan-context.ts'
import type { Scope } from './scope.ts'
import type { SortKey } from './sort.ts'

/**
 * The keys of ORDER BY. A key that is a bare name is first a name of the select list (SQL:2003, 14.1); inside an
 * expression the variables of the query come first.
 */
export function bindOrderBy(
  orderBy: syntax.OrderBy | undefined,
  projection: syntax.Projection,
  scope: Scope,
  context: PlanContext,
): SortKey[] {
  if (orderBy === undefined || orderBy.keys.length === 0) return []
  const aliases = withAliases(projection, scope, context)
  return bindSortKeys(
    orderBy.keys,
    (key) => bindOutputName(key, projection, scope, context) ?? context.bindExpression(key, aliases, context),
  )
}

/** Keys with their defaults: ascending, and absent values last, or first in descending order. */
export function bindSortKeys(
  keys: readonly syntax.OrderKey[],
  bind: (key: syntax.Expression) => PlanExpression,
): SortKey[] {
  return keys.map(({ expression, direction, nulls }) => {
    const isDescending = direction === 'desc'
    return {
      expression: bind(expression),
      isDescending,
      nullsFirst: nulls === undefined ? isDescending : nulls === 'first',
    }
  })
}

function bindOutputName(
  node: syntax.Expression,
  projection: syntax.Projection,
  scope: Scope,
  context: PlanContext,
): PlanExpression | undefined {
  if (node.kind !== 'variable' || node.atSign || projection.kind !== 'select-items') return undefined
  const items = projection.items.filter((item) => item.kind === 'item')
  const isNamed = (name: string | undefined): boolean =>
    name === node.name || (!node.quoted && name?.toLowerCase() === node.name.toLowerCase())
  const item =
    items.find(({ alias }) => isNamed(alias?.name)) ??
    (scope.findHere(node.name, node.quoted) === undefined
      ? items.find(({ alias, expression }) => alias === undefined && isNamed(implicitName(expression)))
      : undefined)
  return item && context.bindExpression(item.expression, scope, context)
}
