import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  ConflictError,
  type Ledger,
  type LedgerTransaction,
  openLedger,
  StatementError,
  table,
} from '../../src/index.ts'
import { openTestLedger, seededRandomness, TestClock } from './open-test-ledger.ts'

interface Car {
  vin: string
  owner: string
  year: number
}
const Vehicle = table<Car>('Vehicle', { index: ['vin', 'owner'] })

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tally-ledger-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** A ledger with `count` cars in one table: `vin` v0, v1, …; `owner` o0 … o9. */
async function withCars(count: number): Promise<Ledger> {
  const ledger = await openTestLedger()
  await ledger.table(Vehicle)
  const cars = Array.from({ length: count }, (_, n) => ({ vin: `v${n}`, owner: `o${n % 10}`, year: 2000 + (n % 25) }))
  if (count > 0) await ledger.sql`INSERT INTO Vehicle ${cars}`
  return ledger
}

async function tipOf(ledger: Ledger): Promise<number> {
  return (await ledger.digest()).digestTipAddress.sequenceNo
}

describe('opening', () => {
  test('what was written is there after closing and opening again', async () => {
    const path = join(folder, 'cars')
    const first = await openLedger(path)
    const cars = await first.table(Vehicle)
    const id = await cars.insert({ vin: 'v', owner: 'o', year: 1 })
    const digest = await first.digest()
    await first.close()

    await using second = await openLedger(path)
    expect(await second.digest()).toEqual(digest)
    expect(await (await second.table(Vehicle)).get(id)).toEqual({ vin: 'v', owner: 'o', year: 1 })
    expect(second).toMatchObject({ name: 'cars', strandId: first.strandId, isReadOnly: false })
    expect(await second.digest(), 'opening a table that is there writes nothing').toEqual(digest)
  })

  test('a reader sees what the writer commits, and cannot write', async () => {
    const path = join(folder, 'cars')
    await using writer = await openLedger(path)
    const cars = await writer.table(Vehicle)
    await cars.insert({ vin: 'v1', owner: 'o', year: 1 })

    await using reader = await openLedger(path, { readOnly: true })
    expect(await reader.sql`SELECT VALUE vin FROM Vehicle`).toEqual(['v1'])
    await cars.insert({ vin: 'v2', owner: 'o', year: 1 })
    expect(await reader.sql`SELECT VALUE vin FROM Vehicle`).toEqual(['v1', 'v2'])
    expect(await reader.digest()).toEqual(await writer.digest())
    expect(await (await reader.table(Vehicle)).find({ vin: 'v2' })).toMatchObject({ vin: 'v2' })

    await expect(reader.sql`INSERT INTO Vehicle ${{}}`).rejects.toMatchObject({ code: 'READ_ONLY' })
    await expect(reader.table(table('Other'))).rejects.toMatchObject({ code: 'READ_ONLY' })
    await writer.sql`CREATE TABLE Later`
    expect(await reader.sql`SELECT * FROM Later`).toEqual([])
  })

  test('refuses a second writer, a folder with other things, and a missing ledger to read', async () => {
    const path = join(folder, 'cars')
    await using _ = await openLedger(path)
    await expect(openLedger(path)).rejects.toMatchObject({ code: 'LEDGER_LOCKED' })
    await expect(openLedger(join(folder, 'none'), { readOnly: true })).rejects.toMatchObject({
      code: 'LEDGER_NOT_FOUND',
    })
    const other = mkdtempSync(join(folder, 'other-'))
    writeFileSync(join(other, 'letter.txt'), 'Dear')
    await expect(openLedger(other)).rejects.toMatchObject({ code: 'NOT_A_LEDGER' })
  })

  test('refuses targets and options of the wrong kind, and touches nothing', async () => {
    await expect(openLedger('')).rejects.toThrow(TypeError)
    await expect(openLedger('https://ledger.example/cars')).rejects.toThrow(TypeError)
    const wrong = (options: object): Promise<unknown> => openLedger(join(folder, 'x'), options)
    await expect(wrong({ durability: 'none' })).rejects.toThrow(/durability/)
    await expect(wrong({ limits: { documents: 1 } })).rejects.toThrow(/documents/)
    await expect(wrong({ limits: { documentSizeBytes: -1 } })).rejects.toThrow(/documentSizeBytes/)
    await expect(wrong({ clock: new Date() })).rejects.toThrow(/clock/)
    await expect(wrong({ segmentSizeBytes: 0 })).rejects.toThrow(/segmentSizeBytes/)
    await expect(openLedger(join(folder, 'x'), { readOnly: true })).rejects.toMatchObject({ code: 'LEDGER_NOT_FOUND' })
  })

  test('the same clock, randomness and statements give the same journal, hash for hash', async () => {
    const run = async (): Promise<string> => {
      const clock = new TestClock()
      await using ledger = await openTestLedger({ clock: clock.read, randomness: seededRandomness(7) })
      const cars = await ledger.table(Vehicle)
      clock.advance(5)
      const id = await cars.insert({ vin: 'v', owner: 'o', year: 1 })
      clock.advance(-1000)
      await ledger.sql`UPDATE Vehicle SET owner = 'p'`
      return `${id} ${JSON.stringify(await ledger.digest())}`
    }
    expect(await run()).toBe(await run())
  })
})

