import { NotFoundError, SessionError } from '../errors.ts'
import type { IonValue, SymbolTable } from '../ion/index.ts'
import {
  type Block,
  type BlockAddress,
  blockToIon,
  type LedgerDigest,
  revisionToIon,
  systemEntryToIon,
} from '../journal/index.ts'
import { treeRoot } from '../merkle/index.ts'
import { prepare } from '../partiql/index.ts'
import type { Snapshot } from '../storage/index.ts'
import { fromBlock, type StoredRevision } from '../tables/index.ts'
import type { BlockProof, RevisionProof } from '../verify/index.ts'
import { type CheckReport, checkLedger } from './check.ts'
import { LedgerCore } from './core.ts'
import { type FollowOptions, followBlocks } from './follow.ts'
import { JournalBlock } from './journal-block.ts'
import { LedgerContext } from './ledger-context.ts'
import { type LedgerOptions, resolveOptions } from './ledger-options.ts'
import { LedgerTransaction, requireText, SnapshotCursor, unknownTable } from './ledger-transaction.ts'
import { PastLedger } from './past-ledger.ts'
import { DEFAULT_RETRIES, retryConflicts } from './retry.ts'
import { Revision } from './revision.ts'
import type { RowCursor } from './rows.ts'
import type { Scheduler } from './scheduler.ts'
import { composeStatement } from './sql.ts'
import { ArrayCursor, type Row, StatementRows, type StatementRunner, StatementSource } from './statement.ts'
import { Table } from './table.ts'
import { missingDefinitions, type TableReference } from './table-reference.ts'

/**
 * Opens a ledger: a folder, made if nothing is there, or `':memory:'` for one that ends with its handle.
 *
 * ```ts
 * await using ledger = await openLedger('./cars')
 * ```
 *
 * One process writes at a time; any number may read beside it with `{ readOnly: true }`. After a crash, open finds the
 * last acknowledged block, cuts an unfinished one off, and brings the views up to date. Views that are missing or damaged
 * are made again from the journal.
 *
 * Cost: constant for a ledger that was closed, whatever its size; see {@link LedgerCore.open}.
 *
 * @throws {StorageError} LEDGER_LOCKED when another process writes to it, NOT_A_LEDGER, DISK_FULL, STORAGE_FAILED
 * @throws {NotFoundError} LEDGER_NOT_FOUND when it is to be read only and is not there
 * @throws {CorruptionError} JOURNAL_CORRUPT
 * @throws {TypeError} when the target is not a path, or an option is of the wrong kind
 */
export async function openLedger(target: string, options: LedgerOptions = {}): Promise<Ledger> {
  if (typeof target !== 'string' || target === '') {
    throw new TypeError(`'target' expected the path of a folder or ':memory:', got ${JSON.stringify(target)}`)
  }
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(target)) {
    throw new TypeError(`'target' expected the path of a folder or ':memory:'; addresses such as ${target} come later`)
  }
  const { core, scheduler } = resolveOptions(options)
  return new Ledger(new LedgerContext(await LedgerCore.open(target, core), core, scheduler))
}

/** How `ledger.transact` runs. */
export interface TransactOptions {
  /** How often the function runs again after a conflict. Default 4; 0 runs it once. */
  readonly retries?: number
}

/** Which revision is meant: of which document, and the newest unless a version or a block is given. */
export interface RevisionRequest {
  readonly documentId: string
  readonly version?: number
  /** The block that holds it. */
  readonly blockAddress?: BlockAddress
}

/**
 * An open ledger. Everything a program does with it is here: statements, transactions, history, proofs.
 *
 * Statements outside a transaction: a query reads one consistent state and writes nothing to the journal; anything
 * else is a transaction of its own, run again on conflict, and durable when its promise resolves.
 */
export class Ledger {
  readonly #context: LedgerContext
  readonly #runner: LedgerRunner
  #closing: Promise<void> | undefined

  /** @internal use {@link openLedger} */
  constructor(context: LedgerContext) {
    this.#context = context
    this.#runner = new LedgerRunner(context)
  }

  /** The name the ledger was given when it was made: its folder's. */
  get name(): string {
    return this.#context.core.identity.name
  }

