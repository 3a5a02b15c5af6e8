import { describe, expect, test } from 'vitest'
import { IMPLEMENTED_FUNCTIONS } from '../../../src/partiql/execute/functions.ts'
import { FUNCTIONS } from '../../../src/partiql/plan/functions.ts'
import { evaluate } from '../../../src/partiql/public.ts'
import type { EngineValue } from '../../../src/partiql/value/engine-value.ts'
import { printValue } from '../../../src/partiql/value/print-value.ts'

test('the planner knows exactly the functions that can be executed', () => {
  expect([...IMPLEMENTED_FUNCTIONS].sort()).toEqual([...FUNCTIONS.keys()].sort())
})

/** Names, arguments and results: the PartiQL specification, and SQL:1999 §6.17-6.18 for texts. */
describe('functions', () => {
  const evaluated = (statement: string, typing: 'permissive' | 'strict' = 'permissive'): string =>
    printValue(evaluate(statement, { partiql: true, typing, now: new Date('2026-11-20T14:02:07.500Z') }) as EngineValue)

  test.each([
    [`BIT_LENGTH('aß😀')`, '56'],
    [`OCTET_LENGTH('aß😀')`, '7'],
    [`OVERLAY('hello' PLACING 'XX' FROM 2 FOR 3)`, '"hXXo"'],
    [`OVERLAY('a😀b' PLACING 'X' FROM 2)`, '"aXb"'],
    [`POSITION('😀' IN 'a😀')`, '2'],
    [`TEXT_REPLACE('abc', '', '-')`, '"-a-b-c-"'],
    [`REPLACE('a.b.c', '.', '$&')`, '"a$&b$&c"'],
    [`SPLIT('a,b,,c', ',')`, '["a","b","","c"]'],
    ['CEIL(1.2)', '2.'],
    ['CEILING(-1.2)', '-1.'],
    ['FLOOR(-1.2)', '-2.'],
    ['FLOOR(1.0)', '1.'],
    ['FLOOR(7)', '7'],
    ['SQRT(16)', '4e0'],
    ['POWER(2, 10)', '1024e0'],
    ['LN(EXP(0))', '0e0'],
    ['MOD(-7, 3)', '-1'],
    [`ABS(INTERVAL '-1' DAY)`, `INTERVAL '1 00:00:00' DAY TO SECOND`],
    ['UNIX_TIMESTAMP()', '1795183327'],
    ['UNIX_TIMESTAMP(`1970-01-01T00:01:00.5Z`)', '60.5'],
    ['FROM_UNIXTIME(-1.5)', '1969-12-31T23:59:58.5Z'],
    ['CURRENT_DATE', `DATE '2026-11-20'`],
    ['UTCNOW()', '2026-11-20T14:02:07.500Z'],
    ['MAKE_DATE(2024, 2, 29)', `DATE '2024-02-29'`],
    ['MAKE_TIME(1, 2, 3.5)', `TIME '01:02:03.5'`],
    ['MAKE_TIME(1, 2, 3, -90)', `TIME '01:02:03-01:30'`],
    ['FILTER_DISTINCT([1, 1.0, 2])', '[1,2]'],
    [`TUPLEUNION({'a': 1}, {'a': 2})`, '{"a":1,"a":2}'],
    [`COLL_TO_SCALAR(<<{'a': 5}>>)`, '5'],
    ['COLL_SUM(DISTINCT [1, 1, 2, NULL])', '3'],
    ['COLL_EVERY([TRUE, NULL, FALSE])', 'false'],
    ['COLL_MAX(<<>>)', 'null'],
    [`EXTRACT(SECOND FROM TIME '01:02:03.25')`, '3.250000000'],
    [`EXTRACT(TIMEZONE_MINUTE FROM TIME '01:02:03-06:30')`, '-30'],
    [`DATE_ADD(hour, 1, DATE '2026-11-20')`, `TIMESTAMP '2026-11-20 01:00:00'`],
    [`DATE_DIFF(day, DATE '2026-11-20', TIMESTAMP '2026-11-21 23:00:00')`, '1'],
  ])('%s', (call, expected) => {
    expect(evaluated(call)).toBe(expected)
    expect(evaluated(call, 'strict')).toBe(expected)
  })

  test.each([
    'LOWER(x)',
    `OVERLAY('a' PLACING 'b' FROM 0)`,
    `SUBSTRING('abc', 1, -1)`,
    'MAKE_DATE(2023, 2, 29)',
    'MAKE_TIME(24, 0, 0)',
    'CARDINALITY(x)',
    'EXISTS(x)',
    `COLL_SUM(['a'])`,
    `TUPLEUNION({'a': 1}, x)`,
    `EXTRACT(YEAR FROM TIME '01:02:03')`,
    `MOD(NULL, 'a')`,
  ])('%s is a wrong type', (call) => {
    const statement = `SELECT VALUE ${call} FROM [1] AS x`
    expect(evaluated(statement)).toBe('<<MISSING>>')
    expect(() => evaluated(statement, 'strict')).toThrow(
      expect.objectContaining({ code: 'TYPE_ERROR', location: expect.objectContaining({ line: 1, column: 14 }) }),
    )
  })

  test.each([
    ['FLOOR(`1d-1000000000`)', '0.'],
    ['FLOOR(`-1d-1000000000`)', '-1.'],
    ['CEIL(`1d-1000000000`)', '1.'],
    ['CEIL(`-1d-1000000000`)', '0.'],
    ['FLOOR(`-0.05`)', '-1.'],
    ['CEIL(`9.99`)', '10.'],
  ])('%s takes no time, however small the number', (call, expected) => {
    expect(evaluated(call)).toBe(expected)
  })

  test.each(['SQRT(-1)', 'LN(0)', `TO_TIMESTAMP('x', 'Q')`, `TO_TIMESTAMP('x', 'y')`, 'MOD(1, 0)'])(
    '%s is an error in both modes',
    (call) => {
      expect(() => evaluated(call)).toThrow(expect.objectContaining({ name: 'StatementError' }))
      expect(() => evaluated(call, 'strict')).toThrow(expect.objectContaining({ name: 'StatementError' }))
    },
  )

  test('an absent argument makes the result absent, MISSING before NULL', () => {
    expect(evaluated('OVERLAY(MISSING PLACING NULL FROM 1)')).toBe('MISSING')
    expect(evaluated(`REPLACE('a', NULL, 'b')`)).toBe('null')
  })
})
