import { StatementError } from '../../errors.ts'
import type { FrameBound, WindowFrame } from '../plan/window.ts'
import { compareValues } from '../value/compare.ts'
import type { EngineValue } from '../value/engine-value.ts'
import { isAbsent } from '../value/family.ts'
import { calculate, PLAIN_ARITHMETIC } from './arithmetic.ts'
import type { KeyOrder } from './sort-order.ts'
import type { Partition } from './window-partition.ts'

/** Rows `[start, end)` of a partition. */
export interface RowRange {
  readonly start: number
  readonly end: number
}

/** Which rows the frame of the row at `place` holds, before EXCLUDE. `distances` are those of its bounds, in order. */
export type FrameOf = (partition: Partition, place: number, distances: readonly EngineValue[]) => RowRange

/**
 * Where frames begin and end (SQL:2003, 7.11, general rules 5). A row whose key is absent has its peers alone in a RANGE
 * with distances.
 *
 * @throws {StatementError} TYPE_ERROR for a distance that is no int from 0 (RANGE: no number or interval from 0)
 */
export function compileFrame(frame: WindowFrame, orders: readonly KeyOrder[]): FrameOf {
  const { unit, start, end } = frame
  return (partition, place, distances) => {
    const [first, second] = distances
    const endDistance = 'distance' in start ? second : first
    const from = boundOf(unit, start, 'start', first, partition, place, orders)
    const to = boundOf(unit, end, 'end', endDistance, partition, place, orders)
    return { start: Math.max(0, from), end: Math.min(partition.rows.length, to) }
  }
}

function boundOf(
  unit: WindowFrame['unit'],
  bound: FrameBound,
  side: 'start' | 'end',
  distance: EngineValue | undefined,
  partition: Partition,
  place: number,
  orders: readonly KeyOrder[],
): number {
  switch (bound.kind) {
    case 'unbounded-preceding':
      return 0
    case 'unbounded-following':
      return partition.rows.length
    case 'current-row':
      if (unit === 'rows') return side === 'start' ? place : place + 1
      return side === 'start' ? partition.peerStarts[place]! : partition.peerEnds[place]!
    case 'preceding':
    case 'following': {
      const sign = bound.kind === 'preceding' ? -1 : 1
      if (unit === 'range') return rangeBound(sign, side, distance!, partition, place, orders[0]!)
      const count = sign * countOf(distance!)
      if (unit === 'rows') return side === 'start' ? place + count : place + count + 1
      const group = partition.groupNumbers[place]! + count + (side === 'start' ? 0 : 1)
      return group < 0 ? 0 : (partition.groupStarts[group] ?? partition.rows.length)
    }
  }
}

function countOf(distance: EngineValue): number {
  if (typeof distance === 'number' && distance >= 0) return distance
  throw new StatementError('TYPE_ERROR', 'The distance of a frame in ROWS or GROUPS is an int from 0.')
}

/** The first place whose key is not before (for an end: the first that is after) the current key and the distance. */
function rangeBound(
  sign: -1 | 1,
  side: 'start' | 'end',
  distance: EngineValue,
  partition: Partition,
  place: number,
  order: KeyOrder,
): number {
  const key = partition.rows[place]!.keys[0]!
  if (isAbsent(key)) return side === 'start' ? partition.peerStarts[place]! : partition.peerEnds[place]!
  // Where the order descends, what precedes is larger.
  const isAdded = sign > 0 !== order.isDescending
  const limit = calculate(isAdded ? '+' : '-', key, distance, PLAIN_ARITHMETIC)
  const isBackwards = !isAbsent(limit) && compareValues(limit, key) * (isAdded ? 1 : -1) < 0
  if (isAbsent(limit) || isBackwards) {
    throw new StatementError(
      'TYPE_ERROR',
      'RANGE with a distance needs a number or an interval from 0 that can be added to the key of ORDER BY.',
    )
  }
  const { rows } = partition
  const isBefore = (other: number): boolean => {
    const found = rows[other]!.keys[0]!
    if (isAbsent(found)) return order.nullsFirst
    const difference = compareValues(found, limit) * (order.isDescending ? -1 : 1)
    return side === 'start' ? difference < 0 : difference <= 0
  }
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore(middle)) low = middle + 1
    else high = middle
  }
  return low
}
