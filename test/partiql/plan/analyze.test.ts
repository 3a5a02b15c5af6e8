/**
 * Goal: `analyze` finds what is certainly wrong, says where, and leaves alone what may be right. What is wrong follows
 * the specification's types of operators and functions and the static-analysis cases of the conformance suite; columns
 * were counted by hand.
 */
import { describe, expect, test } from 'vitest'
import { StatementError } from '../../../src/errors.ts'
import { analyze, evaluate } from '../../../src/partiql/public.ts'

const env = { cars: [{ vin: 'A1', year: 2020, owners: [{ name: 'Maria' }] }], price: 5 }

function complaint(text: string): StatementError {
  try {
    analyze(text, { env })
  } catch (error) {
    expect(error).toBeInstanceOf(StatementError)
    return error as StatementError
  }
  throw new Error(`no complaint about ${text}`)
}

describe('refuses, at the place', () => {
  test.each([
    // names
    ['SELECT * FROM cras', 'UNKNOWN_NAME', 15, 'cars'],
    ['prices + 1', 'UNKNOWN_NAME', 1, 'price'],
    ['LOWR(vin)', 'UNKNOWN_FUNCTION', 1, 'LOWER'],
    ["1 + LOWER('a', 'b')", 'WRONG_ARGUMENT_COUNT', 5, '1 argument'],
    // constants of the wrong type
    ['LOWER(1)', 'TYPE_ERROR', 7, 'LOWER takes a text, and 1 is an integer'],
    ['CHAR_LENGTH([])', 'TYPE_ERROR', 13, 'a collection'],
    ["SUBSTRING('abc', 1.5)", 'TYPE_ERROR', 18, 'second argument takes an integer'],
    ["TRIM(LEADING 1 FROM 'a')", 'TYPE_ERROR', 14, 'a text'],
    ['EXTRACT(YEAR FROM 1)', 'TYPE_ERROR', 19, 'an integer'],
    ['DATE_ADD(TIMEZONE_HOUR, 1, `2017T`)', 'TYPE_ERROR', 1, 'TIMEZONE_HOUR'],
    ["DATE_DIFF(YEAR, '2016', `2017T`)", 'TYPE_ERROR', 17, 'a text'],
    ['SIZE(1)', 'TYPE_ERROR', 6, 'SIZE'],
    ["'a' || 1", 'TYPE_ERROR', 8, '|| takes a text'],
    ["1 + 'a'", 'TYPE_ERROR', 5, 'a text'],
    ["5 * DATE '2020-01-01'", 'TYPE_ERROR', 5, 'a date'],
    ["-'a'", 'TYPE_ERROR', 2, 'a text'],
    ["5 > 'a'", 'TYPE_ERROR', 1, 'an integer with a text'],
    ["'a' LIKE 2", 'TYPE_ERROR', 10, 'LIKE takes a text'],
    ["'a' LIKE 'a' ESCAPE 3", 'TYPE_ERROR', 21, 'ESCAPE takes a text'],
    ["SELECT * FROM cars LIMIT 'a'", 'TYPE_ERROR', 26, 'LIMIT takes an integer'],
    ["1 BETWEEN 0 AND 'a'", 'TYPE_ERROR', 17, 'an integer with a text'],
    ['1 IN 5', 'TYPE_ERROR', 6, 'IN takes a collection'],
    // conditions
    ['NOT 5', 'TYPE_ERROR', 5, 'NOT takes a boolean'],
    ['price > 1 AND 1', 'TYPE_ERROR', 15, 'AND takes a boolean'],
    ["SELECT * FROM cars WHERE 'a'", 'TYPE_ERROR', 26, 'WHERE takes a boolean'],
    ['SELECT * FROM cars AS a JOIN cars AS b ON 1', 'TYPE_ERROR', 43, 'ON takes a boolean'],
    ["CASE WHEN 1 THEN 'a' END", 'TYPE_ERROR', 11, 'WHEN takes a boolean'],
    // the type of what an operator or function gives
    ['LOWER(SIZE([]))', 'TYPE_ERROR', 7, 'an integer'],
    ["UPPER('a') + 1", 'TYPE_ERROR', 1, 'a text'],
    ['LOWER(CAST(price AS INT))', 'TYPE_ERROR', 7, 'an integer'],
    // deep inside
    ['SELECT VALUE c FROM cars AS c WHERE c.year > 2000 AND LOWER(1) = c.vin', 'TYPE_ERROR', 61, 'LOWER'],
    ['SELECT (SELECT VALUE LOWER(1) FROM cars AS d) AS x FROM cars AS c', 'TYPE_ERROR', 28, 'LOWER'],
    // types
    ['CAST(5 AS DECIMAL(0,0))', 'TYPE_ERROR', 11, 'precision'],
    ['CAST(5 AS DECIMAL(39))', 'TYPE_ERROR', 11, '1 to 38'],
    ['CAST(5 AS DECIMAL(5,10))', 'TYPE_ERROR', 11, 'DECIMAL(5, 10)'],
    // aggregates
    ['SUM([1, 2])', 'EVALUATION_ERROR', 1, 'there is none here'],
    ['SELECT SUM(COUNT(c.year)) FROM cars AS c', 'EVALUATION_ERROR', 12, 'inside another'],
    // the select list
    ['SELECT cars[*] FROM cars', 'EVALUATION_ERROR', 12, 'wildcard'],
    ['SELECT cars.*.vin FROM cars', 'EVALUATION_ERROR', 12, 'wildcard'],
    ['SELECT cars[0].* FROM cars', 'EVALUATION_ERROR', 12, 'a name in FROM'],
    ['SELECT c.vin, COUNT(*) AS n FROM cars AS c', 'EVALUATION_ERROR', 8, 'c'],
    ['SELECT COUNT(*) AS n, c.vin AS vin FROM cars AS c HAVING vin = 1', 'EVALUATION_ERROR', undefined, 'GROUP BY'],
  ])('%s', (text, code, column, words) => {
    const error = complaint(text)
    expect(error.code).toBe(code)
    expect(error.message).toContain(words)
    if (column !== undefined) expect(error.location).toMatchObject({ line: 1, column })
  })
})

