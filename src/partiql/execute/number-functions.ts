import { Decimal, IonFloat } from '../../ion/index.ts'
import { compareValues } from '../value/compare.ts'
import { type EngineNumber, numberOf, toDecimal, toFloat, toInt } from '../value/engine-number.ts'
import type { EngineValue } from '../value/engine-value.ts'
import { bare } from '../value/family.ts'
import { Interval } from '../value/interval.ts'
import { calculate, negate } from './arithmetic.ts'
import { type CallContext, type ScalarFunctions, WRONG_TYPE, type WrongType } from './scalar-function.ts'

/** Functions of numbers, and ABS also of intervals. What has no exact result is a float. */
export const NUMBER_FUNCTIONS: ScalarFunctions = new Map([
  ['abs', ([value], context) => absolute(value!, context)],
  ['ceil', ([value]) => rounded(value!, 1)],
  ['ceiling', ([value]) => rounded(value!, 1)],
  ['exp', ([value]) => withFloat(value!, Math.exp)],
  ['floor', ([value]) => rounded(value!, -1)],
  [
    'ln',
    ([value], context) => withFloat(value!, (number) => (number > 0 ? Math.log(number) : refuseLn(number, context))),
  ],
  [
    'mod',
    ([a, b], { rules }) =>
      numberOf(a!) === undefined || numberOf(b!) === undefined ? WRONG_TYPE : calculate('%', a!, b!, rules),
  ],
  ['power', ([base, exponent]) => withFloat(base!, (a) => withFloat(exponent!, (b) => a ** b))],
  [
    'sqrt',
    ([value], context) => withFloat(value!, (number) => (number < 0 ? refuseSqrt(number, context) : Math.sqrt(number))),
  ],
])

function refuseLn(number: number, { rules }: CallContext): never {
  return rules.fail(`LN needs a number greater than 0, got ${number}.`)
}

function refuseSqrt(number: number, { rules }: CallContext): never {
  return rules.fail(`SQRT needs a number that is not negative, got ${number}.`)
}

function withFloat(
  value: EngineValue,
  use: (number: number) => number | EngineValue | WrongType,
): EngineValue | WrongType {
  const number = numberOf(value)
  if (number === undefined) return WRONG_TYPE
  const result = use(toFloat(number))
  return typeof result === 'number' ? new IonFloat(result) : result
}

function absolute(value: EngineValue, { rules }: CallContext): EngineValue | WrongType {
  const plain = bare(value)
  if (plain instanceof Interval) return plain.isNegative ? plain.negate() : plain
  const number = numberOf(value)
  if (number === undefined) return WRONG_TYPE
  if (number instanceof IonFloat) return new IonFloat(Math.abs(number.value))
  if (number instanceof Decimal) return number.abs()
  return compareValues(number, 0) < 0 ? negate(number, rules) : number
}

/** The next whole number up (1) or down (-1), of the same type; an int stays what it is. */
function rounded(value: EngineValue, direction: 1 | -1): EngineValue | WrongType {
  const number: EngineNumber | undefined = numberOf(value)
  if (number === undefined) return WRONG_TYPE
  if (typeof number === 'number' || typeof number === 'bigint') return number
  if (number instanceof IonFloat) {
    return new IonFloat(direction > 0 ? Math.ceil(number.value) : Math.floor(number.value))
  }
  if (number.exponent >= 0) return number
  const { coefficient, exponent } = number
  // All digits behind the point: the unit would be a needlessly large number, of any size.
  const isFraction = -exponent > coefficient.toString().length
  const unit = isFraction ? 1n : 10n ** BigInt(-exponent)
  const cut = isFraction ? 0n : coefficient / unit
  const isWhole = cut * unit === coefficient
  const isPositive = coefficient > 0n
  const step = isWhole || isPositive !== direction > 0 ? 0n : BigInt(direction)
  return toDecimal(toInt(cut + step))!
}
