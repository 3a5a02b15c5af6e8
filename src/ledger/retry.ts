import { ConflictError } from '../errors.ts'
import type { Line } from './line.ts'
import type { Scheduler } from './scheduler.ts'

/**
 * How often a conflicting transaction runs again when nobody says otherwise; QLDB's drivers had the same number. Standing
 * in line makes it enough: those in line lose only against newcomers.
 */
export const DEFAULT_RETRIES = 4

const FIRST_DELAY_MS = 2
const LONGEST_DELAY_MS = 250

/** What retrying needs of a ledger. */
export interface Retrying {
  readonly scheduler: Scheduler
  readonly randomness: (sizeBytes: number) => Uint8Array
  /** Where those stand who lost. */
  readonly line: Pick<Line, 'stand' | 'giveWay'>
  /** Resolves when the commits that are on their way, the winner's among them, have arrived. */
  settled(): Promise<void>
}

/**
 * Runs `attempt` until it succeeds, fails with something other than a {@link ConflictError}, or has failed
 * `retries` + 1 times; then the last error is thrown as it is.
 *
 * After the first conflict it stands in line with the others who lost, and has its further attempts when it is its turn,
 * each when the winner is visible. Whoever loses in his turn too, to a newcomer, is let go first by other newcomers, and waits a random part of a span that doubles
 * each time, 2 ms at first and 250 ms at most, so that writers that met once do not meet again ("full jitter":
 * M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015).
 */
export async function retryConflicts<T>(attempt: () => Promise<T>, retries: number, ledger: Retrying): Promise<T> {
  const before = ledger.line.giveWay()
  if (before !== undefined) await before
  try {
    return await attempt()
  } catch (error) {
    if (!(error instanceof ConflictError) || retries === 0) throw error
  }
  return ledger.line.stand(async (hurry) => {
    for (let failures = 0; ; failures++) {
      await ledger.settled()
      try {
        return await attempt()
      } catch (error) {
        if (!(error instanceof ConflictError) || failures + 1 >= retries) throw error
      }
      hurry()
      await ledger.scheduler.pause(delayMs(failures, ledger.randomness))
    }
  })
}

/** A whole number of milliseconds would be too coarse for 2 ms: 16 random bits are spread over the span. */
function delayMs(failures: number, randomness: (sizeBytes: number) => Uint8Array): number {
  const spanMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures, 30))
  const bytes = randomness(2)
  return (((bytes[0]! << 8) | bytes[1]!) / 0x10000) * spanMs
}
