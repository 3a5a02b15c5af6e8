import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FormatError } from '../../src/errors.ts'
import { Decimal } from '../../src/ion/index.ts'

/*
 * Arithmetic is held against whole numbers: scaled to a common exponent, decimals are bigints, whose sums, products and
 * quotients JavaScript knows.
 */

const small = fc
  .tuple(fc.bigInt(-(10n ** 30n), 10n ** 30n), fc.integer({ min: -12, max: 12 }))
  .map(([coefficient, exponent]) => Decimal.of(coefficient, exponent))

/** The number as a whole multiple of 10^-60. */
function scaled(value: Decimal): bigint {
  return value.coefficient * 10n ** BigInt(60 + value.exponent)
}

describe('new Decimal', () => {
  it.each([
    ['50.00', 5000n, -2, false],
    ['-0.5', -5n, -1, false],
    ['0', 0n, 0, false],
    ['0.00', 0n, -2, false],
    ['-0', 0n, 0, true],
    ['-0.00', 0n, -2, true],
    ['5.', 5n, 0, false],
    ['+7', 7n, 0, false],
    ['007.50', 750n, -2, false],
    ['1d3', 1n, 3, false],
    ['1e3', 1n, 3, false],
    ['1.5D-10', 15n, -11, false],
    ['123456789012345678901234567890.12', 12345678901234567890123456789012n, -2, false],
    ['1d2147483647', 1n, 2147483647, false],
    ['1d-2147483648', 1n, -2147483648, false],
  ])('reads %s', (text, coefficient, exponent, isNegativeZero) => {
    expect(new Decimal(text)).toMatchObject({ coefficient, exponent, isNegativeZero })
  })

  it('takes numbers by their shortest text and bigints as they are', () => {
    expect(String(new Decimal(0.1))).toBe('0.1')
    expect(String(new Decimal(50))).toBe('50.')
    expect(String(new Decimal(1e21))).toBe('1d21')
    expect(String(new Decimal(-0))).toBe('-0.')
    expect(String(new Decimal(123n))).toBe('123.')
    expect(String(new Decimal(5025n, -2))).toBe('50.25')
  })

  it.each([
    '',
    ' 1',
    '1 ',
    '.5',
    'abc',
    '1,50',
    '0x10',
    '1d',
    '1d1.5',
    '--1',
    'NaN',
    'Infinity',
    '1_000',
    '1d2147483648',
    '1d-99999999999',
  ])('refuses the text %j', (text) => {
    expect(() => new Decimal(text)).toThrow(expect.objectContaining({ name: 'FormatError', code: 'BAD_VALUE' }))
  })

  it('refuses numbers that are none, exponents that are no 32-bit integer, and other types', () => {
    expect(() => new Decimal(Number.NaN)).toThrow(FormatError)
    expect(() => new Decimal(Number.POSITIVE_INFINITY)).toThrow(FormatError)
    expect(() => new Decimal(1n, 0.5)).toThrow(FormatError)
    expect(() => new Decimal(1n, 2 ** 31)).toThrow(FormatError)
    expect(() => new Decimal(null as unknown as string)).toThrow(TypeError)
    expect(() => new Decimal({} as unknown as string)).toThrow(TypeError)
  })

  it('reads back what it prints, as the very same value', () => {
    fc.assert(
      fc.property(
        fc.bigInt(),
        fc.integer({ min: -400, max: 400 }),
        fc.boolean(),
        (coefficient, exponent, isNegative) => {
          const value = Decimal.of(coefficient, exponent, isNegative)
          expect(new Decimal(value.toString())).toEqual(value)
        },
      ),
    )
  })

  it.each([
    ['0.00', '0.00'],
    ['1d3', '1d3'],
    ['0.000001', '0.000001'],
    ['0.0000001', '1d-7'],
    ['-12.5', '-12.5'],
    ['1.50e1', '15.0'],
  ])('prints %s as %s', (text, printed) => {
    expect(`${new Decimal(text)}`).toBe(printed)
    expect(JSON.stringify({ d: new Decimal(text) })).toBe(`{"d":"${printed}"}`)
  })
})

