/** Goal: the rules of values in and out, through a real statement and a real journal. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  Decimal,
  IonAnnotated,
  IonBlob,
  IonClob,
  IonFloat,
  IonList,
  IonNull,
  IonSexp,
  IonStruct,
  IonSymbol,
  type Ledger,
  Timestamp,
} from '../../src/index.ts'
import { equals, type IonValue } from '../../src/ion/index.ts'
import { openTestLedger } from './open-test-ledger.ts'

let ledger: Ledger
beforeAll(async () => {
  ledger = await openTestLedger()
  await ledger.sql`CREATE TABLE T`
  await ledger.sql`CREATE INDEX ON T (id)`
})
afterAll(() => ledger.close())

let lastId = 0

/** Stores a value in a document and reads it back, as JavaScript and as Ion. */
async function roundTrip(value: unknown): Promise<{ javascript: unknown; ion: IonValue | undefined }> {
  const id = ++lastId
  await ledger.sql`INSERT INTO T ${{ id, value }}`
  const javascript = await ledger.sql<{ value: unknown }>`SELECT * FROM T WHERE id = ${id}`.one()
  const ion = await ledger.sql`SELECT * FROM T WHERE id = ${id}`.with({ ion: true }).one()
  return { javascript: javascript.value, ion: (ion as IonStruct).get('value') }
}

describe('plain values come back as they went in', () => {
  const values: [string, unknown][] = [
    ['a text', 'Käthe 🚗'],
    ['an empty text', ''],
    ['true', true],
    ['null', null],
    ['a whole number', 42],
    ['the largest safe whole number', Number.MAX_SAFE_INTEGER],
    ['a negative one', -7],
    ['a fraction', 0.1],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a bigint beyond 2^53', 2n ** 70n],
    ['a Date', new Date('2026-02-03T04:05:06.070Z')],
    ['bytes', Uint8Array.of(0, 255, 3)],
    ['a list', [1, 'two', [3]]],
    ['an object', { a: { b: [] }, c: null }],
    ['an object with a dangerous name', JSON.parse('{"__proto__": 1, "constructor": 2}')],
  ]
  test.each(values)('%s', async (_, value) => {
    expect((await roundTrip(value)).javascript).toEqual(value)
  })

  test('a decimal keeps its digits', async () => {
    const { javascript } = await roundTrip(new Decimal('50.00'))
    expect(String(javascript)).toBe('50.00')
    expect(javascript).toBeInstanceOf(Decimal)
  })

  test('a bigint that fits comes back as a number', async () => {
    expect((await roundTrip(5n)).javascript).toBe(5)
  })

  test('fields that are undefined are left out', async () => {
    expect((await roundTrip({ a: undefined, b: 1 })).javascript).toEqual({ b: 1 })
  })
})

describe('what plain JavaScript cannot hold stays Ion', () => {
  const values: [string, IonValue][] = [
    ['a timestamp finer than milliseconds', Timestamp.parse('2026-01-01T00:00:00.123456Z')],
    ['a timestamp with its own offset', Timestamp.parse('2026-01-01T00:00:00.000+02:00')],
    ['a day', Timestamp.parse('2026-01-01')],
    ['a typed null', IonNull.of('int')],
    ['a symbol', new IonSymbol('red')],
    ['an annotated value', new IonAnnotated(['usd'], new Decimal('1.50'))],
    ['a clob', new IonClob(Uint8Array.of(65))],
    ['an expression', new IonSexp([new IonSymbol('+'), 1])],
    [
      'a struct with a name twice',
      new IonStruct([
        { name: 'n', value: 1 },
        { name: 'n', value: 2 },
      ]),
    ],
  ]
  test.each(values)('%s', async (_, value) => {
    const { javascript, ion } = await roundTrip(value)
    expect(equals(javascript as IonValue, value)).toBe(true)
    expect(equals(ion!, value)).toBe(true)
  })
})

describe('{ ion: true } gives Ion throughout', () => {
  test.each([
    [1, 1],
    [0.5, new IonFloat(0.5)],
    [Uint8Array.of(1), new IonBlob(Uint8Array.of(1))],
    [null, IonNull.of('null')],
    [new Date('2026-01-01T00:00:00.500Z'), Timestamp.parse('2026-01-01T00:00:00.500Z')],
    [[1, null], new IonList([1, IonNull.of('null')])],
  ] as [unknown, IonValue][])('%s', async (value, expected) => {
    expect(equals((await roundTrip(value)).ion!, expected)).toBe(true)
  })

  test('Ion rows stay readable after the ledger is closed', async () => {
    const other = await openTestLedger()
    await other.sql`CREATE TABLE T`
    await other.sql`INSERT INTO T ${{ a: { b: 'kept' } }}`
    const row = (await other.sql`SELECT * FROM T`.with({ ion: true }).one()) as IonStruct
    await other.close()
    expect((row.get('a') as IonStruct).get('b')).toBe('kept')
  })
})

describe('values that cannot be stored are refused and nothing is written', () => {
  class Car {}
  const cycle: Record<string, unknown> = {}
  cycle['self'] = cycle
  const refused: [string, unknown][] = [
    ['a function', { a: () => 1 }],
    ['a JavaScript symbol', { a: Symbol('x') }],
    ['an instance of a class', { a: new Car() }],
    ['an invalid Date', { a: new Date(Number.NaN) }],
    ['undefined in a list', { a: [undefined] }],
    ['a container within itself', cycle],
    ['half of a surrogate pair', { a: '\ud800' }],
  ]
  test.each(refused)('%s', async (_, value) => {
    const before = await ledger.digest()
    await expect(ledger.sql`INSERT INTO T ${value}`).rejects.toMatchObject({ code: 'BAD_VALUE' })
    expect(await ledger.digest()).toEqual(before)
  })

  test('a parameter that is undefined, or was never awaited, is a mistake that is named', async () => {
    await expect(ledger.sql`SELECT * FROM T WHERE id = ${undefined}`).rejects.toThrow(/Parameter 1 is undefined/)
    await expect(ledger.sql`SELECT * FROM T WHERE id = ${1} OR id = ${Promise.resolve(2)}`).rejects.toThrow(
      /Parameter 2 is a promise/,
    )
    await expect(ledger.sql`SELECT * FROM T WHERE id = ${ledger.sql`SELECT * FROM T`}`).rejects.toThrow(TypeError)
  })
})

test('times and intervals, which Ion has no type for, are texts in plain rows and annotated structs in Ion', async () => {
  const question =
    "SELECT TIME '10:00:00.5' AS moment, [INTERVAL '1-2' YEAR TO MONTH] AS spans, T.id AS id FROM T LIMIT 1"
  const [row] = await ledger.execute(question)
  expect(row).toMatchObject({ moment: '10:00:00.5', spans: ['1-2'] })
  const [ion] = await ledger.execute(question).with({ ion: true })
  expect((ion as IonStruct).get('moment')).toMatchObject({ annotations: ['$time'] })
})
