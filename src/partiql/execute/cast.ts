import { StatementError } from '../../errors.ts'
import {
  Decimal,
  IonBlob,
  IonClob,
  type IonField,
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
import { equalValues } from '../value/compare.ts'
import { DateValue } from '../value/date-value.ts'
import { limitDigits } from '../value/decimal-digits.ts'
import { numberOf, toDecimal, toFloat, toInt } from '../value/engine-number.ts'
import { Bag, type EngineValue, MISSING } from '../value/engine-value.ts'
import { bare, isAbsent, itemsOf, textOf } from '../value/family.ts'
import { Interval } from '../value/interval.ts'
import { LocalTimestamp } from '../value/local-timestamp.ts'
import { printValue } from '../value/print-value.ts'
import { TimeValue } from '../value/time-value.ts'
import { castToDate, castToInterval, castToTime, castToTimestamp } from './cast-datetime.ts'
import type { Compiler, Evaluate } from './compiler.ts'
import { isIntOf, isOfType } from './type-test.ts'

/**
 * CAST, CAN_CAST and CAN_LOSSLESS_CAST (QLDB guide, "CAST").
 *
 * What cannot be cast is a wrong type: in QLDB's dialect and in strict typing a TYPE_ERROR, in permissive typing MISSING.
 * PartiQL has two errors in both modes: an int beyond the bits of its type, and the types NULL and MISSING.
 */
export function compileCast(cast: Cast, compiler: Compiler): Evaluate {
  const operand = compiler.expression(cast.operand)
  const { mode, type } = cast
  const { dialect } = compiler
  const { hasIonTypes } = dialect
  switch (mode) {
    case 'cast': {
      const givesMissing = dialect.typing === 'permissive' && !dialect.functionsThrow
      return (frame) => {
        const value = operand(frame)
        const result = castTo(value, type, hasIonTypes)
        if (result !== undefined) return result
        const isError = !hasIonTypes && (type.name === 'null' || type.name === 'missing' || isTooLarge(value, type))
        if (givesMissing && !isError) return MISSING
        throw new StatementError(
          isError ? 'EVALUATION_ERROR' : 'TYPE_ERROR',
          `Cannot cast ${printValue(value).slice(0, 80)} to ${type.name}.${shapeOf(type, value)}`,
        )
      }
    }
    case 'can_cast':
      return (frame) => castTo(operand(frame), type, hasIonTypes) !== undefined
    case 'can_lossless_cast':
      return (frame) => {
        const value = operand(frame)
        const result = castTo(value, type, hasIonTypes)
        if (result === undefined) return false
        const back = isAbsent(value) ? value : backTo(result, value, hasIonTypes)
        return back !== undefined && equalValues(back, value)
      }
  }
}

/** How a text of a date or a time is written, in both dialects. */
const SHAPES: ReadonlyMap<DataType['name'], string> = new Map([
  ['date', '2026-01-31'],
  ['time', '13:30:00'],
  ['timestamp', '2026-01-31T13:30:00Z'],
])

/** ` Write it like 13:30:00.` for a text that was to be a time, else nothing. */
function shapeOf({ name }: DataType, value: EngineValue): string {
  const shape = typeof bare(value) === 'string' ? SHAPES.get(name) : undefined
  return shape === undefined ? '' : ` Write it like ${shape}.`
}

/** A number that is no int of the type, only because it has too many bits. */
function isTooLarge(value: EngineValue, { name }: DataType): boolean {
  return INT_TYPES.has(name) && toWhole(bare(value)) !== undefined
}
const INT_TYPES: ReadonlySet<string> = new Set(['tinyint', 'int2', 'int4', 'int8', 'int'])

/** `value` as `type`; undefined when that cannot be. `hasIonTypes` is that of the dialect. */
function castTo(value: EngineValue, type: DataType, hasIonTypes: boolean): EngineValue | undefined {
  if (!hasIonTypes && (type.name === 'null' || type.name === 'missing')) return undefined
  if (value === MISSING) return type.name === 'null' ? NULL : MISSING
  if (isAbsent(value)) return type.name === 'missing' ? MISSING : NULL
  const plain = bare(value)
  switch (type.name) {
    case 'any':
      return value
    case 'null':
    case 'missing':
      return undefined
    case 'time':
      return castToTime(plain, type)
    case 'interval':
      return castToInterval(plain, type)
    case 'bool':
      return toBoolean(plain)
    case 'tinyint':
    case 'int2':
    case 'int4':
    case 'int8':
    case 'int': {
      const int = toWhole(plain)
      return int === undefined || isIntOf(int, type, hasIonTypes) ? int : undefined
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
      return hasIonTypes ? toIonDate(plain) : castToDate(plain)
    case 'timestamp':
      return hasIonTypes ? toIonTimestamp(plain) : castToTimestamp(plain, type)
    case 'struct':
      return plain instanceof IonStruct ? remadeStruct(plain, type, hasIonTypes) : undefined
    case 'list':
      return plain instanceof IonList && !(plain instanceof Bag) && type.element === undefined
        ? plain
        : remade(plain, type, hasIonTypes, (items) => new IonList(items))
    case 'sexp':
      return plain instanceof IonSexp && type.element === undefined
        ? plain
        : remade(plain, type, hasIonTypes, (items) => new IonSexp(items))
    case 'bag':
      return plain instanceof Bag && type.element === undefined
        ? plain
        : remade(plain, type, hasIonTypes, (items) => new Bag(items))
  }
}

/** A collection as another, each element cast where the type says what elements are. */
function remade(
  value: EngineValue,
  { element }: DataType,
  hasIonTypes: boolean,
  make: (items: readonly IonValue[]) => IonValue,
): IonValue | undefined {
  const items = itemsOf(value)?.filter((item) => item !== MISSING)
  if (items === undefined) return undefined
  if (element === undefined) return make(items as IonValue[])
  const made = items.map((item) => castTo(item, element, hasIonTypes))
  return made.includes(undefined) ? undefined : make(made as IonValue[])
}

/** A struct with the fields that the type names cast; the others stay. undefined when one that must be there is not. */
function remadeStruct(struct: IonStruct, { fields }: DataType, hasIonTypes: boolean): IonStruct | undefined {
  if (fields === undefined) return struct
  const made: IonField[] = []
  for (const { name, value } of struct.fields) {
    const definition = fields.find((field) => field.name.name === name)
    const cast = definition === undefined ? value : castTo(value, definition.type, hasIonTypes)
    if (cast === undefined) return undefined
    if (cast !== MISSING) made.push({ name, value: cast as IonValue })
  }
  const isComplete = fields.every((field) => field.isOptional || made.some(({ name }) => name === field.name.name))
  return isComplete ? new IonStruct(made) : undefined
}

function toBoolean(value: EngineValue): boolean | undefined {
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
function toWhole(value: EngineValue): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  const text = textOf(value)
  if (text !== undefined) {
    if (!WHOLE_TEXT.test(text)) return undefined
    const magnitude = BigInt(text.replace(/^[+-]/, ''))
    return toInt(text.startsWith('-') ? -magnitude : magnitude)
  }
  const number = numberOf(value)
  // A whole float is the int that it is in binary, not the one that its shortest text spells.
  if (number instanceof IonFloat && Number.isInteger(number.value)) return toInt(BigInt(number.value))
  const exact = number === undefined ? undefined : toDecimal(number)
  if (exact === undefined || exact.exponent > MAX_EXPONENT) return undefined
  return toInt(exact.round(0).coefficient)
}
const MAX_EXPONENT = 5000

function toFloating(value: EngineValue): IonValue | undefined {
  if (typeof value === 'boolean') return new IonFloat(value ? 1 : 0)
  const text = textOf(value)
  if (text !== undefined) return NUMBER_TEXT.test(text) ? new IonFloat(Number(text)) : undefined
  const number = numberOf(value)
  return number === undefined ? undefined : number instanceof IonFloat ? number : new IonFloat(toFloat(number))
}

const NUMBER_TEXT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

function toExact(value: EngineValue, parameters: readonly number[]): IonValue | undefined {
  const exact = plainExact(value)
  const [precision, scale] = parameters
  if (exact === undefined || precision === undefined) return exact && limitDigits(exact)
  const rounded = exact.round(scale ?? 0)
  return rounded.abs().lt(Decimal.of(1n, precision - (scale ?? 0))) ? rounded : undefined
}

function plainExact(value: EngineValue): Decimal | undefined {
  if (typeof value === 'boolean') return Decimal.of(value ? 1n : 0n, 0)
  const text = textOf(value)
  if (text !== undefined) return NUMBER_TEXT.test(text) ? new Decimal(text.replace(/^([+-]?)\./, '$10.')) : undefined
  const number = numberOf(value)
  return number === undefined ? undefined : toDecimal(number)
}

/** CHAR(n) and VARCHAR(n) cut what is longer. */
function toText(value: EngineValue, length: number | undefined): string | undefined {
  const text = wholeText(value)
  return text === undefined || length === undefined ? text : [...text].slice(0, length).join('')
}

function wholeText(value: EngineValue): string | undefined {
  const text = textOf(value)
  if (text !== undefined) return text
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (value instanceof Decimal) return plainDigits(value)
  if (value instanceof IonFloat) return String(value.value)
  if (value instanceof Interval) return value.text
  return value instanceof Timestamp ||
    value instanceof DateValue ||
    value instanceof TimeValue ||
    value instanceof LocalTimestamp
    ? value.toString()
    : undefined
}

/** Without Ion's trailing point and `d`: `5`, `1.50`, `1E+3`. */
function plainDigits(value: Decimal): string {
  const text = value.toString()
  if (text.endsWith('.')) return text.slice(0, -1)
  return text.replace(/d(-?)/, (_, minus: string) => (minus === '' ? 'E+' : 'E-'))
}

function toIonTimestamp(value: EngineValue): Timestamp | undefined {
  if (value instanceof Timestamp) return value
  const text = textOf(value)
  if (text === undefined) return undefined
  try {
    return Timestamp.parse(text)
  } catch {
    return undefined
  }
}

function toIonDate(value: EngineValue): Timestamp | undefined {
  const timestamp = toIonTimestamp(value)
  return timestamp && new Timestamp({ year: timestamp.year, month: timestamp.month ?? 1, day: timestamp.day ?? 1 })
}

/** `result` cast back to the type that `original` has; undefined when it cannot be. */
function backTo(result: EngineValue, original: EngineValue, hasIonTypes: boolean): EngineValue | undefined {
  const name = NAMES.find((each) => isOfType(original, dataType(each)))
  return name === undefined ? undefined : castTo(result, dataType(name), hasIonTypes)
}

const NAMES = [
  'bool',
  'int',
  'decimal',
  'double',
  'string',
  'symbol',
  'date',
  'time',
  'timestamp',
  'interval',
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
