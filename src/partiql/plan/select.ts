import type * as syntax from '../syntax/nodes.ts'
import { bindExpression } from './bind.ts'
import { contains, expressionKey, mapParts, type PlanExpression, slotsOf, type TupleItem } from './expression.ts'
import { conjunctsOf, planFilter } from './filter.ts'
import { bindFrom, implicitName, sourcesOf } from './from.ts'
import type { Group, GroupAggregate } from './group.ts'
import { planFrom } from './join-order.ts'
import { type Operator, writtenSlots } from './operator.ts'
import type { PlanContext } from './plan-context.ts'
import { outerSlotsOf, type QueryPlan, type SelectPlan } from './query.ts'
import { Scope } from './scope.ts'
import type { SortKey } from './sort.ts'

/**
 * Plans a query, nested or outermost. The order of work is FROM, LET, WHERE, GROUP BY, HAVING, ORDER BY, SELECT,
 * DISTINCT, OFFSET, LIMIT.
 *
 * @param outer the variables of the queries around it
 * @throws {StatementError} whatever its names and functions have wrong
 */
export function planQuery(query: syntax.Query, outer: Scope | undefined, context: PlanContext): QueryPlan {
  const { body, orderBy, limit, offset } = query
  if (body.kind === 'select') return planSelect(body, query, outer, context)
  if (orderBy === undefined && limit === undefined && offset === undefined) return planBody(body, outer, context)
  // ORDER BY and LIMIT over something else than a SELECT: as if it stood in FROM.
  const { location } = query
  const element: syntax.Identifier = { kind: 'identifier', name: ' element', quoted: true, location }
  const collection: syntax.Expression =
    body.kind === 'set-operation'
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
    from: { kind: 'scan', source: collection, alias: element, at: undefined, by: undefined, location },
    lets: [],
    where: undefined,
    groupBy: undefined,
    having: undefined,
  }
  return planSelect(select, query, outer, context)
}

