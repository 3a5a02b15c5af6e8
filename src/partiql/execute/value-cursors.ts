import type { EngineValue } from '../value/engine-value.ts'
import { hashKey } from '../value/hash-key.ts'
import type { RowCursor, ValueCursor } from './compiler.ts'
import type { Frame } from './frame.ts'
import type { HeldMemory } from './memory-budget.ts'

/** Values that are all there already. */
export class ListedValues implements ValueCursor {
  readonly #values: readonly EngineValue[]
  #position = 0

  constructor(values: readonly EngineValue[]) {
    this.#values = values
  }

  next(): EngineValue | undefined {
    return this.#values[this.#position++]
  }

  close(): void {
    this.#position = this.#values.length
  }
}

/** Each value once, by PartiQL's grouping equality. Memory: a key per distinct value, counted against the budget. */
export class DistinctValues implements ValueCursor {
  readonly #values: ValueCursor
  readonly #held: HeldMemory
  readonly #seen: Set<unknown> = new Set()

  constructor(values: ValueCursor, frame: Frame) {
    this.#values = values
    this.#held = frame.budget.open('DISTINCT')
  }

  next(): EngineValue | undefined {
    for (;;) {
      const value = this.#values.next()
      if (value === undefined) return undefined
      const key = hashKey(value)
      if (this.#seen.has(key)) continue
      this.#seen.add(key)
      this.#held.add([value])
      return value
    }
  }

  close(): void {
    this.#seen.clear()
    this.#held.release()
    this.#values.close()
  }
}

/** Leaves out the first `skip` values and stops, and closes its input, after `count` more. */
export class LimitedValues implements ValueCursor {
  readonly #values: ValueCursor
  #skip: number
  #left: number

  constructor(values: ValueCursor, skip: number, count: number) {
    this.#values = values
    this.#skip = skip
    this.#left = count
  }

  next(): EngineValue | undefined {
    if (this.#left <= 0) {
      this.#values.close()
      return undefined
    }
    for (; this.#skip > 0; this.#skip--) if (this.#values.next() === undefined) return undefined
    this.#left--
    return this.#values.next()
  }

  close(): void {
    this.#values.close()
  }
}

/** As {@link LimitedValues}, over rows. */
export class LimitedRows implements RowCursor {
  readonly #rows: RowCursor
  #skip: number
  #left: number

  constructor(rows: RowCursor, skip: number, count: number) {
    this.#rows = rows
    this.#skip = skip
    this.#left = count
  }

  next(): boolean {
    for (; this.#skip > 0; this.#skip--) if (!this.#rows.next()) return false
    return this.#left-- > 0 && this.#rows.next()
  }

  close(): void {
    this.#rows.close()
  }
}

/** Each value as `map` makes it. */
export class MappedValues implements ValueCursor {
  readonly #values: ValueCursor
  readonly #map: (value: EngineValue) => EngineValue

  constructor(values: ValueCursor, map: (value: EngineValue) => EngineValue) {
    this.#values = values
    this.#map = map
  }

  next(): EngineValue | undefined {
    const value = this.#values.next()
    return value === undefined ? undefined : this.#map(value)
  }

  close(): void {
    this.#values.close()
  }
}

/** All values; the cursor is closed then. @throws {LimitError} TOO_MUCH_MEMORY */
export function readAll(values: ValueCursor, held: HeldMemory): EngineValue[] {
  const all: EngineValue[] = []
  try {
    for (let value = values.next(); value !== undefined; value = values.next()) {
      held.add([value])
      all.push(value)
    }
  } finally {
    values.close()
  }
  return all
}
