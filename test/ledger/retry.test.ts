import { expect, test } from 'vitest'
import { ConflictError } from '../../src/errors.ts'
import { retryConflicts } from '../../src/ledger/retry.ts'
import { type Scheduler, systemScheduler } from '../../src/ledger/scheduler.ts'

function recording(): { scheduler: Scheduler; pauses: number[] } {
  const pauses: number[] = []
  return {
    pauses,
    scheduler: {
      elapsedMs: () => 0,
      breathe: () => Promise.resolve(),
      pause: (delayMs) => {
        pauses.push(delayMs)
        return Promise.resolve()
      },
    },
  }
}

const half = (sizeBytes: number): Uint8Array => new Uint8Array(sizeBytes).fill(0x80)

test('runs again after each conflict and gives the first success', async () => {
  const { scheduler, pauses } = recording()
  let runs = 0
  const attempt = async (): Promise<string> => {
    if (++runs < 4) throw new ConflictError('another was first')
    return 'done'
  }
  expect(await retryConflicts(attempt, 4, scheduler, half)).toBe('done')
  expect(runs).toBe(4)
  expect(pauses.map(Math.round)).toEqual([1, 2, 4])
})

test('throws the last conflict when the retries are used up', async () => {
  const { scheduler, pauses } = recording()
  let runs = 0
  const attempt = async (): Promise<void> => {
    throw new ConflictError(`conflict ${++runs}`, { winnerTransactionId: 'winner' })
  }
  await expect(retryConflicts(attempt, 2, scheduler, half)).rejects.toMatchObject({
    message: 'conflict 3',
    winnerTransactionId: 'winner',
  })
  expect(pauses).toHaveLength(2)
})

test('runs once with no retries, and once when it fails with anything else', async () => {
  const { scheduler } = recording()
  let runs = 0
  const conflict = async (): Promise<void> => {
    runs++
    throw new ConflictError('conflict')
  }
  await expect(retryConflicts(conflict, 0, scheduler, half)).rejects.toThrow(ConflictError)
  const other = async (): Promise<void> => {
    runs++
    throw new RangeError('no')
  }
  await expect(retryConflicts(other, 5, scheduler, half)).rejects.toThrow(RangeError)
  expect(runs).toBe(2)
})

test('the span of the wait doubles up to a quarter of a second, whatever the number of conflicts', async () => {
  const { scheduler, pauses } = recording()
  const most = (sizeBytes: number): Uint8Array => new Uint8Array(sizeBytes).fill(0xff)
  await expect(
    retryConflicts(() => Promise.reject(new ConflictError('conflict')), 40, scheduler, most),
  ).rejects.toThrow(ConflictError)
  expect(pauses.slice(0, 8).map(Math.round)).toEqual([2, 4, 8, 16, 32, 64, 128, 250])
  expect(Math.max(...pauses)).toBeLessThan(250)
})

test('a pause ends when its signal aborts', async () => {
  const abort = new AbortController()
  const paused = systemScheduler.pause(60_000, abort.signal)
  abort.abort()
  await paused
  await systemScheduler.pause(60_000, abort.signal)
})
