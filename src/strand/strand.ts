import type { Hash } from '../hash/index.ts'

/** Where a block lies in the journal. */
export interface BlockLocation {
  /** Which segment: 0 for the ledger's first, then one more each. */
  readonly segment: number
  /** Byte offset of the block's frame in the segment. */
  readonly offset: number
  /** Length of the block's bytes, without the frame. */
  readonly length: number
}

/** The newest block. */
export interface StrandHead {
  /** -1 while the strand is empty. */
  readonly sequenceNo: number
  /** No bytes while the strand is empty. */
  readonly blockHash: Hash
  /** Epoch milliseconds; 0 while the strand is empty. */
  readonly blockTimestamp: number
}

/** A block to append. The strand keeps `bytes` as they are and does not look into them. */
export interface StrandBlock {
  readonly sequenceNo: number
  readonly bytes: Uint8Array
  /** 32 bytes. */
  readonly blockHash: Hash
  /** Epoch milliseconds. */
  readonly blockTimestamp: number
}

/** A block as it was read. */
export interface StoredBlock {
  readonly sequenceNo: number
  /** Stays valid, but shares memory with its neighbours (up to 1 MiB): copy what is kept long. */
  readonly bytes: Uint8Array
  readonly location: BlockLocation
}

/**
 * The journal at rest: blocks in the order of their sequence numbers, 0, 1, 2 …
 *
 * One writer appends; it says which block it believes to be the newest, so that a strand shared by several machines
 * can refuse. Nothing ever changes a block that was appended.
 */
export interface Strand {
  readonly strandId: string
  readonly head: StrandHead
  /**
   * Appends blocks; all of them are durable when it resolves. One call at a time.
   *
   * @param expectedTip sequence number of the head, -1 for an empty strand
   * @returns where each block lies, in order
   * @throws {ConflictError} when the head is another one; nothing was written
   * @throws {StorageError} when the disk refused. What it kept is unknown: every later append throws LEDGER_POISONED,
   *   and only opening the strand again tells
   * @throws {RangeError} when sequence numbers do not follow the head
   */
  append(expectedTip: number, blocks: readonly StrandBlock[]): Promise<BlockLocation[]>
  /**
   * The blocks from `from` to the head as it is when the walk begins. Streams: memory for about one block.
   *
   * @param location where block `from` lies, when that is known; without it the walk to `from` costs up to a segment
   * @throws {CorruptionError} JOURNAL_CORRUPT from the walk, naming segment and offset
   */
  read(from: number, location?: BlockLocation): IterableIterator<StoredBlock>
  /** One block. @throws {CorruptionError} JOURNAL_CORRUPT when there is no whole block */
  readAt(location: BlockLocation): Uint8Array
  /** For readers beside the writer: sees what was appended since. */
  refresh(): void
  close(): Promise<void>
}
