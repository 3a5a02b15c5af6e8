import { FormatError } from '../errors.ts'
import { Decimal } from './decimal.ts'
import { MAX_DEPTH, TYPE } from './head.ts'
import type { SymbolTable } from './symbol-table.ts'
import { civilFromDays, Timestamp } from './timestamp.ts'
import { encodeUtf8, utf8Size } from './utf8.ts'
import {
  type EncodedContainer,
  IonAnnotated,
  IonBlob,
  IonClob,
  IonFloat,
  IonList,
  IonNull,
  IonSexp,
  IonStruct,
  IonSymbol,
  type IonType,
  type IonValue,
} from './value.ts'

/**
 * Encodes one bare value: Ion binary without version marker and symbol table. Names that `symbols` lacks are appended
 * to it, also when the encoding fails later on.
 *
 * Canonical: every length, int and sid in its shortest form, ints in int form, floats in 8 bytes or, for `0e0`, none
 * (as ion-js). A container that was decoded with the very same `symbols` object is copied as it is.
 *
 * The result may be a view of a larger buffer that holds other values too.
 *
 * @throws {FormatError} BAD_VALUE for text with half of a surrogate pair, a fractional or unsafe number, and containers
 *   deeper than 512; BAD_ION for damage inside a container over bytes
 */
export function encodeValue(value: IonValue, symbols: SymbolTable): Uint8Array {
  return encodeWith(symbols, value, writeIonValue)
}

function writeIonValue(writer: BinaryWriter, value: IonValue): void {
  writer.writeValue(value)
}

let spare: BinaryWriter | undefined

/**
 * Lends a writer to `write` and returns the bytes it wrote. One writer is kept between calls; a `write` that encodes
 * something else meanwhile gets another one.
 */
export function encodeWith<T>(
  symbols: SymbolTable,
  value: T,
  write: (writer: BinaryWriter, value: T) => void,
): Uint8Array {
  const writer = spare ?? new BinaryWriter()
  spare = undefined
  try {
    writer.begin(symbols)
    write(writer, value)
    return writer.finish()
  } finally {
    spare = writer
  }
}

/** Results up to this size are views of a shared buffer: allocating one for each costs more than encoding it. */
const MAX_SHARED_SIZE = 2048
const BUFFER_SIZE = 8192

const NULL_DESCRIPTORS: Readonly<Record<IonType, number>> = {
  null: 0x0f,
  bool: 0x1f,
  int: 0x2f,
  float: 0x4f,
  decimal: 0x5f,
  timestamp: 0x6f,
  symbol: 0x7f,
  string: 0x8f,
  clob: 0x9f,
  blob: 0xaf,
  list: 0xbf,
  sexp: 0xcf,
  struct: 0xdf,
}

const floatView = new DataView(new ArrayBuffer(8))
const floatBytes = new Uint8Array(floatView.buffer)

/**
 * Writes Ion binary front to back into a buffer that grows. A container is `const mark = beginContainer()`, its
 * content, `endContainer(mark, type)`; a struct's content is `writeFieldName` and a value, in turn.
 *
 * Between {@link begin} and {@link finish} one value; use it through {@link encodeWith}.
 */
export class BinaryWriter {
  private bytes: Uint8Array = new Uint8Array(BUFFER_SIZE)
  private start = 0
  private at = 0
  private depth = 0
  private symbols: SymbolTable | undefined

  begin(symbols: SymbolTable): void {
    this.symbols = symbols
    this.at = this.start
    this.depth = 0
  }

  /** The bytes written since {@link begin}. */
  finish(): Uint8Array {
    const { bytes, start, at } = this
    this.symbols = undefined
    if (at - start > MAX_SHARED_SIZE) return bytes.slice(start, at)
    // What is left may be small; then the next value starts a new buffer.
    if (bytes.length - at < 64 || bytes.length > BUFFER_SIZE) {
      this.bytes = new Uint8Array(BUFFER_SIZE)
      this.start = 0
    } else {
      this.start = at
    }
    return bytes.subarray(start, at)
  }

