import { CorruptionError, type LedgerError, SessionError } from '../errors.ts'
import type { ExecutionContext } from '../partiql/index.ts'
import type { Snapshot } from '../storage/index.ts'
import type { HistoryEntry, StoredRevision } from '../tables/index.ts'
import type { CommitResult, Transaction } from '../transaction/index.ts'
import type { CoreOptions, LedgerCore } from './core.ts'
import { Line } from './line.ts'
import type { Scheduler } from './scheduler.ts'

/** What the parts of one open ledger share: the core, the keeper of time, and whatever must end before it closes. */
export class LedgerContext {
  readonly core: LedgerCore
  readonly scheduler: Scheduler
  readonly isReadOnly: boolean
  readonly randomness: (sizeBytes: number) => Uint8Array
  /** Open cursors and transactions: each holds a snapshot, and takes itself out when it ends. */
  readonly open: Set<{ close(): void }> = new Set()
  readonly line: Line
  readonly #commits: Set<Promise<unknown>> = new Set()
  #isClosed = false
  /** Why nothing is answered any more; undefined while it is. */
  #refusal: LedgerError | undefined

  constructor(core: LedgerCore, options: CoreOptions, scheduler: Scheduler) {
    this.core = core
    this.scheduler = scheduler
    this.isReadOnly = options.readOnly
    this.randomness = options.randomness
    this.line = new Line(scheduler)
    core.viewsChecked.catch((error: unknown) => {
      if (error instanceof CorruptionError) this.#refusal ??= error
    })
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** @throws {SessionError} LEDGER_CLOSED @throws {CorruptionError} VIEWS_CORRUPT when the views turned out to be damaged */
  requireOpen(): void {
    if (this.#refusal !== undefined) throw this.#refusal
  }

  /** What a statement that runs at this time, in epoch milliseconds, may know and take. */
  executionAt(now: number): ExecutionContext {
    return { now, memoryLimitBytes: this.core.committer.limits.statementMemoryBytes }
  }

  /** Commits a transaction and remembers, until it is applied or refused, that it is on its way. */
  commit(transaction: Transaction): Promise<CommitResult> {
    const commit = transaction.commit()
    this.#commits.add(commit)
    const forget = (): void => {
      this.#commits.delete(commit)
    }
    commit.then(forget, forget)
    return commit
  }

  /**
   * Resolves when every commit that is on its way now is applied or refused. Whoever lost against one of them waits for
   * this before trying again: a transaction that begins earlier does not see the winner yet, and loses once more.
   */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#commits)
  }

  /** What is applied now, until the caller releases it; for a reader, with what the writer has done by now. */
  snapshot(): Snapshot {
    this.requireOpen()
    const { views, strand } = this.core
    const snapshot = views.store.snapshot()
    try {
      if (this.isReadOnly && views.refresh(snapshot)) strand.refresh()
    } catch (error) {
      snapshot.release()
      throw error
    }
    return snapshot
  }

  /** Runs `body` with a snapshot that ends with it. */
  read<T>(body: (snapshot: Snapshot) => T): T {
    const snapshot = this.snapshot()
    try {
      return body(snapshot)
    } finally {
      snapshot.release()
    }
  }

  /** The revision before this one; undefined when it is the first. Cost: one look-up and one block read. */
  previousRevision(tableId: string, documentId: string, version: number): StoredRevision | undefined {
    if (version === 0) return undefined
    return this.read((snapshot) => {
      const entry = this.findEntry(snapshot, tableId, documentId, (each) => each.version === version - 1)
      return entry === undefined ? undefined : this.core.committer.readRevision(snapshot, entry)
    })
  }

  /** The last history entry of a document that `matches`; undefined when there is none. */
  findEntry(
    snapshot: Snapshot,
    tableId: string,
    documentId: string,
    matches: (entry: HistoryEntry) => boolean,
  ): HistoryEntry | undefined {
    const { views } = this.core
    const table = views.catalog.table(tableId)
    if (table === undefined) return undefined
    const entries = views.scanHistory(snapshot, table, documentId)
    let found: HistoryEntry | undefined
    for (let entry = entries.next(); entry !== undefined; entry = entries.next()) if (matches(entry)) found = entry
    entries.close()
    return found
  }

  /** Ends whatever is open and refuses everything from now on. */
  close(): void {
    this.#isClosed = true
    this.#refusal = closedLedger()
    for (const each of this.open) each.close()
  }
}

export function closedLedger(): SessionError {
  return new SessionError('LEDGER_CLOSED', 'The ledger is closed. Open it again with openLedger().')
}
