import { FormatError } from '../errors.ts'
import type { Hash } from '../hash/index.ts'
import { fieldName, IonHasher } from './ion-hasher.ts'
import { NO_TEXT, SymbolTable } from './symbol-table.ts'

/** How deep values may be nested. */
const MAX_DEPTH = 1000

/**
 * Walks over Ion binary once and writes its serialization for hashing, in normal form whatever way the bytes were
 * written: padding, ordered structs, short floats, long-winded integers and sids make no difference. Each method begins
 * at `cursor` and leaves it behind what it read.
 */
class EncodedWalk {
  hasher: IonHasher = ownHasher
  source: Uint8Array = noBytes
  symbols: SymbolTable = noSymbols
  cursor = 0
  depth = 0
  /** What `varInt` read, without its sign. */
  private magnitude = 0

  /** One value; nothing is written for padding. */
  walk(limit: number): void {
    const position = this.cursor
    if (position >= limit) throw malformed('a value ends early', position)
    const descriptor = this.source[position]!
    const type = descriptor >> 4
    let length = descriptor & 15
    this.cursor = position + 1
    if (length === 15) {
      if (type >= 14) throw malformed('unknown type', position)
      this.hasher.bare(descriptor)
      return
    }
    if (type === 1) {
      if (length > 1) throw malformed('unknown bool', position)
      this.hasher.bare(descriptor)
      return
    }
    if (length === 14) length = this.varUint(limit)
    else if (length === 1 && type === 13) {
      length = this.varUint(limit)
      if (length === 0) throw malformed('a struct with ordered fields has none', position)
    }
    const end = this.cursor + length
    if (end > limit) throw malformed('a value is longer than what holds it', position)
    switch (type) {
      case 0:
        this.cursor = end
        return
      case 2:
      case 3:
        this.walkInt(type, end)
        return
      case 4:
        this.walkFloat(length)
        return
      case 5:
        this.walkDecimal(end)
        return
      case 6:
        this.walkTimestamp(end)
        return
      case 7:
        this.walkSymbol(end)
        return
      case 8:
      case 9:
      case 10:
        this.hasher.begin(type << 4, length)
        this.hasher.bytes(this.source, this.cursor, end)
        this.cursor = end
        this.hasher.end()
        return
      case 11:
      case 12:
        this.enter(position)
        this.hasher.begin(type << 4, 0)
        while (this.cursor < end) this.walk(end)
        this.hasher.endSequence()
        this.depth--
        return
      case 13:
        this.enter(position)
        this.walkStruct(end)
        this.depth--
        return
      case 14:
        this.enter(position)
        this.walkAnnotated(end)
        this.depth--
        return
      default:
        throw malformed('unknown type', position)
    }
  }

  private enter(position: number): void {
    if (++this.depth > MAX_DEPTH) throw malformed(`values are nested more than ${MAX_DEPTH} deep`, position)
  }

  private walkStruct(end: number): void {
    this.hasher.beginStruct()
    while (this.cursor < end) {
      const sid = this.varUint(end)
      if (this.cursor >= end) throw malformed('a field has no value', this.cursor)
      if (isPadding(this.source[this.cursor]!)) {
        this.walk(end)
      } else {
        this.hasher.field(this.symbolBytes(sid))
        this.walk(end)
      }
    }
    this.hasher.endStruct()
  }

  private walkAnnotated(end: number): void {
    const annotationsSize = this.varUint(end)
    const annotationsEnd = this.cursor + annotationsSize
    if (annotationsSize === 0 || annotationsEnd >= end) throw malformed('bad length of annotations', this.cursor)
    this.hasher.beginAnnotated()
    while (this.cursor < annotationsEnd) {
      this.hasher.serialized(this.symbolBytes(this.varUint(annotationsEnd)))
    }
    const inner = this.source[this.cursor]!
    if (isPadding(inner) || inner >> 4 === 14) throw malformed('annotations need a value', this.cursor)
    this.walk(end)
    if (this.cursor !== end) throw malformed('bytes follow an annotated value', this.cursor)
    this.hasher.endSequence()
  }

