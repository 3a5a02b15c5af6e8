import type { Filter } from '../plan/filter.ts'
import type { Compiler, OpenRows, RowCursor, Test } from './compiler.ts'
import type { Frame } from './frame.ts'

/** Passes the rows for which every condition is true. */
export function compileFilter(filter: Filter, compiler: Compiler): OpenRows {
  const open = compiler.rows(filter.input)
  const test = compiler.conditions(filter.conditions)
  return (frame) => new FilterCursor(open(frame), test, frame)
}

class FilterCursor implements RowCursor {
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
