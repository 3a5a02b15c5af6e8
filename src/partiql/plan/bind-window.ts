import type * as syntax from '../syntax/nodes.ts'
import { bindSortKeys } from './bind-order-by.ts'
import { checkArity, unknownFunction } from './call.ts'
import type { AggregateName, PlanExpression } from './expression.ts'
import { AGGREGATES, WINDOW_FUNCTIONS } from './functions.ts'
import type { PlanContext } from './plan-context.ts'
import type { Scope } from './scope.ts'
import type { FrameBound, WindowFrame, WindowFunctionName, WindowOrder } from './window.ts'

/**
 * The slot that will hold the result of `f(…) OVER (…)`, calculated by the query it stands in after its rows are
 * grouped.
 *
 * @throws {StatementError} EVALUATION_ERROR outside SELECT and ORDER BY and for a frame that cannot be; UNKNOWN_NAME for
 *   a window that is not defined; UNKNOWN_FUNCTION, WRONG_ARGUMENT_COUNT
 */
export function bindWindowFunction(
  node: syntax.Call,
  over: syntax.Window,
  scope: Scope | undefined,
  context: PlanContext,
): PlanExpression {
  const name = node.quoted ? node.name : node.name.toLowerCase()
  checkCall(node, name, context)
  const level = scope?.level
  if (scope === undefined || level?.phase !== 'output') {
    throw context.error(
      'EVALUATION_ERROR',
      'A window function can only stand in SELECT and ORDER BY, not inside another. Put the query with it into FROM of another one.',
      node.location,
    )
  }
  level.phase = 'window'
  try {
    const window = resolveWindow(over, level.windowDefinitions, context)
    if ((name === 'lag' || name === 'lead') && window.orderBy === undefined) {
      throw context.error('EVALUATION_ERROR', `${name.toUpperCase()} needs ORDER BY in its window.`, over.location)
    }
    const order: WindowOrder = {
      partitionBy: window.partitionBy.map((part) => context.bindExpression(part, scope, context)),
      orderBy: bindSortKeys(window.orderBy?.keys ?? [], (key) => context.bindExpression(key, scope, context)),
    }
    const slot = level.slotOfWindowFunction(
      order,
      {
        name: name as WindowFunctionName | AggregateName,
        quantifier: node.quantifier ?? 'all',
        args: node.args.map((argument) => context.bindExpression(argument, scope, context)),
        frame: bindFrame(window.frame, order, scope, context),
      },
      () => context.newSlot(),
    )
    return { kind: 'slot', slot }
  } finally {
    level.phase = 'output'
  }
}

function checkCall(node: syntax.Call, name: string, context: PlanContext): void {
  const isAggregate = AGGREGATES.has(name)
  const arity = isAggregate ? { min: 1, max: 1 } : WINDOW_FUNCTIONS.get(name)
  if (arity === undefined) {
    throw unknownFunction(node, name, 'window function', [...WINDOW_FUNCTIONS.keys(), ...AGGREGATES], context)
  }
  if (node.star && name === 'count') return
  if (node.star || (node.quantifier !== undefined && !isAggregate)) {
    const problem = node.star ? 'does not take *' : 'takes neither DISTINCT nor ALL'
    throw context.error('WRONG_ARGUMENT_COUNT', `${name.toUpperCase()} ${problem}.`, node.location)
  }
  checkArity(node, name, arity.min, arity.max, context)
}

interface ResolvedWindow {
  readonly partitionBy: readonly syntax.Expression[]
  readonly orderBy: syntax.OrderBy | undefined
  readonly frame: syntax.WindowFrame | undefined
}

/** A window with what it takes over from the one it names (SQL:2003, 7.11, syntax rules 10). */
function resolveWindow(
  window: syntax.Window,
  definitions: readonly syntax.WindowDefinition[],
  context: PlanContext,
): ResolvedWindow {
  const { name, partitionBy, orderBy, frame } = window
  if (name === undefined) return window
  const isNamed = (other: syntax.Identifier): boolean =>
    other.name === name.name || (!name.quoted && other.name.toLowerCase() === name.name.toLowerCase())
  const position = definitions.findIndex((definition) => isNamed(definition.name))
  const definition = definitions[position]
  if (definition === undefined) {
    const names = definitions.map((each) => each.name.name)
    throw context.error(
      'UNKNOWN_NAME',
      `There is no window ${JSON.stringify(name.name)}. Define it with WINDOW ${name.name} AS (…), after HAVING.`,
      name.location,
      names,
    )
  }
  // A window sees those defined before it.
  const base = resolveWindow(definition.window, definitions.slice(0, position), context)
  if (partitionBy.length > 0 || (orderBy !== undefined && base.orderBy !== undefined)) {
    const clause = partitionBy.length > 0 ? 'PARTITION BY' : 'ORDER BY'
    throw context.error('EVALUATION_ERROR', `Window ${name.name} has its ${clause} already.`, window.location)
  }
  return { partitionBy: base.partitionBy, orderBy: orderBy ?? base.orderBy, frame: frame ?? base.frame }
}

/** Without a frame: with ORDER BY from the first row to the current one and its peers, else the whole partition. */
function bindFrame(
  frame: syntax.WindowFrame | undefined,
  order: WindowOrder,
  scope: Scope,
  context: PlanContext,
): WindowFrame {
  if (frame === undefined) {
    const end = order.orderBy.length === 0 ? 'unbounded-following' : 'current-row'
    return { unit: 'range', start: { kind: 'unbounded-preceding' }, end: { kind: end }, exclude: 'no-others' }
  }
  const bind = (bound: syntax.FrameBound): FrameBound =>
    'distance' in bound
      ? { kind: bound.kind, distance: context.bindExpression(bound.distance, scope, context) }
      : { kind: bound.kind }
  const start = bind(frame.start)
  const end: FrameBound = frame.end === undefined ? { kind: 'current-row' } : bind(frame.end)
  const problem = frameProblem(frame.unit, start, end, order)
  if (problem !== undefined) throw context.error('EVALUATION_ERROR', problem, frame.location)
  return { unit: frame.unit, start, end, exclude: frame.exclude ?? 'no-others' }
}

const BOUND_ORDER: Readonly<Record<FrameBound['kind'], number>> = {
  'unbounded-preceding': 0,
  preceding: 1,
  'current-row': 2,
  following: 3,
  'unbounded-following': 4,
}

function frameProblem(
  unit: WindowFrame['unit'],
  start: FrameBound,
  end: FrameBound,
  order: WindowOrder,
): string | undefined {
  if (BOUND_ORDER[start.kind] > BOUND_ORDER[end.kind]) return 'The frame of a window ends before it begins.'
  if (start.kind === 'unbounded-following' || end.kind === 'unbounded-preceding')
    return 'The frame of a window is empty.'
  const hasDistance = 'distance' in start || 'distance' in end
  if (unit === 'range' && hasDistance && order.orderBy.length !== 1) {
    return 'RANGE with a distance needs exactly one key in ORDER BY.'
  }
  return unit === 'groups' && order.orderBy.length === 0 ? 'GROUPS needs ORDER BY.' : undefined
}
