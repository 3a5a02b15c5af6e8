import type * as plan from '../plan/expression.ts'
import type { Location } from '../syntax/nodes.ts'
import { numberOf } from '../value/engine-number.ts'
import type { EngineValue } from '../value/engine-value.ts'
import { bare, isAbsent } from '../value/family.ts'
import { Interval } from '../value/interval.ts'
import { type ArithmeticOperator, type ArithmeticRules, calculate, negate } from './arithmetic.ts'
import type { Compiler, Evaluate } from './compiler.ts'
import { typeMismatch } from './type-mismatch.ts'

/** How a place of the statement calculates. */
export function arithmeticRules(compiler: Compiler, name: string, place: Location | undefined): ArithmeticRules {
  const { dialect, text } = compiler
  return {
    bounded: !dialect.hasIonTypes,
    mismatch: typeMismatch(
      compiler,
      `${name} calculates with numbers, dates, times and intervals that fit together.`,
      place,
    ),
    fail(message) {
      throw text.error('EVALUATION_ERROR', message, place)
    },
  }
}

/** `a + b` and its kin: plain numbers whose result is safe take no detour. */
export function compileArithmetic(
  operator: ArithmeticOperator,
  operation: plan.Operation,
  compiler: Compiler,
): Evaluate {
  const left = compiler.expression(operation.left)
  const right = compiler.expression(operation.right)
  const slow = compileSlow(operator, operation, arithmeticRules(compiler, operator, operation.place))
  switch (operator) {
    case '+':
      return (frame) => {
        const a = left(frame)
        const b = right(frame)
        if (typeof a === 'number' && typeof b === 'number') {
          const sum = a + b
          if (Number.isSafeInteger(sum)) return sum
        }
        return slow(a, b)
      }
    case '-':
      return (frame) => {
        const a = left(frame)
        const b = right(frame)
        if (typeof a === 'number' && typeof b === 'number') {
          const difference = a - b
          if (Number.isSafeInteger(difference)) return difference
        }
        return slow(a, b)
      }
    case '*':
      return (frame) => {
        const a = left(frame)
        const b = right(frame)
        if (typeof a === 'number' && typeof b === 'number') {
          const product = a * b
          if (Number.isSafeInteger(product)) return product + 0
        }
        return slow(a, b)
      }
    case '/':
    case '%':
      return (frame) => slow(left(frame), right(frame))
  }
}

type Calculate = (a: EngineValue, b: EngineValue) => EngineValue

/** A number that was written with an exponent is, to an interval, the binary float it stands for. */
function compileSlow(operator: ArithmeticOperator, operation: plan.Operation, rules: ArithmeticRules): Calculate {
  const leftFloat = asFloat(operation.left)
  const rightFloat = asFloat(operation.right)
  if (leftFloat === undefined && rightFloat === undefined) return (a, b) => calculate(operator, a, b, rules)
  return (a, b) =>
    calculate(
      operator,
      leftFloat !== undefined && b instanceof Interval ? leftFloat : a,
      rightFloat !== undefined && a instanceof Interval ? rightFloat : b,
      rules,
    )
}

function asFloat(operand: plan.PlanExpression): EngineValue | undefined {
  return operand.kind === 'constant' ? operand.asFloat : undefined
}

/** `-a` and `+a`. */
export function compileSign(unary: plan.Negation, compiler: Compiler): Evaluate {
  const operand = compiler.expression(unary.operand)
  const rules = arithmeticRules(compiler, `Unary ${unary.operator}`, unary.place)
  if (unary.operator === '-') return (frame) => negate(operand(frame), rules)
  return (frame) => {
    const value = operand(frame)
    if (isAbsent(value)) return value
    const plain = bare(value)
    return plain instanceof Interval ? plain : (numberOf(value) ?? rules.mismatch())
  }
}
