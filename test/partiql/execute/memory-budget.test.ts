/** A statement that would hold too much is refused, by name; what streams is never refused. */
import { describe, expect, test } from 'vitest'
import { LimitError } from '../../../src/errors.ts'
import { IonList, IonStruct, parseOne } from '../../../src/ion/index.ts'
import { sizeOf } from '../../../src/partiql/execute/memory-budget.ts'
import { prepare } from '../../../src/partiql/index.ts'
import { MemoryTransaction } from '../memory-transaction.ts'

const rows = new IonList(
  Array.from(
    { length: 1000 },
    (_, n) =>
      new IonStruct([
        { name: 'n', value: n },
        { name: 'text', value: 'x'.repeat(100) },
      ]),
  ),
)

/** Runs a statement over a thousand rows `?` with room for about a hundred of them. */
function run(text: string, memoryLimitBytes = 30_000): number {
  const transaction = new MemoryTransaction()
  const count = text.split('?').length - 1
  const result = prepare(text, transaction.catalog).run(transaction, Array(count).fill(rows), {
    now: 0,
    memoryLimitBytes,
  })
  let found = 0
  while (result.next() !== undefined) found++
  return found
}

describe('what a statement holds', () => {
  test.each([
    ['ORDER BY', 'SELECT VALUE r FROM ? AS r ORDER BY r.n'],
    ['ORDER BY', 'SELECT VALUE r FROM ? AS r ORDER BY r.n LIMIT 500'],
    ['GROUP BY', 'SELECT r.n, COUNT(*) AS c FROM ? AS r GROUP BY r.n'],
    ['GROUP BY', 'SELECT VALUE g FROM ? AS r GROUP BY r.text GROUP AS g'],
    ['GROUP BY', 'SELECT COUNT(DISTINCT r.n) AS c FROM ? AS r'],
    ['DISTINCT', 'SELECT DISTINCT VALUE r FROM ? AS r'],
    ['JOIN', 'SELECT VALUE a.n FROM ? AS a JOIN ? AS b ON a.n = b.n'],
    ['FULL JOIN', 'SELECT VALUE a.n FROM ? AS a FULL JOIN ? AS b ON a.n < b.n AND b.n < 2'],
    ['A window', 'SELECT r.n, RANK() OVER (ORDER BY r.n) AS place FROM ? AS r'],
    ['DISTINCT', 'SELECT DISTINCT r.n FROM ? AS r'],
    ['PIVOT', 'PIVOT r.text AT CAST(r.n AS STRING) FROM ? AS r'],
    ['EXCEPT', "SELECT r.n FROM [{'n': 5000}] AS r EXCEPT ALL SELECT r.n FROM ? AS r"],
    ['A nested query', 'SELECT VALUE SIZE((SELECT VALUE r FROM ? AS r)) FROM <<0>>'],
    ['A nested query', 'WITH q AS (SELECT VALUE r FROM ? AS r) SELECT VALUE a.n FROM q AS a, q AS b WHERE a.n = b.n'],
  ])('%s is refused above the limit: %s', (holder, text) => {
    let caught: unknown
    try {
      run(text)
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(LimitError)
    expect((caught as LimitError).code).toBe('TOO_MUCH_MEMORY')
    expect((caught as LimitError).message).toContain(`${holder} would`)
    expect((caught as LimitError).message).toContain('limits.statementMemoryBytes')
    expect(run(text, 3_000_000)).toBeGreaterThan(0)
  })

  test.each([
    'SELECT VALUE r FROM ? AS r WHERE r.n > 5',
    'SELECT SUM(r.n) AS s, AVG(r.n) AS a, MIN(r.text) AS m FROM ? AS r',
    'SELECT VALUE r FROM ? AS r ORDER BY r.n DESC LIMIT 10',
    'SELECT r.text, COUNT(*) AS c FROM ? AS r GROUP BY r.text',
  ])('is bounded for %s', (text) => {
    expect(run(text)).toBeGreaterThan(0)
  })

  test('is given back when a part of the statement is done', () => {
    // Each nested query sorts its thousand rows and lets them go.
    const text = 'SELECT (SELECT VALUE r.n FROM ? AS r WHERE r.n <> x ORDER BY r.n LIMIT 40) AS s FROM [1, 2, 3] AS x'
    expect(run(text)).toBe(3)
  })

  test('is never less for more', () => {
    const sizes = ['1', '"abc"', '"abcdef"', '{a: 1}', '{a: 1, b: "text"}', '[1, 2, 3]'].map((text) =>
      sizeOf(parseOne(text)),
    )
    expect(sizes.every((size) => size > 0)).toBe(true)
    expect(sizes[2]).toBeGreaterThan(sizes[1]!)
    expect(sizes[4]).toBeGreaterThan(sizes[3]!)
  })
})