  /** Any value, containers with all they hold. */
  writeValue(value: IonValue): void {
    switch (typeof value) {
      case 'string':
        this.writeString(value)
        return
      case 'number':
        if (!Number.isSafeInteger(value)) {
          throw new FormatError('BAD_VALUE', `An Ion int must be a safe integer or a bigint, got ${value}.`)
        }
        this.writeInt(value)
        return
      case 'boolean':
        this.writeBool(value)
        return
      case 'bigint':
        this.writeBigInt(value)
        return
    }
    if (value instanceof IonStruct) {
      if (this.copyEncoded(value.encoded)) return
      const mark = this.beginContainer()
      for (const field of value.fields) {
        this.writeFieldName(field.name)
        this.writeValue(field.value)
      }
      this.endContainer(mark, TYPE.struct)
    } else if (value instanceof Decimal) {
      this.writeDecimal(value)
    } else if (value instanceof Timestamp) {
      this.writeTimestamp(value)
    } else if (value instanceof IonList) {
      if (!this.copyEncoded(value.encoded)) this.writeItems(value.items, TYPE.list)
    } else if (value instanceof IonSymbol) {
      this.writeSymbol(value.text)
    } else if (value instanceof IonNull) {
      this.writeNull(value.type)
    } else if (value instanceof IonFloat) {
      this.writeFloat(value.value)
    } else if (value instanceof IonBlob) {
      this.writeBytes(TYPE.blob, value.bytes)
    } else if (value instanceof IonClob) {
      this.writeBytes(TYPE.clob, value.bytes)
    } else if (value instanceof IonSexp) {
      if (!this.copyEncoded(value.encoded)) this.writeItems(value.items, TYPE.sexp)
    } else if (value instanceof IonAnnotated) {
      this.writeAnnotated(value)
    } else {
      throw new TypeError(`'value' expected an Ion value, got ${String(value)}`)
    }
  }

  private writeItems(items: readonly IonValue[], type: number): void {
    const mark = this.beginContainer()
    for (const item of items) this.writeValue(item)
    this.endContainer(mark, type)
  }

  private writeAnnotated(value: IonAnnotated): void {
    const { annotations } = value
    if (annotations.length === 0 || (value.value as IonValue) instanceof IonAnnotated) {
      throw new FormatError(
        'BAD_VALUE',
        'An annotated value needs at least one annotation and a value without its own.',
      )
    }
    const sids = annotations.map((name) => this.symbols!.intern(name))
    const mark = this.reserve(2)
    let size = 0
    for (const sid of sids) size += varUIntSize(sid)
    this.ensure(10 + size)
    this.putVarUInt(size)
    for (const sid of sids) this.putVarUInt(sid)
    this.writeValue(value.value)
    this.putLength(mark, 2, TYPE.annotation)
  }

  writeNull(type: IonType): void {
    this.ensure(1)
    this.bytes[this.at++] = NULL_DESCRIPTORS[type]
  }

  writeBool(value: boolean): void {
    this.ensure(1)
    this.bytes[this.at++] = value ? 0x11 : 0x10
  }

  /** @param value a safe integer */
  writeInt(value: number): void {
    this.ensure(9)
    if (value < 0) {
      this.putUInt(TYPE.negativeInt, -value)
    } else {
      this.putUInt(TYPE.positiveInt, value)
    }
  }

  writeBigInt(value: bigint): void {
    if (value >= -0x1f_ffff_ffff_ffffn && value <= 0x1f_ffff_ffff_ffffn) {
      this.writeInt(Number(value))
      return
    }
    const magnitude = value < 0n ? -value : value
    const size = magnitudeSize(magnitude)
    this.writeHead(value < 0n ? TYPE.negativeInt : TYPE.positiveInt, size)
    this.putMagnitude(magnitude, size)
  }

  writeFloat(value: number): void {
    this.ensure(9)
    const bytes = this.bytes
    if (Object.is(value, 0)) {
      bytes[this.at++] = 0x40
      return
    }
    bytes[this.at++] = 0x48
    floatView.setFloat64(0, value)
    for (let i = 0; i < 8; i++) bytes[this.at++] = floatBytes[i]!
  }

  writeDecimal(value: Decimal): void {
    const { coefficient, exponent } = value
    if (coefficient === 0n && exponent === 0 && !value.isNegativeZero) {
      this.ensure(1)
      this.bytes[this.at++] = 0x50
      return
    }
    const coefficientSize = signedSize(value)
    this.writeHead(TYPE.decimal, varIntSize(exponent) + coefficientSize)
    this.putVarInt(exponent, false)
    this.putSigned(coefficient, coefficientSize, value.isNegativeZero)
  }

  writeTimestamp(value: Timestamp): void {
    const { fraction, offsetMinutes } = value
    let { year, month, day, hour, minute } = value
    if (offsetMinutes !== undefined && offsetMinutes !== 0) {
      // The fields are local time; the encoding has UTC.
      const minutes = Math.floor(value.epochSeconds() / 60)
      const days = Math.floor(minutes / 1440)
      const date = civilFromDays(days)
      year = date.year
      month = date.month
      day = date.day
      hour = Math.floor((minutes - days * 1440) / 60)
      minute = minutes - days * 1440 - hour * 60
    }
    const mark = this.reserve(1)
    this.ensure(16)
    this.putVarInt(offsetMinutes ?? 0, offsetMinutes === undefined)
    this.putVarUInt(year)
    if (month !== undefined) this.putVarUInt(month)
    if (day !== undefined) this.putVarUInt(day)
    if (hour !== undefined) this.putVarUInt(hour)
    if (minute !== undefined) this.putVarUInt(minute)
    if (value.second !== undefined) this.putVarUInt(value.second)
    if (fraction !== undefined) {
      const coefficient = new Decimal(fraction.coefficient)
      const size = signedSize(coefficient)
      this.ensure(size + 8)
      this.putVarInt(-fraction.digits, false)
      this.putSigned(fraction.coefficient, size, false)
    }
    this.putLength(mark, 1, TYPE.timestamp)
  }

