import { FormatError } from '../errors.ts'
import { decodeValue, NULLS, readSymbol, symbolText } from './binary-reader.ts'
import { type BinaryWriter, encodeValue, encodeWith } from './binary-writer.ts'
import { Decimal } from './decimal.ts'
import { badIon, head, isPadding, MAX_DEPTH, readHead, readVarUInt, TYPE, varEnd } from './head.ts'
import { readDecimal, readFloat, readNegativeInt, readTimestamp, readUInt } from './scalar.ts'
import { NO_TEXT, type SymbolTable } from './symbol-table.ts'
import { Timestamp } from './timestamp.ts'
import { decodeUtf8 } from './utf8.ts'
import {
  IonAnnotated,
  IonBlob,
  IonClob,
  type IonField,
  IonFloat,
  IonList,
  IonNull,
  IonSexp,
  IonStruct,
  IonSymbol,
  type IonValue,
  NULL,
} from './value.ts'

/**
 * The Ion value of a plain JavaScript value.
 *
 * | JavaScript | Ion |
 * | --- | --- |
 * | string, boolean, null | string, bool, null |
 * | safe integer | int |
 * | any other number: fractions, `-0`, `NaN`, infinities, beyond 2^53 | float |
 * | bigint | int |
 * | `Date` | timestamp, UTC, three fraction digits |
 * | `Uint8Array` | blob |
 * | array | list |
 * | plain object | struct, fields in the object's order; fields that are undefined are left out |
 * | `Decimal`, `Timestamp`, Ion objects | themselves |
 *
 * @param more further values that may lie anywhere in it
 * @throws {FormatError} BAD_VALUE for everything else, with the path to it: undefined by itself or in an array, functions,
 *   JavaScript symbols, instances of other classes (a `Map` has no fields to see), invalid dates, text with half of a
 *   surrogate pair; and for containers that lie deeper in one another than 512 or contain themselves
 */
export function fromJavascript(value: unknown, more?: MoreValues): IonValue {
  return fromAt(value, [], more)
}

/** Values of another room that lie among plain ones, and how that room puts them into Ion's containers. */
export interface MoreValues {
  /** Left out of objects, as undefined is. */
  readonly absent: unknown
  /** What an object that is no plain data stands for; undefined when it is unknown here too. */
  valueOf(value: object): IonValue | undefined
}

type Path = (string | number)[]

function fromAt(value: unknown, path: Path, more?: MoreValues): IonValue {
  switch (typeof value) {
    case 'string':
      checkText(value, path)
      return value
    case 'boolean':
      return value
    case 'number':
      return isIonInt(value) ? value : new IonFloat(value)
    case 'bigint': {
      const number = Number(value)
      return Number.isSafeInteger(number) ? number : value
    }
    case 'object': {
      if (value === null) return NULL
      if (isPlainObject(value)) return fromObject(value, path, more)
      if (Array.isArray(value)) return fromArray(value, path, more)
      if (isIonObject(value)) return value
      if (value instanceof Uint8Array) return new IonBlob(value)
      if (value instanceof Date) {
        const year = value.getUTCFullYear()
        if (!(year >= 1 && year <= 9999))
          throw badValue(path, 'is a Date that is invalid or not in the years 1 to 9999')
        return Timestamp.fromDate(value)
      }
      const known = more?.valueOf(value)
      if (known !== undefined) return known
    }
  }
  throw badValue(path, unsupportedText(value))
}

function fromObject(object: Readonly<Record<string, unknown>>, path: Path, more: MoreValues | undefined): IonStruct {
  checkDepth(path)
  const fields: IonField[] = []
  for (const name of Object.keys(object)) {
    const value = object[name]
    if (value === undefined || (more !== undefined && value === more.absent)) continue
    path.push(name)
    checkText(name, path)
    fields.push({ name, value: fromAt(value, path, more) })
    path.pop()
  }
  return new IonStruct(fields)
}

