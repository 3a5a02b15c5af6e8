import type { Index, Table } from '../catalog/index.ts'
import type { IonStruct } from '../ion/index.ts'
import { indexedValue, type StoredRevision } from '../tables/index.ts'
import { readKey } from './recent-writes.ts'

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

/** A write and the one that it took the place of. */
export interface Replaced {
  readonly write: PendingWrite
  readonly former: PendingWrite | undefined
}

/**
 * What a transaction has written so far, by document, in the order of first writing. What the current statement has
 * written can be taken back.
 */
export class OwnWrites {
  readonly #byDocument: Map<string, PendingWrite> = new Map()
  /** By indexed value, per index id; made when an index is first sought in. May name documents that changed since. */
  readonly #entries: Map<string, Map<string, Set<string>>> = new Map()
  /** What the current statement has written, oldest first. */
  #statement: Replaced[] = []
  #goneCount = 0
  #sizeBytes = 0

  /** How many documents the transaction changes. */
  get size(): number {
    return this.#byDocument.size - this.#goneCount
  }

  /** Sum of the documents in Ion binary. */
  get sizeBytes(): number {
    return this.#sizeBytes
  }

  /** True when there was never a write: what is read is what is stored. */
  get isEmpty(): boolean {
    return this.#byDocument.size === 0
  }

  has(documentId: string): boolean {
    return this.#byDocument.has(documentId)
  }

  /** The newest write of a document, which may be the deletion of one that this transaction has made itself. */
  get(documentId: string): PendingWrite | undefined {
    return this.#byDocument.get(documentId)
  }

  /** What commit will write: not what was inserted and deleted again, which nobody else ever sees. */
  *values(): Generator<PendingWrite, undefined> {
    for (const write of this.#byDocument.values()) if (!isGone(write)) yield write
    return undefined
  }

  put(write: PendingWrite): void {
    const former = this.#byDocument.get(write.documentId)
    this.#statement.push({ write, former })
    this.#set(write, former)
    for (const [indexId, entries] of this.#entries) {
      const index = write.table.indexes.find((each) => each.id === indexId)
      if (index !== undefined) addEntry(entries, index, write)
    }
  }

  #set(write: PendingWrite, former: PendingWrite | undefined): void {
    this.#byDocument.set(write.documentId, write)
    this.#sizeBytes += (write.bytes?.length ?? 0) - (former?.bytes?.length ?? 0)
    this.#goneCount += Number(isGone(write)) - Number(former !== undefined && isGone(former))
  }

  /** What was written since the last {@link beginStatement}, oldest first. */
  get ofStatement(): readonly Replaced[] {
    return this.#statement
  }

  /** What was written up to now stays. */
  beginStatement(): void {
    if (this.#statement.length > 0) this.#statement = []
  }

  /** Takes back what was written since {@link beginStatement}; entries of indexes stay, they are looked at again. */
  undoStatement(): void {
    for (const { write, former } of this.#statement.reverse()) {
      if (former !== undefined) {
        this.#set(former, write)
        continue
      }
      // The last ones of the map, so that the order of the others stays.
      this.#byDocument.delete(write.documentId)
      this.#sizeBytes -= write.bytes?.length ?? 0
      this.#goneCount -= Number(isGone(write))
    }
    this.#statement = []
  }

  /** The statement at a position was taken out of the list: the later ones have moved up. */
  forgetStatement(position: number): void {
    for (const [documentId, write] of this.#byDocument) {
      if ((write.statements.at(-1) ?? -1) <= position) continue
      const statements = write.statements.map((each) => (each > position ? each - 1 : each))
      this.#byDocument.set(documentId, { ...write, statements })
    }
  }

  /** Ids of documents that have this indexed value after the last write. */
  matches(table: Table, index: Index, indexed: Uint8Array): string[] {
    let entries = this.#entries.get(index.id)
    if (entries === undefined) {
      entries = new Map()
      for (const write of this.#byDocument.values()) if (write.table.id === table.id) addEntry(entries, index, write)
      this.#entries.set(index.id, entries)
    }
    const key = readKey.indexed(index.number, indexed)
    return [...(entries.get(key) ?? [])].filter((documentId) => {
      const field = this.#byDocument.get(documentId)?.data?.get(index.field)
      return field !== undefined && readKey.indexed(index.number, indexedValue(field)) === key
    })
  }
}

function isGone(write: PendingWrite): boolean {
  return write.before === undefined && write.bytes === undefined
}

function addEntry(entries: Map<string, Set<string>>, index: Index, write: PendingWrite): void {
  const field = write.data?.get(index.field)
  if (field === undefined) return
  const key = readKey.indexed(index.number, indexedValue(field))
  const ids = entries.get(key)
  if (ids === undefined) entries.set(key, new Set([write.documentId]))
  else ids.add(write.documentId)
}
