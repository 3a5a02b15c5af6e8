import type * as syntax from '../syntax/nodes.ts'
import { hasAggregate } from './bind-aggregate.ts'
import { type PlanExpression, slotsOf } from './expression.ts'
import { conjunctsOf, planFilter } from './filter.ts'
import { bindFrom } from './from.ts'
import { withShortcut } from './group-shortcut.ts'
import { bindGroupBy, bindImplicitGroup, type Grouping, planGroup } from './grouping.ts'
import { planFrom } from './join-order.ts'
import { type Operator, writtenSlots } from './operator.ts'
import { bindOrderBy } from './order-by.ts'
import type { PlanContext } from './plan-context.ts'
import { bindProjection } from './projection.ts'
import { outerSlotsOf, type QueryPlan, type SelectPlan } from './query.ts'
import { QueryLevel } from './query-level.ts'
import { Scope } from './scope.ts'
import type { Sort, SortKey } from './sort.ts'
import { planSort } from './sort-by-index.ts'

/**
 * Plans a query, nested or outermost. The order of work is FROM, LET, WHERE, GROUP BY, HAVING, ORDER BY, SELECT,
 * DISTINCT, OFFSET, LIMIT.
 *
 * @param outer the variables of the queries around it
 * @throws {StatementError} whatever its names and functions have wrong
 */
export function planQuery(query: syntax.Query, outer: Scope | undefined, context: PlanContext): QueryPlan {
  if (query.with !== undefined) throw context.unsupported('WITH', query.with.location)
  const { body, orderBy, limit, offset } = query
  if (body.kind === 'select') return planSelect(body, query, outer, context)
  if (orderBy === undefined && limit === undefined && offset === undefined) return planBody(body, outer, context)
  // ORDER BY and LIMIT over something else than a SELECT: as if it stood in FROM.
  const { location } = query
  const element: syntax.Identifier = { kind: 'identifier', name: ' element', quoted: true, location }
  const collection: syntax.Expression =
    body.kind === 'set-operation' || body.kind === 'table-operand'
      ? { kind: 'subquery', location, query: { ...query, orderBy: undefined, limit: undefined, offset: undefined } }
      : body
  const select: syntax.Select = {
    kind: 'select',
    location,
    quantifier: undefined,
    projection: {
      kind: 'select-value',
      location,
      value: { kind: 'variable', name: element.name, quoted: true, atSign: true, location },
    },
    from: { kind: 'scan', source: collection, asOf: undefined, alias: element, at: undefined, by: undefined, location },
    exclude: [],
    lets: [],
    where: undefined,
    groupBy: undefined,
    having: undefined,
    windows: [],
  }
  return planSelect(select, query, outer, context, true)
}

function planBody(body: syntax.QueryBody, outer: Scope | undefined, context: PlanContext): QueryPlan {
  switch (body.kind) {
    case 'select':
      return planSelect(body, { orderBy: undefined, limit: undefined, offset: undefined }, outer, context)
    case 'table-operand':
      throw context.unsupported('TABLE as a query', body.location)
    case 'set-operation': {
      if (body.corresponding !== undefined) {
        throw context.unsupported('CORRESPONDING', body.corresponding.location)
      }
      const left = planBody(body.left, outer, context)
      const right = planBody(body.right, outer, context)
      return {
        kind: 'set-operation',
        operator: body.operator,
        isDistinct: body.quantifier === 'distinct',
        left,
        right,
        isOrdered: false,
        outerSlots: [...new Set([...left.outerSlots, ...right.outerSlots])],
      }
    }
    default: {
      // `(SELECT …)` as an operand of a set operation, or alone in parentheses, is the query itself.
      if (body.kind === 'subquery') return planQuery(body.query, outer, context)
      const value = context.bindExpression(body, outer, context)
      return { kind: 'expression', value, isOrdered: true, outerSlots: [...slotsOf(value)] }
    }
  }
}

type QueryTail = Pick<syntax.Query, 'orderBy' | 'limit' | 'offset'>

