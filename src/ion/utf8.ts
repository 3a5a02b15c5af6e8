import { FormatError } from '../errors.ts'

/** Declared here because floor 0 compiles without the types of Node and of browsers; both have it. */
declare const TextDecoder: new (
  label: string,
  options: { fatal: boolean; ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string }

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Up to this many bytes our own loop is quicker than a call of TextDecoder (measured on Node 20). */
const SHORT = 24

/**
 * The text of UTF-8 bytes `[start, end)`.
 *
 * @throws {FormatError} BAD_ION when they are not well-formed UTF-8
 */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start
  if (length > SHORT) return decodeWithPlatform(bytes, start, end)
  if (length === 0) return ''
  const place =
    (bytes[start]! * 31 + bytes[end - 1]! * 7 + bytes[(start + end) >> 1]! + length * 89) & (RECENT_COUNT - 1)
  const known = recent[place]!
  if (known.length === length && isSpelled(known, bytes, start)) return known
  let seen = 0
  for (let at = start; at < end; at++) seen |= bytes[at]!
  if (seen >= 0x80) return decodeWithPlatform(bytes, start, end)
  const text = decodeAscii(bytes, start, end)
  recent[place] = text
  return text
}

/**
 * Texts decoded lately, all of them ASCII: values of documents repeat, and to compare one costs a fifth of making it
 * anew. A text found here is also one object, which makes it a quick key of a Map.
 */
const RECENT_COUNT = 512
const recent: string[] = new Array<string>(RECENT_COUNT).fill('')

function isSpelled(text: string, bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) !== bytes[start + index]) return false
  return true
}

function decodeWithPlatform(bytes: Uint8Array, start: number, end: number): string {
  try {
    return decoder.decode(bytes.subarray(start, end))
  } catch (cause) {
    throw new FormatError('BAD_ION', `The text at byte ${start} is not well-formed UTF-8.`, { cause })
  }
}

/**
 * All characters in one call, which makes one flat string. What is put together from pieces stays in pieces from 13
 * characters on, and whoever compares it or takes it as a key of a Map puts it together then, at twice the cost of all
 * this.
 */
function decodeAscii(b: Uint8Array, i: number, end: number): string {
  const code = String.fromCharCode
  // biome-ignore format: one line a length
  switch (end - i) {
    case 1: return code(b[i]!)
    case 2: return code(b[i]!, b[i + 1]!)
    case 3: return code(b[i]!, b[i + 1]!, b[i + 2]!)
    case 4: return code(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!)
    case 5: return code(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!)
    case 6: return code(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!)
    case 7: return code(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!)
    case 8: return code(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!)
    case 9: return code(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!)
    case 10: return code(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!, b[i + 9]!)
    case 11: return code(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!, b[i + 9]!,
        b[i + 10]!)
    case 12: return code(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!, b[i + 9]!,
        b[i + 10]!, b[i + 11]!)
    case 13: return code(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!, b[i + 9]!,
        b[i + 10]!, b[i + 11]!, b[i + 12]!)
    case 14: return code(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!, b[i + 9]!,
        b[i + 10]!, b[i + 11]!, b[i + 12]!, b[i + 13]!)
    case 15: return code(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!, b[i + 9]!,
        b[i + 10]!, b[i + 11]!, b[i + 12]!, b[i + 13]!, b[i + 14]!)
    case 16: return code(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!, b[i + 9]!,
        b[i + 10]!, b[i + 11]!, b[i + 12]!, b[i + 13]!, b[i + 14]!, b[i + 15]!)
    case 17: return code(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!, b[i + 9]!,
        b[i + 10]!, b[i + 11]!, b[i + 12]!, b[i + 13]!, b[i + 14]!, b[i + 15]!, b[i + 16]!)
    case 18: return code(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!, b[i + 9]!,
        b[i + 10]!, b[i + 11]!, b[i + 12]!, b[i + 13]!, b[i + 14]!, b[i + 15]!, b[i + 16]!, b[i + 17]!)
    case 19: return code(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!, b[i + 9]!,
        b[i + 10]!, b[i + 11]!, b[i + 12]!, b[i + 13]!, b[i + 14]!, b[i + 15]!, b[i + 16]!, b[i + 17]!, b[i + 18]!)
    case 20: return code(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!, b[i + 9]!,
        b[i + 10]!, b[i + 11]!, b[i + 12]!, b[i + 13]!, b[i + 14]!, b[i + 15]!, b[i + 16]!, b[i + 17]!, b[i + 18]!, b[i + 19]!)
    case 21: return code(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!, b[i + 9]!,
        b[i + 10]!, b[i + 11]!, b[i + 12]!, b[i + 13]!, b[i + 14]!, b[i + 15]!, b[i + 16]!, b[i + 17]!, b[i + 18]!, b[i + 19]!,
        b[i + 20]!)
    case 22: return code(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!, b[i + 9]!,
        b[i + 10]!, b[i + 11]!, b[i + 12]!, b[i + 13]!, b[i + 14]!, b[i + 15]!, b[i + 16]!, b[i + 17]!, b[i + 18]!, b[i + 19]!,
        b[i + 20]!, b[i + 21]!)
    case 23: return code(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!, b[i + 9]!,
        b[i + 10]!, b[i + 11]!, b[i + 12]!, b[i + 13]!, b[i + 14]!, b[i + 15]!, b[i + 16]!, b[i + 17]!, b[i + 18]!, b[i + 19]!,
        b[i + 20]!, b[i + 21]!, b[i + 22]!)
    case 24: return code(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!, b[i + 8]!, b[i + 9]!,
        b[i + 10]!, b[i + 11]!, b[i + 12]!, b[i + 13]!, b[i + 14]!, b[i + 15]!, b[i + 16]!, b[i + 17]!, b[i + 18]!, b[i + 19]!,
        b[i + 20]!, b[i + 21]!, b[i + 22]!, b[i + 23]!)
    default: return ''
  }
}