  /** The id of the ledger's strand, 22 characters: which ledger this is, in every block address. */
  get strandId(): string {
    return this.#context.core.strandId
  }

  /**
   * Resolves when the views have been looked at whole, every page and every checksum. Views of up to 64 MiB are, before
   * the ledger opens; larger ones afterwards, in pieces of a few milliseconds beside everything else, about 250 MB a
   * second. Until then answers may come through a page that nobody has looked at: what is read fits its checksum, but
   * damage may hide a document or a table's row from a statement. Who cannot have that waits:
   *
   * ```ts
   * await ledger.viewsChecked
   * ```
   *
   * Rejects with CorruptionError VIEWS_CORRUPT when they are damaged. Then every statement is refused with the same error;
   * close the ledger and open it again: the views are made anew from the journal, which has everything. Rejects with
   * SessionError LEDGER_CLOSED when the ledger closes first. Nobody has to look: an unhandled rejection is none.
   *
   * A reading process checks the views that it shares with the writer likewise, whatever their size. It cannot mend
   * them: the next open for writing does.
   */
  get viewsChecked(): Promise<void> {
    return this.#context.core.viewsChecked
  }

  /** True when it was opened to be read only. */
  get isReadOnly(): boolean {
    return this.#context.isReadOnly
  }

  /**
   * Runs a statement.
   *
   * ```ts
   * const cars = await ledger.sql<Vehicle>`SELECT * FROM Vehicle WHERE owner = ${'Maria'}`
   * for await (const car of ledger.sql<Vehicle>`SELECT * FROM Vehicle`) console.log(car.vin)
   * ```
   *
   * A `${value}` becomes a parameter and never text; a `${sql`…`}` fragment becomes text. Values in: string, boolean,
   * null, Date, Uint8Array, number (a whole one becomes an int, another one a float), bigint, Decimal, Timestamp, arrays,
   * plain objects (fields that are undefined are left out) and Ion values. Values out: the same, where nothing is lost by
   * it: an int beyond 2^53 is a bigint, a decimal a Decimal, a timestamp other than UTC to the millisecond (`2020-01-01T`,
   * `…T10:00+01:00`) a Timestamp, symbols and annotated values stay Ion, and TIME and INTERVAL, which no document can hold,
   * are texts (`10:00:00`, `1-6`, `1 02:30:00`); `.with({ ion: true })` gives Ion throughout.
   *
   * The type argument says what a row is; it is believed, not checked.
   */
  sql<T = Row>(strings: TemplateStringsArray, ...values: readonly unknown[]): StatementRows<T> {
    const { text, values: parameters } = composeStatement(strings, values)
    return new StatementRows(new StatementSource<T>(this.#runner, text, parameters))
  }

  /**
   * Runs a text with a `?` for each parameter. For texts that come from elsewhere, a REPL or a file; in a program
   * {@link sql} says the same more plainly.
   */
  execute<T = Row>(text: string, ...parameters: readonly unknown[]): StatementRows<T> {
    return new StatementRows(new StatementSource<T>(this.#runner, requireText(text), parameters))
  }

  /**
   * Runs `fn` in a transaction, commits it and gives what `fn` gave. On a conflict, `fn` runs again in a new transaction,
   * so it should do nothing outside that may not happen twice. If `fn` throws, nothing is written and the error comes
   * through; if it aborts the transaction, nothing is written either.
   *
   * ```ts
   * const id = await ledger.transact(async (tx) => {
   *   const { documentId } = await tx.sql<{ documentId: string }>`INSERT INTO Vehicle ${car}`.one()
   *   return documentId
   * })
   * ```
   *
   * @throws {ConflictError} after the last retry, naming table, document and the transaction that was first
   */
  transact<T>(fn: (transaction: LedgerTransaction) => T | PromiseLike<T>, options: TransactOptions = {}): Promise<T> {
    const { retries = DEFAULT_RETRIES } = options
    if (!Number.isSafeInteger(retries) || retries < 0) {
      return Promise.reject(new TypeError(`'retries' expected an integer >= 0, got ${String(retries)}`))
    }
    const attempt = async (): Promise<T> => {
      const transaction = await this.begin()
      try {
        const value = await fn(transaction)
        // An expired transaction is not open either, but nobody asked for its end: commit says so.
        if (!transaction.wasEnded) await transaction.commit()
        return value
      } catch (error) {
        await transaction.abort()
        throw error
      }
    }
    return retryConflicts(attempt, retries, this.#context)
  }

  /**
   * Begins a transaction that you commit or abort yourself; leaving its `await using` block aborts.
   *
   * @param options `readOnly` refuses writes; what it read is still checked for conflicts at commit
   * @throws {SessionError} LEDGER_CLOSED
   */
  async begin(options: { readonly readOnly?: boolean } = {}): Promise<LedgerTransaction> {
    this.#context.requireOpen()
    const transaction = this.#context.core.begin({ readOnly: options.readOnly === true })
    return new LedgerTransaction(transaction, this.#context)
  }

  /**
   * Opens a table, making the table and its indexes when they are not there. Indexes that the reference does not name
   * are left alone.
   *
   * @throws {UniqueViolationError} UNIQUE_VIOLATION when a field is to be unique and two documents have one value
   * @throws {StatementError} INDEX_EXISTS when a field is to be unique and has an index that is not
   * @throws {SessionError} READ_ONLY when something is missing and the ledger is read only
   */
  async table<Document extends object, Input>(
    reference: TableReference<Document, Input>,
  ): Promise<Table<Document, Input>> {
    const context = this.#context
    if (context.read(() => missingDefinitions(reference, context.core.views.catalog).length > 0)) {
      await this.transact(async (transaction) => {
        for (const statement of transaction.missingDefinitions(reference)) await transaction.execute(statement)
      })
    }
    return new Table(reference, this.#runner)
  }

  /**
   * The ledger as it was, to read from: after a block, or at a moment by the ledger's clock, that is after the last
   * block whose timestamp is not later.
   *
   * @param moment a Date, or the sequence number of a block
   * @throws {NotFoundError} BLOCK_NOT_FOUND when there is no block of that number
   */
  asOf(moment: Date | number): PastLedger {
    return new PastLedger(this.#context, moment instanceof Date ? this.#blockAt(moment) : this.#existing(moment))
  }

  /** The last block not later than `moment`; -1 when all are. Cost: log₂ n block reads. */
  #blockAt(moment: Date): number {
    const timeMs = moment.getTime()
    if (Number.isNaN(timeMs)) throw new TypeError("'moment' expected a valid Date")
    const { views, committer } = this.#context.core
    return this.#context.read((snapshot) => committer.blockAt(snapshot, timeMs, views.size))
  }

  #existing(sequenceNo: number): number {
    requireSequenceNo('moment', sequenceNo)
    return this.#context.read(() => {
      const { size } = this.#context.core.views
      if (sequenceNo < size) return sequenceNo
      throw new NotFoundError('BLOCK_NOT_FOUND', `Block ${sequenceNo} does not exist among blocks 0 to ${size - 1}.`)
    })
  }

  /**
   * The fingerprint of the whole ledger up to its last block: keep it somewhere else, and nobody can change what lies
   * before it unnoticed.
   */
  async digest(): Promise<LedgerDigest> {
    this.#context.requireOpen()
    return this.#context.core.digest()
  }

  /** A block of the journal. @throws {NotFoundError} BLOCK_NOT_FOUND */
  async block(sequenceNo: number): Promise<JournalBlock> {
    requireSequenceNo('sequenceNo', sequenceNo)
    this.#context.requireOpen()
    return new JournalBlock(this.#context.core.block(sequenceNo), this.#context)
  }

  /**
   * A block with the hashes that lead from its hash to a digest. `verifyBlock` checks it, on the asker's side, against a
   * digest kept from earlier; `encodeProofFile` makes a file of it.
   *
   * @param tip sequence number of the digest's last block; default the ledger's last
   * @throws {NotFoundError} BLOCK_NOT_FOUND when one of the two is not there, or the block comes after the tip
   */
  async proveBlock(sequenceNo: number, tip?: number): Promise<BlockProof> {
    requireSequenceNo('sequenceNo', sequenceNo)
    if (tip !== undefined) requireSequenceNo('tip', tip)
    return this.#context.read((snapshot) => {
      const { core } = this.#context
      const end = tip ?? core.views.size - 1
      const proof = core.proveBlock(sequenceNo, end)
      const block = core.block(sequenceNo)
      return {
        kind: 'block',
        ...this.#proofOf(snapshot, block, end),
        block: blockToIon(block, core.symbols),
        proof,
      }
    })
  }

  /**
   * One version of a document: the newest, or the one with a version number, or the one in a block.
   *
   * @throws {NotFoundError} REVISION_NOT_FOUND, BLOCK_NOT_FOUND
   */
  async revision(request: RevisionRequest): Promise<Revision> {
    const { documentId } = request
    const sequenceNo = this.#sequenceNoOf(request)
    const revision = this.#context.core.revision(sequenceNo, documentId)
    return new Revision(fromBlock(revision, this.#context.core.symbols), this.strandId, () =>
      this.#context.previousRevision(revision.tableId, documentId, revision.metadata.version),
    )
  }

  /**
   * A revision with the hashes that lead from its hash to a digest. `verifyRevision` checks it, on the asker's side,
   * against a digest kept from earlier; `encodeProofFile` makes a file of it.
   *
   * @param request which revision, as for {@link revision}; `digestTipAddress` says which digest, default the ledger's
   *   present one
   * @throws {NotFoundError} REVISION_NOT_FOUND, BLOCK_NOT_FOUND
   */
  async proveRevision(request: RevisionRequest & { readonly digestTipAddress?: BlockAddress }): Promise<RevisionProof> {
    const { documentId, digestTipAddress } = request
    const sequenceNo = this.#sequenceNoOf(request)
    if (digestTipAddress !== undefined) {
      this.#requireStrand(digestTipAddress)
      requireSequenceNo('digestTipAddress.sequenceNo', digestTipAddress.sequenceNo)
    }
    return this.#context.read((snapshot) => {
      const { core } = this.#context
      const end = digestTipAddress?.sequenceNo ?? core.views.size - 1
      const revision = core.revision(sequenceNo, documentId)
      const proof = core.proveRevision(sequenceNo, documentId, end)
      return {
        kind: 'revision',
        ...this.#proofOf(snapshot, core.block(sequenceNo), end),
        table: core.views.catalog.table(revision.tableId)?.name,
        revision: revisionToIon(revision, core.symbols),
        proof,
      }
    })
  }

  /** What both kinds of proof say. The tip is known to exist. */
  #proofOf(snapshot: Snapshot, block: Block, tip: number): Omit<BlockProof, 'kind' | 'block' | 'proof'> {
    const { views } = this.#context.core
    return {
      ledger: this.name,
      blockAddress: block.blockAddress,
      digestTipAddress: { strandId: this.strandId, sequenceNo: tip },
      systemEntry: systemEntryToIon(block),
      statedDigest: treeRoot(tip + 1, (indexes) => indexes.map((index) => views.node(snapshot, index))),
    }
  }

  #sequenceNoOf({ documentId, version, blockAddress }: RevisionRequest): number {
    this.#context.requireOpen()
    if (typeof documentId !== 'string') {
      throw new TypeError(`'documentId' expected a text of 22 characters, got ${typeof documentId}`)
    }
    if (blockAddress !== undefined) {
      this.#requireStrand(blockAddress)
      requireSequenceNo('blockAddress.sequenceNo', blockAddress.sequenceNo)
      return blockAddress.sequenceNo
    }
    const context = this.#context
    return context.read((snapshot) => {
      for (const table of context.core.views.catalog.tables()) {
        const entry = context.findEntry(
          snapshot,
          table.id,
          documentId,
          (each) => version === undefined || each.version === version,
        )
        if (entry !== undefined) return entry.sequenceNo
      }
      throw new NotFoundError(
        'REVISION_NOT_FOUND',
        version === undefined
          ? `The ledger has no document ${documentId}.`
          : `The ledger has no version ${version} of a document ${documentId}.`,
      )
    })
  }

