import { FormatError } from '../errors.ts'
import { showAsText } from './inspect.ts'

/** What the arithmetic of {@link Decimal} takes: a decimal, or anything its constructor takes. */
export type DecimalLike = Decimal | string | number | bigint

/** Exponents are 32-bit, as in other Ion implementations. */
const MAX_EXPONENT = 2 ** 31 - 1
/** Arithmetic refuses to write out more zeros than this: `1d1000000000 + 1` would not fit in memory. */
const MAX_ADDED_DIGITS = 10_000

const DECIMAL_TEXT = /^([+-]?)(\d+)(?:\.(\d*))?(?:[dDeE]([+-]?\d+))?$/

const POWERS_OF_TEN: readonly bigint[] = Array.from({ length: 64 }, (_, exponent) => 10n ** BigInt(exponent))

/**
 * An exact decimal number: `coefficient × 10^exponent`, of any size, for money and measures.
 *
 * Precision is part of the value: `50.00` and `50.0` are the same number ({@link eq} holds) but different Ion values,
 * and they hash differently. What you write is what is stored, printed and proven.
 *
 * ```ts
 * const price = new Decimal('50.00')
 * price.plus('0.05').toString()        // '50.05'
 * price.times(3).toString()            // '150.00'
 * price.gte('49.99')                   // true
 * price.dividedBy(3).round(2).toString() // '16.67'
 * ```
 *
 * Immutable. `plus`, `minus` and `times` are exact; only `dividedBy` and `round` round, half to even. JavaScript's own
 * operators would treat it as text or number and lose exactness without a word, so `+`, `-`, `*`, `/` and `<` on a
 * `Decimal` throw a TypeError: use the methods.
 *
 * Ion 1.0 specification, "Decimals".
 */
export class Decimal {
  /** All digits with the sign: -5025n for `-50.25`. */
  readonly coefficient: bigint
  /** The power of ten: -2 for `50.25`, 3 for `1d3`. A 32-bit integer. */
  readonly exponent: number
  /** True for `-0.`, `-0.00` …, which Ion keeps apart from zero. They compare as zero. */
  readonly isNegativeZero: boolean

