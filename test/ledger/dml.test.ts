/** Goal: INSERT with columns, ON CONFLICT, UPSERT, REPLACE and RETURNING do what the reference says, on a real ledger. */
import { describe, expect, test } from 'vitest'
import { type Ledger, StatementError } from '../../src/index.ts'
import { openTestLedger } from './open-test-ledger.ts'

async function withCars(): Promise<Ledger> {
  const ledger = await openTestLedger()
  await ledger.sql`CREATE TABLE Car`
  await ledger.sql`CREATE UNIQUE INDEX ON Car (no)`
  await ledger.sql`INSERT INTO Car ${[{ no: 'A', price: 1, color: 'red' }, { no: 'B', price: 2 }]}`
  return ledger
}

const cars = (ledger: Ledger): PromiseLike<unknown[]> => ledger.sql`SELECT * FROM Car`
const A = { no: 'A', price: 1, color: 'red' }
const B = { no: 'B', price: 2 }

describe('INSERT', () => {
  test('with columns takes rows of values', async () => {
    await using ledger = await withCars()
    await ledger.execute("INSERT INTO Car (no, price) VALUES ('C', 3), ('D', MISSING)")
    await ledger.execute("INSERT INTO Car (no) VALUES ('E')")
    expect(await cars(ledger)).toEqual([A, B, { no: 'C', price: 3 }, { no: 'D' }, { no: 'E' }])
    for (const text of ["INSERT INTO Car (no, price) VALUES ('F')", "INSERT INTO Car (no, price) << {'no': 'F'} >>"]) {
      await expect(ledger.execute(text)).rejects.toMatchObject({ code: 'NOT_A_DOCUMENT' })
    }
  })
  test('DEFAULT VALUES stores an empty document', async () => {
    await using ledger = await withCars()
    await ledger.execute('INSERT INTO Car DEFAULT VALUES')
    expect(await cars(ledger)).toEqual([A, B, {}])
  })
})

describe('ON CONFLICT', () => {
  test('DO NOTHING inserts what is new and leaves the rest', async () => {
    await using ledger = await withCars()
    const rows = await ledger.execute(
      "INSERT INTO Car << {'no': 'A', 'price': 9}, {'no': 'C'}, {'no': 'C'} >> ON CONFLICT DO NOTHING",
    )
    expect(rows).toHaveLength(1)
    expect(await cars(ledger)).toEqual([A, B, { no: 'C' }])
  })
  test('DO UPDATE EXCLUDED takes over the new fields, DO REPLACE EXCLUDED the whole document', async () => {
    await using ledger = await withCars()
    await ledger.execute("INSERT INTO Car {'no': 'A', 'price': 9, 'year': 2020} ON CONFLICT (no) DO UPDATE EXCLUDED")
    await ledger.execute("INSERT INTO Car {'no': 'B', 'year': 2021} ON CONFLICT (no) DO REPLACE EXCLUDED")
    expect(await cars(ledger)).toEqual([
      { no: 'A', price: 9, color: 'red', year: 2020 },
      { no: 'B', year: 2021 },
    ])
    expect(await ledger.sql`SELECT VALUE h.metadata.version FROM history(Car) AS h`).toEqual([0, 1, 0, 1])
  })
  test('DO UPDATE SET computes from the old and the new document, where a condition holds', async () => {
    await using ledger = await withCars()
    const raise = 'ON CONFLICT (no) DO UPDATE SET price = c.price + EXCLUDED.price WHERE c.price < 2'
    const rows = await ledger.execute(
      `INSERT INTO Car AS c << {'no': 'A', 'price': 10}, {'no': 'B', 'price': 10} >> ${raise}`,
    )
    expect(rows).toHaveLength(1)
    expect(await cars(ledger)).toEqual([{ ...A, price: 11 }, B])
    await ledger.execute("INSERT INTO Car AS c {'no': 'B'} ON CONFLICT DO REPLACE VALUE {'no': c.no, 'was': c.price}")
    expect(await cars(ledger)).toEqual([
      { ...A, price: 11 },
      { no: 'B', was: 2 },
    ])
  })
  test('UPSERT and REPLACE INTO say the same in fewer words', async () => {
    await using ledger = await withCars()
    await ledger.sql`UPSERT INTO Car ${[{ no: 'A', price: 5 }, { no: 'C', price: 3 }]}`
    await ledger.sql`REPLACE INTO Car ${[{ no: 'B', color: 'blue' }, { no: 'D' }]}`
    expect(await cars(ledger)).toEqual([
      { ...A, price: 5 },
      { no: 'B', color: 'blue' },
      { no: 'C', price: 3 },
      { no: 'D' },
    ])
  })
  test('finds what the same transaction has written, and freed', async () => {
    await using ledger = await withCars()
    await ledger.transact(async (tx) => {
      await tx.sql`INSERT INTO Car ${{ no: 'C', price: 3 }}`
      await tx.sql`UPSERT INTO Car ${{ no: 'C', color: 'green' }}`
      await tx.sql`DELETE FROM Car WHERE no = 'A'`
      await tx.sql`UPSERT INTO Car ${{ no: 'A' }}`
    })
    expect(await cars(ledger)).toEqual([B, { no: 'C', price: 3, color: 'green' }, { no: 'A' }])
  })
  test('two writers of one new value end with one document', async () => {
    await using ledger = await withCars()
    const upsert = (n: number): PromiseLike<unknown> => ledger.sql`UPSERT INTO Car ${{ no: 'N', [`by${n}`]: true }}`
    await Promise.all([upsert(1), upsert(2), upsert(3)])
    expect(await ledger.sql`SELECT * FROM Car WHERE no = 'N'`).toEqual([{ no: 'N', by1: true, by2: true, by3: true }])
  })
  test('without a unique index, or twice for one document, is refused and changes nothing', async () => {
    await using ledger = await withCars()
    await ledger.sql`CREATE TABLE Plain`
    const refuse = (text: string, code: string): Promise<void> =>
      expect(ledger.execute(text).then(() => undefined)).rejects.toMatchObject({ code })
    await refuse("INSERT INTO Plain {'a': 1} ON CONFLICT DO NOTHING", 'INDEX_NOT_FOUND')
    await refuse("UPSERT INTO Plain {'a': 1}", 'INDEX_NOT_FOUND')
    await refuse("INSERT INTO Car {'no': 'A'} ON CONFLICT (price) DO NOTHING", 'INDEX_NOT_FOUND')
    await refuse("INSERT INTO Car {'no': 'A'} ON CONFLICT ON CONSTRAINT c DO NOTHING", 'UNSUPPORTED_STATEMENT')
    await refuse("UPSERT INTO Car << {'no': 'X'}, {'no': 'X', 'price': 1} >>", 'EVALUATION_ERROR')
    await refuse("INSERT INTO Car {'no': 'A'} ON CONFLICT DO UPDATE SET no = 'B'", 'UNIQUE_VIOLATION')
    expect(await cars(ledger)).toEqual([A, B])
  })
})