describe('arithmetic', () => {
  it('adds, subtracts and multiplies exactly', () => {
    fc.assert(
      fc.property(small, small, (a, b) => {
        expect(scaled(a.plus(b))).toBe(scaled(a) + scaled(b))
        expect(scaled(a.minus(b))).toBe(scaled(a) - scaled(b))
        expect(scaled(a.times(b)) * 10n ** 60n).toBe(scaled(a) * scaled(b))
        expect(a.plus(b).exponent).toBe(Math.min(a.exponent, b.exponent))
        expect(a.times(b).exponent).toBe(a.exponent + b.exponent)
      }),
    )
  })

  it('divides to the nearest 38 digits, ties to even', () => {
    fc.assert(
      fc.property(small, small, fc.integer({ min: 1, max: 40 }), (a, b, digits) => {
        fc.pre(b.coefficient !== 0n)
        const quotient = a.dividedBy(b, digits)
        const magnitude = quotient.coefficient < 0n ? -quotient.coefficient : quotient.coefficient
        expect(magnitude.toString().length).toBeLessThanOrEqual(digits)
        // |a - quotient × b| × 2 ≤ |b| × one unit of the last digit; all over a common power of ten.
        const shift = 200
        const at = (value: Decimal): bigint => value.coefficient * 10n ** BigInt(shift + value.exponent)
        const error = at(a) - at(quotient.times(b))
        const unit = at(Decimal.of(b.coefficient, b.exponent + quotient.exponent))
        const abs = (value: bigint): bigint => (value < 0n ? -value : value)
        expect(abs(error) * 2n <= abs(unit)).toBe(true)
        if (abs(error) * 2n === abs(unit) && error !== 0n) expect(magnitude % 2n).toBe(0n)
        // An inexact quotient has all its digits; an exact one keeps the natural exponent where it can.
        if (error !== 0n && magnitude !== 0n) expect(magnitude.toString().length).toBe(digits)
      }),
    )
  })

  it.each([
    ['1', '3', '0.33333333333333333333333333333333333333'],
    ['2', '3', '0.66666666666666666666666666666666666667'],
    ['1', '8', '0.125'],
    ['10', '2', '5.'],
    ['1.00', '1', '1.00'],
    ['-7', '2', '-3.5'],
    ['0.00', '3', '0.00'],
    ['600', '2', '300.'],
    ['1d3', '2', '5d2'],
  ])('%s / %s is %s', (a, b, quotient) => {
    expect(String(new Decimal(a).dividedBy(b))).toBe(quotient)
  })

  it('rounds nines up to the digits asked for', () => {
    expect(String(new Decimal(-14).dividedBy('140000000000000000000000000001', 1))).toBe('-1d-28')
    expect(String(new Decimal('9.96').dividedBy(1, 2))).toBe('10.')
  })

  it.each([
    ['7.5', '2', '1.5'],
    ['-7', '3', '-1.'],
    ['7', '-3', '1.'],
    ['1', '0.3', '0.1'],
    ['5', '5.00', '0.00'],
  ])('the remainder of %s by %s is %s', (a, b, remainder) => {
    expect(String(new Decimal(a).remainder(b))).toBe(remainder)
  })

  it.each([
    ['2.345', 2, '2.34'],
    ['2.355', 2, '2.36'],
    ['-2.5', 0, '-2.'],
    ['3.5', 0, '4.'],
    ['0.5', 0, '0.'],
    ['0.51', 0, '1.'],
    ['5', 2, '5.00'],
    ['1d3', 2, '1000.00'],
    ['1250', -2, '12d2'],
    ['1350', -2, '14d2'],
    ['99.999', 2, '100.00'],
    ['1', -5, '0d5'],
    ['0.001', 1, '0.0'],
  ])('%s rounded to %i digits is %s', (value, digits, rounded) => {
    expect(String(new Decimal(value).round(digits))).toBe(rounded)
  })

  it('refuses division by zero and digits that are none', () => {
    expect(() => new Decimal(1).dividedBy('0.00')).toThrow(RangeError)
    expect(() => new Decimal(1).remainder(0)).toThrow(RangeError)
    expect(() => new Decimal(1).dividedBy(3, 0)).toThrow(RangeError)
    expect(() => new Decimal(1).dividedBy(3, 1.5)).toThrow(RangeError)
    expect(() => new Decimal(1).round(0.5)).toThrow(RangeError)
  })

  it('refuses results that would not fit in memory', () => {
    const huge = new Decimal('1d1000000000')
    for (const compute of [() => huge.plus(1), () => huge.minus('0.1'), () => huge.remainder(7), () => huge.round(0)]) {
      expect(compute).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }))
    }
    expect(() => new Decimal('1d2000000000').times('1d2000000000')).toThrow(FormatError)
    expect(String(huge.plus('0d1000000000'))).toBe('1d1000000000')
    expect(String(huge.dividedBy(2))).toBe('5d999999999')
  })

  it('never makes a negative zero', () => {
    const negativeZero = new Decimal('-0.0')
    const results = [
      negativeZero.plus('-0.'),
      negativeZero.times(-1),
      negativeZero.negate(),
      new Decimal('0.').negate(),
    ]
    expect(results.map((value) => value.isNegativeZero)).toEqual([false, false, false, false])
    expect([new Decimal('-1').negate(), new Decimal('-1.5').abs()].map(String)).toEqual(['1.', '1.5'])
  })

  it('is closed to the operators of JavaScript', () => {
    const price = new Decimal('9.00') as unknown as number
    expect(() => price + 1).toThrow(TypeError)
    expect(() => price < 50).toThrow(TypeError)
    expect(`${price}`).toBe('9.00')
  })
})

describe('compare', () => {
  it('orders by value, whatever the precision', () => {
    fc.assert(
      fc.property(small, small, (a, b) => {
        const expected = scaled(a) < scaled(b) ? -1 : scaled(a) > scaled(b) ? 1 : 0
        expect(a.compare(b)).toBe(expected)
        expect(b.compare(a)).toBe(expected === 0 ? 0 : -expected)
        expect([a.eq(b), a.lt(b), a.lte(b), a.gt(b), a.gte(b)]).toEqual([
          expected === 0,
          expected < 0,
          expected <= 0,
          expected > 0,
          expected >= 0,
        ])
      }),
    )
  })

  it('finds the same number in any notation', () => {
    for (const text of ['100', '100.00', '1d2', '0.1d3', '10000d-2']) expect(new Decimal(text).eq('100')).toBe(true)
    expect(new Decimal('-0.00').eq(0)).toBe(true)
    expect(new Decimal('-0.').isZero).toBe(true)
    expect(new Decimal('50.00').gte(50)).toBe(true)
    expect(new Decimal('50.00').gt(50n)).toBe(false)
  })

  it('compares numbers astronomically apart at once', () => {
    expect(new Decimal('1d2147483647').gt('1d-2147483648')).toBe(true)
    expect(new Decimal('-1d2147483647').lt('1d-2147483648')).toBe(true)
    expect(new Decimal('-1d2147483647').lt('-1d-2147483648')).toBe(true)
  })
})

describe('toNumber', () => {
  it('is the nearest float', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) =>
        Object.is(new Decimal(value).toNumber(), value),
      ),
    )
    expect(new Decimal('1d400').toNumber()).toBe(Number.POSITIVE_INFINITY)
  })
})