describe('closing', () => {
  test('every use of a closed ledger says LEDGER_CLOSED; closing twice is harmless', async () => {
    const ledger = await withCars(3)
    const cars = await ledger.table(Vehicle)
    const past = ledger.asOf(1)
    await ledger.close()
    await ledger.close()
    const closed = { name: 'SessionError', code: 'LEDGER_CLOSED' }
    await expect(ledger.sql`SELECT * FROM Vehicle`).rejects.toMatchObject(closed)
    await expect(ledger.sql`INSERT INTO Vehicle ${{}}`).rejects.toMatchObject(closed)
    await expect(ledger.execute('SELECT * FROM Vehicle').first()).rejects.toMatchObject(closed)
    await expect(ledger.begin()).rejects.toMatchObject(closed)
    await expect(ledger.transact(async () => 1)).rejects.toMatchObject(closed)
    await expect(ledger.table(Vehicle)).rejects.toMatchObject(closed)
    await expect(ledger.digest()).rejects.toMatchObject(closed)
    await expect(ledger.block(0)).rejects.toMatchObject(closed)
    await expect(ledger.proveBlock(0)).rejects.toMatchObject(closed)
    await expect(ledger.revision({ documentId: 'x' })).rejects.toMatchObject(closed)
    await expect(ledger.check()).rejects.toMatchObject(closed)
    await expect(cars.find({ vin: 'v1' })).rejects.toMatchObject(closed)
    await expect(cars.history('x')).rejects.toMatchObject(closed)
    await expect(past.sql`SELECT * FROM Vehicle`).rejects.toMatchObject(closed)
    expect(() => ledger.asOf(0)).toThrow(expect.objectContaining(closed))
    expect(() => ledger.follow()).toThrow(expect.objectContaining(closed))
  })

  test('ends open transactions and streams, which then say so', async () => {
    const ledger = await withCars(500)
    const tx = await ledger.begin()
    const inside = tx.sql`SELECT * FROM Vehicle`[Symbol.asyncIterator]()
    const outside = ledger.sql`SELECT * FROM Vehicle`[Symbol.asyncIterator]()
    const past = ledger.asOf(await tipOf(ledger)).sql`SELECT * FROM Vehicle`[Symbol.asyncIterator]()
    for (const stream of [inside, outside, past]) expect((await stream.next()).done).toBe(false)
    await ledger.close()
    await expect(outside.next()).rejects.toMatchObject({ code: 'LEDGER_CLOSED' })
    await expect(past.next()).rejects.toMatchObject({ code: 'LEDGER_CLOSED' })
    await expect(inside.next()).rejects.toMatchObject({ name: 'SessionError' })
    await expect(tx.sql`SELECT * FROM Vehicle`).rejects.toMatchObject({ code: 'LEDGER_CLOSED' })
    await expect(tx.commit()).rejects.toMatchObject({ name: 'SessionError' })
    await tx.abort()
  })

  test('waits for commits that were asked for', async () => {
    const path = join(folder, 'cars')
    const ledger = await openLedger(path)
    await ledger.sql`CREATE TABLE T`
    const writes = Array.from({ length: 20 }, (_, n) => ledger.sql`INSERT INTO T ${{ n }}`.then((rows) => rows.length))
    await ledger.close()
    expect(await Promise.all(writes)).toEqual(Array.from({ length: 20 }, () => 1))
    await using again = await openLedger(path)
    expect(await again.sql`SELECT VALUE n FROM T`).toHaveLength(20)
  })
})

