import { Catalog, type Index } from '../catalog/index.ts'
import { assert, ConflictError, CorruptionError, LedgerError, SessionError, StorageError } from '../errors.ts'
import type { Hash } from '../hash/index.ts'
import {
  decodeValue,
  encodeValue,
  hashBytes,
  hashListWithItems,
  hashValue,
  IonList,
  IonStruct,
  type IonValue,
  type SymbolTable,
} from '../ion/index.ts'
import {
  type Block,
  type BlockAddress,
  decodeBlock,
  encodeBlock,
  IdSource,
  type RevisionDraft,
  type StatementInfo,
  sealBlock,
  statementDigest,
  type TouchedDocument,
} from '../journal/index.ts'
import type { Snapshot } from '../storage/index.ts'
import type { Strand } from '../strand/index.ts'
import { fromBlock, type HistoryEntry, indexedValue, type StoredRevision, type TableViews } from '../tables/index.ts'
import type { Limits } from './limits.ts'
import type { PendingWrite } from './own-writes.ts'
import { RecentWrites, readKey, type Winner } from './recent-writes.ts'
import { type RecordedStatement, Transaction } from './transaction.ts'

/** What a commit answers. */
export interface CommitResult {
  readonly transactionId: string
  /** Undefined when the transaction changed nothing and so wrote no block. */
  readonly blockAddress: BlockAddress | undefined
}

/** How a transaction is begun. */
export interface BeginOptions {
  /** Refuse writes. */
  readonly readOnly?: boolean
  /** False spares the record of what was read: for one statement that nobody commits. Default true. */
  readonly tracksReads?: boolean
}

/** The seams and parts a committer works with. */
export interface CommitterOptions {
  readonly strand: Strand
  readonly views: TableViews
  readonly symbols: SymbolTable
  readonly clock: () => Date
  readonly randomness: (sizeBytes: number) => Uint8Array
  readonly limits: Limits
  /** True when another process writes: transactions then refuse to, and every snapshot looks for news. */
  readonly isReader: boolean
  /** Resolves after what is already due has run; lets commits that arrive together share one sync. */
  readonly breathe: () => Promise<void>
}

/** A block on its way to the disk, with whoever waits for it. */
interface QueuedBlock {
  readonly block: Block
  readonly bytes: Uint8Array
  readonly result: CommitResult
  readonly resolve: (result: CommitResult) => void
  readonly reject: (error: unknown) => void
}

/**
 * From so many writers on, a group takes half of them: while it syncs, the other half computes. With fewer, one sync
 * costs more than their computing, so they all share it.
 */
const OVERLAP_WRITERS = 32

/** Of how many moments of the past the tables are kept. */
const MOST_PAST_CATALOGS = 32

/** How much of the journal history keeps decoded: a scan meets the revisions of one block close together. */
const BLOCK_CACHE_SIZE_BYTES = 16 * 1024 * 1024

/**
 * Begins transactions and commits them, one writer for a ledger.
 *
 * Invariants:
 * 1. Sequence numbers rise by one; each block names its predecessor's hash; block timestamps never fall.
 * 2. `applied tip ≤ durable tip ≤ sealed tip`; a block is acknowledged only when it is applied.
 * 3. A transaction commits only if no block after its snapshot wrote what it read or wrote: the order of blocks
 *    explains every result (serializable).
 * 4. After a failed append or apply nothing more is acknowledged by this object: reopen.
 */
export class Committer {
  readonly views: TableViews
  readonly symbols: SymbolTable
  readonly limits: Limits
  readonly #strand: Strand
  readonly #clock: () => Date
  readonly #ids: IdSource
  readonly #isReader: boolean
  readonly #breathe: () => Promise<void>
  readonly #recent: RecentWrites = new RecentWrites()
  /** How many open transactions see each applied tip; the first key is the oldest. */
  readonly #openTips: Map<number, number> = new Map()
  readonly #listeners: Set<() => void> = new Set()
  readonly #blockCache: Map<number, { readonly block: Block; readonly sizeBytes: number }> = new Map()
  #blockCacheSizeBytes = 0
  /** By the block of the last definition in them. */
  readonly #pastCatalogs: Map<number, Catalog> = new Map()

