import { expect, test } from 'vitest'
import type { IonValue } from '../../src/ion/index.ts'
import { prepare, type ResultCursor } from '../../src/partiql/index.ts'
import { MemoryTransaction } from './memory-transaction.ts'

const context = { now: 0 }

function withDocuments(count: number): MemoryTransaction {
  const transaction = new MemoryTransaction()
  transaction.createTable('T')
  for (let each = 0; each < count; each++)
    prepare('INSERT INTO T ?', transaction.catalog).run(transaction, [row(each)], context)
  return transaction
}

function row(n: number): IonValue {
  const result = prepare("SELECT {'n': ?}.n AS n FROM <<0>>", new MemoryTransaction().catalog).run(
    new MemoryTransaction(),
    [n],
    context,
  )
  return result.next()!
}

function readAll(result: ResultCursor): IonValue[] {
  const rows: IonValue[] = []
  for (let each = result.next(); each !== undefined; each = result.next()) rows.push(each)
  return rows
}

test('the same text is planned once per catalog', () => {
  const transaction = withDocuments(0)
  const first = prepare('SELECT * FROM T', transaction.catalog)
  expect(prepare('SELECT * FROM T', transaction.catalog)).toBe(first)
  transaction.createTable('U')
  expect(prepare('SELECT * FROM T', transaction.catalog)).not.toBe(first)
})

test('a statement prepared for another catalog notices and plans again', () => {
  const transaction = withDocuments(2)
  const stale = prepare('SELECT VALUE n FROM T WHERE n = 1', transaction.catalog)
  transaction.createIndex(transaction.catalog.activeTable('T')!, 'n')
  transaction.commit(0)
  const scans = transaction.scanCount
  expect(readAll(stale.run(transaction, [], context))).toEqual([1])
  expect(transaction.scanCount).toBe(scans)
})

test('kinds, parameter counts and what only reads', () => {
  const { catalog } = withDocuments(0)
  const shape = (text: string): unknown[] => {
    const { kind, parameterCount, isReadOnly } = prepare(text, catalog)
    return [kind, parameterCount, isReadOnly]
  }
  expect(shape('SELECT ? FROM T WHERE n = ?')).toEqual(['query', 2, true])
  expect(shape('INSERT INTO T ?')).toEqual(['dml', 1, false])
  expect(shape('UPDATE T SET n = 1')).toEqual(['dml', 0, false])
  expect(shape('DELETE FROM T')).toEqual(['dml', 0, false])
  expect(shape('CREATE TABLE U')).toEqual(['ddl', 0, false])
  expect(shape('EXPLAIN DELETE FROM T')).toEqual(['explain', 0, true])
  expect(shape('EXPLAIN ANALYZE DELETE FROM T')).toEqual(['explain', 0, false])
})

test('rows stream: a query reads no further than it is asked', () => {
  const transaction = withDocuments(100)
  const result = prepare('SELECT * FROM T WHERE n >= 0', transaction.catalog).run(transaction, [], context)
  expect(result.readCount).toBe(0)
  result.next()
  result.next()
  expect(result.readCount).toBe(2)
  expect(transaction.openCursorCount).toBe(1)
  result.close()
  result.close()
  expect(transaction.openCursorCount).toBe(0)
  expect(result.next()).toBeUndefined()
})

test('LIMIT stops reading', () => {
  const transaction = withDocuments(100)
  const result = prepare('SELECT * FROM T LIMIT 3', transaction.catalog).run(transaction, [], context)
  expect(readAll(result)).toHaveLength(3)
  expect(result.readCount).toBe(3)
  expect(transaction.openCursorCount).toBe(0)
})

test('the six-way self join of the drivers reads 3 + 9 + 27 + 81 + 243 + 729 documents', () => {
  const transaction = withDocuments(3)
  const result = prepare('SELECT * FROM T a, T b, T c, T d, T e, T f', transaction.catalog).run(
    transaction,
    [],
    context,
  )
  expect(readAll(result)).toHaveLength(729)
  expect(result.readCount).toBe(1092)
})

test('an error while rows are read closes the cursors, and two runs of one statement do not disturb each other', () => {
  const transaction = withDocuments(5)
  const failing = prepare('SELECT 1 / (n - 2) AS q FROM T', transaction.catalog).run(transaction, [], context)
  failing.next()
  failing.next()
  expect(() => failing.next()).toThrow('divided by zero')
  expect(transaction.openCursorCount).toBe(0)
  expect(failing.next()).toBeUndefined()

  const statement = prepare('SELECT VALUE n FROM T WHERE n >= ?', transaction.catalog)
  const one = statement.run(transaction, [0], context)
  const other = statement.run(transaction, [3], context)
  expect([one.next(), other.next(), one.next(), other.next(), one.next(), other.next()]).toEqual([
    0,
    3,
    1,
    4,
    2,
    undefined,
  ])
  one.close()
})

test('a failed INSERT of several documents inserts none', () => {
  const transaction = withDocuments(0)
  const insert = prepare("INSERT INTO T << {'n': 1}, 5 >>", transaction.catalog)
  expect(() => insert.run(transaction, [], context)).toThrow('Only structs')
  expect(readAll(prepare('SELECT * FROM T', transaction.catalog).run(transaction, [], context))).toEqual([])
})

test('an unknown table names the nearest one', () => {
  const { catalog } = withDocuments(0)
  expect(() => prepare('SELECT * FROM t', catalog)).toThrow('Did you mean T? Table names are case-sensitive.')
})

test('ORDER BY with LIMIT gives what sorting everything gives, ties in the order of insertion', () => {
  const transaction = withDocuments(3000)
  const all = readAll(
    prepare('SELECT VALUE n FROM T ORDER BY n % 7 DESC', transaction.catalog).run(transaction, [], context),
  )
  const top = prepare('SELECT VALUE n FROM T ORDER BY n % 7 DESC LIMIT ? OFFSET ?', transaction.catalog)
  for (const [limit, offset] of [
    [0, 0],
    [1, 0],
    [10, 5],
    [500, 2000],
    [5000, 10],
  ] as const) {
    expect(readAll(top.run(transaction, [limit, offset], context))).toEqual(all.slice(offset, offset + limit))
  }
})

test('a subquery that reads nothing of the query around it is computed once', () => {
  const transaction = withDocuments(20)
  const text = 'SELECT VALUE t.n FROM T AS t WHERE t.n IN (SELECT VALUE u.n FROM T AS u WHERE u.n > 17)'
  const result = prepare(text, transaction.catalog).run(transaction, [], context)
  expect(readAll(result)).toEqual([18, 19])
  expect(result.readCount).toBe(40)
})

test('a join is planned again when its tables have grown to another size', () => {
  const transaction = withDocuments(3)
  transaction.createIndex(transaction.createTable('U'), 'n')
  transaction.commit(0)
  transaction.sizes.set('T', 3)
  transaction.sizes.set('U', 5000)
  const text = 'SELECT t.n FROM T AS t JOIN U AS u ON t.n = u.n'
  const scansOf = (): number => {
    const before = transaction.scanCount
    readAll(prepare(text, transaction.catalog).run(transaction, [], context))
    return transaction.scanCount - before
  }
  expect(scansOf()).toBe(1)
  transaction.sizes.set('T', 20)
  expect(scansOf()).toBe(1)
  transaction.sizes.set('T', 40_000)
  expect(scansOf()).toBe(2)
})
