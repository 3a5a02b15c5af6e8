import type { EngineValue } from '../value/engine-value.ts'

/** A row while it waits for its turn. */
export interface SortedRow {
  readonly keys: readonly EngineValue[]
  readonly kept: readonly EngineValue[]
}

interface PlacedRow extends SortedRow {
  /** How many rows came before it: of two with equal keys the earlier is first. */
  readonly order: number
}

/** Compares rows by so many of their keys, from the first on. */
export type CompareKeys = (a: readonly EngineValue[], b: readonly EngineValue[], count: number) => number

/**
 * The first rows, by their keys, of all that are added. Memory: as many rows as are wanted. Cost: one comparison for a row
 * that is not among them, log₂ of their number for one that is. A binary heap with the last row at its root.
 */
export class TopRows {
  readonly #wanted: number
  readonly #keyCount: number
  readonly #compareKeys: CompareKeys
  readonly #heap: PlacedRow[] = []
  #count = 0

  constructor(wanted: number, keyCount: number, compareKeys: CompareKeys) {
    this.#wanted = wanted
    this.#keyCount = keyCount
    this.#compareKeys = compareKeys
  }

  get size(): number {
    return this.#heap.length
  }

  /** False when a row is not among the first so far, whatever its keys behind the first are. */
  mayAdmit(keys: readonly EngineValue[]): boolean {
    if (this.#heap.length < this.#wanted) return true
    const last = this.#heap[0]
    return last !== undefined && this.#compareKeys(keys, last.keys, 1) <= 0
  }

  /** Whether a row with these keys, coming now, is among the first so far. */
  admits(keys: readonly EngineValue[]): boolean {
    if (this.#heap.length < this.#wanted) return true
    const last = this.#heap[0]
    return last !== undefined && this.#compareKeys(keys, last.keys, this.#keyCount) < 0
  }

  /** Adds a row that is admitted; the last one goes when there are too many. */
  add(keys: readonly EngineValue[], kept: readonly EngineValue[]): void {
    const row: PlacedRow = { keys, kept, order: this.#count++ }
    if (this.#heap.length < this.#wanted) this.#rise(row)
    else this.#sink(row)
  }

  /** The first rows in their order. */
  inOrder(): SortedRow[] {
    return this.#heap.sort((a, b) => this.#compare(a, b))
  }

  #compare(a: PlacedRow, b: PlacedRow): number {
    return this.#compareKeys(a.keys, b.keys, this.#keyCount) || a.order - b.order
  }

  #rise(row: PlacedRow): void {
    const heap = this.#heap
    let index = heap.push(row) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (this.#compare(heap[parent]!, row) >= 0) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = row
  }

  /** Puts a row in the place of the root. */
  #sink(row: PlacedRow): void {
    const heap = this.#heap
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && this.#compare(heap[child + 1]!, heap[child]!) > 0) child++
      if (this.#compare(row, heap[child]!) >= 0) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = row
  }
}