function planSelect(
  select: syntax.Select,
  tail: QueryTail,
  outer: Scope | undefined,
  context: PlanContext,
  areFieldsFirst = false,
): SelectPlan {
  const [exclude] = select.exclude
  if (exclude !== undefined) throw context.unsupported('EXCLUDE', exclude.location)
  const [window] = select.windows
  if (window !== undefined) throw context.unsupported('WINDOW', window.location)
  const level = new QueryLevel(areFieldsFirst)
  const scope = new Scope(outer, level)
  const rows = planRows(select, scope, context)
  const { projection } = select
  let grouping = select.groupBy && bindGroupBy(select.groupBy, projection, scope, context)
  level.phase = 'output'
  const isFolded = hasAggregate(projection) || hasAggregate(select.having) || hasAggregate(tail.orderBy?.keys)
  if (grouping === undefined && isFolded) grouping = bindImplicitGroup(scope)
  let above = bindAbove(select, tail, scope, grouping, context)
  if (grouping === undefined && level.aggregates.length > 0) {
    // A nested query folds the rows of this one, which therefore are one group.
    grouping = bindImplicitGroup(scope)
    above = bindAbove(select, tail, scope, grouping, context)
  }
  const { output, pivotName, having, keys } = above

  let input: Operator = rows
  if (grouping !== undefined) {
    const group = planGroup(rows, grouping, scope)
    input = context.optimize ? withShortcut(group) : group
  }
  input = planFilter(input, conjunctsOf(having))

  const limit = tail.limit && context.bindExpression(tail.limit, outer, context)
  const offset = tail.offset && context.bindExpression(tail.offset, outer, context)
  const isDistinct = select.quantifier === 'distinct'
  if (keys.length > 0) {
    const written = new Set(writtenSlots(input))
    const read = new Set([...slotsOf(output), ...(pivotName === undefined ? [] : slotsOf(pivotName))])
    const sort: Sort = {
      kind: 'sort',
      input,
      keys,
      keptSlots: [...read].filter((slot) => written.has(slot)),
      top:
        limit === undefined || isDistinct || !context.optimize
          ? undefined
          : offset === undefined
            ? [limit]
            : [limit, offset],
    }
    input = context.optimize ? planSort(sort, context.catalog) : sort
  }
  return {
    kind: 'select',
    input,
    output,
    isDistinct,
    limit,
    offset,
    pivotName,
    isOrdered: tail.orderBy !== undefined,
    outerSlots: outerSlotsOf(input, [output, limit, offset, pivotName]),
  }
}

/** What comes after grouping. */
interface Above {
  readonly output: PlanExpression
  readonly pivotName: PlanExpression | undefined
  readonly having: PlanExpression | undefined
  readonly keys: SortKey[]
}

function bindAbove(
  select: syntax.Select,
  tail: QueryTail,
  rows: Scope,
  grouping: Grouping | undefined,
  context: PlanContext,
): Above {
  const { projection, having } = select
  const scope = grouping?.scope ?? rows
  return {
    output: bindProjection(projection, scope, grouping, context),
    pivotName: projection.kind === 'pivot' ? context.bindExpression(projection.name, scope, context) : undefined,
    having: having && context.bindExpression(having, scope, context),
    keys: bindOrderBy(tail.orderBy, projection, scope, context),
  }
}

/** FROM, LET and WHERE. */
function planRows(select: syntax.Select, scope: Scope, context: PlanContext): Operator {
  const from = select.from && bindFrom(select.from, scope, context, false)
  const lets = select.lets.map(({ value, name }) => {
    const bound = { value: context.bindExpression(value, scope, context), slot: context.newSlot() }
    scope.add(name.name, { kind: 'slot', slot: bound.slot })
    return bound
  })
  const where = select.where && context.bindExpression(select.where, scope, context)
  const letSlots = new Set(lets.map((each) => each.slot))
  const readsLet = (condition: PlanExpression): boolean => [...slotsOf(condition)].some((slot) => letSlots.has(slot))
  const conditions = conjunctsOf(where)
  let operator = planFrom(
    from?.steps ?? [],
    [...(from?.conditions ?? []), ...conditions.filter((condition) => !readsLet(condition))],
    context,
  )
  for (const { value, slot } of lets) operator = { kind: 'let', input: operator, value, slot }
  return planFilter(operator, conditions.filter(readsLet))
}
