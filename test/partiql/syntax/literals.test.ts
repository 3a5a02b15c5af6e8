import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Decimal } from '../../../src/ion/index.ts'
import { decimalValue, integerValue, isDatetime, unquote } from '../../../src/partiql/syntax/literals.ts'
import { editDistance, nearWords } from '../../../src/partiql/syntax/suggestion.ts'

describe('numbers', () => {
  it('are ints of any size, small ones as numbers', () => {
    expect(integerValue('0042')).toBe(42)
    expect(integerValue('9007199254740991')).toBe(9007199254740991)
    expect(integerValue('9007199254740992')).toBe(9007199254740992n)
    expect(integerValue('00000000000000000000001')).toBe(1)
    fc.assert(
      fc.property(fc.bigInt({ min: 0n }), (value) => {
        expect(BigInt(integerValue(value.toString()) as number | bigint)).toBe(value)
      }),
    )
  })

  it.each([
    ['12.50', 1250n, -2],
    ['.5', 5n, -1],
    ['1.', 1n, 0],
    ['1e3', 1n, 3],
    ['1.50E-3', 150n, -5],
    ['0.0', 0n, -1],
  ])('keep the digits of %s', (text, coefficient, exponent) => {
    expect(decimalValue(text)).toEqual(Decimal.of(coefficient, exponent))
  })

  it('refuse an exponent beyond a million', () => {
    expect(decimalValue('1e1000000')).toEqual(Decimal.of(1n, 1_000_000))
    expect(decimalValue('1e1000001')).toBeUndefined()
    expect(decimalValue('1e-99999999999999999999')).toBeUndefined()
  })
})

describe('quotes', () => {
  it('come off, and doubled ones are one', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(unquote(`'${text.replaceAll("'", "''")}'`)).toBe(text)
        expect(unquote(`"${text.replaceAll('"', '""')}"`)).toBe(text)
      }),
    )
  })
})

describe('dates and times', () => {
  it.each([
    ['date', '2024-02-29', true],
    ['date', '2023-02-29', false],
    ['date', '2000-02-29', true],
    ['date', '1900-02-29', false],
    ['date', '2026-13-01', false],
    ['date', '2026-00-01', false],
    ['date', '2026-04-31', false],
    ['date', '02026-04-30', false],
    ['time', '23:59:59.999999999999', true],
    ['time', '23:60:00', false],
    ['time', '23:59:60', false],
    ['time', '1:00:00', false],
    ['time', '01:00:00-23:59', true],
    ['time', '01:00:00-24:00', false],
    ['time', '01:00:00+05:30.00', false],
    ['time', '01:00:00-18-01', false],
    ['timestamp', '2026-01-31 01:00:00', true],
    ['timestamp', '2026-01-31T01:00:00.5+01:00', true],
    ['timestamp', '2026-02-31 01:00:00', false],
  ] as const)('%s %s: %s', (type, text, expected) => {
    expect(isDatetime(type, text, undefined)).toBe(expected)
  })

  it('have an offset only where a time zone may be', () => {
    expect(isDatetime('time', '01:00:00+01:00', true)).toBe(true)
    expect(isDatetime('time', '01:00:00', true)).toBe(true)
    expect(isDatetime('time', '01:00:00+01:00', false)).toBe(false)
    expect(isDatetime('timestamp', '2026-01-31 01:00:00Z', undefined)).toBe(false)
  })

  it('are the days that Date knows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: 9999 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 31 }),
        (year, month, day) => {
          const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
          const date = new Date(Date.UTC(year, month - 1, day))
          expect(isDatetime('date', text, undefined)).toBe(date.toISOString().startsWith(text))
        },
      ),
    )
  })
})

describe('near words', () => {
  it('are as far apart as one must edit', () => {
    expect(editDistance('FORM', 'FROM', 2)).toBe(1)
    expect(editDistance('SELCT', 'SELECT', 2)).toBe(1)
    expect(editDistance('kitten', 'sitting', 5)).toBe(3)
    expect(editDistance('', 'abc', 5)).toBe(3)
    expect(editDistance('abc', 'abc', 0)).toBe(0)
    expect(editDistance('abc', 'xyz', 1)).toBe(2)
  })

  it('are the same from both sides, and no further apart than over a third', () => {
    const word = fc.string({ unit: fc.constantFrom('A', 'B', 'C'), maxLength: 6 })
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b, 10)
        expect(editDistance(b, a, 10)).toBe(distance)
        expect(distance === 0).toBe(a === b)
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length))
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length))
      }),
    )
  })

  it('leave short words alone', () => {
    expect(nearWords('id', ['IS', 'IN'])).toEqual([])
    expect(nearWords('selct', ['SELECT', 'SET'])).toEqual(['SELECT'])
    expect(nearWords('SELECT', ['SELECT'])).toEqual([])
  })
})
