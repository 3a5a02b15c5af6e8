import type * as syntax from '../syntax/nodes.ts'
import { checkArity } from './call.ts'
import type { AggregateName, PlanExpression } from './expression.ts'
import { AGGREGATES } from './functions.ts'
import type { PlanContext } from './plan-context.ts'
import type { QueryLevel } from './query-level.ts'
import type { Scope } from './scope.ts'

/**
 * The slot that will hold the result of an aggregate function, which folds the rows of the query it stands in: in
 * `SELECT (SELECT MAX(t.x) FROM u) FROM t` those of `u`.
 *
 * @throws {StatementError} EVALUATION_ERROR where there are no rows to fold: in WHERE, inside another aggregate
 *   function, outside a query; WRONG_ARGUMENT_COUNT
 */
export function bindAggregate(
  node: syntax.Call,
  name: AggregateName,
  scope: Scope | undefined,
  context: PlanContext,
): PlanExpression {
  const quantifier = node.quantifier ?? 'all'
  if (!node.star) checkArity(node, name, 1, 1, context)
  else if (name !== 'count') {
    throw context.error(
      'WRONG_ARGUMENT_COUNT',
      `Only COUNT takes *; ${name.toUpperCase()} needs an expression.`,
      node.location,
    )
  }
  const level = scope && ownerOf(scope)
  if (scope === undefined || level === undefined) {
    throw context.error(
      'EVALUATION_ERROR',
      `${name.toUpperCase()} folds the rows of a query, and there is none here. Put it into a SELECT.`,
      node.location,
    )
  }
  const { phase } = level
  if (phase === 'rows' || phase === 'argument') {
    const problem =
      phase === 'argument'
        ? 'An aggregate function cannot stand inside another.'
        : 'WHERE, FROM and GROUP BY cannot hold an aggregate function, as nothing is grouped yet; use HAVING.'
    throw context.error('EVALUATION_ERROR', problem, node.location)
  }
  let argument: PlanExpression | undefined
  if (!node.star) {
    level.phase = 'argument'
    try {
      argument = context.bindExpression(node.args[0]!, scope.beforeGrouping(level), context)
    } finally {
      level.phase = phase
    }
  }
  return { kind: 'slot', slot: level.slotOfAggregate(name, quantifier, argument, () => context.newSlot()) }
}

/**
 * The query whose rows are folded: the one whose SELECT, HAVING or ORDER BY the function stands in. In WHERE and FROM of
 * a nested query it can only be that of an outer query.
 */
function ownerOf(scope: Scope): QueryLevel {
  for (let each: Scope | undefined = scope; each !== undefined; each = each.outer) {
    if (each.level.phase !== 'rows') return each.level
  }
  return scope.level
}

/** True when an expression calls an aggregate function, one inside a nested query not counted. */
export function hasAggregate(node: unknown): boolean {
  return someNode(node, (each) => each.kind === 'call' && isAggregateCall(each as syntax.Call))
}

function isAggregateCall(call: syntax.Call): boolean {
  return call.over === undefined && AGGREGATES.has(call.quoted ? call.name : call.name.toLowerCase())
}

/** Whether some syntax node in `node`, which may be an array too, is as asked; nested queries are not entered. */
function someNode(node: unknown, asked: (node: { readonly kind: unknown }) => boolean): boolean {
  if (Array.isArray(node)) return node.some((each) => someNode(each, asked))
  if (typeof node !== 'object' || node === null || !('kind' in node)) return false
  if (node.kind === 'query') return false
  return asked(node) || Object.values(node).some((each) => someNode(each, asked))
}
