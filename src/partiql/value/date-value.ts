import { civilFromDays, daysFromCivil, showAsText, Timestamp } from '../../ion/index.ts'

const DATE_TEXT = /^(\d{4})-(\d{2})-(\d{2})$/
const FIRST_DAY = daysFromCivil(1, 1, 1)
const LAST_DAY = daysFromCivil(9999, 12, 31)

/** A day of the Gregorian calendar in the years 1 to 9999: what `DATE '2026-11-20'` writes. Immutable. */
export class DateValue {
  readonly kind = 'date'
  /** Days since 1970-01-01. */
  readonly days: number
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  /** 1 to the length of the month. */
  readonly day: number

  private constructor(days: number) {
    this.days = days
    const { year, month, day } = civilFromDays(days)
    this.year = year
    this.month = month
    this.day = day
  }

  /** The day that lies so many days after 1970-01-01; undefined outside the years 1 to 9999. */
  static fromDays(days: number): DateValue | undefined {
    return days >= FIRST_DAY && days <= LAST_DAY ? new DateValue(days) : undefined
  }

  /** undefined when there is no such day. */
  static of(year: number, month: number, day: number): DateValue | undefined {
    if (!Number.isInteger(year) || year < 1 || year > 9999) return undefined
    if (!Number.isInteger(month) || month < 1 || month > 12) return undefined
    if (!Number.isInteger(day) || day < 1 || day > daysInMonth(year, month)) return undefined
    return new DateValue(daysFromCivil(year, month, day))
  }

  /** Reads `2026-11-20`; undefined when the text is no date, or there is no such day. */
  static parse(text: string): DateValue | undefined {
    const match = DATE_TEXT.exec(text)
    return match === null ? undefined : DateValue.of(Number(match[1]), Number(match[2]), Number(match[3]))
  }

  /** The day so many months later, or earlier, clamped to the end of its month; undefined outside the years 1 to 9999. */
  plusMonths(months: number): DateValue | undefined {
    const count = this.year * 12 + this.month - 1 + months
    const year = Math.floor(count / 12)
    const month = count - year * 12 + 1
    return DateValue.of(year, month, Math.min(this.day, daysInMonth(year, month)))
  }

  /** The Ion timestamp of day precision, which is how a date leaves the engine. */
  toTimestamp(): Timestamp {
    return new Timestamp({ year: this.year, month: this.month, day: this.day })
  }

  /** The text of {@link parse}. */
  toString(): string {
    const { year, month, day } = this
    return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  }

  /** The text of {@link toString}. */
  toJSON(): string {
    return this.toString()
  }
}

showAsText(DateValue)

/** Of the Gregorian calendar, in the years 1 to 9999. */
export function daysInMonth(year: number, month: number): number {
  return month === 12 ? 31 : daysFromCivil(year, month + 1, 1) - daysFromCivil(year, month, 1)
}
