import type { Hash } from '../hash/index.ts'
import type { BlockAddress } from './block-address.ts'
import type { RedactionInfo } from './redaction-info.ts'
import type { DocumentRevision, Revision, SystemRevision } from './revision.ts'
import type { StatementInfo, TouchedDocument, TransactionInfo } from './transaction-info.ts'

/**
 * Facts about a block that QLDB's form leaves outside the hashes. The hash of the system entry is the first of the
 * block's `entriesHashList`, where QLDB had opaque hashes of its own and published verifiers accept any. It is taken over
 * `{blockAddress:{strandId,sequenceNo},transactionId,blockTimestamp,symbols:[…]}`, `symbols` left out when there are none:
 * without it neither the number nor the time of a block could be proven, because the tree's `dot` forgets left and right.
 */
export interface SystemEntry {
  /** Names that this block adds to the ledger's symbol table, in the order of their symbol ids. Often empty. */
  readonly symbols: readonly string[]
}

/**
 * What one transaction wrote to the journal. The hashes (QLDB guide "Journal contents"; H is Ion Hash, SHA-256):
 *
 * - `entriesHashList` = H(system entry), root of the revision hashes (if any), H(transactionInfo), H(redactionInfo) (if any)
 * - `entriesHash` = Merkle root of `entriesHashList`
 * - `blockHash` = dot(entriesHash, previousBlockHash)
 */
export interface Block {
  readonly blockAddress: BlockAddress
  readonly transactionId: string
  /** Epoch milliseconds; never before that of an earlier block. */
  readonly blockTimestamp: number
  readonly blockHash: Hash
  readonly entriesHash: Hash
  /** {@link GENESIS_PREVIOUS_HASH} in block 0. */
  readonly previousBlockHash: Hash
  readonly entriesHashList: readonly Hash[]
  readonly transactionInfo: TransactionInfo
  readonly revisions: readonly Revision[]
  /** Undefined only in a block that another implementation wrote: then no entry commits to address and time. */
  readonly systemEntry: SystemEntry | undefined
  /** Only in a block committed by a redaction. */
  readonly redactionInfo: RedactionInfo | undefined
}

/** A document's revision before its block is sealed. `data` undefined makes it a deletion. */
export interface DocumentDraft extends Omit<DocumentRevision, 'blockAddress' | 'hash' | 'dataHash'> {
  /**
   * H(data) when the caller has it already, to spare the work. Undefined otherwise, and in a deletion. It is believed:
   * a wrong one makes a block that no verifier accepts.
   */
  readonly dataHash?: Hash | undefined
}

/** A catalog document's revision before its block is sealed. */
export interface SystemDraft extends Omit<SystemRevision, 'hash'> {}

export type RevisionDraft = DocumentDraft | SystemDraft

/** What the committer knows; {@link sealBlock} adds the hashes. */
export interface BlockDraft {
  readonly blockAddress: BlockAddress
  readonly transactionId: string
  readonly blockTimestamp: number
  readonly previousBlockHash: Hash
  readonly statements: readonly StatementInfo[]
  readonly documents: readonly TouchedDocument[]
  /** In journal order. All carry this transaction's id and one `txTime`. */
  readonly revisions: readonly RevisionDraft[]
  /** Names that the block adds: already interned, with consecutive symbol ids, in that order. */
  readonly symbols: readonly string[]
  readonly redactionInfo?: RedactionInfo | undefined
}

/** What stands before block 0: 32 zero bytes (QLDB published none; every verifier accepts this one). */
export const GENESIS_PREVIOUS_HASH: Hash = new Uint8Array(32)
