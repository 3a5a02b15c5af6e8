import type * as syntax from '../syntax/nodes.ts'
import type { Grouping } from './bind-group-by.ts'
import type { PlanExpression, TupleItem } from './expression.ts'
import { implicitName } from './from.ts'
import type { PlanContext } from './plan-context.ts'
import type { Scope } from './scope.ts'

/** What a query makes of each row: the value of SELECT VALUE and PIVOT, the struct of a select list. */
export function bindProjection(
  projection: syntax.Projection,
  scope: Scope,
  grouping: Grouping | undefined,
  context: PlanContext,
): PlanExpression {
  switch (projection.kind) {
    case 'select-value':
    case 'pivot':
      return context.bindExpression(projection.value, scope, context)
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

/** `*` after grouping: the keys and the group. */
function allOfGroup(grouping: Grouping): PlanExpression {
  const items: TupleItem[] = grouping.keys.map(({ name, slot, firstSlot }) => ({
    kind: 'field',
    name,
    value: { kind: 'slot', slot: firstSlot ?? slot },
  }))
  const { groupAs } = grouping
  if (groupAs !== undefined)
    items.push({ kind: 'field', name: groupAs.name, value: { kind: 'slot', slot: groupAs.slot } })
  return { kind: 'tuple', items }
}

function bindItems(items: readonly syntax.SelectItem[], scope: Scope, context: PlanContext): TupleItem[] {
  let unnamedCount = 0
  let spreadCount = 0
  return items.map((item, index) => {
    const nameAt = (count: number): string => `_${context.dialect.countsUnnamedItems ? count : index + 1}`
    if (item.kind === 'all-of') {
      return { kind: 'spread', name: nameAt(++spreadCount), value: context.bindExpression(item.source, scope, context) }
    }
    return {
      kind: 'field',
      name: item.alias?.name ?? implicitName(item.expression) ?? nameAt(++unnamedCount),
      value: context.bindExpression(item.expression, scope, context),
    }
  })
}
