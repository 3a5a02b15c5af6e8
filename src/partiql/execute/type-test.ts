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
import { bare, isAbsent } from '../value/compare.ts'
import { Bag, type EngineValue, MISSING } from '../value/engine-value.ts'

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
      return plain instanceof Timestamp && plain.precision === 'day'
    case 'time':
    case 'interval':
      return false
    case 'timestamp':
      return plain instanceof Timestamp
    case 'struct':
      return plain instanceof IonStruct
    case 'list':
      return plain instanceof IonList && !(plain instanceof Bag)
    case 'sexp':
      return plain instanceof IonSexp
    case 'bag':
      return plain instanceof Bag
  }
}

/** An int from -2^bits to 2^bits - 1. */
function isIntWithin(value: EngineValue, bits: number): boolean {
  return typeof value === 'number' && value >= -(2 ** bits) && value < 2 ** bits
}

/** At most `scale` digits after the point and `precision - scale` before it. */
function fits(value: Decimal, precision: number, scale: number): boolean {
  return value.round(scale).eq(value) && value.abs().lt(Decimal.of(1n, precision - scale))
}
