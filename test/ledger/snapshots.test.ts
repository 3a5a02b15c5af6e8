/**
 * Goal: no way of reading keeps a snapshot after it ended, because an old snapshot keeps the store from reusing space.
 * Method: after each way of using a ledger, look at what it still holds open.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { table } from '../../src/index.ts'
import { LedgerCore } from '../../src/ledger/core.ts'
import { Ledger } from '../../src/ledger/ledger.ts'
import { LedgerContext } from '../../src/ledger/ledger-context.ts'
import { resolveOptions } from '../../src/ledger/ledger-options.ts'

const T = table<{ n: number }>('T')
let context: LedgerContext
let ledger: Ledger
let held = 0

beforeEach(async () => {
  const { core, scheduler } = resolveOptions({})
  context = new LedgerContext(await LedgerCore.open(':memory:', core), core, scheduler)
  ledger = new Ledger(context)
  await ledger.table(T)
  await ledger.sql`INSERT INTO T ${Array.from({ length: 200 }, (_, n) => ({ n }))}`

  held = 0
  const { store } = context.core.views
  const snapshot = store.snapshot.bind(store)
  store.snapshot = () => {
    const taken = snapshot()
    held++
    const [retain, release] = [taken.retain.bind(taken), taken.release.bind(taken)]
    taken.retain = () => {
      held++
      retain()
    }
    taken.release = () => {
      held--
      release()
    }
    return taken
  }
})
afterEach(() => ledger.close())

const ways: [string, () => Promise<unknown>][] = [
  ['awaiting', async () => ledger.sql`SELECT * FROM T`],
  ['awaiting rows in Ion', async () => ledger.sql`SELECT * FROM T`.with({ ion: true })],
  ['one row of many', async () => ledger.sql`SELECT * FROM T`.one().catch(() => undefined)],
  ['the first row', async () => ledger.sql`SELECT * FROM T`.first()],
  [
    'a loop to the end',
    async () => {
      for await (const _ of ledger.sql`SELECT * FROM T`);
    },
  ],
  [
    'a loop that breaks',
    async () => {
      for await (const _ of ledger.sql`SELECT * FROM T`) break
    },
  ],
  ['a syntax error', async () => ledger.sql`SELECT`.then(undefined, () => undefined)],
  ['an unknown table', async () => ledger.sql`SELECT * FROM Nowhere`.then(undefined, () => undefined)],
  ['an error in a row', async () => ledger.sql`SELECT CAST('x' AS INT) FROM T`.then(undefined, () => undefined)],
  ['wrong parameters', async () => ledger.execute('SELECT ? FROM T').then(undefined, () => undefined)],
  ['rows never asked for', async () => void ledger.sql`SELECT * FROM T`],
  ['a write', async () => ledger.sql`UPDATE T SET n = n + 1`],
  ['a write that fails', async () => ledger.sql`INSERT INTO T ${5}`.then(undefined, () => undefined)],
  ['find, get and scan', async () => [await (await ledger.table(T)).find({ n: 3 }), await ledger.table(T)]],
  ['history', async () => (await ledger.table(T)).history('0000000000000000000000')],
  [
    'history of nothing',
    async () =>
      ledger
        .asOf(0)
        .table(table('Nowhere'))
        .history('x')
        .then(undefined, () => 0),
  ],
  ['the past', async () => ledger.asOf(2).table(T).scan().first()],
  ['the past by time', async () => ledger.asOf(new Date()).sql`SELECT * FROM T`],
  ['a mistake about the past', async () => ledger.asOf(2).sql`SELECT * FROM Nowhere`.then(undefined, () => undefined)],
  ['a committed transaction', async () => ledger.transact(async (tx) => tx.sql`SELECT * FROM T`)],
  [
    'a transaction with an open stream',
    async () => {
      await using tx = await ledger.begin()
      await tx.sql`SELECT * FROM T`[Symbol.asyncIterator]().next()
    },
  ],
  [
    'a transaction that fails half way',
    async () => {
      const tx = await ledger.begin()
      await tx.sql`INSERT INTO T ${[{ n: 1 }, 2]}`.then(undefined, () => undefined)
      await tx.abort()
    },
  ],
  ['a digest and proofs', async () => [await ledger.digest(), await ledger.proveBlock(1)]],
  [
    'following',
    async () => {
      for await (const block of ledger.follow()) if (block.blockAddress.sequenceNo === 2) break
    },
  ],
  ['a check', async () => ledger.check({ deep: true })],
]

describe('nothing is held after', () => {
  test.each(ways)('%s', async (_, use) => {
    await use()
    await ledger.sql`INSERT INTO T ${{ n: -1 }}` // the snapshot that transactions share is dropped with a commit
    expect(context.open.size).toBe(0)
    expect(held).toBe(0)
  })
})