  /** Milliseconds of UTC as a timestamp with three fraction digits, the journal's form. */
  writeMillis(ms: number): void {
    const days = Math.floor(ms / 86_400_000)
    const ofDay = ms - days * 86_400_000
    const { year, month, day } = civilFromDays(days)
    if (!(Number.isInteger(ms) && year >= 1 && year <= 9999)) {
      throw new FormatError('BAD_VALUE', `Not a timestamp: ${ms} ms is not in the years 1 to 9999.`)
    }
    const fraction = ofDay % 1000
    this.ensure(16)
    const mark = this.at++
    this.putVarInt(0, false)
    this.putVarUInt(year)
    this.putVarUInt(month)
    this.putVarUInt(day)
    this.putVarUInt(Math.floor(ofDay / 3_600_000))
    this.putVarUInt(Math.floor(ofDay / 60_000) % 60)
    this.putVarUInt(Math.floor(ofDay / 1000) % 60)
    this.putVarInt(-3, false)
    if (fraction > 0x7f) this.bytes[this.at++] = fraction >> 8
    if (fraction > 0) this.bytes[this.at++] = fraction & 0xff
    this.bytes[mark] = 0x60 | (this.at - mark - 1)
  }

  /** @param text undefined for `$0` */
  writeSymbol(text: string | undefined): void {
    const sid = text === undefined ? 0 : this.symbols!.intern(text)
    this.ensure(9)
    this.putUInt(TYPE.symbol, sid)
  }

