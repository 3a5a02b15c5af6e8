import { Catalog, type Index, type Table, tableToIon } from '../catalog/index.ts'
import { assert, CorruptionError } from '../errors.ts'
import type { Hash } from '../hash/index.ts'
import { decodeValue, encodeValue, IonStruct, type SymbolTable } from '../ion/index.ts'
import type { Block, DocumentRevision, SystemRevision } from '../journal/index.ts'
import { Frontier, storedHashCount, storedHashIndex } from '../merkle/index.ts'
import type { Keyspace, Snapshot, Store, WriteBatch } from '../storage/index.ts'
import { CurrentDocuments } from './current-documents.ts'
import { IndexDocuments } from './index-documents.ts'
import { addIndexEntry, IndexSeek, removeIndexEntry } from './index-entries.ts'
import { entryRange, type IndexedRange, IndexRangeCursor } from './index-range.ts'
import {
  currentKey,
  DEFINITIONS,
  HEADER_SIZE,
  historyKey,
  ID_SIZE,
  indexedValue,
  prefixRange,
  readId,
  readUint32,
  readUint53,
  tableKey,
  uint32Key,
  uint53Key,
  writeId,
  writeUint32,
  writeUint53,
} from './layout.ts'
import { CurrentRevision } from './stored-revision.ts'

/** Where a block lies in the journal: segment number, byte offset of its frame, length of the block in bytes. */
export interface BlockLocation {
  readonly segment: number
  readonly offset: number
  readonly length: number
}

/** The last block that the views contain. */
export interface Tip {
  readonly sequenceNo: number
  readonly blockHash: Hash
  /** Epoch milliseconds. */
  readonly blockTimestamp: number
  readonly location: BlockLocation
}

/** One entry of the history keyspace: which block holds this version, as its how-manieth revision. */
export interface HistoryEntry {
  readonly documentId: string
  readonly version: number
  readonly sequenceNo: number
  readonly ordinal: number
  /** Epoch milliseconds. */
  readonly txTime: number
}

const FORMAT = 2
const FIRST_STRIDE = 128
const TEXT = new TextEncoder()
const META = {
  format: TEXT.encode('format'),
  strand: TEXT.encode('strand'),
  tip: TEXT.encode('tip'),
  indexes: TEXT.encode('indexes'),
  count: TEXT.encode('count'),
  entries: TEXT.encode('entries'),
}

/** Whose counts one write changes, by number. */
interface Touched {
  readonly tables: Set<number>
  readonly indexes: Set<number>
}

interface Keyspaces {
  readonly current: Keyspace
  readonly history: Keyspace
  readonly index: Keyspace
  readonly catalog: Keyspace
  readonly symbols: Keyspace
  readonly blocks: Keyspace
  readonly tree: Keyspace
  readonly meta: Keyspace
}

/**
 * The views: current and history tables, indexes, catalog, symbol names, block locations and tree nodes, as ordered
 * keys and values of one {@link Store} (layout: `layout.ts`).
 *
 * Invariants:
 * 1. The views are the fold of {@link apply} over blocks 0…tip and of nothing else: no other method writes.
 * 2. One `apply` is one atomic write: the views are always those of some tip.
 * 3. `catalog`, `symbols`, `tip` and the frontier in memory are those of the stored tip.
 */
export class TableViews {
  readonly store: Store
  readonly symbols: SymbolTable
  readonly #spaces: Keyspaces
  #catalog: Catalog
  #tip: Tip | undefined
  #strandId: string | undefined
  #frontier: Frontier
  /** Symbol ids up to this one are stored. */
  #storedSymbols: number
  readonly #documentCounts: Map<number, number> = new Map()
  /** How many documents each index holds, by its number. */
  readonly #entryCounts: Map<number, number> = new Map()
  #scratchBytes: Uint8Array = new Uint8Array(1024)

