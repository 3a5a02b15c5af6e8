import { StatementError } from '../../errors.ts'
import { Decimal, Timestamp, type TimestampPrecision } from '../../ion/index.ts'
import type { DatePart } from '../syntax/nodes.ts'
import { daysInMonth } from '../value/date-value.ts'
import { toInt } from '../value/engine-number.ts'
import type { EngineValue } from '../value/engine-value.ts'

export const PRECISIONS: readonly TimestampPrecision[] = ['year', 'month', 'day', 'minute', 'second']

/**
 * `DATE_ADD(part, quantity, timestamp)`: in the timestamp's own local time. The result is at least as precise as the
 * part needs (a year plus one month is a month; hours and minutes come together), fraction digits stay, the day is
 * clamped to the end of its month. Without an offset, a result with a time of day is in UTC. QLDB guide, "DATE_ADD".
 *
 * @throws {StatementError} EVALUATION_ERROR outside the years 1 to 9999
 */
export function addToTimestamp(part: DatePart, quantity: number, timestamp: Timestamp): Timestamp {
  const needed: TimestampPrecision = part === 'hour' ? 'minute' : (part as TimestampPrecision)
  const precision = PRECISIONS[Math.max(PRECISIONS.indexOf(needed), PRECISIONS.indexOf(timestamp.precision))]!
  try {
    return part === 'year' || part === 'month'
      ? addMonths(timestamp, part === 'year' ? quantity * 12 : quantity, precision)
      : addSeconds(timestamp, quantity * SECONDS[part as 'day' | 'hour' | 'minute' | 'second'], precision)
  } catch (cause) {
    throw new StatementError(
      'EVALUATION_ERROR',
      `Adding ${quantity} ${part}(s) to ${timestamp.toString()} leaves the years 1 to 9999.`,
      { cause },
    )
  }
}

const SECONDS = { day: 86_400, hour: 3600, minute: 60, second: 1 } as const

function addMonths(timestamp: Timestamp, months: number, precision: TimestampPrecision): Timestamp {
  const count = timestamp.year * 12 + ((timestamp.month ?? 1) - 1) + months
  const year = Math.floor(count / 12)
  const month = (count % 12) + 1
  const day = Math.min(timestamp.day ?? 1, daysInMonth(year, month))
  return cutTo(precision, { ...fieldsOf(timestamp), year, month, day })
}

function addSeconds(timestamp: Timestamp, seconds: number, precision: TimestampPrecision): Timestamp {
  const offset = timestamp.offsetMinutes ?? (timestamp.hour === undefined ? 0 : undefined)
  const moved = Timestamp.fromEpochSeconds(timestamp.epochSeconds() + seconds, timestamp.fraction, offset)
  return cutTo(precision, fieldsOf(moved))
}

type Fields = ConstructorParameters<typeof Timestamp>[0]

export function fieldsOf(timestamp: Timestamp): Fields {
  const { year, month, day, hour, minute, second, fraction, offsetMinutes } = timestamp
  return { year, month, day, hour, minute, second, fraction, offsetMinutes }
}

/** A timestamp of these fields with exactly this precision; absent fields count as their first value. */
export function cutTo(precision: TimestampPrecision, fields: Fields): Timestamp {
  const rank = PRECISIONS.indexOf(precision)
  return new Timestamp({
    year: fields.year,
    month: rank >= 1 ? (fields.month ?? 1) : undefined,
    day: rank >= 2 ? (fields.day ?? 1) : undefined,
    hour: rank >= 3 ? (fields.hour ?? 0) : undefined,
    minute: rank >= 3 ? (fields.minute ?? 0) : undefined,
    second: rank >= 4 ? (fields.second ?? 0) : undefined,
    fraction: rank >= 4 ? fields.fraction : undefined,
    offsetMinutes: rank >= 3 ? fields.offsetMinutes : undefined,
  })
}

/**
 * `DATE_DIFF(part, from, to)`: how many whole units lie between, negative when `to` is earlier; crossing a boundary
 * is not enough. Years and months follow the calendar in UTC. QLDB guide, "DATE_DIFF".
 */
export function differenceOfTimestamps(part: DatePart, from: Timestamp, to: Timestamp): EngineValue {
  if (part === 'year' || part === 'month') {
    const months = monthsBetween(from, to)
    return Math.trunc(part === 'year' ? months / 12 : months) + 0
  }
  const elapsed = epochNanos(to) - epochNanos(from)
  return toInt(elapsed / (BigInt(SECONDS[part as 'day' | 'hour' | 'minute' | 'second']) * NANOS_PER_SECOND))
}

const NANOS_PER_SECOND = 1_000_000_000n

/** Nanoseconds since 1970-01-01T00:00 UTC; finer digits are cut off. */
export function epochNanos(timestamp: Timestamp): bigint {
  const { fraction } = timestamp
  const nanos = fraction === undefined ? 0n : (fraction.coefficient * NANOS_PER_SECOND) / 10n ** BigInt(fraction.digits)
  return BigInt(timestamp.epochSeconds()) * NANOS_PER_SECOND + nanos
}

function monthsBetween(from: Timestamp, to: Timestamp): number {
  if (from.compare(to) > 0) return -monthsBetween(to, from)
  const start = Timestamp.fromEpochSeconds(from.epochSeconds(), from.fraction, 0)
  const end = Timestamp.fromEpochSeconds(to.epochSeconds(), to.fraction, 0)
  let months = (end.year - start.year) * 12 + (end.month! - start.month!)
  if (months > 0 && addMonths(start, months, 'second').compare(end) > 0) months--
  return months
}

/** `EXTRACT(part FROM timestamp)` in its own offset; what it does not say counts as the first (1, or 0 for times). */
export function extractFromTimestamp(part: DatePart, timestamp: Timestamp): EngineValue {
  switch (part) {
    case 'year':
      return timestamp.year
    case 'month':
      return timestamp.month ?? 1
    case 'day':
      return timestamp.day ?? 1
    case 'hour':
      return timestamp.hour ?? 0
    case 'minute':
      return timestamp.minute ?? 0
    case 'second': {
      const second = timestamp.second ?? 0
      const { fraction } = timestamp
      // A whole number of seconds is an int, as the guide's examples show; a fraction needs a decimal.
      if (fraction === undefined || fraction.coefficient === 0n) return second
      return Decimal.of(fraction.coefficient, -fraction.digits).plus(second)
    }
    case 'timezone_hour':
      return Math.trunc((timestamp.offsetMinutes ?? 0) / 60) + 0
    case 'timezone_minute':
      return ((timestamp.offsetMinutes ?? 0) % 60) + 0
  }
}
