import type { EngineValue } from '../value/engine-value.ts'
import { compareKeys, type KeyOrder } from './sort-order.ts'

/** One row while window functions are calculated. */
export interface WindowRow {
  readonly kept: readonly EngineValue[]
  /** The keys of the window's order. */
  readonly keys: readonly EngineValue[]
  /** For each function its arguments and the distances of its frame, as this row has them. */
  readonly inputs: readonly (readonly EngineValue[])[]
  /** What each function gave. */
  readonly results: EngineValue[]
}

/** The rows of one partition in their order, and which of them are peers: equal in every key. */
export class Partition {
  readonly rows: readonly WindowRow[]
  /** For each row the place of the first of its peers, and the place after the last. */
  readonly peerStarts: readonly number[]
  readonly peerEnds: readonly number[]
  /** For each row how many groups of peers come before its own. */
  readonly groupNumbers: readonly number[]
  /** The place of the first row of each group of peers. */
  readonly groupStarts: readonly number[]

  constructor(rows: readonly WindowRow[], orders: readonly KeyOrder[]) {
    const groupStarts: number[] = []
    const groupNumbers: number[] = []
    for (let place = 0; place < rows.length; place++) {
      const isPeer = place > 0 && compareKeys(rows[place - 1]!.keys, rows[place]!.keys, orders) === 0
      if (!isPeer) groupStarts.push(place)
      groupNumbers.push(groupStarts.length - 1)
    }
    this.rows = rows
    this.groupStarts = groupStarts
    this.groupNumbers = groupNumbers
    this.peerStarts = groupNumbers.map((group) => groupStarts[group]!)
    this.peerEnds = groupNumbers.map((group) => groupStarts[group + 1] ?? rows.length)
  }
}
