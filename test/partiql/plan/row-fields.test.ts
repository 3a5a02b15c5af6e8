/** Which fields of a row each source is told to deliver, read off the plan. */
import { describe, expect, test } from 'vitest'
import { inputsOf, type Operator } from '../../../src/partiql/plan/operator.ts'
import { planStatement } from '../../../src/partiql/plan/statement.ts'
import { parse } from '../../../src/partiql/syntax/index.ts'
import { MemoryTransaction } from '../memory-transaction.ts'

function fieldsOf(text: string): unknown[] {
  const transaction = new MemoryTransaction()
  for (const name of ['T', 'U']) transaction.createIndex(transaction.createTable(name), 'k')
  transaction.commit(0)
  const { statement } = planStatement(parse(text), text, transaction.catalog)
  const found: unknown[] = []
  const visit = (operator: Operator): void => {
    if ('fields' in operator) found.push(operator.fields)
    inputsOf(operator).forEach(visit)
  }
  if (statement.kind === 'query' && statement.query.kind === 'select') visit(statement.query.input)
  if (statement.kind === 'change') visit(statement.input)
  return found
}

describe('the fields of a row that a statement looks at', () => {
  test.each<[string, unknown[]]>([
    ['SELECT a, t.b FROM T AS t WHERE t.c = 1', [['a', 'b', 'c']]],
    ['SELECT t.a.deep, t.b[0] FROM T AS t', [['a', 'b']]],
    ['SELECT VALUE COUNT(*) FROM T', [[]]],
    ['SELECT * FROM T', ['all']],
    ['SELECT VALUE t FROM T AS t WHERE t.a = 1', ['all']],
    ['SELECT t.a FROM T AS t WHERE t.k = 1', [['k', 'a']]],
    ['SELECT t.a FROM T AS t ORDER BY t.b LIMIT 3', [['b', 'a']]],
    ['SELECT t.a, u.* FROM T AS t JOIN U AS u ON t.x = u.x', [['x', 'a'], 'all']],
    ['SELECT t.a, COUNT(*) FROM T AS t GROUP BY t.a', [['a']]],
    ['SELECT g FROM T AS t GROUP BY t.a GROUP AS g', ['all']],
    ['SELECT x.y FROM T AS t, t.list AS x', [['list']]],
    ['SELECT (SELECT u.z FROM U AS u WHERE u.a = t.a) FROM T AS t', [['a']]],
    ['SELECT c.metadata.id FROM _ql_committed_T AS c WHERE c.data.a = 1', [['data', 'metadata']]],
    ['SELECT h.data.a FROM history(T) AS h', [['data']]],
    ["SELECT t.a, t['b'] FROM T AS t", [['a', 'b']]],
    ['SELECT t[?] FROM T AS t', ['all']],
    ['UPDATE T SET a = 1 WHERE b = 2', ['all']],
  ])('%s', (text, fields) => {
    const sorted = (each: unknown): unknown => (Array.isArray(each) ? [...each].sort() : each)
    expect(fieldsOf(text).map(sorted)).toEqual(fields.map(sorted))
  })
})
