/**
 * Where a block stands: the strand that holds it and its place in that strand.
 *
 * `sequenceNo` is an integer >= 0, rises by one from block to block, and is the leaf index of the block in the ledger's
 * tree (QLDB guide "Journal contents").
 */
export interface BlockAddress {
  readonly strandId: string
  readonly sequenceNo: number
}
