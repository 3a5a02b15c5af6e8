import { StatementError } from '../../errors.ts'
import { Decimal, Timestamp } from '../../ion/index.ts'
import type { DatePart } from '../syntax/nodes.ts'
import { DateValue } from '../value/date-value.ts'
import { numberOf, toDecimal } from '../value/engine-number.ts'
import type { EngineValue } from '../value/engine-value.ts'
import { bare } from '../value/family.ts'
import { Interval } from '../value/interval.ts'
import { LocalTimestamp } from '../value/local-timestamp.ts'
import { SECOND, TimeValue } from '../value/time-value.ts'
import {
  type CallContext,
  type ScalarFunctions,
  safeInt,
  WRONG_TYPE,
  type WrongType,
  withText,
} from './scalar-function.ts'
import { addToTimestamp, differenceOfTimestamps, extractFromTimestamp } from './timestamp-arithmetic.ts'
import { formatTimestamp, parseTimestamp } from './timestamp-format.ts'

/** Functions of dates, times, timestamps and intervals. */
export const DATETIME_FUNCTIONS: ScalarFunctions = new Map([
  ['date_add', ([quantity, value], context) => dateAdd(quantity!, bare(value!), context)],
  ['date_diff', ([from, to], context) => dateDiff(bare(from!), bare(to!), context)],
  ['extract', ([value], { variant }) => extract(variant as DatePart, bare(value!))],
  ['from_unixtime', ([seconds]) => fromUnixTime(seconds!)],
  ['make_date', ([year, month, day], context) => makeDate(safeInt(year), safeInt(month), safeInt(day), context)],
  ['make_time', ([hour, minute, second, offset]) => makeTime(safeInt(hour), safeInt(minute), second!, offset)],
  ['to_string', ([value, format]) => toText(bare(value!), format)],
  [
    'to_timestamp',
    ([value, format]) =>
      withText(value, (text) =>
        format === undefined ? ionTimestamp(text) : withText(format, (pattern) => parseTimestamp(text, pattern)),
      ),
  ],
])

/** A date or a timestamp without a zone as Ion has it, to be calculated with. */
function asTimestamp(value: EngineValue): Timestamp | undefined {
  if (value instanceof DateValue || value instanceof LocalTimestamp) return value.toTimestamp()
  return value instanceof Timestamp ? value : undefined
}

/** Months and days of a date give a date; anything else that has a day becomes as precise as the part asks for. */
function dateAdd(quantity: EngineValue, value: EngineValue, context: CallContext): EngineValue | WrongType {
  const part = countedPart('DATE_ADD', context)
  const count = safeInt(quantity)
  const timestamp = asTimestamp(value)
  if (count === undefined || timestamp === undefined) return WRONG_TYPE
  const result = addToTimestamp(part, count, timestamp)
  if (value instanceof LocalTimestamp || (value instanceof DateValue && result.hour !== undefined)) {
    return LocalTimestamp.of(result)
  }
  return value instanceof DateValue ? DateValue.of(result.year, result.month!, result.day!)! : result
}

function dateDiff(from: EngineValue, to: EngineValue, context: CallContext): EngineValue | WrongType {
  const part = countedPart('DATE_DIFF', context)
  if (from instanceof TimeValue && to instanceof TimeValue) {
    const nanosPerUnit = NANOS_PER_PART[part]
    return nanosPerUnit === undefined ? WRONG_TYPE : Math.trunc((to.utcNanos - from.utcNanos) / nanosPerUnit) + 0
  }
  const start = asTimestamp(from)
  const end = asTimestamp(to)
  return start === undefined || end === undefined ? WRONG_TYPE : differenceOfTimestamps(part, start, end)
}

function countedPart(name: string, { variant, rules }: CallContext): DatePart {
  const part = variant as DatePart
  if (!isZonePart(part)) return part
  return rules.fail(`${name} counts in YEAR, MONTH, DAY, HOUR, MINUTE or SECOND, not in ${part.toUpperCase()}.`)
}

/** Of a time of day. */
const NANOS_PER_PART: Readonly<Partial<Record<DatePart, number>>> = {
  hour: 3600 * SECOND,
  minute: 60 * SECOND,
  second: SECOND,
}

