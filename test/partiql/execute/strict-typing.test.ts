/**
 * What strict typing refuses and permissive typing answers (PartiQL specification, section 4 "Path navigation", 5 "FROM",
 * 9 "Coercion of subqueries"), with the place of what is wrong.
 */
import { describe, expect, test } from 'vitest'
import { StatementError } from '../../../src/errors.ts'
import { evaluate } from '../../../src/partiql/public.ts'

const env = {
  t: [{ a: 1, b: { c: 2 } }, { a: 2 }],
  u: [{ k: 1 }, { k: 2 }],
  s: { x: 1, X: 2 },
  n: 5,
}

function caughtIn(text: string): StatementError {
  try {
    evaluate(text, { env, typing: 'strict' })
  } catch (error) {
    expect(error).toBeInstanceOf(StatementError)
    return error as StatementError
  }
  throw new Error(`was not refused: ${text}`)
}

describe('strict typing refuses', () => {
  test.each([
    ['a field that is not there', 'SELECT VALUE r.b.c FROM t AS r', '1:15', [2, undefined]],
    ['a step into what is no struct', 'n.x', '1:2', undefined],
    ['an element that is not there', 't[7]', '1:2', undefined],
    ['an index that is no int', "t['a']", '1:2', undefined],
    ['a name that differs from two fields in case only', 's.x', '1:2', 1],
    ['a wildcard over what is no list', 'n[*]', '1:2', [5]],
    ['FROM over what is no list', 'SELECT VALUE x FROM n AS x', '1:21', [5]],
    ['AT over a bag', 'SELECT VALUE [i, x] FROM <<1>> AS x AT i', '1:26', [[undefined, 1]]],
    ['UNPIVOT of what is no struct', 'SELECT VALUE x FROM UNPIVOT n AS x', '1:29', [5]],
    ['PIVOT under a name that is no text', 'PIVOT r.a AT r.a FROM t AS r', undefined, {}],
    ['a query of several rows as a value', 'SELECT VALUE (SELECT k FROM u) FROM <<0>>', '1:14', [undefined]],
    ['a condition that is no boolean', 'SELECT VALUE 1 FROM <<0>> WHERE n', undefined, []],
    ['a name of grouped rows', 'SELECT r.b FROM t AS r GROUP BY r.a', '1:8', [{}, {}]],
    ['a limit that is no whole number', "SELECT VALUE 1 FROM <<0>> LIMIT 'x' || 'y'", undefined, [1]],
  ] as const)('%s: %s', (_, text, place, permissive) => {
    const { code, location } = caughtIn(text)
    expect(['TYPE_ERROR', 'EVALUATION_ERROR']).toContain(code)
    if (place !== undefined) expect(`${location?.line}:${location?.column}`).toBe(place)
    expect(evaluate(text, { env })).toEqual(permissive)
  })

  test('a variable that two names of FROM match', () => {
    expect(caughtIn('SELECT VALUE v.k FROM u AS v, u AS V').location?.column).toBe(14)
    expect(evaluate('SELECT VALUE "V".k FROM u AS v, u AS V', { env, typing: 'strict' })).toEqual([1, 2, 1, 2])
  })

  test('a field that several sources have, and takes one that only one has', () => {
    expect(caughtIn('SELECT VALUE k FROM u AS v, u AS w').code).toBe('TYPE_ERROR')
    expect(evaluate('SELECT VALUE k FROM u AS v, [{}] AS w', { env, typing: 'strict' })).toEqual([1, 2])
    expect(evaluate('SELECT VALUE k FROM u AS v, u AS w', { env })).toEqual([1, 1, 2, 2])
  })
})

describe('strict typing does not refuse', () => {
  test.each([
    ['steps on NULL', 'NULL.a.b[0]', null],
    ['MISSING that was written', 'MISSING.a', undefined],
    ['a query of no row as a value', 'SELECT VALUE (SELECT k FROM u WHERE k > 9) FROM <<0>>', [null]],
    [
      'rows compared with a row',
      'SELECT VALUE r.a FROM t AS r WHERE (r.a, 2) = (SELECT k, 2 FROM u WHERE k = r.a)',
      [1, 2],
    ],
  ] as const)('%s: %s', (_, text, expected) => {
    expect(evaluate(text, { env, typing: 'strict' })).toEqual(expected)
  })
})

describe('set operators', () => {
  test.each([
    ['TYPE_ERROR', 'SELECT a FROM t UNION SELECT k, 1 FROM u'],
    ['TYPE_ERROR', 'SELECT * FROM <<1>> UNION SELECT * FROM <<2, 3, {}>>'],
    ['TYPE_ERROR', 'n UNION u'],
    ['TYPE_ERROR', "SELECT k FROM u UNION SELECT 'x' AS k FROM u"],
  ])('want rows of one shape without OUTER: %s for %s', (code, text) => {
    expect(caughtIn(text).code).toBe(code)
    expect(() => evaluate(text, { env })).toThrow(StatementError)
    expect(evaluate(text.replace('UNION', 'OUTER UNION'), { env })).toBeInstanceOf(Array)
  })

  test('name the columns as the left side does', () => {
    expect(evaluate('SELECT k AS x FROM u UNION ALL SELECT a FROM t', { env })).toEqual([
      { x: 1 },
      { x: 2 },
      { x: 1 },
      { x: 2 },
    ])
  })

  test('take the columns that both sides have, or those that are named', () => {
    const text = 'SELECT * FROM [{a: 1, b: 2}] AS l UNION ALL CORRESPONDING SELECT * FROM [{b: 3, c: 4}] AS r'
    expect(evaluate(text)).toEqual([{ b: 2 }, { b: 3 }])
    expect(evaluate(text.replace('UNION ALL CORRESPONDING', 'OUTER UNION ALL CORRESPONDING BY (c)'))).toEqual([
      {},
      { c: 4 },
    ])
  })
})
