import { NotFoundError, StatementError } from '../../src/errors.ts'
import {
  compareOrder,
  encodeOrderKey,
  type IonStruct,
  type IonValue,
  NULL,
  orderKeyFamily,
} from '../../src/ion/index.ts'
import type {
  CatalogAccess,
  IndexBounds,
  IndexDefinition,
  RevisionAccess,
  RevisionCursor,
  TableDefinition,
  TransactionAccess,
} from '../../src/partiql/index.ts'

/**
 * Tables as maps and lists: what statements run over in these tests, and the model that access paths are compared
 * with. One transaction at a time; `commit` gives what was written a block and a time. Ids are counted, so that
 * results can be written down: `t1`, `d1`, `i1` …
 */
export class MemoryTransaction implements TransactionAccess {
  readonly id: string = 'tx1'
  readonly strandId: string = 'strand'
  /** What the catalog says of the sizes of tables, by name; nothing by itself. Need not be true. */
  readonly sizes: Map<string, number> = new Map()
  catalog: MemoryCatalog = new MemoryCatalog([], this.sizes)
  /** How often `scan` was called: an index or id access does not count. */
  scanCount = 0
  openCursorCount = 0
  /** What {@link isWide} answers. */
  isEveryRangeWide = false

  readonly #documents: Map<string, Map<string, MemoryRevision[]>> = new Map()
  #sequenceNo = 0
  #documentCount = 0
  #tableCount = 0
  #indexCount = 0

  /** Everything written since the last commit becomes one block. */
  commit(timeMs: number): void {
    const sequenceNo = this.#sequenceNo++
    for (const documents of this.#documents.values()) {
      for (const revisions of documents.values()) {
        for (const revision of revisions) {
          if (revision.sequenceNo >= 0) continue
          revision.sequenceNo = sequenceNo
          revision.txTime = timeMs
          revision.hash = new Uint8Array(32)
        }
      }
    }
    this.catalog = new MemoryCatalog(
      this.catalog.tables().map((table) => ({
        ...table,
        indexes: table.indexes.map((index) => ({ ...index, status: 'ONLINE' })),
      })),
      this.sizes,
    )
  }

  get(table: TableDefinition, documentId: string): RevisionAccess | undefined {
    const current = this.#of(table).get(documentId)?.at(-1)
    return current?.data === undefined ? undefined : current
  }

  scan(table: TableDefinition): RevisionCursor {
    this.scanCount++
    return this.#cursor(this.#current(table))
  }

