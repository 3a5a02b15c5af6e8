import type { IonValue } from '../ion/index.ts'
import { prepare } from '../partiql/index.ts'
import type { StoredRevision } from '../tables/index.ts'
import { type PastTransaction, readOnlyPast } from '../transaction/index.ts'
import type { LedgerContext } from './ledger-context.ts'
import { requireText, SnapshotCursor, unknownTable } from './ledger-transaction.ts'
import type { RowCursor } from './rows.ts'
import type { Scheduler } from './scheduler.ts'
import { composeStatement } from './sql.ts'
import { type Row, StatementRows, type StatementRunner, StatementSource } from './statement.ts'
import { ReadableTable } from './table.ts'
import type { TableReference } from './table-reference.ts'

/**
 * The ledger as it was after one block, to read from. Made by `ledger.asOf`.
 *
 * Documents and tables are those of then: a table that came later does not exist. There are no indexes on the past: a
 * statement costs a scan of the table's history, plus one block read for each document that was there.
 */
export class PastLedger {
  /** The last block that is seen; -1 is before the first. */
  readonly sequenceNo: number
  readonly #runner: PastRunner

  /** @internal use `ledger.asOf` */
  constructor(context: LedgerContext, sequenceNo: number) {
    this.sequenceNo = sequenceNo
    this.#runner = new PastRunner(context, sequenceNo)
  }

  /** Runs a query over the past state. See `ledger.sql`. @throws {SessionError} READ_ONLY for anything but a query */
  sql<T = Row>(strings: TemplateStringsArray, ...values: readonly unknown[]): StatementRows<T> {
    const { text, values: parameters } = composeStatement(strings, values)
    return new StatementRows(new StatementSource<T>(this.#runner, text, parameters))
  }

  /** Runs a text with `?` parameters over the past state. See `ledger.execute`. */
  execute<T = Row>(text: string, ...parameters: readonly unknown[]): StatementRows<T> {
    return new StatementRows(new StatementSource<T>(this.#runner, requireText(text), parameters))
  }

  /** A table of then. */
  table<Document extends object>(reference: TableReference<Document, unknown>): ReadableTable<Document> {
    return new ReadableTable(reference, this.#runner)
  }
}

class PastRunner implements StatementRunner {
  readonly waiting: undefined
  readonly symbols: undefined
  readonly #context: LedgerContext
  readonly #sequenceNo: number

  constructor(context: LedgerContext, sequenceNo: number) {
    this.#context = context
    this.#sequenceNo = sequenceNo
  }

  get scheduler(): Scheduler {
    return this.#context.scheduler
  }

  get strandId(): string {
    return this.#context.core.strandId
  }

  openStatement(text: string, parameters: readonly IonValue[]): RowCursor<IonValue> {
    return this.#reading((past, now) => {
      const statement = prepare(text, past.catalog)
      if (!statement.isReadOnly) throw readOnlyPast()
      return statement.run(past, parameters, this.#context.executionAt(now))
    })
  }

  openHistory(tableName: string, documentId: string): RowCursor<StoredRevision> {
    return this.#reading((past) => {
      const table = past.catalog.activeTable(tableName)
      if (table === undefined) throw unknownTable(tableName)
      return past.getHistory(table, documentId)
    })
  }

  #reading<T>(start: (past: PastTransaction, now: number) => RowCursor<T>): RowCursor<T> {
    this.#context.requireOpen()
    const transaction = this.#context.core.begin({ readOnly: true, tracksReads: false })
    try {
      const past = transaction.asOf({ kind: 'block', sequenceNo: this.#sequenceNo })
      return new SnapshotCursor(transaction, start(past, transaction.startTimeMs), this.#context)
    } catch (error) {
      transaction.abort()
      throw error
    }
  }
}
