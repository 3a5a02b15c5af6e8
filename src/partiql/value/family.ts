import {
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
  Timestamp,
} from '../../ion/index.ts'
import { DateValue } from './date-value.ts'
import { Bag, type EngineValue, MISSING, Missing } from './engine-value.ts'
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
export const BOOLEAN = 1
export const NUMBER = 2
export const DATE = 3
/** With an offset or without, which counts as UTC. */
export const TIME = 4
/** With a zone or without, which counts as UTC. */
export const TIMESTAMP = 5
/** The two families of intervals. */
export const YEAR_MONTH = 6
export const DAY_TIME = 7
export const TEXT = 8
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

/** What PartiQL has beyond Ion. A bag is among Ion's lists. */
export type BeyondIon = Exclude<EngineValue, IonValue>

/** Whether a value, of whatever origin, is one that Ion has no type for. */
export function isBeyondIon(value: unknown): value is BeyondIon {
  return (
    value instanceof Missing ||
    value instanceof DateValue ||
    value instanceof TimeValue ||
    value instanceof LocalTimestamp ||
    value instanceof Interval ||
    value instanceof Graph
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

/** The elements of a list, s-expression or bag, which may include MISSING; undefined for anything else. */
export function itemsOf(value: EngineValue): readonly EngineValue[] | undefined {
  const plain = bare(value)
  return plain instanceof IonList || plain instanceof IonSexp ? plain.items : undefined
}

/** The text of a string or symbol; undefined for anything else. */
export function textOf(value: EngineValue): string | undefined {
  if (typeof value === 'string') return value
  const plain = bare(value)
  if (typeof plain === 'string') return plain
  return plain instanceof IonSymbol ? plain.text : undefined
}
