import { describe, expect, test } from 'vitest'
import { Decimal, type Ledger, type Table, table } from '../../src/index.ts'
import { openTestLedger, TestClock } from './open-test-ledger.ts'

interface Account {
  no: string
  balance: Decimal
  tags?: string[]
}
const Account = table<Account>('Account', { index: ['no'] })

/** One account with three versions and a deletion, a minute apart, and another that stays. */
async function withHistory(): Promise<{ ledger: Ledger; accounts: Table<Account>; id: string; clock: TestClock }> {
  const clock = new TestClock()
  const ledger = await openTestLedger({ clock: clock.read })
  const accounts = await ledger.table(Account) // block 1
  clock.advance(60_000)
  const id = await accounts.insert({ no: 'A', balance: new Decimal('1.0') }) // block 2, 00:01
  clock.advance(60_000)
  await ledger.sql`UPDATE Account SET balance = ${new Decimal('1.00')} WHERE no = 'A'` // block 3, 00:02
  await accounts.insert({ no: 'B', balance: new Decimal('5') }) // block 4, 00:02
  clock.advance(60_000)
  await ledger.sql`UPDATE Account SET tags = ${['x', 'y']} WHERE no = 'A'` // block 5, 00:03
  clock.advance(60_000)
  await ledger.sql`DELETE FROM Account WHERE no = 'A'` // block 6, 00:04
  return { ledger, accounts, id, clock }
}

describe('the history of a document', () => {
  test('has every version, in order, with what changed to the last digit', async () => {
    const { ledger, accounts, id } = await withHistory()
    const history = await accounts.history(id)
    expect(history.map(({ version, kind, blockAddress }) => [version, kind, blockAddress.sequenceNo])).toEqual([
      [0, 'document', 2],
      [1, 'document', 3],
      [2, 'document', 5],
      [3, 'deletion', 6],
    ])
    expect(history.map((revision) => revision.txTime.toISOString().slice(11, 16))).toEqual([
      '00:01',
      '00:02',
      '00:03',
      '00:04',
    ])
    expect(history[1]!.diff()).toEqual([{ path: 'balance', before: new Decimal('1.0'), after: new Decimal('1.00') }])
    expect(history[2]!.diff()).toEqual([{ path: 'tags', before: undefined, after: ['x', 'y'] }])
    expect(history[3]!.diff()?.map((change) => change.path)).toEqual(['no', 'balance', 'tags'])
    expect(history[3]!.data).toBeUndefined()
    expect(history[2]!.data).toEqual({ no: 'A', balance: new Decimal('1.00'), tags: ['x', 'y'] })
    expect(await accounts.history('0000000000000000000000')).toEqual([])
    await ledger.close()
  })

  test('a single revision knows what changed too', async () => {
    const { ledger, id } = await withHistory()
    const newest = await ledger.revision({ documentId: id })
    expect(newest).toMatchObject({ id, version: 3, kind: 'deletion' })
    const second = await ledger.revision({ documentId: id, version: 1 })
    expect(second.diff()?.map((change) => change.path)).toEqual(['balance'])
    const first = await ledger.revision({ documentId: id, blockAddress: { strandId: ledger.strandId, sequenceNo: 2 } })
    expect(first).toMatchObject({ version: 0, data: { no: 'A' } })
    expect((await ledger.block(5)).revisions[0]?.diff()?.map((change) => change.path)).toEqual(['tags'])
    await ledger.close()
  })

  test('what is not there is named', async () => {
    const { ledger, id } = await withHistory()
    const missing = { name: 'NotFoundError', code: 'REVISION_NOT_FOUND' }
    await expect(ledger.revision({ documentId: id, version: 4 })).rejects.toMatchObject(missing)
    await expect(ledger.revision({ documentId: 'x' })).rejects.toMatchObject(missing)
    const { strandId } = ledger
    await expect(ledger.revision({ documentId: id, blockAddress: { strandId, sequenceNo: 4 } })).rejects.toMatchObject(
      missing,
    )
    await expect(ledger.revision({ documentId: id, blockAddress: { strandId, sequenceNo: 99 } })).rejects.toMatchObject(
      {
        code: 'BLOCK_NOT_FOUND',
      },
    )
    await expect(
      ledger.revision({ documentId: id, blockAddress: { strandId: 'another', sequenceNo: 2 } }),
    ).rejects.toMatchObject({ code: 'BLOCK_NOT_FOUND' })
    await ledger.close()
  })

  test('a transaction sees committed revisions only', async () => {
    const { ledger, accounts } = await withHistory()
    const id = await accounts.insert({ no: 'C', balance: new Decimal('1') })
    await using tx = await ledger.begin()
    await tx.sql`UPDATE Account SET no = 'D' WHERE no = 'C'`
    expect(await tx.table(Account).history(id)).toHaveLength(1)
    await tx.abort()
    await ledger.close()
  })
})

