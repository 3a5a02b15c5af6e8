import { StatementError } from '../../errors.ts'
import { Decimal, IonFloat, type IonValue, NULL } from '../../ion/index.ts'
import { bare, isAbsent } from '../value/compare.ts'
import { type EngineValue, MISSING } from '../value/engine-value.ts'

/** Significant digits of decimal results, as PartiQL's reference implementations keep them. */
export const DECIMAL_DIGITS = 38

/** What arithmetic works with once nulls, annotations and wrong types are gone. */
export type EngineNumber = number | bigint | Decimal | IonFloat

/** The number a value is, without annotations; undefined when it is none. */
export function numberOf(value: EngineValue): EngineNumber | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  const plain = bare(value)
  if (typeof plain === 'number' || typeof plain === 'bigint') return plain
  return plain instanceof Decimal || plain instanceof IonFloat ? plain : undefined
}

/**
 * `a + b`. Ints stay exact at any size, a decimal with an int or a decimal stays exact to 38 digits, a float makes a
 * float unless the other side is a decimal. MISSING wins over NULL; a wrong type gives MISSING.
 */
export function add(a: EngineValue, b: EngineValue): EngineValue {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    return Number.isSafeInteger(sum) ? sum : BigInt(a) + BigInt(b)
  }
  return calculate('+', a, b)
}

/** `a - b`; see {@link add}. */
export function subtract(a: EngineValue, b: EngineValue): EngineValue {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b
    return Number.isSafeInteger(difference) ? difference : BigInt(a) - BigInt(b)
  }
  return calculate('-', a, b)
}

/** `a * b`; see {@link add}. */
export function multiply(a: EngineValue, b: EngineValue): EngineValue {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b
    return Number.isSafeInteger(product) ? product + 0 : BigInt(a) * BigInt(b)
  }
  return calculate('*', a, b)
}

/**
 * `a / b`. Two ints give an int, cut toward zero; see {@link add} for the rest.
 *
 * @throws {StatementError} EVALUATION_ERROR when an int or decimal is divided by zero
 */
export function divide(a: EngineValue, b: EngineValue): EngineValue {
  return calculate('/', a, b)
}

/** `a % b`, with the sign of `a`; see {@link divide}. */
export function modulo(a: EngineValue, b: EngineValue): EngineValue {
  return calculate('%', a, b)
}

/** `-a` */
export function negate(value: EngineValue): EngineValue {
  if (typeof value === 'number') return value === 0 ? 0 : -value
  if (value === MISSING) return MISSING
  if (isAbsent(value)) return NULL
  const operand = numberOf(value)
  if (operand === undefined) return MISSING
  if (operand instanceof Decimal) return operand.negate()
  if (operand instanceof IonFloat) return new IonFloat(-operand.value)
  return toInt(-BigInt(operand))
}

/** An int in its canonical form: a number where it is safe, else a bigint. */
export function toInt(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value
}

/** Rounded half to even to {@link DECIMAL_DIGITS} significant digits. */
export function limitDigits(value: Decimal): Decimal {
  const magnitude = value.coefficient < 0n ? -value.coefficient : value.coefficient
  if (magnitude < LIMIT) return value
  const extra = magnitude.toString().length - DECIMAL_DIGITS
  return value.round(-(value.exponent + extra))
}
const LIMIT = 10n ** BigInt(DECIMAL_DIGITS)

/** A number as a decimal; a float by its shortest text. Infinities and NaN have none: undefined. */
export function toDecimal(value: EngineNumber): Decimal | undefined {
  if (value instanceof Decimal) return value
  if (value instanceof IonFloat) return Number.isFinite(value.value) ? new Decimal(value.value) : undefined
  return Decimal.of(BigInt(value), 0)
}

/** A number as a 64-bit float. */
export function toFloat(value: EngineNumber): number {
  if (typeof value === 'number') return value
  if (value instanceof IonFloat) return value.value
  return value instanceof Decimal ? value.toNumber() : Number(value)
}

type Operator = '+' | '-' | '*' | '/' | '%'

function calculate(operator: Operator, left: EngineValue, right: EngineValue): EngineValue {
  if (left === MISSING || right === MISSING) return MISSING
  if (isAbsent(left) || isAbsent(right)) return NULL
  const a = numberOf(left)
  const b = numberOf(right)
  if (a === undefined || b === undefined) return MISSING
  if (a instanceof Decimal || b instanceof Decimal) {
    const x = toDecimal(a)
    const y = toDecimal(b)
    if (x !== undefined && y !== undefined) return calculateDecimal(operator, x, y)
    return calculateFloat(operator, toFloat(a), toFloat(b))
  }
  if (a instanceof IonFloat || b instanceof IonFloat) return calculateFloat(operator, toFloat(a), toFloat(b))
  return calculateInt(operator, a, b)
}

function calculateInt(operator: Operator, a: number | bigint, b: number | bigint): IonValue {
  if ((operator === '/' || operator === '%') && b === 0) throw divisionByZero()
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

function calculateFloat(operator: Operator, a: number, b: number): IonValue {
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

function calculateDecimal(operator: Operator, a: Decimal, b: Decimal): IonValue {
  switch (operator) {
    case '+':
      return limitDigits(a.plus(b))
    case '-':
      return limitDigits(a.minus(b))
    case '*':
      return limitDigits(a.times(b))
    case '/':
      if (b.isZero) throw divisionByZero()
      return a.dividedBy(b, DECIMAL_DIGITS)
    case '%':
      if (b.isZero) throw divisionByZero()
      return limitDigits(a.remainder(b))
  }
}

function divisionByZero(): StatementError {
  return new StatementError(
    'EVALUATION_ERROR',
    'A number was divided by zero. Guard the division, for example with NULLIF(divisor, 0).',
  )
}
