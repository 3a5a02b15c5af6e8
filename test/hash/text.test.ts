import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FormatError } from '../../src/errors.ts'
import { decodeBase64, decodeHex, encodeBase64, encodeHex } from '../../src/hash/index.ts'

describe('Base64', () => {
  it('writes and reads what Node does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = encodeBase64(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64'))
        expect(decodeBase64(text)).toEqual(bytes)
      }),
    )
  })

  it('refuses texts that are not the one way to write some bytes', () => {
    for (const text of [
      'A',
      'AA',
      'AAA',
      'AA=A',
      'A===',
      '====',
      'AA==AA==',
      'AB==',
      'AAB=',
      'AA -',
      'AA-_',
      'AAAé',
      'AAA\n',
      '😀AA',
    ]) {
      expect(() => decodeBase64(text), text).toThrow(FormatError)
    }
    expect(() => decodeBase64('AA A')).toThrow('unexpected character " " at position 2')
  })

  it('reads any text as bytes that write the same text, or refuses it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ABab01+/=') }), (text) => {
        let bytes: Uint8Array
        try {
          bytes = decodeBase64(text)
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError)
          return
        }
        expect(encodeBase64(bytes)).toBe(text)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('hexadecimal', () => {
  it('writes and reads what Node does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(encodeHex(bytes)).toBe(Buffer.from(bytes).toString('hex'))
        expect(decodeHex(encodeHex(bytes).toUpperCase())).toEqual(bytes)
      }),
    )
  })

  it('refuses anything else', () => {
    for (const text of ['0', 'zz', '0x', ' 00', '00\n', '١١']) expect(() => decodeHex(text), text).toThrow(FormatError)
  })
})