describe('RETURNING', () => {
  test('answers the documents before and after, whole or what changed', async () => {
    await using ledger = await withCars()
    expect(await ledger.execute("UPDATE Car SET price = 7 WHERE no = 'A' RETURNING ALL OLD *")).toEqual([A])
    expect(await ledger.execute("UPDATE Car SET price = 8 WHERE no = 'A' RETURNING ALL NEW *")).toEqual([
      { ...A, price: 8 },
    ])
    expect(await ledger.execute("UPDATE Car SET price = 9 WHERE no = 'A' RETURNING MODIFIED OLD *")).toEqual([
      { price: 8 },
    ])
    expect(await ledger.execute("UPDATE Car AS c SET c.price = 1 WHERE c.no = 'A' RETURNING MODIFIED NEW *")).toEqual([
      { price: 1 },
    ])
    expect(
      await ledger.execute(
        "UPDATE Car AS c SET c.price = 3, c.year = 2020 WHERE c.no = 'B' RETURNING ALL NEW c.no, MODIFIED NEW c.year",
      ),
    ).toEqual([{ no: 'B', year: 2020 }])
  })
  test('of DELETE shows what is gone, of INSERT what came', async () => {
    await using ledger = await withCars()
    expect(await ledger.execute("DELETE FROM Car WHERE no = 'A' RETURNING ALL OLD *")).toEqual([A])
    expect(await ledger.execute("DELETE FROM Car WHERE no = 'B' RETURNING ALL NEW *")).toEqual([])
    expect(await ledger.execute("INSERT INTO Car << {'no': 'C'}, {'no': 'D'} >> RETURNING ALL NEW *")).toEqual([
      { no: 'C' },
      { no: 'D' },
    ])
    expect(
      await ledger.execute("UPSERT INTO Car << {'no': 'C', 'price': 4}, {'no': 'E'} >> RETURNING MODIFIED NEW *"),
    ).toEqual([{ price: 4 }, { no: 'E' }])
  })
  test('knows the names of the statement, and no others', async () => {
    await using ledger = await withCars()
    await expect(ledger.execute('UPDATE Car AS c SET c.price = 1 RETURNING ALL NEW d.price.x')).resolves.toEqual([
      {},
      {},
    ])
    await expect(ledger.execute('UPDATE Car SET price = 1 RETURNING ALL *')).rejects.toThrow(StatementError)
  })
})
