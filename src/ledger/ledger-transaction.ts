import { NotFoundError, SessionError } from '../errors.ts'
import type { IonValue, SymbolTable } from '../ion/index.ts'
import { prepare } from '../partiql/index.ts'
import type { StoredRevision } from '../tables/index.ts'
import type { CommitResult, Transaction } from '../transaction/index.ts'
import type { LedgerContext } from './ledger-context.ts'
import type { RowCursor } from './rows.ts'
import type { Scheduler } from './scheduler.ts'
import { composeStatement } from './sql.ts'
import { type Row, StatementRows, type StatementRunner, StatementSource } from './statement.ts'
import { Table } from './table.ts'
import { missingDefinitions, type TableReference } from './table-reference.ts'

/**
 * A transaction: it sees the ledger as it was when the transaction began, with its own writes on top, and becomes one
 * block when it commits, or nothing. Serializable; nobody waits for anybody, and whoever was not first finds out at
 * commit.
 *
 * States: open → ended, by {@link commit}, by {@link abort}, or by leaving an `await using` block. Every statement on an
 * ended transaction throws a SessionError.
 *
 * A statement that fails leaves the transaction open and as it was before: nothing of what it did stays, and the block
 * will not list it. You decide what then; `ledger.transact` aborts when its function throws.
 */
export class LedgerTransaction {
  readonly #transaction: Transaction
  readonly #runner: TransactionRunner
  #wasEnded = false

  /** @internal use `ledger.begin` or `ledger.transact` */
  constructor(transaction: Transaction, context: LedgerContext) {
    this.#transaction = transaction
    this.#runner = new TransactionRunner(transaction, context)
  }

  /** 22 characters; known from the start, it will be the `txId` of everything that the transaction writes. */
  get id(): string {
    return this.#transaction.id
  }

  /** False once it committed, aborted, or expired. */
  get isOpen(): boolean {
    return this.#transaction.isOpen
  }

  /** @internal true once somebody asked for commit or abort; an expired transaction was ended by nobody */
  get wasEnded(): boolean {
    return this.#wasEnded
  }

