import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileLike } from '../../../src/partiql/execute/like.ts'

describe('LIKE', () => {
  test('agrees with a regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '😀'), maxLength: 10 })
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '😀', '%', '_', '%'), maxLength: 8 })
    fc.assert(
      fc.property(text, pattern, (subject, like) => {
        const source = [...like].map((c) => (c === '%' ? '.*' : c === '_' ? '.' : c === '.' ? '\\.' : c)).join('')
        expect(compileLike(like, undefined)(subject)).toBe(new RegExp(`^${source}$`, 'su').test(subject))
      }),
      { numRuns: 3000 },
    )
  })

  test('is not slow on patterns that make backtracking explode', () => {
    expect(compileLike('%a%a%a%a%a%a%a%a%a%a%b', undefined)('a'.repeat(5000))).toBe(false)
  })

  test('refuses an escape that is not one character or escapes nothing', () => {
    expect(() => compileLike('a', '')).toThrow('exactly one character')
    expect(() => compileLike('a!b', '!')).toThrow('must stand before')
    expect(() => compileLike('a!', '!')).toThrow('must stand before')
    expect(compileLike('100!%', '!')('100%')).toBe(true)
    expect(compileLike('!!_', '!')('!x')).toBe(true)
  })
})
