import { FormatError } from '../errors.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const NOT_A_DIGIT = 255

const digitByCode: Uint8Array = new Uint8Array(128).fill(NOT_A_DIGIT)
for (let digit = 0; digit < ALPHABET.length; digit++) digitByCode[ALPHABET.charCodeAt(digit)] = digit

/** Base64 with padding (RFC 4648 §4), the form in which digests and proofs are printed. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = ''
  let at = 0
  for (; at + 2 < bytes.length; at += 3) {
    const group = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!
    text +=
      ALPHABET[group >> 18]! + ALPHABET[(group >> 12) & 63]! + ALPHABET[(group >> 6) & 63]! + ALPHABET[group & 63]!
  }
  if (at + 1 === bytes.length) {
    const group = bytes[at]! << 16
    text += `${ALPHABET[group >> 18]!}${ALPHABET[(group >> 12) & 63]!}==`
  } else if (at + 2 === bytes.length) {
    const group = (bytes[at]! << 16) | (bytes[at + 1]! << 8)
    text += `${ALPHABET[group >> 18]!}${ALPHABET[(group >> 12) & 63]!}${ALPHABET[(group >> 6) & 63]!}=`
  }
  return text
}

function digitAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  const digit = code < 128 ? digitByCode[code]! : NOT_A_DIGIT
  if (digit === NOT_A_DIGIT) {
    const character = JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0))
    throw new FormatError('BAD_VALUE', `Not Base64: unexpected character ${character} at position ${at}.`)
  }
  return digit
}

/**
 * The bytes behind {@link encodeBase64}. Strict, so that two different texts never mean the same bytes: padding is
 * required, white space and the URL alphabet are refused, unused bits are zero.
 *
 * @throws {FormatError} BAD_VALUE naming the first offence
 */
export function decodeBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0) {
    throw new FormatError('BAD_VALUE', `Not Base64: expected a multiple of 4 characters, got ${text.length}.`)
  }
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const digits = text.length - padding
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  let pending = 0
  let bits = 0
  let size = 0
  for (let at = 0; at < digits; at++) {
    pending = ((pending << 6) | digitAt(text, at)) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[size++] = (pending >> bits) & 0xff
    }
  }
  if ((pending & ((1 << bits) - 1)) !== 0) {
    throw new FormatError('BAD_VALUE', 'Not Base64: the unused bits of the last character are not zero.')
  }
  return bytes
}
