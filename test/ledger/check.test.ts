import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLedger } from '../../src/index.ts'
import { LmdbStore } from '../../src/storage/index.ts'
import { openTestLedger } from './open-test-ledger.ts'

test('a sound ledger is sound, at its end and all through, while others write', async () => {
  await using ledger = await openTestLedger()
  expect(await ledger.check({ deep: true })).toEqual({ isSound: true, blocks: 1, faults: [] })
  await ledger.sql`CREATE TABLE T`
  await ledger.sql`INSERT INTO T ${Array.from({ length: 50 }, (_, n) => ({ n, text: `t${n}` }))}`
  await ledger.sql`CREATE INDEX ON T (n)`
  await ledger.sql`UPDATE T SET text = 'new' WHERE n < 20`
  await ledger.sql`DELETE FROM T WHERE n > 30`
  await ledger.sql`DROP TABLE T`
  expect(await ledger.check()).toEqual({ isSound: true, blocks: 7, faults: [] })
  const checking = ledger.check({ deep: true })
  await ledger.sql`CREATE TABLE U`
  expect(await checking).toMatchObject({ isSound: true, faults: [] })
})

test('an entry of the views that was changed, added or removed is named by a deep check', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tally-check-'))
  try {
    const path = join(folder, 'cars')
    {
      await using ledger = await openLedger(path)
      await ledger.sql`CREATE TABLE T`
      await ledger.sql`CREATE INDEX ON T (n)`
      await ledger.sql`INSERT INTO T ${[{ n: 1 }, { n: 2 }, { n: 3 }]}`
    }
    const cases: [string, (store: LmdbStore) => void, string][] = [
      [
        'changed',
        (store) => {
          store.write((batch) => {
            const current = store.keyspace('current')
            const cursor = batch.scan(current)
            cursor.next()
            const value = Uint8Array.from(cursor.value)
            value[value.length - 1]! ^= 1
            const key = Uint8Array.from(cursor.key)
            cursor.close()
            batch.put(current, key, value)
          })
        },
        'current',
      ],
      [
        'removed',
        (store) => {
          store.write((batch) => {
            const index = store.keyspace('index')
            const cursor = batch.scan(index)
            cursor.next()
            const key = Uint8Array.from(cursor.key)
            cursor.close()
            batch.delete(index, key)
          })
        },
        'index',
      ],
      [
        'added',
        (store) => store.write((batch) => batch.put(store.keyspace('history'), new Uint8Array(30), new Uint8Array(20))),
        'history',
      ],
    ]
    for (const [what, damage, place] of cases) {
      const copy = join(folder, what)
      cpSync(path, copy, { recursive: true })
      expect(readdirSync(copy)).toContain('views')
      const store = await LmdbStore.open(join(copy, 'views'), { readOnly: false })
      damage(store)
      await store.close()

      await using ledger = await openLedger(copy)
      const report = await ledger.check({ deep: true })
      expect(report.isSound, what).toBe(false)
      expect(report.faults[0], what).toMatchObject({ place })
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