describe('statements', () => {
  test('execute takes a text and parameters', async () => {
    await using ledger = await withCars(5)
    expect(await ledger.execute('SELECT VALUE vin FROM Vehicle WHERE year > ? AND year < ?', 2001, 2004)).toEqual([
      'v2',
      'v3',
    ])
    // @ts-expect-error a statement is a text
    expect(() => ledger.execute(5)).toThrow(TypeError)
    await expect(ledger.execute('SELECT * FROM Vehicle WHERE vin = ?')).rejects.toMatchObject({
      code: 'WRONG_PARAMETER_COUNT',
    })
    await expect(ledger.execute('SELECT * FROM Vehicle', 1)).rejects.toMatchObject({ code: 'WRONG_PARAMETER_COUNT' })
  })

  test('a query writes no block, anything else one', async () => {
    await using ledger = await withCars(3)
    const tip = await tipOf(ledger)
    await ledger.sql`SELECT * FROM Vehicle`
    await ledger.sql`UPDATE Vehicle SET year = 1 WHERE vin = 'nobody'`
    expect(await tipOf(ledger)).toBe(tip)
    expect(await ledger.sql`UPDATE Vehicle SET year = 1 WHERE owner = ${'o1'}`).toHaveLength(1)
    expect(await tipOf(ledger)).toBe(tip + 1)
    const [row] = await ledger.sql<{ documentId: string }>`INSERT INTO Vehicle ${{ vin: 'new' }}`
    expect(row?.documentId).toMatch(/^[0-9A-Za-z]{22}$/)
  })

  test('mistakes are typed errors and change nothing', async () => {
    await using ledger = await withCars(3)
    const before = await ledger.digest()
    await expect(ledger.sql`SELEC * FROM Vehicle`).rejects.toMatchObject({
      name: 'StatementError',
      code: 'SYNTAX_ERROR',
      location: { line: 1, column: 1 },
    })
    await expect(ledger.sql`SELECT * FROM Nowhere`).rejects.toMatchObject({ code: 'UNKNOWN_TABLE' })
    await expect(ledger.sql`INSERT INTO Nowhere ${{}}`).rejects.toMatchObject({ code: 'UNKNOWN_TABLE' })
    await expect(ledger.sql`INSERT INTO Vehicle ${5}`).rejects.toMatchObject({ code: 'NOT_A_DOCUMENT' })
    await expect(ledger.sql`CREATE TABLE Vehicle`).rejects.toMatchObject({ code: 'TABLE_EXISTS' })
    await expect(ledger.sql`INSERT INTO Vehicle ${[{ a: 1 }, 5]}`).rejects.toMatchObject({ code: 'NOT_A_DOCUMENT' })
    expect(await ledger.digest()).toEqual(before)
    expect(await ledger.sql`SELECT * FROM Vehicle`).toHaveLength(3)
  })

  test('limits hold, and say which', async () => {
    await using ledger = await openTestLedger({ limits: { documentSizeBytes: 100, documentsPerTransaction: 2 } })
    await ledger.sql`CREATE TABLE T`
    await expect(ledger.sql`INSERT INTO T ${{ a: 'x'.repeat(200) }}`).rejects.toMatchObject({
      name: 'LimitError',
      code: 'DOCUMENT_TOO_LARGE',
    })
    await expect(ledger.sql`INSERT INTO T ${[{}, {}, {}]}`).rejects.toMatchObject({ code: 'TRANSACTION_TOO_LARGE' })
    expect(await ledger.sql`SELECT * FROM T`).toEqual([])
  })

  test('a stream sees the state from when it began, whatever is written meanwhile', async () => {
    await using ledger = await withCars(300)
    let rows = 0
    for await (const _ of ledger.sql`SELECT * FROM Vehicle`) {
      if (rows++ === 10) await ledger.sql`DELETE FROM Vehicle`
    }
    expect(rows).toBe(300)
    expect(await ledger.sql`SELECT * FROM Vehicle`).toEqual([])
  })

  test('a long stream lets timers fire', async () => {
    await using ledger = await withCars(20_000)
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    let rows = 0
    for await (const _ of ledger.sql`SELECT * FROM Vehicle`) rows++
    clearInterval(timer)
    expect(rows).toBe(20_000)
    expect(ticks).toBeGreaterThan(0)
  })
})