function fromArray(array: readonly unknown[], path: Path, more: MoreValues | undefined): IonList {
  checkDepth(path)
  const items: IonValue[] = []
  for (let i = 0; i < array.length; i++) {
    path.push(i)
    items.push(fromAt(array[i], path, more))
    path.pop()
  }
  return new IonList(items)
}

function isIonInt(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0)
}

/** Made by `{}`, `Object.create(null)` or JSON.parse, in this realm or another; not by a class. */
function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null
}

function isIonObject(value: object): value is Exclude<IonValue, string | number | bigint | boolean> {
  return (
    value instanceof Decimal ||
    value instanceof Timestamp ||
    value instanceof IonStruct ||
    value instanceof IonList ||
    value instanceof IonNull ||
    value instanceof IonSymbol ||
    value instanceof IonFloat ||
    value instanceof IonBlob ||
    value instanceof IonClob ||
    value instanceof IonSexp ||
    value instanceof IonAnnotated
  )
}

const HALF_OF_PAIR = /\p{Surrogate}/u

function checkText(text: string, path: Path): void {
  if (HALF_OF_PAIR.test(text)) throw badValue(path, 'has half of a surrogate pair, which cannot be stored')
}

function checkDepth(path: Path): void {
  if (path.length >= MAX_DEPTH) {
    const first = path.slice(0, 4).join('.')
    throw new FormatError(
      'BAD_VALUE',
      `The value at ${first}… is deeper than ${MAX_DEPTH} containers, or contains itself. Only plain trees can be stored.`,
    )
  }
}

function badValue(path: Path, what: string): FormatError {
  const place = path.length === 0 ? 'The value' : `The value at ${path.join('.')}`
  return new FormatError('BAD_VALUE', `${place} ${what}.`)
}

function unsupportedText(value: unknown): string {
  if (value === undefined) return 'is undefined; leave the field out, or use null'
  if (typeof value !== 'object' || value === null) return `is a ${typeof value}, which cannot be stored`
  const name: unknown = value.constructor?.name
  return `is an instance of ${String(name)}; give a plain object, such as { ...value }`
}

/**
 * `encodeValue(fromJavascript(value), symbols)` in one pass that builds no Ion objects.
 *
 * @throws {FormatError} BAD_VALUE as {@link fromJavascript}
 */
export function encodeJavascript(value: unknown, symbols: SymbolTable): Uint8Array {
  if (isPrototypePolluted()) return encodeValue(fromJavascript(value), symbols)
  try {
    return encodeWith(symbols, value, writeJavascript)
  } catch (error) {
    // The slow way names the place, which the quick way does not track.
    if (error instanceof FormatError && error.code === 'BAD_VALUE') fromJavascript(value)
    throw error
  }
}

function writeJavascript(writer: BinaryWriter, value: unknown): void {
  switch (typeof value) {
    case 'string':
      writer.writeString(value)
      return
    case 'number':
      if (isIonInt(value)) {
        writer.writeInt(value)
      } else {
        writer.writeFloat(value)
      }
      return
    case 'boolean':
      writer.writeBool(value)
      return
    case 'bigint':
      writer.writeBigInt(value)
      return
    case 'object': {
      if (value === null) {
        writer.writeNull('null')
      } else if (isPlainObject(value)) {
        writeObject(writer, value)
      } else if (Array.isArray(value)) {
        const mark = writer.beginContainer()
        for (let i = 0; i < value.length; i++) writeJavascript(writer, value[i])
        writer.endContainer(mark, TYPE.list)
      } else if (isIonObject(value)) {
        writer.writeValue(value)
      } else if (value instanceof Uint8Array) {
        writer.writeBlob(value)
      } else if (value instanceof Date) {
        writer.writeMillis(value.getTime())
      } else {
        break
      }
      return
    }
  }
  throw badValue([], unsupportedText(value))
}

