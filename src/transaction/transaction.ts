import { type Catalog, type Index, type Table, tableToIon } from '../catalog/index.ts'
import { LimitError, NotFoundError, SessionError, StatementError } from '../errors.ts'
import { decodeValue, encodeValue, type IonStruct, type IonValue, type SymbolTable } from '../ion/index.ts'
import type { Snapshot } from '../storage/index.ts'
import {
  type DocumentCursor,
  type HistoryEntry,
  type IndexBounds,
  type IndexedRange,
  indexedRange,
  indexedValue,
  type StoredRevision,
} from '../tables/index.ts'
import type { CommitResult, Committer } from './committer.ts'
import { OrderedMerge, type OwnRow } from './ordered-merge.ts'
import { OwnDocuments } from './own-documents.ts'
import { OwnWrites, type PendingWrite } from './own-writes.ts'
import { type Moment, PastTransaction } from './past-transaction.ts'
import { RangeReads } from './range-reads.ts'
import { type KeyRange, readKey } from './recent-writes.ts'
import { requireDistinct, UniqueValues } from './unique-values.ts'

/** Pulls revisions one at a time; undefined at the end. `close` may be called twice. */
export interface RevisionCursor {
  next(): StoredRevision | undefined
  close(): void
}

/** A statement as the block will list it. */
export interface RecordedStatement {
  readonly text: string
  readonly parameters: readonly IonValue[]
  /** Epoch milliseconds. */
  readonly startTime: number
}

/** Measured: a document found through an index costs as much as five to six of a scan. */
const WIDE = 1 / 6
const SMALL_STRETCH = 100

const NO_REVISIONS: RevisionCursor = { next: () => undefined, close: () => {} }
const NO_READS: Set<string> = new Set()
const NO_WRITES: OwnWrites = new OwnWrites()
const NO_DEFINITIONS: Map<string, Table> = new Map()

const TABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/
/** A table of such a name would hide the committed view of another. */
const RESERVED_PREFIX = '_ql_'

/**
 * A snapshot with the transaction's own writes on top, and a record of what was read. Everything but
 * {@link commit} is synchronous and touches nothing shared.
 *
 * States: open → ended (committed, aborted, failed or expired). Every call on an ended transaction but `abort` throws
 * a SessionError.
 *
 * What counts as read (QLDB developer guide, "Concurrency model"): a scan reads its table, a look-up by index the
 * looked-up value and the documents found, a look-up by id that document; using a table reads its definition.
 */
export class Transaction {
  /** Epoch milliseconds. */
  readonly startTimeMs: number
  readonly isReadOnly: boolean
  /** Sequence number of the last block it sees. */
  readonly snapshotTip: number
  /** False when it will never be committed: what it reads is then not remembered. */
  readonly tracksReads: boolean
  /** What was read, as keys of {@link readKey}; stays empty when nobody will ask at commit. */
  readonly reads: Set<string>
  readonly statements: RecordedStatement[]
  readonly writes: OwnWrites
  /** Tables whose definition this transaction changes, by id. */
  readonly definitions: Map<string, Table>

  readonly #committer: Committer
  readonly #snapshot: Snapshot
  #catalog: Catalog
  #isOpen = true
  /** Made with the first walk over a stretch of an index. */
  #rangeReads: RangeReads | undefined
  /** The definitions as they were when the current statement began; undefined while it has defined nothing. */
  #formerDefinitions: Map<string, Table> | undefined
  /** Made with the first write. */
  #uniqueValues: UniqueValues | undefined
  #id: string | undefined

  /** @internal use Committer.begin */
  constructor(
    committer: Committer,
    snapshot: Snapshot,
    snapshotTip: number,
    catalog: Catalog,
    options: { readonly startTimeMs: number; readonly isReadOnly: boolean; readonly tracksReads: boolean },
  ) {
    this.#committer = committer
    this.#snapshot = snapshot
    this.snapshotTip = snapshotTip
    this.#catalog = catalog
    this.startTimeMs = options.startTimeMs
    this.isReadOnly = options.isReadOnly
    this.tracksReads = options.tracksReads
    // A single query, the most frequent transaction, neither writes nor tracks: it shares what stays empty.
    this.reads = options.tracksReads ? new Set() : NO_READS
    this.statements = []
    this.writes = options.isReadOnly ? NO_WRITES : new OwnWrites()
    this.definitions = options.isReadOnly ? NO_DEFINITIONS : new Map()
  }