describe('the past', () => {
  test('is what every block left, by number', async () => {
    const { ledger } = await withHistory()
    const numbers = async (block: number): Promise<unknown> =>
      (await ledger.asOf(block).sql<{ no: string }>`SELECT no FROM Account`).map((row) => row.no)
    expect(await numbers(1)).toEqual([])
    expect(await numbers(2)).toEqual(['A'])
    expect(await numbers(4)).toEqual(['A', 'B'])
    expect(await numbers(5)).toEqual(['A', 'B'])
    expect(await numbers(6)).toEqual(['B'])
    expect(await ledger.sql`SELECT no FROM Account`).toEqual([{ no: 'B' }])
    await ledger.close()
  })

  test('is found by time: after the last block that is not later', async () => {
    const { ledger } = await withHistory()
    const at = (time: string): number => ledger.asOf(new Date(`2026-01-01T${time}Z`)).sequenceNo
    expect(at('00:00:00')).toBe(1)
    expect(at('00:00:59.999')).toBe(1)
    expect(at('00:01:00')).toBe(2)
    expect(at('00:02:30')).toBe(4)
    expect(at('00:04:00')).toBe(6)
    expect(at('23:00:00')).toBe(6)
    const before = ledger.asOf(new Date('2025-12-31T23:59:59Z'))
    expect(before.sequenceNo).toBe(-1)
    expect(await before.sql`SELECT * FROM information_schema.user_tables`).toEqual([])
    await expect(before.sql`SELECT * FROM Account`).rejects.toMatchObject({
      code: 'UNKNOWN_TABLE',
      message: expect.stringContaining('did not exist at that time'),
    })
    await ledger.close()
  })

  test('reads tables, by field and by id, and their history up to then', async () => {
    const { ledger, id } = await withHistory()
    const then = ledger.asOf(3).table(Account)
    expect(await then.find({ no: 'A' })).toEqual({ no: 'A', balance: new Decimal('1.00') })
    expect(await then.find({ no: 'B' })).toBeUndefined()
    expect(await then.get(id)).toMatchObject({ no: 'A' })
    expect(await then.scan()).toHaveLength(1)
    expect((await then.history(id)).map((revision) => revision.version)).toEqual([0, 1])
    expect(await ledger.asOf(6).table(Account).get(id)).toBeUndefined()
    expect(await ledger.asOf(3).execute('SELECT VALUE h.metadata.version FROM history(Account) AS h')).toEqual([0, 1])
    await ledger.close()
  })

  test('does not change when the present does', async () => {
    const { ledger } = await withHistory()
    const past = ledger.asOf(4)
    const read = async (): Promise<unknown> => past.sql`SELECT * FROM Account`
    const before = await read()
    await ledger.sql`DELETE FROM Account`
    await ledger.sql`CREATE TABLE Later`
    expect(await read()).toEqual(before)
    await expect(past.sql`SELECT * FROM Later`).rejects.toMatchObject({ code: 'UNKNOWN_TABLE' })
    await ledger.sql`DROP TABLE Account`
    expect(await read()).toEqual(before)
    expect(await past.sql`SELECT VALUE name FROM information_schema.user_tables`).toEqual(['Account'])
    await ledger.close()
  })

  test('cannot be written, and what is not there is named', async () => {
    const { ledger } = await withHistory()
    const past = ledger.asOf(4)
    await expect(past.sql`DELETE FROM Account`).rejects.toMatchObject({ code: 'READ_ONLY' })
    await expect(past.sql`CREATE TABLE T`).rejects.toMatchObject({ code: 'READ_ONLY' })
    await expect(past.sql`SELECT * FROM Nowhere`).rejects.toMatchObject({ code: 'UNKNOWN_TABLE' })
    await expect(past.table(table('Nowhere')).history('x')).rejects.toMatchObject({ code: 'TABLE_NOT_FOUND' })
    expect(() => ledger.asOf(7)).toThrow(expect.objectContaining({ code: 'BLOCK_NOT_FOUND' }))
    expect(() => ledger.asOf(-1)).toThrow(RangeError)
    expect(() => ledger.asOf(1.5)).toThrow(RangeError)
    expect(() => ledger.asOf(new Date(Number.NaN))).toThrow(TypeError)
    await ledger.close()
  })
})
