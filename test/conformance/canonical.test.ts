/**
 * Goal: the comparison that conformance is judged by is right, as it is what every figure rests on. The pairs are from
 * the suite's rules for expected values.
 */
import { describe, expect, test } from 'vitest'
import { parseOne } from '../../src/ion/index.ts'
import { canonicalText } from './canonical.ts'
import { suiteValue } from './suite-value.ts'

function text(ion: string): string {
  return canonicalText(suiteValue(parseOne(ion)))
}

describe('equal', () => {
  test.each([
    // numbers by value, whatever type and scale
    ['2', '2.0'],
    ['2', '2e0'],
    ['2.50', '25d-1'],
    ['1d3', '1000'],
    ['0', '-0.0'],
    ['0', '-0e0'],
    ['nan', 'nan'],
    ['123456789012345678901234567890', '123456789012345678901234567890.0'],
    ['1e300', '1d300'],
    ['0.1', '0.1e0'],
    // texts and symbols, sequences
    ['"a"', 'a'],
    ['(1 2)', '[1, 2]'],
    // annotations and the order of fields mean nothing
    ['a::1', '1'],
    ['$ion::a', '"a"'],
    ['{a: 1, b: 2}', '{b: 2, a: 1}'],
    // a struct cannot hold MISSING
    ['{a: $missing::null}', '{}'],
    // NULL whatever its type
    ['null', 'null.int'],
    // bags as multisets
    ['$bag::[1, 2, 2, $bag::[3, 4]]', '$bag::[2, $bag::[4, 3], 1, 2.0]'],
    // zoned timestamps by instant
    ['2020-01-01T12:00:00+02:00', '2020-01-01T10:00:00.000Z'],
    ['2020T', '2020-01-01T00:00:00Z'],
    ['{{"a"}}', '{{YQ==}}'],
    // dates and times, in the suite's newer and older forms
    ['$date::{year: 2021, month: 8, day: 22}', '$date::2021-08-22'],
    ['$time::{hour: 4, minute: 5, second: 6.0, offset: null}', '$time::"04:05:06"'],
    ['$time::{hour: 4, minute: 5, second: 6, offset: 60}', '$time::{hour: 3, minute: 5, second: 6., offset: 0}'],
    [
      '$time::{hour: 4, minute: 5, second: 6, timezone_hour: -5, timezone_minute: -30}',
      '$time::{hour: 4, minute: 5, second: 6, offset: -330}',
    ],
    [
      '$timestamp::{year: 2020, month: 1, day: 1, hour: 12, minute: 0, second: 0.5, offset: 120}',
      '2020-01-01T10:00:00.500Z',
    ],
    // intervals by their length, the sign applies to all of it
    ['$interval_ym::{months: 13}', '$interval_ym::{sign: "+", years: 1, months: 1}'],
    ['$interval_dt::{hours: 25}', '$interval_dt::{days: 1, hours: 1}'],
    ['$interval_dt::{sign: "-", days: 0}', '$interval_dt::{}'],
    ['$interval_dt::{seconds: 1, nanos: 500000000}', '$interval_dt::{seconds: 1.5}'],
  ])('%s and %s', (one, other) => {
    expect(text(one)).toBe(text(other))
  })
})

describe('not equal', () => {
  test.each([
    ['null', '$missing::null'],
    ['1', '"1"'],
    ['1', '1.0000000000000000000000000000000000001'],
    ['true', '"true"'],
    ['[1]', '$bag::[1]'],
    ['[1, 2]', '[2, 1]'],
    ['$bag::[1, 1]', '$bag::[1]'],
    ['$bag::[1, 1, 2]', '$bag::[1, 2, 2]'],
    ['$bag::[null]', '$bag::[$missing::null]'],
    ['{a: 1}', '{A: 1}'],
    ['{a: 1, a: 1}', '{a: 1}'],
    ['{a: null}', '{}'],
    ['[]', '{}'],
    ['"a,b"', '["a", "b"]'],
    ['nan', '+inf'],
    ['$date::{year: 2021, month: 8, day: 22}', '2021-08-22'],
    ['$time::{hour: 4, minute: 5, second: 6, offset: null}', '$time::{hour: 4, minute: 5, second: 6, offset: 0}'],
    ['$timestamp::{year: 2020, month: 1, day: 1, hour: 0, minute: 0, second: 0, offset: null}', '2020-01-01T00:00:00Z'],
    ['$interval_ym::{months: 1}', '$interval_ym::{sign: "-", months: 1}'],
    ['$interval_ym::{}', '$interval_dt::{}'],
    ['2020-01-01T12:00:00Z', '2020-01-01T12:00:00.001Z'],
    // no Unicode normalisation
    ['"\\u00e9"', '"e\\u0301"'],
  ])('%s and %s', (one, other) => {
    expect(text(one)).not.toBe(text(other))
  })
})
