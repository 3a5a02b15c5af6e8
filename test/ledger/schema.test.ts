/** Goal: a table that is declared with a schema and unique fields keeps both, and says what does not fit. */
import { describe, expect, test } from 'vitest'
import { LedgerError, SchemaError, type StandardSchema, table, UniqueViolationError } from '../../src/index.ts'
import { openTestLedger } from './open-test-ledger.ts'

interface Person {
  readonly name: string
  readonly age: number
}

/** Takes an age as text or number and gives a number; answers at once or later. */
function personSchema(isAsync = false): StandardSchema<{ name: string; age: string | number }, Person> {
  const check = (value: unknown) => {
    const { name, age } = value as Record<string, unknown>
    if (typeof name !== 'string') return { issues: [{ message: 'expected a text', path: ['name'] }] }
    const years = Number(age)
    if (!Number.isInteger(years)) {
      const path = ['ages', 0, { key: 'years' }]
      return { issues: [{ message: 'expected a whole number', path }, { message: 'and one more' }] }
    }
    return { value: { name, age: years } }
  }
  return {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) => (isAsync ? Promise.resolve(check(value)) : check(value)),
    },
  }
}

describe('a table with a schema', () => {
  for (const isAsync of [false, true]) {
    test(`stores what the schema gives back, ${isAsync ? 'later' : 'at once'}`, async () => {
      await using ledger = await openTestLedger()
      const people = await ledger.table(table('Person', personSchema(isAsync)))
      await people.insert({ name: 'Maria', age: '41' })
      expect(await people.scan()).toEqual([{ name: 'Maria', age: 41 }])
      await expect(people.insert({ name: 'Ines', age: 'old' })).rejects.toThrow(SchemaError)
      expect(await people.scan()).toHaveLength(1)
    })
  }

  test('names every place that does not fit, the first one first', async () => {
    await using ledger = await openTestLedger()
    const people = await ledger.table(table('Person', personSchema()))
    const refused = people.insert({ name: 'Ines', age: 'old' })
    await expect(refused).rejects.toBeInstanceOf(LedgerError)
    await expect(refused).rejects.toMatchObject({
      code: 'SCHEMA_MISMATCH',
      table: 'Person',
      path: 'ages[0].years',
      message: '"ages[0].years" does not fit the schema of table "Person": expected a whole number (and 1 more)',
      issues: [
        { path: 'ages[0].years', message: 'expected a whole number' },
        { path: '', message: 'and one more' },
      ],
    })
  })

  test('checks in a transaction too, which stays open', async () => {
    await using ledger = await openTestLedger()
    const Person = table('Person', personSchema(), { unique: ['name'] })
    await ledger.table(Person)
    await ledger.transact(async (tx) => {
      await tx.table(Person).insert({ name: 'Maria', age: 41 })
      await expect(tx.table(Person).insert({ name: 'Ines', age: 'old' })).rejects.toThrow(SchemaError)
      await expect(tx.table(Person).insert({ name: 'Maria', age: 2 })).rejects.toThrow(UniqueViolationError)
    })
    expect(await ledger.sql`SELECT * FROM Person`).toEqual([{ name: 'Maria', age: 41 }])
  })
})

describe('unique fields of a table', () => {
  test('are made with it, compared when it is opened again, and added when they are new', async () => {
    await using ledger = await openTestLedger()
    const before = table<{ a: string; b: string }>('T', { unique: ['a'], index: ['a', 'b'] })
    await ledger.table(before)
    const indexes = (): PromiseLike<unknown[]> =>
      ledger.sql`SELECT i.expr, i."unique" FROM information_schema.user_tables AS t, t.indexes AS i`
    expect(await indexes()).toEqual([{ expr: '[a]', unique: true }, { expr: '[b]' }])
    const digest = await ledger.digest()
    await ledger.table(before)
    expect(await ledger.digest()).toEqual(digest)
    await ledger.table(table<{ a: string; c: string }>('T', { index: ['a'], unique: ['c'] }))
    expect(await indexes()).toEqual([{ expr: '[a]', unique: true }, { expr: '[b]' }, { expr: '[c]', unique: true }])
  })

  test('are refused where an index is not unique, or a value stands twice', async () => {
    await using ledger = await openTestLedger()
    const plain = await ledger.table(table<{ a: number; b: number }>('T', { index: ['a'] }))
    await plain.insert({ a: 1, b: 1 })
    await plain.insert({ a: 2, b: 1 })
    await expect(ledger.table(table<{ a: number }>('T', { unique: ['a'] }))).rejects.toMatchObject({
      code: 'INDEX_EXISTS',
      message: expect.stringContaining('Drop it first'),
    })
    await expect(ledger.table(table<{ b: number }>('T', { unique: ['b'] }))).rejects.toMatchObject({
      code: 'UNIQUE_VIOLATION',
    })
    expect(() => table('T', { unique: [''] })).toThrow(TypeError)
    expect(() => table('T', { unique: [3 as unknown as string] })).toThrow(TypeError)
  })
})
