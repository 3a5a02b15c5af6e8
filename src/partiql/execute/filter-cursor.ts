import type { RowCursor, Test } from './compiler.ts'
import type { Frame } from './frame.ts'

/** Rows that a test lets pass. */
export class FilterCursor implements RowCursor {
  readonly #input: RowCursor
  readonly #test: Test
  readonly #frame: Frame

  constructor(input: RowCursor, test: Test, frame: Frame) {
    this.#input = input
    this.#test = test
    this.#frame = frame
  }

  next(): boolean {
    while (this.#input.next()) if (this.#test(this.#frame)) return true
    return false
  }

  close(): void {
    this.#input.close()
  }
}
