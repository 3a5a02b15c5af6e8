import { encodeBase64, equalHashes } from '../hash/index.ts'
import { checkParity, checkPlace, checkSystemEntry, Examination, otherDigest, readBlob } from './examination.ts'
import { againstDigest, type ExpectedDigest } from './expected-digest.ts'
import { examineRevision, type PrintedRevision } from './printed-revision.ts'
import type { RevisionProof } from './proof-file.ts'
import {
  type CheckedBy,
  type MismatchReason,
  NO_WITNESSES,
  type NotShownId,
  type RevisionSubject,
  type Verdict,
} from './verdict.ts'

/** Below the block's hash: the other entry or entries of the block, and `previousBlockHash`. */
const LEAST_BELOW = 2
/** A system entry of ours adds one; 2^32 revisions in one block would add 32 more. */
const MOST_BELOW = 40
/** From our system entry to the block's hash: the entry, the rest of the entries, `previousBlockHash`. */
const SYSTEM_ENTRY_FROM_END = 3

/**
 * Whether a revision is in the ledger that a digest is of, exactly as shown. Recomputes the revision's hash from metadata
 * and data, folds the proof over it, checks the proof's length for that block and that tip, and compares the result with
 * the asker's digest. Pure; hashes that came with the proof are compared, never trusted.
 *
 * Cost: Ion Hash of the document, and one SHA-256 a hash of the proof.
 *
 * @param expected the digest that the asker kept: never one from the same source as the proof
 * @param origin where the proof was read, for the verdict's words
 * @throws {FormatError} BAD_PROOF when what is in `revision` is no revision at all
 */
export function verifyRevision(
  proof: RevisionProof,
  expected: ExpectedDigest,
  checkedBy: CheckedBy,
  origin?: string,
): Verdict {
  const examination = new Examination()
  const revision = examineRevision(examination, 'revision', proof.revision, proof.blockAddress)
  const contentFaults = examination.faults.length
  const below = checkPlace(examination, proof, LEAST_BELOW, MOST_BELOW)
  if (below !== undefined) {
    checkParity(examination, proof, below, proof.proof[below - 1])
    if (proof.systemEntry !== undefined) checkSystemPlace(examination, proof, below, revision.transactionId)
  }
  const isPlaceProven = proof.systemEntry !== undefined
  const subject = subjectOf(proof, expected, revision, isPlaceProven, origin)
  const common = {
    subject,
    checkedBy,
    against: againstDigest(expected),
    witnesses: NO_WITNESSES,
    firstContact: false,
  }

  const placeFaults = examination.faults.length - contentFaults
  const reached = examination.fold(revision.hash, proof.proof)
  const isReached = equalHashes(reached, expected.digest)
  const other = otherDigest(proof, expected)
  if (examination.faults.length === 0 && other !== undefined) {
    return { verdict: 'undecided', claims: [], notShown: [], reason: other, doThis: ['prove-for-digest'], ...common }
  }
  if (examination.faults.length === 0 && isReached) {
    return {
      verdict: 'verified',
      claims: ['included'],
      notShown: notShown(subject),
      document: revision.document,
      ...common,
    }
  }
  if (!isReached) examination.fault('digest', encodeBase64(expected.digest), encodeBase64(reached))
  const reason = blame(proof, expected, revision, { contentFaults, placeFaults, isReached })
  return {
    verdict: 'mismatch',
    claims: [],
    notShown: [],
    reason,
    canMean:
      reason === 'another-digest' ? ['other-moment', 'edited', 'other-ledger'] : ['edited', 'damaged', 'other-ledger'],
    doThis: reason === 'another-digest' ? ['keep-file', 'right-digest'] : ['keep-file', 'prove-again'],
    evidence: examination.evidence,
    ...common,
  }
}

/** The entry of our own blocks that fixes number and time stands at one place in the proof, two below the top entry. */
function checkSystemPlace(examination: Examination, proof: RevisionProof, below: number, transactionId: string): void {
  const { systemEntry } = proof
  if (systemEntry === undefined) return
  const hash = checkSystemEntry(examination, { ...proof, systemEntry }, transactionId)
  const stated = proof.proof[below - SYSTEM_ENTRY_FROM_END]
  if (stated !== undefined && equalHashes(stated, hash)) return
  examination.fault(
    'systemEntry',
    stated === undefined ? 'a hash in the proof' : encodeBase64(stated),
    encodeBase64(hash),
  )
}

function blame(
  proof: RevisionProof,
  expected: ExpectedDigest,
  revision: PrintedRevision,
  found: { readonly contentFaults: number; readonly placeFaults: number; readonly isReached: boolean },
): MismatchReason {
  if (found.isReached) return found.contentFaults > 0 ? 'field-differs' : 'place-differs'
  const stated = readBlob(proof.revision.get('hash'))
  if (stated === undefined || !equalHashes(stated, revision.hash)) {
    return 'document-differs'
  }
  if (found.placeFaults > 0) return 'place-differs'
  return otherDigest(proof, expected) === undefined && found.contentFaults === 0 ? 'another-digest' : 'field-differs'
}

function subjectOf(
  proof: RevisionProof,
  expected: ExpectedDigest,
  revision: PrintedRevision,
  isPlaceProven: boolean,
  origin: string | undefined,
): RevisionSubject {
  return {
    kind: 'revision',
    ledger: expected.ledger ?? proof.ledger,
    isLedgerKnown: expected.ledger !== undefined,
    sequenceNo: proof.blockAddress.sequenceNo,
    isPlaceProven,
    origin,
    table: proof.table,
    documentId: revision.documentId,
    version: revision.version,
    form: revision.form,
  }
}

function notShown(subject: RevisionSubject): NotShownId[] {
  const hasHearsay = subject.table !== undefined || (subject.ledger !== undefined && !subject.isLedgerKnown)
  if (!subject.isPlaceProven) return ['newest', 'block-number', 'author-and-truth']
  return hasHearsay ? ['newest', 'names', 'author-and-truth'] : ['newest', 'author', 'truth']
}
