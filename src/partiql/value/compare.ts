import {
  compareOrder,
  Decimal,
  IonAnnotated,
  IonBlob,
  IonClob,
  IonFloat,
  IonList,
  IonNull,
  IonSexp,
  IonStruct,
  IonSymbol,
  type IonValue,
  NULL,
  Timestamp,
} from '../../ion/index.ts'
import { DateValue } from './date-value.ts'
import { Bag, type EngineValue, MISSING, type Missing } from './engine-value.ts'
import { Graph } from './graph.ts'
import { Interval } from './interval.ts'
import { LocalTimestamp } from './local-timestamp.ts'
import { TimeValue } from './time-value.ts'

/** Families of values that `<` can compare, in the total order of PartiQL ("ORDER BY", specification §12.2). */
export type Family =
  | typeof ABSENT
  | typeof BOOLEAN
  | typeof NUMBER
  | typeof DATE
  | typeof TIME
  | typeof TIMESTAMP
  | typeof YEAR_MONTH
  | typeof DAY_TIME
  | typeof TEXT
  | typeof BYTES
  | typeof LIST
  | typeof SEXP
  | typeof STRUCT
  | typeof BAG
  | typeof GRAPH
export const ABSENT = 0
const BOOLEAN = 1
export const NUMBER = 2
export const DATE = 3
/** With an offset or without, which counts as UTC. */
export const TIME = 4
/** With a zone or without, which counts as UTC. */
export const TIMESTAMP = 5
/** The two families of intervals. */
export const YEAR_MONTH = 6
export const DAY_TIME = 7
const TEXT = 8
const BYTES = 9
export const LIST = 10
/** Never equal to a list, as in the index keys: the two are different types of Ion. */
export const SEXP = 11
export const STRUCT = 12
export const BAG = 13
export const GRAPH = 14

/** True for MISSING, `null`, `null.int` …, annotated or not. */
export function isAbsent(value: EngineValue): boolean {
  if (typeof value !== 'object') return false
  return (
    value === MISSING || value instanceof IonNull || (value instanceof IonAnnotated && value.value instanceof IonNull)
  )
}

/** The value without its annotations: the language does not look at them. */
export function bare(value: EngineValue): Exclude<EngineValue, IonAnnotated> {
  return value instanceof IonAnnotated ? value.value : value
}

/** Which family a value belongs to; annotations do not matter. */
export function familyOf(value: EngineValue): Family {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return NUMBER
    case 'string':
      return TEXT
    case 'boolean':
      return BOOLEAN
  }
  if (value instanceof IonStruct) return STRUCT
  if (value instanceof Bag) return BAG
  if (value instanceof IonList) return LIST
  if (value instanceof IonSexp) return SEXP
  if (value instanceof Decimal || value instanceof IonFloat) return NUMBER
  if (value instanceof Timestamp) return TIMESTAMP
  if (value instanceof IonSymbol) return TEXT
  if (value instanceof IonBlob || value instanceof IonClob) return BYTES
  if (value instanceof IonAnnotated) return familyOf(value.value)
  if (value === MISSING || value instanceof IonNull) return ABSENT
  if (value instanceof DateValue) return DATE
  if (value instanceof TimeValue) return TIME
  if (value instanceof LocalTimestamp) return TIMESTAMP
  if (value instanceof Interval) return value.family === 'year-month' ? YEAR_MONTH : DAY_TIME
  if (value instanceof Graph) return GRAPH
  return ABSENT
}

/**
 * PartiQL's grouping equality (`eqg`), which never errs: numbers by value (1 = 1.0 = 1e0), text and symbol alike,
 * containers deeply, NULL and MISSING equal to each other and to themselves, annotations ignored.
 */
export function equalValues(a: EngineValue, b: EngineValue): boolean {
  if (a === b) return true
  if (typeof a !== 'object' && typeof b !== 'object') return false
  return compareValues(a, b) === 0
}

/**
 * The total order over everything a query can hold: NULL and MISSING first, then by family, then by value. It is
 * `compareOrder` of the Ion room, extended by the values that Ion does not have.
 *
 * @param absentLast NULL and MISSING last instead, inside containers too: NULLS LAST
 */
