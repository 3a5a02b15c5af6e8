import { LimitError } from '../../errors.ts'
import { Decimal, IonAnnotated, IonList, IonSexp, IonStruct, Timestamp } from '../../ion/index.ts'
import type { EngineValue } from '../value/engine-value.ts'

/** What one run of a statement may hold when nobody says otherwise. */
const DEFAULT_LIMIT_BYTES = 256 * 1024 * 1024

/**
 * How much one run of a statement holds in memory at a time: rows waiting to be sorted, hash tables of joins, groups,
 * values that were seen before, results of nested queries. What streams through is not counted, so an aggregate over
 * any number of rows holds nothing but its groups.
 *
 * Sizes are estimates, see {@link sizeOf}; they are meant to stop a statement before it takes the process with it.
 */
export class MemoryBudget {
  readonly #limitBytes: number
  #heldBytes = 0

  constructor(limitBytes: number = DEFAULT_LIMIT_BYTES) {
    this.#limitBytes = limitBytes
  }

  /** An account for one reading of one operator. @param holder what the error names, for example `ORDER BY` */
  open(holder: string): HeldMemory {
    return new HeldMemory(this, holder)
  }

  /** @internal called by the accounts */
  change(sizeBytes: number, holder: string): void {
    this.#heldBytes += sizeBytes
    if (this.#heldBytes <= this.#limitBytes || sizeBytes < 0) return
    throw new LimitError(
      'TOO_MUCH_MEMORY',
      `${holder} would make the statement hold more than ${this.#limitBytes} bytes in memory. Let it hold fewer rows, ` +
        'by WHERE, LIMIT or an index, or open the ledger with a higher limits.statementMemoryBytes.',
    )
  }
}

/** What one operator holds. */
export class HeldMemory {
  readonly #budget: MemoryBudget
  readonly #holder: string
  #sizeBytes = 0

  /** @internal use MemoryBudget.open */
  constructor(budget: MemoryBudget, holder: string) {
    this.#budget = budget
    this.#holder = holder
  }

  /** Holds a row, or values with it. @throws {LimitError} TOO_MUCH_MEMORY */
  add(values: readonly EngineValue[]): void {
    let sizeBytes = ROW_SIZE
    for (const value of values) sizeBytes += sizeOf(value)
    this.addBytes(sizeBytes)
  }

  /** @throws {LimitError} TOO_MUCH_MEMORY */
  addBytes(sizeBytes: number): void {
    this.#sizeBytes += sizeBytes
    this.#budget.change(sizeBytes, this.#holder)
  }

  /** Lets go of everything. May be called more than once. */
  release(): void {
    this.#budget.change(-this.#sizeBytes, this.#holder)
    this.#sizeBytes = 0
  }
}

/** An array, and its place in another or in a map. */
export const ROW_SIZE: number = 64
const OBJECT_SIZE = 64

/** A value counts no more: one that holds another many times, and so on inside it, has no end in practice. */
const MOST_COUNTED = 2 ** 30

/**
 * About how many bytes a value takes in memory. A container over bytes takes these bytes; what was decoded of it is not
 * counted. Cost: constant for those, linear for containers that were computed, up to a gigabyte.
 *
 * @param most counting ends when it is exceeded
 */
export function sizeOf(value: EngineValue, most: number = MOST_COUNTED): number {
  switch (typeof value) {
    case 'number':
    case 'boolean':
      return 8
    case 'string':
      return 24 + value.length
    case 'bigint':
      return 32
  }
  if (value instanceof IonStruct) {
    const { encoded } = value
    if (encoded !== undefined) return OBJECT_SIZE + encoded.end - encoded.start
    let size = OBJECT_SIZE
    for (const field of value.fields) {
      size += 32 + sizeOf(field.value, most - size)
      if (size > most) break
    }
    return size
  }
  if (value instanceof IonList || value instanceof IonSexp) {
    const { encoded } = value
    if (encoded !== undefined) return OBJECT_SIZE + encoded.end - encoded.start
    let size = OBJECT_SIZE
    for (const item of value.items) {
      size += 8 + sizeOf(item, most - size)
      if (size > most) break
    }
    return size
  }
  if (value instanceof IonAnnotated) return OBJECT_SIZE + sizeOf(value.value, most)
  if (value instanceof Timestamp || value instanceof Decimal) return 2 * OBJECT_SIZE
  return OBJECT_SIZE
}
