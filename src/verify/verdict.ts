import type { IonStruct } from '../ion/index.ts'

/**
 * What can be claimed. Later ones need signed fingerprints, receipts and the state root.
 *
 * `included`: the thing is in the ledger exactly as shown · `whole`: every block was recomputed from its bytes ·
 * `unchanged-since`: the ledger of today contains the one of an earlier digest.
 */
export type ClaimId =
  | 'included'
  | 'unchanged-since'
  | 'current'
  | 'absent'
  | 'complete'
  | 'whole'
  | 'signed'
  | 'witnessed'
  | 'field'
  | 'follows'

/** What a verified claim leaves open, as far as it matters for that claim. At most three a verdict. */
export type NotShownId =
  /** That the version is still the newest. */
  | 'newest'
  /** Who made the change. */
  | 'author'
  | 'truth'
  /** Who made the change and that it is true: where room is needed for another item. */
  | 'author-and-truth'
  /** Names of ledger and table that only the file gives. */
  | 'names'
  /** Number and time of the block: proofs made by QLDB itself do not fix them. */
  | 'block-number'
  /** That the digest was taken in an honest moment. */
  | 'digest-origin'
  /** That the whole ledger was not rewritten, as there was no digest to compare with. */
  | 'rewritten'
  | 'before-digest'
  /** The current tables, which are not part of the journal. */
  | 'views'

export type MismatchReason =
  /** The document is not the one that the block was computed from. */
  | 'document-differs'
  /** A stated hash, address or further field is not what the rest of the file says. */
  | 'field-differs'
  /** The block's content is not what its hash was computed from. */
  | 'block-differs'
  /** The proof is not one for that place in a ledger of that length. */
  | 'place-differs'
  /** Everything fits, but leads to another digest. */
  | 'another-digest'
  /** A journal contradicts itself. */
  | 'journal-differs'
  /** A journal fits, but gives another digest than the one kept. */
  | 'journal-of-another-digest'

export type UndecidedReason =
  /** The proof was made for a digest of another length than the one given. */
  | 'digest-of-another-length'
  /** The digest given is that of another ledger. */
  | 'digest-of-another-ledger'
  /** The journal ends before the digest does. */
  | 'journal-too-short'
  /** There is no block to check. */
  | 'journal-empty'

export type CanMeanId = 'edited' | 'damaged' | 'other-ledger' | 'other-moment' | 'rewritten'

export type DoThisId =
  | 'keep-file'
  | 'prove-again'
  | 'right-digest'
  | 'prove-for-digest'
  | 'keep-journal'
  | 'compare-copies'
  | 'whole-journal'

/** What the claim is about. Names and numbers of its sentence. */
export type Subject = RevisionSubject | BlockSubject | JournalSubject

interface FileSubject {
  /** The ledger's name; undefined when nobody gave one. */
  readonly ledger: string | undefined
  /** True when the name came with the asker's digest, false when only the file under test gives it. */
  readonly isLedgerKnown: boolean
  readonly sequenceNo: number
  /** True when the proof fixes the block's number. */
  readonly isPlaceProven: boolean
  /** Where the thing was read: a file's name; undefined when it was handed over in memory. */
  readonly origin: string | undefined
}

export interface RevisionSubject extends FileSubject {
  readonly kind: 'revision'
  readonly table: string | undefined
  readonly documentId: string
  readonly version: number
  readonly form: 'live' | 'deleted' | 'redacted'
}

export interface BlockSubject extends FileSubject {
  readonly kind: 'block'
}

export interface JournalSubject {
  readonly kind: 'journal'
  readonly ledger: string | undefined
  readonly blockCount: number
  readonly revisionCount: number
  /** Undefined when nobody counted. */
  readonly sizeBytes: number | undefined
  readonly areViewsCompared: boolean
  /** How many blocks came after the oldest digest that was compared; undefined when none was. */
  readonly blocksSinceDigest: number | undefined
}

/** Whose code ran, and where. `where` is the place the asker controls; a server's own check is no verdict. */
export interface CheckedBy {
  readonly where: 'computer' | 'browser'
  /** Name and version of the program, `tally 0.3.0`. */
  readonly version: string
  /** True when nothing but files was looked at. */
  readonly isOffline: boolean
}

/** What was compared with: something the asker has, not something that came with the thing under test. */
export interface Against {
  readonly kind: 'digest' | 'checkpoint'
  /** How many blocks it covers; undefined when the asker gave a bare hash. */
  readonly size: number | undefined
  /** When it was saved or signed, epoch milliseconds. */
  readonly time: number | undefined
  /** The file it was read from, or the name of the key; undefined when it was typed in. */
  readonly origin: string | undefined
  /** Who vouches for the key; undefined without signature. */
  readonly keyGivenBy: string | undefined
}

export interface Witnesses {
  readonly seen: readonly { readonly name: string; readonly time: number }[]
  readonly asked: number
  /** How many the asker's policy demands. */
  readonly needed: number
}

/** Nobody was asked. */
export const NO_WITNESSES: Witnesses = { seen: [], asked: 0, needed: 0 }

/** Something that does not fit. Hashes are Base64. Absent members are unknown or do not apply. */
export interface Fault {
  /** Path in the printed form: `revision.data`, `revisions[0].hash`, `proof`. */
  readonly field: string
  readonly expected: string
  readonly found: string
  readonly sequenceNo?: number | undefined
  readonly table?: string | undefined
  readonly documentId?: string | undefined
  readonly version?: number | undefined
  /** Segment and offset, or file: whatever the reader of the journal knows. */
  readonly place?: string | undefined
}

/** One step of a computation that anyone can repeat. */
export interface EvidenceStep {
  readonly step: string
  /** Base64. */
  readonly hash: string
}

/** What was expected, what was found, every step: for whoever must decide. */
export interface Evidence {
  readonly faults: readonly Fault[]
  /** How many faults there were; `faults` may hold only the first of them. */
  readonly faultCount: number
  readonly steps: readonly EvidenceStep[]
}

interface AnyVerdict {
  readonly subject: Subject
  readonly checkedBy: CheckedBy
  readonly against: Against | undefined
  readonly witnesses: Witnesses
  /** True when there was nothing earlier to compare with. */
  readonly firstContact: boolean
}

export interface VerifiedVerdict extends AnyVerdict {
  readonly verdict: 'verified'
  readonly claims: readonly ClaimId[]
  readonly notShown: readonly NotShownId[]
  /** The document that was verified; undefined for anything else, a deletion or an erased version. */
  readonly document: IonStruct | undefined
}

export interface MismatchVerdict extends AnyVerdict {
  readonly verdict: 'mismatch'
  readonly claims: readonly []
  readonly notShown: readonly []
  readonly reason: MismatchReason
  readonly canMean: readonly CanMeanId[]
  readonly doThis: readonly DoThisId[]
  readonly evidence: Evidence
}

export interface UndecidedVerdict extends AnyVerdict {
  readonly verdict: 'undecided'
  readonly claims: readonly []
  readonly notShown: readonly []
  readonly reason: UndecidedReason
  readonly doThis: readonly DoThisId[]
}

/**
 * The answer to "is this so?". Verified only when this code, on the asker's side, recomputed everything from the content;
 * mismatch when something contradicts something; undecided when neither can be said. `renderVerdict` words it.
 */
export type Verdict = VerifiedVerdict | MismatchVerdict | UndecidedVerdict
