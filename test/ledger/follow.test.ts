import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLedger } from '../../src/index.ts'
import { openTestLedger } from './open-test-ledger.ts'

test('gives every block there is, in order, then each new one', async () => {
  await using ledger = await openTestLedger()
  await ledger.sql`CREATE TABLE T`
  await ledger.sql`INSERT INTO T ${{ n: 0 }}`
  const seen: number[] = []
  const writing = (async () => {
    for (let n = 1; n <= 5; n++) {
      await ledger.sql`INSERT INTO T ${{ n }}`
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  })()
  for await (const block of ledger.follow()) {
    seen.push(block.blockAddress.sequenceNo)
    if (seen.length === 8) break
  }
  await writing
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
})

test('begins where it is told, also in the future', async () => {
  await using ledger = await openTestLedger()
  await ledger.sql`CREATE TABLE T`
  const blocks = ledger.follow({ from: 3 })
  const next = blocks.next()
  await ledger.sql`INSERT INTO T ${{ n: 2 }}`
  await ledger.sql`INSERT INTO T ${{ n: 3 }}`
  expect((await next).value?.revisions[0]?.data).toEqual({ n: 3 })
  expect(() => ledger.follow({ from: -1 })).toThrow(RangeError)
})

test('a loop that lags loses nothing', async () => {
  await using ledger = await openTestLedger()
  await ledger.sql`CREATE TABLE T`
  const blocks = ledger.follow({ from: 2 })
  const first = blocks.next()
  for (let n = 0; n < 20; n++) await ledger.sql`INSERT INTO T ${{ n }}`
  const seen = [(await first).value?.revisions[0]?.data]
  for (let n = 1; n < 20; n++) seen.push((await blocks.next()).value?.revisions[0]?.data)
  expect(seen).toEqual(Array.from({ length: 20 }, (_, n) => ({ n })))
})

test('ends when its signal aborts, waiting or not', async () => {
  await using ledger = await openTestLedger()
  const abort = new AbortController()
  const seen: number[] = []
  const loop = (async () => {
    for await (const block of ledger.follow({ signal: abort.signal })) seen.push(block.blockAddress.sequenceNo)
  })()
  await new Promise((resolve) => setTimeout(resolve, 5))
  abort.abort()
  await loop
  expect(seen).toEqual([0])
  for await (const _ of ledger.follow({ signal: abort.signal })) expect.unreachable()
})

test('says so when the ledger is closed', async () => {
  const ledger = await openTestLedger()
  const blocks = ledger.follow({ from: 1 })
  const next = blocks.next()
  await ledger.close()
  await expect(next).rejects.toMatchObject({ code: 'LEDGER_CLOSED' })
})

test('a reader follows the writer of the same folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tally-follow-'))
  try {
    await using writer = await openLedger(join(folder, 'l'))
    await writer.sql`CREATE TABLE T`
    await using reader = await openLedger(join(folder, 'l'), { readOnly: true })
    const blocks = reader.follow({ from: 2 })
    const next = blocks.next()
    await writer.sql`INSERT INTO T ${{ n: 1 }}`
    expect((await next).value?.revisions[0]?.data).toEqual({ n: 1 })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
