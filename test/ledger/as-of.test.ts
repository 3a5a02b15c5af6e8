/** Goal: a statement reads a table as it was, beside the present and beside other moments of the past. */
import { describe, expect, test } from 'vitest'
import { type Ledger, NotFoundError, StatementError, Timestamp } from '../../src/index.ts'
import { openTestLedger, TestClock } from './open-test-ledger.ts'

/** Blocks a minute apart: 1 table, 2 A, 3 B and A's price, 4 C gone and A gone, 5 table dropped and another of its name. */
async function withLife(): Promise<{ ledger: Ledger; clock: TestClock }> {
  const clock = new TestClock()
  const ledger = await openTestLedger({ clock: clock.read })
  const minute = async (...statements: [text: string, ...parameters: unknown[]][]): Promise<void> => {
    clock.advance(60_000)
    await ledger.transact(async (tx) => {
      for (const [text, ...parameters] of statements) await tx.execute(text, ...parameters)
    })
  }
  await minute(['CREATE TABLE Car'], ['CREATE UNIQUE INDEX ON Car (no)'])
  await minute(['INSERT INTO Car ?', { no: 'A', price: 1 }])
  await minute(['INSERT INTO Car ?', { no: 'B', price: 5 }], ['UPDATE Car SET price = 2 WHERE no = ?', 'A'])
  await minute(['DELETE FROM Car WHERE no = ?', 'A'])
  return { ledger, clock }
}

