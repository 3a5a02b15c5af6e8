import { CorruptionError, SessionError } from '../errors.ts'
import { checkFollows, EMPTY_HEAD, tipConflict } from './head.ts'
import type { BlockLocation, StoredBlock, Strand, StrandBlock, StrandHead } from './strand.ts'

/** A strand in memory, for the `:memory:` ledger. A location's `offset` is the block's sequence number. */
export class MemoryStrand implements Strand {
  readonly strandId: string
  readonly #blocks: Uint8Array[] = []
  #head: StrandHead = EMPTY_HEAD
  #isOpen = true

  constructor(strandId: string) {
    this.strandId = strandId
  }

  get head(): StrandHead {
    return this.#head
  }

  async append(expectedTip: number, blocks: readonly StrandBlock[]): Promise<BlockLocation[]> {
    this.#check()
    if (expectedTip !== this.#head.sequenceNo) throw tipConflict(expectedTip, this.#head.sequenceNo)
    checkFollows(expectedTip, blocks)
    const locations: BlockLocation[] = []
    for (const block of blocks) {
      this.#blocks.push(block.bytes.slice())
      locations.push({ segment: 0, offset: block.sequenceNo, length: block.bytes.length })
      this.#head = {
        sequenceNo: block.sequenceNo,
        blockHash: block.blockHash.slice(),
        blockTimestamp: block.blockTimestamp,
      }
    }
    return locations
  }

  *read(from: number): Generator<StoredBlock, void> {
    this.#check()
    const tip = this.#head.sequenceNo
    for (let sequenceNo = from; sequenceNo <= tip; sequenceNo++) {
      const bytes = this.#blocks[sequenceNo] as Uint8Array
      yield { sequenceNo, bytes, location: { segment: 0, offset: sequenceNo, length: bytes.length } }
    }
  }

  readAt(location: BlockLocation): Uint8Array {
    this.#check()
    const bytes = this.#blocks[location.offset]
    if (location.segment !== 0 || bytes?.length !== location.length)
      throw new CorruptionError('JOURNAL_CORRUPT', `No block lies at ${location.offset} of this strand in memory.`)
    return bytes
  }

  refresh(): void {}

  async close(): Promise<void> {
    this.#isOpen = false
  }

  #check(): void {
    if (!this.#isOpen) throw new SessionError('LEDGER_CLOSED', 'The strand is closed. Open the ledger again.')
  }
}
