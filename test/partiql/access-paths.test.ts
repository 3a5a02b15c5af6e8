/**
 * Results never depend on how rows are found: random statements over random documents give the same rows and leave the
 * same documents with indexes as without. Order is compared too where every path keeps it, else rows as multisets.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { IonFloat, IonList, IonStruct, type IonValue, parseOne, printText } from '../../src/ion/index.ts'
import { compileStatement } from '../../src/partiql/execute/statement.ts'
import { prepare } from '../../src/partiql/index.ts'
import { QLDB } from '../../src/partiql/plan/dialect.ts'
import { planStatement } from '../../src/partiql/plan/statement.ts'
import { parse } from '../../src/partiql/syntax/index.ts'
import { MemoryTransaction } from './memory-transaction.ts'

const scalars = [
  '1',
  '1.0',
  '1e0',
  '2',
  '3',
  '"a"',
  'a',
  '"b"',
  'null',
  'null.int',
  'true',
  '[1]',
  '{x: 1}',
  'n::1',
  '2020T',
  '"1"',
  '1.5',
  'nan',
  '"ab"',
  '"a%"',
  '-1',
  'false',
]
const scalar = fc.constantFrom(...scalars)
const field = fc.constantFrom('a', 'b', 'c')
const document = fc.dictionary(field, scalar, { maxKeys: 3 })

const comparison = fc.tuple(
  fc.constantFrom('t.a', 't.b', 't.c'),
  fc.constantFrom('=', '<>', '<', '<=', '>', '>=', '='),
  fc.oneof(
    scalar.map((value) => `\`${value}\``),
    fc.constantFrom('t.a', 't.b', '1', "'a'", 'NULL', 'MISSING', '<<1>>', '[<<1>>]', '[MISSING]'),
  ),
)
const membership = fc.tuple(fc.constantFrom('t.a', 't.b', 't.c'), fc.array(scalar, { minLength: 1, maxLength: 4 }))
const between = fc.tuple(fc.constantFrom('t.a', 't.b', 't.c'), scalar, scalar)
const pattern = fc.tuple(
  fc.constantFrom('t.a', 't.b', 't.c'),
  fc.constantFrom(
    "'a%'",
    "'%a'",
    "'a'",
    "'a_'",
    "'ab%'",
    "''",
    "'\\ud7ff%'",
    "'!%%' ESCAPE '!'",
    'NULL',
    'MISSING',
    '`a`',
    '5',
  ),
)
const identity = fc.constantFrom("id = 'd1'", "id IN ('d2', 'd1', 'd2', 'd77', 5)", "'d3' = id")
const leaf = fc.oneof(
  comparison.map(([left, operator, right]) => `${left} ${operator} ${right}`),
  membership.map(([left, values]) => `${left} IN (${values.map((value) => `\`${value}\``).join(', ')})`),
  membership.map(([left, values]) => `${left} IN \`[${values.join(', ')}]\``),
  between.map(([operand, low, high]) => `${operand} BETWEEN \`${low}\` AND \`${high}\``),
  pattern.map(([operand, like]) => `${operand} LIKE ${like}`),
  identity,
  fc.constantFrom('t.a IS NULL', 't.b IS NOT MISSING', 't.c IS STRING'),
)
const condition = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: leaf },
      { weight: 1, arbitrary: fc.tuple(leaf, leaf).map(([l, r]) => `(${l} OR ${r})`) },
    ),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((conditions) => conditions.join(' AND '))

const TABLES = ['T', 'U', 'V'] as const

function tablesOf(documents: readonly Record<string, string>[], withIndexes: boolean): MemoryTransaction {
  const transaction = new MemoryTransaction()
  for (const name of TABLES) {
    run(transaction, `CREATE TABLE ${name}`)
    if (withIndexes) for (const each of ['a', 'b', 'c']) run(transaction, `CREATE INDEX ON ${name} (${each})`)
  }
  transaction.commit(0)
  for (const [index, each] of documents.entries()) {
    const text = `{${Object.entries(each)
      .map(([name, value]) => `${name}: ${value}`)
      .join(', ')}}`
    run(transaction, `INSERT INTO ${TABLES[index % 5 === 4 ? 2 : index % 3 === 2 ? 1 : 0]} ?`, [parseOne(text)])
  }
  transaction.commit(1000)
  transaction.isEveryRangeWide = documents.length % 3 === 1
  return transaction
}

function run(transaction: MemoryTransaction, text: string, parameters: readonly IonValue[] = []): IonValue[] {
  const result = prepare(text, transaction.catalog).run(transaction, parameters, { now: 5000 })
  const rows: IonValue[] = []
  for (let row = result.next(); row !== undefined; row = result.next()) rows.push(row)
  return rows
}

/** As {@link run}, by scans and nested loops alone. */
function runPlain(transaction: MemoryTransaction, text: string): IonValue[] {
  const plan = planStatement(parse(text), text, transaction.catalog, QLDB, undefined, { optimize: false })
  const result = compileStatement(plan)(transaction, [], { now: 5000 })
  const rows: IonValue[] = []
  for (let row = result.next(); row !== undefined; row = result.next()) rows.push(row)
  return rows
}

