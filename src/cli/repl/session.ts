import { ConflictError, SessionError } from '../../errors.ts'
import type { IonValue } from '../../ion/index.ts'
import type { Ledger, LedgerTransaction } from '../../ledger/index.ts'
import { formatCount } from '../../verify/index.ts'
import type { CommandContext } from '../command-context.ts'
import { UsageError } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { type ResultFormat, writeRows } from '../result-output.ts'
import { printable } from '../text-table.ts'

/** What a session starts with. */
export interface SessionOptions {
  readonly ledger: Ledger
  /** As it was given on the command line. */
  readonly target: string
  readonly context: CommandContext
  readonly format: ResultFormat
  /** How long a transaction may be open; Infinity for no limit. */
  readonly timeoutMs: number
}

/** What a person or a script is doing with one ledger: settings, the open transaction, the statement under way. */
export class ReplSession {
  readonly ledger: Ledger
  readonly target: string
  readonly context: CommandContext
  readonly io: Io
  format: ResultFormat
  showsTime = true
  /** Set by `\q` and its like. */
  isOver = false
  /** The statement that `\e` edits. */
  lastStatement = ''
  /** The command or statement under way stops when it aborts. */
  signal: AbortSignal = new AbortController().signal
  readonly #timeoutMs: number
  #transaction: { readonly handle: LedgerTransaction; readonly beganMs: number } | undefined

  constructor({ ledger, target, context, format, timeoutMs }: SessionOptions) {
    this.ledger = ledger
    this.target = target
    this.context = context
    this.io = context.io
    this.format = format
    this.#timeoutMs = timeoutMs
  }

  get isInTransaction(): boolean {
    return this.#transaction !== undefined
  }

  /** Until the open transaction expires; undefined when there is none, or no limit. Never below 0. */
  get remainingMs(): number | undefined {
    if (this.#transaction === undefined || this.#timeoutMs === Number.POSITIVE_INFINITY) return undefined
    return Math.max(0, this.#transaction.beganMs + this.#timeoutMs - this.io.elapsedMs())
  }

  /** Runs a statement, in the open transaction if there is one, and writes its rows. */
  async run(statement: string, parameters: readonly unknown[] = []): Promise<void> {
    this.lastStatement = statement
    this.context.statement = statement
    const startMs = this.io.elapsedMs()
    try {
      const count = await writeRows(this.query(statement, parameters), this.format, this.io, this.signal)
      this.#footer(count, startMs)
    } catch (error) {
      this.#noticeEnd(error)
      throw error
    }
    this.context.statement = undefined
  }

  /** The rows of a statement, in the open transaction if there is one. */
  query(statement: string, parameters: readonly unknown[] = []): AsyncIterable<IonValue> & PromiseLike<IonValue[]> {
    return (this.#transaction?.handle ?? this.ledger).execute(statement, ...parameters).with({ ion: true })
  }

  /**
   * The rows of a query that somebody else than the user asks, for a list or a completion: outside the open transaction,
   * so that it is neither read set nor journal that it ends up in. It sees what is committed.
   */
  look(query: string, parameters: readonly unknown[] = []): AsyncIterable<IonValue> & PromiseLike<IonValue[]> {
    return this.ledger.execute(query, ...parameters).with({ ion: true })
  }

  /** @throws {UsageError} when one is open */
  async begin(): Promise<void> {
    if (this.#transaction !== undefined) {
      throw new UsageError('A transaction is open already. End it with commit or abort.')
    }
    const handle = await this.ledger.begin({ readOnly: this.ledger.isReadOnly })
    this.#transaction = { handle, beganMs: this.io.elapsedMs() }
  }

  /** @throws {UsageError} when none is open @throws {ConflictError} when somebody else was first; it is over then */
  async commit(): Promise<void> {
    const handle = this.#end()
    const { transactionId, blockAddress } = await handle.commit()
    this.remark(
      blockAddress === undefined
        ? 'Committed. Nothing was written, so there is no block.'
        : `Committed as block ${formatCount(blockAddress.sequenceNo)}, transaction ${transactionId}.`,
    )
  }

  /** @throws {UsageError} when none is open */
  async abort(): Promise<void> {
    await this.#end().abort()
    this.remark('Aborted. Nothing was written.')
  }

  #end(): LedgerTransaction {
    const transaction = this.#transaction
    if (transaction === undefined) throw new UsageError('No transaction is open. Begin one with: begin')
    this.#transaction = undefined
    return transaction.handle
  }

  /** A statement that failed half way, or too late, took its transaction with it. */
  #noticeEnd(error: unknown): void {
    if (this.#transaction === undefined || this.#transaction.handle.isOpen) return
    this.#transaction = undefined
    const isTold =
      error instanceof ConflictError || (error instanceof SessionError && error.code === 'TRANSACTION_EXPIRED')
    if (!isTold) this.io.writeError('The transaction is aborted: a statement failed half way. Nothing was written.\n')
  }

  #footer(count: number, startMs: number): void {
    if (!this.io.isTerminal) return
    const rows = count === 1 ? '1 row' : `${formatCount(count)} rows`
    const time = this.showsTime ? `, ${formatTime(this.io.elapsedMs() - startMs)}` : ''
    const cancelled = this.signal.aborted ? 'cancelled after ' : ''
    this.say(this.dim(`(${cancelled}${rows}${time})`))
  }

  /** A line for a person, or for whoever reads the output of a script. */
  say(text: string): void {
    this.io.write(`${text}\n`)
  }

  /** What was done, for a person: a script's output holds rows and what was asked for, so it goes beside them there. */
  remark(text: string): void {
    if (this.io.isTerminal) this.say(text)
    else this.io.writeError(`${text}\n`)
  }

  dim(text: string): string {
    return this.io.usesColor ? `\u001b[2m${text}\u001b[0m` : text
  }

  bold(text: string): string {
    return this.io.usesColor ? `\u001b[1m${text}\u001b[0m` : text
  }

  /**
   * `cars> `, `cars*> ` in a transaction, `cars* 28s> ` in one that ends by itself.
   *
   * @param mark what is still open, in front of a line that goes on: `cars-> `
   */
  prompt(mark = ''): string {
    const remaining = this.remainingMs
    const seconds = remaining === undefined ? '' : ` ${Math.ceil(remaining / 1000)}s`
    return `${printable(this.ledger.name)}${this.isInTransaction ? '*' : ''}${seconds}${mark}> `
  }
}

/** `0.4 ms`, `12 ms`, `3.20 s` */
function formatTime(elapsedMs: number): string {
  if (elapsedMs >= 1000) return `${(elapsedMs / 1000).toFixed(2)} s`
  return `${elapsedMs < 10 ? elapsedMs.toFixed(1) : Math.round(elapsedMs)} ms`
}
