import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FormatError } from '../../src/errors.ts'
import { Timestamp, type TimestampFields } from '../../src/ion/index.ts'
import { anyTimestamp } from './any-value.ts'

describe('Timestamp.parse', () => {
  it.each([
    ['2026T', 'year', '2026T'],
    ['2026-11T', 'month', '2026-11T'],
    ['2026-11-20', 'day', '2026-11-20'],
    ['2026-11-20T', 'day', '2026-11-20'],
    ['2026-11-20T14:02Z', 'minute', '2026-11-20T14:02Z'],
    ['2026-11-20T14:02+00:00', 'minute', '2026-11-20T14:02Z'],
    ['2026-11-20T14:02-00:00', 'minute', '2026-11-20T14:02-00:00'],
    ['2026-11-20T14:02:07-08:30', 'second', '2026-11-20T14:02:07-08:30'],
    ['2026-11-20T14:02:07.120+01:00', 'second', '2026-11-20T14:02:07.120+01:00'],
    ['2026-11-20T14:02:07.000Z', 'second', '2026-11-20T14:02:07.000Z'],
    ['0001-01-01T00:00Z', 'minute', '0001-01-01T00:00Z'],
    ['2024-02-29', 'day', '2024-02-29'],
    ['2026-11-20T14:02:07.00000000000000000000000001Z', 'second', '2026-11-20T14:02:07.00000000000000000000000001Z'],
  ])('reads %s in %s precision', (text, precision, printed) => {
    const value = Timestamp.parse(text)
    expect(value.precision).toBe(precision)
    expect(`${value}`).toBe(printed)
    expect(JSON.stringify([value])).toBe(JSON.stringify([printed]))
  })

  it.each([
    '',
    '2026',
    '26T',
    '2026-11',
    '0000T',
    '2026-00T',
    '2026-13T',
    '2026-11-00',
    '2026-11-31',
    '2025-02-29',
    '1900-02-29',
    '2026-11-20T14Z',
    '2026-11-20T14:02',
    '2026-11-20T24:00Z',
    '2026-11-20T14:60Z',
    '2026-11-20T14:02:60Z',
    '2026-11-20T14:02:07.Z',
    '2026-11-20T14:02+24:00',
    '2026-11-20T14:02+01:60',
    '2026-11-20T14:02:07.120z',
    '0001-01-01T00:00+01:00',
    '9999-12-31T23:59-00:01',
    ' 2026T',
    `2026-11-20T14:02:07.${'1'.repeat(1001)}Z`,
  ])('refuses %j', (text) => {
    expect(() => Timestamp.parse(text)).toThrow(expect.objectContaining({ name: 'FormatError', code: 'BAD_VALUE' }))
  })

  it('reads back what it prints', () => {
    fc.assert(fc.property(anyTimestamp, (value) => void expect(Timestamp.parse(value.toString())).toEqual(value)))
  })
})

describe('new Timestamp', () => {
  it.each<[string, TimestampFields]>([
    ['a day without a month', { year: 2026, day: 1 }],
    ['an hour without a minute', { year: 2026, month: 1, day: 1, hour: 1 }],
    ['an hour without a day', { year: 2026, month: 1, hour: 1, minute: 1 }],
    ['a second without a minute', { year: 2026, month: 1, day: 1, second: 1 }],
    ['a fraction without a second', { year: 2026, fraction: { coefficient: 1n, digits: 1 } }],
    ['an offset of a date', { year: 2026, offsetMinutes: 0 }],
    ['a fractional year', { year: 2026.5 }],
    [
      'a fraction of one',
      { year: 2026, month: 1, day: 1, hour: 1, minute: 1, second: 1, fraction: { coefficient: 10n, digits: 1 } },
    ],
    [
      'a negative fraction',
      { year: 2026, month: 1, day: 1, hour: 1, minute: 1, second: 1, fraction: { coefficient: -1n, digits: 1 } },
    ],
    [
      'a fraction without digits',
      { year: 2026, month: 1, day: 1, hour: 1, minute: 1, second: 1, fraction: { coefficient: 0n, digits: 0 } },
    ],
  ])('refuses %s', (_, fields) => {
    expect(() => new Timestamp(fields)).toThrow(FormatError)
  })
})

