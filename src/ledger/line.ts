import type { Scheduler } from './scheduler.ts'

/** How long somebody in line waits while nobody's turn ends: then he goes ahead, or two who wait for each other never end. */
const PATIENCE_MS = 1000

/**
 * A line in which transactions stand that have lost against others: one at a time has its turn, so that they do not
 * lose against each other again and again. Whoever loses for the first time stands at the end. Who keeps losing in his
 * turn, to newcomers, calls `hurry`; newcomers then let him go first.
 *
 * It is a courtesy and not a lock. A transaction whose function waits for another one that stands behind it would hold
 * up both; so nobody waits longer than a second for a line that does not move.
 */
export class Line {
  readonly #scheduler: Scheduler
  /** Resolves when the turn of the last in line has ended. */
  #last: Promise<void> = Promise.resolve()
  #endedCount = 0
  /** Resolves when the turn of the one who hurries has ended; undefined while nobody does. */
  #hurried: Promise<void> | undefined

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler
  }

  /** What a newcomer waits for before his first try; undefined when he may try at once. */
  giveWay(): Promise<void> | undefined {
    return this.#hurried === undefined ? undefined : this.#waitFor(this.#hurried)
  }

  /** Runs `turn` when those who stand before have had theirs. */
  async stand<T>(turn: (hurry: () => void) => Promise<T>): Promise<T> {
    const before = this.#last
    let end = (): void => {}
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    this.#last = ended
    try {
      await this.#waitFor(before)
      return await turn(() => {
        this.#hurried = ended
      })
    } finally {
      this.#endedCount++
      if (this.#hurried === ended) this.#hurried = undefined
      end()
    }
  }

  async #waitFor(before: Promise<void>): Promise<void> {
    const arrived = new AbortController()
    void before.then(() => arrived.abort())
    // A line of one does not start a timer.
    await Promise.resolve()
    while (!arrived.signal.aborted) {
      const ended = this.#endedCount
      await this.#scheduler.pause(PATIENCE_MS, arrived.signal)
      if (this.#endedCount === ended) return
    }
  }
}