  private walkSymbol(end: number): void {
    const position = this.cursor
    let sid = 0
    for (; this.cursor < end; this.cursor++) sid = sid * 256 + this.source[this.cursor]!
    if (sid > 0xffffffff) throw malformed('a symbol id is too large', position)
    this.hasher.serialized(this.symbolBytes(sid))
  }

  /** s(symbol) of a sid, kept with the table: a sid never changes its text. */
  private symbolBytes(sid: number): Uint8Array {
    const symbols = this.symbols!
    return symbols.hashes[sid] ?? this.makeSymbolBytes(symbols, sid)
  }

  private makeSymbolBytes(symbols: SymbolTable, sid: number): Uint8Array {
    if (sid > symbols.size) throw malformed(`symbol id ${sid} is not in the symbol table`, this.cursor)
    const text = symbols.text(sid)
    const bytes = fieldName(text ?? NO_TEXT)
    // No holes in the middle, so that the array stays packed.
    while (symbols.hashes.length <= sid) symbols.hashes.push(undefined)
    symbols.hashes[sid] = bytes
    return bytes
  }

  private walkInt(type: number, end: number): void {
    const position = this.cursor
    let first = position
    while (first < end && this.source[first] === 0) first++
    if (type === 3 && first === end) throw malformed('an int is negative zero', position)
    this.hasher.begin(type << 4, end - first)
    this.hasher.bytes(this.source, first, end)
    this.hasher.end()
    this.cursor = end
  }

  private walkFloat(length: number): void {
    const position = this.cursor
    if (length !== 0 && length !== 4 && length !== 8) throw malformed('a float has 0, 4 or 8 bytes', position)
    this.cursor += length
    if (length === 0) {
      this.hasher.float(0)
    } else {
      const view = new DataView(this.source.buffer, this.source.byteOffset + position, length)
      this.hasher.float(length === 8 ? view.getFloat64(0) : view.getFloat32(0))
    }
  }

  private walkDecimal(end: number): void {
    if (this.cursor === end) {
      this.hasher.bare(0x50)
      return
    }
    const length = end - this.cursor
    const negative = this.varInt(end)
    const exponent = this.magnitude
    this.hasher.begin(0x50, length + 1)
    this.decimal(negative, exponent, end, true)
    this.hasher.end()
  }

  /**
   * Exponent and coefficient in normal form; the coefficient is what is left up to `end`.
   *
   * @param zeroIsEmpty 0d0 is written as nothing at all
   */
  private decimal(negativeExponent: boolean, exponent: number, end: number, zeroIsEmpty: boolean): void {
    const source = this.source
    let first = this.cursor
    const negative = first < end && source[first]! >= 0x80
    // The sign is the top bit of the first byte, wherever the digits begin.
    let firstByte = first < end ? source[first]! & 0x7f : 0
    while (first < end && firstByte === 0) {
      first++
      if (first < end) firstByte = source[first]!
    }
    this.cursor = end
    if (first >= end && !negative && exponent === 0 && zeroIsEmpty) return
    this.hasher.varInt(negativeExponent && exponent !== 0, exponent)
    if (first >= end) {
      if (negative) this.hasher.byte(0x80)
      return
    }
    if (firstByte >= 0x80) {
      this.hasher.byte(negative ? 0x80 : 0)
      this.hasher.byte(firstByte)
    } else {
      this.hasher.byte(negative ? 0x80 | firstByte : firstByte)
    }
    this.hasher.bytes(source, first + 1, end)
  }

  private walkTimestamp(end: number): void {
    const start = this.cursor
    if (start === end) throw malformed('a timestamp has no year', start)
    this.hasher.begin(0x60, end - start + 1)
    const offsetNegative = this.varInt(end)
    const offset = this.magnitude
    const year = this.varUint(end)
    if (year < 1 || year > 9999) throw malformed('a year is not in 1 to 9999', start)
    // Below minutes there is no offset to know.
    const hasTime = this.hasTime(end)
    this.hasher.varInt(!hasTime || offsetNegative, hasTime ? offset : 0)
    this.hasher.varUint(year)
    for (let component = 1; component <= 5 && this.cursor < end; component++) {
      const value = this.varUint(end)
      if (value > 99) throw malformed('a timestamp has a component out of range', start)
      this.hasher.varUint(value)
      if (component === 3 && this.cursor >= end) throw malformed('a timestamp has hours but no minutes', start)
    }
    if (this.cursor < end) this.walkFraction(end)
    this.hasher.end()
  }