  #requireStrand(address: BlockAddress): void {
    if (address.strandId === this.strandId) return
    throw new NotFoundError(
      'BLOCK_NOT_FOUND',
      `Strand ${address.strandId} is not of this ledger, whose strand is ${this.strandId}.`,
    )
  }

  /**
   * Every block of the journal from `from` on, then each new one as soon as it is durable: streams, exports and caches
   * are all built on this.
   *
   * ```ts
   * for await (const block of ledger.follow({ from: 0, signal })) console.log(block.blockAddress.sequenceNo)
   * ```
   *
   * The loop sets the pace: the next block is read when it is asked for. It ends when `signal` aborts.
   */
  follow(options: FollowOptions = {}): AsyncGenerator<JournalBlock, undefined> {
    if (options.from !== undefined) requireSequenceNo('from', options.from)
    this.#context.requireOpen()
    return followBlocks(this.#context, options)
  }

  /**
   * Compares the views with the journal: their common end in constant time, or with `deep` everything against a
   * rebuild. This is the ledger's word about itself; auditors use `tally audit`.
   */
  async check(options: { readonly deep?: boolean } = {}): Promise<CheckReport> {
    return checkLedger(this.#context, options.deep === true)
  }

  /**
   * Waits for commits that were asked for, ends open transactions and streams, and frees the folder. May be called
   * twice.
   */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      this.#context.close()
      await this.#context.core.close()
    })()
    return this.#closing
  }

  /** What `await using` calls. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** Runs each statement for itself: a query on a snapshot, anything else in a transaction of its own. */