function planBody(body: syntax.QueryBody, outer: Scope | undefined, context: PlanContext): QueryPlan {
  switch (body.kind) {
    case 'select':
      return planSelect(body, { orderBy: undefined, limit: undefined, offset: undefined }, outer, context)
    case 'set-operation': {
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
      const value = bindExpression(body, outer, context)
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
): SelectPlan {
  const scope = new Scope(outer)
  const rows = planRows(select, scope, context)
  const grouping = select.groupBy && bindGroupBy(select, select.groupBy, scope, context)
  const seen = grouping?.scope ?? scope

  let output = bindProjection(select.projection, seen, grouping, context)
  const pivotName =
    select.projection.kind === 'pivot' ? bindExpression(select.projection.name, seen, context) : undefined
  let having = select.having && bindExpression(select.having, seen, context)
  let keys = bindOrderBy(tail.orderBy, select.projection, seen, context)

  let input: Operator = rows.operator
  const isGrouped =
    grouping !== undefined ||
    contains(output, isAggregate) ||
    (having !== undefined && contains(having, isAggregate)) ||
    keys.some((key) => contains(key.expression, isAggregate))
  if (isGrouped) {
    const regroup = new Regrouping(grouping, rows.slots, select, context)
    output = regroup.rewrite(output)
    having = having && regroup.rewrite(having)
    keys = keys.map((key) => ({ ...key, expression: regroup.rewrite(key.expression) }))
    input = regroup.plan(input)
  }
  input = planFilter(input, conjunctsOf(having))

  const limit = tail.limit && bindExpression(tail.limit, outer, context)
  const offset = tail.offset && bindExpression(tail.offset, outer, context)
  const isDistinct = select.quantifier === 'distinct'
  if (keys.length > 0) {
    const written = new Set(writtenSlots(input))
    const read = new Set([...slotsOf(output), ...(pivotName === undefined ? [] : slotsOf(pivotName))])
    input = {
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

/** FROM, LET and WHERE. */
function planRows(
  select: syntax.Select,
  scope: Scope,
  context: PlanContext,
): { operator: Operator; slots: ReadonlySet<number> } {
  const from = select.from && bindFrom(select.from, scope, context, false)
  const slots = new Set((from === undefined ? [] : sourcesOf(from.steps)).flatMap(writtenSlots))
  const lets = select.lets.map(({ value, name }) => {
    const bound = { value: bindExpression(value, scope, context), slot: context.newSlot() }
    scope.add(name.name, { kind: 'slot', slot: bound.slot })
    slots.add(bound.slot)
    return bound
  })
  const where = select.where && bindExpression(select.where, scope, context)
  if (select.where !== undefined && where !== undefined && contains(where, isAggregate)) {
    throw context.error(
      'EVALUATION_ERROR',
      'WHERE cannot hold an aggregate function; use HAVING.',
      select.where.location,
    )
  }
  const letSlots = new Set(lets.map((each) => each.slot))
  const readsLet = (condition: PlanExpression): boolean => [...slotsOf(condition)].some((slot) => letSlots.has(slot))
  const conditions = conjunctsOf(where)
  let operator = planFrom(
    from?.steps ?? [],
    [...(from?.conditions ?? []), ...conditions.filter((condition) => !readsLet(condition))],
    context,
  )
  for (const { value, slot } of lets) operator = { kind: 'let', input: operator, value, slot }
  return { operator: planFilter(operator, conditions.filter(readsLet)), slots }
}

function isAggregate(part: PlanExpression): boolean {
  return part.kind === 'aggregate'
}

interface Grouping {
  readonly keys: readonly {
    readonly expression: PlanExpression
    readonly slot: number
    readonly name: string | undefined
  }[]
  readonly groupAs: { readonly name: string; readonly slot: number } | undefined
  /** What SELECT, HAVING and ORDER BY see: the names of the keys and of the group, before anything else. */
  readonly scope: Scope
}

function bindGroupBy(select: syntax.Select, groupBy: syntax.GroupBy, scope: Scope, context: PlanContext): Grouping {
  const aliases = aliasScope(select.projection, scope, context)
  const beforeGrouping = new Scope(scope)
  const grouped = new Scope(scope, beforeGrouping)
  const keys = groupBy.keys.map((key) => {
    const expression = bindExpression(key.expression, aliases, context)
    if (contains(expression, isAggregate)) {
      throw context.error('EVALUATION_ERROR', 'GROUP BY cannot hold an aggregate function.', key.location)
    }
    const slot = context.newSlot()
    const name = key.alias?.name ?? implicitName(key.expression)
    if (name !== undefined) grouped.add(name, { kind: 'slot', slot })
    if (key.alias !== undefined) beforeGrouping.add(key.alias.name, expression)
    return { expression, slot, name }
  })
  let groupAs: Grouping['groupAs']
  if (groupBy.groupAs !== undefined) {
    groupAs = { name: groupBy.groupAs.name, slot: context.newSlot() }
    grouped.add(groupAs.name, { kind: 'slot', slot: groupAs.slot })
  }
  return { keys, groupAs, scope: grouped }
}

/** Turns expressions over rows into expressions over groups: keys and aggregates become the slots of the operator. */
class Regrouping {
  readonly #grouping: Grouping | undefined
  readonly #rowSlots: ReadonlySet<number>
  readonly #select: syntax.Select
  readonly #context: PlanContext
  readonly #keySlots: ReadonlyMap<string, number>
  readonly #aggregates: Map<string, GroupAggregate> = new Map()

  constructor(
    grouping: Grouping | undefined,
    rowSlots: ReadonlySet<number>,
    select: syntax.Select,
    context: PlanContext,
  ) {
    this.#grouping = grouping
    this.#rowSlots = rowSlots
    this.#select = select
    this.#context = context
    this.#keySlots = new Map((grouping?.keys ?? []).map((key) => [expressionKey(key.expression), key.slot]))
  }

  rewrite(expression: PlanExpression): PlanExpression {
    const keySlot = this.#keySlots.get(expressionKey(expression))
    if (keySlot !== undefined) return { kind: 'slot', slot: keySlot }
    switch (expression.kind) {
      case 'aggregate': {
        if (expression.argument !== undefined && contains(expression.argument, isAggregate)) {
          throw this.#error('An aggregate function cannot stand inside another.')
        }
        const key = expressionKey(expression)
        let aggregate = this.#aggregates.get(key)
        if (aggregate === undefined) {
          const { name, quantifier, argument } = expression
          aggregate = { name, quantifier, argument, slot: this.#context.newSlot() }
          this.#aggregates.set(key, aggregate)
        }
        return { kind: 'slot', slot: aggregate.slot }
      }
      case 'slot':
        return this.#rowSlots.has(expression.slot) ? this.#ungrouped() : expression
      case 'implicit':
        return expression.slots.some((slot) => this.#rowSlots.has(slot)) ? this.#ungrouped() : expression
      case 'subquery':
        return expression.plan.outerSlots.some((slot) => this.#rowSlots.has(slot)) ? this.#ungrouped() : expression
      default:
        return mapParts(expression, (part) => this.rewrite(part))
    }
  }

  plan(input: Operator): Group {
    const { groupAs } = this.#grouping ?? {}
    return {
      kind: 'group',
      input,
      keys: this.#grouping?.keys ?? [],
      aggregates: [...this.#aggregates.values()],
      groupAs: groupAs && {
        slot: groupAs.slot,
        variables: this.#grouping!.scope.outer!.variables.flatMap(({ name, value }) =>
          value.kind === 'slot' ? { name, slot: value.slot } : [],
        ),
      },
    }
  }

  #ungrouped(): PlanExpression {
    if (!this.#context.dialect.refuseUngroupedNames) return { kind: 'missing' }
    throw this.#error(
      'After grouping only the GROUP BY keys and aggregate functions can be used. Add the name to GROUP BY, or fold it with MIN, MAX, COUNT …',
    )
  }

  #error(message: string): Error {
    return this.#context.error('EVALUATION_ERROR', message, this.#select.projection.location)
  }
}

/** The aliases of the select list as names for their expressions, in front of what `scope` has. */
function aliasScope(projection: syntax.Projection, scope: Scope, context: PlanContext): Scope {
  const aliases = new Scope(scope, scope.beforeGrouping)
  if (projection.kind !== 'select-items') return aliases
  for (const item of projection.items) {
    if (item.kind !== 'item' || item.alias === undefined) continue
    const expression = bindExpression(item.expression, scope, context)
    aliases.add(item.alias.name, expression)
  }
  return aliases
}

function bindProjection(
  projection: syntax.Projection,
  scope: Scope,
  grouping: Grouping | undefined,
  context: PlanContext,
): PlanExpression {
  switch (projection.kind) {
    case 'select-value':
    case 'pivot':
      return bindExpression(projection.value, scope, context)
    case 'select-all':
      return grouping === undefined ? bindAll(projection, scope, context) : allOfGroup(grouping)
    case 'select-items':
      return { kind: 'tuple', items: bindItems(projection.items, scope, context) }
  }
}

/** `*`: the fields of every source, in order; what is no struct under its position. */
function bindAll(projection: syntax.SelectAll, scope: Scope, context: PlanContext): PlanExpression {
  const rows = scope.variables.filter((variable) => variable.rowSlot !== undefined)
  if (rows.length === 0) throw context.error('UNKNOWN_NAME', 'SELECT * needs a FROM.', projection.location)
  return {
    kind: 'tuple',
    items: rows.map((row, index) => ({ kind: 'spread', name: `_${index + 1}`, value: row.value })),
  }
}

function allOfGroup(grouping: Grouping): PlanExpression {
  const items: TupleItem[] = grouping.keys.map(({ name, slot }, index) => ({
    kind: 'field',
    name: name ?? `_${index + 1}`,
    value: { kind: 'slot', slot },
  }))
  const { groupAs } = grouping
  if (groupAs !== undefined)
    items.push({ kind: 'field', name: groupAs.name, value: { kind: 'slot', slot: groupAs.slot } })
  return { kind: 'tuple', items }
}

function bindItems(items: readonly syntax.SelectItem[], scope: Scope, context: PlanContext): TupleItem[] {
  return items.map((item, index) => {
    const position = `_${index + 1}`
    return item.kind === 'all-of'
      ? { kind: 'spread', name: position, value: bindExpression(item.source, scope, context) }
      : {
          kind: 'field',
          name: item.alias?.name ?? implicitName(item.expression) ?? position,
          value: bindExpression(item.expression, scope, context),
        }
  })
}

function bindOrderBy(
  orderBy: syntax.OrderBy | undefined,
  projection: syntax.Projection,
  scope: Scope,
  context: PlanContext,
): SortKey[] {
  if (orderBy === undefined || orderBy.keys.length === 0) return []
  const aliases = aliasScope(projection, scope, context)
  return orderBy.keys.map(({ expression, direction, nulls }) => {
    const isDescending = direction === 'desc'
    return {
      expression: bindExpression(expression, aliases, context),
      isDescending,
      nullsFirst: nulls === undefined ? isDescending : nulls === 'first',
    }
  })
}