function isZonePart(part: DatePart): boolean {
  return part === 'timezone_hour' || part === 'timezone_minute'
}

function extract(part: DatePart, value: EngineValue): EngineValue | WrongType {
  if (value instanceof Timestamp) return extractFromTimestamp(part, value)
  if (isZonePart(part)) {
    if (!(value instanceof TimeValue) || value.offsetMinutes === undefined) return WRONG_TYPE
    const minutes = value.offsetMinutes
    return (part === 'timezone_hour' ? Math.trunc(minutes / 60) : minutes % 60) + 0
  }
  if (value instanceof Interval) {
    const field = value.field(part as 'year')
    return field === undefined ? WRONG_TYPE : part === 'second' ? seconds(field, value.nanos) : field
  }
  if (value instanceof DateValue) {
    return part === 'year' || part === 'month' || part === 'day' ? value[part] : WRONG_TYPE
  }
  if (value instanceof LocalTimestamp) {
    if (part === 'year' || part === 'month' || part === 'day') return value.date[part]
    return extract(part, new TimeValue(value.nanosOfDay, undefined))
  }
  if (!(value instanceof TimeValue)) return WRONG_TYPE
  if (part === 'second') return seconds(value.second, value.nanos)
  return part === 'hour' || part === 'minute' ? value[part] : WRONG_TYPE
}

function seconds(whole: number, nanos: number): Decimal {
  return Decimal.of(BigInt(whole * SECOND + nanos), -9)
}

function makeDate(
  year: number | undefined,
  month: number | undefined,
  day: number | undefined,
  { dialect }: CallContext,
): EngineValue | WrongType {
  if (year === undefined || month === undefined || day === undefined) return WRONG_TYPE
  const date = DateValue.of(year, month, day)
  if (date === undefined) return WRONG_TYPE
  return dialect.hasIonTypes ? date.toTimestamp() : date
}

/** The second may have a fraction; the offset is in minutes. */
function makeTime(
  hour: number | undefined,
  minute: number | undefined,
  second: EngineValue,
  offset: EngineValue | undefined,
): EngineValue | WrongType {
  const number = numberOf(second)
  const exact = number === undefined ? undefined : toDecimal(number)
  const offsetMinutes = offset === undefined ? undefined : safeInt(offset)
  if (hour === undefined || minute === undefined || exact === undefined) return WRONG_TYPE
  if (offset !== undefined && offsetMinutes === undefined) return WRONG_TYPE
  const nanos = exact.times(SECOND).round(0).coefficient
  const perSecond = BigInt(SECOND)
  return TimeValue.of(hour, minute, Number(nanos / perSecond), Number(nanos % perSecond), offsetMinutes) ?? WRONG_TYPE
}

/** An instant in UTC, so many seconds after 1970-01-01T00:00Z; fractions of a second stay. */
function fromUnixTime(value: EngineValue): EngineValue | WrongType {
  const number = numberOf(value)
  const exact = number === undefined ? undefined : toDecimal(number)
  if (exact === undefined) return WRONG_TYPE
  const nearest = exact.round(0)
  const whole = nearest.gt(exact) ? nearest.minus(1) : nearest
  const fraction = exact.minus(whole)
  try {
    return Timestamp.fromEpochSeconds(
      Number(whole.coefficient),
      fraction.exponent < 0 ? { coefficient: fraction.coefficient, digits: -fraction.exponent } : undefined,
      0,
    )
  } catch (cause) {
    throw new StatementError('EVALUATION_ERROR', 'FROM_UNIXTIME leaves the years 1 to 9999.', { cause })
  }
}

function toText(value: EngineValue, format: EngineValue | undefined): EngineValue | WrongType {
  const timestamp = asTimestamp(value)
  return timestamp === undefined ? WRONG_TYPE : withText(format, (pattern) => formatTimestamp(timestamp, pattern))
}

function ionTimestamp(text: string): Timestamp {
  try {
    return Timestamp.parse(text)
  } catch (cause) {
    throw new StatementError('TYPE_ERROR', (cause as Error).message, { cause })
  }
}
