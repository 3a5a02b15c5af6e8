/**
 * Goal: one order over everything the engine can hold, and keys that agree with it. Method: the laws of orders on
 * generated values; the order of types from the PartiQL specification, §12.2.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { IonBlob, IonFloat, IonList, IonStruct, NULL, Timestamp } from '../../../src/ion/index.ts'
import { compareOrdered, compareValues, equals, equalValues } from '../../../src/partiql/value/compare.ts'
import { DateValue } from '../../../src/partiql/value/date-value.ts'
import { Bag, type EngineValue, MISSING } from '../../../src/partiql/value/engine-value.ts'
import { comparisonKey, hashKey } from '../../../src/partiql/value/hash-key.ts'
import { Interval } from '../../../src/partiql/value/interval.ts'
import { LocalTimestamp } from '../../../src/partiql/value/local-timestamp.ts'
import { TimeValue } from '../../../src/partiql/value/time-value.ts'
import { anyDate, anyEngineValue, anyTime } from './any-engine-value.ts'

/** Not -0, which is another value to the test framework. */
function sign(order: number): number {
  return Math.sign(order) + 0
}

describe('the total order', () => {
  test('is antisymmetric, and an order of nothing but equals with itself', () => {
    fc.assert(
      fc.property(anyEngineValue, anyEngineValue, (a, b) => {
        expect(sign(compareValues(a, b))).toBe(-sign(compareValues(b, a)) + 0)
        expect(compareValues(a, a)).toBe(0)
      }),
      { numRuns: 2000 },
    )
  })

  test('is transitive', () => {
    fc.assert(
      fc.property(anyEngineValue, anyEngineValue, anyEngineValue, (x, y, z) => {
        const [a, b, c] = [x, y, z].sort(compareValues) as [EngineValue, EngineValue, EngineValue]
        expect(compareValues(a, b)).toBeLessThanOrEqual(0)
        expect(compareValues(b, c)).toBeLessThanOrEqual(0)
        expect(compareValues(a, c)).toBeLessThanOrEqual(0)
      }),
      { numRuns: 2000 },
    )
  })

  test('puts types one after another', () => {
    const inOrder: EngineValue[] = [
      NULL,
      false,
      true,
      new IonFloat(Number.NaN),
      -1,
      DateValue.parse('2026-11-20')!,
      TimeValue.parse('00:00:00')!,
      Timestamp.parse('1999-01-01'),
      LocalTimestamp.parse('2000-01-01 00:00:00')!,
      new Interval('year-month', 1n),
      new Interval('day-time', 0n),
      'a',
      new IonBlob(new Uint8Array()),
      new IonList([]),
      new IonStruct([]),
      new Bag([]),
    ]
    for (let index = 1; index < inOrder.length; index++) {
      expect(compareValues(inOrder[index - 1]!, inOrder[index]!)).toBeLessThan(0)
    }
    expect(compareValues(NULL, MISSING)).toBe(0)
  })
})

describe('keys', () => {
  test('are the same exactly where values are equal', () => {
    fc.assert(
      fc.property(anyEngineValue, anyEngineValue, (a, b) => {
        expect(hashKey(a) === hashKey(b)).toBe(equalValues(a, b))
        expect(hashKey(a)).toBe(hashKey(a))
      }),
      { numRuns: 3000 },
    )
  })

  test('of comparison are the same where = holds, also between a date and its midnight', () => {
    fc.assert(
      fc.property(anyEngineValue, anyEngineValue, (a, b) => {
        if (equals(a, b) === true) expect(comparisonKey(a)).toBe(comparisonKey(b))
      }),
      { numRuns: 2000 },
    )
    fc.assert(
      fc.property(anyDate, (date) => {
        const midnights = [date.toTimestamp(), new LocalTimestamp(date, 0)]
        for (const midnight of midnights) {
          expect(equals(date, midnight)).toBe(true)
          expect(equals(midnight, date)).toBe(true)
          expect(compareOrdered(date, midnight)).toBe(0)
          expect(comparisonKey(date)).toBe(comparisonKey(midnight))
          // By themselves they are two values of two types.
          expect(equalValues(date, midnight)).toBe(false)
        }
      }),
    )
  })
})

describe('comparison', () => {
  test('of times is by the instant', () => {
    fc.assert(
      fc.property(anyTime, (time) => {
        const inUtc = new TimeValue(0, undefined)
        const utc = Math.sign(time.utcNanos)
        expect(sign(compareOrdered(time, inUtc) as number)).toBe(utc + 0)
      }),
    )
    expect(equals(TimeValue.parse('10:00:00+01:00')!, TimeValue.parse('09:00:00+00:00')!)).toBe(true)
  })

  test.each([
    ['a date and a time', DateValue.parse('2026-11-20')!, TimeValue.parse('00:00:00')!],
    ['months and days', new Interval('year-month', 1n), new Interval('day-time', 1n)],
    ['a number and an interval', 1, new Interval('year-month', 1n)],
    ['a text and a date', '2026-11-20', DateValue.parse('2026-11-20')!],
  ])('does not order %s, and finds them unequal', (_what, a, b) => {
    expect(compareOrdered(a, b)).toBeUndefined()
    expect(compareOrdered(b, a)).toBeUndefined()
    expect(equals(a, b)).toBe(false)
  })
})
