import type * as syntax from '../syntax/nodes.ts'
import { hasAggregate } from './bind-aggregate.ts'
import { expressionKey, type PlanExpression } from './expression.ts'
import { implicitName } from './from.ts'
import type { Group } from './group.ts'
import type { Operator } from './operator.ts'
import type { PlanContext } from './plan-context.ts'
import type { GroupKeyName } from './query-level.ts'
import { Scope } from './scope.ts'

/** How the rows of a query are grouped. */
export interface Grouping {
  readonly keys: readonly GroupingKey[]
  readonly groupAs: { readonly name: string; readonly slot: number } | undefined
  /** What SELECT, HAVING and ORDER BY see: the names of the keys and of the group; the rows' own names are hidden. */
  readonly scope: Scope
}

interface GroupingKey {
  readonly expression: PlanExpression
  readonly slot: number
  /** `SELECT *` shows the key as the first row of the group has it: MISSING then stays MISSING. */
  readonly firstSlot: number | undefined
  readonly name: string
}

/** All rows are one group, as an aggregate function without GROUP BY wants it. */
export function bindImplicitGroup(rows: Scope): Grouping {
  rows.level.groupKeys = []
  return { keys: [], groupAs: undefined, scope: new Scope(rows.outer, rows.level, rows) }
}

/**
 * Binds the keys of GROUP BY over the names of `rows`. A key may be an alias of the select list; a variable of the rows
 * of that name comes first.
 *
 * @throws {StatementError} EVALUATION_ERROR when a key holds an aggregate function
 */
export function bindGroupBy(
  groupBy: syntax.GroupBy,
  projection: syntax.Projection,
  rows: Scope,
  context: PlanContext,
): Grouping {
  const { level } = rows
  const keyScope = withAliases(projection, rows, context)
  const beforeGrouping = new Scope(rows, level)
  const grouped = new Scope(rows.outer, level, beforeGrouping)
  const names: GroupKeyName[] = []
  const keys = groupBy.keys.map((key, index) => {
    const expression = context.bindExpression(key.expression, keyScope, context)
    const slot = context.newSlot()
    const name = key.alias?.name ?? keyName(key.expression) ?? `_${index + 1}`
    grouped.add(name, { kind: 'slot', slot })
    if (key.alias !== undefined) beforeGrouping.add(key.alias.name, expression)
    for (const nodeKind of kindsOf(key.expression, projection)) {
      names.push({ nodeKind, expressionKey: expressionKey(expression), slot })
    }
    return { expression, slot, name, firstSlot: projection.kind === 'select-all' ? context.newSlot() : undefined }
  })
  level.groupKeys = names
  const groupAs = groupBy.groupAs && { name: groupBy.groupAs.name, slot: context.newSlot() }
  if (groupAs !== undefined) grouped.add(groupAs.name, { kind: 'slot', slot: groupAs.slot })
  return { keys, groupAs, scope: grouped }
}

/** A key without alias is called as its last step is, and `CAST(x AS t)` as `x`. */
function keyName(key: syntax.Expression): string | undefined {
  return implicitName(key.kind === 'cast' ? key.operand : key)
}

/** The kinds of node that can repeat a key: its own, and what an alias of the select list stands for. */
function kindsOf(key: syntax.Expression, projection: syntax.Projection): string[] {
  if (key.kind !== 'variable' || projection.kind !== 'select-items') return [key.kind]
  const named = projection.items.flatMap((item) =>
    item.kind === 'item' && item.alias?.name.toLowerCase() === key.name.toLowerCase() ? item.expression.kind : [],
  )
  return [key.kind, ...named]
}

/** The operator for a grouping; the aggregates are those that the names above it have asked for. */
export function planGroup(input: Operator, grouping: Grouping, rows: Scope): Group {
  const { keys, groupAs } = grouping
  return {
    kind: 'group',
    input,
    keys,
    aggregates: rows.level.aggregates,
    groupAs: groupAs && {
      slot: groupAs.slot,
      variables: rows.variables.flatMap(({ name, value }) => (value.kind === 'slot' ? { name, slot: value.slot } : [])),
    },
  }
}

/**
 * The names of `scope`, and behind its own variables the aliases of the select list. Those that fold rows are no names
 * of rows and are left out until the rows are grouped.
 */
export function withAliases(projection: syntax.Projection, scope: Scope, context: PlanContext): Scope {
  if (projection.kind !== 'select-items') return scope
  const aliases = new Scope(scope, scope.level)
  for (const item of projection.items) {
    if (item.kind !== 'item' || item.alias === undefined) continue
    const { name } = item.alias
    if (scope.findHere(name, false)?.isHidden === false) continue
    if (scope.level.phase === 'rows' && hasAggregate(item.expression)) continue
    aliases.addAlias(name, () => context.bindExpression(item.expression, scope, context))
  }
  return aliases
}
