import { badIon, head, readHead, TYPE } from './head.ts'
import { encodeUtf8, utf8Size } from './utf8.ts'

const HALF_OF_PAIR = /\p{Surrogate}/u

/** Ints of more bytes are decoded before they are compared. */
const MAX_INT_SIZE = 6

/**
 * A known boolean, safe integer or text that encoded values are compared with while they are bytes: what a scan does
 * before it decodes anything.
 */
export class EncodedProbe {
  readonly #type: number
  readonly #number: number
  readonly #text: Uint8Array

  /** For a value; undefined when it is none of these, or a text that Ion cannot spell. */
  static of(value: unknown): EncodedProbe | undefined {
    if (typeof value === 'string') return HALF_OF_PAIR.test(value) ? undefined : new EncodedProbe(value)
    return typeof value === 'boolean' || Number.isSafeInteger(value)
      ? new EncodedProbe(value as boolean | number)
      : undefined
  }

  private constructor(value: boolean | number | string) {
    this.#type = typeof value === 'string' ? TYPE.string : typeof value === 'number' ? TYPE.positiveInt : TYPE.bool
    this.#number = Number(typeof value === 'string' ? 0 : value)
    this.#text = new Uint8Array(typeof value === 'string' ? utf8Size(value) : 0)
    if (typeof value === 'string') encodeUtf8(value, this.#text, 0)
  }

  /**
   * The encoded value at `at` beside the known one: a number below, equal to or above 0 as `compareOrder` has it; NaN
   * where that takes decoding: another type than boolean, int or string, another type than the known value's, a null, an
   * annotation, a large int.
   *
   * @throws {FormatError} BAD_ION when the value passes `limit`
   */
  compare(bytes: Uint8Array, at: number, limit: number): number {
    const descriptor = at < limit ? bytes[at]! : 0
    const type = this.#type
    const low = descriptor & 15
    switch (descriptor >> 4) {
      case TYPE.string:
        if (type !== TYPE.string || low === 15) return Number.NaN
        return this.#compareText(bytes, at, limit)
      case TYPE.positiveInt:
      case TYPE.negativeInt: {
        if (type !== TYPE.positiveInt || low > MAX_INT_SIZE) return Number.NaN
        const end = at + 1 + low
        if (end > limit) throw badIon(at, 'an int passes the end of what holds it')
        let magnitude = 0
        for (let index = at + 1; index < end; index++) magnitude = magnitude * 256 + bytes[index]!
        if (descriptor < 0x30) return magnitude - this.#number
        // -0 is damage; the decoder says so.
        return magnitude === 0 ? Number.NaN : -magnitude - this.#number
      }
      case TYPE.bool:
        return type === TYPE.bool && low <= 1 ? low - this.#number : Number.NaN
      default:
        return Number.NaN
    }
  }

  /** The order of UTF-8 bytes is that of code points. */
  #compareText(bytes: Uint8Array, at: number, limit: number): number {
    let start = at + 1
    let end = start + (bytes[at]! & 15)
    if (end === start + 14 || end > limit) {
      readHead(bytes, at, limit)
      start = head.body
      end = head.end
    }
    const text = this.#text
    const shared = Math.min(end - start, text.length)
    for (let index = 0; index < shared; index++) {
      const difference = bytes[start + index]! - text[index]!
      if (difference !== 0) return difference
    }
    return end - start - text.length
  }
}