describe('conversions', () => {
  it('agree with Date on every millisecond of the years 1 to 9999', () => {
    const millis = fc.integer({ min: Date.UTC(1, 0, 1) - 1900 * 366 * 86_400_000, max: Date.UTC(9999, 11, 31) })
    fc.assert(
      fc.property(millis, (ms) => {
        const date = new Date(ms)
        fc.pre(date.getUTCFullYear() >= 1)
        expect(Timestamp.fromMillis(ms).toString()).toBe(date.toISOString())
        expect(Timestamp.fromDate(date).epochMillis()).toBe(ms)
        expect(Timestamp.fromMillis(ms).toDate()).toEqual(date)
      }),
      { numRuns: 2000 },
    )
  })

  it('know the first and the last moment', () => {
    const first = Date.parse('0001-01-01T00:00:00.000Z')
    const last = Date.parse('9999-12-31T23:59:59.999Z')
    expect(Timestamp.fromMillis(first).toString()).toBe('0001-01-01T00:00:00.000Z')
    expect(Timestamp.fromMillis(last).toString()).toBe('9999-12-31T23:59:59.999Z')
    for (const ms of [first - 1, last + 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => Timestamp.fromMillis(ms)).toThrow(FormatError)
    }
    expect(() => Timestamp.fromDate(new Date(Number.NaN))).toThrow(FormatError)
  })

  it('count offset and missing fields', () => {
    expect(Timestamp.parse('2026-11-20T15:02:07.120+01:00').toDate().toISOString()).toBe('2026-11-20T14:02:07.120Z')
    expect(Timestamp.parse('2026-11-20T23:30:00-02:00').toDate().toISOString()).toBe('2026-11-21T01:30:00.000Z')
    expect(Timestamp.parse('2026T').toDate().toISOString()).toBe('2026-01-01T00:00:00.000Z')
    expect(Timestamp.parse('1969-12-31T23:59:59.9999Z').epochMillis()).toBe(-1)
    expect(Timestamp.parse('1969-12-31T23:59:59.9999Z').epochSeconds()).toBe(-1)
  })

  it('go from an instant to local time', () => {
    const fraction = { coefficient: 5n, digits: 1 }
    expect(Timestamp.fromEpochSeconds(0, fraction, 90).toString()).toBe('1970-01-01T01:30:00.5+01:30')
    expect(Timestamp.fromEpochSeconds(-60, fraction, undefined, 'minute').toString()).toBe('1969-12-31T23:59-00:00')
    fc.assert(
      fc.property(anyTimestamp, (value) => {
        fc.pre(value.precision === 'second')
        const again = Timestamp.fromEpochSeconds(value.epochSeconds(), value.fraction, value.offsetMinutes)
        expect(again).toEqual(value)
      }),
    )
  })
})

describe('compare', () => {
  it('is by instant, whatever offset and precision', () => {
    const same = [
      '2026-01-01T00:00:00.000Z',
      '2026T',
      '2026-01-01',
      '2026-01-01T01:00+01:00',
      '2025-12-31T12:00:00-12:00',
    ]
    for (const a of same) for (const b of same) expect(Timestamp.parse(a).compare(Timestamp.parse(b))).toBe(0)
    const rising = [
      '2025T',
      '2025-12-31T23:59:59.9999Z',
      '2026T',
      '2026-01-01T00:00:00.00001Z',
      '2026-01-01T00:00:00.0001Z',
    ]
    const sorted = [...rising]
      .reverse()
      .map(Timestamp.parse)
      .sort((a, b) => a.compare(b))
    expect(sorted.map((value) => value.toString())).toEqual(rising)
  })

  it('agrees with epoch milliseconds and is antisymmetric', () => {
    fc.assert(
      fc.property(anyTimestamp, anyTimestamp, (a, b) => {
        const order = a.compare(b)
        expect(b.compare(a)).toBe(order === 0 ? 0 : -order)
        if (a.epochMillis() !== b.epochMillis()) expect(order).toBe(Math.sign(a.epochMillis() - b.epochMillis()))
      }),
    )
  })

  it('is not to be had from the operators of JavaScript', () => {
    const a = Timestamp.parse('2026T') as unknown as number
    expect(() => a < 5).toThrow(TypeError)
  })
})
