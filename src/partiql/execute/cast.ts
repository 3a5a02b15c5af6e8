import { StatementError } from '../../errors.ts'
import {
  Decimal,
  IonBlob,
  IonClob,
  IonFloat,
  IonList,
  IonSexp,
  IonStruct,
  IonSymbol,
  type IonValue,
  NULL,
  Timestamp,
} from '../../ion/index.ts'
import type { Cast } from '../plan/expression.ts'
import type { DataType } from '../syntax/nodes.ts'
import { bare, equalValues, isAbsent, itemsOf } from '../value/compare.ts'
import { Bag, type EngineValue, MISSING } from '../value/engine-value.ts'
import { printValue } from '../value/print-value.ts'
import type { Compiler, Evaluate } from './compiler.ts'
import { limitDigits, numberOf, toDecimal, toFloat, toInt } from './engine-number.ts'
import { textOf } from './table-source.ts'
import { isOfType } from './type-test.ts'

/**
 * CAST, CAN_CAST and CAN_LOSSLESS_CAST (QLDB guide, "CAST").
 *
 * @throws {StatementError} TYPE_ERROR at run time when a cast is impossible, in QLDB's dialect
 */
export function compileCast(cast: Cast, compiler: Compiler): Evaluate {
  const operand = compiler.expression(cast.operand)
  const { mode, type } = cast
  switch (mode) {
    case 'cast': {
      const { functionsThrow } = compiler.dialect
      return (frame) => {
        const value = operand(frame)
        const result = castTo(value, type)
        if (result !== undefined) return result
        if (!functionsThrow) return MISSING
        throw new StatementError('TYPE_ERROR', `Cannot cast ${printValue(value).slice(0, 80)} to ${type.name}.`)
      }
    }
    case 'can_cast':
      return (frame) => castTo(operand(frame), type) !== undefined
    case 'can_lossless_cast':
      return (frame) => {
        const value = operand(frame)
        const result = castTo(value, type)
        if (result === undefined) return false
        const back = isAbsent(value) ? value : backTo(result, value)
        return back !== undefined && equalValues(back, value)
      }
  }
}

/** `value` as `type`; undefined when that cannot be. */
function castTo(value: EngineValue, type: DataType): EngineValue | undefined {
  if (value === MISSING) return type.name === 'null' ? NULL : MISSING
  if (isAbsent(value)) return type.name === 'missing' ? MISSING : NULL
  const plain = bare(value) as IonValue
  switch (type.name) {
    case 'any':
      return value
    case 'null':
    case 'missing':
    case 'time':
      return undefined
    case 'bool':
      return toBoolean(plain)
    case 'tinyint':
    case 'int2':
    case 'int4':
    case 'int8':
    case 'int': {
      const int = toWhole(plain)
      return int === undefined || isOfType(int, type) ? int : undefined
    }
    case 'real':
    case 'float':
    case 'double':
      return toFloating(plain)
    case 'decimal':
    case 'numeric':
      return toExact(plain, type.parameters)
    case 'char':
    case 'varchar':
    case 'string':
      return toText(plain, type.name === 'string' ? undefined : type.parameters[0])
    case 'symbol': {
      const text = toText(plain, undefined)
      return text === undefined ? undefined : new IonSymbol(text)
    }
    case 'clob':
      return plain instanceof IonClob ? plain : plain instanceof IonBlob ? new IonClob(plain.bytes) : undefined
    case 'blob':
      return plain instanceof IonBlob ? plain : plain instanceof IonClob ? new IonBlob(plain.bytes) : undefined
    case 'date':
    case 'timestamp':
      return toTimestamp(plain, type.name)
    case 'struct':
      return plain instanceof IonStruct ? plain : undefined
    case 'list':
      return plain instanceof IonList && !(plain instanceof Bag) ? plain : remade(plain, (items) => new IonList(items))
    case 'sexp':
      return plain instanceof IonSexp ? plain : remade(plain, (items) => new IonSexp(items))
    case 'bag':
      return plain instanceof Bag ? plain : remade(plain, (items) => new Bag(items))
  }
}

function remade(value: IonValue, make: (items: readonly IonValue[]) => IonValue): IonValue | undefined {
  const items = itemsOf(value)
  return items && make(items.filter((item) => item !== MISSING) as IonValue[])
}

function toBoolean(value: IonValue): boolean | undefined {
  if (typeof value === 'boolean') return value
  const text = textOf(value)
  if (text !== undefined) return text.toLowerCase() === 'true'
  const number = numberOf(value)
  return number && (number instanceof Decimal ? !number.isZero : toFloat(number) !== 0)
    ? true
    : number === undefined
      ? undefined
      : false
}

