import { StatementError } from '../../errors.ts'
import type { PlanExpression } from '../plan/expression.ts'
import type { EngineValue } from '../value/engine-value.ts'
import type { Compiler } from './compiler.ts'
import type { Frame } from './frame.ts'

/** Turns what LIMIT or OFFSET says into a number of rows; `otherwise` where the clause does not count. */
type CompileRowCount = (expression: PlanExpression, otherwise: number) => (frame: Frame) => number

/**
 * LIMIT and OFFSET take a whole number from 0. Where the dialect ignores what is none, that leaves the clause out, but
 * for a number that is written there.
 *
 * @throws {StatementError} EVALUATION_ERROR, then or when compiling, for what is no whole number from 0
 */
export function compileRowCount(compiler: Compiler): CompileRowCount {
  const { ignoresBadLimits } = compiler.dialect
  return (expression, otherwise) => {
    const evaluate = compiler.expression(expression)
    const ignored = ignoresBadLimits && !isWritten(expression) ? otherwise : undefined
    return (frame) => {
      const count = countOf(evaluate(frame)) ?? ignored
      if (count !== undefined) return count
      throw new StatementError('EVALUATION_ERROR', 'LIMIT and OFFSET take a whole number that is not negative.')
    }
  }
}

function countOf(value: EngineValue): number | undefined {
  if (typeof value === 'bigint' && value > 0n) return Number.POSITIVE_INFINITY
  return typeof value === 'number' && value >= 0 ? value : undefined
}

/** `-1`, as it stands there: a number, or one with a sign. */
function isWritten(expression: PlanExpression): boolean {
  if (expression.kind === 'unary') return expression.operator !== 'not' && isWritten(expression.operand)
  return expression.kind === 'constant' && typeof expression.value !== 'string'
}
