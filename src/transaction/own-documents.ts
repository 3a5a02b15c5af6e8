import type { Table } from '../catalog/index.ts'
import type { SymbolTable } from '../ion/index.ts'
import type { DocumentCursor } from '../tables/index.ts'
import type { OwnWrites, PendingWrite } from './own-writes.ts'

/** The documents of a table with a transaction's own writes on top: its new documents come last. */
export class OwnDocuments implements DocumentCursor {
  readonly symbols: SymbolTable
  readonly #stored: DocumentCursor
  readonly #writes: OwnWrites
  /** The ids of documents that are not stored yet. */
  readonly #added: readonly string[]
  #position = 0
  #isStoredDone = false
  bytes: Uint8Array = new Uint8Array(0)
  start = 0
  end = 0
  documentId = ''

  constructor(stored: DocumentCursor, table: Table, writes: OwnWrites) {
    this.symbols = stored.symbols
    this.#stored = stored
    this.#writes = writes
    this.#added = [...writes.values()]
      .filter((write) => write.before === undefined && write.table.id === table.id)
      .map((write) => write.documentId)
  }

  next(): boolean {
    while (!this.#isStoredDone) {
      if (!this.#stored.next()) {
        this.#isStoredDone = true
        break
      }
      const { documentId } = this.#stored
      const write = this.#writes.get(documentId)
      if (write === undefined) {
        this.bytes = this.#stored.bytes
        this.start = this.#stored.start
        this.end = this.#stored.end
        this.documentId = documentId
        return true
      }
      if (this.#show(write)) return true
    }
    while (this.#position < this.#added.length) {
      const write = this.#writes.get(this.#added[this.#position++]!)
      if (write !== undefined && this.#show(write)) return true
    }
    return false
  }

  /** False when the transaction has deleted the document. */
  #show({ bytes, documentId }: PendingWrite): boolean {
    if (bytes === undefined) return false
    this.bytes = bytes
    this.start = 0
    this.end = bytes.length
    this.documentId = documentId
    return true
  }

  close(): void {
    this.#stored.close()
    this.#isStoredDone = true
    this.#position = this.#added.length
  }
}
