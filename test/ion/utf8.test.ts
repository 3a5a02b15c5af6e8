import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FormatError } from '../../src/errors.ts'
import { decodeUtf8, encodeUtf8, isUtf8, utf8Size } from '../../src/ion/utf8.ts'
import { anyText } from './any-value.ts'

/* Held against the platform's TextEncoder and TextDecoder. */

const platform = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

it('encodes and decodes as the platform does', () => {
  fc.assert(
    fc.property(anyText, (value) => {
      const expected = new TextEncoder().encode(value)
      const found = new Uint8Array(expected.length)
      expect(utf8Size(value)).toBe(expected.length)
      expect(encodeUtf8(value, found, 0)).toBe(expected.length)
      expect(found).toEqual(expected)
      expect(isUtf8(found, 0, found.length)).toBe(true)
      expect(decodeUtf8(found, 0, found.length)).toBe(value)
    }),
    { numRuns: 1000 },
  )
})

it('decodes ASCII of every length', () => {
  const bytes = Uint8Array.from({ length: 80 }, (_, i) => 32 + (i % 90))
  for (let end = 1; end <= 80; end++) expect(decodeUtf8(bytes, 1, end)).toBe(platform.decode(bytes.subarray(1, end)))
})

it('keeps a byte order mark', () => {
  expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61), 0, 4)).toBe('\ufeffa')
})

it('accepts and refuses bytes exactly as the platform does', () => {
  const tricky = fc.constantFrom(
    0x00,
    0x7f,
    0x80,
    0x8f,
    0x90,
    0x9f,
    0xa0,
    0xbf,
    0xc0,
    0xc1,
    0xc2,
    0xdf,
    0xe0,
    0xed,
    0xee,
    0xef,
    0xf0,
    0xf4,
    0xf5,
    0xff,
  )
  fc.assert(
    fc.property(fc.array(tricky, { maxLength: 8 }), fc.nat(40), (values, padding) => {
      const bytes = Uint8Array.from([...values, ...new Uint8Array(padding).fill(0x61)])
      let expected: string | undefined
      try {
        expected = platform.decode(bytes)
      } catch {}
      expect(isUtf8(bytes, 0, bytes.length)).toBe(expected !== undefined)
      if (expected === undefined) {
        expect(() => decodeUtf8(bytes, 0, bytes.length)).toThrow(FormatError)
      } else {
        expect(decodeUtf8(bytes, 0, bytes.length)).toBe(expected)
      }
    }),
    { numRuns: 5000 },
  )
})