  /** 22 characters; what the revisions it writes will name. */
  get id(): string {
    this.#id ??= this.#committer.newId()
    return this.#id
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  get strandId(): string {
    return this.#committer.strandId
  }

  /** The tables as this transaction sees them, its own definitions included. */
  get catalog(): Catalog {
    return this.#catalog
  }

  /** True when commit will write a block. */
  get hasWrites(): boolean {
    return this.writes.size > 0 || this.definitions.size > 0
  }

  /**
   * Runs a statement: what `body` writes belongs to it. When `body` throws, or what it has written leaves two documents
   * with one value of a unique index, everything the statement did is taken back and the transaction is as before; only
   * what was read stays read.
   *
   * @throws {SessionError} TRANSACTION_ENDED or TRANSACTION_EXPIRED
   * @throws {UniqueViolationError} UNIQUE_VIOLATION
   */
  runStatement<T>(text: string, parameters: readonly IonValue[], body: () => T): T {
    this.#requireOpen()
    this.statements.push({ text, parameters, startTime: this.#committer.now() })
    const catalog = this.#catalog
    this.writes.beginStatement()
    this.#formerDefinitions = undefined
    try {
      const result = body()
      if (this.writes.ofStatement.length > 0) this.#unique.check(this.#catalog)
      return result
    } catch (error) {
      this.writes.undoStatement()
      this.#catalog = catalog
      this.#restoreDefinitions()
      this.statements.pop()
      throw error
    }
  }

  /** Takes a query that failed while its rows were read out of the list of statements. Others may have run since. */
  forgetQuery(statement: RecordedStatement | undefined): void {
    const position = statement === undefined ? -1 : this.statements.lastIndexOf(statement)
    if (position < 0) return
    this.statements.splice(position, 1)
    this.writes.forgetStatement(position)
  }

  #restoreDefinitions(): void {
    if (this.#formerDefinitions === undefined) return
    this.definitions.clear()
    for (const [id, table] of this.#formerDefinitions) this.definitions.set(id, table)
    this.#formerDefinitions = undefined
  }

  /** Notes that the list of tables itself was read. */
  readCatalog(): void {
    this.#read(readKey.catalog)
  }

  /** The current revision; undefined when the document was never inserted, or is deleted. Cost: one read. */
  get(table: Table, documentId: string): StoredRevision | undefined {
    this.#requireOpen()
    this.#readDefinition(table)
    const own = this.writes.get(documentId)
    if (own !== undefined) return own.table.id === table.id ? this.#pending(own) : undefined
    if (this.tracksReads) this.reads.add(readKey.document(documentId))
    return this.#committer.views.getCurrent(this.#snapshot, table, documentId)
  }

  /** Every current revision in the order of insertion. Reads the whole table. */
  scan(table: Table): RevisionCursor {
    this.#requireOpen()
    this.#readDefinition(table)
    this.#read(readKey.table(table.id))
    const stored = this.#committer.views.scanCurrent(this.#snapshot, table)
    if (this.writes.isEmpty) return stored
    const { writes } = this
    const added = [...writes.values()].filter((write) => write.before === undefined && write.table.id === table.id)
    let position = 0
    return {
      next: () => {
        for (let revision = stored.next(); revision !== undefined; revision = stored.next()) {
          const own = writes.get(revision.documentId)
          if (own === undefined) return revision
          const pending = this.#pending(own)
          if (pending !== undefined) return pending
        }
        while (position < added.length) {
          const write = writes.get(added[position++]!.documentId)
          const pending = write === undefined ? undefined : this.#pending(write)
          if (pending !== undefined) return pending
        }
        return undefined
      },
      close: () => stored.close(),
    }
  }

  /** Every current document in the order of insertion, as bytes. Reads the whole table, as {@link scan} does. */
  scanDocuments(table: Table): DocumentCursor {
    this.#requireOpen()
    this.#readDefinition(table)
    this.#read(readKey.table(table.id))
    const stored = this.#committer.views.scanDocuments(this.#snapshot, table)
    return this.writes.isEmpty ? stored : new OwnDocuments(stored, table, this.writes)
  }

  /**
   * The current revisions whose indexed field equals `value` as PartiQL compares (1 = 1.0). May hand over others as
   * well, never too few.
   */
  seek(table: Table, index: Index, value: IonValue): RevisionCursor {
    this.#requireOpen()
    this.#readDefinition(table)
    const indexed = indexedValue(value)
    if (this.tracksReads) this.reads.add(readKey.indexed(index.number, indexed))
    const { views } = this.#committer
    const stored = views.seekCurrent(this.#snapshot, table, index, indexed)
    if (!this.tracksReads && this.writes.isEmpty) return stored
    const own = this.writes.isEmpty ? [] : this.writes.matches(table, index, indexed)
    let position = 0
    return {
      next: () => {
        for (let revision = stored.next(); revision !== undefined; revision = stored.next()) {
          const { documentId } = revision
          if (this.writes.has(documentId)) continue
          if (this.tracksReads) this.reads.add(readKey.document(documentId))
          return revision
        }
        while (position < own.length) {
          const write = this.writes.get(own[position++]!)
          const pending = write === undefined ? undefined : this.#pending(write)
          if (pending !== undefined) return pending
        }
        return undefined
      },
      close: () => stored.close(),
    }
  }

  /**
   * The current revisions whose indexed field lies within the bounds, in the order of the index, equal values in the
   * order of document ids; those without the field never. May hand over others near the bounds as well, never too few.
   *
   * Reads the stretch of the index that was walked through, so that a document that enters it later is a conflict, and
   * the documents found.
   */
  seekRange(table: Table, index: Index, bounds: IndexBounds): RevisionCursor {
    this.#requireOpen()
    this.#readDefinition(table)
    const range = indexedRange(bounds)
    if (range === undefined) return NO_REVISIONS
    const stored = this.#committer.views.rangeCurrent(this.#snapshot, table, index, range, bounds.reverse)
    if (!this.tracksReads && this.writes.isEmpty) return stored
    if (this.tracksReads) {
      this.#rangeReads ??= new RangeReads()
      this.#rangeReads.add(index.number, range, bounds.reverse, stored)
    }
    const { writes } = this
    return new OrderedMerge(
      {
        next: () => {
          for (let revision = stored.next(); revision !== undefined; revision = stored.next()) {
            const { documentId } = revision
            if (writes.has(documentId)) continue
            if (this.tracksReads) this.reads.add(readKey.document(documentId))
            return revision
          }
          return undefined
        },
        close: () => {
          stored.close()
          this.#rangeReads?.settle(stored)
        },
      },
      writes.isEmpty ? [] : this.#ownWithin(table, index, range),
      index.field,
      bounds.reverse,
      (documentId) => {
        const write = writes.get(documentId)
        return write === undefined ? undefined : this.#pending(write)
      },
    )
  }

  /**
   * The documents of {@link seekRange} in its order, as bytes; undefined where own writes lie among them or what is read
   * must be remembered, document by document.
   */
  rangeDocuments(table: Table, index: Index, bounds: IndexBounds): DocumentCursor | undefined {
    this.#requireOpen()
    if (this.tracksReads || !this.writes.isEmpty) return undefined
    const range = indexedRange(bounds)
    return range && this.#committer.views.rangeDocuments(this.#snapshot, table, index, range, bounds.reverse)
  }

  /**
   * True when reading all documents of the table is likely to cost less than {@link seekRange}: the stretch has more than
   * a sixth of them. Never for who tracks what is read, as a scan reads the whole table. Cost: a walk through at most so
   * many entries, a small part of what the scan costs.
   */
  isWide(table: Table, index: Index, bounds: IndexBounds): boolean {
    this.#requireOpen()
    if (this.tracksReads) return false
    const range = indexedRange(bounds)
    if (range === undefined) return false
    const { views } = this.#committer
    const limit = Math.max(SMALL_STRETCH, views.countCurrent(this.#snapshot, table) * WIDE)
    return views.hasMoreEntries(this.#snapshot, index, range, Math.floor(limit))
  }

  /** The own documents of a table whose indexed value lies in a range. */
  #ownWithin(table: Table, index: Index, range: IndexedRange): OwnRow[] {
    const within = readKey.indexRange(index.number, range.from, range.to)
    const found: OwnRow[] = []
    for (const { documentId, table: own, data } of this.writes.values()) {
      const value = own.id === table.id ? data?.get(index.field) : undefined
      if (value === undefined) continue
      const key = readKey.indexed(index.number, indexedValue(value))
      if (key >= within.from && key < within.to) found.push({ documentId, value })
    }
    return found
  }

  /** What {@link seekRange} has read, for the check at commit. */
  rangeReads(): readonly KeyRange[] {
    return this.#rangeReads?.keys() ?? []
  }

  /**
   * How many documents the table has now, the own ones included. Reads the whole table. Cost: one read, and the own
   * writes.
   */
  count(table: Table): number {
    this.#requireOpen()
    this.#readDefinition(table)
    this.#read(readKey.table(table.id))
    let count = this.#committer.views.countCurrent(this.#snapshot, table)
    for (const write of this.writes.values()) {
      if (write.table.id !== table.id) continue
      if (write.before === undefined) count += write.data === undefined ? 0 : 1
      else if (write.data === undefined) count--
    }
    return count
  }

  /**
   * True when every document of the table has the indexed field, so that the index shows them all. Cost: two reads, and
   * the own writes. A document without the field that comes later is a conflict.
   */
  isComplete(table: Table, index: Index): boolean {
    this.#requireOpen()
    this.#readDefinition(table)
    this.#read(readKey.absent(index.number))
    const { views } = this.#committer
    let lacking = views.countCurrent(this.#snapshot, table) - views.countCurrent(this.#snapshot, table, index)
    const lacks = (data: IonStruct | undefined): number =>
      data !== undefined && data.get(index.field) === undefined ? 1 : 0
    for (const { table: own, before, data } of this.writes.values()) {
      if (own.id === table.id) lacking += lacks(data) - lacks(before?.data)
    }
    return lacking === 0
  }

  /**
   * The ledger as it was, to read from, without the transaction's own writes. What was committed up to then never
   * changes, so nothing is remembered as read, unless a time falls behind the last block that the transaction sees: a
   * later block may still come before that time, so then a table that is read counts as read.
   *
   * @throws {NotFoundError} BLOCK_NOT_FOUND for a block that the transaction does not see
   */
  asOf(moment: Moment): PastTransaction {
    this.#requireOpen()
    const size = this.snapshotTip + 1
    if (moment.kind === 'block' && moment.sequenceNo >= size) {
      throw new NotFoundError(
        'BLOCK_NOT_FOUND',
        `Block ${moment.sequenceNo} does not exist among blocks 0 to ${size - 1}.`,
      )
    }
    const sequenceNo =
      moment.kind === 'block' ? moment.sequenceNo : this.#committer.blockAt(this.#snapshot, moment.timeMs, size)
    const isOpenEnded = moment.kind === 'time' && sequenceNo === this.snapshotTip
    if (isOpenEnded) this.readCatalog()
    return new PastTransaction(this, this.#committer, this.#snapshot, sequenceNo, (table) => {
      this.#requireOpen()
      if (isOpenEnded) this.#read(readKey.table(table.id))
    })
  }

  /** Every committed revision of the table, oldest first within a document. Reads the whole table. */
  scanHistory(table: Table): RevisionCursor {
    this.#requireOpen()
    this.#readDefinition(table)
    this.#read(readKey.table(table.id))
    return this.#history(this.#committer.views.scanHistory(this.#snapshot, table))
  }

  /** The committed revisions of one document, oldest first; none when it never was. */
  getHistory(table: Table, documentId: string): RevisionCursor {
    this.#requireOpen()
    this.#readDefinition(table)
    if (this.tracksReads) this.reads.add(readKey.document(documentId))
    return this.#history(this.#committer.views.scanHistory(this.#snapshot, table, documentId))
  }

  #history(entries: { next(): HistoryEntry | undefined; close(): void }): RevisionCursor {
    return {
      next: () => {
        const entry = entries.next()
        return entry === undefined ? undefined : this.#committer.readRevision(this.#snapshot, entry)
      },
      close: () => entries.close(),
    }
  }

  /**
   * Adds a document.
   *
   * @returns its new id
   * @throws {LimitError} DOCUMENT_TOO_LARGE, TRANSACTION_TOO_LARGE
   */
  insert(table: Table, data: IonStruct): string {
    this.#requireWritable(table)
    const documentId = this.#committer.newId()
    this.#write(table, documentId, undefined, data)
    return documentId
  }

  /**
   * Replaces a document.
   *
   * @throws {NotFoundError} DOCUMENT_NOT_FOUND when it is not there or deleted
   */
  update(table: Table, documentId: string, data: IonStruct): void {
    this.#requireWritable(table)
    this.#write(table, documentId, this.#replaced(table, documentId), data)
  }

  /** Deletes a document. @throws {NotFoundError} DOCUMENT_NOT_FOUND when it is not there or deleted already */
  delete(table: Table, documentId: string): void {
    this.#requireWritable(table)
    this.#write(table, documentId, this.#replaced(table, documentId), undefined)
  }

  /** The committed revision under a write; undefined when the document is the transaction's own. */
  #replaced(table: Table, documentId: string): StoredRevision | undefined {
    const own = this.writes.get(documentId)
    const current = this.get(table, documentId)
    if (current === undefined) {
      throw new NotFoundError(
        'DOCUMENT_NOT_FOUND',
        `Table "${table.name}" has no document ${documentId}; it was never inserted or is deleted.`,
      )
    }
    return own === undefined ? current : own.before
  }

  #write(table: Table, documentId: string, before: StoredRevision | undefined, data: IonStruct | undefined): void {
    const { symbols, limits } = this.#committer
    const stored = data === undefined ? undefined : overBytes(data, symbols)
    const bytes = stored?.encoded?.bytes.subarray(stored.encoded.start, stored.encoded.end)
    const sizeBytes = bytes?.length ?? 0
    if (sizeBytes > limits.documentSizeBytes) {
      throw new LimitError(
        'DOCUMENT_TOO_LARGE',
        `A document of ${sizeBytes} bytes is over the limit of ${limits.documentSizeBytes}. ` +
          'Split it, or open the ledger with a higher limits.documentSizeBytes.',
      )
    }
    const own = this.writes.get(documentId)
    const total = this.writes.sizeBytes + sizeBytes - (own?.bytes?.length ?? 0)
    if (total > limits.transactionSizeBytes) {
      throw new LimitError(
        'TRANSACTION_TOO_LARGE',
        `The transaction would write ${total} bytes, over the limit of ${limits.transactionSizeBytes}. Commit in smaller parts.`,
      )
    }
    if (own === undefined && this.writes.size >= limits.documentsPerTransaction) {
      throw new LimitError(
        'TRANSACTION_TOO_LARGE',
        `The transaction would change more than ${limits.documentsPerTransaction} documents. Commit in smaller parts.`,
      )
    }
    if (symbols.size > limits.names) {
      throw new LimitError(
        'TOO_MANY_NAMES',
        `The ledger would hold more than ${limits.names} distinct field names and symbols. ` +
          'Use strings for values that differ from document to document, and lists instead of fields named by ids.',
      )
    }
    const statement = this.statements.length - 1
    const touched = own?.statements ?? []
    this.writes.put({
      table,
      documentId,
      before,
      bytes,
      data: stored,
      source: data,
      statements: statement < 0 || touched.at(-1) === statement ? touched : [...touched, statement],
    })
  }

  /** The document that has a value in a unique index; undefined when none has, and for NULL. Cost: an index look-up. */
  findUnique(table: Table, index: Index, value: IonValue): StoredRevision | undefined {
    this.#requireOpen()
    this.#readDefinition(table)
    const owner = this.#unique.ownerOf(table, index, value)
    return owner === undefined ? undefined : this.get(table, owner)
  }

  get #unique(): UniqueValues {
    this.#uniqueValues ??= new UniqueValues(this.#committer.views, this.#snapshot, this.writes, (key) =>
      this.#read(key),
    )
    return this.#uniqueValues
  }

  #pending(write: PendingWrite): StoredRevision | undefined {
    if (write.data === undefined) return undefined
    return {
      documentId: write.documentId,
      version: write.before === undefined ? 0 : write.before.version + 1,
      sequenceNo: -1,
      txTime: this.startTimeMs,
      txId: this.id,
      hash: undefined,
      data: write.data,
      dataHash: undefined,
    }
  }

  /** Makes a table. @throws {StatementError} TABLE_EXISTS, BAD_NAME @throws {LimitError} TOO_MANY_TABLES */
  createTable(name: string): Table {
    this.#requireWritable()
    this.readCatalog()
    if (!TABLE_NAME.test(name)) {
      throw new StatementError(
        'BAD_NAME',
        `"${name}" cannot name a table: use a letter or _, then at most 127 letters, digits or _.`,
      )
    }
    if (name.startsWith(RESERVED_PREFIX)) {
      throw new StatementError(
        'BAD_NAME',
        `"${name}" cannot name a table: names that begin with ${RESERVED_PREFIX} are those of the ledger's own views.`,
      )
    }
    this.#requireFreeName(name)
    const tables = this.#catalog.tables()
    this.#requireRoomForTable(tables.length + 1)
    return this.#define({
      id: this.#committer.newId(),
      name,
      status: 'ACTIVE',
      indexes: [],
      version: 0,
      number: tables.length,
    })
  }

  /** Drops a table; its documents and history stay. @throws {NotFoundError} TABLE_NOT_FOUND */
  dropTable(name: string): Table {
    this.#requireWritable()
    this.readCatalog()
    const table = this.#catalog.activeTable(name)
    if (table === undefined) throw new NotFoundError('TABLE_NOT_FOUND', `There is no table "${name}" to drop.`)
    return this.#redefine(table, { status: 'INACTIVE' })
  }

  /** Brings a dropped table back. @throws {NotFoundError} TABLE_NOT_FOUND @throws {StatementError} TABLE_EXISTS */
  undropTable(tableId: string): Table {
    this.#requireWritable()
    this.readCatalog()
    const table = this.#catalog.table(tableId)
    if (table === undefined || table.status !== 'INACTIVE') {
      throw new NotFoundError(
        'TABLE_NOT_FOUND',
        `There is no dropped table with the id "${tableId}". ` +
          'List them with SELECT * FROM information_schema.user_tables.',
      )
    }
    this.#requireFreeName(table.name)
    this.#requireRoomForTable(this.#catalog.tables().length)
    return this.#redefine(table, { status: 'ACTIVE' })
  }

  /**
   * Makes an index on one top-level field; documents already there are indexed when the transaction commits, so it is
   * not used before. A unique index is kept from now on: no two documents with one value, NULL and MISSING apart.
   *
   * @throws {StatementError} INDEX_EXISTS
   * @throws {UniqueViolationError} UNIQUE_VIOLATION when it is to be unique and two documents have one value
   * @throws {LimitError} TOO_MANY_INDEXES
   */
  createIndex(table: Table, field: string, isUnique = false): Index {
    this.#requireWritable(table)
    this.readCatalog()
    const { limits } = this.#committer
    const known = table.indexes.find((index) => index.field === field)
    if (known !== undefined) {
      throw new StatementError(
        'INDEX_EXISTS',
        isUnique === known.isUnique
          ? `Table "${table.name}" already has ${known.isUnique ? 'a unique index' : 'an index'} on "${field}".`
          : `Table "${table.name}" already has ${known.isUnique ? 'a unique' : 'an'} index on "${field}", ` +
              `${known.id}. Drop it first, then create ${isUnique ? 'the unique one' : 'one that is not unique'}.`,
      )
    }
    if (table.indexes.length >= limits.indexesPerTable) {
      throw new LimitError(
        'TOO_MANY_INDEXES',
        `Table "${table.name}" has ${table.indexes.length} indexes, the most it may have. Drop one first.`,
      )
    }
    if (isUnique) requireDistinct(table, field, this.scan(table))
    const number = this.#catalog.indexCount
    const index: Index = { id: this.#committer.newId(), field, isUnique, status: 'BUILDING', number }
    this.#redefine(table, { indexes: [...table.indexes, index] })
    return index
  }

  /** @throws {NotFoundError} INDEX_NOT_FOUND */
  dropIndex(table: Table, indexId: string): void {
    this.#requireWritable(table)
    this.readCatalog()
    if (!table.indexes.some((index) => index.id === indexId)) {
      throw new NotFoundError('INDEX_NOT_FOUND', `Table "${table.name}" has no index with the id "${indexId}".`)
    }
    this.#redefine(table, { indexes: table.indexes.filter((index) => index.id !== indexId) })
  }

  #redefine(table: Table, change: Partial<Pick<Table, 'status' | 'indexes'>>): Table {
    const version = this.definitions.has(table.id) ? table.version : table.version + 1
    return this.#define({ ...table, ...change, version })
  }

  #define(table: Table): Table {
    this.#formerDefinitions ??= new Map(this.definitions)
    this.definitions.set(table.id, table)
    this.#catalog = this.#catalog.with(table)
    return table
  }

  #requireFreeName(name: string): void {
    if (this.#catalog.activeTable(name) !== undefined) {
      throw new StatementError('TABLE_EXISTS', `Table with name: USER.${name} already exists.`)
    }
  }

  #requireRoomForTable(totalCount: number): void {
    const { limits } = this.#committer
    const active = this.#catalog.tables().filter((table) => table.status === 'ACTIVE').length
    if (active >= limits.activeTables || totalCount > limits.totalTables) {
      throw new LimitError(
        'TOO_MANY_TABLES',
        `Exceeded tables limit: Ledger has ${active} active of ${this.#catalog.tables().length} total tables, and cannot create another.`,
      )
    }
  }

  /**
   * Makes everything written durable and visible, as one block. A transaction that wrote nothing writes no block, but
   * what it read is checked all the same.
   *
   * @returns where the block stands; `blockAddress` is undefined when none was written
   * @throws {ConflictError} when another transaction was first: nothing was written, running it again may help
   * @throws {StorageError} when the journal could not be written: the ledger must be opened again
   */
  commit(): Promise<CommitResult> {
    this.#requireOpen()
    return this.#committer.commit(this)
  }

  /** Forgets everything. Does nothing on an ended transaction. */
  abort(): void {
    if (this.#isOpen) this.#committer.end(this)
  }

  /** @internal called by the committer when the transaction ends, in whatever way */
  release(): void {
    this.#isOpen = false
    this.#snapshot.release()
  }

  /** The catalog documents this transaction writes, as `(table, document)`. */
  *catalogDocuments(): Iterable<readonly [Table, IonStruct]> {
    for (const table of this.definitions.values()) {
      const indexes = table.indexes.map((index) => ({ ...index, status: 'ONLINE' as const }))
      yield [table, tableToIon({ ...table, indexes })]
    }
  }

  #read(key: string): void {
    if (this.tracksReads) this.reads.add(key)
  }

  #lastDefinition: string | undefined

  #readDefinition(table: Table): void {
    if (this.tracksReads && this.#lastDefinition !== table.id) {
      this.#lastDefinition = table.id
      this.reads.add(readKey.definition(table.id))
    }
  }

  #requireOpen(): void {
    if (!this.#isOpen) {
      throw new SessionError(
        'TRANSACTION_ENDED',
        `Transaction ${this.id} has ended. Begin another one with ledger.begin() or ledger.transact().`,
      )
    }
    this.#committer.requireUsable(this)
  }

  #requireWritable(table?: Table): void {
    this.#requireOpen()
    if (this.isReadOnly) {
      throw new SessionError('READ_ONLY', 'This transaction may only read. Begin it without readOnly to write.')
    }
    if (table !== undefined) this.#readDefinition(table)
  }
}

/** A document over bytes in the names of the ledger: itself, when it came as a parameter or was read from there. */
function overBytes(document: IonStruct, symbols: SymbolTable): IonStruct {
  if (document.encoded?.symbols === symbols) return document
  return decodeValue(encodeValue(document, symbols), symbols) as IonStruct
}
