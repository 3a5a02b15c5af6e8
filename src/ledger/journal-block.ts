import type { Hash } from '../hash/index.ts'
import type { IonStruct } from '../ion/index.ts'
import { type Block, type BlockAddress, blockToIon, type TouchedDocument } from '../journal/index.ts'
import { fromBlock } from '../tables/index.ts'
import type { LedgerContext } from './ledger-context.ts'
import { Revision } from './revision.ts'

/** One statement of a block's transaction. Parameters are not kept: the text keeps its `?`. */
export interface BlockStatement {
  readonly statement: string
  readonly startTime: Date
  readonly statementDigest: Hash
}

/**
 * One block of the journal: what one transaction wrote, with the hashes that chain it to its predecessor. QLDB guide,
 * "Journal contents".
 */
export class JournalBlock {
  readonly blockAddress: BlockAddress
  readonly transactionId: string
  /** When the block was made, by the ledger's clock; never before that of an earlier block. */
  readonly blockTimestamp: Date
  /** `dot(entriesHash, previousBlockHash)`: the leaf that digests and proofs are made over. */
  readonly blockHash: Hash
  readonly entriesHash: Hash
  readonly previousBlockHash: Hash
  readonly entriesHashList: readonly Hash[]
  readonly #block: Block
  readonly #context: LedgerContext

  /** @internal use `ledger.block` or `ledger.follow` */
  constructor(block: Block, context: LedgerContext) {
    this.blockAddress = block.blockAddress
    this.transactionId = block.transactionId
    this.blockTimestamp = new Date(block.blockTimestamp)
    this.blockHash = block.blockHash
    this.entriesHash = block.entriesHash
    this.previousBlockHash = block.previousBlockHash
    this.entriesHashList = block.entriesHashList
    this.#block = block
    this.#context = context
  }

  /** The statements of the transaction in the order they were run, SELECTs included. */
  get statements(): readonly BlockStatement[] {
    return this.#block.transactionInfo.statements.map(({ statement, startTime, statementDigest }) => ({
      statement,
      startTime: new Date(startTime),
      statementDigest,
    }))
  }

  /** The documents that changed, each with its table and the statements (from 0) that touched it. */
  get documents(): readonly TouchedDocument[] {
    return this.#block.transactionInfo.documents
  }

  /** The revisions of documents in the block. The ledger's own catalog entries show in {@link toIon} as `{hash}` alone. */
  get revisions(): readonly Revision[] {
    const { core } = this.#context
    const revisions: Revision[] = []
    for (const revision of this.#block.revisions) {
      if (revision.kind !== 'document') continue
      const { id, version } = revision.metadata
      revisions.push(
        new Revision(fromBlock(revision, core.symbols), core.strandId, () =>
          this.#context.previousRevision(revision.tableId, id, version),
        ),
      )
    }
    return revisions
  }

  /** The block as QLDB prints and exports it; what `verifyBlock` takes. */
  toIon(): IonStruct {
    return blockToIon(this.#block, this.#context.core.symbols)
  }
}
