import { describe, expect, test } from 'vitest'
import { Interval, type IntervalField, type IntervalFields } from '../../../src/partiql/value/interval.ts'

function fields(
  from: IntervalField,
  to?: IntervalField,
  precision?: number,
  fractionPrecision?: number,
): IntervalFields {
  return { from, to, precision, fractionPrecision }
}

describe('interval', () => {
  test.each([
    ['10', fields('year'), 120n],
    ['-1-6', fields('year', 'month'), -18n],
    ['+5', fields('month'), 5n],
    ['999', fields('hour', undefined, 3), 999n * 3_600_000_000_000n],
    ['3 8:45', fields('day', 'minute'), (3n * 1440n + 8n * 60n + 45n) * 60_000_000_000n],
    ['-1 2:30:45.5', fields('day', 'second'), -(((26n * 60n + 30n) * 60n + 45n) * 1_000_000_000n + 500_000_000n)],
    ['0.1234567', fields('second'), 123_456_000n],
    ['1.5', fields('second', undefined, 2, 0), 1_000_000_000n],
  ] as const)('reads %s', (text, written, amount) => {
    expect(Interval.parse(text, written).amount).toBe(amount)
  })

  test.each([
    ['100', fields('month'), 'more than 2 digits'],
    ['1 23:60', fields('day', 'minute'), 'minute 60 is not below 60'],
    ['1-12', fields('year', 'month'), 'month 12 is not below 12'],
    ['1', fields('year', 'month'), 'something like'],
    ['', fields('day'), 'something like'],
    ['--1', fields('day'), 'something like'],
  ] as const)('refuses %s', (text, written, message) => {
    expect(() => Interval.parse(text, written)).toThrow(message)
  })

  test('has fields with the sign of the whole', () => {
    const interval = Interval.parse('-1 2:03:04.5', fields('day', 'second'))
    expect((['day', 'hour', 'minute', 'second'] as const).map((field) => interval.field(field))).toEqual([
      -1, -2, -3, -4,
    ])
    expect(interval.nanos).toBe(-500_000_000)
    expect(interval.field('year')).toBeUndefined()
  })

  test('prints a literal that reads back as the same', () => {
    expect(String(Interval.parse('-18', fields('month')))).toBe("INTERVAL '-1-6' YEAR TO MONTH")
    expect(String(Interval.parse('999.5', fields('second', undefined, 3)))).toBe(
      "INTERVAL '0 00:16:39.5' DAY TO SECOND",
    )
    expect(String(Interval.parse('2400', fields('hour', undefined, 4)))).toBe(
      "INTERVAL '100 00:00:00' DAY(3) TO SECOND",
    )
  })
})
