import { FormatError } from '../../errors.ts'
import { showAsText } from '../../ion/index.ts'
import { clockText, fractionText } from './time-value.ts'

/** The fields of an interval, of its two families: `year` and `month`, and the others. */
export type IntervalField = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'

/** `YEAR TO MONTH`, `DAY(3) TO SECOND(6)`: the fields an interval is written with; the first may have more digits than two. */
export interface IntervalFields {
  readonly from: IntervalField
  readonly to: IntervalField | undefined
  readonly precision: number | undefined
  readonly fractionPrecision: number | undefined
}

const FIELDS: readonly IntervalField[] = ['year', 'month', 'day', 'hour', 'minute', 'second']
const DEFAULT_PRECISION = 2
const DEFAULT_FRACTION_PRECISION = 6
/** Of a difference of dates, which has no written precision: more digits than the calendar needs. */
const WIDEST_PRECISION = 9

/** How much one of a field is: months, or nanoseconds. */
const UNITS: Readonly<Record<IntervalField, bigint>> = {
  year: 12n,
  month: 1n,
  day: 86_400_000_000_000n,
  hour: 3_600_000_000_000n,
  minute: 60_000_000_000n,
  second: 1_000_000_000n,
}
/** One more than the largest value of a field that is not the first. */
const RANGES: Readonly<Record<IntervalField, number>> = {
  year: Number.POSITIVE_INFINITY,
  month: 12,
  day: Number.POSITIVE_INFINITY,
  hour: 24,
  minute: 60,
  second: 60,
}

/**
 * A span of time with a sign, of one of two families that never mix, as a month has no fixed length: whole months
 * (`INTERVAL '1-6' YEAR TO MONTH`), or nanoseconds (`INTERVAL '1 2:30:45.5' DAY TO SECOND`). Normalised: 13 months are one
 * year and one month. Immutable. SQL:1999 §4.7.
 */
export class Interval {
  readonly kind = 'interval'
  readonly family: 'year-month' | 'day-time'
  /** Months, or nanoseconds. */
  readonly amount: bigint
  /** How many digits its years, or days, may have; what is computed from it has no more. */
  readonly precision: number

  constructor(family: 'year-month' | 'day-time', amount: bigint, precision: number = WIDEST_PRECISION) {
    this.family = family
    this.amount = amount
    this.precision = Math.max(DEFAULT_PRECISION, precision)
  }

  /**
   * Reads the text between the quotes of a literal: `1-6`, `-3 8:45`, `+0.5`. Digits of a second beyond the fraction
   * precision are cut off.
   *
   * @throws {FormatError} BAD_VALUE when a field is missing, out of its range, or the first has too many digits
   */
  static parse(text: string, fields: IntervalFields): Interval {
    const written = FIELDS.slice(FIELDS.indexOf(fields.from), FIELDS.indexOf(fields.to ?? fields.from) + 1)
    const name = written.length === 1 ? fields.from : `${fields.from} to ${fields.to}`
    const match = patternOf(written).exec(text.trim())
    if (match === null) {
      throw new FormatError(
        'BAD_VALUE',
        `${JSON.stringify(text.slice(0, 80))} is no interval ${name.toUpperCase()}: expected ${exampleOf(written)}.`,
      )
    }
    const [, sign, ...digits] = match
    const precision = fields.precision ?? DEFAULT_PRECISION
    let amount = 0n
    for (const [index, field] of written.entries()) {
      const value = digits[index]!
      if (index === 0 && value.replace(/^0+/, '').length > precision) {
        throw new FormatError(
          'BAD_VALUE',
          `${value} has more than ${precision} digits. Write ${field.toUpperCase()}(${value.length}) to allow for them.`,
        )
      }
      if (index > 0 && Number(value) >= RANGES[field]) {
        throw new FormatError('BAD_VALUE', `${field} ${value} is not below ${RANGES[field]}.`)
      }
      amount += BigInt(value) * UNITS[field]
    }
    const fraction = digits[written.length]
    if (fraction !== undefined) {
      const kept = fraction.slice(0, Math.min(9, fields.fractionPrecision ?? DEFAULT_FRACTION_PRECISION))
      amount += BigInt(kept.padEnd(9, '0'))
    }
    const family = isYearMonth(fields.from) ? 'year-month' : 'day-time'
    return new Interval(family, sign === '-' ? -amount : amount, precision)
  }

  /**
   * The same with another amount and the digits of the wider one of both.
   *
   * @returns undefined when its years or days have more digits than that
   */
  with(amount: bigint, other: Interval = this): Interval | undefined {
    const precision = Math.max(this.precision, other.precision)
    const made = new Interval(this.family, amount, precision)
    return made.#leading < 10n ** BigInt(precision) ? made : undefined
  }

