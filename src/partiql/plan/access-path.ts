import type { IndexDefinition } from './catalog-access.ts'
import { type PlanExpression, slotsOf } from './expression.ts'
import type { Source } from './from.ts'
import type { Operator } from './operator.ts'
import { type IndexRange, indexOn, type RangeEnd, type TableScan, wholeIndex } from './table-source.ts'

/** What a condition is about: the document id, or the value of a top-level field of the document. */
type Subject = 'id' | { readonly field: string }

/**
 * How to read a source when these conditions must hold: by document id, else through an index, by equality before a
 * range and a range with two ends before one with one, else all of it. Values must come from outside the source; among
 * equals the condition that comes first is preferred. The conditions are not applied here.
 */
export function planAccess(source: Source, conditions: readonly PlanExpression[]): Operator {
  if (source.kind !== 'table-scan' && source.kind !== 'history-scan') return source
  const fixed = conditions.map((condition) => fixedBy(condition, source)).filter((each) => each !== undefined)
  const byId = fixed.find(({ what }) => what === 'id')
  const { table, slots } = source
  if (source.kind === 'history-scan') {
    return byId === undefined ? source : { ...source, ids: byId.values, isCollection: byId.isCollection }
  }
  const { view } = source
  if (byId !== undefined) {
    return { kind: 'document-lookup', table, view, ids: byId.values, isCollection: byId.isCollection, slots }
  }
  const indexOf = (what: Subject): IndexDefinition | undefined =>
    what === 'id' ? undefined : indexOn(table, what.field)
  for (const { what, values, isCollection } of fixed) {
    const index = indexOf(what)
    if (index !== undefined) return { kind: 'index-seek', table, index, view, keys: values, isCollection, slots }
  }
  let best: IndexRange | undefined
  for (const condition of conditions) {
    const limited = limitedBy(condition, source)
    const index = limited && indexOf(limited.what)
    if (limited === undefined || index === undefined) continue
    const { low, high, pattern } = limited
    if (best === undefined) {
      best = { ...wholeIndex(source, index), low, high, pattern }
    } else if (endsOf(best) < 2) {
      // Conditions on one field join; a range with two ends beats one with one.
      if (best.index === index && pattern === undefined) {
        best = { ...best, low: best.low ?? low, high: best.high ?? high }
      } else if (endsOf({ low, high, pattern }) === 2) best = { ...best, index, low, high, pattern }
    }
  }
  return best ?? source
}

function endsOf({ low, high, pattern }: Pick<IndexRange, 'low' | 'high' | 'pattern'>): number {
  return pattern === undefined ? (low === undefined ? 0 : 1) + (high === undefined ? 0 : 1) : 2
}

interface FixedBy {
  readonly what: Subject
  readonly values: readonly PlanExpression[]
  readonly isCollection: boolean
}

/** `x = value`, `x IN values`, and several of these about the same `x` joined by OR. */
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
  if (condition.kind === 'logical' && condition.operator === 'or') {
    const parts = condition.operands.map((operand) => fixedBy(operand, source))
    const [first] = parts
    if (first === undefined) return undefined
    const values: PlanExpression[] = []
    for (const part of parts) {
      if (part === undefined || part.isCollection || !isSame(part.what, first.what)) return undefined
      values.push(...part.values)
    }
    return { what: first.what, values, isCollection: false }
  }
  return undefined
}

function isSame(a: Subject, b: Subject): boolean {
  return a === 'id' || b === 'id' ? a === b : a.field === b.field
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

interface LimitedBy extends Pick<IndexRange, 'low' | 'high' | 'pattern'> {
  readonly what: Subject
}

/** `x < value` and its kin, `x BETWEEN low AND high`, `x LIKE pattern`. */
function limitedBy(condition: PlanExpression, source: Source): LimitedBy | undefined {
  switch (condition.kind) {
    case 'binary': {
      const { left, right, operator } = condition
      const mirrored = MIRRORED.get(operator)
      if (mirrored === undefined) return undefined
      return limit(left, operator, right, source) ?? limit(right, mirrored, left, source)
    }
    case 'between': {
      const { operand, low, high, negated } = condition
      const what = identify(operand, source)
      if (what === undefined || negated || readsSource(low, source) || readsSource(high, source)) return undefined
      return {
        what,
        low: { value: low, isInclusive: true },
        high: { value: high, isInclusive: true },
        pattern: undefined,
      }
    }
    case 'like': {
      const { operand, pattern, negated } = condition
      const what = identify(operand, source)
      if (what === undefined || negated || readsSource(pattern, source)) return undefined
      // A pattern that begins with a wildcard is better tried on every document.
      if (pattern.kind === 'constant' && (typeof pattern.value !== 'string' || /^[%_]/.test(pattern.value)))
        return undefined
      if (condition.escape !== undefined && readsSource(condition.escape, source)) return undefined
      return { what, low: undefined, high: undefined, pattern: { pattern, escape: condition.escape } }
    }
    default:
      return undefined
  }
}

/** Each comparison and what it is with its sides exchanged. */
const MIRRORED: ReadonlyMap<string, string> = new Map([
  ['<', '>'],
  ['<=', '>='],
  ['>', '<'],
  ['>=', '<='],
])

function limit(
  subject: PlanExpression,
  operator: string,
  value: PlanExpression,
  source: Source,
): LimitedBy | undefined {
  const what = identify(subject, source)
  if (what === undefined || readsSource(value, source)) return undefined
  const end: RangeEnd = { value, isInclusive: operator.endsWith('=') }
  const isLow = operator.startsWith('>')
  return { what, low: isLow ? end : undefined, high: isLow ? undefined : end, pattern: undefined }
}

function readsSource(value: PlanExpression, source: Source): boolean {
  const read = slotsOf(value)
  const { row, at, by } = source.slots
  return read.has(row) || (at !== undefined && read.has(at)) || (by !== undefined && read.has(by))
}

/** The top-level field of the document that an expression is, for a source's row; undefined when it is none. */
export function indexedField(subject: PlanExpression, source: TableScan | IndexRange): string | undefined {
  const what = identify(subject, source)
  return what === undefined || what === 'id' ? undefined : what.field
}

/** Whether an expression is the document id or a top-level field of the document that a row of `source` shows. */
function identify(subject: PlanExpression, source: Source | IndexRange): Subject | undefined {
  const { row, by } = source.slots
  if (subject.kind === 'slot') return by !== undefined && subject.slot === by ? 'id' : undefined
  if (subject.kind !== 'field' || subject.foldCase) return undefined
  const { base, name } = subject
  const isUser = 'view' in source && source.view === 'user'
  if (isUser) return base.kind === 'slot' && base.slot === row ? { field: name } : undefined
  if (base.kind !== 'field' || base.foldCase || base.base.kind !== 'slot' || base.base.slot !== row) return undefined
  if (base.name === 'metadata') return name === 'id' ? 'id' : undefined
  return base.name === 'data' ? { field: name } : undefined
}
