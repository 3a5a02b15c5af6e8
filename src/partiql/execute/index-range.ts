import { NULL } from '../../ion/index.ts'
import type { PlanExpression } from '../plan/expression.ts'
import type { IndexRange, RangeEnd } from '../plan/table-source.ts'
import { MISSING } from '../value/engine-value.ts'
import { isAbsent, textOf } from '../value/family.ts'
import type { Compiler, Evaluate, OpenRows, RowCursor } from './compiler.ts'
import { compileFieldRows } from './field-scan.ts'
import { FilterCursor } from './filter-cursor.ts'
import type { Frame } from './frame.ts'
import { likePrefix, textAfterPrefix } from './like-prefix.ts'
import { NO_ROWS } from './once.ts'
import { RevisionRows } from './revision-rows.ts'
import { isStorable } from './storable.ts'
import type { IndexBounds, RevisionAccess, RevisionCursor } from './transaction-access.ts'

/**
 * The documents of a stretch of an index that pass `conditions`, in its order. Cost: a step in the index and one `get`
 * each.
 */
export function compileIndexRange(
  range: IndexRange,
  compiler: Compiler,
  conditions: readonly PlanExpression[] = [],
): OpenRows {
  const { table, index, slots, view, isReverse, isOrdered, absent } = range
  const boundsOf = compileBounds(range, compiler)
  const test = compiler.conditions(conditions)
  const openApart = slots.apart && compileFieldRows(slots, slots.apart, conditions, compiler)
  return (frame) => {
    const { transaction } = frame
    const bounds = boundsOf(frame)
    if (bounds === 'nothing') return NO_ROWS
    const open = (revisions: RevisionCursor): RowCursor => {
      const rows = new RevisionRows(revisions, slots, view, frame)
      return conditions.length === 0 ? rows : new FilterCursor(rows, test, frame)
    }
    if (bounds === 'everything' && !isOrdered) return open(transaction.scan(table))
    const stretch = { ...(bounds === 'everything' ? PRESENT : bounds), reverse: isReverse }
    const present = (): RowCursor => {
      const revisions = (): RevisionCursor => transaction.seekRange(table, index, stretch)
      return openApart === undefined
        ? open(revisions())
        : openApart(transaction.rangeDocuments?.(table, index, stretch), revisions, frame)
    }
    if (absent === undefined) return present()
    // Documents without the field are in no index. They are looked for only when it is their turn.
    const others = (): RowCursor =>
      open(
        transaction.isComplete(table, index)
          ? transaction.seekRange(table, index, NULLS)
          : new LackingRevisions(transaction.scan(table), index.field),
      )
    return absent === 'first' ? new RowsThenRows(others(), present) : new RowsThenRows(present(), others)
  }
}

/**
 * The rows of a range that pass the conditions above it. Where nobody relies on the order, a range that turns out to be
 * wide is left for a scan.
 */
export function compileFilteredRange(
  range: IndexRange,
  conditions: readonly PlanExpression[],
  compiler: Compiler,
): OpenRows {
  const { table, index, view, slots } = range
  const openRange = compileIndexRange(range, compiler, conditions)
  if (range.isOrdered) return openRange
  const boundsOf = compileBounds(range, compiler)
  const scanned = compiler.rows({ kind: 'filter', conditions, input: { kind: 'table-scan', table, view, slots } })
  return (frame) => {
    const bounds = boundsOf(frame)
    const isScanned =
      bounds === 'everything' ||
      (bounds !== 'nothing' && frame.transaction.isWide?.(table, index, { ...bounds, reverse: false }) === true)
    return isScanned ? scanned(frame) : openRange(frame)
  }
}

/** Both ends open: every value but null. */
const PRESENT = { lowInclusive: true, highInclusive: true }
const NULLS: IndexBounds = { low: NULL, lowInclusive: true, high: NULL, highInclusive: true, reverse: false }

type Bounds = Omit<IndexBounds, 'reverse'>

/**
 * What to read for this run: `nothing` when an end is absent, as no comparison with it is true; `everything` when an
 * end is a value that documents cannot hold, so that its place in the index is not known.
 */
function compileBounds(range: IndexRange, compiler: Compiler): (frame: Frame) => Bounds | 'nothing' | 'everything' {
  const { low, high, pattern } = range
  if (pattern !== undefined) {
    const evaluate = compiler.expression(pattern.pattern)
    const evaluateEscape = pattern.escape && compiler.expression(pattern.escape)
    return (frame) => {
      const text = textOf(evaluate(frame))
      const escapeWith = evaluateEscape === undefined ? undefined : textOf(evaluateEscape(frame))
      if (text === undefined || (evaluateEscape !== undefined && escapeWith === undefined)) return 'nothing'
      const prefix = likePrefix(text, escapeWith)
      if (prefix === '') return 'everything'
      return { low: prefix, lowInclusive: true, high: textAfterPrefix(prefix), highInclusive: false }
    }
  }
  const lowOf = compileEnd(low, compiler)
  const highOf = compileEnd(high, compiler)
  const lowInclusive = low?.isInclusive ?? true
  const highInclusive = high?.isInclusive ?? true
  return (frame) => {
    const from = lowOf?.(frame)
    const to = highOf?.(frame)
    if ((from !== undefined && isAbsent(from)) || (to !== undefined && isAbsent(to))) return 'nothing'
    const isFrom = from !== undefined && isStorable(from)
    const isTo = to !== undefined && isStorable(to)
    if (!isFrom && !isTo) return 'everything'
    return { low: isFrom ? from : undefined, lowInclusive, high: isTo ? to : undefined, highInclusive }
  }
}

function compileEnd(end: RangeEnd | undefined, compiler: Compiler): Evaluate | undefined {
  return end && compiler.expression(end.value)
}

/** The documents without a value in a field, in the order of the scan. */
class LackingRevisions implements RevisionCursor {
  readonly #revisions: RevisionCursor
  readonly #field: string

  constructor(revisions: RevisionCursor, field: string) {
    this.#revisions = revisions
    this.#field = field
  }

  next(): RevisionAccess | undefined {
    for (;;) {
      const revision = this.#revisions.next()
      if (revision === undefined || isAbsent(revision.data?.get(this.#field) ?? MISSING)) return revision
    }
  }

  close(): void {
    this.#revisions.close()
  }
}

/** The rows of one source, and then those of another, which is not opened before. */
class RowsThenRows implements RowCursor {
  #current: RowCursor
  #openSecond: (() => RowCursor) | undefined

  constructor(first: RowCursor, openSecond: () => RowCursor) {
    this.#current = first
    this.#openSecond = openSecond
  }

  next(): boolean {
    if (this.#current.next()) return true
    if (this.#openSecond === undefined) return false
    this.#current.close()
    this.#current = this.#openSecond()
    this.#openSecond = undefined
    return this.#current.next()
  }

  close(): void {
    this.#openSecond = undefined
    this.#current.close()
  }
}
