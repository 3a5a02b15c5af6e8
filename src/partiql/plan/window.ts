import type { SetQuantifier } from '../syntax/nodes.ts'
import type { AggregateName, PlanExpression } from './expression.ts'
import type { Operator } from './operator.ts'
import type { SortKey } from './sort.ts'

/**
 * Calculates window functions over one partitioning and order (SQL:2003, 7.11). Rows come out in the order they came in.
 */
export interface Window extends WindowOrder {
  readonly kind: 'window'
  readonly input: Operator
  readonly functions: readonly WindowFunction[]
  /** The slots that later stages read: what a row must keep while it waits. */
  readonly keptSlots: readonly number[]
}

/** How rows are put together and ordered for a window function. */
export interface WindowOrder {
  readonly partitionBy: readonly PlanExpression[]
  readonly orderBy: readonly SortKey[]
}

export interface WindowFunction {
  readonly name: WindowFunctionName | AggregateName
  readonly quantifier: SetQuantifier
  /** None for COUNT(*). */
  readonly args: readonly PlanExpression[]
  readonly frame: WindowFrame
  readonly slot: number
}

/** The functions that only make sense over a window; the aggregate functions have one too. */
export type WindowFunctionName =
  | 'rank'
  | 'dense_rank'
  | 'row_number'
  | 'percent_rank'
  | 'cume_dist'
  | 'ntile'
  | 'lag'
  | 'lead'
  | 'first_value'
  | 'last_value'
  | 'nth_value'

/** Which rows of its partition a function sees from a row on. */
export interface WindowFrame {
  readonly unit: 'rows' | 'range' | 'groups'
  readonly start: FrameBound
  readonly end: FrameBound
  readonly exclude: 'current-row' | 'group' | 'ties' | 'no-others'
}

export type FrameBound =
  | { readonly kind: 'unbounded-preceding' | 'current-row' | 'unbounded-following' }
  | { readonly kind: 'preceding' | 'following'; readonly distance: PlanExpression }

/** The expressions that a window function evaluates for each row: its arguments, then the distances of its frame. */
export function windowExpressions({ args, frame }: WindowFunction): PlanExpression[] {
  const distances = [frame.start, frame.end].flatMap((bound) => ('distance' in bound ? bound.distance : []))
  return [...args, ...distances]
}

/** The same function with its expressions as `map` makes them. */
export function mapWindowFunction(
  each: WindowFunction,
  map: (expression: PlanExpression) => PlanExpression,
): WindowFunction {
  const bound = (one: FrameBound): FrameBound => ('distance' in one ? { ...one, distance: map(one.distance) } : one)
  const { args, frame } = each
  return { ...each, args: args.map(map), frame: { ...frame, start: bound(frame.start), end: bound(frame.end) } }
}
