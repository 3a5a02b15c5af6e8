import { badIon, head, isPadding, MAX_DEPTH, readHead, readVarUInt, TYPE, varEnd } from './head.ts'
import { readDecimal, readFloat, readNegativeInt, readTimestamp, readUInt } from './scalar.ts'
import { NO_TEXT, type SymbolTable } from './symbol-table.ts'
import { decodeUtf8, isUtf8 } from './utf8.ts'
import {
  type ContainerReader,
  type EncodedContainer,
  IonAnnotated,
  type IonBareValue,
  IonBlob,
  IonClob,
  type IonField,
  IonFloat,
  IonList,
  IonNull,
  IonSexp,
  IonStruct,
  IonSymbol,
  type IonType,
  type IonValue,
} from './value.ts'

/** By the high four bits of a null's type descriptor. */
export const NULLS: readonly IonNull[] = (
  [
    'null',
    'bool',
    'int',
    'int',
    'float',
    'decimal',
    'timestamp',
    'symbol',
    'string',
    'clob',
    'blob',
    'list',
    'sexp',
    'struct',
  ] as const satisfies IonType[]
).map((type) => IonNull.of(type))

/**
 * Decodes the one value at `[start, end)`: bare Ion binary, without version marker and symbol table.
 *
 * Containers stay bytes until somebody looks (see {@link IonStruct}): of them only the outer length is checked here, so
 * damage inside is found when it is looked at; {@link validateValue} finds it at once. Blobs and clobs are views of
 * `bytes`. The bytes must not change while the value is in use.
 *
 * @throws {FormatError} BAD_ION when the bytes are not exactly one value, or use a sid that `symbols` does not have
 */
export function decodeValue(
  bytes: Uint8Array,
  symbols: SymbolTable,
  start: number = 0,
  end: number = bytes.length,
): IonValue {
  checkRange(bytes, start, end)
  const value = decodeAt(bytes, start, end, symbols)
  if (head.end !== end) throw badIon(head.end, 'there is more after the value')
  return value
}

/**
 * Decodes the value that starts at `start` and ends by `limit` into one that needs `bytes` no longer: for bytes that will
 * change. Scalars are decoded anyway; anything else is copied first.
 *
 * @throws {FormatError} BAD_ION
 */
export function decodeDetached(bytes: Uint8Array, symbols: SymbolTable, start: number, limit: number): IonValue {
  checkRange(bytes, start, limit)
  const descriptor = start < limit ? bytes[start]! : 0
  const end = start + 1 + (descriptor & 15)
  // Short texts and ints, by far the most.
  if (descriptor > 0x80 && descriptor < 0x8e && end <= limit) return decodeUtf8(bytes, start + 1, end)
  if (descriptor === 0x8e && start + 1 < limit && bytes[start + 1]! >= 0x80) {
    const textEnd = start + 2 + (bytes[start + 1]! & 0x7f)
    if (textEnd <= limit) return decodeUtf8(bytes, start + 2, textEnd)
  }
  if (descriptor > 0x20 && descriptor < 0x27 && end <= limit) {
    let value = 0
    for (let at = start + 1; at < end; at++) value = value * 256 + bytes[at]!
    return value
  }
  if (descriptor >> 4 >= TYPE.clob) {
    readHead(bytes, start, limit)
    const copy = new Uint8Array(head.end - start)
    copy.set(bytes.subarray(start, head.end))
    return decodeValue(copy, symbols)
  }
  return decodeAt(bytes, start, limit, symbols)
}

/** Decodes the value at `at`; afterwards `head.end` is where it ended. */
export function decodeAt(bytes: Uint8Array, at: number, limit: number, symbols: SymbolTable): IonValue {
  readHead(bytes, at, limit)
  return head.descriptor >> 4 === TYPE.annotation ? decodeAnnotated(bytes, symbols) : decodeBare(bytes, at, symbols)
}

/** Decodes the value whose head was just read; it is no annotation wrapper. Leaves `head.end` as it is. */
function decodeBare(bytes: Uint8Array, at: number, symbols: SymbolTable): IonBareValue {
  const { descriptor, body, end } = head
  if ((descriptor & 15) === 15) return NULLS[descriptor >> 4]!
  switch (descriptor >> 4) {
    case TYPE.bool:
      return descriptor === 0x11
    case TYPE.positiveInt:
      return readUInt(bytes, body, end)
    case TYPE.negativeInt:
      return readNegativeInt(bytes, body, end)
    case TYPE.float:
      return new IonFloat(readFloat(bytes, body, end))
    case TYPE.decimal:
      return readDecimal(bytes, body, end)
    case TYPE.timestamp:
      return readTimestamp(bytes, body, end)
    case TYPE.symbol: {
      const text = readSymbol(bytes, body, end, symbols)
      return new IonSymbol(text === NO_TEXT ? undefined : text)
    }
    case TYPE.string:
      return decodeUtf8(bytes, body, end)
    case TYPE.clob:
      return new IonClob(bytes.subarray(body, end))
    case TYPE.blob:
      return new IonBlob(bytes.subarray(body, end))
    case TYPE.list:
      return new IonList(undefined, { bytes, start: at, bodyStart: body, end, symbols, reader })
    case TYPE.sexp:
      return new IonSexp(undefined, { bytes, start: at, bodyStart: body, end, symbols, reader })
    case TYPE.struct:
      return new IonStruct(undefined, { bytes, start: at, bodyStart: body, end, symbols, reader })
    case TYPE.null:
      throw badIon(at, 'a value was expected, not padding')
    default:
      throw badIon(at, 'an annotation must not be annotated')
  }
}

