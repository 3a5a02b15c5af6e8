import { NULL } from '../../ion/index.ts'
import type * as plan from '../plan/expression.ts'
import { compareOrdered } from '../value/compare.ts'
import { type EngineValue, MISSING } from '../value/engine-value.ts'
import { bare, isAbsent, itemsOf } from '../value/family.ts'
import { Interval } from '../value/interval.ts'
import type { Compiler, Evaluate } from './compiler.ts'
import { addInterval, isMoment, OutOfRangeResult } from './datetime-arithmetic.ts'
import { typeMismatch } from './type-mismatch.ts'

/** From the earlier end, unless that is unknown, to the later one; undefined for an end that is not known. */
interface Period {
  readonly start: EngineValue | undefined
  readonly end: EngineValue | undefined
}

/**
 * `(start, end) OVERLAPS (start, end)`: whether two periods share a moment; the end may be an interval, and does not belong
 * to the period. An unknown end gives NULL, unless the other ends decide. SQL:1999 §8.12.
 */
export function compileOverlaps(operation: plan.Operation, compiler: Compiler): Evaluate {
  const left = compiler.expression(operation.left)
  const right = compiler.expression(operation.right)
  const mismatch = typeMismatch(
    compiler,
    'OVERLAPS compares two periods: (start, end) or (start, interval), of dates, times or timestamps.',
    operation.place,
  )
  return (frame) => {
    const a = left(frame)
    const b = right(frame)
    if (a === MISSING || b === MISSING) return MISSING
    if (isAbsent(a) || isAbsent(b)) return NULL
    const one = periodOf(a)
    const other = periodOf(b)
    if (one === undefined || other === undefined) return mismatch()
    return overlap(one, other) ?? mismatch()
  }
}

/** undefined when the value is no period. */
function periodOf(value: EngineValue): Period | undefined {
  const items = itemsOf(value)
  if (items?.length !== 2) return undefined
  const [first, second] = items.map((item) => (isAbsent(item) ? undefined : bare(item)))
  if (first !== undefined && !isMoment(first)) return undefined
  if (second === undefined) return { start: first, end: undefined }
  let end: EngineValue | undefined = second
  if (second instanceof Interval) {
    if (first === undefined) return { start: undefined, end: undefined }
    const moved = addInterval(first, second)
    if (moved === undefined) return undefined
    end = moved instanceof OutOfRangeResult ? undefined : moved
  } else if (!isMoment(second)) return undefined
  return first === undefined || isAfter(first, end) === true ? { start: end, end: first } : { start: first, end }
}

/** A truth with NULL; undefined when the ends cannot be compared. */
function overlap(a: Period, b: Period): EngineValue | undefined {
  const starts = order(a.start, b.start)
  const isComparable = [order(a.end, b.end), order(a.start, b.end), order(a.end, b.start), starts].every(
    (each) => each !== undefined,
  )
  if (!isComparable) return undefined
  if (starts === 0) return true
  if (starts === NULL) return NULL
  const [earlier, later] = (starts as number) < 0 ? [a, b] : [b, a]
  // The later one starts before the earlier one ends, or ends before that.
  const startsAfter = isAtLeast(later.start, earlier.end)
  const endsAfter = isAtLeast(later.end, earlier.end)
  if (startsAfter === false || endsAfter === false) return true
  return startsAfter === true && endsAfter === true ? false : NULL
}

/** The sign of a comparison, NULL when an end is unknown, undefined when the two are of different kinds. */
function order(a: EngineValue | undefined, b: EngineValue | undefined): EngineValue | undefined {
  if (a === undefined || b === undefined) return NULL
  return compareOrdered(a, b)
}

function isAtLeast(a: EngineValue | undefined, b: EngineValue | undefined): boolean | undefined {
  const sign = order(a, b)
  return typeof sign === 'number' ? sign >= 0 : undefined
}

function isAfter(a: EngineValue | undefined, b: EngineValue | undefined): boolean | undefined {
  const sign = order(a, b)
  return typeof sign === 'number' ? sign > 0 : undefined
}