  /** Runs a statement in this transaction. See `ledger.sql` for values and fragments. */
  sql<T = Row>(strings: TemplateStringsArray, ...values: readonly unknown[]): StatementRows<T> {
    const { text, values: parameters } = composeStatement(strings, values)
    return new StatementRows(new StatementSource<T>(this.#runner, text, parameters))
  }

  /** Runs a text with `?` parameters in this transaction. See `ledger.execute`. */
  execute<T = Row>(text: string, ...parameters: readonly unknown[]): StatementRows<T> {
    return new StatementRows(new StatementSource<T>(this.#runner, requireText(text), parameters))
  }

  /** A table in this transaction. Nothing is created: a missing table is noticed by the first statement. */
  table<Document extends object, Input>(reference: TableReference<Document, Input>): Table<Document, Input> {
    return new Table(reference, this.#runner)
  }

  /** @internal see {@link missingDefinitions} */
  missingDefinitions(reference: Pick<TableReference<object, unknown>, 'name' | 'index' | 'unique'>): readonly string[] {
    return missingDefinitions(reference, this.#transaction.catalog)
  }

  /**
   * Makes everything written durable and visible to others, as one block.
   *
   * @returns the transaction's id and the address of its block; the address is undefined when nothing was written
   * @throws {ConflictError} when another transaction was first with something that this one had read: nothing was
   *   written, and running it again may help
   * @throws {SessionError} TRANSACTION_ENDED, TRANSACTION_EXPIRED, LEDGER_CLOSED
   * @throws {TypeError} when a statement was written but never awaited, so that it would silently be missing; the
   *   transaction is aborted
   * @throws {StorageError} when the journal could not be written; then the ledger must be opened again
   */
  async commit(): Promise<CommitResult> {
    const [forgotten] = this.#runner.waiting
    if (forgotten !== undefined && this.isOpen) {
      await this.abort()
      throw new TypeError(`A statement of the transaction was never awaited, so it did not run: ${forgotten.text}`)
    }
    this.#wasEnded = true
    this.#runner.close()
    return this.#runner.context.commit(this.#transaction)
  }

  /** Forgets everything the transaction did. Does nothing when it has ended already. */
  async abort(): Promise<void> {
    this.#wasEnded = true
    this.#runner.close()
    this.#transaction.abort()
  }

  /** Aborts unless it was committed: what `await using` calls. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.abort()
  }
}

/** Runs statements in one transaction. */
class TransactionRunner implements StatementRunner {
  readonly waiting: Set<StatementSource<unknown>> = new Set()
  readonly #cursors: Set<RowCursor<unknown>> = new Set()
  readonly #transaction: Transaction
  readonly context: LedgerContext

  constructor(transaction: Transaction, context: LedgerContext) {
    this.#transaction = transaction
    this.context = context
    context.open.add(this)
  }

  /** Closes what still reads the snapshot, which is about to go. When the ledger closes, the transaction goes with it. */
  close(): void {
    this.context.open.delete(this)
    for (const cursor of this.#cursors) cursor.close()
    if (this.context.isClosed) this.#transaction.abort()
  }

  get scheduler(): Scheduler {
    return this.context.scheduler
  }

  get strandId(): string {
    return this.#transaction.strandId
  }

  get symbols(): SymbolTable {
    return this.context.core.symbols
  }

  openStatement(text: string, parameters: readonly IonValue[]): RowCursor<IonValue> {
    const transaction = this.#transaction
    this.context.requireOpen()
    const prepared = prepare(text, transaction.catalog)
    const rows = transaction.runStatement(text, parameters, () =>
      prepared.run(transaction, parameters, this.context.executionAt(transaction.startTimeMs)),
    )
    const statement = transaction.statements.at(-1)
    return new LiveCursor(rows, this.context, transaction, this.#cursors, () => transaction.forgetQuery(statement))
  }

  openHistory(tableName: string, documentId: string): RowCursor<StoredRevision> {
    const table = this.#transaction.catalog.activeTable(tableName)
    if (table === undefined) throw unknownTable(tableName)
    const rows = this.#transaction.getHistory(table, documentId)
    return new LiveCursor(rows, this.context, this.#transaction, this.#cursors, () => {})
  }
}

/**
 * Rows that may be asked for while their transaction is open: its snapshot must not be read afterwards. The
 * transaction closes what is still open when it ends.
 */
class LiveCursor<T> implements RowCursor<T> {
  readonly #rows: RowCursor<T>
  readonly #context: LedgerContext
  readonly #transaction: Transaction
  readonly #open: Set<RowCursor<unknown>>
  readonly #onFailure: () => void

  constructor(
    rows: RowCursor<T>,
    context: LedgerContext,
    transaction: Transaction,
    open: Set<RowCursor<unknown>>,
    onFailure: () => void,
  ) {
    this.#rows = rows
    this.#context = context
    this.#transaction = transaction
    this.#open = open
    this.#onFailure = onFailure
    open.add(this)
  }

  next(): T | undefined {
    if (!this.#transaction.isOpen) {
      throw new SessionError(
        'TRANSACTION_ENDED',
        `Transaction ${this.#transaction.id} ended while its rows were being read. Read them before it commits or aborts.`,
      )
    }
    this.#context.requireOpen()
    try {
      return this.#rows.next()
    } catch (error) {
      this.#onFailure()
      throw error
    }
  }

  close(): void {
    if (this.#open.delete(this)) this.#rows.close()
  }
}

/** Rows of one statement outside any transaction: with its end, its snapshot is given back. */
export class SnapshotCursor<T> implements RowCursor<T> {
  readonly #transaction: Transaction
  readonly #rows: RowCursor<T>
  readonly #context: LedgerContext

  constructor(transaction: Transaction, rows: RowCursor<T>, context: LedgerContext) {
    this.#transaction = transaction
    this.#rows = rows
    this.#context = context
    context.open.add(this)
  }

  next(): T | undefined {
    this.#context.requireOpen()
    return this.#rows.next()
  }

  close(): void {
    if (!this.#context.open.delete(this)) return
    this.#rows.close()
    this.#transaction.abort()
  }
}

export function unknownTable(name: string): NotFoundError {
  return new NotFoundError(
    'TABLE_NOT_FOUND',
    `Table "${name}" does not exist. Create it with CREATE TABLE ${name}, or list tables with ` +
      'SELECT * FROM information_schema.user_tables.',
  )
}

/** @throws {TypeError} when it is no text */
export function requireText(text: string): string {
  if (typeof text !== 'string') throw new TypeError(`'text' expected the text of a statement, got ${typeof text}`)
  return text
}
