import { showAsText, Timestamp } from '../../ion/index.ts'
import { DateValue } from './date-value.ts'
import { clockText, DAY, roundedNanos, SECOND, TimeValue } from './time-value.ts'

const TIMESTAMP_TEXT = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2}(?:\.\d*)?)$/

/**
 * A day and a time of it, to the nanosecond, without a zone: `TIMESTAMP '2026-11-20 14:02:07.5'`. One with a zone is Ion's
 * `Timestamp`. Immutable.
 */
export class LocalTimestamp {
  readonly kind = 'local-timestamp'
  readonly date: DateValue
  /** Nanoseconds since midnight, 0 up to 86 400 × 10⁹. */
  readonly nanosOfDay: number

  constructor(date: DateValue, nanosOfDay: number) {
    this.date = date
    this.nanosOfDay = nanosOfDay
  }

  /** The moment so many nanoseconds after 1970-01-01T00:00; undefined outside the years 1 to 9999. */
  static fromEpochNanos(nanos: bigint): LocalTimestamp | undefined {
    const ofDay = ((nanos % DAY_NANOS) + DAY_NANOS) % DAY_NANOS
    const date = DateValue.fromDays(Number((nanos - ofDay) / DAY_NANOS))
    return date && new LocalTimestamp(date, Number(ofDay))
  }

  /** The local fields of an Ion timestamp, its zone left out; what it does not say is the earliest. Finer digits are cut off. */
  static of(timestamp: Timestamp): LocalTimestamp {
    const { year, month = 1, day = 1, hour = 0, minute = 0, second = 0, fraction } = timestamp
    const nanos =
      fraction === undefined ? 0 : Number((fraction.coefficient * BigInt(SECOND)) / 10n ** BigInt(fraction.digits))
    const time = TimeValue.of(hour, minute, second, nanos, undefined)!
    return new LocalTimestamp(DateValue.of(year, month, day)!, time.nanosOfDay)
  }

  /** Reads `2026-11-20 14:02:07.5`; digits beyond nanoseconds are cut off. undefined when it is none. */
  static parse(text: string): LocalTimestamp | undefined {
    const match = TIMESTAMP_TEXT.exec(text)
    const date = match === null ? undefined : DateValue.parse(match[1]!)
    const time = match === null ? undefined : TimeValue.parse(match[2]!)
    return date && time && new LocalTimestamp(date, time.nanosOfDay)
  }

  /** Nanoseconds since 1970-01-01T00:00. */
  epochNanos(): bigint {
    return BigInt(this.date.days) * DAY_NANOS + BigInt(this.nanosOfDay)
  }

  /** Rounded half up to so many digits of a second; undefined when that leaves the year 9999. */
  round(digits: number): LocalTimestamp | undefined {
    const nanos = roundedNanos(this.nanosOfDay, digits)
    if (nanos < DAY) return new LocalTimestamp(this.date, nanos)
    const next = DateValue.fromDays(this.date.days + 1)
    return next && new LocalTimestamp(next, 0)
  }

  /** The Ion timestamp with the same fields and an unknown offset, which is how it leaves the engine. */
  toTimestamp(offsetMinutes?: number): Timestamp {
    const { year, month, day } = this.date
    const time = new TimeValue(this.nanosOfDay, undefined)
    const { hour, minute, second } = time
    const digits = String(time.nanos).padStart(9, '0').replace(/0+$/, '')
    const fraction = digits === '' ? undefined : { coefficient: BigInt(digits), digits: digits.length }
    return new Timestamp({ year, month, day, hour, minute, second, fraction, offsetMinutes })
  }

  /** The text of {@link parse}, without trailing zeros. */
  toString(): string {
    return `${this.date.toString()} ${clockText(this.nanosOfDay)}`
  }

  /** The text of {@link toString}. */
  toJSON(): string {
    return this.toString()
  }
}

showAsText(LocalTimestamp)

const WITH_OFFSET = /^(.*:\d{2}(?:\.\d*)?)([+-])(\d{2}):(\d{2})$/

/** The text of a time or timestamp without the offset behind it, and that offset; undefined where there is none. */
export function splitOffset(text: string): { readonly local: string; readonly offsetMinutes: number | undefined } {
  const match = WITH_OFFSET.exec(text)
  if (match === null) return { local: text, offsetMinutes: undefined }
  const [, local, sign, hours, minutes] = match
  const size = Number(hours) * 60 + Number(minutes)
  return { local: local!, offsetMinutes: (sign === '-' ? -size : size) + 0 }
}

const DAY_NANOS = 86_400n * BigInt(SECOND)
