import { type PlanExpression, slotsOf } from './expression.ts'
import type { Source } from './from.ts'
import type { Operator } from './operator.ts'

/** What an equality fixes: the document id, or the value of a top-level field of the document. */
type Fixed = 'id' | { readonly field: string }

/**
 * How to read a source when these conditions must hold: by document id, else through an index, else all of it. Only
 * `x = value` and `x IN values` count, the values from outside the source; conditions that come first are preferred.
 * The conditions are not applied here.
 */
export function planAccess(source: Source, conditions: readonly PlanExpression[]): Operator {
  if (source.kind !== 'table-scan' && source.kind !== 'history-scan') return source
  const fixed = conditions.map((condition) => fixedBy(condition, source)).filter((each) => each !== undefined)
  const byId = fixed.find(({ what }) => what === 'id')
  const { table, slots, fields } = source
  if (source.kind === 'history-scan') {
    return byId === undefined ? source : { ...source, ids: byId.values, isCollection: byId.isCollection }
  }
  const { view } = source
  if (byId !== undefined) {
    return { kind: 'document-lookup', table, view, ids: byId.values, isCollection: byId.isCollection, fields, slots }
  }
  for (const { what, values, isCollection } of fixed) {
    if (what === 'id') continue
    const index = table.indexes.find((each) => each.field === what.field && each.status === 'ONLINE')
    if (index !== undefined)
      return { kind: 'index-seek', table, index, view, keys: values, isCollection, fields, slots }
  }
  return source
}

interface FixedBy {
  readonly what: Fixed
  readonly values: readonly PlanExpression[]
  readonly isCollection: boolean
}

function fixedBy(condition: PlanExpression, source: Source): FixedBy | undefined {
  if (condition.kind === 'binary' && condition.operator === '=') {
    return (
      fix(condition.left, [condition.right], false, source) ?? fix(condition.right, [condition.left], false, source)
    )
  }
  if (condition.kind === 'in' && !condition.negated) {
    const { collection } = condition
    return collection.kind === 'list'
      ? fix(condition.operand, collection.items, false, source)
      : fix(condition.operand, [collection], true, source)
  }
  return undefined
}

function fix(
  subject: PlanExpression,
  values: readonly PlanExpression[],
  isCollection: boolean,
  source: Source,
): FixedBy | undefined {
  const what = identify(subject, source)
  if (what === undefined || values.some((value) => readsSource(value, source))) return undefined
  return { what, values, isCollection }
}

function readsSource(value: PlanExpression, source: Source): boolean {
  const read = slotsOf(value)
  const { row, at, by } = source.slots
  return read.has(row) || (at !== undefined && read.has(at)) || (by !== undefined && read.has(by))
}

/** Whether an expression is the document id or a top-level field of the document that a row of `source` shows. */
function identify(subject: PlanExpression, source: Source): Fixed | undefined {
  const { row, by } = source.slots
  if (subject.kind === 'slot') return by !== undefined && subject.slot === by ? 'id' : undefined
  if (subject.kind !== 'field' || subject.foldCase) return undefined
  const { base, name } = subject
  const isUser = source.kind === 'table-scan' && source.view === 'user'
  if (isUser) return base.kind === 'slot' && base.slot === row ? { field: name } : undefined
  if (base.kind !== 'field' || base.foldCase || base.base.kind !== 'slot' || base.base.slot !== row) return undefined
  if (base.name === 'metadata') return name === 'id' ? 'id' : undefined
  return base.name === 'data' ? { field: name } : undefined
}
