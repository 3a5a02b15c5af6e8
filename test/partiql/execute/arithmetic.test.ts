import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decimal, IonFloat } from '../../../src/ion/index.ts'
import { calculate, negate as negateBy, PLAIN_ARITHMETIC } from '../../../src/partiql/execute/arithmetic.ts'
import type { EngineValue } from '../../../src/partiql/value/engine-value.ts'

type Binary = (a: EngineValue, b: EngineValue) => EngineValue
const add: Binary = (a, b) => calculate('+', a, b, PLAIN_ARITHMETIC)
const subtract: Binary = (a, b) => calculate('-', a, b, PLAIN_ARITHMETIC)
const multiply: Binary = (a, b) => calculate('*', a, b, PLAIN_ARITHMETIC)
const divide: Binary = (a, b) => calculate('/', a, b, PLAIN_ARITHMETIC)
const modulo: Binary = (a, b) => calculate('%', a, b, PLAIN_ARITHMETIC)
const negate = (value: EngineValue): EngineValue => negateBy(value, PLAIN_ARITHMETIC)

/** Ints near the edge of what a number holds, and far beyond it. */
const int = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -20, max: 20 }),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
)

function canonical(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value
}

describe('ints', () => {
  test('are exact at any size and stay in canonical form', () => {
    fc.assert(
      fc.property(int, int, (left, right) => {
        const [x, y] = [BigInt(left), BigInt(right)]
        const [a, b] = [canonical(x), canonical(y)]
        expect(add(a, b)).toBe(canonical(x + y))
        expect(subtract(a, b)).toBe(canonical(x - y))
        expect(multiply(a, b)).toBe(canonical(x * y))
        expect(negate(a)).toBe(canonical(-x))
        if (y !== 0n) {
          expect(divide(a, b)).toBe(canonical(x / y))
          expect(modulo(a, b)).toBe(canonical(x % y))
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('never give minus zero', () => {
    for (const value of [multiply(-1, 0), divide(0, -5), modulo(-4, 2), negate(0), add(-1, 1)]) {
      expect(Object.is(value, 0)).toBe(true)
    }
  })
})

describe('decimals', () => {
  const text = (value: EngineValue): string => (value as Decimal).toString()

  test('keep their exactness and precision', () => {
    expect(text(subtract(new Decimal('50.00'), new Decimal('0.05')))).toBe('49.95')
    expect(text(add(new Decimal('0.1'), new Decimal('0.2')))).toBe('0.3')
    expect(text(multiply(new Decimal('1.10'), 3))).toBe('3.30')
    expect(text(add(new Decimal('1.5'), 9007199254740993n))).toBe('9007199254740994.5')
  })

  test('are cut to 38 digits, half to even', () => {
    const nines = new Decimal('9'.repeat(38))
    expect(text(add(nines, new Decimal('0.4')))).toBe(`${'9'.repeat(38)}.`)
    expect(text(divide(new Decimal('2'), new Decimal('3')))).toBe(`0.${'6'.repeat(37)}7`)
  })

  test('win over floats, but cannot hold infinity', () => {
    expect(text(add(new Decimal('1.5'), new IonFloat(0.25)))).toBe('1.75')
    expect(add(new Decimal('1.5'), new IonFloat(Number.POSITIVE_INFINITY))).toEqual(
      new IonFloat(Number.POSITIVE_INFINITY),
    )
  })
})