  private constructor(store: Store, symbols: SymbolTable) {
    this.store = store
    this.symbols = symbols
    this.#spaces = {
      current: store.keyspace('current'),
      history: store.keyspace('history'),
      index: store.keyspace('index'),
      catalog: store.keyspace('catalog'),
      symbols: store.keyspace('symbols'),
      blocks: store.keyspace('blocks'),
      tree: store.keyspace('tree'),
      meta: store.keyspace('meta'),
    }
    this.#catalog = Catalog.EMPTY.withCounts((table) => this.#documentCounts.get(table.number))
    this.#frontier = Frontier.resume(0, () => [])
    this.#storedSymbols = symbols.size
  }

  /**
   * Opens the views that `store` holds; an empty store gives empty views.
   *
   * Cost: the catalog, the symbol names and at most 64 tree nodes are read; documents are not.
   *
   * @param symbols a fresh table as every ledger starts with; the stored names are added to it
   * @throws {CorruptionError} VIEWS_CORRUPT when they are of another format or contradict themselves
   */
  static load(store: Store, symbols: SymbolTable): TableViews {
    const views = new TableViews(store, symbols)
    const snapshot = store.snapshot()
    try {
      const format = snapshot.get(views.#spaces.meta, META.format)
      if (format !== undefined && readUint32(format, 0) !== FORMAT) {
        throw new CorruptionError('VIEWS_CORRUPT', `The views are of format ${readUint32(format, 0)}, not ${FORMAT}.`)
      }
      views.#reload(snapshot)
    } finally {
      snapshot.release()
    }
    return views
  }

  get catalog(): Catalog {
    return this.#catalog
  }

  /** The last applied block; undefined while there is none. */
  get tip(): Tip | undefined {
    return this.#tip
  }

  /** The strand whose blocks these are; undefined while no block was applied. */
  get strandId(): string | undefined {
    return this.#strandId
  }

  /** How many blocks were applied: the size of the tree. */
  get size(): number {
    return this.#frontier.size
  }

  /** Root of QLDB's tree over all applied blocks. */
  root(): Hash {
    return this.#frontier.root()
  }

  /** How many documents a table has now. */
  documentCount(table: Table): number {
    return this.#documentCounts.get(table.number) ?? 0
  }

  /**
   * How many documents a table had in the state of a snapshot, and how many of them have the field of an index. Cost:
   * one read.
   */
  countCurrent(snapshot: Snapshot, table: Table, index?: Index): number {
    const key = index === undefined ? countKey(META.count, table.number) : countKey(META.entries, index.number)
    const count = snapshot.get(this.#spaces.meta, key)
    return count === undefined ? 0 : readUint53(count, 0)
  }

  /**
   * Follows what another process has applied since. Cost: one read when nothing has.
   *
   * @returns whether the tip has moved
   */
  refresh(snapshot: Snapshot): boolean {
    const tip = snapshot.get(this.#spaces.meta, META.tip)
    if (tip === undefined || readUint53(tip, 0) === this.#tip?.sequenceNo) return false
    this.#reload(snapshot)
    return true
  }

  #reload(snapshot: Snapshot): void {
    const { meta, symbols, catalog } = this.#spaces
    const tip = snapshot.get(meta, META.tip)
    if (tip === undefined) return
    const strand = snapshot.get(meta, META.strand)
    if (tip.length !== 60 || strand?.length !== ID_SIZE) {
      throw new CorruptionError('VIEWS_CORRUPT', 'The views name no strand, or a tip that cannot be read.')
    }
    this.#strandId = readId(strand, 0)
    this.#tip = {
      sequenceNo: readUint53(tip, 0),
      blockTimestamp: readUint53(tip, 8),
      location: { segment: readUint32(tip, 16), offset: readUint32(tip, 20), length: readUint32(tip, 24) },
      blockHash: tip.slice(28, 60),
    }

    const text = new TextDecoder()
    const names = snapshot.scan(symbols, { from: uint32Key(this.#storedSymbols + 1) })
    while (names.next()) {
      const sid = this.symbols.intern(text.decode(names.value))
      if (sid !== readUint32(names.key, 0)) {
        throw new CorruptionError('VIEWS_CORRUPT', `Symbol ${readUint32(names.key, 0)} is stored twice or out of turn.`)
      }
      this.#storedSymbols = sid
    }
    names.close()

    this.#catalog = Catalog.EMPTY.withCounts((table) => this.#documentCounts.get(table.number))
    const tables = snapshot.scan(catalog, {})
    while (tables.next()) {
      const { value } = tables
      const version = readUint32(value, 0)
      const count = readUint32(value, 4)
      const numbers = Array.from({ length: count }, (_, index) => readUint32(value, 8 + index * 4))
      const document = decodeValue(value, this.symbols, 8 + count * 4)
      assert(document instanceof IonStruct, 'a catalog document is a struct')
      this.#catalog = this.#catalog.with(this.#catalog.read(document, version, numbers))
    }
    tables.close()
    const indexes = snapshot.get(meta, META.indexes)
    this.#catalog = this.#catalog.withIndexCount(indexes === undefined ? 0 : readUint32(indexes, 0))

    for (const table of this.#catalog.tables()) {
      this.#documentCounts.set(table.number, this.countCurrent(snapshot, table))
      for (const index of table.indexes) this.#entryCounts.set(index.number, this.countCurrent(snapshot, table, index))
    }
    this.#frontier = Frontier.resume(this.#tip.sequenceNo + 1, (storageIndexes) =>
      storageIndexes.map((index) => this.node(snapshot, index)),
    )
  }

  /**
   * The only way the views ever change: at commit, when catching up at open, on rebuild. All blocks of one call
   * become visible together.
   *
   * Blocks must follow the tip without a gap. A crash inside leaves the views of the former tip, from which the
   * journal is applied again.
   *
   * Cost: about seven writes a single-document block, plus one per index; creating an index scans its table.
   *
   * @throws {StorageError} when nothing was written; the views in memory are then of no more use
   */
  apply(blocks: readonly { readonly block: Block; readonly location: BlockLocation }[]): void {
    const { meta } = this.#spaces
    this.store.write((batch) => {
      const touched: Touched = { tables: new Set(), indexes: new Set() }
      for (const { block, location } of blocks) this.#applyBlock(batch, block, location, touched)
      const tip = this.#tip
      assert(tip !== undefined, 'at least one block was applied')
      const value = new Uint8Array(60)
      writeUint53(value, 0, tip.sequenceNo)
      writeUint53(value, 8, tip.blockTimestamp)
      writeUint32(value, 16, tip.location.segment)
      writeUint32(value, 20, tip.location.offset)
      writeUint32(value, 24, tip.location.length)
      value.set(tip.blockHash, 28)
      batch.put(meta, META.tip, value)
      for (const number of touched.tables) {
        batch.put(meta, countKey(META.count, number), uint53Key(this.#documentCounts.get(number) ?? 0))
      }
      for (const number of touched.indexes) {
        const count = this.#entryCounts.get(number)
        if (count === undefined) batch.delete(meta, countKey(META.entries, number))
        else batch.put(meta, countKey(META.entries, number), uint53Key(count))
      }
    })
  }

  #applyBlock(batch: WriteBatch, block: Block, location: BlockLocation, touched: Touched): void {
    const { meta, blocks, tree, symbols } = this.#spaces
    const { sequenceNo, strandId } = block.blockAddress
    assert(sequenceNo === (this.#tip?.sequenceNo ?? -1) + 1, 'blocks are applied without a gap')
    if (sequenceNo === 0) {
      this.#strandId = strandId
      const id = new Uint8Array(ID_SIZE)
      writeId(id, 0, strandId)
      batch.put(meta, META.strand, id)
      batch.put(meta, META.format, uint32Key(FORMAT))
    }

    if (block.systemEntry !== undefined) {
      for (const name of block.systemEntry.symbols) {
        const sid = this.#storedSymbols + 1
        assert(this.symbols.text(sid) === name, 'the names of a block continue the symbol table')
        batch.put(symbols, uint32Key(sid), TEXT.encode(name))
        this.#storedSymbols = sid
      }
    }

    // The catalog first: documents of this block already go into indexes that this block creates.
    for (let ordinal = 0; ordinal < block.revisions.length; ordinal++) {
      const revision = block.revisions[ordinal]!
      if (revision.kind === 'system') this.#applySystem(batch, revision, sequenceNo, ordinal, touched)
    }
    for (let ordinal = 0; ordinal < block.revisions.length; ordinal++) {
      const revision = block.revisions[ordinal]!
      if (revision.kind === 'document') this.#applyDocument(batch, revision, sequenceNo, ordinal, touched)
    }

    const place = new Uint8Array(12)
    writeUint32(place, 0, location.segment)
    writeUint32(place, 4, location.offset)
    writeUint32(place, 8, location.length)
    batch.put(blocks, uint53Key(sequenceNo), place)

    let storageIndex = storedHashIndex(0, sequenceNo)
    for (const node of this.#frontier.append(block.blockHash)) batch.put(tree, uint53Key(storageIndex++), node)
    assert(storageIndex === storedHashCount(sequenceNo + 1), 'a leaf adds the nodes it completes')
    this.#tip = { sequenceNo, blockHash: block.blockHash, blockTimestamp: block.blockTimestamp, location }
  }

  /** A catalog document: replaces the table, builds the indexes it adds, empties those it drops. */
  #applySystem(
    batch: WriteBatch,
    revision: SystemRevision,
    sequenceNo: number,
    ordinal: number,
    touched: Touched,
  ): void {
    const { catalog, meta, index: indexSpace, current, history } = this.#spaces
    const document = decodeValue(revision.data, this.symbols)
    if (!(document instanceof IonStruct) || document.get('tableId') === undefined) return
    const table = this.#catalog.read(document, revision.metadata.version)
    const former = this.#catalog.table(table.id)
    this.#catalog = this.#catalog.with(table)

    const value = encodeValue(tableToIon(table), this.symbols)
    const header = new Uint8Array(8 + table.indexes.length * 4 + value.length)
    writeUint32(header, 0, table.version)
    writeUint32(header, 4, table.indexes.length)
    for (let index = 0; index < table.indexes.length; index++) {
      writeUint32(header, 8 + index * 4, table.indexes[index]!.number)
    }
    header.set(value, 8 + table.indexes.length * 4)
    batch.put(catalog, tableKey(table.number), header)
    batch.put(meta, META.indexes, uint32Key(this.#catalog.indexCount))
    const place = placeEntry(sequenceNo, ordinal, revision.metadata.txTime)
    batch.put(history, historyKey(DEFINITIONS, table.id, table.version), place)

    for (const index of former?.indexes ?? []) {
      if (table.indexes.some((kept) => kept.id === index.id)) continue
      const prefix = uint32Key(index.number)
      const keys: Uint8Array[] = []
      const entries = batch.scan(indexSpace, prefixRange(prefix))
      while (entries.next()) keys.push(entries.key)
      entries.close()
      for (const key of keys) batch.delete(indexSpace, key)
      this.#entryCounts.delete(index.number)
      touched.indexes.add(index.number)
    }
    for (const index of table.indexes) {
      if (former?.indexes.some((known) => known.id === index.id)) continue
      const entries: (readonly [indexed: Uint8Array, documentId: string])[] = []
      const documents = batch.scan(current, prefixRange(tableKey(table.number)))
      while (documents.next()) {
        const field = new CurrentRevision(documents.key, documents.value, this.symbols).data.get(index.field)
        if (field !== undefined) entries.push([indexedValue(field), readId(documents.key, 4)])
      }
      documents.close()
      for (const [indexed, documentId] of entries) addIndexEntry(batch, indexSpace, index.number, indexed, documentId)
      this.#entryCounts.set(index.number, entries.length)
      touched.indexes.add(index.number)
    }
  }

  #applyDocument(
    batch: WriteBatch,
    revision: DocumentRevision,
    sequenceNo: number,
    ordinal: number,
    touched: Touched,
  ): void {
    const { current, history, index: indexSpace } = this.#spaces
    const { id, version, txTime, txId } = revision.metadata
    const table = this.#catalog.table(revision.tableId)
    assert(table !== undefined, 'a revision belongs to a table of the catalog')
    const key = currentKey(table.number, id)

    const replaced = version > 0 ? batch.get(current, key) : undefined
    if (version > 0 && replaced === undefined) {
      throw new CorruptionError('VIEWS_CORRUPT', `Document ${id} is missing from the current view of "${table.name}".`)
    }
    if (replaced !== undefined) {
      // What was current becomes history: until then its own header says where its block is.
      batch.put(history, historyKey(table.number, id, readUint32(replaced, 0)), historyEntry(replaced))
    }
    let value: Uint8Array | undefined
    if (revision.data !== undefined) {
      value = this.#scratch(HEADER_SIZE + revision.data.length)
      writeUint32(value, 0, version)
      writeUint53(value, 4, sequenceNo)
      writeUint32(value, 12, ordinal)
      writeUint53(value, 16, txTime)
      writeId(value, 24, txId)
      value.set(revision.hash, 46)
      value.set(revision.data, HEADER_SIZE)
      batch.put(current, key, value)
    } else if (version > 0) {
      batch.delete(current, key)
    }
    if (table.indexes.length > 0) {
      const former = documentIn(replaced, HEADER_SIZE, this.symbols)
      const now = documentIn(revision.data, 0, this.symbols)
      for (const { number, field } of table.indexes) {
        const before = indexedField(former, field)
        const after = indexedField(now, field)
        if (before !== undefined && after !== undefined && equalBytes(before, after)) continue
        if (before !== undefined) removeIndexEntry(batch, indexSpace, number, before, id)
        if (after !== undefined) addIndexEntry(batch, indexSpace, number, after, id)
        if ((before === undefined) !== (after === undefined)) {
          this.#entryCounts.set(number, (this.#entryCounts.get(number) ?? 0) + (before === undefined ? 1 : -1))
          touched.indexes.add(number)
        }
      }
    }
    // A redacted revision is a version whose document was erased: it was not the current one, and did not become it.
    const delta = (version === 0 && value !== undefined ? 1 : 0) - (version > 0 && value === undefined ? 1 : 0)
    if (delta !== 0) {
      this.#documentCounts.set(table.number, (this.#documentCounts.get(table.number) ?? 0) + delta)
      touched.tables.add(table.number)
    }

    if (value === undefined) {
      // A deletion, or a version that was erased: never current.
      batch.put(history, historyKey(table.number, id, version), placeEntry(sequenceNo, ordinal, txTime))
    }
  }

  /** Room for one value; a batch copies what is put. Making it anew for each document cost a tenth of applying it. */
  #scratch(size: number): Uint8Array {
    if (this.#scratchBytes.length < size) this.#scratchBytes = new Uint8Array(2 * size)
    return this.#scratchBytes.subarray(0, size)
  }

  /** The current revision of a document; undefined when it never was, or is deleted. Cost: one read. */
  getCurrent(snapshot: Snapshot, table: Table, documentId: string): CurrentRevision | undefined {
    const key = currentKey(table.number, documentId)
    const place = snapshot.find(this.#spaces.current, key)
    return place && new CurrentRevision(key, place.bytes, this.symbols, 0, place.start, place.end)
  }

  /** All current revisions of a table in the order of their ids, which is the order of insertion. */
  scanCurrent(snapshot: Snapshot, table: Table): { next(): CurrentRevision | undefined; close(): void } {
    const cursor = snapshot.scan(this.#spaces.current, prefixRange(tableKey(table.number)))
    const { symbols } = this
    return {
      next: () =>
        cursor.next()
          ? new CurrentRevision(
              cursor.keyBytes,
              cursor.valueBytes,
              symbols,
              cursor.keyStart,
              cursor.valueStart,
              cursor.valueEnd,
            )
          : undefined,
      close: () => cursor.close(),
    }
  }

  /** The current documents of a table in the same order, as bytes. */
  scanDocuments(snapshot: Snapshot, table: Table): CurrentDocuments {
    const within = { ...prefixRange(tableKey(table.number)), isFleeting: true }
    return new CurrentDocuments(snapshot.scan(this.#spaces.current, within), this.symbols)
  }

  /**
   * The current revisions of the documents whose field has the given indexed value, see {@link indexedValue}. Cost: two
   * reads for the first, a scan only when there are more.
   *
   * @throws {CorruptionError} VIEWS_CORRUPT from `next`, when the table lacks a document that the index names
   */
  seekCurrent(
    snapshot: Snapshot,
    table: Table,
    index: Index,
    indexed: Uint8Array,
  ): { next(): CurrentRevision | undefined; close(): void } {
    return new IndexSeek(snapshot, this.#spaces, this.symbols, table, index, indexed)
  }

  /**
   * Whether a stretch of an index has more than `limit` entries. Cost: storage steps over them, up to the limit. It does so
   * in a few strides, as it knows the end of the stretch only where a stride ends.
   */
  hasMoreEntries(snapshot: Snapshot, index: Index, range: IndexedRange, limit: number): boolean {
    const { from, to } = entryRange(index, range)
    for (let skip = Math.min(limit, FIRST_STRIDE); ; skip = Math.min(limit, 4 * skip)) {
      const entries = snapshot.scan(this.#spaces.index, { from, to, isFleeting: true, skip })
      const hasMore = entries.next()
      entries.close()
      if (!hasMore || skip === limit) return hasMore
    }
  }

  /** The current revisions in a stretch of an index, in its order. See {@link IndexRangeCursor}. */
  rangeCurrent(
    snapshot: Snapshot,
    table: Table,
    index: Index,
    range: IndexedRange,
    isReverse: boolean,
  ): IndexRangeCursor {
    return new IndexRangeCursor(snapshot, this.#spaces, this.symbols, table, index, range, isReverse)
  }

  /** The same documents in the same order, as bytes. */
  rangeDocuments(
    snapshot: Snapshot,
    table: Table,
    index: Index,
    range: IndexedRange,
    isReverse: boolean,
  ): IndexDocuments {
    return new IndexDocuments(snapshot, this.#spaces, this.symbols, table, index, range, isReverse)
  }

  /**
   * All versions of one document, or of all documents of the table, oldest first within a document. Former versions and
   * deletions come from the history, the newest from the current view: two scans, merged by document.
   */
  scanHistory(
    snapshot: Snapshot,
    table: Table,
    documentId?: string,
  ): { next(): HistoryEntry | undefined; close(): void } {
    const within = prefixRange(documentId === undefined ? tableKey(table.number) : currentKey(table.number, documentId))
    const former = snapshot.scan(this.#spaces.history, within)
    const current = snapshot.scan(this.#spaces.current, within)
    let hasFormer = former.next()
    let hasCurrent = current.next()
    return {
      next: () => {
        if (hasFormer && (!hasCurrent || compareDocuments(former.key, current.key) <= 0)) {
          const entry = readEntry(former.key, former.value)
          hasFormer = former.next()
          return entry
        }
        if (!hasCurrent) return undefined
        const revision = new CurrentRevision(current.key, current.value, this.symbols)
        const { documentId: id, version, sequenceNo, ordinal, txTime } = revision
        hasCurrent = current.next()
        return { documentId: id, version, sequenceNo, ordinal, txTime }
      },
      close: () => {
        former.close()
        current.close()
      },
    }
  }

  /** Where every version of every table's definition is, `documentId` being the table's id; in the order of the journal. */
  definitions(snapshot: Snapshot): HistoryEntry[] {
    const entries: HistoryEntry[] = []
    const cursor = snapshot.scan(this.#spaces.history, prefixRange(tableKey(DEFINITIONS)))
    while (cursor.next()) entries.push(readEntry(cursor.key, cursor.value))
    cursor.close()
    return entries.sort((a, b) => a.sequenceNo - b.sequenceNo || a.ordinal - b.ordinal)
  }

  /** Where a block lies; undefined beyond the tip. */
  location(snapshot: Snapshot, sequenceNo: number): BlockLocation | undefined {
    const value = snapshot.get(this.#spaces.blocks, uint53Key(sequenceNo))
    if (value === undefined) return undefined
    return { segment: readUint32(value, 0), offset: readUint32(value, 4), length: readUint32(value, 8) }
  }

  /** A stored tree node. @throws {CorruptionError} VIEWS_CORRUPT when it is not there */
  node(snapshot: Snapshot, storageIndex: number): Hash {
    const node = snapshot.get(this.#spaces.tree, uint53Key(storageIndex))
    if (node === undefined || node.length !== 32) {
      throw new CorruptionError('VIEWS_CORRUPT', `Tree node ${storageIndex} is missing from the views.`, {
        place: { field: `tree[${storageIndex}]` },
      })
    }
    return node
  }
}

function countKey(name: Uint8Array, number: number): Uint8Array {
  const key = new Uint8Array(name.length + 4)
  key.set(name)
  writeUint32(key, name.length, number)
  return key
}

/** A history entry. */
function placeEntry(sequenceNo: number, ordinal: number, txTime: number): Uint8Array {
  const entry = new Uint8Array(20)
  writeUint53(entry, 0, sequenceNo)
  writeUint32(entry, 8, ordinal)
  writeUint53(entry, 12, txTime)
  return entry
}

function readEntry(key: Uint8Array, value: Uint8Array): HistoryEntry {
  return {
    documentId: readId(key, 4),
    version: readUint32(key, 4 + ID_SIZE),
    sequenceNo: readUint53(value, 0),
    ordinal: readUint32(value, 8),
    txTime: readUint53(value, 12),
  }
}

/** The history entry of what is a current revision now. */
function historyEntry(current: Uint8Array): Uint8Array {
  const entry = new Uint8Array(20)
  entry.set(current.subarray(4, 16))
  entry.set(current.subarray(16, 24), 12)
  return entry
}

/** The order of two keys by table and document. */
function compareDocuments(a: Uint8Array, b: Uint8Array): number {
  for (let index = 0; index < 4 + ID_SIZE; index++) if (a[index] !== b[index]) return a[index]! - b[index]!
  return 0
}

function documentIn(bytes: Uint8Array | undefined, start: number, symbols: SymbolTable): IonStruct | undefined {
  if (bytes === undefined) return undefined
  const document = decodeValue(bytes, symbols, start)
  assert(document instanceof IonStruct, 'a stored document is a struct')
  return document
}

/** What an index holds of a document; undefined where there is no document or no such field. */
function indexedField(document: IonStruct | undefined, field: string): Uint8Array | undefined {
  const value = document?.get(field)
  return value === undefined ? undefined : indexedValue(value)
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
  return true
}