  /**
   * - from text: `'50.00'`, `'-0.5'`, `'1d3'`, `'1e3'`; every digit counts. This is the form for money.
   * - from a number: its shortest decimal text, `0.1` gives `0.1`; `NaN` and infinities are refused.
   * - from a bigint: that integer; with `exponent` given, `new Decimal(5025n, -2)` is `50.25`.
   *
   * @throws {FormatError} BAD_VALUE when the text is no decimal or the exponent is beyond 32 bits
   * @throws {TypeError} when given something else
   */
  constructor(value: string | number | bigint, exponent: number = 0, isNegativeZero: boolean = false) {
    if (typeof value === 'bigint') {
      if (!(exponent <= MAX_EXPONENT && exponent >= -MAX_EXPONENT - 1 && Number.isInteger(exponent))) {
        throw new FormatError('BAD_VALUE', `A decimal exponent must be a 32-bit integer, got ${exponent}.`)
      }
      this.coefficient = value
      this.exponent = exponent + 0 // never -0
      this.isNegativeZero = isNegativeZero && value === 0n
      return
    }
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw new TypeError(`'value' expected a string, number or bigint, got ${value === null ? 'null' : typeof value}`)
    }
    const text = typeof value === 'string' ? value : Object.is(value, -0) ? '-0' : String(value)
    const match = DECIMAL_TEXT.exec(text)
    if (match === null) {
      throw new FormatError(
        'BAD_VALUE',
        `Not a decimal number: ${JSON.stringify(text.slice(0, 80))}. Write it like 50.00 or 1d3.`,
      )
    }
    const fraction = match[3] ?? ''
    const scaled = Number(match[4] ?? '0') - fraction.length
    if (!(scaled <= MAX_EXPONENT && scaled >= -MAX_EXPONENT - 1)) {
      throw new FormatError('BAD_VALUE', `The exponent of this decimal is beyond 32 bits: ${text.slice(-80)}.`)
    }
    const magnitude = BigInt(match[2]! + fraction)
    const negative = match[1] === '-'
    this.coefficient = negative ? -magnitude : magnitude
    this.exponent = scaled + 0
    this.isNegativeZero = negative && magnitude === 0n
  }

  /** `coefficient × 10^exponent`; `isNegativeZero` counts only when the coefficient is zero. */
  static of(coefficient: bigint, exponent: number, isNegativeZero: boolean = false): Decimal {
    return new Decimal(coefficient, exponent, isNegativeZero)
  }

  /** The exact sum, with the finer precision of the two: `1.5 + 0.25` is `1.75`. */
  plus(other: DecimalLike): Decimal {
    const that = toDecimal(other)
    const exponent = Math.min(this.exponent, that.exponent)
    return new Decimal(rescaled(this, exponent) + rescaled(that, exponent), exponent)
  }

  /** The exact difference, with the finer precision of the two: `2.00 - 0.5` is `1.50`. */
  minus(other: DecimalLike): Decimal {
    const that = toDecimal(other)
    const exponent = Math.min(this.exponent, that.exponent)
    return new Decimal(rescaled(this, exponent) - rescaled(that, exponent), exponent)
  }

  /** The exact product; the digits after the point add up: `1.20 × 0.5` is `0.600`. */
  times(other: DecimalLike): Decimal {
    const that = toDecimal(other)
    return new Decimal(this.coefficient * that.coefficient, this.exponent + that.exponent)
  }

  /**
   * The quotient: exact when it has at most `digits` significant digits, else rounded half to even to that many.
   * `1 / 8` is `0.125`, `1 / 3` is `0.33…3` (38 digits). To cents: `.dividedBy(3).round(2)`.
   *
   * @throws {RangeError} when `other` is zero, or `digits` is not from 1 to 10 000
   */
  dividedBy(other: DecimalLike, digits: number = 38): Decimal {
    const divisor = toDecimal(other)
    if (!(Number.isInteger(digits) && digits >= 1 && digits <= MAX_ADDED_DIGITS)) {
      throw new RangeError(`'digits' expected an integer from 1 to ${MAX_ADDED_DIGITS}, got ${digits}`)
    }
    if (divisor.coefficient === 0n) throw new RangeError('Division by zero')
    const idealExponent = this.exponent - divisor.exponent
    if (this.coefficient === 0n) return new Decimal(0n, clampExponent(idealExponent))
    const dividend = magnitudeOf(this.coefficient)
    const by = magnitudeOf(divisor.coefficient)
    // With this shift the integer quotient has more than `digits` digits: one at least to round by.
    const shift = Math.max(0, digits + 1 + digitCount(by) - digitCount(dividend))
    const scaled = dividend * powerOfTen(shift)
    let quotient = scaled / by
    let exponent = idealExponent - shift
    const isExact = quotient * by === scaled
    if (isExact) {
      while (exponent < idealExponent && quotient % 10n === 0n) {
        quotient /= 10n
        exponent++
      }
    }
    const extra = digitCount(quotient) - digits
    if (extra > 0) {
      quotient = dividedHalfEven(quotient, powerOfTen(extra), !isExact)
      exponent += extra
      if (digitCount(quotient) > digits) {
        quotient /= 10n // 999… was rounded up to 1000…
        exponent++
      }
    }
    const isNegative = this.coefficient < 0n !== divisor.coefficient < 0n
    return new Decimal(isNegative ? -quotient : quotient, exponent)
  }

  /**
   * What is left after taking away `other` a whole number of times; exact, with the sign of this number:
   * `7.5 % 2` is `1.5`, `-7 % 3` is `-1`.
   *
   * @throws {RangeError} when `other` is zero
   */
  remainder(other: DecimalLike): Decimal {
    const that = toDecimal(other)
    if (that.coefficient === 0n) throw new RangeError('Division by zero')
    const exponent = Math.min(this.exponent, that.exponent)
    return new Decimal(rescaled(this, exponent) % rescaled(that, exponent), exponent)
  }

  /** The number with the other sign; zero stays zero. */
  negate(): Decimal {
    return new Decimal(-this.coefficient, this.exponent)
  }

  /** The number without its sign. */
  abs(): Decimal {
    return new Decimal(magnitudeOf(this.coefficient), this.exponent)
  }

  /**
   * Rounded half to even, with exactly `digits` digits after the point: `2.345` to 2 is `2.34`, `5` to 2 is `5.00`. Negative
   * `digits` round before the point: `1250` to -2 is `12d2`.
   */
  round(digits: number = 0): Decimal {
    if (!Number.isInteger(digits)) throw new RangeError(`'digits' expected an integer, got ${digits}`)
    const exponent = -digits
    if (exponent <= this.exponent) return new Decimal(rescaled(this, exponent), exponent)
    const drop = exponent - this.exponent
    const magnitude = magnitudeOf(this.coefficient)
    if (drop > digitCount(magnitude)) return new Decimal(0n, exponent)
    const rounded = dividedHalfEven(magnitude, powerOfTen(drop), false)
    return new Decimal(this.coefficient < 0n ? -rounded : rounded, exponent)
  }

  /** By numeric value, whatever the precision: -1 when this is smaller, 0 when equal, 1 when greater. */
  compare(other: DecimalLike): -1 | 0 | 1 {
    const that = toDecimal(other)
    const thisSign = signOf(this.coefficient)
    const thatSign = signOf(that.coefficient)
    if (thisSign !== thatSign) return thisSign < thatSign ? -1 : 1
    if (thisSign === 0) return 0
    if (this.exponent !== that.exponent) {
      // Numbers of different length need no common exponent, which could be astronomically far.
      const thisLength = digitCount(magnitudeOf(this.coefficient)) + this.exponent
      const thatLength = digitCount(magnitudeOf(that.coefficient)) + that.exponent
      if (thisLength !== thatLength) return thisLength < thatLength === thisSign > 0 ? -1 : 1
    }
    const exponent = Math.min(this.exponent, that.exponent)
    const thisScaled = this.coefficient * 10n ** BigInt(this.exponent - exponent)
    const thatScaled = that.coefficient * 10n ** BigInt(that.exponent - exponent)
    return thisScaled < thatScaled ? -1 : thisScaled > thatScaled ? 1 : 0
  }

  /** Same number; `1.0` and `1.00` are. For the same Ion value, precision included, see `equals`. */
  eq(other: DecimalLike): boolean {
    return this.compare(other) === 0
  }

  gt(other: DecimalLike): boolean {
    return this.compare(other) > 0
  }

  gte(other: DecimalLike): boolean {
    return this.compare(other) >= 0
  }

  lt(other: DecimalLike): boolean {
    return this.compare(other) < 0
  }

  lte(other: DecimalLike): boolean {
    return this.compare(other) <= 0
  }

  /** True for zero in every form: `0.`, `-0.00`, `0d5`. */
  get isZero(): boolean {
    return this.coefficient === 0n
  }

  /** The nearest 64-bit float; exactness may be lost. */
  toNumber(): number {
    return this.isNegativeZero ? -0 : Number(`${this.coefficient}e${this.exponent}`)
  }

  /**
   * Ion's text form, which keeps precision and reads back as the same value: `50.00`, `5.`, `-0.5`, `1d3`, `-0.00`.
   * Very small numbers use an exponent: `25d-9`.
   */
  toString(): string {
    const digits = magnitudeOf(this.coefficient).toString()
    const sign = this.coefficient < 0n || this.isNegativeZero ? '-' : ''
    if (this.exponent === 0) return `${sign}${digits}.`
    if (this.exponent > 0) return `${sign}${digits}d${this.exponent}`
    const whole = digits.length + this.exponent
    if (whole > 0) return `${sign}${digits.slice(0, whole)}.${digits.slice(whole)}`
    if (whole > -6) return `${sign}0.${'0'.repeat(-whole)}${digits}`
    return `${sign}${digits}d${this.exponent}`
  }

  /** The text of {@link toString}: JSON has no exact decimals. */
  toJSON(): string {
    return this.toString()
  }

  /** @throws {TypeError} always: `a + b` and `a < b` are not exact. Use `plus`, `lt` and so on. */
  valueOf(): never {
    throw new TypeError('A Decimal does not take part in + - * / or <; use its methods plus, minus, lt, gte …')
  }
}

