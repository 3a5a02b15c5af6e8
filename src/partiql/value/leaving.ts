import { StatementError } from '../../errors.ts'
import {
  Decimal,
  IonAnnotated,
  type IonField,
  IonList,
  IonSexp,
  IonStruct,
  type IonValue,
  NULL,
} from '../../ion/index.ts'
import { DateValue } from './date-value.ts'
import { Bag, type EngineValue, MISSING } from './engine-value.ts'
import { Graph, graphToIon } from './graph.ts'
import { Interval } from './interval.ts'
import { LocalTimestamp } from './local-timestamp.ts'
import { TimeValue } from './time-value.ts'

/**
 * The Ion value that a result of the ledger holds for a value of the engine.
 *
 * | engine | Ion |
 * | --- | --- |
 * | bag | list, without its MISSING elements |
 * | MISSING in a list, or by itself | null |
 * | date | timestamp of day precision |
 * | timestamp without zone | timestamp of unknown offset |
 * | graph | `$graph::{nodes: […], edges: […]}` |
 * | time | `$time::{hour: 14, minute: 2, second: 7.5, offset: 60}`, `offset: null` where it has none |
 * | interval | `$interval_ym::{sign: "+", years: 1, months: 6}`, `$interval_dt::{sign: "-", days: 1, hours: 2, minutes: 30, seconds: 0, nanos: 0}` |
 *
 * The annotated forms are those of the PartiQL conformance suite; {@link readableValue} makes texts of them. All else is
 * Ion already. Cost: a walk over what the statement built; values over stored bytes are not looked into.
 */
export function leavingValue(value: EngineValue): IonValue {
  return converted(value, encoded)
}

/**
 * What {@link leavingValue} gave, with texts for times and intervals, `10:00:00`, `1-6` and `1 02:30:00`, as CAST to STRING
 * writes them: for people, JSON and plain JavaScript. Documents cannot hold either, so stored values stay as they are.
 */
export function readableValue(value: IonValue): IonValue {
  return converted(value, textOf)
}

/**
 * {@link leavingValue} for a value that is stored in a document: there is no type for times, intervals and graphs to be stored as.
 *
 * @throws {StatementError} TYPE_ERROR for a time, an interval or a graph anywhere in it
 */
export function storedValue(value: EngineValue): IonValue {
  return converted(value, refused)
}

/** A time or an interval in Ion, which remembers its text. */
class EncodedInIon extends IonAnnotated {
  readonly text: string

  constructor(marker: string, fields: Readonly<Record<string, IonValue>>, text: string) {
    super([marker], new IonStruct(Object.entries(fields).map(([name, value]) => ({ name, value }))))
    this.text = text
  }
}

type Convert = (value: TimeValue | Interval | Graph | EncodedInIon) => IonValue

function converted(value: EngineValue, convert: Convert): IonValue {
  if (typeof value !== 'object') return value
  if (value instanceof IonStruct) return value.encoded === undefined ? convertedStruct(value, convert) : value
  if (value instanceof IonList || value instanceof IonSexp) {
    return value.encoded === undefined ? convertedItems(value, convert) : value
  }
  if (value === MISSING) return NULL
  if (value instanceof DateValue || value instanceof LocalTimestamp) return value.toTimestamp()
  if (value instanceof TimeValue || value instanceof Interval || value instanceof Graph) return convert(value)
  if (value instanceof EncodedInIon) return convert(value)
  if (value instanceof IonAnnotated) {
    const bare = converted(value.value, convert)
    return bare === value.value || bare instanceof IonAnnotated ? value : new IonAnnotated(value.annotations, bare)
  }
  return value as IonValue
}

/** The struct itself when nothing in it changes, as is usual. */
function convertedStruct(struct: IonStruct, convert: Convert): IonStruct {
  const { fields } = struct
  let changed: IonField[] | undefined
  for (let index = 0; index < fields.length; index++) {
    const { name, value } = fields[index]!
    if (typeof value !== 'object') continue
    const each = converted(value, convert)
    if (each === value) continue
    changed ??= [...fields]
    changed[index] = { name, value: each }
  }
  return changed === undefined ? struct : new IonStruct(changed)
}

function convertedItems(sequence: IonList | IonSexp, convert: Convert): IonList | IonSexp {
  const items = sequence.items as readonly EngineValue[]
  if (sequence instanceof Bag) {
    return new IonList(items.filter((item) => item !== MISSING).map((item) => converted(item, convert)))
  }
  const changed = items.map((item) => converted(item, convert))
  if (changed.every((item, index) => item === items[index])) return sequence
  return sequence instanceof IonSexp ? new IonSexp(changed) : new IonList(changed)
}

function encoded(value: TimeValue | Interval | Graph | EncodedInIon): IonValue {
  if (value instanceof EncodedInIon) return value
  if (value instanceof Graph) return graphToIon(value, leavingValue)
  if (value instanceof TimeValue) {
    const { hour, minute, second, nanos, offsetMinutes } = value
    const seconds = `${second}.${String(nanos).padStart(9, '0')}`.replace(/0{1,8}$/, '')
    const fields = { hour, minute, second: new Decimal(seconds), offset: offsetMinutes ?? NULL }
    return new EncodedInIon('$time', fields, value.toString())
  }
  const sign = value.isNegative ? '-' : '+'
  const positive = value.isNegative ? value.negate() : value
  const part = (field: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'): number => positive.field(field) ?? 0
  if (value.family === 'year-month') {
    return new EncodedInIon('$interval_ym', { sign, years: part('year'), months: part('month') }, value.text)
  }
  const fields = {
    sign,
    days: part('day'),
    hours: part('hour'),
    minutes: part('minute'),
    seconds: part('second'),
    nanos: positive.nanos,
  }
  return new EncodedInIon('$interval_dt', fields, value.text)
}

function textOf(value: TimeValue | Interval | Graph | EncodedInIon): IonValue {
  return value instanceof EncodedInIon ? value.text : encoded(value)
}

/** An encoded one came back as a parameter: it is an annotated struct like any other. */
function refused(value: TimeValue | Interval | Graph | EncodedInIon): IonValue {
  if (value instanceof EncodedInIon) return value
  if (value instanceof Graph) {
    throw new StatementError('TYPE_ERROR', 'Documents cannot hold a graph. Store its nodes and edges as documents.')
  }
  throw new StatementError(
    'TYPE_ERROR',
    `Documents cannot hold the ${value.kind} ${value.toString()}: Ion has no such type. Store it as a text, with CAST(… AS STRING), or as numbers.`,
  )
}