describe('transact', () => {
  test('gives the value of the function, after the commit', async () => {
    await using ledger = await withCars(0)
    let id = ''
    const value = await ledger.transact(async (tx) => {
      id = tx.id
      await tx.table(Vehicle).insert({ vin: 'a', owner: 'b', year: 1 })
      return 'done'
    })
    expect(value).toBe('done')
    const block = await ledger.block(await tipOf(ledger))
    expect(block.transactionId).toBe(id)
    expect(block.revisions[0]).toMatchObject({ txId: id, version: 0, data: { vin: 'a' } })
  })

  test('sees its own writes; others see them after the commit, all at once', async () => {
    await using ledger = await withCars(0)
    await ledger.transact(async (tx) => {
      await tx.sql`INSERT INTO Vehicle ${{ vin: 'a' }}`
      await tx.sql`INSERT INTO Vehicle ${{ vin: 'b' }}`
      expect(await tx.sql`SELECT VALUE vin FROM Vehicle`).toEqual(['a', 'b'])
      expect(await ledger.sql`SELECT * FROM Vehicle`).toEqual([])
    })
    expect(await ledger.sql`SELECT VALUE vin FROM Vehicle`).toEqual(['a', 'b'])
  })

  test('an error in the function aborts and comes through', async () => {
    await using ledger = await withCars(1)
    const before = await ledger.digest()
    const failure = new Error('no')
    await expect(
      ledger.transact(async (tx) => {
        await tx.sql`DELETE FROM Vehicle`
        throw failure
      }),
    ).rejects.toBe(failure)
    expect(await ledger.digest()).toEqual(before)
  })

  test('a function that aborts, or commits, itself is taken at its word', async () => {
    await using ledger = await withCars(1)
    const before = await ledger.digest()
    expect(
      await ledger.transact(async (tx) => {
        await tx.sql`DELETE FROM Vehicle`
        await tx.abort()
        return 'changed my mind'
      }),
    ).toBe('changed my mind')
    expect(await ledger.digest()).toEqual(before)
    await ledger.transact(async (tx) => {
      await tx.sql`DELETE FROM Vehicle`
      expect(await tx.commit()).toMatchObject({ transactionId: tx.id, blockAddress: { strandId: ledger.strandId } })
    })
    expect(await ledger.sql`SELECT * FROM Vehicle`).toEqual([])
  })

  test('runs again after a conflict, and names the winner after the last retry', async () => {
    await using ledger = await withCars(1)
    let runs = 0
    await ledger.transact(async (tx) => {
      const car = await tx.sql<Car>`SELECT * FROM Vehicle WHERE vin = ${'v0'}`.one()
      if (++runs <= 2) await ledger.sql`UPDATE Vehicle SET year = ${car.year + 100} WHERE vin = ${'v0'}`
      await tx.sql`UPDATE Vehicle SET year = ${car.year + 1} WHERE vin = ${'v0'}`
    })
    expect(runs).toBe(3)
    expect(await ledger.sql`SELECT VALUE year FROM Vehicle`).toEqual([2201])

    runs = 0
    let winner = ''
    const failed = ledger.transact(
      async (tx) => {
        runs++
        await tx.sql`UPDATE Vehicle SET year = 1 WHERE vin = ${'v0'}`
        await ledger.transact(async (other) => {
          winner = other.id
          await other.sql`UPDATE Vehicle SET year = 2 WHERE vin = ${'v0'}`
        })
      },
      { retries: 1 },
    )
    await expect(failed).rejects.toBeInstanceOf(ConflictError)
    await expect(failed).rejects.toMatchObject({ code: 'OCC_CONFLICT', table: 'Vehicle', winnerTransactionId: winner })
    expect(runs).toBe(2)
    await expect(ledger.transact(async () => 1, { retries: -1 })).rejects.toThrow(TypeError)
  })

  test('any number of single statements that meet on one document come through, on a disk too', async () => {
    await using ledger = await openLedger(join(folder, 'l'))
    await ledger.sql`CREATE TABLE Counter`
    await ledger.sql`INSERT INTO Counter ${{ n: 0 }}`
    const adds = Array.from({ length: 50 }, () => ledger.sql`UPDATE Counter SET n = n + 1`.then((rows) => rows.length))
    expect(await Promise.all(adds)).toEqual(Array.from({ length: 50 }, () => 1))
    expect(await ledger.sql`SELECT VALUE n FROM Counter`).toEqual([50])
  })

  test('a statement that was never awaited is noticed before it is missing', async () => {
    await using ledger = await withCars(1)
    const before = await ledger.digest()
    const forgetful = ledger.transact(async (tx) => {
      await tx.sql`UPDATE Vehicle SET year = 1`
      tx.sql`DELETE FROM Vehicle`
    })
    await expect(forgetful).rejects.toThrow(/never awaited.*DELETE FROM Vehicle/)
    expect(await ledger.digest()).toEqual(before)
  })
})

