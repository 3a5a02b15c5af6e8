/** Which access path is chosen, read off EXPLAIN; that it gives the right rows is for access-paths.test.ts. */
import { describe, expect, test } from 'vitest'
import type { IonStruct } from '../../../src/ion/index.ts'
import { prepare } from '../../../src/partiql/index.ts'
import { MemoryTransaction } from '../memory-transaction.ts'

function explain(text: string, sizes: Readonly<Record<string, number>> = {}): string[] {
  const transaction = new MemoryTransaction()
  for (const [name, size] of Object.entries(sizes)) transaction.sizes.set(name, size)
  transaction.createTable('T')
  transaction.createTable('U')
  for (const name of ['T', 'U']) transaction.createIndex(transaction.catalog.activeTable(name)!, 'k')
  transaction.commit(0)
  const result = prepare(`EXPLAIN ${text}`, transaction.catalog).run(transaction, [], { now: 0 })
  const lines: string[] = []
  for (let row = result.next(); row !== undefined; row = result.next()) {
    const struct = row as IonStruct
    lines.push(
      [struct.get('step'), struct.get('on'), struct.get('detail')].filter((part) => part !== undefined).join(' | '),
    )
  }
  expect(transaction.scanCount).toBe(0)
  return lines
}

describe('access paths', () => {
  test('an equality on an indexed field seeks, and is checked again', () => {
    expect(explain("SELECT VALUE t.x FROM T AS t WHERE t.k = 'a' AND t.x > 1")).toEqual([
      'select | t.x',
      "  filter | t.k = 'a' AND t.x > 1",
      "    seek | T as t | index on k = 'a'",
    ])
  })

  test.each([
    ["SELECT * FROM T WHERE k = 'a'", "seek | T as T | index on k = 'a'"],
    ["SELECT * FROM T WHERE 'a' = k", "seek | T as T | index on k = 'a'"],
    ['SELECT * FROM T WHERE k IN (1, 2)', 'seek | T as T | index on k = 1, 2'],
    ['SELECT * FROM T WHERE k IN (SELECT VALUE u.x FROM U AS u)', 'seek | T as T | index on k in (SELECT …)'],
    ['SELECT * FROM _ql_committed_T AS c WHERE c.data.k = 1', 'seek | T as c | index on k = 1'],
    ["SELECT * FROM _ql_committed_T AS c WHERE c.metadata.id = 'd'", "look up | T as c | document id = 'd'"],
    ["SELECT * FROM T AS t BY id WHERE t.k = 1 AND id = 'd'", "look up | T as t | document id = 'd'"],
    ["SELECT * FROM T AS t BY id WHERE id IN ('d', 'e')", "look up | T as t | document id = 'd', 'e'"],
    ["SELECT * FROM history(T) AS h WHERE h.metadata.id = 'd'", "look up history | T as h | document id = 'd'"],
    ['SELECT * FROM history(T) AS h WHERE h.data.k = 1', 'scan history | T as h | every revision'],
    ['SELECT * FROM T WHERE x = 1', 'scan | T as T | every document'],
    ['SELECT * FROM T WHERE k > 1', 'range | T as T | index on k > 1'],
    ['SELECT * FROM T WHERE 1 >= k', 'range | T as T | index on k <= 1'],
    ['SELECT * FROM T WHERE k < 9 AND k > 1', 'range | T as T | index on k > 1 < 9'],
    ['SELECT * FROM T WHERE k BETWEEN 1 AND ?', 'range | T as T | index on k >= 1 <= ?1'],
    ["SELECT * FROM T WHERE k LIKE 'a%'", "range | T as T | index on k LIKE 'a%'"],
    ["SELECT * FROM T WHERE k LIKE '%a'", 'scan | T as T | every document'],
    ['SELECT * FROM T WHERE k > x', 'scan | T as T | every document'],
    ['SELECT * FROM T WHERE k > 1 AND k = 2', 'seek | T as T | index on k = 2'],
    ['SELECT * FROM _ql_committed_T AS c WHERE c.data.k > 1', 'range | T as c | index on k > 1'],
    ['SELECT * FROM T WHERE k = x', 'scan | T as T | every document'],
    ['SELECT * FROM T WHERE k = 1 OR k = 2 OR k IN (3, 4)', 'seek | T as T | index on k = 1, 2, 3, 4'],
    ['SELECT * FROM T WHERE k = 1 OR x = 2', 'scan | T as T | every document'],
    ['SELECT * FROM T WHERE K = 1', 'scan | T as T | every document'],
    ['SELECT * FROM T WHERE NOT k = 1', 'scan | T as T | every document'],
    ['SELECT * FROM T WHERE k NOT IN (1)', 'scan | T as T | every document'],
    ['SELECT * FROM T AS t WHERE t.a.k = 1', 'scan | T as t | every document'],
  ])('%s', (text, path) => {
    expect(explain(text).at(-1)?.trim()).toBe(path)
  })

  test('an equality with an indexed field of the second source is an index nested loop', () => {
    expect(explain('SELECT t.x FROM T AS t JOIN U AS u ON u.k = t.x')).toEqual([
      'select | t.x AS x',
      '  inner nested loop | u.k = t.x',
      '    scan | T as t | every document',
      '    seek | U as u | index on k = t.x',
    ])
  })

  test('any other equality between two sources is a hash join, each side filtered first', () => {
    expect(explain('SELECT t.x FROM T AS t, U AS u WHERE u.y = t.x AND u.z = 1 AND t.z = 2')).toEqual([
      'select | t.x AS x',
      '  inner hash join | u.y = t.x',
      '    filter | t.z = 2',
      '      scan | T as t | every document',
      '    filter | u.z = 1',
      '      scan | U as u | every document',
    ])
  })

  test('a condition on the right side of a left join stays above it', () => {
    expect(
      explain('SELECT t.x FROM T AS t LEFT JOIN U AS u ON u.y = t.x AND u.z = 1 WHERE u.w IS NULL AND t.z = 2'),
    ).toEqual([
      'select | t.x AS x',
      '  filter | u.w IS NULL',
      '    left hash join | u.y = t.x',
      '      filter | t.z = 2',
      '        scan | T as t | every document',
      '      filter | u.z = 1',
      '        scan | U as u | every document',
    ])
  })

  test.each([
    ['SELECT * FROM T ORDER BY k LIMIT 3', 'range | T as T | index on k absent values last'],
    ['SELECT * FROM T ORDER BY k DESC LIMIT ?', 'range | T as T | index on k from the largest absent values first'],
    [
      'SELECT * FROM T ORDER BY k DESC NULLS LAST LIMIT 3',
      'range | T as T | index on k from the largest absent values last',
    ],
    ['SELECT * FROM T WHERE k > 1 ORDER BY k DESC', 'range | T as T | index on k > 1 from the largest'],
    ['SELECT t.k FROM T AS t JOIN U AS u ON t.x = u.x ORDER BY t.k LIMIT 3', 'scan | U as u | every document'],
  ])('an order that an index has: %s', (text, path) => {
    const lines = explain(text)
    expect(lines.at(-1)?.trim()).toBe(path)
    expect(lines.some((line) => line.trim().startsWith('sort'))).toBe(false)
  })

  test.each([
    'SELECT * FROM T ORDER BY k',
    'SELECT * FROM T ORDER BY x LIMIT 3',
    'SELECT * FROM T ORDER BY k, x LIMIT 3',
    'SELECT * FROM T ORDER BY k + 1 LIMIT 3',
    'SELECT * FROM T WHERE k = 1 ORDER BY k LIMIT 3',
    'SELECT k, COUNT(*) FROM T GROUP BY k ORDER BY k LIMIT 3',
    'SELECT u.k FROM T AS t JOIN U AS u ON t.x = u.x ORDER BY u.k LIMIT 3',
    'SELECT DISTINCT k FROM T ORDER BY k LIMIT 3',
  ])('an order that is sorted: %s', (text) => {
    expect(explain(text).some((line) => line.trim().startsWith('sort'))).toBe(true)
  })

  test('the smaller side of a hash join goes into the table', () => {
    const text = 'SELECT * FROM T AS t JOIN U AS u ON t.x = u.x'
    expect(
      explain(text, { T: 10_000, U: 10 })
        .slice(1)
        .map((line) => line.trim()),
    ).toEqual(['inner hash join | t.x = u.x', 'scan | T as t | every document', 'scan | U as u | every document'])
    expect(
      explain(text, { T: 10, U: 10_000 })
        .slice(1)
        .map((line) => line.trim()),
    ).toEqual(['inner hash join | t.x = u.x', 'scan | U as u | every document', 'scan | T as t | every document'])
  })

  test('few rows look their partners up in an index, many find them in a hash table', () => {
    const text = 'SELECT * FROM T AS t JOIN U AS u ON t.x = u.k'
    expect(explain(text, { T: 10, U: 10_000 }).at(-1)?.trim()).toBe('seek | U as u | index on k = t.x')
    expect(explain(text, { T: 50_000, U: 10_000 })[1]?.trim()).toBe('inner hash join | t.x = u.k')
  })

  test('a source with a selective condition comes first', () => {
    const text = "SELECT * FROM T AS t JOIN U AS u ON t.k = u.x WHERE u.k = 'a'"
    const sizes = { T: 10_000, U: 10_000 }
    expect(
      explain(text, sizes)
        .slice(1)
        .map((line) => line.trim()),
    ).toEqual([
      'inner nested loop | t.k = u.x',
      "filter | u.k = 'a'",
      "seek | U as u | index on k = 'a'",
      'seek | T as t | index on k = u.x',
    ])
  })

  test('a nested collection is read through a nested loop', () => {
    expect(explain('SELECT x FROM T AS t, @t.list AS x WHERE t.k = 1 AND x.n = 2')).toEqual(
      [
        'select | x AS x',
        '  inner nested loop | ',
        '    filter | t.k = 1',
        '      seek | T as t | index on k = 1',
        '    filter | x.n = 2',
        '      unnest | x | t.list',
      ].map((line) => line.replace(/ \| $/, '')),
    )
  })

  test('grouping, sorting and limits are named', () => {
    expect(explain('SELECT t.x, COUNT(*) AS n FROM T AS t GROUP BY t.x ORDER BY n DESC LIMIT 3')).toEqual([
      'select | t.x AS x, count(*) AS n, limit 3',
      '  sort | count(*) DESC',
      '    group | t.x, count(*)',
      '      scan | T as t | every document',
    ])
  })

  test.each([
    ['SELECT COUNT(*) FROM T', 'group | documents are counted, not read, count(*)', 'scan | T as T | every document'],
    ['SELECT MIN(k) FROM T', 'group | only the first row, min(T.k)', 'range | T as T | index on k'],
    ['SELECT MAX(k) FROM T', 'group | only the first row, max(T.k)', 'range | T as T | index on k from the largest'],
    [
      'SELECT MAX(k) FROM T WHERE k < 5',
      'group | only the first row, max(T.k)',
      'range | T as T | index on k < 5 from the largest',
    ],
    ['SELECT MAX(k) FROM T WHERE x < 5', 'group | max(T.k)', 'scan | T as T | every document'],
    ['SELECT MIN(x) FROM T', 'group | min(T.x)', 'scan | T as T | every document'],
    ['SELECT MIN(k), MAX(k) FROM T', 'group | min(T.k), max(T.k)', 'scan | T as T | every document'],
    ['SELECT COUNT(*) FROM T WHERE x = 1', 'group | count(*)', 'scan | T as T | every document'],
    ['SELECT COUNT(k) FROM T', 'group | count(T.k)', 'scan | T as T | every document'],
  ])('what folds all rows need not read them: %s', (text, group, source) => {
    const lines = explain(text).map((line) => line.trim())
    expect(lines.find((line) => line.startsWith('group'))).toBe(group)
    expect(lines.at(-1)).toBe(source)
  })

  test('changes show how their documents are found', () => {
    expect(explain("UPDATE T SET x = 1 WHERE k = 'a'")).toEqual([
      'change | T | set',
      "  filter | T.k = 'a'",
      "    seek | T as T | index on k = 'a'",
    ])
  })
})

