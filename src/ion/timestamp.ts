import { FormatError } from '../errors.ts'
import { showAsText } from './inspect.ts'

/** How far a {@link Timestamp} goes: `second` includes fractions of a second. */
export type TimestampPrecision = 'year' | 'month' | 'day' | 'minute' | 'second'

/** Part of a second: `coefficient / 10^digits`; `{ coefficient: 50n, digits: 3 }` is `.050`. */
export interface TimestampFraction {
  /** From 0 up to, not including, 10^digits. */
  readonly coefficient: bigint
  /** How many digits stand after the point, 1 to 1000. */
  readonly digits: number
}

/** What a {@link Timestamp} is made from: local date and time, as written. */
export interface TimestampFields {
  /** 1 to 9999; in UTC too, where the offset is known. */
  readonly year: number
  /** 1 to 12. */
  readonly month?: number | undefined
  /** 1 to the length of the month. */
  readonly day?: number | undefined
  /** 0 to 23; comes with `minute`. */
  readonly hour?: number | undefined
  /** 0 to 59; comes with `hour`. */
  readonly minute?: number | undefined
  /** 0 to 59: Ion knows no leap seconds. */
  readonly second?: number | undefined
  readonly fraction?: TimestampFraction | undefined
  /** Minutes east of UTC, -1439 to 1439; undefined for an unknown offset (`-00:00`) and for dates. */
  readonly offsetMinutes?: number | undefined
}

const MAX_FRACTION_DIGITS = 1000
const SECONDS_PER_DAY = 86_400

const TIMESTAMP_TEXT =
  /^(\d{4})(?:T|-(\d\d)(?:T|-(\d\d)(?:T|T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:(Z)|([+-])(\d\d):(\d\d)))?))$/

/**
 * A moment or a calendar date exactly as somebody wrote it: precision, offset and every fraction digit are kept.
 *
 * `2026-11-20T` (a day), `2026-11-20T14:02Z` (a minute), `2026-11-20T15:02:07.120+01:00` are three different kinds of
 * statement, and Ion keeps them apart: they hash differently, even where {@link compare} finds the same instant.
 * A JavaScript `Date` holds milliseconds of UTC only; results give a `Date` where that loses nothing and a `Timestamp`
 * everywhere else.
 *
 * ```ts
 * Timestamp.parse('2026-11-20T15:02:07.120+01:00').toDate() // 2026-11-20T14:02:07.120Z
 * Timestamp.parse('2026-11T').precision                     // 'month'
 * ```
 *
 * Immutable; the fields are local time at `offsetMinutes`. `<` and `-` on it throw: use {@link compare},
 * {@link epochMillis}. Ion 1.0 specification, "Timestamps".
 */
export class Timestamp {
  readonly year: number
  readonly month: number | undefined
  readonly day: number | undefined
  readonly hour: number | undefined
  readonly minute: number | undefined
  readonly second: number | undefined
  readonly fraction: TimestampFraction | undefined
  /** Minutes east of UTC; undefined for an unknown offset (`-00:00`) and for dates, which have none. */
  readonly offsetMinutes: number | undefined

  /** @throws {FormatError} BAD_VALUE when a field is out of range or a coarser one is missing */
  constructor(fields: TimestampFields) {
    const fault = faultOf(fields)
    if (fault !== undefined) throw new FormatError('BAD_VALUE', `Not a timestamp: ${fault}.`)
    this.year = fields.year
    this.month = fields.month
    this.day = fields.day
    this.hour = fields.hour
    this.minute = fields.minute
    this.second = fields.second
    this.fraction = fields.fraction
    this.offsetMinutes = fields.offsetMinutes
  }

