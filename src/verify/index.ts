/**
 * @module
 * Checks someone's claim about a ledger (a revision, a block, a whole journal) against a digest that the asker has, and
 * answers with a verdict: verified, mismatch or undecided. A refused proof is an answer, not an error; an unreadable one
 * is a `FormatError`.
 *
 * Promises: everything is recomputed from the content, no hash that was handed in is believed but the asker's digest; the
 * same words for a verdict wherever it is shown. Knows nothing of disks, servers or the ledger; pure, and runs in a
 * browser. Follows the QLDB developer guide ("Data verification") and AWS's published verifier.
 */
export { encodeVerdict } from './encode-verdict.ts'
export { type ExpectedDigest, parseExpectedDigest } from './expected-digest.ts'
export { type AuditContext, type AuditOptions, JournalAudit } from './journal-audit.ts'
export { type BlockProof, decodeProofFile, encodeProofFile, type Proof, type RevisionProof } from './proof-file.ts'
export type {
  Against,
  BlockSubject,
  CanMeanId,
  CheckedBy,
  ClaimId,
  DoThisId,
  Evidence,
  EvidenceStep,
  Fault,
  JournalSubject,
  MismatchReason,
  MismatchVerdict,
  NotShownId,
  RevisionSubject,
  Subject,
  UndecidedReason,
  UndecidedVerdict,
  Verdict,
  VerifiedVerdict,
  Witnesses,
} from './verdict.ts'
export { verifyBlock } from './verify-block.ts'
export { verifyProofFile } from './verify-proof-file.ts'
export { verifyRevision } from './verify-revision.ts'
export {
  formatCount,
  formatSize,
  type RenderOptions,
  renderVerdict,
  verdictSentences,
  WORDING,
  type WordingId,
} from './wording.ts'
