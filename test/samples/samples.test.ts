/**
 * Goal: the samples that the documentation shows are true. Method: each is a file that the type check compiles (with the
 * lines that must not compile marked so) and that runs here, with what it prints compared.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Decimal, type Ledger, openLedger } from '../../src/index.ts'
import { hello } from './01-hello.ts'
import { unknownFields, withSchema, wrongType } from './02-table-with-schema.ts'
import { transfer } from './03-transaction.ts'
import { deleteOld } from './04-by-hand.ts'
import { forgottenTag, searching, stream } from './05-pieces-and-streams.ts'
import { life, newYearsEve } from './06-history-and-time.ts'
import { sameRunSameHashes } from './10-in-memory.ts'
import { complaint, owners, years } from './11-evaluate.ts'
import { Account, Vehicle } from './model.ts'

let printed: unknown[][] = []
beforeEach(() => {
  printed = []
  vi.spyOn(console, 'log').mockImplementation((...line: unknown[]) => {
    printed.push(line)
  })
})
afterEach(() => {
  vi.restoreAllMocks()
})

const maria = { vin: '1N4AL11D75C109151', owner: 'Maria', year: 2021 }
const peter = { vin: 'KM8SRDHF6EU074761', owner: 'Peter', year: 1988 }
const anna = { vin: '3HGGK5G53FM761765', owner: 'Maria', year: 2015 }

describe('sample 1, hello', () => {
  test('opens a folder, stores a car and finds it; the folder still has it afterwards', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tally-samples-'))
    const before = process.cwd()
    try {
      process.chdir(folder)
      await hello()
      expect(printed).toEqual([[[{ vin: '1N4AL11D75C109151', owner: 'Maria' }]]])

      await using again = await openLedger('./cars')
      expect(await again.sql`SELECT * FROM Vehicle`).toEqual([maria])
    } finally {
      process.chdir(before)
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('sample 2, a table with a schema', () => {
  test('stores what fits and finds it through the unique index', async () => {
    await using ledger = await openLedger(':memory:')
    const [id, car] = await withSchema(ledger)
    expect(car).toEqual(maria)
    expect(await ledger.sql`SELECT VALUE id FROM Vehicle AS v BY id`).toEqual([id])
    const [plan] = await ledger.sql<{ step: string }>`EXPLAIN SELECT * FROM Vehicle WHERE vin = 'x'`
    expect(JSON.stringify(plan)).not.toContain('scan')
    await expect(withSchema(ledger)).rejects.toMatchObject({ code: 'UNIQUE_VIOLATION', field: 'vin', documentId: id })
  })

  test('refuses at run time what does not compile, naming the place', async () => {
    await using ledger = await openLedger(':memory:')
    await expect(wrongType(ledger)).rejects.toMatchObject({ name: 'SchemaError', path: 'owner', table: 'Vehicle' })
    expect(await ledger.sql`SELECT * FROM Vehicle`).toEqual([])
    await unknownFields(ledger)
  })
})

describe('sample 3, a transaction that retries', () => {
  async function bank(first: string): Promise<Ledger> {
    const ledger = await openLedger(':memory:')
    const accounts = await ledger.table(Account)
    await accounts.insert({ no: 'A-1', balance: new Decimal(first) })
    await accounts.insert({ no: 'B-2', balance: new Decimal('0.10') })
    return ledger
  }
  const balances = (ledger: Ledger): PromiseLike<string[]> =>
    ledger.sql<Account>`SELECT * FROM Account`.then((rows) => rows.map((row) => row.balance.toString()))

  test('moves the money to the last digit', async () => {
    await using ledger = await bank('80.00')
    await transfer(ledger)
    expect(await balances(ledger)).toEqual(['30.00', '50.10'])
  })

  test('writes nothing when the account cannot pay', async () => {
    await using ledger = await bank('49.99')
    const before = await ledger.digest()
    await expect(transfer(ledger)).rejects.toThrow('A-1 cannot pay 50.00')
    expect(await ledger.digest()).toEqual(before)
  })

  test('two at once pay twice, one of them on its second run', async () => {
    await using ledger = await bank('100.00')
    await Promise.all([transfer(ledger), transfer(ledger)])
    expect((await balances(ledger))[0]).toBe('0.00')
    await expect(transfer(ledger)).rejects.toThrow('cannot pay')
  })
})

describe('sample 4, a transaction by hand', () => {
  test('commits when confirmed and aborts when not', async () => {
    await using ledger = await openLedger(':memory:')
    const cars = await ledger.table(Vehicle)
    for (const car of [maria, peter]) await cars.insert(car)
    const asked: number[] = []
    const answer =
      (yes: boolean) =>
      async (count: number): Promise<boolean> => {
        asked.push(count)
        return yes
      }
    await deleteOld(ledger, answer(false))
    expect(await cars.scan()).toEqual([maria, peter])
    await deleteOld(ledger, answer(true))
    expect(await cars.scan()).toEqual([maria])
    expect(asked).toEqual([1, 1])
  })
})

describe('sample 5, pieces and streams', () => {
  test('searches by what is given, newest first', async () => {
    await using ledger = await openLedger(':memory:')
    const cars = await ledger.table(Vehicle)
    for (const car of [anna, peter, maria]) await cars.insert(car)
    const search = searching(ledger)
    expect(await search()).toEqual([maria, anna, peter])
    expect(await search('Maria')).toEqual([maria, anna])
    expect(await search(undefined, 2020)).toEqual([maria])
    expect(await search('Peter', 2020)).toEqual([])

    await stream(ledger)
    expect(printed).toEqual([[maria.vin], [anna.vin]])
  })

  test('a forgotten tag is refused at run time too', async () => {
    await using ledger = await openLedger(':memory:')
    await expect(forgottenTag(ledger, "x' OR true --")).rejects.toThrow(TypeError)
  })
})

describe('sample 6, history and time', () => {
  test('tells the life of a car, and who had it on New Year', async () => {
    let now = new Date('2025-05-01T12:00:00Z')
    await using ledger = await openLedger(':memory:', { clock: () => now })
    const cars = await ledger.table(Vehicle)
    const id = await cars.insert(maria)
    now = new Date('2026-03-03T12:00:00Z')
    await ledger.sql`UPDATE Vehicle SET owner = ${'Ines'} WHERE vin = ${maria.vin}`
    now = new Date('2026-04-04T12:00:00Z')
    await ledger.sql`DELETE FROM Vehicle WHERE vin = ${maria.vin}`

    await life(cars, id)
    expect(printed).toEqual([
      [
        0,
        new Date('2025-05-01T12:00:00Z'),
        [
          { path: 'vin', before: undefined, after: maria.vin },
          { path: 'owner', before: undefined, after: 'Maria' },
          { path: 'year', before: undefined, after: 2021 },
        ],
      ],
      [1, new Date('2026-03-03T12:00:00Z'), [{ path: 'owner', before: 'Maria', after: 'Ines' }]],
      [
        2,
        new Date('2026-04-04T12:00:00Z'),
        [
          { path: 'vin', before: maria.vin, after: undefined },
          { path: 'owner', before: 'Ines', after: undefined },
          { path: 'year', before: 2021, after: undefined },
        ],
      ],
    ])
    expect(await newYearsEve(ledger)).toEqual(maria)
    expect(await cars.find({ vin: maria.vin })).toBeUndefined()
  })
})

describe('sample 10, in memory', () => {
  test('the same run gives the same hashes', async () => {
    const counting = (): ((sizeBytes: number) => Uint8Array) => {
      let calls = 0
      return (sizeBytes) => new Uint8Array(sizeBytes).fill(++calls)
    }
    const first = await sameRunSameHashes(counting())
    expect(first).toHaveLength(32)
    expect(await sameRunSameHashes(counting())).toEqual(first)
    expect(await sameRunSameHashes((sizeBytes) => new Uint8Array(sizeBytes))).not.toEqual(first)
  })
})

describe('sample 11, a query without a ledger', () => {
  test('ranges over nested arrays', () => {
    expect(owners()).toEqual([
      { vin: '1N4AL11D75C109151', owner: 'Maria' },
      { vin: '1N4AL11D75C109151', owner: 'Peter' },
    ])
  })

  test('permissive typing leaves out what is not there', () => {
    expect(years('permissive')).toEqual([
      { vin: '1N4AL11D75C109151', next: 2022 },
      { vin: 'KM8SRDHF6EU074761', next: 1989 },
      { vin: '3HGGK5G53FM761765' },
    ])
  })

  test('an error says where it is', () => {
    expect(complaint('SELECT c.vin\nFROM crs AS c')).toMatch(/^2:6 .*cars/)
    expect(complaint('SELECT VALUE LOWER(1) FROM cars')).toMatch(/^1:20 .*LOWER takes a text/)
    expect(complaint('SELECT VALUE c.vin FROM cars AS c')).toBe('nothing')
  })
})
