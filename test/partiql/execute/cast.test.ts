/**
 * Goal: CAST, CAN_CAST, CAN_LOSSLESS_CAST and IS, in both typing modes. Expected values are from the PartiQL specification,
 * SQL:1999 §6.22 and, for numbers in text, the conformance suite's notation.
 */
import { describe, expect, test } from 'vitest'
import { evaluate } from '../../../src/partiql/public.ts'
import type { EngineValue } from '../../../src/partiql/value/engine-value.ts'
import { printValue } from '../../../src/partiql/value/print-value.ts'

function answer(statement: string, typing: 'permissive' | 'strict' = 'permissive'): string {
  return printValue(evaluate(statement, { partiql: true, typing }) as EngineValue)
}

describe('CAST', () => {
  test.each([
    [`'-0x1F' AS INT`, '-31'],
    [`'+0b101' AS INT`, '5'],
    [`'007' AS INT`, '7'],
    ['2.5 AS INT', '2'],
    ['3.5 AS INT', '4'],
    ['`-9223372036854775808e0` AS BIGINT', '-9223372036854775808'],
    ['TRUE AS INT', '1'],
    [`'TRUE' AS BOOL`, 'true'],
    ['0.00 AS BOOL', 'false'],
    ['12.345 AS DECIMAL(4, 1)', '12.3'],
    ['12.5 AS STRING', '"12.5"'],
    [`'abcdef' AS VARCHAR(3)`, '"abc"'],
    ['`sym` AS STRING', '"sym"'],
    ['<<1, 2>> AS LIST', '[1,2]'],
    [`['1', '2'] AS LIST<INT>`, '[1,2]'],
    [`'2026-11-20' AS DATE`, `DATE '2026-11-20'`],
    [`TIMESTAMP '2026-11-20 23:59:59' AS DATE`, `DATE '2026-11-20'`],
    [`DATE '2026-11-20' AS TIMESTAMP`, `TIMESTAMP '2026-11-20 00:00:00'`],
    [`DATE '2026-11-20' AS TIMESTAMP WITH TIME ZONE`, '2026-11-20T00:00:00Z'],
    [`'2026-11-20 10:00:00+01:00' AS TIMESTAMP`, '2026-11-20T10:00:00+01:00'],
    [`TIMESTAMP '2026-11-20 10:00:00+01:00' AS TIMESTAMP WITHOUT TIME ZONE`, `TIMESTAMP '2026-11-20 10:00:00'`],
    [`'10:00:00.56' AS TIME(1)`, `TIME '10:00:00.6'`],
    [`TIME '10:00:00' AS TIME WITH TIME ZONE`, `TIME '10:00:00+00:00'`],
    [`DATE '2026-11-20' AS STRING`, '"2026-11-20"'],
    [`INTERVAL '25' HOUR AS STRING`, '"1 01:00:00"'],
    [`'1-6' AS INTERVAL YEAR TO MONTH`, `INTERVAL '1-6' YEAR TO MONTH`],
    [`INTERVAL '1 2:30' DAY TO MINUTE AS INTERVAL HOUR`, `INTERVAL '1 02:00:00' DAY TO SECOND`],
    ['NULL AS INT', 'null'],
    ['MISSING AS INT', 'MISSING'],
  ])('%s', (cast, expected) => {
    expect(answer(`CAST(${cast})`)).toBe(expected)
    expect(answer(`CAST(${cast})`, 'strict')).toBe(expected)
    expect(answer(`CAN_CAST(${cast})`)).toBe('true')
  })

  test.each([
    `'2e10' AS INT`,
    `'00xA' AS INT`,
    `' 1' AS INT`,
    `[1] AS INT`,
    `'2026-02-30' AS DATE`,
    `1 AS DATE`,
    `DATE '2026-11-20' AS TIME`,
    `INTERVAL '1' DAY AS INTERVAL MONTH`,
    `INTERVAL '100' DAY(3) AS INTERVAL DAY`,
    `['a'] AS LIST<INT>`,
    `123.4 AS DECIMAL(3, 1)`,
  ])('%s is a wrong type', (cast) => {
    expect(answer(`CAST(${cast})`)).toBe('MISSING')
    expect(answer(`CAN_CAST(${cast})`)).toBe('false')
    expect(() => answer(`CAST(${cast})`, 'strict')).toThrow(
      expect.objectContaining({ code: 'TYPE_ERROR', location: expect.objectContaining({ line: 1, column: 1 }) }),
    )
  })

  test.each([
    `1e30 AS INT`,
    `'9223372036854775808' AS INT8`,
    `2147483648 AS INT4`,
    `40000 AS SMALLINT`,
    'NULL AS NULL',
  ])('%s is an error in both modes', (cast) => {
    for (const typing of ['permissive', 'strict'] as const) {
      expect(() => answer(`CAST(${cast})`, typing)).toThrow(expect.objectContaining({ code: 'EVALUATION_ERROR' }))
    }
  })

  test.each([
    ['1.0 AS INT', true],
    ['1.5 AS INT', false],
    [`'1' AS INT`, true],
    [`'01' AS INT`, false],
    [`'abc' AS VARCHAR(2)`, false],
    [`DATE '2026-11-20' AS TIMESTAMP`, true],
    [`TIMESTAMP '2026-11-20 10:00:00' AS DATE`, false],
  ])('CAN_LOSSLESS_CAST(%s) is %s', (cast, expected) => {
    expect(evaluate(`CAN_LOSSLESS_CAST(${cast})`)).toBe(expected)
  })
})

describe('IS', () => {
  test.each([
    [`DATE '2026-11-20' IS DATE`, true],
    [`DATE '2026-11-20' IS TIMESTAMP`, false],
    [`TIME '10:00:00+01:00' IS TIME WITH TIME ZONE`, true],
    [`TIME '10:00:00' IS TIME WITH TIME ZONE`, false],
    [`TIMESTAMP '2026-11-20 10:00:00' IS TIMESTAMP WITHOUT TIME ZONE`, true],
    [`INTERVAL '1' DAY IS INTERVAL DAY TO SECOND`, true],
    [`INTERVAL '1' DAY IS INTERVAL MONTH`, false],
    ['12.34 IS DECIMAL(4, 2)', true],
    ['12.345 IS DECIMAL(5, 2)', false],
    [`'abc' IS VARCHAR(2)`, false],
    ['[1, 2] IS LIST<INT>', true],
    [`[1, 'a'] IS LIST<INT>`, false],
    ['<<1>> IS LIST', false],
  ])('%s is %s', (test, expected) => {
    expect(evaluate(test)).toBe(expected)
  })
})
