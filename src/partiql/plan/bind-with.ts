import type * as syntax from '../syntax/nodes.ts'
import type { PlanExpression } from './expression.ts'
import type { PlanContext } from './plan-context.ts'
import { columnsOf, type QueryPlan } from './query.ts'
import { QueryLevel } from './query-level.ts'
import { Scope } from './scope.ts'
import { withColumns } from './set-operation.ts'

/**
 * The scope that the body of a query with WITH sees: each named query is a variable, seen by those after it. One that is
 * used once is read where it is used; one that is used more often is calculated once and kept.
 *
 * @throws {StatementError} UNSUPPORTED_STATEMENT for a query that uses itself, TYPE_ERROR when the list of columns does
 *   not fit
 */
export function bindWith(query: syntax.Query, outer: Scope | undefined, context: PlanContext): Scope | undefined {
  let scope = outer
  for (const [index, named] of (query.with?.queries ?? []).entries()) {
    const { name } = named.name
    if (query.with!.isRecursive && usesOf(name, named.query) > 0) {
      throw context.unsupported(`A query that uses itself (WITH RECURSIVE ${name})`, named.location)
    }
    const plan = renamed(context.planQuery(named.query, scope, context), named, context)
    const later = [query.with!.queries.slice(index + 1), query.body, query.orderBy, query.limit, query.offset]
    const inner = new Scope(scope, new QueryLevel())
    inner.addQuery(name, resultOf(plan, usesOf(name, later) > 1))
    scope = inner
  }
  return scope
}

function resultOf(plan: QueryPlan, isShared: boolean): PlanExpression {
  if (plan.kind === 'expression' && !isShared) return plan.value
  return { kind: 'subquery', plan, as: 'collection', share: isShared ? {} : undefined }
}

function renamed(plan: QueryPlan, { columns, name }: syntax.WithQuery, context: PlanContext): QueryPlan {
  if (columns === undefined) return plan
  const count = columnsOf(plan)?.length
  if (count !== columns.length) {
    const found = count === undefined ? 'its columns are not known: write a select list' : `it has ${count}`
    throw context.error(
      'TYPE_ERROR',
      `${name.name} names ${columns.length} columns, but ${found}.`,
      columns[0]?.location ?? name.location,
    )
  }
  return withColumns(
    plan,
    columns.map((column) => column.name),
  )
}

/** How often a name stands in a piece of syntax; what means something else there is counted too. */
function usesOf(name: string, node: unknown): number {
  if (Array.isArray(node)) return node.reduce((sum: number, each) => sum + usesOf(name, each), 0)
  if (typeof node !== 'object' || node === null || !('kind' in node)) return 0
  if (node.kind === 'variable') return (node as syntax.Variable).name.toLowerCase() === name.toLowerCase() ? 1 : 0
  return Object.values(node).reduce((sum: number, each) => sum + usesOf(name, each), 0)
}
