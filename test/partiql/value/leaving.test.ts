/**
 * Goal: what leaves the engine is Ion, in the notation of the conformance suite where Ion has no type, and what cannot be
 * stored is refused. Expected texts follow the suite's rules for values in Ion.
 */
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { parseOne, printText } from '../../../src/ion/index.ts'
import { type EngineValue, evaluate } from '../../../src/partiql/public.ts'
import { leavingValue, readableValue, storedValue } from '../../../src/partiql/value/leaving.ts'
import { suiteValue } from '../../conformance/suite-value.ts'

function value(ion: string): EngineValue {
  return suiteValue(parseOne(ion))
}

describe('as a result', () => {
  test.each([
    ['[1, $missing::null, $bag::[2, $missing::null]]', '[1,null,[2]]'],
    ['{a: {b: $bag::[{c: $date::{year: 2024, month: 2, day: 29}}]}}', '{a:{b:[{c:2024-02-29}]}}'],
    ['a::[$bag::[]]', 'a::[[]]'],
    [
      '$timestamp::{year: 2024, month: 2, day: 29, hour: 1, minute: 2, second: 3.25, offset: null}',
      '2024-02-29T01:02:03.25-00:00',
    ],
    ['$time::{hour: 14, minute: 2, second: 7.50, offset: -60}', '$time::{hour:14,minute:2,second:7.5,offset:-60}'],
    ['$time::{hour: 0, minute: 0, second: 0, offset: null}', '$time::{hour:0,minute:0,second:0.0,offset:null}'],
    ['$interval_ym::{sign: "-", months: 18}', '$interval_ym::{sign:"-",years:1,months:6}'],
    ['$interval_dt::{hours: 25, nanos: 5}', '$interval_dt::{sign:"+",days:1,hours:1,minutes:0,seconds:0,nanos:5}'],
  ])('%s', (engine, ion) => {
    const left = leavingValue(value(engine))
    expect(printText(left)).toBe(ion)
    // What is read back leaves the same way.
    expect(printText(leavingValue(suiteValue(left)))).toBe(ion)
  })

  test('what is Ion already is the very same value', () => {
    const plain = value('{a: [1, {b: x}], c: 2.5}')
    expect(leavingValue(plain)).toBe(plain)
  })

  test('a change deep inside costs one walk', () => {
    let text = '$date::{year: 2024, month: 2, day: 29}'
    for (let depth = 0; depth < 200; depth++) text = `{a: [${text}]}`
    expect(printText(leavingValue(value(text)))).toContain('2024-02-29')
  })
})

describe('for people', () => {
  test.each([
    ['$time::{hour: 14, minute: 2, second: 7.50, offset: -60}', '"14:02:07.5-01:00"'],
    ['{a: [$time::{hour: 0, minute: 0, second: 0, offset: null}]}', '{a:["00:00:00"]}'],
    ['{a: $interval_ym::{sign: "-", months: 18}, b: 1}', '{a:"-1-6",b:1}'],
    ['$interval_dt::{hours: 25, nanos: 500000000}', '"1 01:00:00.5"'],
  ])('%s is %s', (engine, text) => {
    expect(printText(readableValue(leavingValue(value(engine))))).toBe(text)
  })

  test('what somebody stored with such an annotation stays what it is', () => {
    const stored = parseOne('{a: $time::{hour: 1}}')
    expect(readableValue(stored)).toBe(stored)
  })

  test('the console shows one line each', () => {
    const row = evaluate("{'d': DATE '2024-02-29', 'i': INTERVAL '1-2' YEAR TO MONTH, 'p': 12.50}")
    expect(inspect(row)).toBe('{ d: DateValue 2024-02-29, i: Interval 1-2, p: Decimal 12.50 }')
  })

  test('a text that is no time is told how one is written', () => {
    const cast = (): unknown => evaluate("CAST('1:00' AS TIME)", { typing: 'strict' })
    expect(cast).toThrow('Cannot cast "1:00" to time. Write it like 13:30:00.')
  })

  test('JSON of the values that evaluate gives', () => {
    const row = evaluate(
      "{'d': DATE '2024-02-29', 't': TIME '01:02:03', 'ts': TIMESTAMP '2024-02-29 01:02:03', 'i': INTERVAL '1' DAY}",
    )
    expect(JSON.stringify(row)).toBe('{"d":"2024-02-29","t":"01:02:03","ts":"2024-02-29 01:02:03","i":"1 00:00:00"}')
  })
})

describe('in a document', () => {
  test('dates and timestamps are stored as Ion timestamps', () => {
    expect(printText(storedValue(value('{a: $date::{year: 2024, month: 2, day: 29}}')))).toBe('{a:2024-02-29}')
  })

  test.each([
    '{a: [$time::{hour: 1, minute: 0, second: 0, offset: null}]}',
    '{a: {b: $interval_ym::{years: 1}}}',
    '{a: $graph::{nodes: [], edges: []}}',
  ])('%s is refused', (engine) => {
    expect(() => storedValue(value(engine))).toThrow(expect.objectContaining({ code: 'TYPE_ERROR' }))
  })
})

describe('as plain JavaScript', () => {
  test('a bag is an array, MISSING is undefined, dates stay what they are', () => {
    expect(evaluate("{'a': <<1>>, 'b': [MISSING, 2], 'c': {'d': 1.5}}")).toMatchObject({ a: [1], b: [undefined, 2] })
    expect(String(evaluate("DATE '2024-02-29'"))).toBe('2024-02-29')
  })

  test("PartiQL's own values come in wherever they stand", () => {
    const env = { x: { list: [value('$date::{year: 2024, month: 2, day: 29}')], gone: value('$missing::null') } }
    expect(evaluate("x.list[0] = DATE '2024-02-29'", { env })).toBe(true)
    expect(evaluate('x.gone IS MISSING', { env })).toBe(true)
    expect(evaluate('? = x.list[0]', { env, parameters: [env.x.list[0]] })).toBe(true)
  })

  test('what is no data is refused with the path to it', () => {
    expect(() => evaluate('x', { env: { x: { a: [() => 1] } } })).toThrow('The value at a.0 is a function')
    const loop: unknown[] = []
    loop.push(loop)
    expect(() => evaluate('x', { env: { x: loop } })).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }))
  })
})
