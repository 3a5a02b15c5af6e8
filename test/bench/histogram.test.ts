/** Goal: quantiles are right within a bucket's width. Method: compare with the sorted list of what was recorded. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Histogram } from '../../src/bench/histogram.ts'

test('an empty histogram has no quantiles', () => {
  const histogram = new Histogram()
  expect(histogram.count).toBe(0)
  expect(histogram.quantileMs(0.5)).toBeUndefined()
})

test('small values are kept exactly', () => {
  const histogram = new Histogram()
  for (let ns = 0; ns <= 255; ns++) histogram.record(ns / 1e6)
  expect(histogram.count).toBe(256)
  expect(histogram.quantileMs(0)).toBe(0)
  expect(histogram.quantileMs(0.5)).toBe(127 / 1e6)
  expect(histogram.quantileMs(1)).toBe(255 / 1e6)
})

test('every quantile lies within 1/128 above the value of that rank in the sorted list', () => {
  const duration = fc.oneof(
    fc.integer({ min: 0, max: 2000 }),
    fc.integer({ min: 0, max: 2 ** 31 }),
    fc.integer({ min: 0, max: 2 ** 44 }),
    fc.integer({ min: 0, max: 44 }).map((bits) => 2 ** bits),
    fc.integer({ min: 1, max: 44 }).map((bits) => 2 ** bits - 1),
  )
  fc.assert(
    fc.property(
      fc.array(duration, { minLength: 1, maxLength: 50 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (durationsNs, share) => {
        const histogram = new Histogram()
        for (const ns of durationsNs) histogram.record(ns / 1e6)
        const sorted = durationsNs.toSorted((a, b) => a - b)
        const exact = sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1]!
        const found = Math.round(histogram.quantileMs(share)! * 1e6)
        expect(found).toBeGreaterThanOrEqual(exact)
        expect(found).toBeLessThanOrEqual(exact + exact / 128)
      },
    ),
  )
})

test('a value beyond the last bucket is still the largest', () => {
  const histogram = new Histogram()
  histogram.record(1)
  histogram.record(1e9)
  expect(histogram.quantileMs(1)).toBe(1e9)
})

test('a negative duration counts as none', () => {
  const histogram = new Histogram()
  histogram.record(-5)
  expect(histogram.quantileMs(1)).toBe(0)
})
