import {
  compareOrder,
  IonFloat,
  type IonNull,
  type IonStruct,
  type IonValue,
  NULL,
  type Timestamp,
} from '../../ion/index.ts'
import { DateValue } from './date-value.ts'
import { type EngineValue, MISSING, type Missing } from './engine-value.ts'
import {
  ABSENT,
  BAG,
  bare,
  DATE,
  DAY_TIME,
  familyOf,
  GRAPH,
  isAbsent,
  itemsOf,
  LIST,
  SEXP,
  STRUCT,
  TIME,
  TIMESTAMP,
  YEAR_MONTH,
} from './family.ts'
import type { Graph } from './graph.ts'
import type { Interval } from './interval.ts'
import { LocalTimestamp } from './local-timestamp.ts'
import type { TimeValue } from './time-value.ts'

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
