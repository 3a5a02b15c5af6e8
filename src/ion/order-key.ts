import { Decimal } from './decimal.ts'
import { checkDepth, compareBytes, textOf, withoutAnnotations } from './order.ts'
import { Timestamp } from './timestamp.ts'
import {
  IonBlob,
  IonClob,
  IonFloat,
  IonList,
  IonNull,
  type IonSexp,
  IonStruct,
  IonSymbol,
  type IonValue,
} from './value.ts'

/*
 * FROZEN: index entries and what is committed to in blocks hold these bytes. A change is a new format under new tags,
 * never another meaning of these. Golden vectors: test/vectors/order-keys.json.
 */

/** Ends texts, bytes and containers; smaller than anything that can stand in its place. */
const END = 0x00
const ESCAPE = 0x01

const TAG = {
  null: 0x05,
  false: 0x10,
  true: 0x11,
  notANumber: 0x20,
  negativeInfinity: 0x21,
  negative: 0x22,
  zero: 0x23,
  positive: 0x24,
  positiveInfinity: 0x25,
  timestamp: 0x40,
  text: 0x50,
  bytes: 0x60,
  list: 0x70,
  sexp: 0x71,
  struct: 0x80,
} as const

/** Added to seconds since 1970, so that all of the years 1 to 9999 are positive; less than half of five bytes. */
const SECONDS_BIAS = 2 ** 39

/**
 * A value as bytes that compare, unsigned and from the first on, as values do in {@link compareOrder}; equal exactly
 * where values are equal in that order. A key tells by itself where it ends, so no key is the beginning of another and
 * anything may follow it.
 *
 *     null            05
 *     false, true     10, 11
 *     number          20 nan · 21 -inf · 22 negative: magnitude, all bits flipped · 23 zero · 24 positive: magnitude · 25 +inf
 *     magnitude       of 0.d₁d₂d₃… × 10^e, d₁ and the last digit not 0: exponent, then digits
 *     exponent        -96 ≤ e ≤ 96: one byte 80 + e
 *                     e > 96: byte E0 + n, then e in n bytes, big-endian, n as small as possible (1 to 7)
 *                     e < -96: byte 20 - n, then -e in n bytes, all bits flipped
 *     digits          in pairs, an odd last one with a 0 behind it; pair p is byte 2p + 1, the last one 2p
 *     timestamp       40, seconds since 1970-01-01T00:00:00Z plus 2^39 in five bytes, then the fraction of a second:
 *                     its digits up to the last that is not 0, as digits above; byte 00 for no fraction
 *     text            50, UTF-8 escaped, 00
 *     bytes           60, the bytes escaped, 00
 *     escaped         byte 00 as 01 01, byte 01 as 01 02, others as they are
 *     list, sexp      70, 71: the keys of the items, 00
 *     struct          80: for each field the key of its name as a text and the key of its value, the pairs in order of
 *                     these bytes, 00
 *
 * 2021 is `24 84 29 2a` (0.2021 × 10⁴: pair 20 going on, pair 21 the last), `"ab"` is `50 61 62 00`. A float is its
 * shortest decimal text (ECMAScript Number::toString). The symbol `$0` is the text ED A0 80 24 30, which is no UTF-8.
 *
 * Cost: one allocation for most values; a number takes two bytes and one for two digits, however large its exponent.
 *
 * @throws {FormatError} as {@link compareOrder}
 *
 * Source: the pairs of digits are those of SQLite4's key encoding.
 */
export function encodeOrderKey(value: IonValue): Uint8Array {
  const writer = shared
  writer.at = 0
  writer.value(value, 0)
  return writer.bytes.slice(0, writer.at)
}

/**
 * The first bytes that order keys of the same family as `key` have: numbers with numbers, texts with texts; those that
 * PartiQL's `<` compares. From inclusive, to exclusive.
 */
export function orderKeyFamily(key: Uint8Array): { readonly from: number; readonly to: number } {
  const tag = key[0]!
  if (tag === TAG.list || tag === TAG.sexp) return { from: tag, to: tag + 1 }
  return { from: tag & 0xf0, to: (tag & 0xf0) + 0x10 }
}

class OrderKeyWriter {
  bytes: Uint8Array = new Uint8Array(256)
  at = 0

  value(annotated: IonValue, depth: number): void {
    const value = withoutAnnotations(annotated)
    this.reserve(16)
    if (typeof value === 'string' || value instanceof IonSymbol) this.text(textOf(value))
    else if (typeof value === 'number') this.integer(value)
    else if (typeof value === 'bigint') this.decimal(value < 0n, magnitudeText(value), 0)
    else if (typeof value === 'boolean') this.byte(value ? TAG.true : TAG.false)
    else if (value instanceof IonNull) this.byte(TAG.null)
    else if (value instanceof IonFloat) this.float(value.value)
    else if (value instanceof Decimal) {
      this.decimal(value.coefficient < 0n, magnitudeText(value.coefficient), value.exponent)
    } else if (value instanceof Timestamp) this.timestamp(value)
    else if (value instanceof IonBlob || value instanceof IonClob) this.blob(value.bytes)
    else {
      checkDepth(depth)
      if (value instanceof IonStruct) this.struct(value, depth + 1)
      else this.items(value, depth + 1)
    }
  }

  private reserve(sizeBytes: number): void {
    if (this.at + sizeBytes <= this.bytes.length) return
    const larger = new Uint8Array(Math.max(2 * this.bytes.length, this.at + sizeBytes))
    larger.set(this.bytes.subarray(0, this.at))
    this.bytes = larger
  }

