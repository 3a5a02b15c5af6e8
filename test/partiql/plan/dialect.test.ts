/** What changes when the same engine is asked for pure PartiQL (specification, permissive mode) instead of QLDB. */
import { expect, test } from 'vitest'
import { type IonValue, printText } from '../../../src/ion/index.ts'
import { compileStatement } from '../../../src/partiql/execute/statement.ts'
import { type Dialect, PARTIQL, QLDB } from '../../../src/partiql/plan/dialect.ts'
import { planStatement } from '../../../src/partiql/plan/statement.ts'
import { parse } from '../../../src/partiql/syntax/index.ts'
import { MemoryTransaction } from '../memory-transaction.ts'

function run(text: string, dialect: Dialect): string {
  const transaction = new MemoryTransaction()
  const plan = planStatement(parse(text), text, transaction.catalog, dialect)
  const result = compileStatement(plan)(transaction, [], { now: 0 })
  const rows: IonValue[] = []
  for (let row = result.next(); row !== undefined; row = result.next()) rows.push(row)
  return rows.map((row) => printText(row)).join(' ')
}

test.each([
  ['a missing argument', "SELECT CHAR_LENGTH(x.a) AS n FROM <<{'b': 1}>> AS x", '{n:null}', '{}'],
  ['the case of unquoted field names', "SELECT VALUE x.Name FROM <<{'name': 1}>> AS x", '', '1'],
  ['the case of quoted field names', 'SELECT VALUE x."Name" FROM <<{\'name\': 1}>> AS x', '', ''],
])('%s', (_, text, qldb, partiql) => {
  expect(run(text, QLDB)).toBe(qldb)
  expect(run(text, PARTIQL)).toBe(partiql)
})

test.each([
  "SELECT CAST('x' AS INT) AS n FROM <<0>>",
  'SELECT SIZE(1) AS n FROM <<0>>',
  'SELECT x.a AS n, COUNT(*) AS c FROM <<>> AS x GROUP BY x.b',
])('what QLDB refuses is MISSING in PartiQL: %s', (text) => {
  expect(() => run(text, QLDB)).toThrow()
  expect(run(text, PARTIQL)).toMatch(/^(?:\{\})?$/)
})
