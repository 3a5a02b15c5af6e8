import type { SymbolTable } from '../ion/index.ts'
import type { Cursor } from '../storage/index.ts'
import { HEADER_SIZE, readId } from './layout.ts'

/**
 * The current documents of a table as the bytes they are stored in, one after another: for who looks at a few fields of
 * many documents. No object is made for a document.
 *
 * After `next()` answered true, `[start, end)` of `bytes` is the document in Ion, until anything else is read or
 * written; nothing of it may be kept.
 */
export interface DocumentCursor {
  /** Moves to the next document; false at the end. @throws {CorruptionError} VIEWS_CORRUPT when it is damaged */
  next(): boolean
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  /** What the names in the bytes are numbers of. */
  readonly symbols: SymbolTable
  readonly documentId: string
  /** Ends the walk early. Closing twice is harmless. */
  close(): void
}

/** Over the `current` keyspace. */
export class CurrentDocuments implements DocumentCursor {
  readonly symbols: SymbolTable
  readonly #entries: Cursor
  bytes: Uint8Array = new Uint8Array(0)
  start = 0
  end = 0

  constructor(entries: Cursor, symbols: SymbolTable) {
    this.#entries = entries
    this.symbols = symbols
  }

  next(): boolean {
    const entries = this.#entries
    if (!entries.next()) return false
    this.bytes = entries.valueBytes
    this.start = entries.valueStart + HEADER_SIZE
    this.end = entries.valueEnd
    return true
  }

  get documentId(): string {
    return readId(this.#entries.keyBytes, this.#entries.keyStart + 4)
  }

  close(): void {
    this.#entries.close()
  }
}
