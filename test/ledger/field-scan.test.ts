/**
 * Goal: a query that reads fields out of bytes, drops rows before they are decoded and leaves fields for later gives what
 * the same query gives the plain way, over whole rows.
 * Method: random documents of every Ion type, with repeated and missing fields, on disk and changed by the open
 * transaction; random conditions against literals and parameters; the plan made and run plainly is the model.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { IonStruct, type IonValue, parseOne, printText } from '../../src/ion/index.ts'
import { LedgerCore } from '../../src/ledger/core.ts'
import { resolveOptions } from '../../src/ledger/ledger-options.ts'
import { compileStatement } from '../../src/partiql/execute/statement.ts'
import { QLDB } from '../../src/partiql/plan/dialect.ts'
import { NO_GLOBALS } from '../../src/partiql/plan/globals.ts'
import { planStatement } from '../../src/partiql/plan/statement.ts'
import { parse } from '../../src/partiql/syntax/index.ts'
import type { Transaction } from '../../src/transaction/index.ts'
import { anyValue } from '../ion/any-value.ts'

const literals = [
  '1',
  '1.0',
  '1e0',
  '-1',
  '0',
  '255',
  '256',
  '65536',
  '4294967296',
  '281474976710655',
  '281474976710656',
  '-281474976710657',
  '9007199254740993',
  '1.5',
  'nan',
  '+inf',
  '"a"',
  'a',
  '"ab"',
  '"b"',
  '""',
  '"\\0"',
  '"é"',
  '"ÿ"',
  '"😀"',
  '"ｚ"',
  '"fourteen chars"',
  '"just thirteen"',
  '"a text of more than twenty-four characters"',
  'null',
  'null.int',
  'null.string',
  'null.struct',
  'true',
  'false',
  'n::1',
  'n::"a"',
  'n::true',
  '2020T',
  '[1]',
  '["a"]',
  '{x: 1}',
  '{{AAEC}}',
  '(a b)',
]
const literal = fc.constantFrom(...literals)
const value: fc.Arbitrary<IonValue> = fc.oneof(
  { weight: 8, arbitrary: literal.map((text) => parseOne(text)) },
  { weight: 2, arbitrary: anyValue },
)
const name = fc.constantFrom('a', 'b', 'c')
// Names repeat; `pad` lies before or between them.
const document = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'a', 'b', 'pad'), value), { maxLength: 6 })
  .map((fields) => new IonStruct(fields.map(([each, of]) => ({ name: each, value: of }))))

const operator = fc.constantFrom('=', '<>', '<', '<=', '>', '>=')
const leaf = fc.oneof(
  fc.tuple(name, operator, literal).map(([field, sign, to]) => `t.${field} ${sign} \`${to}\``),
  fc.tuple(literal, operator, name).map(([to, sign, field]) => `\`${to}\` ${sign} t.${field}`),
  fc.tuple(name, operator).map(([field, sign]) => `t.${field} ${sign} ?`),
  fc.tuple(name, literal, literal).map(([field, low, high]) => `t.${field} BETWEEN \`${low}\` AND \`${high}\``),
  fc.tuple(name, name).map(([one, other]) => `t.${one} = t.${other}`),
  fc.constantFrom(
    't.a IN (SELECT VALUE u.b FROM T AS u)',
    '(SELECT COUNT(*) AS n FROM T AS u WHERE u.a = t.a) > 1',
    "(SELECT u.c FROM T AS u BY uid WHERE uid = id) = 'a'",
  ),
  fc.constantFrom('t.a IS NULL', 't.b IS MISSING', "t.c LIKE 'a%'", 't.absent = 1', "id <> 'x'", 't.a IN (1, `a`)'),
)
const condition = fc.array(leaf, { minLength: 1, maxLength: 3 }).map((each) => each.join(' AND '))
const shape = fc.constantFrom(
  'SELECT t.a, t.c FROM T AS t BY id WHERE $',
  'SELECT VALUE t.b FROM T AS t BY id WHERE $',
  'SELECT id, t.absent, t.c AS c FROM T AS t BY id WHERE $',
  'SELECT COUNT(*) AS n FROM T AS t BY id WHERE $',
  'SELECT t.a AS a, COUNT(t.b) AS n, MIN(t.c) AS least FROM T AS t BY id WHERE $ GROUP BY t.a',
  'SELECT t.a, id FROM T AS t BY id WHERE $ ORDER BY t.b, t.c DESC LIMIT 3',
  'SELECT t.c FROM T AS t BY id WHERE $ ORDER BY t.a DESC LIMIT 2 OFFSET 1',
  'SELECT DISTINCT t.a FROM T AS t BY id WHERE $ ORDER BY t.a',
  'SELECT t.a, (SELECT COUNT(*) AS n FROM T AS u WHERE u.b = t.b) AS n FROM T AS t BY id WHERE $',
  'SELECT t.a, u.b FROM T AS t BY id LEFT JOIN T AS u ON t.a = u.b WHERE $',
  'SELECT t.a, u.c FROM T AS t BY id, T AS u WHERE t.b = u.b AND $',
  'SELECT t.a, x FROM T AS t BY id, t.b AS x WHERE $',
)

function run(transaction: Transaction, text: string, parameters: readonly IonValue[], optimize: boolean): string[] {
  const plan = planStatement(parse(text), text, transaction.catalog, QLDB, NO_GLOBALS, { optimize })
  const result = compileStatement(plan)(transaction, parameters, { now: 0 })
  const rows: string[] = []
  for (let row = result.next(); row !== undefined; row = result.next()) rows.push(printText(row))
  return text.includes('ORDER BY') ? rows : rows.sort()
}

describe('a row taken apart', () => {
  let folder: string
  let core: LedgerCore
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'field-scan-'))
    core = await LedgerCore.open(folder, resolveOptions({ durability: 'unsafe-no-sync' }).core)
    const transaction = core.begin()
    transaction.createTable('T')
    await transaction.commit()
  })
  afterAll(async () => {
    await core.close()
    rmSync(folder, { recursive: true })
  })

  /** The table holds exactly these documents. */
  async function fill(documents: readonly IonStruct[]): Promise<void> {
    const transaction = core.begin()
    const table = transaction.catalog.activeTable('T')!
    const old: string[] = []
    const stored = transaction.scan(table)
    for (let each = stored.next(); each !== undefined; each = stored.next()) old.push(each.documentId)
    for (const id of old) transaction.delete(table, id)
    for (const each of documents) transaction.insert(table, each)
    await transaction.commit()
  }

  const documents = fc.array(document, { maxLength: 8 })

  test('gives the rows that whole rows give', async () => {
    await fc.assert(
      fc.asyncProperty(
        documents,
        fc.array(fc.tuple(shape, condition, fc.array(value, { minLength: 3, maxLength: 3 })), { minLength: 6 }),
        async (each, statements) => {
          await fill(each)
          const transaction = core.begin({ readOnly: true })
          for (const [of, where, given] of statements) {
            const text = of.replace('$', where)
            const parameters = given.slice(0, text.split('?').length - 1)
            expect(run(transaction, text, parameters, true)).toEqual(run(transaction, text, parameters, false))
          }
          transaction.abort()
        },
      ),
      { numRuns: 80 },
    )
  })

  test('gives them with the own writes of a transaction on top', async () => {
    await fc.assert(
      fc.asyncProperty(documents, documents, shape, condition, async (each, own, of, where) => {
        await fill(each)
        const transaction = core.begin()
        const table = transaction.catalog.activeTable('T')!
        const stored = transaction.scan(table)
        const ids: string[] = []
        for (let row = stored.next(); row !== undefined; row = stored.next()) ids.push(row.documentId)
        for (const [index, id] of ids.entries()) {
          if (index % 3 === 0) transaction.delete(table, id)
          else if (index % 3 === 1 && own[index] !== undefined) transaction.update(table, id, own[index])
        }
        for (const document of own) transaction.insert(table, document)
        const text = of.replace('$', where)
        const parameters = [1, 'a', true].slice(0, text.split('?').length - 1)
        expect(run(transaction, text, parameters, true)).toEqual(run(transaction, text, parameters, false))
        transaction.abort()
      }),
      { numRuns: 80 },
    )
  })

  test('is read from values that do not fit the buffer for values', async () => {
    const long = 'x'.repeat(300_000)
    const of = (text: string): IonStruct => parseOne(text) as IonStruct
    await fill([
      of(`{a: 1, b: "${long}", c: "first"}`),
      of('{a: 1, b: "short", c: "second"}'),
      of(`{a: 2, b: "${long}${long}", c: "third"}`),
      of('{a: 1, b: [[1], {x: "kept"}], c: {{AAEC}}}'),
      of(`{a: 1, b: "${long}y", c: "fifth"}`),
    ])
    const transaction = core.begin({ readOnly: true })
    const text = 'SELECT t.b, t.c FROM T AS t WHERE t.a = 1'
    const rows = run(transaction, text, [], true)
    expect(rows).toHaveLength(4)
    expect(rows).toEqual(run(transaction, text, [], false))
    expect(rows.some((row) => row.includes('kept') && row.includes('AAEC'))).toBe(true)
    transaction.abort()
  })
})
