import { type Catalog, type Index, type Table, tableToIon } from '../catalog/index.ts'
import { LimitError, NotFoundError, SessionError, StatementError } from '../errors.ts'
import { decodeValue, encodeValue, type IonStruct, type IonValue } from '../ion/index.ts'
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
import { RangeReads } from './range-reads.ts'
import { type KeyRange, readKey } from './recent-writes.ts'

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

/** What a transaction will make of one document; the last write of the transaction counts. */
export interface PendingWrite {
  readonly table: Table
  readonly documentId: string
  /** The revision it replaces; undefined for a new document. */
  readonly before: StoredRevision | undefined
  /** The document's bytes; undefined when it is deleted. */
  readonly bytes: Uint8Array | undefined
  readonly data: IonStruct | undefined
  /** The value the document was written from, which may be a parameter of the statement too. */
  readonly source: IonStruct | undefined
  /** Positions of the statements that touched it, rising. */
  readonly statements: readonly number[]
}

const NO_REVISIONS: RevisionCursor = { next: () => undefined, close: () => {} }
const NO_READS: Set<string> = new Set()
const NO_WRITES: Map<string, PendingWrite> = new Map()
const NO_DEFINITIONS: Map<string, Table> = new Map()
const NO_OWN_ENTRIES: Map<string, Map<string, Set<string>>> = new Map()

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
  /** By document id, in the order of first writing. */
  readonly writes: Map<string, PendingWrite>
  /** Tables whose definition this transaction changes, by id. */
  readonly definitions: Map<string, Table>

  readonly #committer: Committer
  readonly #snapshot: Snapshot
  #catalog: Catalog
  #isOpen = true
  #sizeBytes = 0
  /** Own writes by indexed value, per index id; made when an index is first sought in. */
  readonly #ownEntries: Map<string, Map<string, Set<string>>>
  readonly #rangeReads: RangeReads = new RangeReads()
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
    this.writes = options.isReadOnly ? NO_WRITES : new Map()
    this.definitions = options.isReadOnly ? NO_DEFINITIONS : new Map()
    this.#ownEntries = options.isReadOnly ? NO_OWN_ENTRIES : new Map()
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
   * Records a statement; what is written from now on belongs to it.
   *
   * @throws {SessionError} TRANSACTION_ENDED or TRANSACTION_EXPIRED
   */
  beginStatement(text: string, parameters: readonly IonValue[]): void {
    this.#requireOpen()
    this.statements.push({ text, parameters, startTime: this.#committer.now() })
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
    if (this.writes.size === 0) return stored
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
    return this.writes.size === 0 ? stored : new OwnDocuments(stored, table, this.writes)
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
    if (!this.tracksReads && this.writes.size === 0) return stored
    const own = this.writes.size === 0 ? [] : this.#ownMatches(table, index, indexed)
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
    if (this.tracksReads) this.#rangeReads.add(index.number, range, bounds.reverse, stored)
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
          this.#rangeReads.settle(stored)
        },
      },
      writes.size === 0 ? [] : this.#ownWithin(table, index, range),
      index.field,
      bounds.reverse,
      (documentId) => {
        const write = writes.get(documentId)
        return write === undefined ? undefined : this.#pending(write)
      },
    )
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
    return this.#rangeReads.keys()
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
    const before = this.#replaced(table, documentId)
    const own = this.writes.get(documentId)
    if (own !== undefined && before === undefined) {
      // Inserted and deleted in one transaction: nobody else ever sees it.
      this.writes.delete(documentId)
      return
    }
    this.#write(table, documentId, before, undefined)
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
    const bytes = data === undefined ? undefined : encodeValue(data, symbols)
    const sizeBytes = bytes?.length ?? 0
    if (sizeBytes > limits.documentSizeBytes) {
      throw new LimitError(
        'DOCUMENT_TOO_LARGE',
        `A document of ${sizeBytes} bytes is over the limit of ${limits.documentSizeBytes}. ` +
          'Split it, or open the ledger with a higher limits.documentSizeBytes.',
      )
    }
    const own = this.writes.get(documentId)
    const total = this.#sizeBytes + sizeBytes - (own?.bytes?.length ?? 0)
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
    this.#sizeBytes = total
    const statement = this.statements.length - 1
    const touched = own?.statements ?? []
    const write: PendingWrite = {
      table,
      documentId,
      before,
      bytes,
      data: bytes === undefined ? undefined : (decodeValue(bytes, symbols) as IonStruct),
      source: data,
      statements: statement < 0 || touched.at(-1) === statement ? touched : [...touched, statement],
    }
    this.writes.set(documentId, write)
    for (const [indexId, entries] of this.#ownEntries) {
      const index = table.indexes.find((each) => each.id === indexId)
      if (index !== undefined) addOwnEntry(entries, index, write)
    }
  }

  /** The own writes with this indexed value, as document ids. */
  #ownMatches(table: Table, index: Index, indexed: Uint8Array): string[] {
    let entries = this.#ownEntries.get(index.id)
    if (entries === undefined) {
      entries = new Map()
      for (const write of this.writes.values()) if (write.table.id === table.id) addOwnEntry(entries, index, write)
      this.#ownEntries.set(index.id, entries)
    }
    const key = readKey.indexed(index.number, indexed)
    return [...(entries.get(key) ?? [])].filter((documentId) => {
      const field = this.writes.get(documentId)?.data?.get(index.field)
      return field !== undefined && readKey.indexed(index.number, indexedValue(field)) === key
    })
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
   * not used before. @throws {StatementError} INDEX_EXISTS @throws {LimitError} TOO_MANY_INDEXES
   */
  createIndex(table: Table, field: string): Index {
    this.#requireWritable(table)
    this.readCatalog()
    const { limits } = this.#committer
    if (table.indexes.some((index) => index.field === field)) {
      throw new StatementError('INDEX_EXISTS', `Table "${table.name}" already has an index on "${field}".`)
    }
    if (table.indexes.length >= limits.indexesPerTable) {
      throw new LimitError(
        'TOO_MANY_INDEXES',
        `Table "${table.name}" has ${table.indexes.length} indexes, the most it may have. Drop one first.`,
      )
    }
    const number = this.#catalog.indexCount
    const index: Index = { id: this.#committer.newId(), field, status: 'BUILDING', number }
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

function addOwnEntry(entries: Map<string, Set<string>>, index: Index, write: PendingWrite): void {
  const field = write.data?.get(index.field)
  if (field === undefined) return
  const key = readKey.indexed(index.number, indexedValue(field))
  const ids = entries.get(key)
  if (ids === undefined) entries.set(key, new Set([write.documentId]))
  else ids.add(write.documentId)
}
