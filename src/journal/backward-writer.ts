import { assert } from '../errors.ts'
import { encodeUtf8, utf8Size } from '../ion/index.ts'

const INT = 0x20
const STRING = 0x80
const BLOB = 0xa0
const LIST = 0xb0
const STRUCT = 0xd0
/** The length nibble that says "a VarUInt with the length follows". */
const LONG = 14

/**
 * Writes Ion binary from its end to its beginning: when the head of a container is due, its length is known, so nothing is
 * measured first or moved afterwards. Callers write the last field first, and in each field the value before the name.
 */
export class BackwardWriter {
  #bytes: Uint8Array = new Uint8Array(8192)
  #at = 8192

  /** Forgets everything; the buffer stays. */
  clear(): void {
    this.#at = this.#bytes.length
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(this.#at)
  }

  /** How many bytes were written: taken before the first item of a container, it marks the container's end. */
  get size(): number {
    return this.#bytes.length - this.#at
  }

  /** A field's name, after its value. */
  field(symbol: number): void {
    this.#reserve(2)
    assert(symbol < 128, 'journal names have one-byte symbol ids')
    this.#bytes[--this.#at] = symbol | 0x80
  }

  /** @param number an integer >= 0 */
  int(number: number): void {
    assert(Number.isSafeInteger(number) && number >= 0, 'numbers in journal structures are integers >= 0')
    this.#reserve(8)
    let size = 0
    for (let rest = number; rest > 0; rest = Math.floor(rest / 256)) {
      this.#bytes[--this.#at] = rest % 256
      size++
    }
    this.#bytes[--this.#at] = INT | size
  }

  string(text: string): void {
    const size = utf8Size(text)
    this.#reserve(size + 10)
    this.#at -= size
    encodeUtf8(text, this.#bytes, this.#at)
    this.#head(STRING, size)
  }

  blob(bytes: Uint8Array): void {
    this.raw(bytes)
    this.#head(BLOB, bytes.length)
  }

  /** One value that is Ion binary already. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length + 10)
    this.#at -= bytes.length
    this.#bytes.set(bytes, this.#at)
  }

  /** The head of a list, after its items. */
  list(endMark: number): void {
    this.#container(LIST, endMark)
  }

  /** The head of a struct, after its fields. */
  struct(endMark: number): void {
    this.#container(STRUCT, endMark)
  }

  #container(type: number, endMark: number): void {
    this.#reserve(10)
    const size = this.size - endMark
    // A struct of length nibble 1 is another thing (sorted fields); ours are empty or longer.
    assert(type !== STRUCT || size !== 1, 'no struct has one byte')
    this.#head(type, size)
  }

  #head(type: number, size: number): void {
    if (size < LONG) {
      this.#bytes[--this.#at] = type | size
      return
    }
    let rest = size
    this.#bytes[--this.#at] = 0x80 | (rest & 127)
    for (rest = Math.floor(rest / 128); rest > 0; rest = Math.floor(rest / 128)) this.#bytes[--this.#at] = rest & 127
    this.#bytes[--this.#at] = type | LONG
  }

  #reserve(sizeBytes: number): void {
    if (this.#at >= sizeBytes) return
    const size = this.size
    const larger = new Uint8Array(2 * (size + sizeBytes) + 1024)
    larger.set(this.#bytes.subarray(this.#at), larger.length - size)
    this.#bytes = larger
    this.#at = larger.length - size
  }
}
