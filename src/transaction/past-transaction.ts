import type { Catalog, Index, Table } from '../catalog/index.ts'
import { SessionError } from '../errors.ts'
import type { Snapshot } from '../storage/index.ts'
import type { HistoryEntry, StoredRevision } from '../tables/index.ts'
import type { Committer } from './committer.ts'
import type { RevisionCursor, Transaction } from './transaction.ts'

/** A moment of the past: after a block, or after the last block whose timestamp is not later. */
export type Moment =
  | { readonly kind: 'block'; readonly sequenceNo: number }
  /** Epoch milliseconds, by the ledger's clock. */
  | { readonly kind: 'time'; readonly timeMs: number }

/**
 * A transaction's view of the past, to read from: for each document the last revision up to one block, found in the
 * history, and the tables of then. Lives as long as the transaction it was asked of.
 *
 * There are no indexes on the past: everything is a walk over the history of the table, and one block read for each
 * document that was there. What was committed never changes, so nothing of it can conflict, with one exception: see
 * {@link Transaction.asOf}.
 */
export class PastTransaction {
  /** The last block that is seen; -1 is before the first. */
  readonly sequenceNo: number
  /** The tables of then, without their indexes. */
  readonly catalog: Catalog
  readonly #transaction: Transaction
  readonly #committer: Committer
  readonly #snapshot: Snapshot
  readonly #onRead: (table: Table) => void

  /** @internal use {@link Transaction.asOf} */
  constructor(
    transaction: Transaction,
    committer: Committer,
    snapshot: Snapshot,
    sequenceNo: number,
    onRead: (table: Table) => void,
  ) {
    this.#transaction = transaction
    this.#committer = committer
    this.#snapshot = snapshot
    this.#onRead = onRead
    this.sequenceNo = sequenceNo
    this.catalog = committer.catalogAt(snapshot, sequenceNo)
  }

  get id(): string {
    return this.#transaction.id
  }

  get strandId(): string {
    return this.#transaction.strandId
  }

  /** An earlier moment. See {@link Transaction.asOf}. */
  asOf(moment: Moment): PastTransaction {
    return this.#transaction.asOf(moment)
  }

  get(table: Table, documentId: string): StoredRevision | undefined {
    const revisions = this.#current(table, documentId)
    const revision = revisions.next()
    revisions.close()
    return revision
  }

  scan(table: Table): RevisionCursor {
    return this.#current(table)
  }

  /** All documents: whoever seeks looks at what is handed over. */
  seek(table: Table): RevisionCursor {
    return this.#current(table)
  }

  seekRange(_table: Table, _index: Index): never {
    throw new SessionError('READ_ONLY', 'The past has no indexes.')
  }

  isComplete(): boolean {
    return false
  }

  count(table: Table): number {
    const documents = this.#current(table)
    let count = 0
    while (documents.next() !== undefined) count++
    documents.close()
    return count
  }

  scanHistory(table: Table): RevisionCursor {
    return this.#history(table)
  }

  getHistory(table: Table, documentId: string): RevisionCursor {
    return this.#history(table, documentId)
  }

  #entries(table: Table, documentId?: string): { next(): HistoryEntry | undefined; close(): void } {
    this.#onRead(table)
    const entries = this.#committer.views.scanHistory(this.#snapshot, table, documentId)
    return {
      next: () => {
        let entry = entries.next()
        while (entry !== undefined && entry.sequenceNo > this.sequenceNo) entry = entries.next()
        return entry
      },
      close: () => entries.close(),
    }
  }

  #history(table: Table, documentId?: string): RevisionCursor {
    const entries = this.#entries(table, documentId)
    return {
      next: () => {
        const entry = entries.next()
        return entry === undefined ? undefined : this.#committer.readRevision(this.#snapshot, entry)
      },
      close: () => entries.close(),
    }
  }

  /** Entries come by document and version, so the last one before the next document is the one that was current. */
  #current(table: Table, documentId?: string): RevisionCursor {
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
          const revision = this.#committer.readRevision(this.#snapshot, last)
          if (revision.data !== undefined) return revision
        }
        return undefined
      },
      close: () => entries.close(),
    }
  }

  insert(): never {
    throw readOnlyPast()
  }
  update(): never {
    throw readOnlyPast()
  }
  delete(): never {
    throw readOnlyPast()
  }
  createTable(): never {
    throw readOnlyPast()
  }
  dropTable(): never {
    throw readOnlyPast()
  }
  undropTable(): never {
    throw readOnlyPast()
  }
  createIndex(): never {
    throw readOnlyPast()
  }
  dropIndex(): never {
    throw readOnlyPast()
  }
}

export function readOnlyPast(): SessionError {
  return new SessionError('READ_ONLY', 'The past can only be read. Write with ledger.sql, which writes to the present.')
}