  private byte(byte: number): void {
    this.bytes[this.at++] = byte
  }

  private integer(value: number): void {
    this.decimal(value < 0, String(Math.abs(value)), 0)
  }

  private float(value: number): void {
    if (Number.isNaN(value)) this.byte(TAG.notANumber)
    else if (value === Number.NEGATIVE_INFINITY) this.byte(TAG.negativeInfinity)
    else if (value === Number.POSITIVE_INFINITY) this.byte(TAG.positiveInfinity)
    else {
      // Without an argument it gives as many digits as the shortest text has: '1.25e-7'.
      const text = Math.abs(value).toExponential()
      const mark = text.indexOf('e')
      const digits = text[0]! + text.slice(2, mark)
      this.decimal(value < 0, digits, Number(text.slice(mark + 1)) + 1 - digits.length)
    }
  }

  /** `digits` × 10^`exponent`; no leading zero but for zero itself. */
  private decimal(isNegative: boolean, digits: string, exponent: number): void {
    if (digits === '0') {
      this.byte(TAG.zero)
      return
    }
    this.reserve(digits.length + 16)
    this.byte(isNegative ? TAG.negative : TAG.positive)
    const start = this.at
    this.exponent(exponent + digits.length)
    this.digits(digits)
    if (isNegative) for (let i = start; i < this.at; i++) this.bytes[i] = ~this.bytes[i]!
  }

  private exponent(exponent: number): void {
    if (exponent >= -96 && exponent <= 96) {
      this.byte(0x80 + exponent)
      return
    }
    let size = 1
    while (256 ** size <= Math.abs(exponent)) size++
    this.byte(exponent > 0 ? 0xe0 + size : 0x20 - size)
    // The bits of a number flipped are those of 256^size - 1 less the number.
    this.uint(exponent > 0 ? exponent : 256 ** size - 1 + exponent, size)
  }

  private uint(value: number, size: number): void {
    let rest = value
    for (let i = this.at + size - 1; i >= this.at; i--) {
      this.bytes[i] = rest % 256
      rest = Math.floor(rest / 256)
    }
    this.at += size
  }

  /** Pairs of digits up to the last digit that is not 0; one pair of zeros when there is none. */
  private digits(digits: string): void {
    let end = digits.length
    while (end > 0 && digits.charCodeAt(end - 1) === ZERO) end--
    for (let i = 0; i < end; i += 2) {
      const second = i + 1 < end ? digits.charCodeAt(i + 1) - ZERO : 0
      const pair = (digits.charCodeAt(i) - ZERO) * 10 + second
      this.byte(2 * pair + (i + 2 < end ? 1 : 0))
    }
    if (end === 0) this.byte(0)
  }

  private timestamp(value: Timestamp): void {
    const fraction = value.fraction
    this.reserve(8 + (fraction?.digits ?? 0))
    this.byte(TAG.timestamp)
    this.uint(value.epochSeconds() + SECONDS_BIAS, 5)
    this.digits(fraction === undefined ? '' : fraction.coefficient.toString().padStart(fraction.digits, '0'))
  }

  /** UTF-8, but that half a surrogate pair is encoded as any other code point: only so has every text a place. */
  private text(text: string): void {
    this.reserve(3 * text.length + 2 + text.length)
    this.byte(TAG.text)
    for (let i = 0; i < text.length; i++) {
      const point = text.codePointAt(i)!
      if (point < 0x80) {
        if (point <= ESCAPE) this.escaped(point)
        else this.byte(point)
      } else if (point < 0x800) {
        this.byte(0xc0 | (point >> 6))
        this.byte(0x80 | (point & 0x3f))
      } else if (point < 0x10000) {
        this.byte(0xe0 | (point >> 12))
        this.byte(0x80 | ((point >> 6) & 0x3f))
        this.byte(0x80 | (point & 0x3f))
      } else {
        i++
        this.byte(0xf0 | (point >> 18))
        this.byte(0x80 | ((point >> 12) & 0x3f))
        this.byte(0x80 | ((point >> 6) & 0x3f))
        this.byte(0x80 | (point & 0x3f))
      }
    }
    this.byte(END)
  }

  private escaped(byte: number): void {
    this.byte(ESCAPE)
    this.byte(byte + 1)
  }

  private blob(bytes: Uint8Array): void {
    this.reserve(2 * bytes.length + 2)
    this.byte(TAG.bytes)
    for (const byte of bytes) {
      if (byte <= ESCAPE) this.escaped(byte)
      else this.byte(byte)
    }
    this.byte(END)
  }

  private items(value: IonList | IonSexp, depth: number): void {
    this.byte(value instanceof IonList ? TAG.list : TAG.sexp)
    for (const item of value.items) this.value(item, depth)
    this.reserve(1)
    this.byte(END)
  }

  private struct(value: IonStruct, depth: number): void {
    this.byte(TAG.struct)
    const start = this.at
    const pairs: Uint8Array[] = []
    for (const field of value.fields) {
      this.text(field.name)
      this.value(field.value, depth)
      pairs.push(this.bytes.slice(start, this.at))
      this.at = start
    }
    for (const pair of pairs.sort(compareBytes)) {
      this.reserve(pair.length)
      this.bytes.set(pair, this.at)
      this.at += pair.length
    }
    this.reserve(1)
    this.byte(END)
  }
}

const ZERO = 0x30
const shared: OrderKeyWriter = new OrderKeyWriter()

function magnitudeText(value: bigint): string {
  return (value < 0n ? -value : value).toString()
}