function writeObject(writer: BinaryWriter, object: Readonly<Record<string, unknown>>): void {
  const prototype: unknown = Object.getPrototypeOf(object)
  if (prototype !== Object.prototype && prototype !== null) {
    writer.writeValue(fromJavascript(object)) // Of another realm: its prototype may have fields of its own.
    return
  }
  const mark = writer.beginContainer()
  // In a for-in loop V8 reads the values by position: six times as fast as going through Object.keys.
  for (const name in object) {
    const value = object[name]
    if (value === undefined) continue
    if (name === NO_TEXT) throw badValue([], 'has a name that is no text')
    writer.writeFieldName(name)
    writeJavascript(writer, value)
  }
  writer.endContainer(mark, TYPE.struct)
}

/** Whether somebody gave all objects of this realm a further field, which a for-in loop would take for their own. */
function isPrototypePolluted(): boolean {
  for (const _ in Object.prototype) return true
  return false
}

/**
 * The plain JavaScript value of an Ion value, unless that would lose something:
 *
 * | Ion | JavaScript |
 * | --- | --- |
 * | null, bool, string | null, boolean, string |
 * | int | number, or bigint beyond 2^53 |
 * | float | number |
 * | decimal | `Decimal` |
 * | timestamp in UTC with three fraction digits | `Date` |
 * | any other timestamp | `Timestamp` |
 * | blob | `Uint8Array`, a copy |
 * | list | array |
 * | struct | plain object |
 * | struct with repeated names or a name without text | `IonStruct` |
 * | typed null, symbol, clob, sexp, annotated value | `IonNull`, `IonSymbol`, `IonClob`, `IonSexp`, `IonAnnotated` |
 *
 * The one thing lost is that a float was a float: `2e0` gives 2, which goes back in as an int.
 *
 * @throws {FormatError} BAD_ION when a container over bytes is damaged or containers lie deeper than 512
 */
export function toJavascript(value: IonValue): unknown {
  return toAt(value, 0)
}

function toAt(value: IonValue, depth: number): unknown {
  if (typeof value !== 'object') return value
  if (value instanceof IonStruct) {
    const encoded = value.encoded
    if (encoded !== undefined) {
      return objectFrom(encoded.bytes, encoded.start, encoded.bodyStart, encoded.end, encoded.symbols, depth + 1)
    }
    checkLevel(depth + 1)
    const object: Record<string, unknown> = {}
    for (const field of value.fields) setField(object, field.name, toAt(field.value, depth + 1))
    return isFaithful(object, value.fields.length) ? object : value
  }
  if (value instanceof Timestamp) return isDate(value) ? value.toDate() : value
  if (value instanceof IonList) {
    checkLevel(depth + 1)
    return value.items.map((item) => toAt(item, depth + 1))
  }
  if (value instanceof IonFloat) return value.value
  if (value instanceof IonBlob) return Uint8Array.from(value.bytes)
  return value === NULL ? null : value
}

/**
 * `toJavascript(decodeValue(bytes, symbols, start, end))` in one pass that builds no Ion objects.
 *
 * @throws {FormatError} BAD_ION when the bytes are not exactly one value, or damaged anywhere that ends up in the result
 */
export function decodeJavascript(
  bytes: Uint8Array,
  symbols: SymbolTable,
  start: number = 0,
  end: number = bytes.length,
): unknown {
  if (!(start >= 0 && end <= bytes.length && start <= end)) {
    throw new RangeError(`'start' and 'end' expected a range within ${bytes.length} bytes, got [${start}, ${end})`)
  }
  const value = javascriptAt(bytes, start, end, symbols, 0)
  if (head.end !== end) throw badIon(head.end, 'there is more after the value')
  return value
}

