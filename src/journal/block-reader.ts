import { FormatError } from '../errors.ts'
import { decodeUtf8 } from '../ion/index.ts'

const INT = 0x2
const STRING = 0x8
const BLOB = 0xa
const LIST = 0xb
const STRUCT = 0xd

const LAST_TIME_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/**
 * Reads what {@link BackwardWriter} wrote, and nothing else: one order of fields, one spelling of every number and length.
 * Every method throws {@link FormatError} BAD_ION when the bytes say something else.
 */
export class BlockReader {
  readonly #bytes: Uint8Array
  #at: number
  #end: number

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#at = 0
    this.#end = bytes.length
  }

  /** Where the next byte is. */
  get at(): number {
    return this.#at
  }

  /** True when the next field of the container has this name; then its value is next. */
  hasField(symbol: number): boolean {
    if (this.#at >= this.#end || this.#bytes[this.#at] !== (symbol | 0x80)) return false
    this.#at++
    return true
  }

  /** Steps over the name of a field that must be next. */
  field(symbol: number): void {
    if (!this.hasField(symbol)) throw this.#wrong('another field')
  }

  /** True when the container has no more items. */
  get isAtEnd(): boolean {
    return this.#at >= this.#end
  }

  /** True when the next item of a list is a string. */
  get isAtString(): boolean {
    return this.#at < this.#end && this.#bytes[this.#at]! >> 4 === STRING
  }

  int(): number {
    const size = this.#head(INT)
    let number = 0
    for (let index = 0; index < size; index++) number = number * 256 + this.#bytes[this.#at++]!
    const first = this.#bytes[this.#at - size]
    if (size > 7 || (size > 0 && first === 0) || !Number.isSafeInteger(number)) throw this.#wrong('a small integer')
    return number
  }

  /** Epoch milliseconds from 1970 to the end of the year 9999: what a timestamp of Ion can say. */
  time(): number {
    const timeMs = this.int()
    if (timeMs > LAST_TIME_MS) throw this.#wrong('a time before the year 10000')
    return timeMs
  }

  string(): string {
    const size = this.#head(STRING)
    const start = this.#at
    this.#at += size
    return readText(this.#bytes, start, this.#at)
  }

  /** A view of the blob's bytes. */
  blob(): Uint8Array {
    const size = this.#head(BLOB)
    this.#at += size
    return this.#bytes.subarray(this.#at - size, this.#at)
  }

  /** Steps into a list; {@link leave} with what this returns. */
  enterList(): number {
    return this.#enter(LIST)
  }

  /** Steps into a struct; {@link leave} with what this returns. */
  enterStruct(): number {
    return this.#enter(STRUCT)
  }

  /** Steps out of a container that must be at its end. */
  leave(outerEnd: number): void {
    if (this.#at !== this.#end) throw this.#wrong('the end of a list or struct')
    this.#end = outerEnd
  }

  /** A view of one whole struct, unread. */
  rawStruct(): Uint8Array {
    const start = this.#at
    const size = this.#head(STRUCT)
    this.#at += size
    return this.#bytes.subarray(start, this.#at)
  }

  #enter(type: number): number {
    const size = this.#head(type)
    const outerEnd = this.#end
    this.#end = this.#at + size
    return outerEnd
  }

  /** Steps over a head that must be of this type; the length of the body, which is in bounds. */
  #head(type: number): number {
    const bytes = this.#bytes
    const descriptor = this.#at < this.#end ? bytes[this.#at++]! : 0
    let size = descriptor & 15
    // A struct with length nibble 1 would be one with sorted fields, which nobody here writes.
    if (descriptor >> 4 !== type || size === 15 || (size === 1 && type === STRUCT)) throw this.#wrong('another type')
    if (size === 14) {
      size = 0
      let byte = 0
      do {
        if (this.#at >= this.#end) throw this.#wrong('more bytes')
        byte = bytes[this.#at++]!
        size = size * 128 + (byte & 127)
      } while (byte < 128 && size < 2 ** 31)
      if (size < 14) throw this.#wrong('the shortest spelling of a length')
    }
    if (size > this.#end - this.#at) throw this.#wrong('more bytes')
    return size
  }

  #wrong(expected: string): FormatError {
    return new FormatError('BAD_ION', `These bytes are not a block: expected ${expected} at byte ${this.#at}.`)
  }
}

/** Ids and most statements are short and ASCII: eight characters a call, so that no string is built one by one. */
function readText(b: Uint8Array, start: number, end: number): string {
  for (let at = start; at < end; at++) if (b[at]! > 127) return decodeUtf8(b, start, end)
  const code = String.fromCharCode
  let text = ''
  let at = start
  for (; end - at >= 8; at += 8) {
    text += code(b[at]!, b[at + 1]!, b[at + 2]!, b[at + 3]!, b[at + 4]!, b[at + 5]!, b[at + 6]!, b[at + 7]!)
  }
  for (; end - at >= 3; at += 3) text += code(b[at]!, b[at + 1]!, b[at + 2]!)
  for (; at < end; at++) text += code(b[at]!)
  return text
}