describe('a transaction by hand', () => {
  test('leaving the block without commit aborts', async () => {
    await using ledger = await withCars(1)
    let kept: LedgerTransaction
    {
      await using tx = await ledger.begin()
      kept = tx
      await tx.sql`DELETE FROM Vehicle`
    }
    expect(kept.isOpen).toBe(false)
    expect(await ledger.sql`SELECT * FROM Vehicle`).toHaveLength(1)
  })

  test('an ended transaction refuses everything but abort', async () => {
    await using ledger = await withCars(1)
    for (const end of ['commit', 'abort'] as const) {
      const tx = await ledger.begin()
      await tx[end]()
      const ended = { name: 'SessionError', code: 'TRANSACTION_ENDED' }
      await expect(tx.sql`SELECT * FROM Vehicle`).rejects.toMatchObject(ended)
      await expect(tx.execute('DELETE FROM Vehicle')).rejects.toMatchObject(ended)
      await expect(tx.table(Vehicle).find({ vin: 'v0' })).rejects.toMatchObject(ended)
      await expect(tx.commit()).rejects.toMatchObject(ended)
      await tx.abort()
      await tx[Symbol.asyncDispose]()
    }
  })

  test('rows of a transaction can be read while it is open, and not after', async () => {
    await using ledger = await withCars(300)
    const tx = await ledger.begin()
    const rows = tx.sql`SELECT * FROM Vehicle`[Symbol.asyncIterator]()
    expect((await rows.next()).done).toBe(false)
    await tx.abort()
    await expect(rows.next()).rejects.toMatchObject({ code: 'TRANSACTION_ENDED' })
  })

  test('a read-only one reads and refuses to write', async () => {
    await using ledger = await withCars(2)
    await using tx = await ledger.begin({ readOnly: true })
    expect(await tx.sql`SELECT * FROM Vehicle`).toHaveLength(2)
    await expect(tx.sql`DELETE FROM Vehicle`).rejects.toMatchObject({ code: 'READ_ONLY' })
    await expect(tx.sql`CREATE TABLE T`).rejects.toMatchObject({ code: 'READ_ONLY' })
    expect(await tx.commit()).toEqual({ transactionId: tx.id, blockAddress: undefined })
  })

  test('expires when the limit says so', async () => {
    const clock = new TestClock()
    await using ledger = await openTestLedger({ clock: clock.read, limits: { transactionTimeoutMs: 30_000 } })
    await ledger.sql`CREATE TABLE T`
    const tx = await ledger.begin()
    await tx.sql`INSERT INTO T ${{ a: 1 }}`
    clock.advance(30_001)
    await expect(tx.sql`SELECT * FROM T`).rejects.toMatchObject({ code: 'TRANSACTION_EXPIRED' })
    await expect(tx.commit()).rejects.toMatchObject({ name: 'SessionError' })

    const late = ledger.transact(async (transaction) => {
      await transaction.sql`INSERT INTO T ${{ a: 2 }}`
      clock.advance(30_001)
    })
    await expect(late).rejects.toMatchObject({ name: 'SessionError' })
    expect(await ledger.sql`SELECT * FROM T`).toEqual([])
  })

  test('a failed statement leaves the transaction open and nothing of itself behind', async () => {
    await using ledger = await withCars(0)
    const tx = await ledger.begin()
    await tx.sql`INSERT INTO Vehicle ${{ vin: 'a' }}`
    await expect(tx.sql`INSERT INTO Vehicle ${[{ vin: 'b' }, 5]}`).rejects.toMatchObject({ code: 'NOT_A_DOCUMENT' })
    await expect(tx.sql`SELEC * FROM Vehicle`).rejects.toMatchObject({ code: 'SYNTAX_ERROR' })
    await tx.sql`INSERT INTO Vehicle ${{ vin: 'c' }}`
    await tx.commit()
    expect(await ledger.sql`SELECT VALUE vin FROM Vehicle`).toEqual(['a', 'c'])
  })
  test('a statement that fails half way leaves nothing of itself, not even its text', async () => {
    await using ledger = await openTestLedger({ limits: { documentSizeBytes: 100 } })
    await ledger.sql`CREATE TABLE T`
    await ledger.sql`INSERT INTO T ${[{ n: 1 }, { n: 2 }]}`
    const before = await ledger.digest()
    const tooLarge = [{ n: 4 }, { n: 'x'.repeat(200) }]
    await expect(ledger.sql`INSERT INTO T ${tooLarge}`).rejects.toMatchObject({ code: 'DOCUMENT_TOO_LARGE' })
    expect(await ledger.digest()).toEqual(before)

    const tx = await ledger.begin()
    await tx.sql`INSERT INTO T ${{ n: 3 }}`
    await tx.sql`UPDATE T SET note = 'first' WHERE n = 1`
    await expect(tx.sql`INSERT INTO T ${tooLarge}`).rejects.toMatchObject({ code: 'DOCUMENT_TOO_LARGE' })
    await expect(tx.sql`UPDATE T SET note = ${'x'.repeat(200)} WHERE n IN (1, 3)`).rejects.toThrow()
    await expect(tx.sql`CREATE TABLE U, V`).rejects.toMatchObject({ code: 'SYNTAX_ERROR' })
    expect(await tx.sql`SELECT t.n, t.note FROM T AS t`).toEqual([{ n: 1, note: 'first' }, { n: 2 }, { n: 3 }])
    await tx.sql`DELETE FROM T WHERE n = 3`
    await tx.sql`INSERT INTO T ${{ n: 5 }}`
    const { blockAddress } = await tx.commit()
    expect(await ledger.sql`SELECT t.n, t.note FROM T AS t`).toEqual([{ n: 1, note: 'first' }, { n: 2 }, { n: 5 }])
    const { statements, documents } = await ledger.block(blockAddress!.sequenceNo)
    expect(statements.map(({ statement }) => statement)).toEqual([
      'INSERT INTO T ?',
      "UPDATE T SET note = 'first' WHERE n = 1",
      'SELECT t.n, t.note FROM T AS t',
      'DELETE FROM T WHERE n = 3',
      'INSERT INTO T ?',
    ])
    // Statements are counted from 0; the update is the second, the last insert the fifth.
    expect(documents.map((document) => document.statements)).toEqual([[1], [4]])
    expect(await ledger.check({ deep: true })).toMatchObject({ isSound: true })
  })
  test('a query that fails while it is read is taken out of the block; the others keep their numbers', async () => {
    await using ledger = await openTestLedger()
    await ledger.sql`CREATE TABLE T`
    await ledger.sql`INSERT INTO T ${[{ n: 1 }, { n: 'x' }]}`
    const tx = await ledger.begin()
    const rows = tx.sql`SELECT VALUE CAST(t.n AS INT) FROM T AS t`[Symbol.asyncIterator]()
    expect(await rows.next()).toEqual({ done: false, value: 1 })
    await tx.sql`INSERT INTO T ${{ n: 2 }}`
    await expect(rows.next()).rejects.toBeInstanceOf(StatementError)
    const { blockAddress } = await tx.commit()
    const { statements, documents } = await ledger.block(blockAddress!.sequenceNo)
    expect(statements.map(({ statement }) => statement)).toEqual(['INSERT INTO T ?'])
    expect(documents.map((document) => document.statements)).toEqual([[0]])
  })
  test('a definition that fails is undone with all it had defined', async () => {
    await using ledger = await openTestLedger({ limits: { indexesPerTable: 1 } })
    const tx = await ledger.begin()
    await tx.sql`CREATE TABLE T`
    await tx.sql`CREATE INDEX ON T (a)`
    await expect(tx.sql`CREATE INDEX ON T (b)`).rejects.toMatchObject({ code: 'TOO_MANY_INDEXES' })
    await tx.sql`INSERT INTO T ${{ a: 1 }}`
    await tx.commit()
    const [table] = await ledger.sql<{ indexes: { expr: string }[] }>`SELECT * FROM information_schema.user_tables`
    expect(table?.indexes.map(({ expr }) => expr)).toEqual(['[a]'])
  })
})
