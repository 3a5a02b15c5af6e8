import type * as syntax from '../syntax/nodes.ts'
import type { PlanContext } from './plan-context.ts'
import { columnsOf, type QueryPlan, type SetOperationPlan } from './query.ts'

/**
 * A set operation over planned operands. Without OUTER, two explicit select lists must have the same number of columns,
 * and the names of the left one are the names of the result (SQL:2003, 7.13).
 *
 * @throws {StatementError} TYPE_ERROR when the numbers of columns differ
 */
export function planSetOperation(
  node: syntax.SetOperation,
  left: QueryPlan,
  right: QueryPlan,
  context: PlanContext,
): SetOperationPlan {
  const { operator, outer, corresponding, location } = node
  const names = columnsOf(left)
  const others = columnsOf(right)
  const isPositional = !outer && corresponding === undefined && names !== undefined && others !== undefined
  if (isPositional && names.length !== others.length) {
    throw context.error(
      'TYPE_ERROR',
      `${operator.toUpperCase()} needs the same number of columns on both sides, found ${names.length} and ${others.length}. OUTER ${operator.toUpperCase()} takes any rows.`,
      location,
    )
  }
  return {
    kind: 'set-operation',
    operator,
    isDistinct: node.quantifier === 'distinct',
    isOuter: outer,
    columns: corresponding && (corresponding.columns?.map((column) => column.name) ?? 'common'),
    columnCount: corresponding === undefined ? (names ?? others)?.length : undefined,
    place: location,
    left,
    right: isPositional ? withColumns(right, names) : right,
    isOrdered: false,
    outerSlots: [...new Set([...left.outerSlots, ...right.outerSlots])],
  }
}

/** The same query with its columns under other names. */
export function withColumns(query: QueryPlan, names: readonly string[]): QueryPlan {
  switch (query.kind) {
    case 'select': {
      const { output } = query
      if (output.kind !== 'tuple') return query
      return {
        ...query,
        output: { ...output, items: output.items.map((item, index) => ({ ...item, name: names[index] ?? item.name })) },
      }
    }
    case 'set-operation':
      return { ...query, left: withColumns(query.left, names), right: withColumns(query.right, names) }
    case 'expression':
      return query
  }
}
