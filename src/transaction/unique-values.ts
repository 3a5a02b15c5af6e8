import type { Catalog, Index, Table } from '../catalog/index.ts'
import { UniqueViolationError } from '../errors.ts'
import { IonAnnotated, IonNull, type IonValue, printText, toJavascript } from '../ion/index.ts'
import type { Snapshot } from '../storage/index.ts'
import { indexedValue, type TableViews } from '../tables/index.ts'
import type { OwnWrites } from './own-writes.ts'
import { readKey } from './recent-writes.ts'
import type { RevisionCursor } from './transaction.ts'

/** How much of a value an error message shows, in characters. */
const MOST_SHOWN = 80

/** Who has the values of unique indexes, as one transaction sees it. */
export class UniqueValues {
  readonly #views: TableViews
  readonly #snapshot: Snapshot
  readonly #writes: OwnWrites
  readonly #read: (key: string) => void
  /** Stored documents by the value of a unique index that the transaction creates, per index id. */
  readonly #unbuilt: Map<string, Map<string, string[]>> = new Map()

  /** @param read notes what was read, as a key of {@link readKey} */
  constructor(views: TableViews, snapshot: Snapshot, writes: OwnWrites, read: (key: string) => void) {
    this.#views = views
    this.#snapshot = snapshot
    this.#writes = writes
    this.#read = read
  }

  /**
   * Looks at what the statement has written: a document that has got a value in a unique index must be the only one with
   * it now. At the end of the statement, so that one statement may exchange values. NULL and MISSING do not count.
   *
   * @throws {UniqueViolationError}
   */
  check(catalog: Catalog): void {
    for (const { write, former } of this.#writes.ofStatement) {
      const { documentId } = write
      const table = catalog.table(write.table.id)
      if (table === undefined) continue
      for (const index of table.indexes) {
        if (!index.isUnique) continue
        // A later write of the same statement may have changed it once more.
        const value = uniqueValue(this.#writes.get(documentId)?.data?.get(index.field))
        if (value === undefined) continue
        const indexed = indexedValue(value)
        const before = uniqueValue((former ?? write.before)?.data?.get(index.field))
        if (before !== undefined && equalBytes(indexedValue(before), indexed)) continue
        const owner = this.#findOwner(table, index, indexed, documentId)
        if (owner !== undefined) throw takenValue(table, index, value, owner)
      }
    }
  }

  /** The document that has a value; undefined when none has, and for NULL. Counts as read. Cost: an index look-up. */
  ownerOf(table: Table, index: Index, value: IonValue): string | undefined {
    return uniqueValue(value) === undefined ? undefined : this.#findOwner(table, index, indexedValue(value))
  }

  /**
   * The document that has this indexed value, as the transaction sees it; undefined when none but `except` has. Counts
   * as read whether there is one or not.
   */
  #findOwner(table: Table, index: Index, indexed: Uint8Array, except?: string): string | undefined {
    const own = this.#writes.matches(table, index, indexed).find((documentId) => documentId !== except)
    if (own !== undefined) return own
    if (index.status === 'BUILDING') {
      const stored = this.#unbuiltOf(table, index).get(readKey.indexed(index.number, indexed)) ?? []
      return stored.find((documentId) => documentId !== except && !this.#writes.has(documentId))
    }
    this.#read(readKey.indexed(index.number, indexed))
    const stored = this.#views.seekCurrent(this.#snapshot, table, index, indexed)
    try {
      for (let revision = stored.next(); revision !== undefined; revision = stored.next()) {
        const { documentId } = revision
        if (documentId !== except && !this.#writes.has(documentId)) return documentId
      }
      return undefined
    } finally {
      stored.close()
    }
  }

  /** An index that is not built yet has no entries to look for: the stored documents by value, read once. */
  #unbuiltOf(table: Table, index: Index): Map<string, string[]> {
    let byValue = this.#unbuilt.get(index.id)
    if (byValue !== undefined) return byValue
    byValue = new Map()
    const stored = this.#views.scanCurrent(this.#snapshot, table)
    for (let revision = stored.next(); revision !== undefined; revision = stored.next()) {
      const value = uniqueValue(revision.data.get(index.field))
      if (value === undefined) continue
      const key = readKey.indexed(index.number, indexedValue(value))
      const documents = byValue.get(key)
      if (documents === undefined) byValue.set(key, [revision.documentId])
      else documents.push(revision.documentId)
    }
    stored.close()
    this.#unbuilt.set(index.id, byValue)
    return byValue
  }
}

/** @throws {UniqueViolationError} when two documents have one value already */
export function requireDistinct(table: Table, field: string, revisions: RevisionCursor): void {
  const owners = new Map<string, string>()
  try {
    for (let revision = revisions.next(); revision !== undefined; revision = revisions.next()) {
      const value = uniqueValue(revision.data?.get(field))
      if (value === undefined) continue
      const key = readKey.indexed(0, indexedValue(value))
      const owner = owners.get(key)
      if (owner !== undefined) throw repeatedValue(table, field, value, owner, revision.documentId)
      owners.set(key, revision.documentId)
    }
  } finally {
    revisions.close()
  }
}

/** A value that a unique index keeps apart: null and missing are none. */
function uniqueValue(field: IonValue | undefined): IonValue | undefined {
  if (field === undefined) return undefined
  let value = field
  while (value instanceof IonAnnotated) value = value.value
  return value === null || value instanceof IonNull ? undefined : field
}

function takenValue(table: Table, index: Index, value: IonValue, owner: string): UniqueViolationError {
  return new UniqueViolationError(
    `Table "${table.name}" already has a document with ${index.field} ${shown(value)}, which a unique index allows once: ` +
      `document ${owner}. Change that one, or choose another value.`,
    { table: table.name, field: index.field, value: toJavascript(value), documentId: owner },
  )
}

function repeatedValue(
  table: Table,
  field: string,
  value: IonValue,
  first: string,
  second: string,
): UniqueViolationError {
  return new UniqueViolationError(
    `"${field}" of table "${table.name}" cannot be unique: documents ${first} and ${second} both have ${shown(value)}. ` +
      'Change or delete one of them first.',
    { table: table.name, field, value: toJavascript(value), documentId: first },
  )
}

function shown(value: IonValue): string {
  const text = printText(value)
  return text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN)}…`
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
