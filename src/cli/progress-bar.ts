import type { Io } from './io.ts'

/** How often the bar is drawn again. */
const REDRAW_MS = 100

/**
 * A progress bar on standard error for work that takes long: only on a terminal, with rate and remaining time, gone
 * when the work is done.
 */
export class ProgressBar {
  readonly #io: Io
  readonly #label: string
  readonly #elapsedMs: () => number
  readonly #startMs: number
  #drawnMs = Number.NEGATIVE_INFINITY

  /** @param elapsedMs a monotonic clock */
  constructor(io: Io, label: string, elapsedMs: () => number = () => performance.now()) {
    this.#io = io
    this.#label = label
    this.#elapsedMs = elapsedMs
    this.#startMs = elapsedMs()
  }

  /** @param unit what is counted, already formatted: "12.3 MB" */
  update(done: number, total: number, unit: (count: number) => string): void {
    if (!this.#io.isTerminal || total === 0) return
    const now = this.#elapsedMs()
    if (now - this.#drawnMs < REDRAW_MS && done < total) return
    this.#drawnMs = now
    const seconds = Math.max(0.001, (now - this.#startMs) / 1000)
    const share = Math.min(1, done / total)
    const filled = Math.round(share * 24)
    const remaining = share > 0 ? Math.ceil((seconds / share) * (1 - share)) : 0
    const bar = `${'█'.repeat(filled)}${'░'.repeat(24 - filled)}`
    const rate = `${unit(done / seconds)}/s`
    this.#io.writeError(
      `\r\u001b[K${this.#label} ${bar} ${Math.floor(share * 100)} %  ${unit(done)} of ${unit(total)}  ${rate}  ${remaining} s left`,
    )
  }

  /** Takes the bar off the screen. */
  clear(): void {
    if (this.#io.isTerminal && this.#drawnMs !== Number.NEGATIVE_INFINITY) this.#io.writeError('\r\u001b[K')
  }
}