describe('FOR SYSTEM_TIME AS OF', () => {
  test('a block number shows the documents of then', async () => {
    const { ledger } = await withLife()
    const at = (block: number): PromiseLike<unknown[]> =>
      ledger.sql`SELECT c.no, c.price FROM Car FOR SYSTEM_TIME AS OF ${block} AS c`
    expect(await at(1)).toEqual([])
    expect(await at(2)).toEqual([{ no: 'A', price: 1 }])
    expect(await at(3)).toEqual([
      { no: 'A', price: 2 },
      { no: 'B', price: 5 },
    ])
    expect(await at(4)).toEqual([{ no: 'B', price: 5 }])
    expect(await ledger.sql`SELECT c.no, c.price FROM Car AS c`).toEqual(await at(4))
    await ledger.close()
  })

  test('a timestamp shows what the last block not later left', async () => {
    const { ledger } = await withLife()
    const at = (time: string): PromiseLike<unknown[]> =>
      ledger.execute(
        `SELECT VALUE c.price FROM Car FOR SYSTEM_TIME AS OF \`2026-01-01T${time}Z\` AS c WHERE c.no = 'A'`,
      )
    expect(await at('00:01:59.999')).toEqual([])
    expect(await at('00:02:00')).toEqual([1])
    expect(await at('00:03:00')).toEqual([2])
    expect(await at('00:04:00')).toEqual([])
    expect(
      await ledger.sql`SELECT VALUE c.no FROM Car FOR SYSTEM_TIME AS OF ${new Date('2026-01-01T00:02:30Z')} AS c`,
    ).toEqual(['A'])
    expect(
      await ledger.sql`SELECT VALUE c.no FROM Car FOR SYSTEM_TIME AS OF ${Timestamp.parse('2026-01-01T01:02:30+01:00')} AS c`,
    ).toEqual(['A'])
    await ledger.close()
  })

  test('now and then are joined, and then with another then', async () => {
    const { ledger } = await withLife()
    await ledger.sql`UPDATE Car SET price = 7 WHERE no = 'B'`
    expect(
      await ledger.sql`
        SELECT n.no, t.price AS was, n.price AS is_now FROM Car AS n JOIN Car FOR SYSTEM_TIME AS OF 3 AS t ON n.no = t.no`,
    ).toEqual([{ no: 'B', was: 5, is_now: 7 }])
    expect(
      await ledger.sql`
        SELECT a.no, a.price AS first, b.price AS second
        FROM Car FOR SYSTEM_TIME AS OF 2 AS a, Car FOR SYSTEM_TIME AS OF 3 AS b WHERE a.no = b.no`,
    ).toEqual([{ no: 'A', first: 1, second: 2 }])
    expect(
      await ledger.sql`
        SELECT VALUE t.no FROM Car FOR SYSTEM_TIME AS OF 3 AS t WHERE t.no NOT IN (SELECT VALUE c.no FROM Car AS c)`,
    ).toEqual(['A'])
    await ledger.close()
  })

  test('committed views, document ids and the list of tables are those of then', async () => {
    const { ledger } = await withLife()
    const [id] = await ledger.sql<string>`SELECT VALUE id FROM Car FOR SYSTEM_TIME AS OF 2 AS c BY id`
    expect(
      await ledger.sql`
        SELECT c.metadata.id, c.metadata.version, c.blockAddress.sequenceNo, c.data.price
        FROM _ql_committed_Car FOR SYSTEM_TIME AS OF 3 AS c WHERE c.metadata.id = ${id}`,
    ).toEqual([{ id, version: 1, sequenceNo: 3, price: 2 }])
    await ledger.sql`CREATE TABLE Later`
    const tables = (block: number): PromiseLike<unknown[]> =>
      ledger.sql`SELECT VALUE t.name FROM information_schema.user_tables FOR SYSTEM_TIME AS OF ${block} AS t`
    expect(await tables(0)).toEqual([])
    expect(await tables(4)).toEqual(['Car'])
    expect(await tables(5)).toEqual(['Car', 'Later'])
    await ledger.close()
  })

  test('a name means the table that had it then', async () => {
    const { ledger, clock } = await withLife()
    await ledger.sql`DROP TABLE Car`
    clock.advance(60_000)
    await ledger.sql`CREATE TABLE Car`
    await ledger.sql`INSERT INTO Car ${{ no: 'Z' }}`
    expect(await ledger.sql`SELECT VALUE c.no FROM Car AS c`).toEqual(['Z'])
    expect(await ledger.sql`SELECT VALUE c.no FROM Car FOR SYSTEM_TIME AS OF 3 AS c`).toEqual(['A', 'B'])
    await expect(ledger.sql`SELECT * FROM Car FOR SYSTEM_TIME AS OF 5 AS c`).rejects.toMatchObject({
      code: 'UNKNOWN_TABLE',
    })
    await ledger.close()
  })

  test('inside a transaction it shows what is committed, and its own writes in the present only', async () => {
    const { ledger } = await withLife()
    const tx = await ledger.begin()
    await tx.sql`INSERT INTO Car ${{ no: 'Own' }}`
    expect(await tx.sql`SELECT VALUE c.no FROM Car FOR SYSTEM_TIME AS OF 4 AS c`).toEqual(['B'])
    expect(await tx.sql`SELECT VALUE c.no FROM Car AS c`).toEqual(['B', 'Own'])
    // The past does not change, so it cannot conflict.
    await ledger.sql`INSERT INTO Car ${{ no: 'Other' }}`
    expect(await tx.sql`SELECT VALUE c.no FROM Car FOR SYSTEM_TIME AS OF 4 AS c`).toEqual(['B'])
    await expect(tx.sql`SELECT * FROM Car FOR SYSTEM_TIME AS OF 5 AS c`).rejects.toThrow(StatementError)
  })

  test('what cannot be asked is said with its place', async () => {
    const { ledger } = await withLife()
    const refuse = (text: string, code: string, column: number, ...parameters: unknown[]): Promise<void> =>
      expect(ledger.execute(text, ...parameters).then(() => undefined)).rejects.toMatchObject({
        code,
        location: { line: 1, column },
      })
    await refuse('SELECT * FROM Nowhere FOR SYSTEM_TIME AS OF 3 AS c', 'UNKNOWN_TABLE', 15)
    await refuse('SELECT * FROM Car FOR SYSTEM_TIME AS OF 0 AS c', 'UNKNOWN_TABLE', 15)
    await refuse('SELECT * FROM Car FOR SYSTEM_TIME AS OF 99 AS c', 'EVALUATION_ERROR', 41)
    await refuse("SELECT * FROM Car FOR SYSTEM_TIME AS OF 'yesterday' AS c", 'TYPE_ERROR', 41)
    await refuse('SELECT * FROM Car FOR SYSTEM_TIME AS OF 1.5 AS c', 'TYPE_ERROR', 41)
    await refuse('SELECT * FROM Car FOR SYSTEM_TIME AS OF ? AS c', 'TYPE_ERROR', 41, null)
    await refuse('SELECT * FROM Car FOR SYSTEM_TIME AS OF `2030-01-01T` AS c', 'EVALUATION_ERROR', 41)
    await refuse('SELECT * FROM Car FOR SYSTEM_TIME AS OF c.no AS c', 'UNKNOWN_NAME', 41)
    await refuse('SELECT * FROM history(Car) FOR SYSTEM_TIME AS OF 3 AS c', 'UNSUPPORTED_STATEMENT', 15)
    await refuse('SELECT * FROM Car FOR SYSTEM_TIME AS OF `2025-01-01T` AS c', 'UNKNOWN_TABLE', 15)
    await expect(ledger.execute('UPDATE Car FOR SYSTEM_TIME AS OF 3 SET price = 1')).rejects.toThrow(StatementError)
    expect(() => ledger.asOf(99)).toThrow(NotFoundError)
    await ledger.close()
  })
})