test('nested queries are shown below what computes them', () => {
  expect(
    explain(
      'SELECT t.x, (SELECT u.x FROM U AS u WHERE u.k = t.k) AS y FROM T AS t WHERE t.x IN (SELECT VALUE u.x FROM U AS u)',
    ),
  ).toEqual([
    'select | t.x AS x, (SELECT …) AS y',
    '  nested query | run for every row',
    '    select | u.x AS x',
    '      filter | u.k = t.k',
    '        seek | U as u | index on k = t.k',
    '  filter | t.x IN (SELECT …)',
    '    nested query | run once',
    '      select | u.x',
    '        scan | U as u | every document',
    '    scan | T as t | every document',
  ])
})

test('EXPLAIN estimates from the sizes of tables, and ANALYZE counts what every step gave', () => {
  const transaction = new MemoryTransaction()
  for (const name of ['T', 'U']) transaction.createIndex(transaction.createTable(name), 'k')
  transaction.commit(0)
  transaction.sizes.set('T', 1000)
  transaction.sizes.set('U', 4000)
  const run = (text: string): IonStruct[] => {
    const result = prepare(text, transaction.catalog).run(transaction, [], { now: 0 })
    const rows: IonStruct[] = []
    for (let row = result.next(); row !== undefined; row = result.next()) rows.push(row as IonStruct)
    return rows
  }
  for (let k = 0; k < 10; k++) run(`INSERT INTO T {'k': ${k}, 'x': ${k % 2}}`)
  for (let k = 0; k < 4; k++) run(`INSERT INTO U {'k': ${k}, 'x': ${k}}`)
  const shape = (row: IonStruct): unknown[] => [String(row.get('step')).trim(), row.get('estimated'), row.get('rows')]
  const text = 'SELECT t.k FROM T AS t WHERE t.k BETWEEN 2 AND 7 AND t.x = 1 LIMIT 2'
  expect(run(`EXPLAIN ${text}`).map(shape)).toEqual([
    ['select', 2, undefined],
    ['filter', 5, undefined],
    ['range', 50, undefined],
  ])
  expect(run(`EXPLAIN ANALYZE ${text}`).map(shape)).toEqual([
    ['select', 2, 2],
    ['filter', 5, 2],
    // Read together with the filter: no count of its own.
    ['range', 50, undefined],
    ['result', undefined, 2],
  ])
  const join = 'SELECT COUNT(*) AS n FROM T AS t JOIN U AS u ON t.x = u.x'
  for (let times = 0; times < 2; times++) {
    expect(run(`EXPLAIN ANALYZE ${join}`).map(shape)).toEqual([
      ['select', 1, 1],
      ['group', 1, 1],
      ['inner hash join', 1000, 10],
      ['scan', 4000, 4],
      ['scan', 1000, 10],
      ['result', undefined, 1],
    ])
  }
})

test('EXPLAIN ANALYZE runs the statement and reports rows and documents read', () => {
  const transaction = new MemoryTransaction()
  transaction.createTable('T')
  for (let count = 0; count < 3; count++)
    prepare('INSERT INTO T {}', transaction.catalog).run(transaction, [], { now: 0 })
  const explained = prepare('EXPLAIN ANALYZE SELECT * FROM T AS a, T AS b', transaction.catalog)
  expect(explained.kind).toBe('explain')
  expect(explained.isReadOnly).toBe(true)
  const result = explained.run(transaction, [], { now: 0 })
  let last: IonStruct | undefined
  for (let row = result.next(); row !== undefined; row = result.next()) last = row as IonStruct
  expect(last?.get('rows')).toBe(9)
  // QLDB counts the same way: one read for every document that a loop fetches, 3 + 9.
  expect(last?.get('documentsRead')).toBe(12)
})
