import { PassThrough } from 'node:stream'
import type { Io } from '../../src/cli/io.ts'

/** What a run wrote, and the means to play the person in front of it. */
export class TestIo implements Io {
  readonly input: PassThrough = new PassThrough()
  readonly environment: Record<string, string | undefined> = { TALLY_HISTORY: '' }
  readonly isTerminal: boolean
  readonly isInteractive: boolean
  readonly program = undefined
  usesColor = false
  columns = 80
  output = ''
  errors = ''
  /** What {@link edit} answers. */
  editor: (text: string) => string = (text) => text
  nowMs = 0
  readonly #interrupts: Set<() => void> = new Set()
  readonly #ticks: Set<() => void> = new Set()

  /** @param kind `terminal` both ways, a `screen` whose input is a pipe, or a `pipe` both ways */
  constructor(kind: 'terminal' | 'screen' | 'pipe' = 'pipe') {
    this.isTerminal = kind !== 'pipe'
    this.isInteractive = kind === 'terminal'
  }

  write(text: string): void {
    this.output += text
  }

  writeError(text: string): void {
    this.errors += text
  }

  drained(): undefined {
    return undefined
  }

  async readInput(): Promise<string> {
    let text = ''
    for await (const chunk of this.input) text += String(chunk)
    return text
  }

  elapsedMs(): number {
    return this.nowMs
  }

  every(_periodMs: number, action: () => void): () => void {
    this.#ticks.add(action)
    return () => void this.#ticks.delete(action)
  }

  onInterrupt(listener: () => void): () => void {
    this.#interrupts.add(listener)
    return () => void this.#interrupts.delete(listener)
  }

  async edit(text: string): Promise<string> {
    return this.editor(text)
  }

  /** Ctrl-C while something runs. */
  interrupt(): void {
    for (const listener of this.#interrupts) listener()
  }

  /** Time passes, and whoever waits for it acts. */
  tick(elapsedMs: number): void {
    this.nowMs += elapsedMs
    for (const action of this.#ticks) action()
  }

  /** Types, and waits until the screen shows `expected` after what it shows now. */
  async type(keys: string, expected: string): Promise<string> {
    const from = this.output.length
    this.input.write(keys)
    return this.shows(expected, from)
  }

  /** Waits until the screen shows `expected` behind its first `from` characters; gives what it shows there. */
  async shows(expected: string, from = 0): Promise<string> {
    const deadlineMs = performance.now() + 10_000
    while (!this.output.slice(from).includes(expected)) {
      if (performance.now() > deadlineMs) {
        throw new Error(
          `Expected ${JSON.stringify(expected)} on the screen: ${JSON.stringify(this.output.slice(from))}`,
        )
      }
      await new Promise((done) => setTimeout(done, 5))
    }
    return this.output.slice(from)
  }
}
