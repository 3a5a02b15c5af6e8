import { StatementError } from '../../errors.ts'
import { IonFloat, NULL } from '../../ion/index.ts'
import type { AggregateName } from '../plan/expression.ts'
import type { WindowFunction } from '../plan/window.ts'
import type { EngineValue } from '../value/engine-value.ts'
import { isAbsent } from '../value/family.ts'
import { type Accumulator, newAccumulator } from './aggregate.ts'
import type { Compiler } from './compiler.ts'
import { DistinctAccumulator } from './distinct-accumulator.ts'
import type { HeldMemory } from './memory-budget.ts'
import type { KeyOrder } from './sort-order.ts'
import { typeMismatch } from './type-mismatch.ts'
import { compileFrame, type RowRange } from './window-frame.ts'
import type { Partition } from './window-partition.ts'

/** Writes the results of the function at `index` into every row of a partition. */
export type CalculateWindow = (partition: Partition, index: number, held: HeldMemory) => void

/**
 * Ranks, neighbours and aggregates over a partition (SQL:2003, 6.10; NTILE, FIRST_VALUE and their kin as in SQL:2011).
 * Cost: linear, but for aggregates over a frame that moves at both ends, which are folded anew for each row.
 */
export function compileWindowFunction(
  each: WindowFunction,
  orders: readonly KeyOrder[],
  compiler: Compiler,
): CalculateWindow {
  switch (each.name) {
    case 'row_number':
      return forEachRow((_, place) => place + 1)
    case 'rank':
      return forEachRow((partition, place) => partition.peerStarts[place]! + 1)
    case 'dense_rank':
      return forEachRow((partition, place) => partition.groupNumbers[place]! + 1)
    case 'percent_rank':
      return forEachRow((partition, place) => {
        const others = partition.rows.length - 1
        return new IonFloat(others === 0 ? 0 : partition.peerStarts[place]! / others)
      })
    case 'cume_dist':
      return forEachRow((partition, place) => new IonFloat(partition.peerEnds[place]! / partition.rows.length))
    case 'ntile':
      return forEachRow((partition, place, index) => tileOf(partition, place, index))
    case 'lag':
      return forEachRow((partition, place, index) => neighbour(partition, place, index, -1))
    case 'lead':
      return forEachRow((partition, place, index) => neighbour(partition, place, index, 1))
    case 'first_value':
    case 'last_value':
    case 'nth_value':
      return compileFrameValue(each, orders)
    default:
      return compileAggregate(each, each.name, orders, compiler)
  }
}

function forEachRow(
  resultOf: (partition: Partition, place: number, index: number, held: HeldMemory) => EngineValue,
): CalculateWindow {
  return (partition, index, held) => {
    for (const [place, row] of partition.rows.entries()) row.results[index] = resultOf(partition, place, index, held)
  }
}

/** Of n tiles, the first ones have one row more where the rows do not divide evenly. */
function tileOf(partition: Partition, place: number, index: number): EngineValue {
  const count = partition.rows[place]!.inputs[index]![0]!
  if (isAbsent(count)) return NULL
  if (typeof count !== 'number' || count < 1) {
    throw new StatementError('EVALUATION_ERROR', 'NTILE takes an int from 1.')
  }
  const size = Math.floor(partition.rows.length / count)
  const largerCount = partition.rows.length % count
  const inLarger = largerCount * (size + 1)
  return place < inLarger ? Math.floor(place / (size + 1)) + 1 : largerCount + Math.floor((place - inLarger) / size) + 1
}

/** LAG and LEAD: the value some rows away, the default outside of the partition. */
function neighbour(partition: Partition, place: number, index: number, direction: -1 | 1): EngineValue {
  const [, offset = 1, otherwise = NULL] = partition.rows[place]!.inputs[index]!
  if (isAbsent(offset)) return NULL
  if (typeof offset !== 'number') {
    throw new StatementError('TYPE_ERROR', 'The second argument of LAG and LEAD is an int.')
  }
  const row = partition.rows[place + direction * offset]
  return row === undefined ? otherwise : row.inputs[index]![0]!
}

