import { StatementError } from '../../errors.ts'
import type { EngineValue } from '../value/engine-value.ts'

/**
 * What LIMIT and OFFSET say.
 *
 * @throws {StatementError} EVALUATION_ERROR for what is no int from 0
 */
export function rowCountOf(value: EngineValue): number {
  if (typeof value === 'bigint' && value > 0n) return Number.POSITIVE_INFINITY
  if (typeof value === 'number' && value >= 0) return value
  throw new StatementError('EVALUATION_ERROR', 'LIMIT and OFFSET take a whole number that is not negative.')
}
