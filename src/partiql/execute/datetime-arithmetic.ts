import { Decimal, IonFloat, Timestamp, type TimestampPrecision } from '../../ion/index.ts'
import { DateValue } from '../value/date-value.ts'
import type { EngineNumber } from '../value/engine-number.ts'
import type { EngineValue } from '../value/engine-value.ts'
import { Interval } from '../value/interval.ts'
import { LocalTimestamp } from '../value/local-timestamp.ts'
import { MINUTE, SECOND, TimeValue } from '../value/time-value.ts'
import { addToTimestamp, cutTo, epochNanos, fieldsOf, PRECISIONS } from './timestamp-arithmetic.ts'

/** Why a result cannot be; the value that was asked for has the right types, but is out of range. */
export type OutOfRange = 'calendar' | 'interval'

type Moment = DateValue | TimeValue | LocalTimestamp | Timestamp

const NANOS_PER_SECOND = BigInt(SECOND)
const NANOS_PER_MINUTE = BigInt(MINUTE)
const NANOS_PER_DAY = 86_400n * NANOS_PER_SECOND

/**
 * `a + b` with a date, time, timestamp or interval on one side and an interval on the other. Months keep the day, clamped
 * to the end of its month; a time of day wraps at midnight; offsets stay.
 *
 * @returns undefined when the types do not go together: a time and months, a date and a part of a day
 */
export function addInterval(a: EngineValue, b: EngineValue): EngineValue | OutOfRangeResult | undefined {
  if (a instanceof Interval && b instanceof Interval) {
    return a.family === b.family ? (a.with(a.amount + b.amount, b) ?? INTERVAL_RANGE) : undefined
  }
  if (a instanceof Interval) return isMoment(b) ? moved(b, a) : undefined
  return isMoment(a) && b instanceof Interval ? moved(a, b) : undefined
}

/**
 * `a - b`: an interval taken away, or the day-time interval between two moments of one kind; what has no zone counts as UTC
 * beside what has one.
 *
 * @returns undefined when the types do not go together
 */
export function subtractInterval(a: EngineValue, b: EngineValue): EngineValue | OutOfRangeResult | undefined {
  if (b instanceof Interval) return addInterval(a, b.negate())
  if (a instanceof TimeValue && b instanceof TimeValue) {
    return new Interval('day-time', BigInt(a.utcNanos - b.utcNanos))
  }
  const from = instantOf(b)
  const to = instantOf(a)
  return from === undefined || to === undefined ? undefined : new Interval('day-time', to - from)
}

/** `interval * number` (`by` as it is) or `interval / number`, cut toward zero at whole months or microseconds. */
export function scaleInterval(
  interval: Interval,
  operator: '*' | '/',
  by: EngineNumber,
): Interval | OutOfRangeResult | undefined {
  if (interval.family === 'year-month' && by instanceof IonFloat) {
    // As floats do it: 36 / 0.225 is 160, although the binary value of 0.225 is a little more.
    const months = operator === '*' ? Number(interval.amount) * by.value : Number(interval.amount) / by.value
    return (Number.isFinite(months) ? interval.with(BigInt(Math.trunc(months))) : undefined) ?? INTERVAL_RANGE
  }
  const ratio = ratioOf(by)
  if (ratio === undefined) return INTERVAL_RANGE
  const [numerator, denominator] = operator === '*' ? ratio : [ratio[1], ratio[0]]
  const sign = denominator < 0n ? -1n : 1n
  const { family, amount } = interval
  return interval.with(Interval.truncated(family, amount * numerator * sign, denominator * sign)) ?? INTERVAL_RANGE
}

/** Told apart from values by its class. */
export class OutOfRangeResult {
  readonly of: OutOfRange

  constructor(of: OutOfRange) {
    this.of = of
  }
}

const CALENDAR_RANGE = new OutOfRangeResult('calendar')
const INTERVAL_RANGE = new OutOfRangeResult('interval')

/** A number as an exact fraction, floats by their binary value; undefined for infinities and NaN. */
function ratioOf(value: EngineNumber): [numerator: bigint, denominator: bigint] | undefined {
  if (value instanceof IonFloat) return floatRatio(value.value)
  if (!(value instanceof Decimal)) return [BigInt(value), 1n]
  const { coefficient, exponent } = value
  if (Math.abs(exponent) > MAX_EXPONENT) return undefined
  return exponent >= 0 ? [coefficient * 10n ** BigInt(exponent), 1n] : [coefficient, 10n ** BigInt(-exponent)]
}
const MAX_EXPONENT = 1000

