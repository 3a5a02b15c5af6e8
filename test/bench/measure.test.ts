/** Method: a clock of the test's own, which the contenders move by hand, so that every rate is known beforehand. */
import { expect, test } from 'vitest'
import type { BenchClock } from '../../src/bench/clock.ts'
import { type Contender, measure, median } from '../../src/bench/measure.ts'

function handClock(): BenchClock & { pass(ms: number): void } {
  let now = 0
  const pass = (ms: number): void => {
    now += ms
  }
  return { nowMs: () => now, date: () => new Date(0), pass }
}

test('the median of an odd and of an even number of values', () => {
  expect(median([5, 1, 3])).toBe(3)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([])).toBeNaN()
})

test('warm-up rounds are run and forgotten, the rate is the median of the runs', async () => {
  const clock = handClock()
  const durationsMs = [1000, 10, 40, 20] // the first is the warm-up
  const rounds: number[] = []
  const contender: Contender = {
    name: 'us',
    run: (round, latencies) => {
      rounds.push(round)
      clock.pass(durationsMs[round]!)
      latencies.record(durationsMs[round]!)
      return 100
    },
  }
  const [measurement] = await measure([contender], { clock, warmUps: 1, runs: 3 })
  expect(rounds).toEqual([0, 1, 2, 3])
  expect(measurement?.perSecond).toBe(5000)
  expect(measurement?.latencies.count).toBe(3)
  expect(measurement?.latencies.quantileMs(1)).toBe(40)
})

test('contenders take turns and swap places each round', async () => {
  const clock = handClock()
  const turns: string[] = []
  const contender = (name: string, ms: number): Contender => ({
    name,
    run: async () => {
      turns.push(name)
      await Promise.resolve()
      clock.pass(ms)
      return 1
    },
  })
  const measurements = await measure([contender('us', 1), contender('peer', 4)], { clock, warmUps: 1, runs: 2 })
  expect(turns).toEqual(['us', 'peer', 'peer', 'us', 'us', 'peer'])
  expect(measurements.map(({ name, perSecond }) => [name, perSecond])).toEqual([
    ['us', 1000],
    ['peer', 250],
  ])
})

test('a cancelled measurement stops before the next round', async () => {
  const cancel = new AbortController()
  let rounds = 0
  const contender: Contender = {
    name: 'us',
    run: () => {
      if (++rounds === 2) cancel.abort()
      return 1
    },
  }
  const options = { clock: handClock(), warmUps: 0, runs: 5, signal: cancel.signal }
  await expect(measure([contender], options)).rejects.toThrow('aborted')
  expect(rounds).toBe(2)
})
