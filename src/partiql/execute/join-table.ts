import type { EngineValue } from '../value/engine-value.ts'
import type { Frame } from './frame.ts'
import { type HeldMemory, ROW_SIZE, sizeOf } from './memory-budget.ts'

/** What there is in the place of a row's number when there is no row. */
export const NO_ROW: number = -1

/**
 * The rows of one side of a join by their keys, those of one key in the order in which they came. Rows have numbers from
 * 0: their values lie in one array behind one another, and rows of one key name the next of them, so that no object is
 * made for a row or a key.
 */
export class JoinTable {
  readonly #slots: readonly number[]
  readonly #held: HeldMemory
  /** The first row of each key. */
  readonly #firsts: Map<unknown, number> = new Map()
  /** By row: the next row of the same key. */
  readonly #nexts: number[] = []
  /** By the first row of a key: the last one, where there are several. */
  readonly #lasts: Map<number, number> = new Map()
  readonly #values: EngineValue[] = []

  /** @param slots what a row is; counted against `held` */
  constructor(slots: readonly number[], held: HeldMemory) {
    this.#slots = slots
    this.#held = held
  }

  /** Adds the row that the frame holds. @throws {LimitError} TOO_MUCH_MEMORY */
  add(key: unknown, { slots }: Frame): void {
    const row = this.#nexts.length
    let sizeBytes = ROW_SIZE
    for (let index = 0; index < this.#slots.length; index++) {
      const value = slots[this.#slots[index]!]!
      sizeBytes += sizeOf(value)
      this.#values.push(value)
    }
    this.#held.addBytes(sizeBytes)
    this.#nexts.push(NO_ROW)
    const first = this.#firsts.get(key)
    if (first === undefined) {
      this.#firsts.set(key, row)
      return
    }
    this.#nexts[this.#lasts.get(first) ?? first] = row
    this.#lasts.set(first, row)
  }

  /** The first row of a key; {@link NO_ROW} when it has none. */
  first(key: unknown): number {
    return this.#firsts.get(key) ?? NO_ROW
  }

  /** The next row of the same key; {@link NO_ROW} behind the last. */
  following(row: number): number {
    return this.#nexts[row]!
  }

  /** Writes a row into the frame. */
  write(row: number, { slots }: Frame): void {
    const count = this.#slots.length
    for (let index = 0; index < count; index++) slots[this.#slots[index]!] = this.#values[row * count + index]!
  }
}