function floatRatio(value: number): [numerator: bigint, denominator: bigint] | undefined {
  if (!Number.isFinite(value)) return undefined
  let numerator = value
  let denominator = 1n
  // Doubling is exact, and ends after the bits behind the point are gone.
  while (!Number.isInteger(numerator)) {
    numerator *= 2
    denominator *= 2n
  }
  return [BigInt(numerator), denominator]
}

/** Whether a value is a day, a time of day, or both. */
export function isMoment(value: EngineValue): value is Moment {
  return (
    value instanceof DateValue ||
    value instanceof TimeValue ||
    value instanceof LocalTimestamp ||
    value instanceof Timestamp
  )
}

function moved(moment: Moment, by: Interval): EngineValue | OutOfRangeResult | undefined {
  const { amount } = by
  const months = by.family === 'year-month' ? Number(amount) : undefined
  if (moment instanceof TimeValue) {
    if (months !== undefined) return undefined
    return new TimeValue(moment.nanosOfDay + Number(amount % NANOS_PER_DAY), moment.offsetMinutes)
  }
  if (moment instanceof DateValue) {
    if (months !== undefined) return moment.plusMonths(months) ?? CALENDAR_RANGE
    if (amount % NANOS_PER_DAY !== 0n) return undefined
    return DateValue.fromDays(moment.days + Number(amount / NANOS_PER_DAY)) ?? CALENDAR_RANGE
  }
  if (moment instanceof LocalTimestamp) {
    if (months === undefined) return LocalTimestamp.fromEpochNanos(moment.epochNanos() + amount) ?? CALENDAR_RANGE
    const date = moment.date.plusMonths(months)
    return date === undefined ? CALENDAR_RANGE : new LocalTimestamp(date, moment.nanosOfDay)
  }
  try {
    return months === undefined ? plusNanos(moment, amount) : addToTimestamp('month', months, moment)
  } catch {
    return CALENDAR_RANGE
  }
}

/** In the timestamp's own offset; it becomes as precise as the nanoseconds ask for. */
function plusNanos(timestamp: Timestamp, nanos: bigint): Timestamp {
  const needed: TimestampPrecision =
    nanos % NANOS_PER_DAY === 0n ? 'day' : nanos % NANOS_PER_MINUTE === 0n ? 'minute' : 'second'
  const precision = PRECISIONS[Math.max(PRECISIONS.indexOf(needed), PRECISIONS.indexOf(timestamp.precision))]!
  const { fraction } = timestamp
  const old = fraction === undefined ? Decimal.of(0n, 0) : Decimal.of(fraction.coefficient, -fraction.digits)
  const sum = old.plus(trimmed(Decimal.of(nanos, -9)))
  const whole = floor(sum)
  const rest = sum.minus(Decimal.of(whole, 0))
  const offset = timestamp.offsetMinutes ?? (timestamp.hour === undefined ? 0 : undefined)
  const made = Timestamp.fromEpochSeconds(
    timestamp.epochSeconds() + Number(whole),
    rest.exponent < 0 ? { coefficient: rest.coefficient, digits: -rest.exponent } : undefined,
    offset,
  )
  const isDate = precision === 'day' && timestamp.hour === undefined
  return cutTo(precision, { ...fieldsOf(made), offsetMinutes: isDate ? undefined : offset })
}

function floor(value: Decimal): bigint {
  if (value.exponent >= 0) return value.coefficient * 10n ** BigInt(value.exponent)
  const unit = 10n ** BigInt(-value.exponent)
  const quotient = value.coefficient / unit
  return value.coefficient < 0n && quotient * unit !== value.coefficient ? quotient - 1n : quotient
}

/** Without zeros at the end. */
function trimmed(value: Decimal): Decimal {
  let { coefficient, exponent } = value
  while (exponent < 0 && coefficient % 10n === 0n) {
    coefficient /= 10n
    exponent++
  }
  return Decimal.of(coefficient, exponent)
}

/** Nanoseconds since 1970-01-01T00:00 UTC of what has a day; undefined for anything else. Finer digits are cut off. */
function instantOf(value: EngineValue): bigint | undefined {
  if (value instanceof DateValue) return BigInt(value.days) * NANOS_PER_DAY
  if (value instanceof LocalTimestamp) return value.epochNanos()
  return value instanceof Timestamp ? epochNanos(value) : undefined
}