const WHOLE_TEXT = /^[+-]?(?:\d+|0[xX][\da-fA-F]+|0[bB][01]+)$/

/** Fractions are rounded half to even. */
function toWhole(value: IonValue): IonValue | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  const text = textOf(value)
  if (text !== undefined) {
    if (!WHOLE_TEXT.test(text)) return undefined
    const magnitude = BigInt(text.replace(/^[+-]/, ''))
    return toInt(text.startsWith('-') ? -magnitude : magnitude)
  }
  const number = numberOf(value)
  const exact = number === undefined ? undefined : toDecimal(number)
  if (exact === undefined || exact.exponent > MAX_EXPONENT) return undefined
  return toInt(exact.round(0).coefficient)
}
const MAX_EXPONENT = 5000

function toFloating(value: IonValue): IonValue | undefined {
  if (typeof value === 'boolean') return new IonFloat(value ? 1 : 0)
  const text = textOf(value)
  if (text !== undefined) return NUMBER_TEXT.test(text) ? new IonFloat(Number(text)) : undefined
  const number = numberOf(value)
  return number === undefined ? undefined : number instanceof IonFloat ? number : new IonFloat(toFloat(number))
}

const NUMBER_TEXT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

function toExact(value: IonValue, parameters: readonly number[]): IonValue | undefined {
  const exact = plainExact(value)
  const [precision, scale] = parameters
  if (exact === undefined || precision === undefined) return exact && limitDigits(exact)
  const rounded = exact.round(scale ?? 0)
  return rounded.abs().lt(Decimal.of(1n, precision - (scale ?? 0))) ? rounded : undefined
}

function plainExact(value: IonValue): Decimal | undefined {
  if (typeof value === 'boolean') return Decimal.of(value ? 1n : 0n, 0)
  const text = textOf(value)
  if (text !== undefined) return NUMBER_TEXT.test(text) ? new Decimal(text.replace(/^([+-]?)\./, '$10.')) : undefined
  const number = numberOf(value)
  return number === undefined ? undefined : toDecimal(number)
}

/** CHAR(n) and VARCHAR(n) cut what is longer. */
function toText(value: IonValue, length: number | undefined): string | undefined {
  const text = wholeText(value)
  return text === undefined || length === undefined ? text : [...text].slice(0, length).join('')
}

function wholeText(value: IonValue): string | undefined {
  const text = textOf(value)
  if (text !== undefined) return text
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (value instanceof Decimal) return plainDigits(value)
  if (value instanceof IonFloat) return String(value.value)
  return value instanceof Timestamp ? value.toString() : undefined
}

/** Without Ion's trailing point and `d`: `5`, `1.50`, `1E+3`. */
function plainDigits(value: Decimal): string {
  const text = value.toString()
  if (text.endsWith('.')) return text.slice(0, -1)
  return text.replace(/d(-?)/, (_, minus: string) => (minus === '' ? 'E+' : 'E-'))
}

function toTimestamp(value: IonValue, type: 'date' | 'timestamp'): IonValue | undefined {
  let timestamp: Timestamp | undefined
  if (value instanceof Timestamp) timestamp = value
  const text = textOf(value)
  if (text !== undefined) {
    try {
      timestamp = Timestamp.parse(text)
    } catch {
      return undefined
    }
  }
  if (timestamp === undefined || type === 'timestamp') return timestamp
  const { year, month, day } = timestamp
  return new Timestamp({ year, month: month ?? 1, day: day ?? 1 })
}

/** `result` cast back to the type that `original` has; undefined when it cannot be. */
function backTo(result: EngineValue, original: EngineValue): EngineValue | undefined {
  const name = NAMES.find((each) => isOfType(original, dataType(each)))
  return name === undefined ? undefined : castTo(result, dataType(name))
}

const NAMES = [
  'bool',
  'int',
  'decimal',
  'double',
  'string',
  'symbol',
  'timestamp',
  'blob',
  'clob',
  'struct',
  'list',
  'sexp',
  'bag',
] as const

const PLAIN_TYPE = {
  withTimeZone: undefined,
  interval: undefined,
  element: undefined,
  fields: undefined,
  location: { offset: 0, length: 0 },
} as const

function dataType(name: DataType['name']): DataType {
  return { kind: 'type', name, parameters: [], ...PLAIN_TYPE }
}
