import type { Hash } from '../hash/index.ts'
import { badIon, head, isPadding, MAX_DEPTH, readHead, readVarUInt, TYPE, varEnd } from './head.ts'
import { type FieldName, fieldName, IonHasher } from './ion-hasher.ts'
import { readDecimal, readFloat, readTimestamp, readUInt } from './scalar.ts'
import { NO_TEXT, type SymbolTable } from './symbol-table.ts'

const ownHasher: IonHasher = new IonHasher()

/**
 * Ion Hash 1.0 with SHA-256 of the one encoded value (no version marker) that fills `[start, end)` of `bytes`. It is the
 * hash of the value, however it was encoded: padding, ordered structs, short floats, long-winded integers and the
 * numbering of symbols make no difference.
 *
 * Cost: one walk, and one SHA-256 for each struct field at any depth and for the whole; 3 to 3.5 µs for 230 bytes with 10
 * fields, 5 µs where there is no SHA-256 kernel. Lengths, sids and nesting are checked, the content of scalars only as
 * far as hashing looks at it; for a full check see `validateValue`.
 *
 * @throws {FormatError} BAD_ION
 */
export function hashBytes(
  bytes: Uint8Array,
  symbols: SymbolTable,
  start: number = 0,
  end: number = bytes.length,
): Hash {
  ownHasher.reset()
  writeEncoded(ownHasher, bytes, symbols, start, end)
  return ownHasher.digest()
}

/** An encoded value, as {@link hashBytes} takes it. */
export interface EncodedValue {
  readonly bytes: Uint8Array
  readonly symbols: SymbolTable
}

/** Hashes of many encoded values, in their order. Short ones are hashed together. @throws {FormatError} BAD_ION */
export function hashValues(many: readonly EncodedValue[]): Hash[] {
  return ownHasher.digestEach(many.length, (index) => writeEncoded(ownHasher, many[index]!.bytes, many[index]!.symbols))
}

/**
 * Writes the one encoded value that fills `[start, end)` of `bytes` as the next value of a hasher.
 *
 * @param depth how deep the value lies in others
 * @throws {FormatError} BAD_ION as {@link hashBytes}; the hasher then needs a reset
 */
export function writeEncoded(
  hasher: IonHasher,
  bytes: Uint8Array,
  symbols: SymbolTable,
  start: number = 0,
  end: number = bytes.length,
  depth: number = 0,
): void {
  if (start < end && isPadding(bytes[start]!)) throw badIon(start, 'a value was expected, not padding')
  const valueEnd = writeAt(hasher, bytes, symbols, start, Math.min(end, bytes.length), depth)
  if (valueEnd !== end) throw badIon(valueEnd, 'there is more after the value')
}

/** Writes the value at `at`, nothing for padding; answers where it ends. */
function writeAt(
  hasher: IonHasher,
  bytes: Uint8Array,
  symbols: SymbolTable,
  at: number,
  limit: number,
  depth: number,
): number {
  readHead(bytes, at, limit)
  const { descriptor, body, end } = head
  if ((descriptor & 15) === 15) {
    hasher.bare(descriptor === 0x3f ? 0x2f : descriptor)
    return end
  }
  switch (descriptor >> 4) {
    case TYPE.null:
      return end
    case TYPE.bool:
      hasher.bare(descriptor)
      return end
    case TYPE.positiveInt:
    case TYPE.negativeInt:
      writeInt(hasher, bytes, descriptor & 0xf0, body, end)
      return end
    case TYPE.float:
      hasher.float(readFloat(bytes, body, end))
      return end
    case TYPE.decimal:
      writeDecimal(hasher, bytes, body, end)
      return end
    case TYPE.timestamp:
      writeTimestamp(hasher, bytes, body, end)
      return end
    case TYPE.symbol:
      hasher.serialized(symbolBytes(Number(readUInt(bytes, body, end)), at, symbols))
      return end
    case TYPE.string:
    case TYPE.clob:
    case TYPE.blob:
      hasher.begin(descriptor & 0xf0, end - body)
      hasher.bytes(bytes, body, end)
      hasher.end()
      return end
  }
  if (depth >= MAX_DEPTH) throw badIon(at, `containers are nested deeper than ${MAX_DEPTH}`)
  switch (descriptor >> 4) {
    case TYPE.list:
    case TYPE.sexp: {
      hasher.begin(descriptor & 0xf0, 0)
      let item = body
      while (item < end) item = writeAt(hasher, bytes, symbols, item, end, depth + 1)
      hasher.endSequence()
      return end
    }
    case TYPE.struct:
      writeStruct(hasher, bytes, symbols, body, end, depth + 1)
      return end
    default:
      writeAnnotated(hasher, bytes, symbols, body, end, depth)
      return end
  }
}