  #shared: Snapshot | undefined
  #now = 0
  /** The last block that was given a place in the chain, durable or not. */
  #sealed: { readonly sequenceNo: number; readonly blockHash: Hash }
  #sealedSymbols: number
  #queue: QueuedBlock[] = []
  /** The group that is being written. */
  #writing: Promise<void> | undefined
  #isLaunching = false
  /** A queue of this size is written at once; a smaller one waits for a turn of the event loop. */
  #launchSize: number = Number.POSITIVE_INFINITY
  #failure: LedgerError | undefined
  #isClosed = false

  constructor(options: CommitterOptions) {
    this.views = options.views
    this.symbols = options.symbols
    this.limits = options.limits
    this.#strand = options.strand
    this.#clock = options.clock
    this.#ids = new IdSource(options.randomness)
    this.#isReader = options.isReader
    this.#breathe = options.breathe
    const { head } = options.strand
    this.#sealed = { sequenceNo: head.sequenceNo, blockHash: head.blockHash }
    this.#sealedSymbols = options.symbols.size
    this.#now = head.sequenceNo < 0 ? 0 : head.blockTimestamp
  }

  get strandId(): string {
    return this.#strand.strandId
  }

  /** The ledger's clock: epoch milliseconds, never before the last answer or the last block. */
  now(): number {
    this.#now = Math.max(this.#now, this.#clock().getTime())
    return this.#now
  }

  /** A new id; ids rise. */
  newId(): string {
    return this.#ids.next(this.now())
  }

