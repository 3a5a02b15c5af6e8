import type { Hash } from '../hash/index.ts'
import type { BlockAddress } from './block-address.ts'

/** Which version of which document this is, and the transaction that made it. */
export interface RevisionMetadata {
  /** The document's id. */
  readonly id: string
  /** Starts at 0 and rises by one with every revision of the document, deletion included. */
  readonly version: number
  /** Epoch milliseconds; the same for all revisions of a transaction, and not the block's timestamp. */
  readonly txTime: number
  readonly txId: string
}

/**
 * One version of a user document.
 *
 * | form | data | dataHash | hash |
 * | --- | --- | --- | --- |
 * | live | bytes | undefined | dot(H(metadata), H(data)) |
 * | deletion | undefined | undefined | H(metadata) |
 * | redacted | undefined | H(old data) | dot(H(metadata), dataHash), as before |
 *
 * `data` is the encoded Ion struct in the ledger's symbol table. It may be a view into a larger buffer; copy to keep it
 * longer than that buffer.
 */
export interface DocumentRevision {
  readonly kind: 'document'
  readonly blockAddress: BlockAddress
  readonly tableId: string
  readonly metadata: RevisionMetadata
  readonly hash: Hash
  readonly data: Uint8Array | undefined
  readonly dataHash: Hash | undefined
}

/**
 * One version of a document of the ledger's own catalog (tables, indexes). Kept in full at rest, printed as `{hash}`
 * alone, as QLDB prints its internal-only system revisions. `hash = dot(H(metadata), H(data))`.
 */
export interface SystemRevision {
  readonly kind: 'system'
  readonly hash: Hash
  readonly metadata: RevisionMetadata
  readonly data: Uint8Array
}

export type Revision = DocumentRevision | SystemRevision
