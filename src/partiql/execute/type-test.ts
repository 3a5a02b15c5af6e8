import {
  Decimal,
  IonBlob,
  IonClob,
  IonFloat,
  IonList,
  IonSexp,
  IonStruct,
  IonSymbol,
  Timestamp,
} from '../../ion/index.ts'
import type { DataType } from '../syntax/nodes.ts'
import { DateValue } from '../value/date-value.ts'
import { isInt64 } from '../value/engine-number.ts'
import { Bag, type EngineValue, MISSING } from '../value/engine-value.ts'
import { bare, isAbsent } from '../value/family.ts'
import { Interval } from '../value/interval.ts'
import { LocalTimestamp } from '../value/local-timestamp.ts'
import { TimeValue } from '../value/time-value.ts'

/** `value IS type`. NULL and MISSING are of no type but their own, `ANY` apart. */
export function isOfType(value: EngineValue, type: DataType): boolean {
  const plain = bare(value)
  const [first, second] = type.parameters
  switch (type.name) {
    case 'any':
      return true
    case 'null':
      return isAbsent(plain)
    case 'missing':
      return plain === MISSING
    case 'bool':
      return typeof plain === 'boolean'
    case 'tinyint':
      return isIntWithin(plain, 7)
    case 'int2':
      return isIntWithin(plain, 15)
    case 'int4':
    case 'int8':
    case 'int':
      // Ion has one int of any size; INT, INTEGER and BIGINT are names for it (QLDB guide, "Data types").
      return typeof plain === 'number' || typeof plain === 'bigint'
    case 'real':
    case 'float':
    case 'double':
      return plain instanceof IonFloat
    case 'decimal':
    case 'numeric':
      return plain instanceof Decimal && (first === undefined || fits(plain, first, second ?? 0))
    case 'char':
    case 'varchar':
      return typeof plain === 'string' && (first === undefined || [...plain].length <= first)
    case 'string':
      return typeof plain === 'string'
    case 'symbol':
      return plain instanceof IonSymbol
    case 'clob':
      return plain instanceof IonClob
    case 'blob':
      return plain instanceof IonBlob
    case 'date':
      return plain instanceof DateValue || (plain instanceof Timestamp && plain.precision === 'day')
    case 'time':
      return plain instanceof TimeValue && fitsZone(plain.offsetMinutes !== undefined, type)
    case 'interval':
      return plain instanceof Interval && (type.interval === undefined || plain.field(type.interval.from) !== undefined)
    case 'timestamp':
      return plain instanceof Timestamp
        ? fitsZone(true, type)
        : plain instanceof LocalTimestamp && fitsZone(false, type)
    case 'struct':
      return plain instanceof IonStruct && hasFields(plain, type)
    case 'list':
      return plain instanceof IonList && !(plain instanceof Bag) && hasElements(plain.items, type)
    case 'sexp':
      return plain instanceof IonSexp && hasElements(plain.items, type)
    case 'bag':
      return plain instanceof Bag && hasElements(plain.items, type)
  }
}

/** An int from -2^bits to 2^bits - 1. */
function isIntWithin(value: EngineValue, bits: number): boolean {
  return typeof value === 'number' && value >= -(2 ** bits) && value < 2 ** bits
}

/** Whether an int is in the range of a type: 8 to 64 bits, and in QLDB any size for INT4, INT8 and INT. */
export function isIntOf(value: number | bigint, { name }: DataType, hasIonTypes: boolean): boolean {
  if (name === 'tinyint') return isIntWithin(value, 7)
  if (name === 'int2') return isIntWithin(value, 15)
  if (hasIonTypes) return true
  return name === 'int4' ? isIntWithin(value, 31) : isInt64(value)
}

function fitsZone(isZoned: boolean, { withTimeZone }: DataType): boolean {
  return withTimeZone === undefined || withTimeZone === isZoned
}

function hasElements(items: readonly EngineValue[], { element }: DataType): boolean {
  return element === undefined || items.every((item) => isAbsent(item) || isOfType(item, element))
}

function hasFields(struct: IonStruct, { fields }: DataType): boolean {
  if (fields === undefined) return true
  return fields.every(({ name, type, isOptional }) => {
    const value = struct.get(name.name)
    return value === undefined ? isOptional : isAbsent(value) || isOfType(value, type)
  })
}

/**
 * At most `scale` digits after the point, as they are written, and `precision - scale` before it; one digit before the
 * point is always allowed, as the conformance suite has it (`1.000 IS DECIMAL(3, 3)`).
 */
function fits(value: Decimal, precision: number, scale: number): boolean {
  if (-value.exponent > scale) return false
  return value.abs().lt(Decimal.of(1n, Math.max(1, precision - scale)))
}
