import type { BlockAddress } from './block-address.ts'

/** One revision whose data a redaction takes away; its hash stays. */
export interface RedactedRevision {
  /** The block that holds the revision, not the block that asks for the redaction. */
  readonly blockAddress: BlockAddress
  readonly tableId: string
  readonly documentId: string
  readonly version: number
}

/** What a block committed by a redaction says it redacts (QLDB guide "Redaction"). Other blocks have none. */
export interface RedactionInfo {
  readonly revisions: readonly RedactedRevision[]
}