  seek(table: TableDefinition, index: IndexDefinition, value: IonValue): RevisionCursor {
    return this.#cursor(
      this.#current(table).filter((revision) => {
        const field = revision.data!.get(index.field)
        return field !== undefined && compareOrder(field, value) === 0
      }),
    )
  }

  seekRange(table: TableDefinition, index: IndexDefinition, bounds: IndexBounds): RevisionCursor {
    const { low, lowInclusive, high, highInclusive, reverse } = bounds
    const family = (value: IonValue): number => orderKeyFamily(encodeOrderKey(value)).from
    const isWithin = (value: IonValue): boolean => {
      if (low === undefined && high === undefined) return compareOrder(value, NULL) !== 0
      if (low !== undefined) {
        const order = compareOrder(value, low)
        if (family(value) !== family(low) || order < 0 || (order === 0 && !lowInclusive)) return false
      }
      if (high === undefined) return true
      const order = compareOrder(value, high)
      return family(value) === family(high) && (order < 0 || (order === 0 && highInclusive))
    }
    const found = this.#current(table).flatMap((revision) => {
      const value = revision.data!.get(index.field)
      return value !== undefined && isWithin(value) ? [{ revision, value }] : []
    })
    // Sorting is stable: equal values stay in the order of insertion.
    found.sort((a, b) => (reverse ? compareOrder(b.value, a.value) : compareOrder(a.value, b.value)))
    return this.#cursor(found.map(({ revision }) => revision))
  }

  isWide(): boolean {
    return this.isEveryRangeWide
  }

  isComplete(table: TableDefinition, index: IndexDefinition): boolean {
    return this.#current(table).every((revision) => revision.data!.get(index.field) !== undefined)
  }

  count(table: TableDefinition): number {
    return this.#current(table).length
  }

  scanHistory(table: TableDefinition): RevisionCursor {
    return this.#cursor([...this.#of(table).values()].flat().filter((revision) => revision.sequenceNo >= 0))
  }

  getHistory(table: TableDefinition, documentId: string): RevisionCursor {
    return this.#cursor((this.#of(table).get(documentId) ?? []).filter((revision) => revision.sequenceNo >= 0))
  }

  insert(table: TableDefinition, data: IonStruct): string {
    const id = `d${++this.#documentCount}`
    this.#write(table, id, data)
    return id
  }

  update(table: TableDefinition, documentId: string, data: IonStruct): void {
    this.#write(table, documentId, data)
  }

  delete(table: TableDefinition, documentId: string): void {
    this.#write(table, documentId, undefined)
  }

  createTable(name: string): TableDefinition {
    if (this.catalog.activeTable(name) !== undefined) throw new StatementError('TABLE_EXISTS', `${name} exists`)
    return this.#define({ id: `t${++this.#tableCount}`, name, status: 'ACTIVE', indexes: [] })
  }

  dropTable(name: string): TableDefinition {
    return this.#define({ ...this.catalog.activeTable(name)!, status: 'INACTIVE' })
  }

  undropTable(tableId: string): TableDefinition {
    const table = this.catalog.table(tableId)
    if (table === undefined || table.status === 'ACTIVE') throw new NotFoundError('TABLE_NOT_FOUND', tableId)
    return this.#define({ ...table, status: 'ACTIVE' })
  }

  createIndex(table: TableDefinition, field: string, isUnique = false): IndexDefinition {
    if (table.indexes.some((index) => index.field === field)) throw new StatementError('INDEX_EXISTS', field)
    const index = { id: `i${++this.#indexCount}`, field, isUnique, status: 'BUILDING' }
    this.#define({ ...table, indexes: [...table.indexes, index] })
    return index
  }

  dropIndex(table: TableDefinition, indexId: string): void {
    if (!table.indexes.some((index) => index.id === indexId)) throw new NotFoundError('INDEX_NOT_FOUND', indexId)
    this.#define({ ...table, indexes: table.indexes.filter((index) => index.id !== indexId) })
  }

  #define(table: TableDefinition): TableDefinition {
    const others = this.catalog.tables()
    const position = others.findIndex((each) => each.id === table.id)
    this.catalog = new MemoryCatalog(position < 0 ? [...others, table] : others.with(position, table), this.sizes)
    return table
  }

  #of(table: TableDefinition): Map<string, MemoryRevision[]> {
    let documents = this.#documents.get(table.id)
    if (documents === undefined) {
      documents = new Map()
      this.#documents.set(table.id, documents)
    }
    return documents
  }

  #current(table: TableDefinition): MemoryRevision[] {
    return [...this.#of(table).values()]
      .map((revisions) => revisions.at(-1))
      .filter((revision) => revision?.data !== undefined) as MemoryRevision[]
  }

  #write(table: TableDefinition, documentId: string, data: IonStruct | undefined): void {
    const documents = this.#of(table)
    const revisions = documents.get(documentId) ?? []
    documents.set(documentId, revisions)
    if (revisions.at(-1)?.sequenceNo === -1) revisions.pop()
    revisions.push({
      documentId,
      version: revisions.length,
      sequenceNo: -1,
      txTime: 0,
      txId: this.id,
      hash: undefined,
      data,
    })
  }

  #cursor(revisions: readonly RevisionAccess[]): RevisionCursor {
    let position = 0
    let isOpen = true
    this.openCursorCount++
    return {
      next: () => revisions[position++],
      close: () => {
        if (isOpen) this.openCursorCount--
        isOpen = false
      },
    }
  }
}

interface MemoryRevision extends RevisionAccess {
  sequenceNo: number
  txTime: number
  hash: Uint8Array | undefined
}

class MemoryCatalog implements CatalogAccess {
  readonly #tables: readonly TableDefinition[]
  readonly #sizes: ReadonlyMap<string, number>

  constructor(tables: readonly TableDefinition[], sizes: ReadonlyMap<string, number>) {
    this.#tables = tables
    this.#sizes = sizes
  }

  documentCount(tableId: string): number | undefined {
    return this.#sizes.get(this.table(tableId)?.name ?? '')
  }

  activeTable(name: string): TableDefinition | undefined {
    return this.#tables.find((table) => table.name === name && table.status === 'ACTIVE')
  }

  table(tableId: string): TableDefinition | undefined {
    return this.#tables.find((table) => table.id === tableId)
  }

  tables(): readonly TableDefinition[] {
    return this.#tables
  }
}