function printed(rows: readonly IonValue[]): string[] {
  return rows.map((row) => printText(row)).sort()
}

const documents = fc.array(document, { maxLength: 12 })

describe('with and without indexes', () => {
  test('a query over one table gives the same rows', () => {
    fc.assert(
      fc.property(documents, condition, (each, where) => {
        const text = `SELECT id, t.* FROM T AS t BY id WHERE ${where}`
        expect(printed(run(tablesOf(each, true), text))).toEqual(printed(run(tablesOf(each, false), text)))
      }),
      { numRuns: 300 },
    )
  })

  test('ORDER BY with LIMIT gives the same rows in the same order, equal keys included', () => {
    const order = fc.tuple(
      fc.constantFrom('t.a', 't.b'),
      fc.constantFrom('', 'ASC', 'DESC'),
      fc.constantFrom('', 'NULLS FIRST', 'NULLS LAST'),
      fc.constantFrom('', 'LIMIT 3', 'LIMIT 2 OFFSET 1', 'LIMIT 100'),
    )
    const where = fc.option(condition, { nil: undefined })
    fc.assert(
      fc.property(documents, order, where, fc.boolean(), (each, [key, direction, nulls, limit], only, isCommitted) => {
        const view = isCommitted ? '_ql_committed_T' : 'T'
        const text = `SELECT id, t FROM ${view} AS t BY id ${only === undefined ? '' : `WHERE ${only}`} ORDER BY ${key} ${direction} ${nulls} ${limit}`
        const statement = isCommitted ? text.replaceAll(/\bt\.(?=[abc]\b)/g, 't.data.') : text
        const print = (rows: readonly IonValue[]): string[] => rows.map((row) => printText(row))
        expect(print(run(tablesOf(each, true), statement))).toEqual(print(run(tablesOf(each, false), statement)))
      }),
      { numRuns: 400 },
    )
  })

  test.each([
    't.b IN (3, 1)',
    't.b = 3 OR t.b = 2',
    't.b IN `[2, 1, 3]`',
    't.b >= 1',
    't.b BETWEEN 1 AND 2',
    't.c = 1',
    "t.d LIKE 'x%'",
  ])('rows of equal keys that were looked up by %s come in the order of the scan', (where) => {
    const [indexed, scanned] = [true, false].map((withIndexes) => {
      const transaction = new MemoryTransaction()
      run(transaction, 'CREATE TABLE T')
      if (withIndexes) for (const name of ['b', 'c', 'd']) run(transaction, `CREATE INDEX ON T (${name})`)
      transaction.commit(0)
      for (let n = 0; n < 9; n++) {
        run(transaction, 'INSERT INTO T ?', [
          parseOne(`{n: ${n}, a: ${n % 2}, b: ${3 - (n % 3)}, c: 0, d: "x${9 - n}"}`),
        ])
      }
      transaction.commit(1000)
      for (const n of [7, 4, 1]) run(transaction, `UPDATE T SET c = 1 WHERE n = ${n}`)
      transaction.commit(2000)
      run(transaction, 'UPDATE T SET c = 1 WHERE n = 5')
      return ['', 'LIMIT 2', 'LIMIT 3 OFFSET 1'].map((limit) =>
        run(transaction, `SELECT VALUE t.n FROM T AS t WHERE ${where} ORDER BY t.a ${limit}`),
      )
    })
    expect(indexed).toEqual(scanned)
  })

  test('aggregates over all rows give the same', () => {
    const text = fc
      .tuple(
        fc.constantFrom('COUNT(*)', 'MIN(t.a)', 'MAX(t.a)', 'COUNT(*), COUNT(*)', 'MIN(t.a), COUNT(*)'),
        fc.option(condition),
      )
      .map(([folded, where]) => `SELECT ${folded} FROM T AS t BY id ${where === null ? '' : `WHERE ${where}`}`)
    const range = fc
      .tuple(fc.constantFrom('MIN', 'MAX'), fc.constantFrom('<', '<=', '>', '>='), scalar)
      .map(([name, operator, value]) => `SELECT ${name}(t.a) FROM T AS t WHERE t.a ${operator} \`${value}\``)
    fc.assert(
      fc.property(documents, fc.oneof(text, range), (each, statement) => {
        expect(printed(run(tablesOf(each, true), statement))).toEqual(
          printed(runPlain(tablesOf(each, false), statement)),
        )
      }),
      { numRuns: 300 },
    )
  })

  test('a query over the committed view gives the same rows', () => {
    fc.assert(
      fc.property(documents, condition, (each, where) => {
        const committed = where.replaceAll('t.', 't.data.').replaceAll(/\bid\b/g, 't.metadata.id')
        const text = `SELECT VALUE t FROM _ql_committed_T AS t WHERE ${committed}`
        expect(printed(run(tablesOf(each, true), text))).toEqual(printed(run(tablesOf(each, false), text)))
      }),
      { numRuns: 150 },
    )
  })

  test('a join gives the rows that a nested loop with the condition in its WHERE gives', () => {
    const join = fc.tuple(field, fc.constantFrom('=', '=', '<', '>='), field, fc.constantFrom('JOIN', 'LEFT JOIN'))
    fc.assert(
      fc.property(documents, join, condition, (each, [left, operator, right, kind], where) => {
        const on = `t.${left} ${operator} u.${right}`
        const text = `SELECT t, u FROM T AS t BY id ${kind} U AS u ON ${on} WHERE ${where}`
        // `(… ) = TRUE` hides the equality from the planner: no hash join, no index.
        const hidden = `SELECT t, u FROM T AS t BY id ${kind} U AS u ON (${on}) = TRUE WHERE ((${where}) = TRUE)`
        const expected = printed(run(tablesOf(each, false), hidden))
        expect(printed(run(tablesOf(each, false), text))).toEqual(expected)
        expect(printed(run(tablesOf(each, true), text))).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  test('joins of three tables give what the plain plan gives, whatever the sizes are believed to be', () => {
    const size = fc.constantFrom(0, 1, 50, 100_000)
    const key = fc.constantFrom('a', 'b', 'c')
    const kind = fc.constantFrom('JOIN', 'JOIN', 'JOIN', 'LEFT JOIN', 'CROSS JOIN')
    const operator = fc.constantFrom('=', '=', '=', '<=')
    const joins = fc.tuple(kind, key, operator, key, kind, fc.constantFrom('t', 'u'), key, operator, key)
    fc.assert(
      fc.property(
        documents,
        fc.array(size, { minLength: 3, maxLength: 3 }),
        joins,
        leaf,
        (each, sizes, join, where) => {
          const [first, a, isA, b, second, side, c, isC, d] = join
          const on = (how: string, condition: string): string => (how === 'CROSS JOIN' ? '' : `ON ${condition}`)
          const text =
            `SELECT id, t.a, t.b, u.c, v FROM T AS t BY id ${first} U AS u ${on(first, `t.${a} ${isA} u.${b}`)} ` +
            `${second} V AS v ${on(second, `${side}.${c} ${isC} v.${d}`)} WHERE ${where}`
          const expected = printed(runPlain(tablesOf(each, false), text))
          for (const withIndexes of [true, false]) {
            const transaction = tablesOf(each, withIndexes)
            for (const [index, name] of ['T', 'U', 'V'].entries()) transaction.sizes.set(name, sizes[index]!)
            expect(printed(run(transaction, text))).toEqual(expected)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  test('UPDATE and DELETE leave the same documents', () => {
    const change = fc.constantFrom(
      'UPDATE T AS t BY id SET t.a = t.b, t.new = 1 WHERE',
      'DELETE FROM T AS t BY id WHERE',
    )
    fc.assert(
      fc.property(documents, change, condition, (each, verb, where) => {
        const [indexed, scanned] = [true, false].map((withIndexes) => {
          const transaction = tablesOf(each, withIndexes)
          const result = printed(run(transaction, `${verb} ${where}`))
          return { result, after: printed(run(transaction, 'SELECT id, t.* FROM T AS t BY id')) }
        })
        expect(indexed).toEqual(scanned)
      }),
      { numRuns: 200 },
    )
  })
})

describe('grouping and sorting', () => {
  const values = fc.array(scalar, { maxLength: 20 })

  test('DISTINCT keeps one value of each class of equal values', () => {
    fc.assert(
      fc.property(values, (each) => {
        const bag = parseOne(`[${each.join(', ')}]`) as IonList
        const transaction = new MemoryTransaction()
        const distinct = run(transaction, 'SELECT DISTINCT VALUE x FROM ? AS x', [bag])
        const isEqual = (a: IonValue, b: IonValue): boolean =>
          run(transaction, 'SELECT VALUE [?] = [?] FROM <<0>>', [a, b])[0] === true
        // Every value has exactly one equal among the distinct ones.
        for (const value of bag.items) expect(distinct.filter((other) => isEqual(value, other))).toHaveLength(1)
        expect(distinct.length).toBe(run(transaction, 'SELECT x AS x FROM ? AS x GROUP BY x', [bag]).length)
      }),
      { numRuns: 150 },
    )
  })

  test('ORDER BY orders, is stable, and loses nothing', () => {
    fc.assert(
      fc.property(values, fc.boolean(), (each, isDescending) => {
        const list = new IonList(
          each.map(
            (value, index) =>
              new IonStruct([
                { name: 'v', value: parseOne(value) },
                { name: 'n', value: index },
              ]),
          ),
        )
        const transaction = new MemoryTransaction()
        const direction = isDescending ? 'DESC' : 'ASC'
        const rows = run(transaction, `SELECT VALUE x FROM ? AS x ORDER BY x.v ${direction}`, [list]) as IonStruct[]
        expect(printed(rows)).toEqual(printed(list.items))
        for (let index = 1; index < rows.length; index++) {
          const [a, b] = [rows[index - 1]!, rows[index]!]
          const [left, right] = isDescending ? [b.get('v')!, a.get('v')!] : [a.get('v')!, b.get('v')!]
          const isGreater = run(transaction, 'SELECT VALUE ? > ? FROM <<0>>', [left, right])[0]
          expect(isGreater).not.toBe(true)
          const isSame = run(transaction, 'SELECT VALUE [?] = [?] FROM <<0>>', [left, right])[0]
          if (isSame === true) expect(a.get('n') as number).toBeLessThan(b.get('n') as number)
        }
      }),
      { numRuns: 150 },
    )
  })

  test('SUM of floats does not lose cents', () => {
    const prices = new IonList(Array.from({ length: 10 }, () => new IonFloat(0.1)))
    expect(printed(run(new MemoryTransaction(), 'SELECT VALUE SUM(x) FROM ? AS x', [prices]))).toEqual(['1.0'])
  })
})