/** Whether bytes `[start, end)` are well-formed UTF-8. Unicode standard, table 3-7. */
export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start
  while (at < end) {
    const first = bytes[at++]!
    if (first < 0x80) continue
    let count = 0
    let least = 0x80
    let most = 0xbf
    if (first >= 0xc2 && first <= 0xdf) {
      count = 1
    } else if (first >= 0xe0 && first <= 0xef) {
      count = 2
      if (first === 0xe0) least = 0xa0
      if (first === 0xed) most = 0x9f
    } else if (first >= 0xf0 && first <= 0xf4) {
      count = 3
      if (first === 0xf0) least = 0x90
      if (first === 0xf4) most = 0x8f
    } else {
      return false
    }
    if (at + count > end) return false
    for (; count > 0; count--) {
      const next = bytes[at++]!
      if (next < least || next > most) return false
      least = 0x80
      most = 0xbf
    }
  }
  return true
}

/** How many bytes {@link encodeUtf8} will write, at least `text.length`. */
export function utf8Size(text: string): number {
  let size = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // Each half of a surrogate pair counts as two of the pair's four bytes.
    if (unit >= 0x80) size += unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return size
}

/**
 * Writes `text` at `at` of `bytes`, which must have room; returns where it ends.
 *
 * @throws {FormatError} BAD_VALUE when the text holds half of a surrogate pair, which UTF-8 cannot say
 */
export function encodeUtf8(text: string, bytes: Uint8Array, at: number): number {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) {
      bytes[at++] = unit
    } else if (unit < 0x800) {
      bytes[at++] = 0xc0 | (unit >> 6)
      bytes[at++] = 0x80 | (unit & 63)
    } else if (unit < 0xd800 || unit > 0xdfff) {
      bytes[at++] = 0xe0 | (unit >> 12)
      bytes[at++] = 0x80 | ((unit >> 6) & 63)
      bytes[at++] = 0x80 | (unit & 63)
    } else {
      const low = text.charCodeAt(i + 1)
      if (unit > 0xdbff || !(low >= 0xdc00 && low <= 0xdfff)) {
        throw new FormatError('BAD_VALUE', `Text with half of a surrogate pair (character ${i}) cannot be stored.`)
      }
      const point = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)
      bytes[at++] = 0xf0 | (point >> 18)
      bytes[at++] = 0x80 | ((point >> 12) & 63)
      bytes[at++] = 0x80 | ((point >> 6) & 63)
      bytes[at++] = 0x80 | (point & 63)
      i++
    }
  }
  return at
}
