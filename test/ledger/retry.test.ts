import { expect, test } from 'vitest'
import { ConflictError } from '../../src/errors.ts'
import { openLedger } from '../../src/index.ts'
import { Line } from '../../src/ledger/line.ts'
import { type Retrying, retryConflicts } from '../../src/ledger/retry.ts'
import { systemScheduler } from '../../src/ledger/scheduler.ts'

/** A ledger whose random bytes are all `byte`; `waits` has what was waited for, a number for a pause. */
function recording(byte = 0x80): { ledger: Retrying; waits: (number | 'settled')[] } {
  const waits: (number | 'settled')[] = []
  return {
    waits,
    ledger: {
      line: { giveWay: () => undefined, stand: (turn) => turn(() => {}) },
      randomness: (sizeBytes) => new Uint8Array(sizeBytes).fill(byte),
      settled: async () => {
        waits.push('settled')
      },
      scheduler: {
        elapsedMs: () => 0,
        breathe: () => Promise.resolve(),
        pause: async (delayMs) => {
          waits.push(Math.round(delayMs))
        },
      },
    },
  }
}

test('runs again after each conflict and gives the first success', async () => {
  const { ledger, waits } = recording()
  let runs = 0
  const attempt = async (): Promise<string> => {
    if (++runs < 4) throw new ConflictError('another was first')
    return 'done'
  }
  expect(await retryConflicts(attempt, 4, ledger)).toBe('done')
  expect(runs).toBe(4)
  expect(waits).toEqual(['settled', 1, 'settled', 2, 'settled'])
})

test('throws the last conflict when the retries are used up', async () => {
  const { ledger, waits } = recording()
  let runs = 0
  const attempt = async (): Promise<void> => {
    throw new ConflictError(`conflict ${++runs}`, { winnerTransactionId: 'winner' })
  }
  await expect(retryConflicts(attempt, 2, ledger)).rejects.toMatchObject({
    message: 'conflict 3',
    winnerTransactionId: 'winner',
  })
  expect(waits).toEqual(['settled', 1, 'settled'])
})

test('runs once with no retries, and once when it fails with anything else', async () => {
  const { ledger } = recording()
  let runs = 0
  const conflict = async (): Promise<void> => {
    runs++
    throw new ConflictError('conflict')
  }
  await expect(retryConflicts(conflict, 0, ledger)).rejects.toThrow(ConflictError)
  const other = async (): Promise<void> => {
    runs++
    throw new RangeError('no')
  }
  await expect(retryConflicts(other, 5, ledger)).rejects.toThrow(RangeError)
  expect(runs).toBe(2)
})

test('the span of the wait doubles up to a quarter of a second, whatever the number of conflicts', async () => {
  const { ledger, waits } = recording(0xff)
  await expect(retryConflicts(() => Promise.reject(new ConflictError('conflict')), 40, ledger)).rejects.toThrow(
    ConflictError,
  )
  const pauses = waits.filter((wait) => wait !== 'settled')
  expect(pauses.slice(0, 9)).toEqual([2, 4, 8, 16, 32, 64, 128, 250, 250])
  expect(Math.max(...pauses)).toBe(250)
})

test('a pause ends when its signal aborts', async () => {
  const abort = new AbortController()
  const paused = systemScheduler.pause(60_000, abort.signal)
  abort.abort()
  await paused
  await systemScheduler.pause(60_000, abort.signal)
})

test('in line, one after another has his turn, and a failed turn ends like any other', async () => {
  const line = new Line(systemScheduler)
  const log: string[] = []
  const stand = (name: string, fails = false): Promise<void> =>
    line.stand(async () => {
      log.push(`${name} begins`)
      await systemScheduler.pause(2)
      log.push(`${name} ends`)
      if (fails) throw new RangeError(name)
    })
  const [first, second, third] = await Promise.allSettled([stand('a'), stand('b', true), stand('c')])
  expect([first.status, second.status, third.status]).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
})

test('a newcomer gives way only to one who hurries, and nobody waits for ever for a line that stands', async () => {
  const pauses: number[] = []
  const line = new Line({
    ...systemScheduler,
    pause: async (delayMs, signal) => {
      pauses.push(delayMs)
      await systemScheduler.pause(5, signal)
    },
  })
  expect(line.giveWay()).toBeUndefined()
  const log: string[] = []
  await line.stand(async (hurry) => {
    expect(line.giveWay()).toBeUndefined()
    hurry()
    // Whoever waits inside a turn for that turn itself gets tired of it.
    await line.giveWay()
    log.push('newcomer')
    await line.stand(async () => log.push('inner'))
    log.push('outer')
  })
  expect(log).toEqual(['newcomer', 'inner', 'outer'])
  expect(pauses).toEqual([1000, 1000])
  expect(line.giveWay()).toBeUndefined()
})

test.each([0, 2])('20 writers of one document all come through, each taking %d ms', async (takesMs) => {
  await using ledger = await openLedger(':memory:')
  await ledger.sql`CREATE TABLE Counter`
  await ledger.sql`INSERT INTO Counter ${{ count: 0 }}`
  const increment = (): Promise<void> =>
    ledger.transact(async (tx) => {
      const { count } = await tx.sql<{ count: number }>`SELECT count FROM Counter`.one()
      if (takesMs > 0) await systemScheduler.pause(takesMs)
      await tx.sql`UPDATE Counter SET count = ${count + 1}`
    })
  const writer = async (): Promise<void> => {
    for (let round = 0; round < 4; round++) await increment()
  }
  await Promise.all(Array.from({ length: 20 }, writer))
  expect(await ledger.sql`SELECT VALUE count FROM Counter`).toEqual([80])
})
