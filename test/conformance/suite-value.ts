/**
 * PartiQL values as the suite writes them in Ion: the last annotation decides, as in `$bag::[1, $missing::null]`; an
 * s-expression reads as an array, `$ion::v` as `v`. Other annotations stay what they are in Ion.
 */
import {
  Decimal,
  IonAnnotated,
  type IonField,
  IonList,
  IonNull,
  IonSexp,
  IonStruct,
  type IonValue,
  Timestamp,
} from '../../src/ion/index.ts'
import {
  Bag,
  DateValue,
  type EngineValue,
  Interval,
  LocalTimestamp,
  MISSING,
  readGraph,
  TimeValue,
} from '../../src/partiql/public.ts'

/** @throws {Error} when an annotation of the suite is on something that it does not fit */
export function suiteValue(value: IonValue): EngineValue {
  if (!(value instanceof IonAnnotated)) return plainValue(value)
  const bare = value.value
  switch (value.annotations.at(-1)) {
    case '$missing':
      return MISSING
    case '$bag':
      if (!(bare instanceof IonList)) throw new Error('$bag is on no list')
      return new Bag(items(bare.items))
    case '$graph':
      return readGraph(bare, suiteValue)
    case '$ion':
      return plainValue(bare)
    case '$date':
      return dateValue(bare)
    case '$time':
      return timeValue(bare)
    case '$timestamp':
      return timestampValue(structOf(bare, '$timestamp'))
    case '$interval_ym':
      return yearMonthInterval(structOf(bare, '$interval_ym'))
    case '$interval_dt':
      return dayTimeInterval(structOf(bare, '$interval_dt'))
    default:
      return new IonAnnotated(value.annotations, plainValue(bare) as Exclude<IonValue, IonAnnotated>)
  }
}

function plainValue(value: IonValue): EngineValue {
  if (value instanceof IonList || value instanceof IonSexp) return new IonList(items(value.items))
  if (value instanceof IonStruct) {
    const fields: IonField[] = []
    for (const field of value.fields) {
      const each = suiteValue(field.value)
      if (each !== MISSING) fields.push({ name: field.name, value: each as IonValue })
    }
    return new IonStruct(fields)
  }
  return value
}

function items(values: readonly IonValue[]): readonly IonValue[] {
  return values.map(suiteValue) as readonly IonValue[]
}

/** `$date::{year, month, day}`; an old form is an annotated Ion timestamp. */
function dateValue(value: IonValue): DateValue {
  const [year, month, day] =
    value instanceof Timestamp
      ? [value.year, value.month, value.day]
      : ['year', 'month', 'day'].map((name) => integer(structOf(value, '$date'), name))
  return must(DateValue.of(year ?? 1, month ?? 1, day ?? 1), '$date')
}

/** `$time::{hour, minute, second, offset}`; old forms are a text, and a struct with `timezone_hour` and `_minute`. */
function timeValue(value: IonValue): TimeValue {
  if (typeof value === 'string') return must(TimeValue.parse(value), '$time')
  return timeOf(structOf(value, '$time'))
}

function timeOf(struct: IonStruct): TimeValue {
  const nanos = scaled(struct.get('second'), 9)
  const second = Number(nanos / 1_000_000_000n)
  const time = TimeValue.of(
    integer(struct, 'hour'),
    integer(struct, 'minute'),
    second,
    Number(nanos % 1_000_000_000n),
    offsetOf(struct),
  )
  return must(time, '$time')
}

/** Minutes east of UTC; undefined for a value without time zone. */
function offsetOf(struct: IonStruct): number | undefined {
  const hours = struct.get('timezone_hour')
  if (typeof hours === 'number') return hours * 60 + integer(struct, 'timezone_minute')
  const offset = struct.get('offset')
  return typeof offset === 'number' ? offset : undefined
}

function timestampValue(struct: IonStruct): EngineValue {
  const local = new LocalTimestamp(dateValue(struct), timeOf(struct).nanosOfDay)
  const offset = offsetOf(struct)
  return offset === undefined ? local : local.toTimestamp(offset)
}

function yearMonthInterval(struct: IonStruct): Interval {
  return new Interval(
    'year-month',
    sign(struct) * (12n * scaled(struct.get('years'), 0) + scaled(struct.get('months'), 0)),
  )
}

function dayTimeInterval(struct: IonStruct): Interval {
  const seconds =
    86_400n * scaled(struct.get('days'), 0) +
    3600n * scaled(struct.get('hours'), 0) +
    60n * scaled(struct.get('minutes'), 0)
  const nanos = scaled(struct.get('seconds'), 9) + scaled(struct.get('nanos'), 0)
  return new Interval('day-time', sign(struct) * (seconds * 1_000_000_000n + nanos))
}

function sign(struct: IonStruct): bigint {
  return struct.get('sign') === '-' ? -1n : 1n
}

/** A number times a power of ten, exactly; 0 when it is absent. */
function scaled(value: IonValue | undefined, digits: number): bigint {
  if (value === undefined || value instanceof IonNull) return 0n
  if (typeof value !== 'number' && !(value instanceof Decimal)) throw new Error('expected a number')
  const { coefficient, exponent } = new Decimal(String(value))
  const shift = exponent + digits
  return shift >= 0 ? coefficient * 10n ** BigInt(shift) : coefficient / 10n ** BigInt(-shift)
}

function integer(struct: IonStruct, name: string): number {
  const value = struct.get(name)
  if (typeof value !== 'number') throw new Error(`expected an integer ${name}`)
  return value
}

function structOf(value: IonValue, marker: string): IonStruct {
  if (!(value instanceof IonStruct)) throw new Error(`${marker} is on no struct`)
  return value
}

function must<Value>(value: Value | undefined, marker: string): Value {
  if (value === undefined) throw new Error(`${marker} has fields out of range`)
  return value
}
