/**
 * Time that passes, as a seam: waiting between retries and letting the event loop breathe during long scans. A test
 * passes its own; nothing else in the ledger touches a timer.
 */
export interface Scheduler {
  /** Milliseconds of a monotonic clock with an arbitrary start. Never goes back, unlike the wall clock. */
  elapsedMs(): number
  /** Resolves after about `delayMs` milliseconds, or at once when `signal` aborts. Never rejects. */
  pause(delayMs: number, signal?: AbortSignal): Promise<void>
  /** Resolves after the event loop had a turn: timers fired, sockets were read. */
  breathe(): Promise<void>
}

/** The scheduler of the running process. */
export const systemScheduler: Scheduler = {
  elapsedMs: () => performance.now(),
  pause: (delayMs, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) {
        resolve()
        return
      }
      const done = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, delayMs)
      signal?.addEventListener('abort', done)
    }),
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
}

/** The wall clock of the running process. */
export const systemClock: () => Date = () => new Date()
