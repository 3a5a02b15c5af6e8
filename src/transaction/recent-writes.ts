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

  /** The first of `reads` that a block after `since` has written; undefined when there is none. */
  find(reads: ReadonlySet<string>, since: number): Winner | undefined {
    if (this.#blocks.length === 0 || reads.size === 0) return undefined
    for (const block of this.#blocks) {
      if (block.keys !== undefined) continue
      const keys: string[] = []
      block.list((key, winner) => {
        this.#last.set(key, winner)
        keys.push(key)
      })
      block.keys = keys
    }
    for (const key of reads) {
      const winner = this.#last.get(key)
      if (winner !== undefined && winner.sequenceNo > since) return winner
    }
    return undefined
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
    let key = `i${indexNumber}:`
    for (let index = 0; index < indexed.length; index++) key += String.fromCharCode(indexed[index]!)
    return key
  },
}
