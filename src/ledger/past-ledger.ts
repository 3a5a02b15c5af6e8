import { SessionError } from '../errors.ts'
import type { IonValue } from '../ion/index.ts'
import {
  type CatalogAccess,
  prepare,
  type RevisionCursor,
  type TableDefinition,
  type TransactionAccess,
} from '../partiql/index.ts'
import type { Snapshot } from '../storage/index.ts'
import type { HistoryEntry, StoredRevision } from '../tables/index.ts'
import type { LedgerContext } from './ledger-context.ts'
import { requireText, unknownTable } from './ledger-transaction.ts'
import type { RowCursor } from './rows.ts'
import type { Scheduler } from './scheduler.ts'
import { composeStatement } from './sql.ts'
import { type Row, StatementRows, type StatementRunner, StatementSource } from './statement.ts'
import { ReadableTable } from './table.ts'
import type { TableReference } from './table-reference.ts'

/**
 * The ledger as it was after one block, to read from. Made by `ledger.asOf`.
 *
 * Documents are those of then; tables are those of today, empty when they came later. There are no indexes on the
 * past: a statement costs a scan of the table's history, plus one block read for each document that was there.
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
  table<Document extends object>(reference: TableReference<Document>): ReadableTable<Document> {
    return new ReadableTable(reference, this.#runner)
  }
}

class PastRunner implements StatementRunner {
  readonly waiting: undefined
  readonly symbols: undefined
  readonly #context: LedgerContext
  readonly #sequenceNo: number
  /** Today's catalog, and what it looks like without indexes: the same object as long as nothing was defined. */
  #catalog: { readonly today: CatalogAccess; readonly past: CatalogAccess } | undefined

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
    const catalog = this.#pastCatalog()
    const statement = prepare(text, catalog)
    if (!statement.isReadOnly) throw readOnly()
    return this.#reading(
      (past) => statement.run(past, parameters, { now: this.#context.core.committer.now() }),
      catalog,
    )
  }

  openHistory(tableName: string, documentId: string): RowCursor<StoredRevision> {
    const catalog = this.#pastCatalog()
    const table = catalog.activeTable(tableName)
    if (table === undefined) throw unknownTable(tableName)
    return this.#reading((past) => past.getHistory(table, documentId), catalog)
  }

  #reading<T>(start: (past: PastTransaction) => RowCursor<T>, catalog: CatalogAccess): RowCursor<T> {
    const snapshot = this.#context.snapshot()
    try {
      const past = new PastTransaction(this.#context, snapshot, this.#sequenceNo, catalog)
      return new PastCursor(start(past), snapshot, this.#context)
    } catch (error) {
      snapshot.release()
      throw error
    }
  }

  #pastCatalog(): CatalogAccess {
    const today = this.#context.core.views.catalog
    if (this.#catalog?.today !== today) this.#catalog = { today, past: withoutIndexes(today) }
    return this.#catalog.past
  }
}

/** Rows over a snapshot of their own, given back when they are closed or the ledger is. */
class PastCursor<T> implements RowCursor<T> {
  readonly #rows: RowCursor<T>
  readonly #snapshot: Snapshot
  readonly #context: LedgerContext

  constructor(rows: RowCursor<T>, snapshot: Snapshot, context: LedgerContext) {
    this.#rows = rows
    this.#snapshot = snapshot
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
    this.#snapshot.release()
  }
}

/** What statements see of the past: for each document the last revision up to one block, found in the history. */
class PastTransaction implements TransactionAccess {
  readonly id: string
  readonly strandId: string
  readonly catalog: CatalogAccess
  readonly #context: LedgerContext
  readonly #snapshot: Snapshot
  readonly #sequenceNo: number

  constructor(context: LedgerContext, snapshot: Snapshot, sequenceNo: number, catalog: CatalogAccess) {
    this.id = context.core.committer.newId()
    this.strandId = context.core.strandId
    this.catalog = catalog
    this.#context = context
    this.#snapshot = snapshot
    this.#sequenceNo = sequenceNo
  }

  get(table: TableDefinition, documentId: string): StoredRevision | undefined {
    return this.#current(table, documentId).next()
  }

  scan(table: TableDefinition): RevisionCursor {
    return this.#current(table)
  }

  seek(table: TableDefinition): RevisionCursor {
    return this.#current(table)
  }

  seekRange(): never {
    throw new SessionError('READ_ONLY', 'The past has no indexes.')
  }

  isComplete(): boolean {
    return false
  }

  count(table: TableDefinition): number {
    const documents = this.#current(table)
    let count = 0
    while (documents.next() !== undefined) count++
    documents.close()
    return count
  }

  scanHistory(table: TableDefinition): RevisionCursor {
    return this.#history(table)
  }

  getHistory(table: TableDefinition, documentId: string): { next(): StoredRevision | undefined; close(): void } {
    return this.#history(table, documentId)
  }

  #entries(table: TableDefinition, documentId?: string): { next(): HistoryEntry | undefined; close(): void } {
    const stored = this.#context.core.views.catalog.table(table.id)
    if (stored === undefined) throw unknownTable(table.name)
    const entries = this.#context.core.views.scanHistory(this.#snapshot, stored, documentId)
    return {
      next: () => {
        let entry = entries.next()
        while (entry !== undefined && entry.sequenceNo > this.#sequenceNo) entry = entries.next()
        return entry
      },
      close: () => entries.close(),
    }
  }

  #history(table: TableDefinition, documentId?: string): { next(): StoredRevision | undefined; close(): void } {
    const entries = this.#entries(table, documentId)
    return {
      next: () => {
        const entry = entries.next()
        return entry === undefined ? undefined : this.#context.core.committer.readRevision(this.#snapshot, entry)
      },
      close: () => entries.close(),
    }
  }

  /** Entries come by document and version, so the last one before the next document is the one that was current. */
  #current(table: TableDefinition, documentId?: string): { next(): StoredRevision | undefined; close(): void } {
    const entries = this.#entries(table, documentId)
    let ahead = entries.next()
    return {
      next: () => {
        while (ahead !== undefined) {
          let last: HistoryEntry = ahead
          ahead = entries.next()
          while (ahead !== undefined && ahead.documentId === last.documentId) {
            last = ahead
            ahead = entries.next()
          }
          const revision = this.#context.core.committer.readRevision(this.#snapshot, last)
          if (revision.data !== undefined) return revision
        }
        return undefined
      },
      close: () => entries.close(),
    }
  }

  insert(): never {
    throw readOnly()
  }
  update(): never {
    throw readOnly()
  }
  delete(): never {
    throw readOnly()
  }
  createTable(): never {
    throw readOnly()
  }
  dropTable(): never {
    throw readOnly()
  }
  undropTable(): never {
    throw readOnly()
  }
  createIndex(): never {
    throw readOnly()
  }
  dropIndex(): never {
    throw readOnly()
  }
}

function withoutIndexes(catalog: CatalogAccess): CatalogAccess {
  const plain = (table: TableDefinition | undefined): TableDefinition | undefined =>
    table === undefined ? undefined : { id: table.id, name: table.name, status: table.status, indexes: [] }
  return {
    activeTable: (name) => plain(catalog.activeTable(name)),
    table: (tableId) => plain(catalog.table(tableId)),
    tables: () => [...catalog.tables()].map((table) => plain(table)!),
    documentCount: (tableId) => catalog.documentCount?.(tableId),
  }
}

function readOnly(): SessionError {
  return new SessionError('READ_ONLY', 'The past can only be read. Write with ledger.sql, which writes to the present.')
}
