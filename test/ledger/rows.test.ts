import { describe, expect, test } from 'vitest'
import { LimitError, NotFoundError } from '../../src/errors.ts'
import { type RowCursor, type RowSource, Rows } from '../../src/ledger/rows.ts'
import type { Scheduler } from '../../src/ledger/scheduler.ts'

/** Counts what is asked of it; fails at `failAt` when given. */
class CountingSource implements RowSource<number> {
  opened = 0
  read = 0
  closed = 0
  readonly size: number
  readonly isLate: boolean
  readonly failAt: number | undefined

  constructor(size: number, options: { isLate?: boolean; failAt?: number } = {}) {
    this.size = size
    this.isLate = options.isLate ?? false
    this.failAt = options.failAt
  }

  open(): RowCursor<number> | Promise<RowCursor<number>> {
    this.opened++
    const cursor: RowCursor<number> = {
      next: () => {
        if (this.read === this.failAt) throw new Error('cannot read on')
        return this.read < this.size ? this.read++ : undefined
      },
      close: () => {
        this.closed++
      },
    }
    return this.isLate ? Promise.resolve(cursor) : cursor
  }
}

/** Time that moves 1 ms with each look; `breaths` counts the turns given to the event loop. */
class SteppingScheduler implements Scheduler {
  nowMs = 0
  breaths = 0
  elapsedMs(): number {
    return this.nowMs++
  }
  pause(): Promise<void> {
    return Promise.resolve()
  }
  breathe(): Promise<void> {
    this.breaths++
    return new Promise((resolve) => setImmediate(resolve))
  }
}

function numbers(size: number): number[] {
  return Array.from({ length: size }, (_, index) => index)
}

