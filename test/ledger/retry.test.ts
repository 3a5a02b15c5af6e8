import { expect, test } from 'vitest'
import { ConflictError } from '../../src/errors.ts'
import { type Retrying, retryConflicts } from '../../src/ledger/retry.ts'
import { systemScheduler } from '../../src/ledger/scheduler.ts'

/** A ledger whose random bytes are all `byte`; `waits` has what was waited for, a number for a pause. */
function recording(byte = 0x80): { ledger: Retrying; waits: (number | 'settled')[] } {
  const waits: (number | 'settled')[] = []
  return {
    waits,
    ledger: {
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
  expect(waits).toEqual(['settled', 1, 'settled', 2, 'settled', 4])
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
  expect(waits).toHaveLength(4)
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