  writeString(text: string): void {
    const length = text.length
    if (length > 127) {
      this.writeLongString(text)
      return
    }
    // Most text is short ASCII: written as such, and once more if that was wrong.
    this.ensure(length + 2)
    const bytes = this.bytes
    let at = this.at
    if (length < 14) {
      bytes[at++] = 0x80 | length
    } else {
      bytes[at++] = 0x8e
      bytes[at++] = 0x80 | length
    }
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      if (unit >= 0x80) {
        this.writeLongString(text)
        return
      }
      bytes[at++] = unit
    }
    this.at = at
  }

  private writeLongString(text: string): void {
    const size = utf8Size(text)
    this.writeHead(TYPE.string, size)
    this.at = encodeUtf8(text, this.bytes, this.at)
  }

  writeBlob(bytes: Uint8Array): void {
    this.writeBytes(TYPE.blob, bytes)
  }

  private writeBytes(type: number, bytes: Uint8Array): void {
    this.writeHead(type, bytes.length)
    if (bytes.length > 64) {
      this.bytes.set(bytes, this.at)
      this.at += bytes.length
    } else {
      for (let i = 0; i < bytes.length; i++) this.bytes[this.at++] = bytes[i]!
    }
  }

  /** Starts a container; give the result to {@link endContainer}. */
  beginContainer(): number {
    if (++this.depth > MAX_DEPTH) {
      throw new FormatError(
        'BAD_VALUE',
        `Containers lie deeper in one another than ${MAX_DEPTH}, or contain themselves.`,
      )
    }
    // Room for the length that is likely: whole documents are longer than 127 bytes, what lies in them is shorter.
    return this.reserve(this.depth === 1 ? 3 : 2)
  }

  /** Ends the innermost container. */
  endContainer(mark: number, type: 11 | 12 | 13): void
  endContainer(mark: number, type: number): void
  endContainer(mark: number, type: number): void {
    this.depth--
    this.putLength(mark, this.depth === 0 ? 3 : 2, type)
  }

  writeFieldName(name: string): void {
    const sid = this.symbols!.intern(name)
    this.ensure(5)
    if (sid < 0x80) {
      this.bytes[this.at++] = 0x80 | sid
    } else {
      this.putVarUInt(sid)
    }
  }

  /** Copies what was encoded with the same table; false when it was not. */
  private copyEncoded(encoded: EncodedContainer | undefined): boolean {
    if (encoded === undefined || encoded.symbols !== this.symbols) return false
    const { bytes, start, end } = encoded
    this.ensure(end - start)
    this.bytes.set(bytes.subarray(start, end), this.at)
    this.at += end - start
    return true
  }

  /** Leaves `size` bytes for a head that {@link putLength} writes when the content is there. */
  private reserve(size: number): number {
    this.ensure(size)
    const mark = this.at
    this.at += size
    return mark
  }

  /** Writes the head of what was begun at `mark`, where `reserved` bytes were left, in its shortest form. */
  private putLength(mark: number, reserved: number, type: number): void {
    const length = this.at - mark - reserved
    const size = length < 14 ? 1 : 1 + varUIntSize(length)
    if (size !== reserved) {
      this.ensure(size)
      this.bytes.copyWithin(mark + size, mark + reserved, this.at)
    }
    this.at = mark
    this.putHead(type, length)
    this.at += length
  }

  /** Writes a head and makes room for the content. */
  private writeHead(type: number, length: number): void {
    this.ensure(length + 9)
    this.putHead(type, length)
  }

  private putHead(type: number, length: number): void {
    if (length < 14) {
      this.bytes[this.at++] = (type << 4) | length
    } else {
      this.bytes[this.at++] = (type << 4) | 14
      this.putVarUInt(length)
    }
  }

  private putUInt(type: number, value: number): void {
    const bytes = this.bytes
    let size = 0
    if (value >= 0x1_0000_0000) {
      size = value >= 0x1_0000_0000_0000 ? 7 : value >= 0x100_0000_0000 ? 6 : 5
    } else if (value > 0) {
      size = value < 0x100 ? 1 : value < 0x1_0000 ? 2 : value < 0x100_0000 ? 3 : 4
    }
    bytes[this.at] = (type << 4) | size
    let rest = value
    for (let at = this.at + size; at > this.at; at--) {
      bytes[at] = rest & 0xff
      rest = size > 4 ? Math.floor(rest / 256) : rest >>> 8
    }
    this.at += size + 1
  }

  private putVarUInt(value: number): void {
    const size = varUIntSize(value)
    let rest = value
    for (let at = this.at + size - 1; at >= this.at; at--) {
      this.bytes[at] = rest % 128
      rest = Math.floor(rest / 128)
    }
    this.at += size
    this.bytes[this.at - 1]! |= 0x80
  }

  private putVarInt(value: number, isNegativeZero: boolean): void {
    const size = varIntSize(value)
    const first = this.at
    let rest = Math.abs(value)
    for (let at = first + size - 1; at >= first; at--) {
      this.bytes[at] = rest % 128
      rest = Math.floor(rest / 128)
    }
    this.at += size
    if (value < 0 || isNegativeZero) this.bytes[first]! |= 0x40
    this.bytes[this.at - 1]! |= 0x80
  }

  /** A coefficient in `size` bytes, the sign in the highest bit of the first; nothing when `size` is 0. */
  private putSigned(coefficient: bigint, size: number, isNegativeZero: boolean): void {
    if (size === 0) return
    const first = this.at
    this.putMagnitude(coefficient < 0n ? -coefficient : coefficient, size)
    if (coefficient < 0n || isNegativeZero) this.bytes[first]! |= 0x80
  }

  /** A magnitude in exactly `size` bytes, padded with zeros in front. */
  private putMagnitude(magnitude: bigint, size: number): void {
    const end = this.at + size
    if (size <= 6) {
      let rest = Number(magnitude)
      for (let at = end - 1; at >= this.at; at--) {
        this.bytes[at] = rest % 256
        rest = Math.floor(rest / 256)
      }
    } else {
      const hex = magnitude.toString(16).padStart(size * 2, '0')
      for (let i = 0; i < size; i++) this.bytes[this.at + i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16)
    }
    this.at = end
  }

  private ensure(size: number): void {
    if (this.at + size > this.bytes.length) this.grow(size)
  }

  /** Positions stay what they were: marks of open containers are positions. */
  private grow(size: number): void {
    const bigger = new Uint8Array(2 * (this.at + size))
    bigger.set(this.bytes.subarray(this.start, this.at), this.start)
    this.bytes = bigger
  }
}

function varUIntSize(value: number): number {
  let size = 1
  for (let rest = value; rest >= 128; rest /= 128) size++
  return size
}

function varIntSize(value: number): number {
  let size = 1
  for (let rest = Math.abs(value); rest >= 64; rest /= 128) size++
  return size
}

/** Bytes of a signed coefficient: none for zero, one for negative zero. */
function signedSize(value: Decimal): number {
  const { coefficient } = value
  if (coefficient === 0n) return value.isNegativeZero ? 1 : 0
  const magnitude = coefficient < 0n ? -coefficient : coefficient
  if (magnitude < 0x8000_0000_0000n) {
    let size = 1
    for (let rest = Number(magnitude); rest >= 128; rest /= 256) size++
    return size
  }
  // One bit more than the magnitude, for the sign.
  return magnitudeSize(magnitude * 2n)
}

function magnitudeSize(magnitude: bigint): number {
  return Math.ceil(magnitude.toString(16).length / 2)
}
