import { describe, expect, test } from 'vitest'
import { Decimal, table } from '../../src/index.ts'
import { openTestLedger } from './open-test-ledger.ts'

interface Part {
  name: string
  size?: number | null
  price?: Decimal
  'odd "name"'?: string
}
const Part = table<Part>('Part', { index: ['name'] })

describe('declaring', () => {
  test('keeps name and indexes, each index once', () => {
    expect(table('A')).toMatchObject({ name: 'A', index: [] })
    expect(table<Part>('Part', { index: ['name', 'size', 'name'] })).toMatchObject({ index: ['name', 'size'] })
  })

  test('refuses names that no table can have', () => {
    for (const name of ['', '1a', 'a b', 'a"b', 'x'.repeat(129)]) expect(() => table(name)).toThrow(TypeError)
    expect(() => table('T', { index: [''] })).toThrow(TypeError)
  })

  test('an index is a field of the document, or it does not compile', () => {
    // @ts-expect-error no such field
    table<Part>('Part', { index: ['colour'] })
  })
})

describe('opening', () => {
  test('makes table and indexes once, adds an index that is missing, leaves others alone', async () => {
    await using ledger = await openTestLedger()
    const tables = async (): Promise<unknown> =>
      (
        await ledger.sql<{ name: string; indexes: { expr: string }[] }>`SELECT * FROM information_schema.user_tables`
      ).map(({ name, indexes }) => [name, indexes.map((index) => index.expr)])
    await ledger.table(Part)
    expect(await tables()).toEqual([['Part', ['[name]']]])
    await ledger.table(table<Part>('Part', { index: ['size'] }))
    expect(await tables()).toEqual([['Part', ['[name]', '[size]']]])
    const before = await ledger.digest()
    await ledger.table(Part)
    expect(await ledger.digest()).toEqual(before)
  })

  test('several at once make it once', async () => {
    await using ledger = await openTestLedger()
    await Promise.all([ledger.table(Part), ledger.table(Part), ledger.table(Part)])
    expect(await ledger.sql`SELECT * FROM information_schema.user_tables`).toHaveLength(1)
  })

  test('takes fields and names that have to be quoted', async () => {
    await using ledger = await openTestLedger()
    const select = await ledger.table(table<Part>('select', { index: ['odd "name"'] }))
    await select.insert({ name: 'a', 'odd "name"': 'x' })
    expect(await select.find({ 'odd "name"': 'x' })).toEqual({ name: 'a', 'odd "name"': 'x' })
  })
})

describe('reading', () => {
  test('finds by one field or several, with and without an index', async () => {
    await using ledger = await openTestLedger()
    const parts = await ledger.table(Part)
    await parts.insert({ name: 'bolt', size: 8 })
    await parts.insert({ name: 'bolt', size: 10 })
    await parts.insert({ name: 'nut', size: 8 })
    expect(await parts.find({ name: 'bolt' })).toEqual({ name: 'bolt', size: 8 })
    expect(await parts.findAll({ name: 'bolt' })).toHaveLength(2)
    expect(await parts.findAll({ size: 8 })).toHaveLength(2)
    expect(await parts.find({ name: 'bolt', size: 10 })).toEqual({ name: 'bolt', size: 10 })
    expect(await parts.find({ size: 10, name: 'bolt' })).toEqual({ name: 'bolt', size: 10 })
    expect(await parts.find({ name: 'screw' })).toBeUndefined()
    expect(await parts.scan()).toHaveLength(3)
  })

  test('null finds null and missing; numbers are equal across types', async () => {
    await using ledger = await openTestLedger()
    const parts = await ledger.table(Part)
    await parts.insert({ name: 'a', size: null })
    await parts.insert({ name: 'b' })
    await parts.insert({ name: 'c', size: 1, price: new Decimal('2.50') })
    expect((await parts.findAll({ size: null })).map((part) => part.name)).toEqual(['a', 'b'])
    expect(await parts.find({ name: 'b', size: null })).toEqual({ name: 'b' })
    expect((await parts.find({ price: new Decimal('2.5') }))?.name).toBe('c')
  })

  test('asking for nothing in particular is a mistake', async () => {
    await using ledger = await openTestLedger()
    const parts = await ledger.table(Part)
    expect(() => parts.findAll({})).toThrow(TypeError)
    await expect(parts.find({ name: undefined } as never)).rejects.toThrow(TypeError)
  })

  test('gets by id until it is deleted, and never anything else by that id', async () => {
    await using ledger = await openTestLedger()
    const parts = await ledger.table(Part)
    const id = await parts.insert({ name: 'a' })
    await parts.insert({ name: 'b' })
    expect(await parts.get(id)).toEqual({ name: 'a' })
    await ledger.sql`DELETE FROM Part WHERE name = 'a'`
    expect(await parts.get(id)).toBeUndefined()
    expect(await parts.get('0000000000000000000000')).toBeUndefined()
    expect(await parts.get('short')).toBeUndefined()
  })

  test('a table that is not there is named', async () => {
    await using ledger = await openTestLedger()
    await using tx = await ledger.begin()
    await expect(tx.table(Part).find({ name: 'a' })).rejects.toMatchObject({ code: 'UNKNOWN_TABLE' })
    await expect(tx.table(Part).history('x')).rejects.toMatchObject({ code: 'TABLE_NOT_FOUND' })
  })
})
