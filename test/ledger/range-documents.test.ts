/**
 * Goal: a stretch of an index read as bytes gives the documents of the same stretch read as revisions, in the same order,
 * and queries over it give what the plain plan gives.
 * Method: few values, so that many documents share one; texts whose keys are cut; documents deleted and changed, so that
 * the document in a value's own entry is not the one with the smallest id. On disk, and in memory.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeDetached, IonStruct, type IonValue, parseOne, printText } from '../../src/ion/index.ts'
import { LedgerCore } from '../../src/ledger/core.ts'
import { resolveOptions } from '../../src/ledger/ledger-options.ts'
import { compileStatement } from '../../src/partiql/execute/statement.ts'
import { QLDB } from '../../src/partiql/plan/dialect.ts'
import { NO_GLOBALS } from '../../src/partiql/plan/globals.ts'
import { planStatement } from '../../src/partiql/plan/statement.ts'
import { parse } from '../../src/partiql/syntax/index.ts'
import type { Transaction } from '../../src/transaction/index.ts'

const long = 'x'.repeat(450)
const literal = fc.constantFrom(
  ...['null', 'null.int', '1', '1.0', '2', '-1', '9007199254740993', '1.5', '"a"', 'a', '"b"', 'n::1', 'true', '2020T'],
  ...[`"${long}"`, `"${long}a"`, `"${long}b"`, '"xx"', '[1]', '{x: 1}'],
)
const field = fc.tuple(
  fc.constantFrom('a', 'a', 'a', 'b'),
  literal.map((each) => parseOne(each)),
)
const document = fc
  .array(field, { maxLength: 3 })
  .map((fields) => new IonStruct(fields.map(([name, value]) => ({ name, value }))))
const documents = fc.array(document, { minLength: 1, maxLength: 25 })
const bounds = fc.record({
  low: fc.option(
    literal.map((each) => parseOne(each)),
    { nil: undefined },
  ),
  lowInclusive: fc.boolean(),
  high: fc.option(
    literal.map((each) => parseOne(each)),
    { nil: undefined },
  ),
  highInclusive: fc.boolean(),
  reverse: fc.boolean(),
})
const shape = fc.constantFrom(
  'SELECT t.a, t.b, id FROM T AS t BY id WHERE t.a >= $1',
  'SELECT t.b FROM T AS t WHERE t.a > $1 AND t.a < $2',
  'SELECT t.a, t.b FROM T AS t WHERE t.a BETWEEN $1 AND $2 AND t.b = 1',
  'SELECT t.a, t.b, id FROM T AS t BY id WHERE t.a <= $1 ORDER BY t.a LIMIT 4',
  'SELECT t.a, t.b, id FROM T AS t BY id WHERE t.a >= $1 ORDER BY t.a DESC LIMIT 4',
  'SELECT t.a, id FROM T AS t BY id ORDER BY t.a LIMIT 5',
  'SELECT t.a, (SELECT COUNT(*) AS n FROM T AS u WHERE u.a >= t.a) AS n FROM T AS t WHERE t.a >= $1',
  'SELECT t.a, u.b FROM T AS t, T AS u WHERE t.a > $1 AND u.a = t.a',
  'SELECT t.a FROM T AS t WHERE t.a >= $1 AND t.b IN (SELECT VALUE u.b FROM T AS u WHERE u.a < $2)',
)

function run(transaction: Transaction, text: string, optimize: boolean): string[] {
  const plan = planStatement(parse(text), text, transaction.catalog, QLDB, NO_GLOBALS, { optimize })
  const result = compileStatement(plan)(transaction, [], { now: 0 })
  const rows: string[] = []
  for (let row = result.next(); row !== undefined; row = result.next()) rows.push(printText(row))
  return text.includes('ORDER BY') ? rows : rows.sort()
}

/** A ledger whose table T, with an index on `a`, holds these documents; every fifth is changed, every seventh deleted. */
async function openWith(target: string, all: readonly IonStruct[]): Promise<LedgerCore> {
  const core = await LedgerCore.open(target, resolveOptions({ durability: 'unsafe-no-sync' }).core)
  const first = core.begin()
  const table = first.catalog.activeTable('T') ?? first.createTable('T')
  first.createIndex(table, 'a')
  await first.commit()
  const second = core.begin()
  const ids = all.map((each) => second.insert(second.catalog.activeTable('T')!, each))
  await second.commit()
  const third = core.begin()
  for (const [position, id] of ids.entries()) {
    if (position % 5 === 4) third.update(third.catalog.activeTable('T')!, id, all[0]!)
    if (position % 7 === 0) third.delete(third.catalog.activeTable('T')!, id)
  }
  await third.commit()
  return core
}

/** Runs `body` over a ledger in memory and one on disk. */
async function withBoth(all: readonly IonStruct[], body: (transaction: Transaction) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'range-documents-'))
  for (const target of [':memory:', join(folder, 'ledger')]) {
    const core = await openWith(target, all)
    try {
      const transaction = core.begin({ readOnly: true, tracksReads: false })
      body(transaction)
      transaction.abort()
    } finally {
      await core.close()
    }
  }
  rmSync(folder, { recursive: true })
}

describe('a range of an index as bytes', () => {
  test('has the documents of the revisions in their order', async () => {
    await fc.assert(
      fc.asyncProperty(documents, fc.array(bounds, { minLength: 8, maxLength: 8 }), async (all, ranges) => {
        await withBoth(all, (transaction) => {
          const table = transaction.catalog.activeTable('T')!
          const index = table.indexes[0]!
          for (const range of ranges) {
            const expected: string[] = []
            const revisions = transaction.seekRange(table, index, range)
            for (let each = revisions.next(); each !== undefined; each = revisions.next()) {
              expected.push(`${each.documentId} ${printText(each.data as IonValue)}`)
            }
            const found: string[] = []
            const cursor = transaction.rangeDocuments(table, index, range)
            while (cursor?.next() === true) {
              const { bytes, start, end, symbols } = cursor
              found.push(`${cursor.documentId} ${printText(decodeDetached(bytes, symbols, start, end))}`)
            }
            expect(found).toEqual(expected)
          }
        })
      }),
      { numRuns: 40 },
    )
  })

  test('gives queries the rows of the plain plan', async () => {
    const of = fc.tuple(shape, literal, literal)
    await fc.assert(
      fc.asyncProperty(documents, fc.array(of, { minLength: 10, maxLength: 10 }), async (all, statements) => {
        await withBoth(all, (transaction) => {
          for (const [text, one, other] of statements) {
            const statement = text.replaceAll('$1', `\`${one}\``).replaceAll('$2', `\`${other}\``)
            expect(run(transaction, statement, true), statement).toEqual(run(transaction, statement, false))
          }
        })
      }),
      { numRuns: 30 },
    )
  })

  test('is not there where reads are remembered, or own writes lie among the documents', async () => {
    const core = await openWith(':memory:', [new IonStruct([{ name: 'a', value: 1 }])])
    const range = { low: 1, lowInclusive: true, highInclusive: true, reverse: false }
    const tracking = core.begin({ readOnly: true })
    const table = tracking.catalog.activeTable('T')!
    expect(tracking.rangeDocuments(table, table.indexes[0]!, range)).toBeUndefined()
    tracking.abort()
    const writing = core.begin({ tracksReads: false })
    expect(writing.rangeDocuments(table, table.indexes[0]!, range)).toBeDefined()
    writing.insert(table, new IonStruct([{ name: 'a', value: 2 }]))
    expect(writing.rangeDocuments(table, table.indexes[0]!, range)).toBeUndefined()
    writing.abort()
    await core.close()
  })
})
