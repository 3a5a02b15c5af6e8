import type { OpenRows, RowCursor } from './compiler.ts'

/** One row, without variables. */
export function compileOnce(): OpenRows {
  return () => new OnceCursor()
}

class OnceCursor implements RowCursor {
  #isDone = false

  next(): boolean {
    if (this.#isDone) return false
    this.#isDone = true
    return true
  }

  close(): void {
    this.#isDone = true
  }
}

/** No row at all. */
export const NO_ROWS: RowCursor = { next: () => false, close: () => {} }