  /**
   * Reads Ion's text form: `2026T`, `2026-11T`, `2026-11-20`, `2026-11-20T14:02Z`, `2026-11-20T14:02:07.120-00:00`.
   *
   * @throws {FormatError} BAD_VALUE when it is not one
   */
  static parse(text: string): Timestamp {
    const match = TIMESTAMP_TEXT.exec(text)
    if (match === null) {
      throw new FormatError(
        'BAD_VALUE',
        `Not a timestamp: ${JSON.stringify(text.slice(0, 80))}. Write it like 2026-11-20T or 2026-11-20T14:02:07.120Z.`,
      )
    }
    const [, year, month, day, hour, minute, second, fraction, utc, sign, offsetHour, offsetMinute] = match
    let offsetMinutes: number | undefined
    if (utc !== undefined) {
      offsetMinutes = 0
    } else if (sign !== undefined) {
      if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) {
        throw new FormatError('BAD_VALUE', `Not a timestamp: the offset of ${text} is out of range.`)
      }
      const size = Number(offsetHour) * 60 + Number(offsetMinute)
      offsetMinutes = sign === '+' ? size : size === 0 ? undefined : -size
    }
    return new Timestamp({
      year: Number(year),
      month: toNumber(month),
      day: toNumber(day),
      hour: toNumber(hour),
      minute: toNumber(minute),
      second: toNumber(second),
      fraction: fraction === undefined ? undefined : { coefficient: BigInt(fraction), digits: fraction.length },
      offsetMinutes,
    })
  }

  /**
   * UTC with exactly three fraction digits, the form of every time in the journal: 0 gives `1970-01-01T00:00:00.000Z`.
   *
   * @param ms whole milliseconds since 1970-01-01T00:00Z
   * @throws {FormatError} BAD_VALUE when `ms` is no integer or outside the years 1 to 9999
   */
  static fromMillis(ms: number): Timestamp {
    if (!Number.isSafeInteger(ms)) throw new FormatError('BAD_VALUE', `Not a timestamp: ${ms} ms is no whole number.`)
    const seconds = Math.floor(ms / 1000)
    return Timestamp.fromEpochSeconds(seconds, { coefficient: BigInt(ms - seconds * 1000), digits: 3 }, 0)
  }

  /** A `Date` is milliseconds of UTC: {@link fromMillis} of its time. An invalid date is a {@link FormatError}. */
  static fromDate(date: Date): Timestamp {
    const ms = date.getTime()
    if (Number.isNaN(ms)) throw new FormatError('BAD_VALUE', 'Not a timestamp: the Date is invalid.')
    return Timestamp.fromMillis(ms)
  }

  /**
   * The local time at `offsetMinutes` (undefined: unknown, the fields are UTC) of an instant, in second precision, or
   * minute precision on request.
   *
   * @param seconds whole seconds since 1970-01-01T00:00Z
   */
  static fromEpochSeconds(
    seconds: number,
    fraction: TimestampFraction | undefined,
    offsetMinutes: number | undefined,
    precision: 'minute' | 'second' = 'second',
  ): Timestamp {
    if (!Number.isSafeInteger(seconds))
      throw new FormatError('BAD_VALUE', 'Not a timestamp: the time is no whole number.')
    const local = seconds + (offsetMinutes ?? 0) * 60
    const days = Math.floor(local / SECONDS_PER_DAY)
    const ofDay = local - days * SECONDS_PER_DAY
    const { year, month, day } = civilFromDays(days)
    const isSecond = precision === 'second'
    return new Timestamp({
      year,
      month,
      day,
      hour: Math.floor(ofDay / 3600),
      minute: Math.floor(ofDay / 60) % 60,
      second: isSecond ? ofDay % 60 : undefined,
      fraction: isSecond ? fraction : undefined,
      offsetMinutes,
    })
  }

  get precision(): TimestampPrecision {
    if (this.second !== undefined) return 'second'
    if (this.minute !== undefined) return 'minute'
    if (this.day !== undefined) return 'day'
    return this.month === undefined ? 'year' : 'month'
  }

  /** Whole seconds since 1970-01-01T00:00Z, rounded down; missing fields count as the earliest: `2026T` is its January 1. */
  epochSeconds(): number {
    const days = daysFromCivil(this.year, this.month ?? 1, this.day ?? 1)
    const minutes = (this.hour ?? 0) * 60 + (this.minute ?? 0) - (this.offsetMinutes ?? 0)
    return days * SECONDS_PER_DAY + minutes * 60 + (this.second ?? 0)
  }

  /** Whole milliseconds since 1970-01-01T00:00Z, rounded down. */
  epochMillis(): number {
    const fraction = this.fraction
    const ms = fraction === undefined ? 0 : Number((fraction.coefficient * 1000n) / 10n ** BigInt(fraction.digits))
    return this.epochSeconds() * 1000 + ms
  }

  /** The instant as a `Date`; digits beyond milliseconds, precision and offset do not fit in it. */
  toDate(): Date {
    return new Date(this.epochMillis())
  }

  /**
   * By instant, whatever the offset and precision: -1 when this is earlier, 0 when the same moment, 1 when later. A date
   * counts as its first moment in UTC.
   */
  compare(other: Timestamp): -1 | 0 | 1 {
    const thisSeconds = this.epochSeconds()
    const thatSeconds = other.epochSeconds()
    if (thisSeconds !== thatSeconds) return thisSeconds < thatSeconds ? -1 : 1
    const thisFraction = this.fraction ?? NO_FRACTION
    const thatFraction = other.fraction ?? NO_FRACTION
    const digits = Math.max(thisFraction.digits, thatFraction.digits)
    const thisCoefficient = thisFraction.coefficient * 10n ** BigInt(digits - thisFraction.digits)
    const thatCoefficient = thatFraction.coefficient * 10n ** BigInt(digits - thatFraction.digits)
    return thisCoefficient < thatCoefficient ? -1 : thisCoefficient > thatCoefficient ? 1 : 0
  }

  /** Ion's text form, which reads back as the same value: `2026-11-20`, `2026-11-20T14:02:07.120Z`. */
  toString(): string {
    const year = String(this.year).padStart(4, '0')
    if (this.month === undefined) return `${year}T`
    if (this.day === undefined) return `${year}-${twoDigits(this.month)}T`
    const date = `${year}-${twoDigits(this.month)}-${twoDigits(this.day)}`
    if (this.hour === undefined) return date
    let time = `${twoDigits(this.hour)}:${twoDigits(this.minute!)}`
    if (this.second !== undefined) time += `:${twoDigits(this.second)}`
    if (this.fraction !== undefined) {
      time += `.${this.fraction.coefficient.toString().padStart(this.fraction.digits, '0')}`
    }
    return `${date}T${time}${offsetText(this.offsetMinutes)}`
  }

  /** The text of {@link toString}. */
  toJSON(): string {
    return this.toString()
  }

  /** @throws {TypeError} always: `a < b` would compare text. Use {@link compare} or {@link epochMillis}. */
  valueOf(): never {
    throw new TypeError('A Timestamp does not take part in + - or <; use its methods compare, epochMillis, toDate')
  }
}

