import { showAsText } from '../../ion/index.ts'

const TIME_TEXT = /^(\d{2}):(\d{2}):(\d{2})(?:\.(\d*))?(?:([+-])(\d{2}):(\d{2}))?$/

/** Nanoseconds in a second, a minute, an hour and a day: all safe integers. */
export const SECOND: number = 1_000_000_000
export const MINUTE: number = 60 * SECOND
export const HOUR: number = 60 * MINUTE
export const DAY: number = 24 * HOUR

/** A time of day to the nanosecond, with an offset from UTC or without one: `TIME '14:02:07.5+01:00'`. Immutable. */
export class TimeValue {
  readonly kind = 'time'
  /** Local time: nanoseconds since midnight, 0 up to 86 400 × 10⁹. */
  readonly nanosOfDay: number
  /** Minutes east of UTC, -1439 to 1439; undefined for a TIME WITHOUT TIME ZONE. */
  readonly offsetMinutes: number | undefined

  /** @param nanosOfDay taken modulo a day */
  constructor(nanosOfDay: number, offsetMinutes: number | undefined) {
    this.nanosOfDay = ((nanosOfDay % DAY) + DAY) % DAY
    this.offsetMinutes = offsetMinutes
  }

  /** undefined when a field is out of range. `nanos` are those of the second. */
  static of(
    hour: number,
    minute: number,
    second: number,
    nanos: number,
    offsetMinutes: number | undefined,
  ): TimeValue | undefined {
    if (!isWithin(hour, 23) || !isWithin(minute, 59) || !isWithin(second, 59) || !isWithin(nanos, SECOND - 1)) {
      return undefined
    }
    if (offsetMinutes !== undefined && !isWithin(Math.abs(offsetMinutes), 1439)) return undefined
    return new TimeValue(hour * HOUR + minute * MINUTE + second * SECOND + nanos, offsetMinutes)
  }

  /** Reads `14:02:07.5+01:00`, the offset being optional; digits beyond nanoseconds are cut off. undefined when it is none. */
  static parse(text: string): TimeValue | undefined {
    const match = TIME_TEXT.exec(text)
    if (match === null) return undefined
    const [, hour, minute, second, fraction = '', sign, offsetHour, offsetMinute] = match
    let offset: number | undefined
    if (sign !== undefined) {
      if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return undefined
      offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === '-' ? -1 : 1) + 0
    }
    const nanos = Number(fraction.slice(0, 9).padEnd(9, '0'))
    return TimeValue.of(Number(hour), Number(minute), Number(second), nanos, offset)
  }

  get hour(): number {
    return Math.floor(this.nanosOfDay / HOUR)
  }

  get minute(): number {
    return Math.floor(this.nanosOfDay / MINUTE) % 60
  }

  get second(): number {
    return Math.floor(this.nanosOfDay / SECOND) % 60
  }

  /** Nanoseconds beyond the second. */
  get nanos(): number {
    return this.nanosOfDay % SECOND
  }

  /** What times are compared by: nanoseconds of the day in UTC, beyond midnight on either side; no offset counts as UTC. */
  get utcNanos(): number {
    return this.nanosOfDay - (this.offsetMinutes ?? 0) * MINUTE
  }

  /** Rounded half up to so many digits of a second; what reaches midnight starts over. */
  round(digits: number): TimeValue {
    return new TimeValue(roundedNanos(this.nanosOfDay, digits), this.offsetMinutes)
  }

  /** The text of {@link parse}, without trailing zeros. */
  toString(): string {
    return clockText(this.nanosOfDay) + offsetText(this.offsetMinutes)
  }

  /** The text of {@link toString}. */
  toJSON(): string {
    return this.toString()
  }
}

showAsText(TimeValue)

/** Rounded half up to so many digits of a second; 9 or more change nothing. */
export function roundedNanos(nanos: number, digits: number): number {
  const unit = digits >= 9 ? 1 : 10 ** (9 - digits)
  return Math.floor(nanos / unit + 0.5) * unit
}

/** `14:02:07.5` */
export function clockText(nanosOfDay: number): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  const seconds = Math.floor(nanosOfDay / SECOND)
  const text = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return text + fractionText(nanosOfDay % SECOND)
}

/** `.5`; nothing for a whole second. */
export function fractionText(nanos: number): string {
  return nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`
}

function offsetText(minutes: number | undefined): string {
  if (minutes === undefined) return ''
  const size = Math.abs(minutes)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

function isWithin(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= most
}
