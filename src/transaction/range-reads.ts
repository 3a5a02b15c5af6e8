import type { IndexedRange, IndexRangeCursor } from '../tables/index.ts'
import { type KeyRange, readKey } from './recent-writes.ts'

/**
 * The stretches of indexes that a transaction walked through. A walk that stopped early has read no further than the
 * last value it saw: what others write behind that is no conflict.
 */
export class RangeReads {
  readonly #settled: KeyRange[] = []
  readonly #open: Map<IndexRangeCursor, () => KeyRange | undefined> = new Map()

  /** Notes a walk that begins. */
  add(indexNumber: number, range: IndexedRange, isReverse: boolean, cursor: IndexRangeCursor): void {
    this.#open.set(cursor, () => {
      const whole = readKey.indexRange(indexNumber, range.from, range.to)
      if (cursor.isAtEnd) return whole
      if (cursor.position === undefined) return undefined
      const seen = readKey.indexRange(indexNumber, cursor.position.subarray(4), undefined).from
      // Behind `seen` and whatever follows it: no unit is larger than the last of these.
      return isReverse ? { from: seen, to: whole.to } : { from: whole.from, to: `${seen}\uffff` }
    })
  }

  /** Notes that a walk is over. */
  settle(cursor: IndexRangeCursor): void {
    const read = this.#open.get(cursor)?.()
    this.#open.delete(cursor)
    if (read !== undefined) this.#settled.push(read)
  }

  /** Everything that was read until now. */
  keys(): readonly KeyRange[] {
    const open = [...this.#open.values()].map((read) => read()).filter((range) => range !== undefined)
    return [...this.#settled, ...open]
  }
}