showAsText(Timestamp)

/** Of the years 1 to 9999 in UTC, counted from 1970. */
const FIRST_MINUTE = daysFromCivil(1, 1, 1) * 1440
const LAST_MINUTE = daysFromCivil(10_000, 1, 1) * 1440 - 1

const NO_FRACTION: TimestampFraction = { coefficient: 0n, digits: 0 }

/** What is wrong with these fields, or undefined. */
function faultOf(fields: TimestampFields): string | undefined {
  const { year, month, day, hour, minute, second, fraction, offsetMinutes } = fields
  if (!isWithin(year, 1, 9999)) return `year ${year} is not from 1 to 9999`
  if (month === undefined) {
    if (day !== undefined) return 'a day needs a month'
  } else if (!isWithin(month, 1, 12)) {
    return `month ${month} is not from 1 to 12`
  }
  if (day === undefined) {
    if (hour !== undefined) return 'an hour needs a day'
  } else if (!isWithin(day, 1, daysInMonth(year, month!))) {
    return `day ${day} is not in month ${month} of ${year}`
  }
  if ((hour === undefined) !== (minute === undefined)) return 'hour and minute come together'
  if (hour === undefined || minute === undefined) {
    if (second !== undefined) return 'a second needs hour and minute'
    if (offsetMinutes !== undefined) return 'a date has no offset'
  } else {
    if (!isWithin(hour, 0, 23)) return `hour ${hour} is not from 0 to 23`
    if (!isWithin(minute, 0, 59)) return `minute ${minute} is not from 0 to 59`
    if (offsetMinutes !== undefined && !isWithin(offsetMinutes, -1439, 1439)) {
      return `offset ${offsetMinutes} is not from -1439 to 1439 minutes`
    }
    if (offsetMinutes !== undefined && (year === 1 || year === 9999)) {
      const utcMinutes = daysFromCivil(year, month!, day!) * 1440 + hour * 60 + minute - offsetMinutes
      if (!isWithin(utcMinutes, FIRST_MINUTE, LAST_MINUTE)) return 'in UTC it is not in the years 1 to 9999'
    }
  }
  if (second === undefined) {
    if (fraction !== undefined) return 'a fraction needs a second'
  } else if (!isWithin(second, 0, 59)) {
    return `second ${second} is not from 0 to 59`
  }
  if (fraction !== undefined) {
    if (!isWithin(fraction.digits, 1, MAX_FRACTION_DIGITS)) {
      return `${fraction.digits} fraction digits are not from 1 to ${MAX_FRACTION_DIGITS}`
    }
    if (fraction.coefficient < 0n || fraction.coefficient >= 10n ** BigInt(fraction.digits)) {
      return 'the fraction is not from 0 up to 1'
    }
  }
  return undefined
}

function isWithin(value: number, least: number, most: number): boolean {
  return value >= least && value <= most && Number.isInteger(value)
}

function toNumber(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits)
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}

function offsetText(offsetMinutes: number | undefined): string {
  if (offsetMinutes === undefined) return '-00:00'
  if (offsetMinutes === 0) return 'Z'
  const size = Math.abs(offsetMinutes)
  return `${offsetMinutes < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`
}

const DAYS_IN_MONTH: readonly number[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function daysInMonth(year: number, month: number): number {
  if (month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)) return 29
  return DAYS_IN_MONTH[month - 1]!
}

/** Days from 1970-01-01 to a date of the proleptic Gregorian calendar. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** The mirror of {@link daysFromCivil}, civil_from_days of the same source. */
export function civilFromDays(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  }
}