describe('leaves alone', () => {
  test.each([
    // NULL and MISSING fit everywhere
    'LOWER(NULL)',
    'NOT NULL AND MISSING',
    'CASE 1 WHEN 1 THEN 2 END',
    '1 IN (SELECT VALUE c.year FROM cars AS c)',
    '1 IN (1)',
    'SELECT * FROM cars AS c WHERE c.year',
    'LOWER(MISSING)',
    '1 + NULL',
    "'a' LIKE NULL",
    // equality is between any types
    "5 = 'a'",
    // nothing is known of names and parameters
    'LOWER(price)',
    'LOWER(?)',
    'SELECT c.vin || c.year AS x FROM cars AS c',
    "SELECT c FROM cars AS c WHERE c.year > 'a'",
    // symbols are texts, and an integer may come from arithmetic
    'LOWER(`abc`)',
    "SUBSTRING('abc', 1 + 1)",
    // what can be counted and calculated with
    'SIZE({})',
    "DATE_ADD(DAY, 1, DATE '2020-01-01')",
    // aggregates in queries, and in queries inside aggregates
    'SELECT SUM(c.year) AS s FROM cars AS c',
    'SELECT c.vin, COUNT(*) AS n FROM cars AS c GROUP BY c.vin HAVING COUNT(*) > 1',
    'SELECT SUM((SELECT COUNT(*) FROM c.owners AS o)) AS n FROM cars AS c',
    // wildcards where they are values
    'SELECT VALUE cars[*].vin FROM cars',
    'SELECT c.* FROM cars AS c',
  ])('%s', (text) => {
    expect(() => analyze(text, { env })).not.toThrow()
  })
})

test('what analyze refuses for its types gives MISSING in permissive evaluation', () => {
  expect(evaluate("POSITION('abc' IN 1)")).toBeUndefined()
  expect(evaluate("5 > 'a'")).toBeUndefined()
})
