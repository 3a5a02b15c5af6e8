import { type Ledger, type LedgerOptions, openLedger } from '../../src/index.ts'

/** A clock that stands still until it is moved. */
export class TestClock {
  now: number = Date.parse('2026-01-01T00:00:00.000Z')
  readonly read: () => Date = () => new Date(this.now)
  advance(ms: number): void {
    this.now += ms
  }
}

/** Bytes that repeat from run to run: a counter, spread by a linear congruential generator (Numerical Recipes). */
export function seededRandomness(seed = 1): (sizeBytes: number) => Uint8Array {
  let state = seed >>> 0
  return (sizeBytes) => {
    const bytes = new Uint8Array(sizeBytes)
    for (let index = 0; index < sizeBytes; index++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      bytes[index] = state >>> 24
    }
    return bytes
  }
}

/** A ledger in memory whose clock and randomness repeat. */
export function openTestLedger(options: LedgerOptions = {}): Promise<Ledger> {
  return openLedger(':memory:', { clock: new TestClock().read, randomness: seededRandomness(), ...options })
}
