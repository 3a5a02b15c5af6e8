import { Timestamp } from '../../ion/index.ts'
import type { DataType } from '../syntax/nodes.ts'
import { DateValue } from '../value/date-value.ts'
import type { EngineValue } from '../value/engine-value.ts'
import { textOf } from '../value/family.ts'
import { Interval } from '../value/interval.ts'
import { LocalTimestamp, splitOffset } from '../value/local-timestamp.ts'
import { TimeValue } from '../value/time-value.ts'

/** A value as DATE: what has a day, or a text like `2026-11-20`. undefined when it cannot be. */
export function castToDate(value: EngineValue): DateValue | undefined {
  if (value instanceof DateValue) return value
  if (value instanceof LocalTimestamp) return value.date
  if (value instanceof Timestamp) return LocalTimestamp.of(value).date
  const text = textOf(value)
  return text === undefined ? undefined : DateValue.parse(text)
}

/**
 * A value as TIME. WITHOUT TIME ZONE leaves an offset out, WITH TIME ZONE takes one that is not there for UTC; without
 * either the value stays as it is.
 */
export function castToTime(value: EngineValue, type: DataType): TimeValue | undefined {
  const time = timeOf(value)
  if (time === undefined) return undefined
  const { offsetMinutes } = time
  const zoned =
    type.withTimeZone === undefined
      ? time
      : new TimeValue(time.nanosOfDay, type.withTimeZone ? (offsetMinutes ?? 0) : undefined)
  const [digits] = type.parameters
  return digits === undefined ? zoned : zoned.round(digits)
}

function timeOf(value: EngineValue): TimeValue | undefined {
  if (value instanceof TimeValue) return value
  if (value instanceof LocalTimestamp) return new TimeValue(value.nanosOfDay, undefined)
  if (value instanceof Timestamp) return new TimeValue(LocalTimestamp.of(value).nanosOfDay, value.offsetMinutes)
  const text = textOf(value)
  return text === undefined ? undefined : TimeValue.parse(text)
}

/** A value as TIMESTAMP; see {@link castToTime} for zones. A date is its midnight; a text is one of PartiQL or of Ion. */
export function castToTimestamp(value: EngineValue, type: DataType): Timestamp | LocalTimestamp | undefined {
  const moment = momentOf(value)
  if (moment === undefined || type.withTimeZone === undefined) return moment
  if (type.withTimeZone) return moment instanceof LocalTimestamp ? moment.toTimestamp(0) : moment
  return moment instanceof LocalTimestamp ? moment : LocalTimestamp.of(moment)
}

function momentOf(value: EngineValue): Timestamp | LocalTimestamp | undefined {
  if (value instanceof Timestamp || value instanceof LocalTimestamp) return value
  if (value instanceof DateValue) return new LocalTimestamp(value, 0)
  const text = textOf(value)
  if (text === undefined) return undefined
  const { local: localText, offsetMinutes } = splitOffset(text)
  const local = LocalTimestamp.parse(localText)
  try {
    if (local === undefined) return Timestamp.parse(text)
    return offsetMinutes === undefined ? local : local.toTimestamp(offsetMinutes)
  } catch {
    return undefined
  }
}

/** A value as INTERVAL: an interval of the same family, normalised to the fields of the type, or a text. */
export function castToInterval(value: EngineValue, { interval: fields }: DataType): Interval | undefined {
  if (fields === undefined) return value instanceof Interval ? value : undefined
  if (value instanceof Interval) {
    return value.field(fields.from) === undefined ? undefined : value.withFields(fields)
  }
  const text = textOf(value)
  if (text === undefined) return undefined
  try {
    return Interval.parse(text, fields)
  } catch {
    return undefined
  }
}