export function compareValues(a: EngineValue, b: EngineValue, absentLast = false): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const family = familyOf(a)
  const other = familyOf(b)
  if (family !== other) {
    return absentLast && (family === ABSENT || other === ABSENT) ? other - family : family - other
  }
  switch (family) {
    case ABSENT:
      return 0
    case LIST:
    case SEXP:
      return compareItems(itemsOf(a)!, itemsOf(b)!, absentLast)
    case BAG:
      return compareItems(sorted(itemsOf(a)!, absentLast), sorted(itemsOf(b)!, absentLast), absentLast)
    case STRUCT:
      return compareStructs(bare(a) as IonStruct, bare(b) as IonStruct, absentLast)
    case DATE:
      return (a as DateValue).days - (b as DateValue).days
    case TIME:
      return (a as TimeValue).utcNanos - (b as TimeValue).utcNanos
    case TIMESTAMP:
      return zoned(a).compare(zoned(b))
    case YEAR_MONTH:
    case DAY_TIME: {
      const difference = (a as Interval).amount - (b as Interval).amount
      return difference < 0n ? -1 : difference > 0n ? 1 : 0
    }
    case GRAPH:
      return a === b ? 0 : compareValues((a as Graph).content, (b as Graph).content)
    default:
      return compareOrder(a as IonValue, b as IonValue)
  }
}

/** A timestamp as Ion has it: without a zone it counts as UTC. */
export function zoned(value: EngineValue): Timestamp {
  const plain = bare(value)
  return plain instanceof LocalTimestamp ? plain.toTimestamp() : (plain as Timestamp)
}

/** The elements of a list, s-expression or bag, which may include MISSING; undefined for anything else. */
export function itemsOf(value: EngineValue): readonly EngineValue[] | undefined {
  const plain = bare(value)
  return plain instanceof IonList || plain instanceof IonSexp ? plain.items : undefined
}

/** `a = b`: NULL when a side is null, MISSING when one is missing and none is null, else true or false. */
export function equals(a: EngineValue, b: EngineValue): EngineValue {
  if (typeof a !== 'object' && typeof b !== 'object') return a === b
  if (isAbsent(a) || isAbsent(b)) return absentOf(a, b)
  return compareValues(asCompared(a, b), asCompared(b, a)) === 0
}

/**
 * A value as `=` and `<` see it beside `other`: a date is its midnight beside a timestamp. By itself, as a key and in a
 * container, a date equals dates only.
 */
function asCompared(value: EngineValue, other: EngineValue): EngineValue {
  return value instanceof DateValue && familyOf(other) === TIMESTAMP ? value.toTimestamp() : value
}

/** What a comparison of two values gives when one of them at least is absent. */
export function absentOf(a: EngineValue, b: EngineValue): EngineValue {
  return (a === MISSING && !isNullish(b)) || (b === MISSING && !isNullish(a)) ? MISSING : NULL
}

/**
 * `a < b` and its kin: the sign of the comparison, NULL or MISSING when one of them is absent.
 *
 * @returns undefined when the two are of different families
 */
export function compareOrdered(a: EngineValue, b: EngineValue): number | Missing | IonNull | undefined {
  if (typeof a === 'string' && typeof b === 'string') return compareOrder(a, b)
  const family = familyOf(a)
  const other = familyOf(b)
  if (family === ABSENT || other === ABSENT) return absentOf(a, b) as Missing | IonNull
  if (family !== other) {
    const isCalendar = (family === DATE && other === TIMESTAMP) || (family === TIMESTAMP && other === DATE)
    return isCalendar ? compareValues(asCompared(a, b), asCompared(b, a)) : undefined
  }
  return isNotANumber(a) || isNotANumber(b) ? Number.NaN : compareValues(a, b)
}

function isNullish(value: EngineValue): boolean {
  return value !== MISSING && isAbsent(value)
}

/** NaN is equal to itself and orders first in sorting, but is neither smaller nor greater in a condition. */
function isNotANumber(value: EngineValue): boolean {
  const plain = bare(value)
  return plain instanceof IonFloat && Number.isNaN(plain.value)
}

function compareItems(a: readonly EngineValue[], b: readonly EngineValue[], absentLast: boolean): number {
  const shared = Math.min(a.length, b.length)
  for (let index = 0; index < shared; index++) {
    const order = compareValues(a[index]!, b[index]!, absentLast)
    if (order !== 0) return order
  }
  return a.length - b.length
}

function sorted(items: readonly EngineValue[], absentLast: boolean): readonly EngineValue[] {
  return [...items].sort((a, b) => compareValues(a, b, absentLast))
}

/** As multisets of (name, value): field order is nothing, duplicates count. */
function compareStructs(a: IonStruct, b: IonStruct, absentLast: boolean): number {
  const byNameAndValue = (x: Field, y: Field): number => compareFields(x, y, absentLast)
  const left = [...a.fields].sort(byNameAndValue)
  const right = [...b.fields].sort(byNameAndValue)
  const shared = Math.min(left.length, right.length)
  for (let index = 0; index < shared; index++) {
    const order = byNameAndValue(left[index]!, right[index]!)
    if (order !== 0) return order
  }
  return left.length - right.length
}

interface Field {
  readonly name: string
  readonly value: EngineValue
}

function compareFields(a: Field, b: Field, absentLast: boolean): number {
  return a.name === b.name ? compareValues(a.value, b.value, absentLast) : compareOrder(a.name, b.name)
}
