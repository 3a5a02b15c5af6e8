import type { BenchClock } from './clock.ts'
import { Histogram } from './histogram.ts'

/** One of those who do the same work in turn: Tallystick, or a peer. */
export interface Contender {
  readonly name: string
  /**
   * Does its share of the work once, on round numbers that rise over warm-up and runs, so that each round can have
   * inputs of its own. Durations of single pieces go into `latencies`, where they are wanted.
   *
   * @returns how many units of work were done; the runner takes the time
   */
  readonly run: (round: number, latencies: Histogram) => number | Promise<number>
}

/** What the runs of one contender gave. */
export interface Measurement {
  readonly name: string
  /** Median over the runs, units a second. */
  readonly perSecond: number
  /** Pieces of all runs together, warm-up left out. */
  readonly latencies: Histogram
}

/** How often to run. A warm-up round is run like any other and then forgotten. */
export interface MeasureOptions {
  readonly clock: BenchClock
  readonly warmUps: number
  readonly runs: number
  /** Cancels between two rounds. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Lets the contenders take turns, round by round, and in the next round in the opposite order: a disk or a processor
 * that changes its mood during the run meets all of them alike.
 *
 * @returns one measurement a contender, in the given order
 */
export async function measure(contenders: readonly Contender[], options: MeasureOptions): Promise<Measurement[]> {
  const runners = contenders.map((contender) => ({ contender, rates: [] as number[], latencies: new Histogram() }))
  for (let round = 0; round < options.warmUps + options.runs; round++) {
    const isWarmUp = round < options.warmUps
    for (const runner of round % 2 === 0 ? runners : runners.toReversed()) {
      options.signal?.throwIfAborted()
      const latencies = isWarmUp ? new Histogram() : runner.latencies
      const startMs = options.clock.nowMs()
      const units = await runner.contender.run(round, latencies)
      const seconds = (options.clock.nowMs() - startMs) / 1000
      if (!isWarmUp) runner.rates.push(units / seconds)
    }
  }
  return runners.map(({ contender, rates, latencies }) => ({
    name: contender.name,
    perSecond: median(rates),
    latencies,
  }))
}

/** The middle value, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  if (sorted.length % 2 === 1) return sorted[middle]!
  return (sorted[middle - 1]! + sorted[middle]!) / 2
}
