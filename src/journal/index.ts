/**
 * @module
 * The journal's structures: block, block address, revision, metadata, transaction info, redaction info, digest, and ids;
 * their hashes; how they look printed and at rest.
 *
 * Promises: what `blockToIon` prints is exactly what was hashed, so the verification procedure that AWS published for QLDB
 * passes on every block that {@link sealBlock} makes; `decodeBlock` of `encodeBlock` is the same block. Knows nothing of
 * disks, transactions or statements; runs in a browser.
 *
 * Follows the QLDB developer guide ("Journal contents", "Data verification", "Redaction") and Ion Hash 1.0.
 */
export {
  type Block,
  type BlockDraft,
  type DocumentDraft,
  GENESIS_PREVIOUS_HASH,
  type RevisionDraft,
  type SystemDraft,
  type SystemEntry,
} from './block.ts'
export type { BlockAddress } from './block-address.ts'
export { type BlockFault, checkBlock } from './check-block.ts'
export { CommitDigest } from './commit-digest.ts'
export { blockAddressFromIon, decodeDigest, encodeDigest, type LedgerDigest, type SavedDigest } from './digest.ts'
export { decodeBlock, encodeBlock } from './encode-block.ts'
export { proveRevisionInBlock, revisionHash } from './entries.ts'
export { decodeId, encodeId, IdSource, isId, newId } from './id.ts'
export { type JournalName, LAST_PRELUDE_SYMBOL, ledgerSymbols } from './names.ts'
export {
  blockAddressToIon,
  blockToIon,
  metadataToIon,
  revisionToIon,
  systemEntryToIon,
  transactionInfoToIon,
} from './print-block.ts'
export type { RedactedRevision, RedactionInfo } from './redaction-info.ts'
export type { DocumentRevision, Revision, RevisionMetadata, SystemRevision } from './revision.ts'
export { sealBlock } from './seal-block.ts'
export { statementDigest } from './statement-digest.ts'
export { metadataHash } from './structure-hash.ts'
export type { StatementInfo, TouchedDocument, TransactionInfo } from './transaction-info.ts'
