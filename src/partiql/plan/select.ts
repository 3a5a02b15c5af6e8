import type * as syntax from '../syntax/nodes.ts'
import { hasAggregate } from './bind-aggregate.ts'
import { bindGroupBy, bindImplicitGroup, type Grouping, planGroup } from './bind-group-by.ts'
import { bindOrderBy } from './bind-order-by.ts'
import { bindProjection } from './bind-projection.ts'
import { bindWith } from './bind-with.ts'
import { type BoundExclude, bindExclude } from './exclude.ts'
import { type PlanExpression, slotsOf } from './expression.ts'
import { conjunctsOf, planFilter } from './filter.ts'
import { bindFrom } from './from.ts'
import { withShortcut } from './group-shortcut.ts'
import { planFrom } from './join-order.ts'
import { type Operator, writtenSlots } from './operator.ts'
import type { PlanContext } from './plan-context.ts'
import { outerSlotsOf, type QueryPlan, type SelectPlan } from './query.ts'
import { QueryLevel } from './query-level.ts'
import { Scope } from './scope.ts'
import { selectFrom } from './select-from.ts'
import { planSetOperation } from './set-operation.ts'
import type { Sort, SortKey } from './sort.ts'
import { planSort } from './sort-by-index.ts'
import { windowExpressions } from './window.ts'

/**
 * Plans a query, nested or outermost. The order of work is FROM, LET, WHERE, GROUP BY, HAVING, ORDER BY, SELECT,
 * DISTINCT, OFFSET, LIMIT.
 *
 * @param around the variables of the queries around it
 * @throws {StatementError} whatever its names and functions have wrong
 */
export function planQuery(query: syntax.Query, around: Scope | undefined, context: PlanContext): QueryPlan {
  const outer = query.with === undefined ? around : bindWith(query, around, context)
  const { body, orderBy, limit, offset } = query
  if (body.kind === 'select') return planSelect(body, query, outer, context)
  if (orderBy === undefined && limit === undefined && offset === undefined) return planBody(body, outer, context)
  // ORDER BY and LIMIT over something else than a SELECT: as if it stood in FROM.
  const { location } = query
  const element: syntax.Identifier = { kind: 'identifier', name: ' element', quoted: true, location }
  const collection: syntax.Expression =
    body.kind === 'set-operation' || body.kind === 'table-operand'
      ? {
          kind: 'subquery',
          location,
          query: { ...query, with: undefined, orderBy: undefined, limit: undefined, offset: undefined },
        }
      : body
  const value: syntax.Variable = { kind: 'variable', name: element.name, quoted: true, atSign: true, location }
  const select = selectFrom({ kind: 'select-value', location, value }, collection, element)
  return planSelect(select, query, outer, context, true)
}

/** `TABLE t` is `SELECT * FROM t`. */
function allOf({ table, location }: syntax.TableOperand): syntax.Select {
  return selectFrom({ kind: 'select-all', location }, table, undefined)
}

function planBody(body: syntax.QueryBody, outer: Scope | undefined, context: PlanContext): QueryPlan {
  switch (body.kind) {
    case 'select':
      return planSelect(body, NO_TAIL, outer, context)
    case 'table-operand':
      return planSelect(allOf(body), NO_TAIL, outer, context)
    case 'set-operation':
      return planSetOperation(body, planBody(body.left, outer, context), planBody(body.right, outer, context), context)
    default: {
      // `(SELECT …)` as an operand of a set operation, or alone in parentheses, is the query itself.
      if (body.kind === 'subquery') return planQuery(body.query, outer, context)
      const value = context.bindExpression(body, outer, context)
      return { kind: 'expression', value, isOrdered: true, outerSlots: [...slotsOf(value)] }
    }
  }
}

const NO_TAIL: QueryTail = { orderBy: undefined, limit: undefined, offset: undefined }

type QueryTail = Pick<syntax.Query, 'orderBy' | 'limit' | 'offset'>

