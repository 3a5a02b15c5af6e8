import { FormatError } from '../errors.ts'

const pairOfByte: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Two lower-case hexadecimal digits a byte. */
export function encodeHex(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i++) text += pairOfByte[bytes[i]!]!
  return text
}

/**
 * The bytes behind {@link encodeHex}; upper case is read too.
 *
 * @throws {FormatError} BAD_VALUE when there is anything but pairs of hexadecimal digits
 */
export function decodeHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) {
    throw new FormatError('BAD_VALUE', 'Not hexadecimal: expected pairs of the digits 0-9 and a-f.')
  }
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16)
  return bytes
}