  /** Begins a transaction on what is applied now. Cost: no I/O but the first after a commit, then one read. */
  begin(options: BeginOptions = {}): Transaction {
    this.#requireHealthy()
    if (this.#shared === undefined || this.#isReader) {
      this.#shared?.release()
      this.#shared = this.views.store.snapshot()
      if (this.#isReader && this.views.refresh(this.#shared)) {
        this.#strand.refresh()
        this.#notify()
      }
    }
    const tip = this.views.tip?.sequenceNo ?? -1
    this.#shared.retain()
    const tracksReads = options.tracksReads !== false
    // Who does not track what he reads is never checked against later blocks.
    if (tracksReads) this.#openTips.set(tip, (this.#openTips.get(tip) ?? 0) + 1)
    return new Transaction(this, this.#shared, tip, this.views.catalog, {
      startTimeMs: this.now(),
      isReadOnly: options.readOnly === true || this.#isReader,
      tracksReads,
    })
  }

  /** Ends a transaction without a trace. */
  end(transaction: Transaction): void {
    if (transaction.tracksReads) {
      const tip = transaction.snapshotTip
      const count = this.#openTips.get(tip)! - 1
      if (count === 0) this.#openTips.delete(tip)
      else this.#openTips.set(tip, count)
    }
    transaction.release()
  }

  /** @throws {SessionError} TRANSACTION_EXPIRED, LEDGER_CLOSED @throws {StorageError} LEDGER_POISONED */
  requireUsable(transaction: Transaction): void {
    this.#requireHealthy()
    const { transactionTimeoutMs } = this.limits
    if (
      transactionTimeoutMs !== Number.POSITIVE_INFINITY &&
      this.now() - transaction.startTimeMs > transactionTimeoutMs
    ) {
      this.end(transaction)
      throw new SessionError('TRANSACTION_EXPIRED', `Transaction ${transaction.id} has expired`)
    }
  }

  /**
   * Checks, seals, appends, syncs, applies, acknowledges. See {@link Transaction.commit}.
   *
   * Everything up to the queue happens at once and in the order of calls, so blocks stand in the order in which
   * commits were asked for.
   */
  commit(transaction: Transaction): Promise<CommitResult> {
    const { id } = transaction
    try {
      const winner = this.#recent.find(transaction.reads, transaction.rangeReads(), transaction.snapshotTip)
      if (winner !== undefined) throw conflict(transaction, winner)
      if (!transaction.hasWrites) return Promise.resolve({ transactionId: id, blockAddress: undefined })

      const block = this.#seal(transaction)
      const bytes = encodeBlock(block, this.symbols)
      // From here on the block has its place: later transactions are checked against it and chained to it.
      this.#sealed = { sequenceNo: block.blockAddress.sequenceNo, blockHash: block.blockHash }
      this.#sealedSymbols = this.symbols.size
      this.#recent.add(block.blockAddress.sequenceNo, (add) => listWrittenKeys(transaction, block, add))
      const result: CommitResult = { transactionId: id, blockAddress: block.blockAddress }
      return this.#enqueue(block, bytes, result)
    } catch (error) {
      return Promise.reject(error)
    } finally {
      this.end(transaction)
    }
  }

  /**
   * Puts a block of our own making into the journal, outside any transaction: block 0.
   *
   * @throws {StorageError} as commit does
   */
  append(block: Block): Promise<CommitResult> {
    const bytes = encodeBlock(block, this.symbols)
    this.#sealed = { sequenceNo: block.blockAddress.sequenceNo, blockHash: block.blockHash }
    this.#sealedSymbols = this.symbols.size
    return this.#enqueue(block, bytes, { transactionId: block.transactionId, blockAddress: block.blockAddress })
  }

  #enqueue(block: Block, bytes: Uint8Array, result: CommitResult): Promise<CommitResult> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ block, bytes, result, resolve, reject })
      if (this.#writing !== undefined) return
      if (this.#queue.length >= this.#launchSize) this.#launch()
      else this.#launchSoon()
    })
  }

  #seal(transaction: Transaction): Block {
    const txTime = this.now()
    const txId = transaction.id
    const hashes = hashParameters(transaction.statements)
    const revisions: RevisionDraft[] = []
    const documents: TouchedDocument[] = []

    for (const [table, document] of transaction.catalogDocuments()) {
      const metadata = { id: table.id, version: table.version, txTime, txId }
      revisions.push({ kind: 'system', metadata, data: encodeValue(document, this.symbols) })
    }
    for (const write of transaction.writes.values()) {
      const { documentId, table, bytes } = write
      const version = write.before === undefined ? 0 : write.before.version + 1
      const metadata = { id: documentId, version, txTime, txId }
      const dataHash = bytes === undefined ? undefined : (hashes.get(write.source!) ?? hashBytes(bytes, this.symbols))
      revisions.push({ kind: 'document', tableId: table.id, metadata, data: bytes, dataHash })
      documents.push({ documentId, tableId: table.id, tableName: table.name, statements: write.statements })
    }
    const statements: StatementInfo[] = transaction.statements.map(({ text, parameters, startTime }) => ({
      statement: text,
      startTime,
      statementDigest: statementDigest(text, parameters, (value) => hashes.get(value) ?? hashValue(value)),
    }))
    return sealBlock(
      {
        blockAddress: { strandId: this.strandId, sequenceNo: this.#sealed.sequenceNo + 1 },
        transactionId: txId,
        blockTimestamp: this.now(),
        previousBlockHash: this.#sealed.blockHash,
        statements,
        documents,
        revisions,
        symbols: this.symbols.names(this.#sealedSymbols + 1),
      },
      this.symbols,
    )
  }

  /** Writes what is queued when those who are about to commit have done so: after one turn of the event loop. */
  #launchSoon(): void {
    if (this.#isLaunching) return
    this.#isLaunching = true
    void this.#breathe().then(() => {
      this.#isLaunching = false
      if (this.#writing === undefined && this.#queue.length > 0) this.#launch()
    })
  }

  /** Hands everything queued to the disk as one group. What arrives while it syncs is the next group. */
  #launch(): void {
    const group = this.#queue
    this.#queue = []
    this.#writing = this.#write(group)
  }

  async #write(group: readonly QueuedBlock[]): Promise<void> {
    try {
      const locations = await this.#strand.append(
        group[0]!.block.blockAddress.sequenceNo - 1,
        group.map(({ block, bytes }) => ({
          sequenceNo: block.blockAddress.sequenceNo,
          bytes,
          blockHash: block.blockHash,
          blockTimestamp: block.blockTimestamp,
        })),
      )
      // The group before this one may have failed meanwhile.
      if (this.#failure !== undefined) throw this.#failure
      // The group is durable. A crash from here on changes nothing: open applies it again from the journal.
      this.#writing = undefined
      const writers = group.length + this.#queue.length
      this.#launchSize = writers >= OVERLAP_WRITERS ? Math.ceil(writers / 2) : Number.POSITIVE_INFINITY
      // What is queued syncs while this group is applied.
      if (this.#queue.length >= this.#launchSize) this.#launch()
      this.views.apply(group.map(({ block }, index) => ({ block, location: locations[index]! })))
    } catch (error) {
      this.#fail(error, group)
      return
    }
    this.#shared?.release()
    this.#shared = undefined
    const oldest = this.#openTips.keys().next()
    this.#recent.forget(oldest.done ? this.views.tip!.sequenceNo : oldest.value)
    for (const { result, resolve } of group) resolve(result)
    this.#notify()
    if (this.#writing === undefined && this.#queue.length > 0) this.#launchSoon()
  }

  #fail(error: unknown, group: readonly QueuedBlock[]): void {
    this.#failure =
      error instanceof LedgerError
        ? error
        : new StorageError('STORAGE_FAILED', 'The views could not be written. Open the ledger again.', { cause: error })
    const waiting = [...group, ...this.#queue]
    this.#queue = []
    this.#writing = undefined
    for (const { reject } of waiting) reject(this.#failure)
    this.#notify()
  }

  /** Nothing is begun or acknowledged from now on: the views turned out to be damaged. */
  refuse(error: LedgerError): void {
    this.#failure ??= error
    this.#notify()
  }

  #requireHealthy(): void {
    if (this.#isClosed) {
      throw new SessionError('LEDGER_CLOSED', 'The ledger is closed. Open it again with openLedger().')
    }
    if (this.#failure instanceof CorruptionError) throw this.#failure
    if (this.#failure !== undefined) {
      throw new StorageError(
        'LEDGER_POISONED',
        `An earlier write failed (${this.#failure.message}), so nothing more is written here. Open the ledger again.`,
        { cause: this.#failure },
      )
    }
  }

  /** Why writing has stopped; undefined while it has not. */
  get failure(): LedgerError | undefined {
    return this.#failure
  }

  /** A revision from its block. Cost: one read and decode of the block, unless it was used lately. */
  readRevision(snapshot: Snapshot, entry: HistoryEntry): StoredRevision {
    const block = this.readBlock(snapshot, entry.sequenceNo)
    const revision = block?.revisions[entry.ordinal]
    assert(
      revision?.kind === 'document' && revision.metadata.id === entry.documentId,
      'the history names the place of the revision in its block',
    )
    return fromBlock(revision, this.symbols)
  }

  /** The block of this number; undefined when the snapshot does not have it. */
  readBlock(snapshot: Snapshot, sequenceNo: number): Block | undefined {
    const cached = this.#blockCache.get(sequenceNo)
    if (cached !== undefined) return cached.block
    const location = this.views.location(snapshot, sequenceNo)
    if (location === undefined) return undefined
    const bytes = this.#strand.readAt(location)
    const block = decodeBlock(bytes, this.symbols)
    for (const [oldest, { sizeBytes }] of this.#blockCache) {
      if (this.#blockCacheSizeBytes + bytes.length <= BLOCK_CACHE_SIZE_BYTES) break
      this.#blockCache.delete(oldest)
      this.#blockCacheSizeBytes -= sizeBytes
    }
    this.#blockCache.set(sequenceNo, { block, sizeBytes: bytes.length })
    this.#blockCacheSizeBytes += bytes.length
    return block
  }

  /**
   * The last block of the first `size` that is not later than a moment; -1 when all are. Cost: log₂ n block reads.
   *
   * @param timeMs epoch milliseconds
   */
  blockAt(snapshot: Snapshot, timeMs: number, size: number): number {
    let low = 0
    let high = size
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.readBlock(snapshot, middle)!.blockTimestamp <= timeMs) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  /**
   * The tables as they were after a block, without their indexes. The same object for the same tables, as long as they
   * are asked for now and then, so that plans can be kept. Cost: one entry read a definition, one block read for each of
   * those before the block.
   */
  catalogAt(snapshot: Snapshot, sequenceNo: number): Catalog {
    const entries = this.views.definitions(snapshot).filter((entry) => entry.sequenceNo <= sequenceNo)
    const last = entries.at(-1)?.sequenceNo ?? -1
    let catalog = this.#pastCatalogs.get(last)
    if (catalog === undefined) {
      let full = Catalog.EMPTY
      for (const { sequenceNo: place, ordinal, version } of entries) {
        const revision = this.readBlock(snapshot, place)?.revisions[ordinal]
        assert(revision?.kind === 'system', 'the history names the place of the definition in its block')
        full = full.with(full.read(decodeValue(revision.data, this.symbols) as IonStruct, version))
      }
      catalog = full.asPast()
    }
    // The newest of the map is the one that was used last.
    this.#pastCatalogs.delete(last)
    this.#pastCatalogs.set(last, catalog)
    for (const oldest of this.#pastCatalogs.keys()) {
      if (this.#pastCatalogs.size <= MOST_PAST_CATALOGS) break
      this.#pastCatalogs.delete(oldest)
    }
    return catalog
  }

  /**
   * Calls `listener` after every group of blocks that was applied, and when writing fails.
   *
   * @returns a function that stops it
   */
  onApplied(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #notify(): void {
    for (const listener of this.#listeners) listener()
  }

  /** Waits for what was asked for, then refuses everything. */
  async close(): Promise<void> {
    this.#isClosed = true
    while (this.#writing !== undefined || this.#queue.length > 0) {
      await (this.#writing ?? this.#breathe())
    }
    this.#shared?.release()
    this.#shared = undefined
    this.#notify()
  }
}

/**
 * Hashes of the parameters that are documents or lists of documents, and of the documents in those lists: the digest of
 * the statement and the revision need the same ones.
 */
function hashParameters(statements: readonly RecordedStatement[]): ReadonlyMap<IonValue, Hash> {
  const hashes = new Map<IonValue, Hash>()
  for (const { parameters } of statements) {
    for (const parameter of parameters) {
      if (parameter instanceof IonStruct) {
        hashes.set(parameter, hashValue(parameter))
      } else if (parameter instanceof IonList && parameter.items[0] instanceof IonStruct) {
        const { hash, items } = hashListWithItems(parameter)
        hashes.set(parameter, hash)
        for (let index = 0; index < items.length; index++) hashes.set(parameter.items[index]!, items[index]!)
      }
    }
  }
  return hashes
}

/** The write set of a transaction: definitions, tables, documents, and every indexed value it took away or added, the
 * absence of a value included. */
function listWrittenKeys(transaction: Transaction, block: Block, add: (key: string, winner: Winner) => void): void {
  const { sequenceNo } = block.blockAddress
  const transactionId = transaction.id
  for (const { id, name } of transaction.definitions.values()) {
    const winner = { sequenceNo, transactionId, table: name, documentId: undefined }
    add(readKey.catalog, winner)
    add(readKey.definition(id), winner)
  }
  let tableId: string | undefined
  for (const write of transaction.writes.values()) {
    const winner = { sequenceNo, transactionId, table: write.table.name, documentId: write.documentId }
    if (tableId !== write.table.id) {
      tableId = write.table.id
      add(readKey.table(tableId), winner)
    }
    // Nobody can have looked for an id that did not exist yet.
    if (write.before !== undefined) add(readKey.document(write.documentId), winner)
    for (const key of indexedKeys(write)) add(key, winner)
  }
}

function* indexedKeys(write: PendingWrite): Iterable<string> {
  for (const index of write.table.indexes) {
    const from = indexedKey(write.before?.data, index)
    const to = indexedKey(write.data, index)
    if (from === to) continue
    if (from !== undefined) yield from
    if (to !== undefined) yield to
  }
}

/** What an index knows of a document; undefined when there is no document. */
function indexedKey(data: IonStruct | undefined, index: Index): string | undefined {
  if (data === undefined) return undefined
  const field = data.get(index.field)
  return field === undefined ? readKey.absent(index.number) : readKey.indexed(index.number, indexedValue(field))
}

function conflict(transaction: Transaction, winner: Winner): ConflictError {
  const what =
    winner.documentId === undefined
      ? winner.table === undefined
        ? 'the catalog'
        : `the definition of table "${winner.table}"`
      : `document ${winner.documentId} of table "${winner.table}"`
  return new ConflictError(
    `Optimistic concurrency control failure: transaction ${winner.transactionId} changed ${what}, which transaction ` +
      `${transaction.id} had read, and was first. Run the transaction again; ledger.transact(fn, { retries }) does so by itself, 4 times unless told otherwise.`,
    { table: winner.table, documentId: winner.documentId, winnerTransactionId: winner.transactionId },
  )
}