  /** True when month and day are followed by a time of day; leaves the cursor where it is. */
  private hasTime(end: number): boolean {
    let components = 0
    for (let i = this.cursor; i < end && components < 3; i++) if (this.source[i]! >= 0x80) components++
    return components === 3
  }

  /** Seconds' fraction. One without digits (exponent not negative) is none, whatever way it was written. */
  private walkFraction(end: number): void {
    const position = this.cursor
    const negativeExponent = this.varInt(end)
    const exponent = this.magnitude
    if (this.cursor < end && this.source[this.cursor]! >= 0x80) throw malformed('a fraction is negative', position)
    if (negativeExponent && exponent > 0) {
      this.decimal(true, exponent, end, false)
      return
    }
    for (; this.cursor < end; this.cursor++) {
      if (this.source[this.cursor] !== 0) throw malformed('a fraction is a second or more', position)
    }
  }

  private varUint(limit: number): number {
    const position = this.cursor
    let value = 0
    for (let i = position; i < limit; i++) {
      const byte = this.source[i]!
      value = value * 128 + (byte & 0x7f)
      if (byte >= 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) break
        this.cursor = i + 1
        return value
      }
    }
    throw malformed('a variable-length integer does not end or is too large', position)
  }

  /** Reads the magnitude into `magnitude` and answers whether the sign is minus (also for -0). */
  private varInt(limit: number): boolean {
    const position = this.cursor
    const first = position < limit ? this.source[position]! : 0
    let value = first & 0x3f
    let byte = first
    let i = position + 1
    while (byte < 0x80 && i < limit) {
      byte = this.source[i++]!
      value = value * 128 + (byte & 0x7f)
    }
    if (byte < 0x80 || value > Number.MAX_SAFE_INTEGER) {
      throw malformed('a variable-length integer does not end or is too large', position)
    }
    this.cursor = i
    this.magnitude = value
    return (first & 0x40) !== 0
  }
}

const ownHasher: IonHasher = new IonHasher()
const noBytes: Uint8Array = new Uint8Array(0)
const noSymbols: SymbolTable = SymbolTable.system()
/** One for all: a walk never waits, and does not begin another. */
const walk: EncodedWalk = new EncodedWalk()

/**
 * Writes one encoded Ion value, bare (no version marker), that fills `[start, end)` of `bytes`, as the next value of a
 * hasher.
 *
 * Lengths, symbol ids and nesting are checked, values only as far as hashing looks at them; for a full check see
 * `validateValue`.
 *
 * @throws {FormatError} BAD_ION; the hasher then needs a reset
 */
export function writeEncoded(
  hasher: IonHasher,
  bytes: Uint8Array,
  symbols: SymbolTable,
  start: number = 0,
  end: number = bytes.length,
): void {
  if (start >= end) throw malformed('a value has at least one byte', start)
  if (isPadding(bytes[start]!)) throw malformed('expected a value, got padding', start)
  walk.hasher = hasher
  walk.source = bytes
  walk.symbols = symbols
  walk.cursor = start
  walk.depth = 0
  walk.walk(end)
  if (walk.cursor !== end) throw malformed('bytes follow the value', walk.cursor)
}

/**
 * Ion Hash 1.0 with SHA-256 of the encoded value that fills `[start, end)` of `bytes`: the hash of the value, however it
 * was encoded. Cost: one walk and one SHA-256 for each struct field at any depth and one for the whole, 6 µs for 10
 * fields in 230 bytes.
 *
 * @throws {FormatError} BAD_ION as {@link writeEncoded}
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

/** Hashes of many encoded values, in their order: the place for an implementation that hashes several at once. */
export function hashValues(many: readonly EncodedValue[]): Hash[] {
  return many.map(({ bytes, symbols }) => hashBytes(bytes, symbols))
}

function isPadding(descriptor: number): boolean {
  return descriptor < 0x0f
}

function malformed(problem: string, offset: number): FormatError {
  return new FormatError('BAD_ION', `Not Ion binary: ${problem} (at byte ${offset}).`)
}