showAsText(Decimal)

function toDecimal(value: DecimalLike): Decimal {
  return value instanceof Decimal ? value : new Decimal(value)
}

/** The coefficient of `value` at a smaller or equal exponent. */
function rescaled(value: Decimal, exponent: number): bigint {
  const added = value.exponent - exponent
  return added === 0 || value.coefficient === 0n ? value.coefficient : value.coefficient * powerOfTen(added)
}

function powerOfTen(exponent: number): bigint {
  if (exponent < POWERS_OF_TEN.length) return POWERS_OF_TEN[exponent]!
  if (exponent > MAX_ADDED_DIGITS) {
    throw new FormatError('BAD_VALUE', `The exact result would need more than ${MAX_ADDED_DIGITS} further digits.`)
  }
  return 10n ** BigInt(exponent)
}

/** `magnitude / divisor` rounded half to even; `isMore` says that a little more than `magnitude` is meant. */
function dividedHalfEven(magnitude: bigint, divisor: bigint, isMore: boolean): bigint {
  const quotient = magnitude / divisor
  const twice = (magnitude - quotient * divisor) * 2n
  if (twice > divisor || (twice === divisor && (isMore || (quotient & 1n) === 1n))) return quotient + 1n
  return quotient
}

function digitCount(magnitude: bigint): number {
  return magnitude.toString().length
}

function magnitudeOf(value: bigint): bigint {
  return value < 0n ? -value : value
}

function signOf(value: bigint): -1 | 0 | 1 {
  return value < 0n ? -1 : value > 0n ? 1 : 0
}

function clampExponent(exponent: number): number {
  return Math.max(-MAX_EXPONENT - 1, Math.min(MAX_EXPONENT, exponent))
}
