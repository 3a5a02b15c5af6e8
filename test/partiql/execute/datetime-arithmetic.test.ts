/**
 * Goal: dates, times and intervals calculate as SQL:1999 §6.14-6.16 has it. Method: JavaScript's Date and plain bigints as
 * independent models; examples from the standard's rules.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { StatementError } from '../../../src/errors.ts'
import { Timestamp } from '../../../src/ion/index.ts'
import { calculate, PLAIN_ARITHMETIC } from '../../../src/partiql/execute/arithmetic.ts'
import { evaluate } from '../../../src/partiql/public.ts'
import type { EngineValue } from '../../../src/partiql/value/engine-value.ts'
import { Interval } from '../../../src/partiql/value/interval.ts'
import { LocalTimestamp } from '../../../src/partiql/value/local-timestamp.ts'
import { printValue } from '../../../src/partiql/value/print-value.ts'
import { DAY } from '../../../src/partiql/value/time-value.ts'
import { anyDate, anyLocalTimestamp, anyTime } from '../value/any-engine-value.ts'

const add = (a: EngineValue, b: EngineValue): EngineValue => calculate('+', a, b, PLAIN_ARITHMETIC)
const subtract = (a: EngineValue, b: EngineValue): EngineValue => calculate('-', a, b, PLAIN_ARITHMETIC)
const dayTime = (nanos: bigint): Interval => new Interval('day-time', nanos)

/** Up to some three years, in nanoseconds. */
const anySpan = fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n })

describe('a moment and an interval', () => {
  test('a timestamp moves by nanoseconds, and the difference of two is what lies between', () => {
    fc.assert(
      fc.property(anyLocalTimestamp, anySpan, (from, span) => {
        const model = LocalTimestamp.fromEpochNanos(from.epochNanos() + span)
        fc.pre(model !== undefined)
        const to = add(from, dayTime(span)) as LocalTimestamp
        expect(to).toEqual(model)
        expect(add(dayTime(span), from)).toEqual(to)
        expect((subtract(to, from) as Interval).amount).toBe(span)
        expect(subtract(to, dayTime(span))).toEqual(from)
      }),
    )
  })

  test('a timestamp of Ion keeps its offset and its digits', () => {
    const at = Timestamp.parse('2024-12-31T23:30:00.1234567890123+01:00')
    expect(String(add(at, dayTime(3_600_000_000_000n)))).toBe('2025-01-01T00:30:00.1234567890123+01:00')
    expect(String(add(at, dayTime(-500_000_000n)))).toBe('2024-12-31T23:29:59.6234567890123+01:00')
    expect(String(add(at, new Interval('year-month', 2n)))).toBe('2025-02-28T23:30:00.1234567890123+01:00')
  })

  test('a timestamp of a day, as documents hold dates, stays one', () => {
    const day = Timestamp.parse('2024-02-28')
    expect(String(add(day, dayTime(2n * BigInt(DAY))))).toBe('2024-03-01')
    expect(String(add(day, new Interval('year-month', 12n)))).toBe('2025-02-28')
    expect(String(add(day, dayTime(60_000_000_000n)))).toBe('2024-02-28T00:01Z')
  })

  test('a date moves by whole days, as JavaScript counts them', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -4000, max: 4000 }), (date, days) => {
        const model = new Date((date.days + days) * 86_400_000)
        fc.pre(model.getUTCFullYear() >= 1 && model.getUTCFullYear() <= 9999)
        const moved = add(date, dayTime(BigInt(days) * BigInt(DAY)))
        expect(String(moved)).toBe(model.toISOString().slice(0, 10))
        expect((subtract(moved, date) as Interval).field('day')).toBe(days)
      }),
    )
  })

  test('a time of day goes around the clock and keeps its offset', () => {
    fc.assert(
      fc.property(anyTime, anySpan, (time, span) => {
        const model = (((BigInt(time.nanosOfDay) + span) % BigInt(DAY)) + BigInt(DAY)) % BigInt(DAY)
        expect(add(time, dayTime(span))).toMatchObject({
          nanosOfDay: Number(model),
          offsetMinutes: time.offsetMinutes,
        })
      }),
    )
  })
})

