import type * as syntax from '../syntax/nodes.ts'
import { nearestName } from './nearest-name.ts'
import type { PlanContext } from './plan-context.ts'

/** The error for a call of what is no `kind` (`function`, `window function`), with the nearest name that is one. */
export function unknownFunction(
  node: syntax.Call,
  name: string,
  kind: string,
  known: readonly string[],
  context: PlanContext,
): Error {
  const near = nearestName(name, known)
  const hint = near === undefined ? '' : ` Did you mean ${near.toUpperCase()}?`
  return context.error('UNKNOWN_FUNCTION', `There is no ${kind} ${name.toUpperCase()}.${hint}`, node.location)
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
