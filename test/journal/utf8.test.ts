import fc from 'fast-check'
import { expect, test } from 'vitest'
import { putUtf8, readUtf8, utf8Size } from '../../src/journal/utf8.ts'

test('text is written and read as TextEncoder and TextDecoder do', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), fc.constantFrom(1, 30), (part, times) => {
      const text = part.repeat(times)
      const expected = new TextEncoder().encode(text)
      const bytes = new Uint8Array(utf8Size(text))
      expect(putUtf8(text, bytes, 0)).toBe(expected.length)
      expect(bytes).toEqual(expected)
      expect(readUtf8(bytes, 0, bytes.length)).toBe(text)
    }),
  )
})

test('bytes are refused exactly when TextDecoder refuses them', () => {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const nearText = fc.array(
    fc.constantFrom(0x41, 0x7f, 0x80, 0xbf, 0xc1, 0xc2, 0xe0, 0xed, 0xa0, 0x9f, 0xf0, 0xf4, 0x90, 0x8f, 0xf5),
  )
  fc.assert(
    fc.property(nearText, (list) => {
      const bytes = Uint8Array.from(list)
      let expected: string | undefined
      try {
        expected = decoder.decode(bytes)
      } catch {
        expect(() => readUtf8(bytes, 0, bytes.length)).toThrow(expect.objectContaining({ code: 'BAD_ION' }))
        return
      }
      expect(readUtf8(bytes, 0, bytes.length)).toBe(expected)
    }),
    { numRuns: 2000 },
  )
})

test('half of a surrogate pair cannot be written', () => {
  for (const text of ['\ud800', 'a\udc00', '\ud800\ud800', '\udc00\ud800']) {
    expect(() => putUtf8(text, new Uint8Array(16), 0)).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }))
  }
})
