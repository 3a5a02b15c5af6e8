/**
 * Goal: `evaluate` answers queries over plain values by PartiQL's rules, and refuses what needs a ledger. Expected values
 * are from the PartiQL specification (name resolution, bags and lists, MISSING).
 */
import { describe, expect, test } from 'vitest'
import { LedgerError, StatementError } from '../../src/errors.ts'
import { Bag, evaluate, MISSING } from '../../src/partiql/public.ts'

const cars = [
  { vin: '1N4AL11D75C109151', year: 2021 },
  { vin: 'KM8SRDHF6EU074761', year: 1988 },
]

function errorOf(run: () => unknown): StatementError {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(StatementError)
    return error as StatementError
  }
  throw new Error('no error')
}

describe('values', () => {
  test('a query over an array answers an array', () => {
    expect(
      evaluate('SELECT VALUE c.vin FROM cars AS c WHERE c.year > ?', { env: { cars }, parameters: [2000] }),
    ).toEqual(['1N4AL11D75C109151'])
  })

  test('an expression answers its value', () => {
    expect(evaluate('1 + 1')).toBe(2)
    expect(evaluate(`{'a': 1}.b`)).toBeUndefined()
    expect(evaluate('NULL')).toBeNull()
  })

  test("the engine's own values tell a bag from a list", () => {
    const unordered = evaluate('SELECT VALUE x FROM [2, 1] AS x', { partiql: true })
    expect(unordered).toBeInstanceOf(Bag)
    const ordered = evaluate('SELECT VALUE x FROM [2, 1] AS x ORDER BY x', { partiql: true })
    expect(ordered).not.toBeInstanceOf(Bag)
    expect(evaluate(`{'a': 1}.b`, { partiql: true })).toBe(MISSING)
  })

  test('UTCNOW says the time it is given', () => {
    const now = new Date('2024-02-29T12:00:00.000Z')
    expect(evaluate('UTCNOW()', { now })).toEqual(now)
  })
})

describe('names of the environment', () => {
  test('match without regard to case when unquoted, exactly when quoted', () => {
    expect(evaluate('CARS[0].VIN', { env: { cars } })).toBe('1N4AL11D75C109151')
    expect(evaluate('"cars"[0]."vin"', { env: { cars } })).toBe('1N4AL11D75C109151')
    expect(errorOf(() => evaluate('"CARS"', { env: { cars } })).code).toBe('UNKNOWN_NAME')
  })

  test('the equal name is preferred among names that differ in case only', () => {
    expect(evaluate('[a, A, "a", "A"]', { env: { A: 1, a: 2 } })).toEqual([2, 1, 2, 1])
  })

  test('a dotted name is found by the path that spells it, the longest first', () => {
    const env = { 'shop.cars': [1], 'shop.cars.old': [2], shop: { bikes: [3] } }
    expect(evaluate('[shop.cars, SHOP.Cars.Old, shop.bikes]', { env })).toEqual([[1], [2], [3]])
    expect(evaluate('SELECT VALUE c FROM shop.cars AS c', { env })).toEqual([1])
  })

  test('in FROM a global comes before a variable, elsewhere a variable before a global; @ asks for the variable', () => {
    const env = { x: [[1], [2]] }
    expect(evaluate('SELECT VALUE y FROM x AS x, @x AS y', { env })).toEqual([1, 2])
    expect(evaluate('SELECT VALUE y FROM x AS x, x AS y', { env })).toEqual([[1], [2], [1], [2]])
    expect(evaluate('SELECT VALUE x[0] FROM x AS x', { env })).toEqual([1, 2])
  })
})

describe('what is refused', () => {
  test.each(['CREATE TABLE t', `INSERT INTO t VALUE {'a': 1}`, 'DELETE FROM t', 'DROP TABLE t'])('%s', (text) => {
    const error = errorOf(() => evaluate(text, { env: { t: [] } }))
    expect(error.code).toBe('UNSUPPORTED_STATEMENT')
    expect(error.location).toMatchObject({ line: 1, column: 1 })
    expect(error.message).toContain('openLedger')
  })

  test('an unknown name, with its place and the nearest one', () => {
    const error = errorOf(() => evaluate('SELECT VALUE c.vin\nFROM car AS c', { env: { cars } }))
    expect(error.location).toMatchObject({ line: 2, column: 6 })
    expect(error.message).toContain('cars')
  })

  test('a wrong number of parameters', () => {
    expect(errorOf(() => evaluate('? + ?', { parameters: [1] })).code).toBe('WRONG_PARAMETER_COUNT')
  })
})

describe('what grows without end', () => {
  const doubled = (count: number, double: (name: string) => string): string =>
    Array.from({ length: count }, (_, index) => `${double(`a${index}`)} AS a${index + 1}`).join(', ')
  const codeOf = (statement: string): string => {
    try {
      evaluate(statement)
      return 'no error'
    } catch (error) {
      return error instanceof LedgerError ? error.code : String(error)
    }
  }

  test('a text that is doubled and doubled is refused', () => {
    const lets = doubled(30, (name) => `${name} || ${name}`)
    expect(codeOf(`SELECT VALUE CHAR_LENGTH(a30) FROM ['xxxxxxxxxx'] AS a0 LET ${lets}`)).toBe('TOO_MUCH_MEMORY')
    const text = (letter: string): string => `'${letter.repeat(100_000)}'`
    expect(codeOf(`REPLACE(${text('a')}, 'a', ${text('b')})`)).toBe('TOO_MUCH_MEMORY')
    expect(codeOf(`REPLACE(${text('a')}, '', ${text('b')})`)).toBe('TOO_MUCH_MEMORY')
  })

  test('a list that holds another twice, and so on inside it, is refused where it is to be held', () => {
    const lets = doubled(40, (name) => `[${name}, ${name}]`)
    expect(codeOf(`SELECT VALUE a40 FROM [1] AS a0 LET ${lets} ORDER BY 1`)).toBe('TOO_MUCH_MEMORY')
  })
})

describe('WITH', () => {
  test('queries that each use the one before twice are planned, compiled and calculated once each', () => {
    const names = Array.from({ length: 60 }, (_, index) => `q${index}`)
    const queries = names.map((name, index) =>
      index === 0
        ? `${name} AS (SELECT VALUE x FROM [1, 2] AS x)`
        : `${name} AS (SELECT VALUE a FROM q${index - 1} AS a JOIN q${index - 1} AS b ON a = b)`,
    )
    expect(evaluate(`WITH ${queries.join(', ')} SELECT VALUE x FROM q59 AS x`)).toEqual([1, 2])
  })

  test('values that each use the one before twice are calculated once each', () => {
    const values = Array.from({ length: 50 }, (_, index) => `v${index + 1} AS (v${index} + v${index})`)
    expect(evaluate(`WITH v0 AS (1), ${values.join(', ')} SELECT VALUE v50 FROM [0] AS x`)).toEqual([2 ** 50])
  })
})
