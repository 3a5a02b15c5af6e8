/** All keys from `from` (inclusive) to `to` (exclusive), in the order of UTF-16 units: a stretch of one index. */
export interface KeyRange {
  readonly from: string
  readonly to: string
}

/** Who wrote a key last: what a {@link ConflictError} names. */
export interface Winner {
  readonly sequenceNo: number
  readonly transactionId: string
  readonly table: string | undefined
  readonly documentId: string | undefined
}

/**
 * What the blocks since the oldest open transaction have written, by key, for the optimistic check. Keys are those of
 * {@link readKey}; a key that is not here was not written since then.
 *
 * Source of the method: H. T. Kung, J. T. Robinson, On Optimistic Methods for Concurrency Control, 1981 (backward
 * validation); what counts as read follows QLDB's developer guide, "Concurrency model".
 */
export class RecentWrites {
  readonly #last: Map<string, Winner> = new Map()
  readonly #blocks: WrittenBlock[] = []

  /**
   * Remembers what one block wrote. Blocks come in order.
   *
   * @param list names every key; called when somebody asks, which for a lone writer is never
   */
  add(sequenceNo: number, list: (add: (key: string, winner: Winner) => void) => void): void {
    this.#blocks.push({ sequenceNo, list, keys: undefined })
  }

  /** A key of `reads` or `ranges` that a block after `since` has written; undefined when there is none. */
  find(reads: ReadonlySet<string>, ranges: readonly KeyRange[], since: number): Winner | undefined {
    if (this.#blocks.length === 0 || (reads.size === 0 && ranges.length === 0)) return undefined
    this.#listAll()
    for (const key of reads) {
      const winner = this.#last.get(key)
      if (winner !== undefined && winner.sequenceNo > since) return winner
    }
    return ranges.length === 0 ? undefined : this.#findWithin(merge(ranges), since)
  }

  #findWithin(ranges: readonly KeyRange[], since: number): Winner | undefined {
    for (const [key, winner] of this.#last) {
      if (winner.sequenceNo <= since) continue
      // The last range that starts at or before the key is the only one that can hold it: they do not overlap.
      let low = 0
      let high = ranges.length
      while (low < high) {
        const middle = (low + high) >>> 1
        if (ranges[middle]!.from <= key) low = middle + 1
        else high = middle
      }
      if (low > 0 && key < ranges[low - 1]!.to) return winner
    }
    return undefined
  }

  #listAll(): void {
    for (const block of this.#blocks) {
      if (block.keys !== undefined) continue
      const keys: string[] = []
      block.list((key, winner) => {
        this.#last.set(key, winner)
        keys.push(key)
      })
      block.keys = keys
    }
  }

  /** Forgets blocks up to `sequenceNo`: every open transaction has seen them. */
  forget(sequenceNo: number): void {
    let count = 0
    for (const block of this.#blocks) {
      if (block.sequenceNo > sequenceNo) break
      count++
      for (const key of block.keys ?? []) {
        if (this.#last.get(key)?.sequenceNo === block.sequenceNo) this.#last.delete(key)
      }
    }
    if (count > 0) this.#blocks.splice(0, count)
  }
}

interface WrittenBlock {
  readonly sequenceNo: number
  readonly list: (add: (key: string, winner: Winner) => void) => void
  /** Undefined until somebody asked. */
  keys: readonly string[] | undefined
}

/** The same keys in ranges that do not overlap, in order. */
function merge(ranges: readonly KeyRange[]): KeyRange[] {
  const sorted = [...ranges].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
  const merged: KeyRange[] = []
  for (const range of sorted) {
    const last = merged.at(-1)
    if (last === undefined || range.from > last.to) merged.push(range)
    else if (range.to > last.to) merged[merged.length - 1] = { from: last.from, to: range.to }
  }
  return merged
}

/** The keys of a read or write set, as short strings. */
export const readKey = {
  /** The whole catalog: a list of tables, or the absence of a name. */
  catalog: 'C',
  /** The definition of one table: its name, status and indexes. */
  definition: (tableId: string): string => `c${tableId}`,
  /** All documents of a table: what a scan reads, and any write to the table writes. */
  table: (tableId: string): string => `t${tableId}`,
  document: (documentId: string): string => `d${documentId}`,
  /** One value in one index, present or absent. */
  indexed: (indexNumber: number, indexed: Uint8Array): string => {
    return `i${indexNumber}:${latin1(indexed)}`
  },
  /** Whether there are documents that lack the field of an index. */
  absent: (indexNumber: number): string => `a${indexNumber}`,
  /** A stretch of the values of one index; without `to` up to its end. */
  indexRange: (indexNumber: number, from: Uint8Array, to: Uint8Array | undefined): KeyRange => ({
    from: `i${indexNumber}:${latin1(from)}`,
    to: to === undefined ? `i${indexNumber};` : `i${indexNumber}:${latin1(to)}`,
  }),
}

/** One unit a byte, so that texts compare as the bytes do. */
function latin1(bytes: Uint8Array): string {
  let text = ''
  for (let index = 0; index < bytes.length; index++) text += String.fromCharCode(bytes[index]!)
  return text
}