function writeStruct(
  hasher: IonHasher,
  bytes: Uint8Array,
  symbols: SymbolTable,
  body: number,
  end: number,
  depth: number,
): void {
  hasher.beginStruct()
  let at = body
  while (at < end) {
    let sid = bytes[at]! & 0x7f
    if (bytes[at]! >= 0x80) {
      at++
    } else {
      sid = readVarUInt(bytes, at, end)
      at = varEnd
    }
    if (at < end && !isPadding(bytes[at]!)) hasher.field(symbolBytes(sid, at, symbols))
    at = writeAt(hasher, bytes, symbols, at, end, depth)
  }
  hasher.endStruct()
}

function writeAnnotated(
  hasher: IonHasher,
  bytes: Uint8Array,
  symbols: SymbolTable,
  body: number,
  end: number,
  depth: number,
): void {
  const annotationsSize = readVarUInt(bytes, body, end)
  let at = varEnd
  const valueAt = at + annotationsSize
  if (annotationsSize === 0 || valueAt >= end) throw badIon(body, 'an annotation wrapper lacks annotations or a value')
  hasher.beginAnnotated()
  while (at < valueAt) {
    const sid = readVarUInt(bytes, at, valueAt)
    hasher.serialized(symbolBytes(sid, at, symbols))
    at = varEnd
  }
  if (isPadding(bytes[at]!) || bytes[at]! >> 4 === TYPE.annotation) {
    throw badIon(at, 'annotations belong to a value that has no others')
  }
  if (writeAt(hasher, bytes, symbols, at, end, depth) !== end) {
    throw badIon(at, 'an annotated value does not fill its wrapper')
  }
  hasher.endSequence()
}

/** The serialization of a symbol, kept with the table: a sid never changes its text. */
function symbolBytes(sid: number, at: number, symbols: SymbolTable): FieldName {
  return symbols.hashes[sid] ?? makeSymbolBytes(sid, at, symbols)
}

function makeSymbolBytes(sid: number, at: number, symbols: SymbolTable): FieldName {
  if (sid > symbols.size) {
    throw badIon(at, `symbol $${sid} is not in the symbol table, which ends at $${symbols.size}`)
  }
  const name = fieldName(symbols.text(sid) ?? NO_TEXT)
  // Filled from the front, so that the array stays a dense one.
  while (symbols.hashes.length <= sid) symbols.hashes.push(undefined)
  symbols.hashes[sid] = name
  return name
}

function writeInt(hasher: IonHasher, bytes: Uint8Array, typeQualifier: number, body: number, end: number): void {
  let first = body
  while (first < end && bytes[first] === 0) first++
  if (first === end && typeQualifier === 0x30) throw badIon(body, 'an int must not be negative zero')
  hasher.begin(typeQualifier, end - first)
  hasher.bytes(bytes, first, end)
  hasher.end()
}

/** A decimal that is already in normal form is copied; others are read and written anew. */
function writeDecimal(hasher: IonHasher, bytes: Uint8Array, body: number, end: number): void {
  const exponent = bytes[body]!
  const isShort = body < end && exponent >= 0x80 && exponent !== 0xc0
  const isNormal = body + 1 < end ? (bytes[body + 1]! & 0x7f) !== 0 : exponent !== 0x80
  if (!isShort || !isNormal) {
    hasher.decimal(readDecimal(bytes, body, end))
    return
  }
  hasher.begin(0x50, end - body)
  hasher.bytes(bytes, body, end)
  hasher.end()
}

/** A timestamp that is already in normal form is copied; others are read and written anew. */
function writeTimestamp(hasher: IonHasher, bytes: Uint8Array, body: number, end: number): void {
  if (!isNormalTimestamp(bytes, body, end)) {
    hasher.timestamp(readTimestamp(bytes, body, end))
    return
  }
  hasher.begin(0x60, end - body)
  hasher.bytes(bytes, body, end)
  hasher.end()
}

/** Whether a timestamp is one of the usual: UTC or unknown offset, shortest form, no fraction of zero. */
function isNormalTimestamp(bytes: Uint8Array, body: number, end: number): boolean {
  const isUtc = bytes[body] === 0x80
  if (!isUtc && bytes[body] !== 0xc0) return false
  if (end - body < 3 || bytes[body + 1]! >= 0x80 || bytes[body + 1] === 0 || bytes[body + 2]! < 0x80) return false
  // Month, day, hour, minute, second.
  let at = body + 3
  const componentsEnd = Math.min(end, at + 5)
  const components = componentsEnd - at
  if (components === 3 || (isUtc && components < 4)) return false
  while (at < componentsEnd) if (bytes[at++]! < 0x80) return false
  if (at === end) return true
  if (bytes[at]! <= 0xc0) return false
  // No digit is dropped that must stand: a first byte of 0 may only keep the sign bit clear.
  const coefficient = at + 1
  if (coefficient === end) return true
  const first = bytes[coefficient]!
  return first > 0 ? first < 0x80 : coefficient + 1 < end && bytes[coefficient + 1]! >= 0x80
}