function planSelect(
  select: syntax.Select,
  tail: QueryTail,
  outer: Scope | undefined,
  context: PlanContext,
  areFieldsFirst = false,
): SelectPlan {
  const level = new QueryLevel(areFieldsFirst)
  level.windowDefinitions = select.windows
  const scope = new Scope(outer, level)
  const rows = planRows(select, scope, context)
  const { projection } = select
  let grouping = select.groupBy && bindGroupBy(select.groupBy, projection, scope, context)
  const isFolded = hasAggregate(projection) || hasAggregate(select.having) || hasAggregate(tail.orderBy?.keys)
  if (grouping === undefined && isFolded) grouping = bindImplicitGroup(scope)
  let above = bindAbove(select, tail, scope, grouping, context)
  if (grouping === undefined && level.aggregates.length > 0) {
    // WHERE of a nested query folds the rows of this one, which therefore are one group.
    grouping = bindImplicitGroup(scope)
    above = bindAbove(select, tail, scope, grouping, context)
  }
  const { output, pivotName, having, keys, excluded } = above
  const limit = tail.limit && context.bindExpression(tail.limit, outer, context)
  const offset = tail.offset && context.bindExpression(tail.offset, outer, context)
  const isDistinct = select.quantifier === 'distinct'

  let input: Operator = rows
  if (grouping !== undefined) {
    const group = planGroup(rows, grouping, scope)
    input = context.optimize ? withShortcut(group) : group
  }
  input = planFilter(input, conjunctsOf(having))
  const kept = [output, pivotName, ...(excluded?.variables ?? []).map((variable) => variable.source)]
  input = planWindows(input, level, [...kept, ...keys.map((key) => key.expression)])
  if (keys.length > 0) {
    const top = offset === undefined ? [limit] : [limit, offset]
    const sort: Sort = {
      kind: 'sort',
      input,
      keys,
      keptSlots: keptSlots(input, kept),
      top: isDistinct || !context.optimize || !isComplete(top) ? undefined : top,
    }
    input = context.optimize ? planSort(sort, context.catalog, () => context.newSlot()) : sort
  }
  if (excluded !== undefined) input = { kind: 'exclude', input, variables: excluded.variables }
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

function isComplete(parts: readonly (PlanExpression | undefined)[]): parts is readonly PlanExpression[] {
  return !parts.includes(undefined)
}

/** What comes after grouping. */
interface Above {
  readonly output: PlanExpression
  readonly pivotName: PlanExpression | undefined
  readonly having: PlanExpression | undefined
  readonly keys: SortKey[]
  readonly excluded: BoundExclude | undefined
}

function bindAbove(
  select: syntax.Select,
  tail: QueryTail,
  rows: Scope,
  grouping: Grouping | undefined,
  context: PlanContext,
): Above {
  const { projection } = select
  const { level } = rows
  const scope = grouping?.scope ?? rows
  level.windows.clear()
  level.phase = 'having'
  const having = select.having && context.bindExpression(select.having, scope, context)
  level.phase = 'output'
  const excluded = bindExclude(select.exclude, scope, context)
  const seen = excluded?.scope ?? scope
  return {
    output: bindProjection(projection, seen, grouping, context),
    pivotName: projection.kind === 'pivot' ? context.bindExpression(projection.name, seen, context) : undefined,
    having,
    keys: bindOrderBy(tail.orderBy, projection, scope, context),
    excluded,
  }
}

/** The operators for the window functions, one for each order; `later` are the expressions evaluated after them. */
function planWindows(input: Operator, level: QueryLevel, later: readonly (PlanExpression | undefined)[]): Operator {
  let planned = input
  const windows = [...level.windows.values()]
  for (const [index, { order, functions }] of windows.entries()) {
    const next = windows.slice(index + 1)
    const read = next.flatMap((each) => [
      ...each.order.partitionBy,
      ...each.order.orderBy.map((key) => key.expression),
      ...each.functions.flatMap(windowExpressions),
    ])
    planned = {
      kind: 'window',
      input: planned,
      ...order,
      functions,
      keptSlots: keptSlots(planned, [...later, ...read]),
    }
  }
  return planned
}

/** The slots of `input` that later expressions read: what a row must keep while it waits. */
function keptSlots(input: Operator, later: readonly (PlanExpression | undefined)[]): number[] {
  const read = new Set<number>()
  for (const expression of later) if (expression !== undefined) slotsOf(expression, read)
  return writtenSlots(input).filter((slot) => read.has(slot))
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