/** Decodes the value at `at`; afterwards `head.end` is where it ended. */
function javascriptAt(bytes: Uint8Array, at: number, limit: number, symbols: SymbolTable, depth: number): unknown {
  const first = at < limit ? bytes[at]! : 0
  const shortEnd = at + 1 + (first & 15)
  // Short texts and ints, by far the most.
  if (first > 0x80 && first < 0x8e && shortEnd <= limit) {
    head.end = shortEnd
    return decodeUtf8(bytes, at + 1, shortEnd)
  }
  if (first > 0x20 && first < 0x27 && shortEnd <= limit) {
    let value = 0
    for (let index = at + 1; index < shortEnd; index++) value = value * 256 + bytes[index]!
    head.end = shortEnd
    return value
  }
  readHead(bytes, at, limit)
  const { descriptor, body, end } = head
  if ((descriptor & 15) === 15) return descriptor === 0x0f ? null : NULLS[descriptor >> 4]!
  switch (descriptor >> 4) {
    case TYPE.bool:
      return descriptor === 0x11
    case TYPE.positiveInt:
      return readUInt(bytes, body, end)
    case TYPE.negativeInt:
      return readNegativeInt(bytes, body, end)
    case TYPE.float:
      return readFloat(bytes, body, end)
    case TYPE.decimal:
      return readDecimal(bytes, body, end)
    case TYPE.timestamp: {
      const timestamp = readTimestamp(bytes, body, end)
      return isDate(timestamp) ? timestamp.toDate() : timestamp
    }
    case TYPE.symbol: {
      const text = readSymbol(bytes, body, end, symbols)
      return new IonSymbol(text === NO_TEXT ? undefined : text)
    }
    case TYPE.string:
      return decodeUtf8(bytes, body, end)
    case TYPE.blob:
      return bytes.slice(body, end)
    case TYPE.list: {
      const array = arrayFrom(bytes, body, end, symbols, depth + 1)
      head.end = end
      return array
    }
    case TYPE.struct: {
      const object = objectFrom(bytes, at, body, end, symbols, depth + 1)
      head.end = end
      return object
    }
    default: {
      const value = decodeValue(bytes, symbols, at, end)
      head.end = end
      return value
    }
  }
}

function arrayFrom(bytes: Uint8Array, body: number, end: number, symbols: SymbolTable, depth: number): unknown[] {
  checkLevel(depth)
  const array: unknown[] = []
  let at = body
  while (at < end) {
    if (isPadding(bytes[at]!)) {
      readHead(bytes, at, end)
    } else {
      array.push(javascriptAt(bytes, at, end, symbols, depth))
    }
    at = head.end
  }
  return array
}

/** The struct at `start`, whose content is `[body, end)`. */
function objectFrom(
  bytes: Uint8Array,
  start: number,
  body: number,
  end: number,
  symbols: SymbolTable,
  depth: number,
): unknown {
  checkLevel(depth)
  const object: Record<string, unknown> = {}
  let count = 0
  let at = body
  while (at < end) {
    // One-byte sids, by far the most, are read right here.
    let sid = bytes[at]! - 0x80
    let valueAt = at + 1
    if (sid < 0) {
      sid = readVarUInt(bytes, at, end)
      valueAt = varEnd
    }
    if (valueAt < end && isPadding(bytes[valueAt]!)) {
      readHead(bytes, valueAt, end)
    } else {
      setField(object, symbolText(sid, at, symbols), javascriptAt(bytes, valueAt, end, symbols, depth))
      count++
    }
    at = head.end
  }
  return isFaithful(object, count) ? object : decodeValue(bytes, symbols, start, end)
}

/** Whether the object shows all fields that were set: no name was repeated or without text. */
function isFaithful(object: object, fieldCount: number): boolean {
  return Object.keys(object).length === fieldCount && !Object.hasOwn(object, NO_TEXT)
}

/** Sets a field; the name `__proto__` means nothing special. */
function setField(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true })
  } else {
    object[name] = value
  }
}

function isDate(value: Timestamp): boolean {
  return value.offsetMinutes === 0 && value.fraction?.digits === 3
}

function checkLevel(depth: number): void {
  if (depth > MAX_DEPTH) throw new FormatError('BAD_ION', `Containers lie deeper in one another than ${MAX_DEPTH}.`)
}
