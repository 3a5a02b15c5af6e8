import { StatementError } from '../errors.ts'

/** @throws {StatementError} WRONG_PARAMETER_COUNT when as many values were not given as the statement has question marks */
export function checkParameterCount(wanted: number, given: number): void {
  if (given === wanted) return
  throw new StatementError(
    'WRONG_PARAMETER_COUNT',
    `The statement has ${wanted} parameter${wanted === 1 ? '' : 's'} (?), but ${given} value${given === 1 ? ' was' : 's were'} given.`,
  )
}