for (const isLate of [false, true]) {
  describe(isLate ? 'rows whose cursor comes later' : 'rows whose cursor is there at once', () => {
    test('nothing runs until somebody asks', async () => {
      const source = new CountingSource(3, { isLate })
      new Rows(source, new SteppingScheduler())
      await Promise.resolve()
      expect(source.opened).toBe(0)
    })

    test('awaiting gives all rows, once, and closes the cursor', async () => {
      const source = new CountingSource(3, { isLate })
      const rows = new Rows(source, new SteppingScheduler())
      const first = await rows
      expect(first).toEqual([0, 1, 2])
      expect(await rows).toBe(first)
      expect(source).toMatchObject({ opened: 1, closed: 1 })
    })

    test('awaited rows can be looped over, counted and picked from afterwards', async () => {
      const rows = new Rows(new CountingSource(2, { isLate }), new SteppingScheduler())
      await rows
      const seen: number[] = []
      for await (const row of rows) seen.push(row)
      for await (const row of rows) seen.push(row)
      expect(seen).toEqual([0, 1, 0, 1])
      expect(await rows.first()).toBe(0)
      await expect(rows.one()).rejects.toMatchObject({ code: 'TOO_MANY_ROWS' })
    })

    test('looping streams: break reads no further and closes', async () => {
      const source = new CountingSource(1_000_000, { isLate })
      for await (const row of new Rows(source, new SteppingScheduler())) if (row === 4) break
      expect(source).toMatchObject({ opened: 1, read: 5, closed: 1 })
    })

    test('an error in the loop body closes', async () => {
      const source = new CountingSource(10, { isLate })
      const loop = async (): Promise<void> => {
        for await (const row of new Rows(source, new SteppingScheduler())) if (row === 2) throw new Error('enough')
      }
      await expect(loop()).rejects.toThrow('enough')
      expect(source.closed).toBe(1)
    })

    test('streamed rows cannot be asked again', async () => {
      const rows = new Rows(new CountingSource(3, { isLate }), new SteppingScheduler())
      for await (const _ of rows) break
      await expect(rows).rejects.toThrow(TypeError)
      expect(() => rows[Symbol.asyncIterator]()).toThrow(/runs once/)
      await expect(new Rows(new CountingSource(0), new SteppingScheduler()).one()).rejects.toThrow(NotFoundError)
    })

    test('a failing source rejects, and closes', async () => {
      const awaited = new CountingSource(10, { isLate, failAt: 3 })
      await expect(new Rows(awaited, new SteppingScheduler())).rejects.toThrow('cannot read on')
      expect(awaited.closed).toBeGreaterThan(0)

      const streamed = new CountingSource(10, { isLate, failAt: 3 })
      const seen: number[] = []
      const loop = async (): Promise<void> => {
        for await (const row of new Rows(streamed, new SteppingScheduler())) seen.push(row)
      }
      await expect(loop()).rejects.toThrow('cannot read on')
      expect(seen).toEqual([0, 1, 2])
      expect(streamed.closed).toBeGreaterThan(0)
    })

    test('first reads one row, one reads two at most', async () => {
      const forFirst = new CountingSource(100, { isLate })
      expect(await new Rows(forFirst, new SteppingScheduler()).first()).toBe(0)
      expect(forFirst).toMatchObject({ read: 1, closed: 1 })
      expect(await new Rows(new CountingSource(0, { isLate }), new SteppingScheduler()).first()).toBeUndefined()

      const forOne = new CountingSource(100, { isLate })
      await expect(new Rows(forOne, new SteppingScheduler()).one()).rejects.toThrow(LimitError)
      expect(forOne).toMatchObject({ read: 2, closed: 1 })
      expect(await new Rows(new CountingSource(1, { isLate }), new SteppingScheduler()).one()).toBe(0)
    })

    test('a long result lets the event loop breathe and loses no row', async () => {
      const scheduler = new SteppingScheduler()
      expect(await new Rows(new CountingSource(10_000, { isLate }), scheduler)).toEqual(numbers(10_000))
      expect(scheduler.breaths).toBeGreaterThan(10)

      const streaming = new SteppingScheduler()
      const seen: number[] = []
      for await (const row of new Rows(new CountingSource(10_000, { isLate }), streaming)) seen.push(row)
      expect(seen).toEqual(numbers(10_000))
      expect(streaming.breaths).toBeGreaterThan(10)
    })

    test('a short result never waits', async () => {
      const scheduler = new SteppingScheduler()
      expect(await new Rows(new CountingSource(60, { isLate }), scheduler)).toHaveLength(60)
      expect(scheduler).toMatchObject({ breaths: 0, nowMs: 0 })
    })

    test('steps asked for without waiting come in order', async () => {
      const rows = new Rows(new CountingSource(2_000, { isLate }), new SteppingScheduler())
      const iterator = rows[Symbol.asyncIterator]()
      const steps = await Promise.all(numbers(2_001).map(() => iterator.next()))
      expect(steps.map((step) => step.value)).toEqual([...numbers(2_000), undefined])
    })
  })
}

test('a source that cannot be opened rejects every way of asking', async () => {
  const broken: RowSource<number> = {
    open: () => {
      throw new Error('no table')
    },
  }
  const rows = (): Rows<number> => new Rows(broken, new SteppingScheduler())
  await expect(rows()).rejects.toThrow('no table')
  await expect(rows().one()).rejects.toThrow('no table')
  await expect(rows()[Symbol.asyncIterator]().next()).rejects.toThrow('no table')
  const late = new Rows({ open: () => Promise.reject(new Error('no table')) }, new SteppingScheduler())
  await expect(late[Symbol.asyncIterator]().next()).rejects.toThrow('no table')
})

test('a stream given up while its cursor is on its way closes the cursor when it comes', async () => {
  const source = new CountingSource(5, { isLate: true })
  const iterator = new Rows(source, new SteppingScheduler())[Symbol.asyncIterator]()
  const step = iterator.next()
  await iterator.return?.()
  expect(await step).toEqual({ done: true, value: undefined })
  expect(source.closed).toBeGreaterThan(0)
  expect(source.read).toBe(0)
})