/** Decodes the annotation wrapper whose head was just read. */
function decodeAnnotated(bytes: Uint8Array, symbols: SymbolTable): IonAnnotated {
  const { body, end } = head
  const valueAt = readAnnotationsEnd(bytes, body, end)
  const annotations: string[] = []
  let at = varEnd
  while (at < valueAt) {
    annotations.push(symbolText(readVarUInt(bytes, at, valueAt), at, symbols))
    at = varEnd
  }
  readHead(bytes, valueAt, end)
  if (head.end !== end) throw badIon(valueAt, 'an annotated value does not fill its wrapper')
  return new IonAnnotated(annotations, decodeBare(bytes, valueAt, symbols))
}

/** Where the annotations of a wrapper end and its value starts; `varEnd` is where they start. */
function readAnnotationsEnd(bytes: Uint8Array, body: number, end: number): number {
  const length = readVarUInt(bytes, body, end)
  if (length === 0) throw badIon(body, 'an annotation wrapper without annotations')
  if (length >= end - varEnd) throw badIon(body, 'an annotation wrapper without a value')
  return varEnd + length
}

/** The text of a sid, {@link NO_TEXT} when it has none. */
export function symbolText(sid: number, at: number, symbols: SymbolTable): string {
  const text = symbols.texts[sid]
  if (text === undefined) throw badIon(at, `symbol $${sid} is not in the symbol table, which ends at $${symbols.size}`)
  return text
}

/** The text of the symbol whose content is `[body, end)`, {@link NO_TEXT} when it has none. */
export function readSymbol(bytes: Uint8Array, body: number, end: number, symbols: SymbolTable): string {
  return symbolText(Number(readUInt(bytes, body, end)), body, symbols)
}

const reader: ContainerReader = {
  readItems({ bytes, bodyStart, end, symbols }: EncodedContainer): readonly IonValue[] {
    const items: IonValue[] = []
    let at = bodyStart
    while (at < end) {
      if (isPadding(bytes[at]!)) {
        readHead(bytes, at, end)
      } else {
        items.push(decodeAt(bytes, at, end, symbols))
      }
      at = head.end
    }
    return items
  },

  readFields({ bytes, bodyStart, end, symbols }: EncodedContainer): readonly IonField[] {
    const fields: IonField[] = []
    let at = bodyStart
    while (at < end) {
      const sid = readVarUInt(bytes, at, end)
      const valueAt = varEnd
      if (valueAt < end && isPadding(bytes[valueAt]!)) {
        readHead(bytes, valueAt, end)
      } else {
        const name = symbolText(sid, at, symbols)
        fields.push({ name, value: decodeAt(bytes, valueAt, end, symbols) })
      }
      at = head.end
    }
    return fields
  },

  readField({ bytes, bodyStart, end, symbols }: EncodedContainer, name: string): IonValue | undefined {
    const sid = symbols.sid(name)
    if (sid === undefined) return undefined
    const at = symbols.isOneToOne
      ? findInBody(bytes, bodyStart, end, sid)
      : findNameInBody(bytes, bodyStart, end, name, symbols)
    return at < 0 ? undefined : decodeAt(bytes, at, end, symbols)
  },

  countFields({ bytes, bodyStart, end }: EncodedContainer): number {
    let count = 0
    let at = bodyStart
    while (at < end) {
      readVarUInt(bytes, at, end)
      const valueAt = varEnd
      readHead(bytes, valueAt, end)
      if (!isPadding(head.descriptor)) count++
      at = head.end
    }
    return count
  },
}

/** Where the value of the first field with that sid starts, or -1. */
function findInBody(bytes: Uint8Array, bodyStart: number, end: number, sid: number): number {
  let at = bodyStart
  while (at < end) {
    // One-byte sids and lengths, by far the most, are read right here.
    let found = bytes[at]! - 0x80
    if (found >= 0) {
      at++
    } else {
      found = readVarUInt(bytes, at, end)
      at = varEnd
    }
    readHead(bytes, at, end)
    if (found === sid && !isPadding(head.descriptor)) return at
    at = head.end
  }
  return -1
}

/** As {@link findInBody} for a table where several sids have the same text. */
function findNameInBody(bytes: Uint8Array, bodyStart: number, end: number, name: string, symbols: SymbolTable): number {
  let at = bodyStart
  while (at < end) {
    const sid = readVarUInt(bytes, at, end)
    const valueAt = varEnd
    readHead(bytes, valueAt, end)
    if (!isPadding(head.descriptor) && symbols.texts[sid] === name) return valueAt
    at = head.end
  }
  return -1
}