  /**
   * As written with other fields of the same family; digits that they do not have are cut off.
   *
   * @returns undefined when the first field would have too many digits
   */
  withFields(fields: IntervalFields): Interval | undefined {
    const last = fields.to ?? fields.from
    const unit = UNITS[last]
    const fractionPrecision = fields.fractionPrecision ?? DEFAULT_FRACTION_PRECISION
    const finest = last === 'second' ? unit / 10n ** BigInt(Math.min(9, fractionPrecision)) : unit
    const amount = this.amount - (this.amount % finest)
    const precision = fields.precision ?? DEFAULT_PRECISION
    if (this.#magnitude(amount) / UNITS[fields.from] >= 10n ** BigInt(precision)) return undefined
    return new Interval(this.family, amount, precision)
  }

  /** Rounds the amount as intervals keep it: whole months, whole microseconds, toward zero. */
  static truncated(family: 'year-month' | 'day-time', numerator: bigint, denominator: bigint): bigint {
    const grain = family === 'year-month' ? 1n : 1000n
    return (numerator / (denominator * grain)) * grain
  }

  negate(): Interval {
    return new Interval(this.family, -this.amount, this.precision)
  }

  get isNegative(): boolean {
    return this.amount < 0n
  }

  /** One field, with the sign of the whole; of seconds the whole ones. undefined for a field of the other family. */
  field(field: IntervalField): number | undefined {
    if (isYearMonth(field) !== (this.family === 'year-month')) return undefined
    const value =
      (this.#magnitude(this.amount) / UNITS[field]) % BigInt(field === 'year' || field === 'day' ? MOST : RANGES[field])
    return Number(this.isNegative ? -value : value) + 0
  }

  /** Nanoseconds beyond the second, with the sign of the whole; 0 for years and months. */
  get nanos(): number {
    return this.family === 'year-month' ? 0 : Number(this.amount % UNITS.second) + 0
  }

  /** What stands between the quotes of a literal: `-1-6`, `1 02:30:45.5`. */
  get text(): string {
    const sign = this.isNegative ? '-' : ''
    const magnitude = this.#magnitude(this.amount)
    if (this.family === 'year-month') return `${sign}${this.#leading}-${magnitude % 12n}`
    return `${sign}${this.#leading} ${clockText(Number(magnitude % UNITS.day))}`
  }

  /** As a literal: `INTERVAL '-1-6' YEAR TO MONTH`, `INTERVAL '1 02:30:45.5' DAY TO SECOND`. */
  toString(): string {
    const { length } = String(this.#leading)
    const digits = length > DEFAULT_PRECISION ? `(${length})` : ''
    if (this.family === 'year-month') return `INTERVAL '${this.text}' YEAR${digits} TO MONTH`
    const fractionLength = fractionText(Math.abs(this.nanos)).length - 1
    const fractionDigits = fractionLength > DEFAULT_FRACTION_PRECISION ? `(${fractionLength})` : ''
    return `INTERVAL '${this.text}' DAY${digits} TO SECOND${fractionDigits}`
  }

  /** {@link text}, as BigInt has no JSON. */
  toJSON(): string {
    return this.text
  }

  get #leading(): bigint {
    return this.#magnitude(this.amount) / UNITS[this.family === 'year-month' ? 'year' : 'day']
  }

  #magnitude(amount: bigint): bigint {
    return amount < 0n ? -amount : amount
  }
}

showAsText(Interval)

const MOST = Number.MAX_SAFE_INTEGER

/** True for `year` and `month`, false for the fields of the other family. */
export function isYearMonth(field: IntervalField): boolean {
  return field === 'year' || field === 'month'
}

const SEPARATORS: Readonly<Record<IntervalField, string>> = {
  year: '',
  month: '-',
  day: '',
  hour: ' ',
  minute: ':',
  second: ':',
}

function patternOf(fields: readonly IntervalField[]): RegExp {
  const parts = fields.map((field, index) => {
    const separator = index === 0 ? '' : field === 'hour' ? ' +' : SEPARATORS[field]
    const fraction = field === 'second' ? '(?:\\.(\\d*))?' : ''
    return `${separator}(\\d+)${fraction}`
  })
  return new RegExp(`^([+-]?)${parts.join('')}$`)
}

const EXAMPLES: Readonly<Record<IntervalField, string>> = {
  year: '1',
  month: '6',
  day: '1',
  hour: '02',
  minute: '30',
  second: '45.5',
}

function exampleOf(fields: readonly IntervalField[]): string {
  const parts = fields.map((field, index) => (index === 0 ? '' : SEPARATORS[field]) + EXAMPLES[field])
  return `something like '${parts.join('')}'`
}