class LedgerRunner implements StatementRunner {
  readonly waiting: undefined
  readonly #context: LedgerContext

  constructor(context: LedgerContext) {
    this.#context = context
  }

  get scheduler(): Scheduler {
    return this.#context.scheduler
  }

  get strandId(): string {
    return this.#context.core.strandId
  }

  get symbols(): SymbolTable {
    return this.#context.core.symbols
  }

  openStatement(text: string, parameters: readonly IonValue[]): RowCursor<IonValue> | Promise<RowCursor<IonValue>> {
    const context = this.#context
    context.requireOpen()
    // A reader learns of new tables when it begins, so it cannot know the statement before.
    if (!context.isReadOnly && !prepare(text, context.core.views.catalog).isReadOnly) {
      return retryConflicts(() => this.#commitStatement(text, parameters), DEFAULT_RETRIES, context)
    }
    const transaction = context.core.begin({ readOnly: true, tracksReads: false })
    try {
      const statement = prepare(text, transaction.catalog)
      if (!statement.isReadOnly) throw readOnlyLedger()
      const rows = statement.run(transaction, parameters, context.executionAt(transaction.startTimeMs))
      return new SnapshotCursor(transaction, rows, context)
    } catch (error) {
      transaction.abort()
      throw error
    }
  }

  /** The rows of a statement after its commit. */
  async #commitStatement(text: string, parameters: readonly IonValue[]): Promise<RowCursor<IonValue>> {
    const transaction = this.#context.core.begin()
    try {
      const rows: IonValue[] = []
      transaction.runStatement(text, parameters, () => {
        const cursor = prepare(text, transaction.catalog).run(
          transaction,
          parameters,
          this.#context.executionAt(transaction.startTimeMs),
        )
        for (let row = cursor.next(); row !== undefined; row = cursor.next()) rows.push(row)
        cursor.close()
      })
      await this.#context.commit(transaction)
      return new ArrayCursor(rows)
    } catch (error) {
      transaction.abort()
      throw error
    }
  }

  openHistory(tableName: string, documentId: string): RowCursor<StoredRevision> {
    const context = this.#context
    context.requireOpen()
    const transaction = context.core.begin({ readOnly: true, tracksReads: false })
    const table = transaction.catalog.activeTable(tableName)
    if (table === undefined) {
      transaction.abort()
      throw unknownTable(tableName)
    }
    return new SnapshotCursor(transaction, transaction.getHistory(table, documentId), context)
  }
}

function readOnlyLedger(): SessionError {
  return new SessionError(
    'READ_ONLY',
    'The ledger was opened to be read only. Open it without readOnly, in the one process that may write.',
  )
}

function requireSequenceNo(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`'${name}' expected an integer >= 0, got ${String(value)}`)
  }
}
