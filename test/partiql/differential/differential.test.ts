/**
 * What queries mean, against SQLite as the independent judge: random queries that mean the same in both languages, over
 * random rows with NULLs, must give the same rows. Each runs in every way the engine has: over values, in both typings;
 * planned the plain way; in a ledger without indexes, with indexes on every field, and over documents that the same
 * transaction wrote. `random-query.ts` says where the languages differ and what is done about it.
 *
 * Needs better-sqlite3 in `bench/` (npm ci --prefix bench) or a Node with its own SQLite, and is skipped without.
 * DIFFERENTIAL_ROUNDS runs more rounds than the usual ones; `npm run fuzz:queries` runs 200.
 */

import { describe, expect, it } from 'vitest'
import { type Ledger, openLedger } from '../../../src/index.ts'
import { fromJavascript, type IonValue, toJavascript } from '../../../src/ion/index.ts'
import { compileStatement } from '../../../src/partiql/execute/statement.ts'
import { prepare } from '../../../src/partiql/index.ts'
import { QLDB } from '../../../src/partiql/plan/dialect.ts'
import { planStatement } from '../../../src/partiql/plan/statement.ts'
import { evaluate } from '../../../src/partiql/public.ts'
import { parse } from '../../../src/partiql/syntax/index.ts'
import { MemoryTransaction } from '../memory-transaction.ts'
import { COLUMNS, QueryMaker, type RandomQuery, type Row, type Tables } from './random-query.ts'
import { comparableRows, findSqlite, SqliteOracle } from './sqlite-oracle.ts'

const ROUNDS = Number(process.env['DIFFERENTIAL_ROUNDS'] ?? 8)
const QUERIES_PER_ROUND = 50

const sqlite = findSqlite()

type Run = (text: string) => readonly Row[] | Promise<readonly Row[]>

/** Anything that runs statements: a ledger or a transaction. */
interface Runner {
  execute(text: string, ...parameters: readonly unknown[]): PromiseLike<readonly unknown[]>
}

async function createTables(runner: Runner, areIndexed: boolean): Promise<void> {
  for (const name of ['T', 'U', 'V']) {
    await runner.execute(`CREATE TABLE ${name}`)
    if (areIndexed) for (const column of COLUMNS) await runner.execute(`CREATE INDEX ON ${name} (${column})`)
  }
}

async function insertRows(runner: Runner, tables: Tables): Promise<void> {
  for (const [name, rows] of Object.entries(tables)) {
    if (rows.length > 0) await runner.execute(`INSERT INTO ${name} ?`, rows)
  }
}

const runIn =
  (runner: Runner): Run =>
  async (text) =>
    (await runner.execute(text)) as readonly Row[]

/** By scans, nested loops and nothing pushed down: what every other plan must agree with. */
function plainRunOf(tables: Tables): Run {
  const transaction = new MemoryTransaction()
  const context = { now: 5000 }
  for (const [name, rows] of Object.entries(tables)) {
    prepare(`CREATE TABLE ${name}`, transaction.catalog).run(transaction, [], context)
    if (rows.length > 0) {
      prepare(`INSERT INTO ${name} ?`, transaction.catalog).run(transaction, [fromJavascript(rows)], context)
    }
  }
  transaction.commit(1000)
  return (text) => {
    const plan = planStatement(parse(text), text, transaction.catalog, QLDB, undefined, { optimize: false })
    const result = compileStatement(plan)(transaction, [], context)
    const rows: IonValue[] = []
    for (let row = result.next(); row !== undefined; row = result.next()) rows.push(row)
    return rows.map(toJavascript) as Row[]
  }
}

/** Every way to run a query over these rows, by name. */
async function withWays(tables: Tables, body: (ways: Readonly<Record<string, Run>>) => Promise<void>): Promise<void> {
  await using plain: Ledger = await openLedger(':memory:')
  await using indexed: Ledger = await openLedger(':memory:')
  await using empty: Ledger = await openLedger(':memory:')
  for (const ledger of [plain, indexed]) {
    await createTables(ledger, ledger === indexed)
    await insertRows(ledger, tables)
  }
  await createTables(empty, true)
  await using transaction = await empty.begin()
  await insertRows(transaction, tables)
  await body({
    'evaluate, permissive': (text) => evaluate(text, { env: tables }) as readonly Row[],
    'evaluate, strict': (text) => evaluate(text, { env: tables, typing: 'strict' }) as readonly Row[],
    'the plain plan': plainRunOf(tables),
    'a ledger without indexes': runIn(plain),
    'a ledger with indexes': runIn(indexed),
    'the own transaction': runIn(transaction),
  })
}

async function answer(run: Run, query: RandomQuery): Promise<string[] | string> {
  try {
    return comparableRows(await run(query.text), query)
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  }
}

describe.skipIf('absent' in sqlite)('queries mean what they mean in SQLite', () => {
  it.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))(
    'over the rows of round %d',
    async (round) => {
      if ('absent' in sqlite) return
      const maker = new QueryMaker(round)
      const tables = maker.tables()
      const oracle = new SqliteOracle(sqlite.open(), tables)
      await withWays(tables, async (ways) => {
        for (let index = 0; index < QUERIES_PER_ROUND; index++) {
          const query = maker.query()
          const expected = oracle.rows(query)
          for (const [way, run] of Object.entries(ways)) {
            expect(await answer(run, query), `${way}: ${query.text}`).toEqual(expected)
          }
        }
      })
      oracle.close()
    },
    30_000,
  )
})