/**
 * Where the value of the first field with that sid starts in the encoded struct at `[start, end)`; -1 when the struct has no
 * such field, or the value there is no struct (null.struct included). Annotations around the struct are passed over.
 * {@link valueEnd} says where it ends.
 *
 * The quickest way to one field of stored bytes: no object is made. Only for bytes whose symbol table gives each name
 * one sid, as ledgers' tables do.
 *
 * @throws {FormatError} BAD_ION when the walk meets damage
 */
export function findField(bytes: Uint8Array, start: number, end: number, sid: number): number {
  checkRange(bytes, start, end)
  readHead(bytes, start, end)
  if (head.descriptor >> 4 === TYPE.annotation) {
    readHead(bytes, readAnnotationsEnd(bytes, head.body, head.end), head.end)
  }
  if (head.descriptor >> 4 !== TYPE.struct || head.descriptor === 0xdf) return -1
  return findInBody(bytes, head.body, head.end, sid)
}

/** Where the value that starts at `start` ends; it must end by `limit`. Looks at its head only. */
export function valueEnd(bytes: Uint8Array, start: number, limit: number = bytes.length): number {
  checkRange(bytes, start, limit)
  readHead(bytes, start, limit)
  return head.end
}

/**
 * Walks all of the one value at `[start, end)` and makes no objects for containers and text: lengths, sids, UTF-8, times,
 * depth.
 *
 * @throws {FormatError} BAD_ION at the first thing that is not Ion, a sid that is not in `symbols`, or containers deeper
 *   than 512
 */
export function validateValue(
  bytes: Uint8Array,
  symbols: SymbolTable,
  start: number = 0,
  end: number = bytes.length,
): void {
  checkRange(bytes, start, end)
  validateAt(bytes, start, end, symbols, 0)
  if (head.end !== end) throw badIon(head.end, 'there is more after the value')
}

/** Checks the value at `at`; afterwards `head.end` is where it ended. */
function validateAt(bytes: Uint8Array, at: number, limit: number, symbols: SymbolTable, depth: number): void {
  readHead(bytes, at, limit)
  const { descriptor, body, end } = head
  if ((descriptor & 15) === 15) return
  switch (descriptor >> 4) {
    case TYPE.null:
      throw badIon(at, 'a value was expected, not padding')
    case TYPE.negativeInt:
      readNegativeInt(bytes, body, end)
      return
    case TYPE.decimal:
      readDecimal(bytes, body, end)
      return
    case TYPE.timestamp:
      readTimestamp(bytes, body, end)
      return
    case TYPE.symbol:
      readSymbol(bytes, body, end, symbols)
      return
    case TYPE.string:
      if (!isUtf8(bytes, body, end)) throw badIon(body, 'the text is not well-formed UTF-8')
      return
    case TYPE.list:
    case TYPE.sexp:
      validateItems(bytes, body, end, symbols, depth + 1)
      head.end = end
      return
    case TYPE.struct:
      validateFields(bytes, body, end, symbols, depth + 1)
      head.end = end
      return
    case TYPE.annotation: {
      const valueAt = readAnnotationsEnd(bytes, body, end)
      let sidAt = varEnd
      while (sidAt < valueAt) {
        symbolText(readVarUInt(bytes, sidAt, valueAt), sidAt, symbols)
        sidAt = varEnd
      }
      if (bytes[valueAt]! >> 4 === TYPE.annotation) throw badIon(valueAt, 'an annotation must not be annotated')
      validateAt(bytes, valueAt, end, symbols, depth)
      if (head.end !== end) throw badIon(valueAt, 'an annotated value does not fill its wrapper')
    }
  }
}

function validateItems(bytes: Uint8Array, body: number, end: number, symbols: SymbolTable, depth: number): void {
  checkDepth(depth, body)
  let at = body
  while (at < end) {
    if (isPadding(bytes[at]!)) {
      readHead(bytes, at, end)
    } else {
      validateAt(bytes, at, end, symbols, depth)
    }
    at = head.end
  }
}

function validateFields(bytes: Uint8Array, body: number, end: number, symbols: SymbolTable, depth: number): void {
  checkDepth(depth, body)
  let at = body
  while (at < end) {
    const sid = readVarUInt(bytes, at, end)
    const valueAt = varEnd
    if (valueAt < end && isPadding(bytes[valueAt]!)) {
      readHead(bytes, valueAt, end)
    } else {
      symbolText(sid, at, symbols)
      validateAt(bytes, valueAt, end, symbols, depth)
    }
    at = head.end
  }
}

/** @throws {FormatError} BAD_ION when `depth` containers lie in one another and that is too many */
function checkDepth(depth: number, at: number): void {
  if (depth > MAX_DEPTH) throw badIon(at, `containers lie deeper in one another than ${MAX_DEPTH}`)
}

function checkRange(bytes: Uint8Array, start: number, end: number): void {
  if (!(start >= 0 && end <= bytes.length && start <= end)) {
    throw new RangeError(`'start' and 'end' expected a range within ${bytes.length} bytes, got [${start}, ${end})`)
  }
}
