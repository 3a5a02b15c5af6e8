import type * as syntax from '../syntax/nodes.ts'
import { WINDOW_FUNCTIONS } from './functions.ts'
import { functionElsewhere } from './functions-elsewhere.ts'
import { nearestName } from './nearest-name.ts'
import type { PlanContext } from './plan-context.ts'

/**
 * The error for a call of what is no `kind` (`function`, `window function`): with what to write for a function of other
 * databases, or the nearest name that is one.
 */
export function unknownFunction(
  node: syntax.Call,
  name: string,
  kind: 'function' | 'window function',
  known: readonly string[],
  context: PlanContext,
): Error {
  const upper = name.toUpperCase()
  if (kind === 'function' && WINDOW_FUNCTIONS.has(name)) {
    const advice = `${upper} is a window function: write ${upper}(…) OVER (ORDER BY …).`
    return context.error('UNKNOWN_FUNCTION', advice, node.location)
  }
  const here = functionElsewhere(name)
  const near = nearestName(name, known)
  const hint = here !== undefined ? ` Write ${here}.` : near !== undefined ? ` Did you mean ${near.toUpperCase()}?` : ''
  return context.error('UNKNOWN_FUNCTION', `There is no ${kind} ${upper}.${hint}`, node.location)
}

/** @throws {StatementError} WRONG_ARGUMENT_COUNT when a call has fewer arguments than `min` or more than `max` */
export function checkArity(node: syntax.Call, name: string, min: number, max: number, context: PlanContext): void {
  const count = node.args.length
  if (count >= min && count <= max) return
  const wanted = min === max ? `${min}` : max === Number.POSITIVE_INFINITY ? `at least ${min}` : `${min} to ${max}`
  throw context.error(
    'WRONG_ARGUMENT_COUNT',
    `${name.toUpperCase()} takes ${wanted} argument${wanted === '1' ? '' : 's'}, got ${count}.`,
    node.location,
  )
}
