import { Decimal, encodeOrderKey, IonFloat, type IonStruct, IonSymbol, type IonValue } from '../../ion/index.ts'
import { compareValues, zoned } from './compare.ts'
import { DateValue } from './date-value.ts'
import type { EngineValue } from './engine-value.ts'
import {
  ABSENT,
  BAG,
  bare,
  DATE,
  DAY_TIME,
  familyOf,
  GRAPH,
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
import type { TimeValue } from './time-value.ts'

/**
 * A value's stand-in as a key of a JavaScript Map: two stand-ins are the same exactly when the values are equal in
 * PartiQL's grouping sense. Ints in the safe range and texts, the common cases, stand for themselves.
 */
export function hashKey(value: EngineValue): unknown {
  switch (typeof value) {
    case 'number':
    case 'boolean':
      return value
    case 'string':
      // Texts that begin like an encoded key are encoded too, so that the two cannot meet.
      return value.charCodeAt(0) === MARK_CODE ? MARK + encode(value) : value
  }
  const plain = bare(value)
  if (typeof plain !== 'object' && typeof plain !== 'bigint') return hashKey(plain)
  if (plain instanceof IonSymbol && plain.text !== undefined) return hashKey(plain.text)
  if (plain instanceof IonFloat && Number.isSafeInteger(plain.value)) return plain.value + 0
  if (plain instanceof Decimal && plain.exponent === 0 && plain.coefficient <= SAFE && plain.coefficient >= -SAFE) {
    return Number(plain.coefficient)
  }
  const family = familyOf(plain)
  if (family === ABSENT) return null
  if (plain instanceof Decimal) {
    const number = plain.toNumber()
    if (Number.isSafeInteger(number) && plain.eq(number)) return number + 0
  }
  return MARK + encode(plain)
}

/**
 * Like {@link hashKey} for what `=` compares: values that it finds equal have the same key. A date equals the timestamp of
 * its midnight there.
 */
export function comparisonKey(value: EngineValue): unknown {
  return hashKey(typeof value === 'object' && value instanceof DateValue ? value.toTimestamp() : value)
}

/** One stand-in for several values in a row, made of the stand-ins of each. */
export function keyOfAll(values: readonly EngineValue[], keyOf: (value: EngineValue) => unknown): unknown {
  if (values.length === 1) return keyOf(values[0]!)
  let key = ''
  for (const value of values) {
    const part = keyOf(value)
    const text = typeof part === 'string' ? `s${part}` : String(part)
    key += `${text.length}:${text}`
  }
  return key
}

const MARK = '\uffff'
const MARK_CODE = 0xffff
const SAFE = BigInt(Number.MAX_SAFE_INTEGER)

/** Containers are spelled out here, as they may hold MISSING; everything else by its order key. */
function encode(value: EngineValue): string {
  switch (familyOf(value)) {
    case ABSENT:
      return 'n'
    case LIST:
      return `[${(itemsOf(value) ?? []).map(framed).join('')}]`
    case SEXP:
      return `(${(itemsOf(value) ?? []).map(framed).join('')})`
    case BAG:
      return `<${[...(itemsOf(value) ?? [])].sort(compareValues).map(framed).join('')}>`
    case STRUCT: {
      const pairs = (bare(value) as IonStruct).fields.map((field) => framed(field.name) + framed(field.value))
      return `{${pairs.sort().join('')}}`
    }
    // First letters that are no tag of an order key.
    case DATE:
      return `d${(value as DateValue).days}`
    case TIME:
      return `t${(value as TimeValue).utcNanos}`
    case YEAR_MONTH:
      return `y${(value as Interval).amount}`
    case DAY_TIME:
      return `i${(value as Interval).amount}`
    case TIMESTAMP:
      return latin1(encodeOrderKey(zoned(value)))
    case GRAPH:
      return `g${encode((value as Graph).content)}`
    default:
      return latin1(encodeOrderKey(value as IonValue))
  }
}

function framed(value: EngineValue): string {
  const text = encode(value)
  return `${text.length}:${text}`
}

function latin1(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}
