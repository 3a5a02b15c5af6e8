/**
 * Goal: a unique index lets no two documents of a table have one value, whatever a statement, a transaction or two of
 * them at once do; and the journal stays the truth: what it says is folded, whether unique or not.
 * Method: by hand where SQL says what must happen; at random against a plain list with the rule checked by hand.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ConflictError,
  Decimal,
  type Ledger,
  openLedger,
  StatementError,
  UniqueViolationError,
} from '../../src/index.ts'
import { openTestLedger } from './open-test-ledger.ts'

async function withVehicles(...documents: object[]): Promise<Ledger> {
  const ledger = await openTestLedger()
  await ledger.sql`CREATE TABLE Vehicle`
  await ledger.sql`CREATE UNIQUE INDEX ON Vehicle (vin)`
  if (documents.length > 0) await ledger.sql`INSERT INTO Vehicle ${documents}`
  return ledger
}

const vins = (ledger: Ledger): PromiseLike<unknown[]> => ledger.sql`SELECT VALUE v.vin FROM Vehicle AS v`

describe('a unique index', () => {
  test('is shown where tables are listed, and in the journal', async () => {
    await using ledger = await withVehicles()
    await ledger.sql`CREATE INDEX ON Vehicle (owner)`
    const [table] = await ledger.sql<{ indexes: object[] }>`SELECT * FROM information_schema.user_tables`
    expect(table?.indexes).toEqual([
      { indexId: expect.any(String), expr: '[vin]', status: 'ONLINE', unique: true },
      { indexId: expect.any(String), expr: '[owner]', status: 'ONLINE' },
    ])
  })

  test('refuses a second document with the value, naming table, field, value and the document that has it', async () => {
    await using ledger = await withVehicles({ vin: 'V1' })
    const [id] = await ledger.sql<string>`SELECT VALUE id FROM Vehicle AS v BY id`
    const before = await ledger.digest()
    const refused = ledger.sql`INSERT INTO Vehicle ${{ vin: 'V1', owner: 'Ines' }}`
    await expect(refused).rejects.toBeInstanceOf(UniqueViolationError)
    await expect(refused).rejects.toBeInstanceOf(StatementError)
    await expect(refused).rejects.toMatchObject({
      code: 'UNIQUE_VIOLATION',
      table: 'Vehicle',
      field: 'vin',
      value: 'V1',
      documentId: id,
      message: expect.stringMatching(new RegExp(`Vehicle.*vin "V1".*${id}`)),
    })
    await expect(ledger.sql`INSERT INTO Vehicle ${[{ vin: 'V2' }, { vin: 'V2' }]}`).rejects.toMatchObject({
      value: 'V2',
    })
    expect(await ledger.digest()).toEqual(before)
  })

  test('takes 1, 1.0 and 1e0 for one value, and not 1 and "1"', async () => {
    await using ledger = await withVehicles({ vin: 1 })
    await expect(ledger.sql`INSERT INTO Vehicle ${{ vin: new Decimal('1.0') }}`).rejects.toThrow(UniqueViolationError)
    await expect(ledger.execute('INSERT INTO Vehicle {vin: 1e0}')).rejects.toThrow(UniqueViolationError)
    await ledger.sql`INSERT INTO Vehicle ${{ vin: '1' }}`
  })

  test('does not count NULL and MISSING', async () => {
    await using ledger = await withVehicles({ vin: null }, { vin: null }, {}, {}, { vin: 'V1' })
    await ledger.sql`UPDATE Vehicle SET vin = NULL WHERE vin = 'V1'`
    await ledger.execute('INSERT INTO Vehicle `{vin: null.string}`')
    await ledger.sql`INSERT INTO Vehicle ${{ vin: 'V1' }}`
    expect(await ledger.sql`SELECT VALUE COUNT(*) FROM Vehicle AS v`).toEqual([7])
  })

  test('is checked at the end of a statement: values may be exchanged in one, but not in two', async () => {
    await using ledger = await withVehicles({ vin: 1 }, { vin: 2 }, { vin: 3 })
    await ledger.sql`UPDATE Vehicle SET vin = vin + 1`
    expect(await vins(ledger)).toEqual([2, 3, 4])
    await ledger.sql`UPDATE Vehicle SET vin = CASE WHEN vin = 2 THEN 4 ELSE 2 END WHERE vin IN (2, 4)`
    expect(await vins(ledger)).toEqual([4, 3, 2])
    await expect(ledger.sql`UPDATE Vehicle SET vin = 9`).rejects.toMatchObject({ code: 'UNIQUE_VIOLATION', value: 9 })
    await expect(
      ledger.transact(async (tx) => {
        await tx.sql`UPDATE Vehicle SET vin = 3 WHERE vin = 4`
        await tx.sql`UPDATE Vehicle SET vin = 4 WHERE vin = 3`
      }),
    ).rejects.toThrow(UniqueViolationError)
    expect(await vins(ledger)).toEqual([4, 3, 2])
  })

  test('knows what the transaction has written, and what it has freed', async () => {
    await using ledger = await withVehicles({ vin: 'V1' })
    const tx = await ledger.begin()
    await tx.sql`INSERT INTO Vehicle ${{ vin: 'V2' }}`
    await expect(tx.sql`INSERT INTO Vehicle ${{ vin: 'V2' }}`).rejects.toThrow(UniqueViolationError)
    await tx.sql`DELETE FROM Vehicle WHERE vin = 'V1'`
    await tx.sql`INSERT INTO Vehicle ${{ vin: 'V1', round: 2 }}`
    await tx.sql`DELETE FROM Vehicle WHERE vin = 'V2'`
    await tx.sql`INSERT INTO Vehicle ${{ vin: 'V2', round: 2 }}`
    await expect(tx.sql`UPDATE Vehicle SET vin = 'V1' WHERE vin = 'V2'`).rejects.toThrow(UniqueViolationError)
    await tx.commit()
    expect(await ledger.sql`SELECT v.* FROM Vehicle AS v`).toEqual([
      { vin: 'V1', round: 2 },
      { vin: 'V2', round: 2 },
    ])
    expect(await ledger.check({ deep: true })).toMatchObject({ isSound: true })
  })

  test('of two transactions that bring one value, one is refused as a conflict and then for the value', async () => {
    await using ledger = await withVehicles()
    const [first, second] = [await ledger.begin(), await ledger.begin()]
    await first.sql`INSERT INTO Vehicle ${{ vin: 'V1' }}`
    await second.sql`INSERT INTO Vehicle ${{ vin: 'V1' }}`
    await first.commit()
    await expect(second.commit()).rejects.toThrow(ConflictError)

    const both = await Promise.allSettled([
      ledger.sql`INSERT INTO Vehicle ${{ vin: 'V2' }}`,
      ledger.sql`INSERT INTO Vehicle ${{ vin: 'V2' }}`,
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find((each) => each.status === 'rejected')?.reason).toBeInstanceOf(UniqueViolationError)
    expect(await vins(ledger)).toEqual(['V1', 'V2'])
  })

  test('two transactions with different values do not meet', async () => {
    await using ledger = await withVehicles()
    const [first, second] = [await ledger.begin(), await ledger.begin()]
    await first.sql`INSERT INTO Vehicle ${{ vin: 'V1' }}`
    await second.sql`INSERT INTO Vehicle ${{ vin: 'V2' }}`
    await first.commit()
    await second.commit()
    expect(await vins(ledger)).toEqual(['V1', 'V2'])
  })

  test('cannot be made where a value stands twice, which is named with both documents', async () => {
    await using ledger = await openTestLedger()
    await ledger.sql`CREATE TABLE Vehicle`
    const ids = (
      await ledger.sql<{ documentId: string }>`INSERT INTO Vehicle ${[{ vin: 'V1' }, { vin: 'V2' }, { vin: 'V1' }]}`
    ).map((row) => row.documentId)
    await expect(ledger.sql`CREATE UNIQUE INDEX ON Vehicle (vin)`).rejects.toMatchObject({
      code: 'UNIQUE_VIOLATION',
      table: 'Vehicle',
      field: 'vin',
      value: 'V1',
      documentId: ids[0],
      message: expect.stringContaining(ids[2]!),
    })
    await ledger.sql`DELETE FROM Vehicle AS v BY id WHERE id = ${ids[2]}`
    await ledger.sql`CREATE UNIQUE INDEX ON Vehicle (vin)`
    await expect(ledger.sql`INSERT INTO Vehicle ${{ vin: 'V2' }}`).rejects.toThrow(UniqueViolationError)
  })

  test('made and used in one transaction, is kept there too', async () => {
    await using ledger = await openTestLedger()
    await ledger.sql`CREATE TABLE Vehicle`
    await ledger.sql`INSERT INTO Vehicle ${[{ vin: 'V1' }, { vin: 'V2' }]}`
    const tx = await ledger.begin()
    await tx.sql`INSERT INTO Vehicle ${{ vin: 'V3' }}`
    await tx.sql`CREATE UNIQUE INDEX ON Vehicle (vin)`
    for (const vin of ['V1', 'V2', 'V3']) {
      await expect(tx.sql`INSERT INTO Vehicle ${{ vin }}`).rejects.toThrow(UniqueViolationError)
    }
    await tx.sql`DELETE FROM Vehicle WHERE vin = 'V1'`
    await tx.sql`INSERT INTO Vehicle ${{ vin: 'V1', round: 2 }}`
    await expect(tx.sql`INSERT INTO Vehicle ${{ vin: 'V1' }}`).rejects.toThrow(UniqueViolationError)
    await tx.commit()
    expect(await ledger.check({ deep: true })).toMatchObject({ isSound: true })
  })

  test('conflicts with what is inserted while it is made', async () => {
    await using ledger = await openTestLedger()
    await ledger.sql`CREATE TABLE Vehicle`
    await ledger.sql`INSERT INTO Vehicle ${{ vin: 'V1' }}`
    const [maker, writer] = [await ledger.begin(), await ledger.begin()]
    await maker.sql`CREATE UNIQUE INDEX ON Vehicle (vin)`
    await writer.sql`INSERT INTO Vehicle ${{ vin: 'V1' }}`
    await writer.commit()
    await expect(maker.commit()).rejects.toThrow(ConflictError)
  })

  test('beside an index on the same field is refused, with what to do', async () => {
    await using ledger = await withVehicles()
    await ledger.sql`CREATE INDEX ON Vehicle (owner)`
    await expect(ledger.sql`CREATE UNIQUE INDEX ON Vehicle (vin)`).rejects.toMatchObject({ code: 'INDEX_EXISTS' })
    await expect(ledger.sql`CREATE INDEX ON Vehicle (vin)`).rejects.toThrow(/already has a unique index.*Drop it first/)
    await expect(ledger.sql`CREATE UNIQUE INDEX ON Vehicle (owner)`).rejects.toThrow(/already has an index.*Drop it/)
    await expect(ledger.execute('CREATE UNIQUE INDEX ON Vehicle (a, b)')).rejects.toMatchObject({
      code: 'UNSUPPORTED_STATEMENT',
    })
  })

  test('dropped, keeps nothing apart any more', async () => {
    await using ledger = await withVehicles({ vin: 'V1' })
    const [table] = await ledger.sql<{ indexes: { indexId: string }[] }>`SELECT * FROM information_schema.user_tables`
    await ledger.execute(`DROP INDEX "${table!.indexes[0]!.indexId}" ON Vehicle WITH (purge = true)`)
    await ledger.sql`INSERT INTO Vehicle ${{ vin: 'V1' }}`
    expect(await vins(ledger)).toEqual(['V1', 'V1'])
  })

  test('is there after the views were rebuilt, and values too long for a key are kept apart exactly', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tally-unique-'))
    const long = 'x'.repeat(3000)
    try {
      {
        await using ledger = await openLedger(join(folder, 'l'))
        await ledger.sql`CREATE TABLE Vehicle`
        await ledger.sql`CREATE UNIQUE INDEX ON Vehicle (vin)`
        await ledger.sql`INSERT INTO Vehicle ${[{ vin: `${long}1` }, { vin: `${long}2` }]}`
      }
      rmSync(join(folder, 'l', 'views'), { recursive: true })
      await using ledger = await openLedger(join(folder, 'l'))
      await expect(ledger.sql`INSERT INTO Vehicle ${{ vin: `${long}1` }}`).rejects.toThrow(UniqueViolationError)
      await ledger.sql`INSERT INTO Vehicle ${{ vin: `${long}3` }}`
      expect(await ledger.check({ deep: true })).toMatchObject({ isSound: true })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

test('at random, statements are refused exactly when they would leave a value twice', async () => {
  const value = fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined })
  const statement = fc.oneof(
    fc.record({ kind: fc.constant('insert' as const), values: fc.array(value, { minLength: 1, maxLength: 3 }) }),
    fc.record({ kind: fc.constant('move' as const), from: value, to: value }),
    fc.record({ kind: fc.constant('shift' as const), by: fc.integer({ min: -2, max: 2 }) }),
    fc.record({ kind: fc.constant('delete' as const), from: value }),
    fc.record({ kind: fc.constant('commit' as const) }),
  )
  let refused = 0
  await fc.assert(
    fc.asyncProperty(fc.array(statement, { minLength: 8, maxLength: 25 }), async (statements) => {
      await using ledger = await openLedger(':memory:')
      await ledger.sql`CREATE TABLE T`
      await ledger.sql`CREATE UNIQUE INDEX ON T (k)`
      let model: (number | undefined)[] = []
      let tx = await ledger.begin()
      for (const each of statements) {
        if (each.kind === 'commit') {
          await tx.commit()
          tx = await ledger.begin()
          continue
        }
        let next = model
        let text: string
        let parameters: unknown[] = []
        switch (each.kind) {
          case 'insert':
            next = [...model, ...each.values]
            text = 'INSERT INTO T ?'
            parameters = [each.values.map((k) => (k === undefined ? {} : { k }))]
            break
          case 'move':
            next = model.map((k) => (k === each.from ? each.to : k))
            text = `UPDATE T SET k = ${each.to ?? 'MISSING'} WHERE k ${each.from === undefined ? 'IS MISSING' : `= ${each.from}`}`
            break
          case 'shift':
            next = model.map((k) => (k === undefined ? k : k + each.by))
            text = `UPDATE T SET k = k + ${each.by} WHERE k IS NOT MISSING`
            break
          case 'delete':
            next = model.filter((k) => k !== each.from)
            text = `DELETE FROM T WHERE k ${each.from === undefined ? 'IS MISSING' : `= ${each.from}`}`
        }
        const present = next.filter((k) => k !== undefined)
        const isAllowed = new Set(present).size === present.length
        const run = tx.execute(text, ...parameters).then(
          () => true,
          (error: unknown) => {
            if (!(error instanceof UniqueViolationError)) throw error
            return false
          },
        )
        expect(await run).toBe(isAllowed)
        if (isAllowed) model = next
        else refused++
        const rows = await tx.execute<{ k?: number }>('SELECT * FROM T')
        const order = (a: number | undefined, b: number | undefined): number => (a ?? -99) - (b ?? -99)
        expect(rows.map(({ k }) => k).sort(order)).toEqual([...model].sort(order))
      }
      await tx.commit()
      expect(await ledger.check({ deep: true })).toMatchObject({ isSound: true })
    }),
    { numRuns: 100, seed: 3 },
  )
  expect(refused).toBeGreaterThan(50)
}, 60_000)