function compileFrameValue(each: WindowFunction, orders: readonly KeyOrder[]): CalculateWindow {
  const placesOf = compilePlaces(each, orders)
  return forEachRow((partition, place, index) => {
    const places = placesOf(partition, place, index)
    const wanted =
      each.name === 'first_value' ? 0 : each.name === 'last_value' ? places.length - 1 : nth(partition, place, index)
    const found = wanted === undefined ? undefined : places.at(wanted)
    return found === undefined ? NULL : partition.rows[found]!.inputs[index]![0]!
  })
}

function nth(partition: Partition, place: number, index: number): number | undefined {
  const position = partition.rows[place]!.inputs[index]![1]!
  if (isAbsent(position)) return undefined
  if (typeof position === 'number' && position >= 1) return position - 1
  throw new StatementError('EVALUATION_ERROR', 'The second argument of NTH_VALUE is an int from 1.')
}

/** The places of a frame in order, as far as EXCLUDE leaves them. */
interface FramePlaces {
  readonly length: number
  at(position: number): number | undefined
}

function compilePlaces(
  each: WindowFunction,
  orders: readonly KeyOrder[],
): (partition: Partition, place: number, index: number) => FramePlaces {
  const frameOf = compileFrame(each.frame, orders)
  const argumentCount = each.args.length
  const { exclude } = each.frame
  return (partition, place, index) => {
    const range = frameOf(partition, place, partition.rows[place]!.inputs[index]!.slice(argumentCount))
    if (exclude === 'no-others') return rangePlaces(range)
    const places: number[] = []
    for (let at = range.start; at < range.end; at++) if (!isExcluded(exclude, partition, place, at)) places.push(at)
    return places
  }
}

function rangePlaces({ start, end }: RowRange): FramePlaces {
  return {
    length: Math.max(0, end - start),
    at: (position) => (position >= 0 && start + position < end ? start + position : undefined),
  }
}

function isExcluded(
  exclude: 'current-row' | 'group' | 'ties',
  partition: Partition,
  place: number,
  other: number,
): boolean {
  if (exclude === 'current-row') return other === place
  const isPeer = other >= partition.peerStarts[place]! && other < partition.peerEnds[place]!
  return isPeer && (exclude === 'group' || other !== place)
}

function compileAggregate(
  each: WindowFunction,
  name: AggregateName,
  orders: readonly KeyOrder[],
  compiler: Compiler,
): CalculateWindow {
  const { decimalAggregates } = compiler.dialect
  const mismatch = typeMismatch(compiler, `${name.toUpperCase()} cannot fold a value of this type.`, undefined)
  const start = (held: HeldMemory): Accumulator => {
    const accumulator = newAccumulator(name, decimalAggregates, mismatch)
    return each.quantifier === 'distinct' ? new DistinctAccumulator(accumulator, held) : accumulator
  }
  const addRow = (accumulator: Accumulator, partition: Partition, place: number, index: number): void => {
    const value = each.args.length === 0 ? true : partition.rows[place]!.inputs[index]![0]!
    if (!isAbsent(value)) accumulator.add(value)
  }
  const { frame } = each
  if (frame.exclude === 'no-others' && frame.start.kind === 'unbounded-preceding') {
    return compileRunning(each, orders, start, addRow)
  }
  const placesOf = compilePlaces(each, orders)
  return forEachRow((partition, place, index, held) => {
    const places = placesOf(partition, place, index)
    const accumulator = start(held)
    for (let position = 0; position < places.length; position++) {
      addRow(accumulator, partition, places.at(position)!, index)
    }
    return accumulator.result()
  })
}

/** A frame that begins with the partition: its end mostly moves on, and then the next result needs the new rows alone. */
function compileRunning(
  each: WindowFunction,
  orders: readonly KeyOrder[],
  start: (held: HeldMemory) => Accumulator,
  addRow: (accumulator: Accumulator, partition: Partition, place: number, index: number) => void,
): CalculateWindow {
  const frameOf = compileFrame(each.frame, orders)
  return (partition, index, held) => {
    let accumulator = start(held)
    let next = 0
    for (const [place, row] of partition.rows.entries()) {
      const { end } = frameOf(partition, place, row.inputs[index]!.slice(each.args.length))
      if (end < next) {
        accumulator = start(held)
        next = 0
      }
      for (; next < end; next++) addRow(accumulator, partition, next, index)
      row.results[index] = accumulator.result()
    }
  }
}