describe('intervals', () => {
  test.each([
    [`INTERVAL '1-6' YEAR TO MONTH + INTERVAL '7' MONTH`, `INTERVAL '2-1' YEAR TO MONTH`],
    [`INTERVAL '1' DAY - INTERVAL '1.5' SECOND`, `INTERVAL '0 23:59:58.5' DAY TO SECOND`],
    [`-INTERVAL '90' MINUTE`, `INTERVAL '-0 01:30:00' DAY TO SECOND`],
    [`INTERVAL '1' DAY / 7`, `INTERVAL '0 03:25:42.857142' DAY TO SECOND`],
    [`INTERVAL '-7' MONTH / 2`, `INTERVAL '-0-3' YEAR TO MONTH`],
    [`1.5 * INTERVAL '1' YEAR`, `INTERVAL '1-6' YEAR TO MONTH`],
    [`DATE '2026-03-01' - DATE '2024-02-29'`, `INTERVAL '731 00:00:00' DAY(3) TO SECOND`],
    [`TIMESTAMP '2026-01-01 00:00:00+01:00' - TIMESTAMP '2026-01-01 00:00:00'`, `INTERVAL '-0 01:00:00' DAY TO SECOND`],
    [`DATE '2024-01-31' + INTERVAL '1' MONTH`, `DATE '2024-02-29'`],
    [`TIME '23:30:00+02:00' + INTERVAL '1' HOUR`, `TIME '00:30:00+02:00'`],
  ])('%s', (statement, expected) => {
    expect(printValue(evaluate(statement, { partiql: true }) as EngineValue)).toBe(expected)
  })

  test.each([
    [`INTERVAL '2' DAY * 50`, 'precision of the interval'],
    [`INTERVAL '1' DAY / 0`, 'divided by zero'],
    [`DATE '9999-12-31' + INTERVAL '1' DAY`, 'leaves the years'],
    [`INTERVAL '1 24' DAY TO HOUR`, 'hour 24'],
  ])('%s is an error in both modes', (statement, message) => {
    for (const typing of ['permissive', 'strict'] as const) {
      expect(() => evaluate(statement, { typing })).toThrow(
        expect.objectContaining({ code: 'EVALUATION_ERROR', message: expect.stringContaining(message) }),
      )
    }
  })

  test.each([
    `TIME '10:00:00' + INTERVAL '1' MONTH`,
    `DATE '2026-01-01' + INTERVAL '1' HOUR`,
    `INTERVAL '1' DAY + INTERVAL '1' MONTH`,
    `INTERVAL '1' DAY + 1`,
    `1 / INTERVAL '1' DAY`,
    `INTERVAL '1' DAY - DATE '2026-01-01'`,
    `INTERVAL '1' DAY < INTERVAL '1' MONTH`,
  ])('%s is a wrong type', (statement) => {
    expect(evaluate(statement)).toBeUndefined()
    try {
      evaluate(`\n ${statement}`, { typing: 'strict' })
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(StatementError)
      expect(error).toMatchObject({ code: 'TYPE_ERROR', location: { line: 2, column: 2 } })
    }
  })
})

describe('OVERLAPS', () => {
  const anyEnd = fc.integer({ min: 0, max: 6 })

  test('is true where two half-open periods share a day, whichever end is first', () => {
    fc.assert(
      fc.property(anyEnd, anyEnd, anyEnd, anyEnd, (a, b, c, d) => {
        const day = (days: number): string => `DATE '2026-01-0${days + 1}'`
        const days = (from: number, to: number): number[] => {
          const [low, high] = [Math.min(from, to), Math.max(from, to)]
          // A period without length is its moment.
          return low === high ? [2 * low] : Array.from({ length: 2 * (high - low) }, (_, index) => 2 * low + index)
        }
        const shared = days(a, b).some((each) => days(c, d).includes(each))
        expect(evaluate(`(${day(a)}, ${day(b)}) OVERLAPS (${day(c)}, ${day(d)})`)).toBe(shared)
      }),
      { numRuns: 300 },
    )
  })
})
