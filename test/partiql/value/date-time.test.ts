/**
 * Goal: days and times of day are those of the calendar. Method: JavaScript's Date as an independent model.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DateValue } from '../../../src/partiql/value/date-value.ts'
import { LocalTimestamp } from '../../../src/partiql/value/local-timestamp.ts'
import { TimeValue } from '../../../src/partiql/value/time-value.ts'
import { anyDate, anyLocalTimestamp, anyTime } from './any-engine-value.ts'

const MILLIS_PER_DAY = 86_400_000

describe('a date', () => {
  test('is the day that JavaScript says', () => {
    fc.assert(
      fc.property(anyDate, (date) => {
        const iso = new Date(date.days * MILLIS_PER_DAY).toISOString()
        expect(date.toString()).toBe(iso.slice(0, 10))
        expect(DateValue.parse(date.toString())!.days).toBe(date.days)
      }),
    )
  })

  test('so many months later is clamped to the end of the month', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -5000, max: 5000 }), (date, months) => {
        const first = new Date(Date.UTC(2000, 0, 1))
        first.setUTCFullYear(date.year, date.month - 1 + months, 1)
        const last = new Date(first)
        last.setUTCMonth(last.getUTCMonth() + 1, 0)
        const isInCalendar = first.getUTCFullYear() >= 1 && first.getUTCFullYear() <= 9999
        const expected = isInCalendar
          ? `${first.toISOString().slice(0, 8)}${String(Math.min(date.day, last.getUTCDate())).padStart(2, '0')}`
          : undefined
        expect(date.plusMonths(months)?.toString()).toBe(expected)
      }),
    )
  })

  test.each(['2026-02-29', '2026-13-01', '2026-00-01', '2026-04-31', '26-01-01', '2026-1-1', '0000-01-01', ''])(
    'is not %s',
    (text) => {
      expect(DateValue.parse(text)).toBeUndefined()
    },
  )
})

describe('a time of day', () => {
  test('reads back what it prints', () => {
    fc.assert(
      fc.property(anyTime, (time) => {
        expect(TimeValue.parse(time.toString())).toEqual(time)
      }),
    )
  })

  test('cuts off digits beyond nanoseconds, and rounds to the digits asked for', () => {
    expect(TimeValue.parse('23:59:59.9999999999')!.nanos).toBe(999_999_999)
    expect(TimeValue.parse('01:23:45.678')!.round(2).toString()).toBe('01:23:45.68')
    expect(TimeValue.parse('23:59:59.5')!.round(0).toString()).toBe('00:00:00')
    expect(TimeValue.parse('23:59:59.123456789')!.round(9).nanos).toBe(123_456_789)
  })

  test.each(['24:00:00', '10:60:00', '10:00:60', '10:00', '10:00:00+24:00', '10:00:00-00:60', '1:00:00'])(
    'is not %s',
    (text) => {
      expect(TimeValue.parse(text)).toBeUndefined()
    },
  )
})

describe('a timestamp without a zone', () => {
  test('is its nanoseconds since 1970', () => {
    fc.assert(
      fc.property(anyLocalTimestamp, (timestamp) => {
        expect(LocalTimestamp.fromEpochNanos(timestamp.epochNanos())).toEqual(timestamp)
        expect(LocalTimestamp.parse(timestamp.toString())).toEqual(timestamp)
        expect(LocalTimestamp.of(timestamp.toTimestamp())).toEqual(timestamp)
        const millis = Number(timestamp.epochNanos() / 1_000_000n)
        if (timestamp.nanosOfDay % 1_000_000 === 0) {
          expect(new Date(millis).toISOString().slice(0, 19).replace('T', ' ')).toBe(timestamp.toString().slice(0, 19))
        }
      }),
    )
  })

  test('is rounded over midnight, not beyond the calendar', () => {
    expect(LocalTimestamp.parse('2026-12-31 23:59:59.9')!.round(0)!.toString()).toBe('2027-01-01 00:00:00')
    expect(LocalTimestamp.parse('9999-12-31 23:59:59.9')!.round(0)).toBeUndefined()
  })
})
