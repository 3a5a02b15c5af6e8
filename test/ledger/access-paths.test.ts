/**
 * Goal: on a real ledger, inside a transaction with writes of its own, an index never changes an answer.
 * Method: two tables of the same documents, one with indexes and one without; the same random changes to both, committed
 * and not; the same random questions to both. Rows are compared with their order where ORDER BY gives one.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openLedger } from '../../src/index.ts'
import { IonStruct, type IonValue, parseOne, printText } from '../../src/ion/index.ts'

const SCALARS = [
  'null',
  'null.int',
  'true',
  'false',
  '-1',
  '0',
  '-0e0',
  '1',
  '1.0',
  '1e0',
  '1.5',
  '2',
  'nan',
  '2020T',
  '2020-01-01T00:00Z',
  '2021-03-04T05:06:07Z',
  '""',
  '"a"',
  'a',
  '"ab"',
  'n::"b"',
  '"Z"',
  '{{AAEC}}',
  '[1]',
  '(1)',
  '{x: 1}',
]
const LONG = ['"', '"'].join('k'.repeat(420))
const scalar = fc.constantFrom(...SCALARS, LONG)
const field = fc.option(scalar, { nil: undefined, freq: 5 })
const document = fc.tuple(field, field)

type Change = readonly ['insert' | 'update' | 'delete', number, readonly [string | undefined, string | undefined]]
const change: fc.Arbitrary<Change> = fc.tuple(
  fc.constantFrom('insert' as const, 'update' as const, 'update' as const, 'delete' as const),
  fc.nat({ max: 11 }),
  document,
)
/** Now and then what no document can hold, and so no index has a place for. */
const UNSTORABLE = ["TIME '10:00:00'", "INTERVAL '1' DAY", "{'x': TIME '10:00:00'}", '<<1>>']
const literal = fc.oneof(
  { weight: 9, arbitrary: scalar.map((text) => `\`${text}\``) },
  { weight: 1, arbitrary: fc.constantFrom(...UNSTORABLE) },
)
const condition = fc.oneof(
  fc
    .tuple(fc.constantFrom('a', 'b'), fc.constantFrom('<', '<=', '>', '>=', '='), literal)
    .map((parts) => parts.join(' ')),
  fc.tuple(literal, literal).map(([low, high]) => `a BETWEEN ${low} AND ${high}`),
  fc
    .tuple(literal, fc.constantFrom('>', '>='), literal, fc.constantFrom('<', '<='))
    .map(([low, above, high, below]) => `a ${above} ${low} AND a ${below} ${high}`),
  fc.constantFrom("a LIKE 'a%'", "a LIKE 'k%'", "a LIKE '%b'", "a LIKE ''", 'a IS NULL', 'a IS NOT MISSING'),
  fc.array(literal, { minLength: 1, maxLength: 3 }).map((values) => `a IN (${values.join(', ')})`),
  fc
    .array(literal, { minLength: 2, maxLength: 3 })
    .map((values) => `(${values.map((each) => `a = ${each}`).join(' OR ')})`),
)
const where = fc.option(condition, { nil: undefined }).map((each) => (each === undefined ? '' : `WHERE ${each}`))
const order = fc
  .tuple(
    fc.constantFrom('a', 'b'),
    fc.constantFrom('', 'DESC'),
    fc.constantFrom('', 'NULLS FIRST', 'NULLS LAST'),
    fc.constantFrom('', 'LIMIT 1', 'LIMIT 3', 'LIMIT 3 OFFSET 2'),
  )
  .map((parts) => `ORDER BY ${parts.join(' ')}`)
const question = fc.oneof(
  fc.tuple(where).map(([only]) => `SELECT k, a, b FROM TABLE ${only}`),
  fc.tuple(where, order).map(([only, sorted]) => `SELECT k, a, b FROM TABLE ${only} ${sorted}`),
  fc
    .tuple(fc.constantFrom('MIN(a)', 'MAX(a)', 'COUNT(*)', 'COUNT(a)', 'MAX(b), COUNT(*)'), where)
    .map(([folded, only]) => `SELECT ${folded} FROM TABLE ${only}`),
  fc
    .tuple(fc.constantFrom('=', '<', '>='), where)
    .map(
      ([operator, only]) =>
        `SELECT x.k AS p, y.k AS q FROM TABLE AS x JOIN TABLE AS y ON x.a ${operator} y.b ${only.replaceAll(/\ba\b(?= )/g, 'x.a').replaceAll(/\bb\b(?= )/g, 'y.b')}`,
    ),
)

function structOf(k: number, [a, b]: readonly [string | undefined, string | undefined]): IonStruct {
  const fields: { name: string; value: IonValue }[] = [{ name: 'k', value: k }]
  if (a !== undefined) fields.push({ name: 'a', value: parseOne(a) })
  if (b !== undefined) fields.push({ name: 'b', value: parseOne(b) })
  return new IonStruct(fields)
}

type Execute = (text: string, ...parameters: IonValue[]) => Promise<unknown>

/** The same change to the documents with key `k` of both tables. */
async function apply(execute: Execute, [what, k, values]: Change, next: () => number): Promise<void> {
  const key = what === 'insert' ? next() : k
  for (const table of ['Indexed', 'Plain']) {
    if (what === 'insert') await execute(`INSERT INTO ${table} ?`, structOf(key, values))
    else if (what === 'delete') await execute(`DELETE FROM ${table} AS t WHERE t.k = ?`, key)
    else {
      const [a, b] = values
      if (a !== undefined) await execute(`UPDATE ${table} AS t SET t.a = ? WHERE t.k = ?`, parseOne(a), key)
      if (b === undefined) await execute(`FROM ${table} AS t WHERE t.k = ? REMOVE t.b`, key)
    }
  }
}

test('an index never changes an answer', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(document, { maxLength: 12 }),
      fc.array(change, { maxLength: 4 }),
      fc.array(change, { maxLength: 4 }),
      fc.array(question, { minLength: 1, maxLength: 6 }),
      async (documents, committed, own, questions) => {
        await using ledger = await openLedger(':memory:')
        for (const name of ['Indexed', 'Plain']) await ledger.execute(`CREATE TABLE ${name}`)
        for (const name of ['a', 'b', 'k']) await ledger.execute(`CREATE INDEX ON Indexed (${name})`)
        let keys = 0
        const next = (): number => keys++
        const execute: Execute = async (text, ...parameters) => ledger.execute(text, ...parameters)
        for (const each of documents) await apply(execute, ['insert', 0, each], next)
        for (const each of committed) await apply(execute, each, next)

        const transaction = await ledger.begin()
        for (const each of own) await apply(async (text, ...rest) => transaction.execute(text, ...rest), each, next)
        for (const text of questions) {
          const [found, expected] = await Promise.all(
            ['Indexed', 'Plain'].map(async (table) => {
              const asked = text.replaceAll('TABLE', table)
              const rows = await transaction.execute(asked).with({ ion: true })
              const printed = rows.map((row) => printText(row as IonValue))
              return text.includes('ORDER BY') ? printed : printed.sort()
            }),
          )
          expect(found, text).toEqual(expected)
        }
        await transaction.abort()
      },
    ),
    { numRuns: 120, seed: 5 },
  )
})
