import { formatCount } from '../../verify/index.ts'
import { describeError } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { printable, printableLines } from '../text-table.ts'
import { Completer } from './completion.ts'
import { historyFile, InputHistory } from './input-history.ts'
import { LineEditor } from './line-editor.ts'
import { runAny } from './script.ts'
import type { ReplSession } from './session.ts'
import { type Entry, StatementReader } from './statement-reader.ts'

/** How often the remaining seconds of a transaction are drawn again. */
const COUNTDOWN_MS = 1000

/** Talks with a person until they leave. */
export function converse(session: ReplSession): Promise<void> {
  return new Promise((done) => new Conversation(session, done).start())
}

class Conversation {
  readonly #session: ReplSession
  readonly #io: Io
  readonly #done: () => void
  readonly #reader = new StatementReader()
  readonly #completer: Completer
  readonly #editor: LineEditor
  #stopCountdown: (() => void) | undefined
  #isBusy = false
  #wasGone = false

  constructor(session: ReplSession, done: () => void) {
    this.#session = session
    this.#io = session.io
    this.#done = done
    this.#completer = new Completer(session)
    this.#editor = new LineEditor(this.#io, new InputHistory(historyFile(this.#io.environment)), {
      lines: (lines) => void this.#takeLines(lines),
      interrupt: (wasEmpty) => this.#interrupt(wasEmpty),
      end: (isGone) => void this.#end(isGone),
      complete: async (line) => {
        const { pending } = this.#reader
        const { words, replaced } = await this.#completer.complete(pending === '' ? '' : `${pending}\n`, line)
        return [[...words], replaced]
      },
    })
  }

  start(): void {
    this.#ask()
  }

  #ask(): void {
    if (this.#session.isOver || this.#wasGone) {
      void this.#leave()
      return
    }
    this.#countDown(this.#session.remainingMs !== undefined)
    this.#editor.prompt(this.#session.prompt(this.#reader.pending === '' ? '' : this.#reader.mark))
  }

  /** While a transaction ends by itself, the prompt says when. */
  #countDown(isNeeded: boolean): void {
    if (!isNeeded) {
      this.#stopCountdown?.()
      this.#stopCountdown = undefined
      return
    }
    this.#stopCountdown ??= this.#io.every(COUNTDOWN_MS, () => {
      if (!this.#isBusy) this.#ask()
    })
  }

  async #takeLines(lines: readonly string[]): Promise<void> {
    this.#isBusy = true
    for (const [index, line] of lines.entries()) {
      // The first line is on the screen; further ones were pasted, and are shown when their turn comes.
      if (index > 0) {
        const mark = this.#reader.pending === '' ? '' : this.#reader.mark
        this.#io.write(`${this.#session.prompt(mark)}${printable(line)}\n`)
      }
      await this.#runAll(this.#reader.add(line))
      if (this.#session.isOver) break
    }
    if (!this.#session.isOver) await this.#runAll(this.#reader.ready())
    this.#isBusy = false
    this.#ask()
  }

  async #runAll(entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) {
      if (this.#session.isOver) return
      this.#editor.remember(entry.text)
      await this.#run(entry)
    }
  }

  async #run(entry: Entry): Promise<void> {
    const session = this.#session
    const cancel = new AbortController()
    session.signal = cancel.signal
    const stopListening = this.#io.onInterrupt(() => cancel.abort())
    try {
      await runAny(session, entry)
    } catch (error) {
      const statement = entry.kind === 'statement' ? entry.text : session.context.statement
      this.#complain(printableLines(describeError(error, statement)))
    } finally {
      stopListening()
      session.context.statement = undefined
      this.#completer.forget()
    }
    if (cancel.signal.aborted && entry.kind === 'command') session.say('Cancelled.')
  }

  #complain(text: string): void {
    this.#io.write(this.#io.usesColor ? `\u001b[31m${text}\u001b[0m\n` : `${text}\n`)
  }

  #interrupt(wasEmpty: boolean): void {
    if (wasEmpty && this.#reader.pending === '') this.#session.say(this.#session.dim('Leave with Ctrl-D or \\q.'))
    this.#reader.clear()
    this.#ask()
  }

  async #end(isGone: boolean): Promise<void> {
    if (isGone) {
      this.#wasGone = true
      if (!this.#isBusy) await this.#leave()
      return
    }
    if (this.#reader.pending !== '') {
      this.#reader.clear()
    } else if (this.#session.isInTransaction) {
      await this.#session.abort()
    } else {
      this.#session.isOver = true
    }
    this.#ask()
  }

  async #leave(): Promise<void> {
    this.#countDown(false)
    this.#editor.close()
    if (this.#session.isInTransaction) await this.#session.abort()
    this.#done()
  }
}

/** What stands above the first prompt. */
export async function greet(session: ReplSession, isNew: boolean): Promise<void> {
  const { ledger, target, context } = session
  const where =
    target === ':memory:'
      ? 'a ledger in memory, which ends with this program (keep one: tally repl FOLDER)'
      : `${isNew ? 'new ' : ''}ledger "${printable(ledger.name)}"${ledger.isReadOnly ? ', read only' : ''}`
  const { digestTipAddress } = await ledger.digest()
  const blocks = isNew || target === ':memory:' ? '' : `, ${formatCount(digestTipAddress.sequenceNo + 1)} blocks`
  session.say(`tally ${context.version}: ${where}${blocks}. \\? for help, \\q to leave.`)
}
