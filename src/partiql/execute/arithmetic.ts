import { FormatError, StatementError } from '../../errors.ts'
import { Decimal, IonFloat, type IonValue, NULL } from '../../ion/index.ts'
import { compareValues } from '../value/compare.ts'
import { DECIMAL_DIGITS, limitDigits } from '../value/decimal-digits.ts'
import { isInt64, numberOf, toDecimal, toFloat, toInt } from '../value/engine-number.ts'
import { type EngineValue, MISSING } from '../value/engine-value.ts'
import { bare, DAY_TIME, familyOf, isAbsent, NUMBER } from '../value/family.ts'
import { Interval } from '../value/interval.ts'
import { addInterval, OutOfRangeResult, scaleInterval, subtractInterval } from './datetime-arithmetic.ts'
import type { TypeMismatch } from './type-mismatch.ts'

/** How one place of a statement calculates, beyond sums of plain numbers. */
export interface ArithmeticRules {
  /** Ints have 64 bits, and what does not fit is an error; otherwise they have any size. */
  readonly bounded: boolean
  readonly mismatch: TypeMismatch
  /** @throws {StatementError} EVALUATION_ERROR always */
  fail(message: string): never
}

/** Ints of any size, MISSING for a wrong type, errors without a place. */
export const PLAIN_ARITHMETIC: ArithmeticRules = {
  bounded: false,
  mismatch: () => MISSING,
  fail(message) {
    throw new StatementError('EVALUATION_ERROR', message)
  },
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%'

/**
 * `left operator right`. Ints give an int, `/` cuts toward zero and `%` has the sign of `left`; a decimal with an int or a
 * decimal stays exact to 38 digits, a float makes a float unless the other side is a decimal. Dates, times and intervals
 * calculate with intervals. MISSING wins over NULL.
 *
 * @throws {StatementError} EVALUATION_ERROR by `rules.fail`: an int or decimal divided by zero, an int beyond 64 bits, a
 *   date beyond the calendar, an interval with too many digits
 */
export function calculate(
  operator: ArithmeticOperator,
  left: EngineValue,
  right: EngineValue,
  rules: ArithmeticRules,
): EngineValue {
  const isMissing = left === MISSING || right === MISSING
  if (isMissing || isAbsent(left) || isAbsent(right)) {
    // Beside something absent, the type of the other side matters to strict typing alone.
    if (!(isAbsent(left) || isOperand(left)) || !(isAbsent(right) || isOperand(right))) rules.mismatch()
    return isMissing ? MISSING : NULL
  }
  const a = numberOf(left)
  const b = numberOf(right)
  if (a === undefined || b === undefined) return calculateDatetime(operator, bare(left), bare(right), rules)
  if (a instanceof Decimal || b instanceof Decimal) {
    const x = toDecimal(a)
    const y = toDecimal(b)
    if (x !== undefined && y !== undefined) return calculateDecimal(operator, x, y, rules)
    return calculateFloat(operator, toFloat(a), toFloat(b))
  }
  if (a instanceof IonFloat || b instanceof IonFloat) return calculateFloat(operator, toFloat(a), toFloat(b))
  return bounded(calculateInt(operator, a, b, rules), rules)
}

function isOperand(value: EngineValue): boolean {
  const family = familyOf(value)
  return family >= NUMBER && family <= DAY_TIME
}

function calculateDatetime(
  operator: ArithmeticOperator,
  a: EngineValue,
  b: EngineValue,
  rules: ArithmeticRules,
): EngineValue {
  const result = datetimeResult(operator, a, b, rules)
  if (!(result instanceof OutOfRangeResult)) return result ?? rules.mismatch()
  return rules.fail(
    result.of === 'calendar'
      ? 'The result leaves the years 1 to 9999.'
      : 'The result has more years, or days, than the precision of the interval allows. Write the literal with more digits, as in DAY(4).',
  )
}

function datetimeResult(
  operator: ArithmeticOperator,
  a: EngineValue,
  b: EngineValue,
  rules: ArithmeticRules,
): EngineValue | OutOfRangeResult | undefined {
  switch (operator) {
    case '+':
      return addInterval(a, b)
    case '-':
      return subtractInterval(a, b)
    case '*':
    case '/': {
      const [interval, by] = a instanceof Interval || operator === '/' ? [a, b] : [b, a]
      const number = numberOf(by)
      if (!(interval instanceof Interval) || number === undefined) return undefined
      if (operator === '/' && compareValues(number, 0) === 0) return rules.fail(DIVISION_BY_ZERO)
      return scaleInterval(interval, operator, number)
    }
    case '%':
      return undefined
  }
}

/** An int that the rules allow. */
function bounded(value: number | bigint, rules: ArithmeticRules): number | bigint {
  if (typeof value === 'number' || !rules.bounded || isInt64(value)) return value
  return rules.fail(`The result ${value} is beyond the 64 bits of an int. Calculate with a decimal, as in 1.0 * x.`)
}

/** `-a` */
export function negate(value: EngineValue, rules: ArithmeticRules): EngineValue {
  if (typeof value === 'number') return value === 0 ? 0 : -value
  if (value === MISSING) return MISSING
  if (isAbsent(value)) return NULL
  const plain = bare(value)
  if (plain instanceof Interval) return plain.negate()
  const operand = numberOf(value)
  if (operand === undefined) return rules.mismatch()
  if (operand instanceof Decimal) return operand.negate()
  if (operand instanceof IonFloat) return new IonFloat(-operand.value)
  return bounded(toInt(-BigInt(operand)), rules)
}

function calculateInt(
  operator: ArithmeticOperator,
  a: number | bigint,
  b: number | bigint,
  rules: ArithmeticRules,
): number | bigint {
  if ((operator === '/' || operator === '%') && b === 0) return rules.fail(DIVISION_BY_ZERO)
  if (typeof a === 'number' && typeof b === 'number') {
    // Dividing safe ints as floats and cutting can be off by one when the quotient is large; the remainder is exact.
    if (operator === '/') return (a - (a % b)) / b + 0
    if (operator === '%') return (a % b) + 0
  }
  const x = BigInt(a)
  const y = BigInt(b)
  switch (operator) {
    case '+':
      return toInt(x + y)
    case '-':
      return toInt(x - y)
    case '*':
      return toInt(x * y)
    case '/':
      return toInt(x / y)
    case '%':
      return toInt(x % y)
  }
}

function calculateFloat(operator: ArithmeticOperator, a: number, b: number): IonValue {
  switch (operator) {
    case '+':
      return new IonFloat(a + b)
    case '-':
      return new IonFloat(a - b)
    case '*':
      return new IonFloat(a * b)
    case '/':
      return new IonFloat(a / b)
    case '%':
      return new IonFloat(a % b)
  }
}

function calculateDecimal(operator: ArithmeticOperator, a: Decimal, b: Decimal, rules: ArithmeticRules): IonValue {
  if ((operator === '/' || operator === '%') && b.isZero) return rules.fail(DIVISION_BY_ZERO)
  try {
    switch (operator) {
      case '+':
        return limitDigits(a.plus(b))
      case '-':
        return limitDigits(a.minus(b))
      case '*':
        return limitDigits(a.times(b))
      case '/':
        return a.dividedBy(b, DECIMAL_DIGITS)
      case '%':
        return limitDigits(a.remainder(b))
    }
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause
    return rules.fail(`The numbers are too far apart in size to calculate with. ${cause.message}`)
  }
}

const DIVISION_BY_ZERO = 'A number was divided by zero. Guard the division, for example with NULLIF(divisor, 0).'
