import { FormatError } from '../errors.ts'

/**
 * Writes one character beyond ASCII, the one that starts at `index` of the text.
 *
 * @returns where the next byte goes
 * @throws {FormatError} BAD_VALUE on half of a surrogate pair
 */
function putCharacter(text: string, index: number, bytes: Uint8Array, at: number): number {
  const code = text.codePointAt(index) as number
  let size = at
  if (code < 0x800) {
    bytes[size++] = 0xc0 | (code >> 6)
  } else {
    if (code < 0x10000) {
      if (code >= 0xd800 && code <= 0xdfff) throw loneSurrogate(index)
      bytes[size++] = 0xe0 | (code >> 12)
    } else {
      bytes[size++] = 0xf0 | (code >> 18)
      bytes[size++] = 0x80 | ((code >> 12) & 63)
    }
    bytes[size++] = 0x80 | ((code >> 6) & 63)
  }
  bytes[size++] = 0x80 | (code & 63)
  return size
}

/** How many bytes the text takes as UTF-8. Half of a surrogate pair counts three; {@link putUtf8} refuses it. */
export function utf8Size(text: string): number {
  let size = text.length
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code < 0x80) continue
    // A pair of surrogates is two units and four bytes: one more for each unit.
    size += code < 0x800 || (code >= 0xd800 && code <= 0xdfff && isPair(text, index, code)) ? 1 : 2
  }
  return size
}

function isPair(text: string, index: number, code: number): boolean {
  const other = code < 0xdc00 ? text.charCodeAt(index + 1) : text.charCodeAt(index - 1)
  return code < 0xdc00 ? other >= 0xdc00 && other <= 0xdfff : other >= 0xd800 && other <= 0xdbff
}

/**
 * Writes the text as UTF-8. No TextEncoder: this room runs where there is none.
 *
 * @returns where the next byte goes
 * @throws {FormatError} BAD_VALUE on half of a surrogate pair
 */
export function putUtf8(text: string, bytes: Uint8Array, at: number): number {
  let size = at
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code < 0x80) {
      bytes[size++] = code
    } else {
      size = putCharacter(text, index, bytes, size)
      if (code >= 0xd800 && code <= 0xdbff) index++ // a whole pair, or it would have been refused
    }
  }
  return size
}

/**
 * Reads UTF-8.
 *
 * @throws {FormatError} BAD_ION when the bytes are not well-formed UTF-8
 */
export function readUtf8(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  let run: number[] = []
  let at = start
  while (at < end) {
    const first = bytes[at++]!
    let code = first
    if (first >= 0x80) {
      const more =
        first >= 0xf0 && first < 0xf5 ? 3 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xc2 && first < 0xe0 ? 1 : 0
      if (more === 0 || at + more > end) throw notUtf8(at - 1)
      code = first & (0x3f >> more)
      for (let count = 0; count < more; count++) {
        const next = bytes[at++]!
        if ((next & 0xc0) !== 0x80) throw notUtf8(at - 1)
        code = (code << 6) | (next & 0x3f)
      }
      const tooShort = (more === 2 && code < 0x800) || (more === 3 && (code < 0x10000 || code > 0x10ffff))
      if (tooShort || (code >= 0xd800 && code <= 0xdfff)) throw notUtf8(at - 1)
    }
    run.push(code)
    if (run.length === 1024) {
      text += String.fromCodePoint(...run)
      run = []
    }
  }
  return text + String.fromCodePoint(...run)
}

function loneSurrogate(index: number): FormatError {
  return new FormatError(
    'BAD_VALUE',
    `Text holds half of a surrogate pair at position ${index}; no UTF-8 can spell it.`,
  )
}

function notUtf8(at: number): FormatError {
  return new FormatError('BAD_ION', `Text is not well-formed UTF-8 at byte ${at}.`)
}
