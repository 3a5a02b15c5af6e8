/** Goal: verdicts read as the catalogue promises, word for word, and never say more than was shown. */
import { describe, expect, test } from 'vitest'
import { sha256 } from '../../src/hash/index.ts'
import { ledgerSymbols } from '../../src/journal/index.ts'
import {
  type Against,
  type BlockSubject,
  type CheckedBy,
  formatCount,
  formatSize,
  JournalAudit,
  type JournalSubject,
  type MismatchVerdict,
  type RevisionSubject,
  renderVerdict,
  type Verdict,
  type VerifiedVerdict,
  verifyBlock,
  verifyRevision,
  WORDING,
} from '../../src/verify/index.ts'
import { sampleJournal } from '../journal/sample-journal.ts'
import { digestAt, OFFLINE, proveBlock, proveRevision } from './sample-proofs.ts'

const revision: RevisionSubject = {
  kind: 'revision',
  ledger: 'cars',
  isLedgerKnown: true,
  sequenceNo: 1042,
  isPlaceProven: true,
  origin: 'maria.receipt',
  table: 'Vehicle',
  documentId: '3Qv…',
  version: 4,
  form: 'live',
}
const block: BlockSubject = {
  kind: 'block',
  ledger: 'cars',
  isLedgerKnown: true,
  sequenceNo: 1042,
  isPlaceProven: true,
  origin: 'block.json',
}
const journal: JournalSubject = {
  kind: 'journal',
  ledger: 'cars',
  blockCount: 1218,
  revisionCount: 5000,
  sizeBytes: 9_200_000,
  areViewsCompared: true,
  blocksSinceDigest: 417,
}
const march: Against = {
  kind: 'digest',
  size: 801,
  time: Date.UTC(2026, 2, 3),
  origin: 'march.digest',
  keyGivenBy: undefined,
}
const checkpoint: Against = {
  kind: 'checkpoint',
  size: 1200,
  time: Date.UTC(2026, 10, 20, 14, 2),
  origin: 'ledger.example/cars+7f3a1c22',
  keyGivenBy: 'yours',
}
const nobody = { seen: [], asked: 0, needed: 0 }
const verified: VerifiedVerdict = {
  verdict: 'verified',
  subject: revision,
  claims: ['included'],
  notShown: ['newest', 'author', 'truth'],
  checkedBy: OFFLINE,
  against: march,
  witnesses: nobody,
  firstContact: false,
  document: undefined,
}
const mismatch: MismatchVerdict = {
  verdict: 'mismatch',
  subject: revision,
  claims: [],
  notShown: [],
  reason: 'document-differs',
  canMean: ['edited', 'damaged', 'other-ledger'],
  doThis: ['keep-file', 'prove-again'],
  evidence: { faults: [{ field: 'revision.hash', expected: 'a', found: 'b' }], faultCount: 1, steps: [] },
  checkedBy: OFFLINE,
  against: march,
  witnesses: nobody,
  firstContact: false,
}
const QLDB_FORM = '(QLDB form: not signed; worth as much as the place where you kept it)'

describe('a verdict in words', () => {
  test('verified: headline, claim, four lines', () => {
    expect(renderVerdict(verified)).toBe(
      `Verified on this computer
Version 4 of Vehicle 3Qv… is in ledger "cars", block 1 042, exactly as in maria.receipt.

  who checked   tally 0.3.0, offline
  against       march.digest, saved 2026-03-03, block 800 ${QLDB_FORM}
  seen by       nobody asked
  not shown     that version 4 is still the newest · who made the change · that it is true`,
    )
  })

  test('verified against a signed fingerprint that witnesses saw: the type has room for it', () => {
    const seen = [
      { name: 'glasklar', time: Date.UTC(2026, 10, 20, 14, 2) },
      { name: 'armored', time: Date.UTC(2026, 10, 20, 14, 3) },
    ]
    const rendered = renderVerdict({ ...verified, against: checkpoint, witnesses: { seen, asked: 3, needed: 2 } })
    expect(rendered.split('\n').slice(4, 6)).toEqual([
      '  against       signed fingerprint of 2026-11-20 14:02 UTC, 1 200 blocks, key ledger.example/cars+7f3a1c22 (yours)',
      '  seen by       2 of 3 witnesses: glasklar 14:02, armored 14:03 (your policy asks for 2)',
    ])
  })

  test('mismatch: what it can mean, what to do, no culprit', () => {
    expect(renderVerdict(mismatch, { evidenceFile: 'maria.receipt.evidence' })).toBe(
      `Does not match
The document in maria.receipt is not the one that block 1 042 was computed from.

  who checked   tally 0.3.0, offline
  against       march.digest, saved 2026-03-03, block 800 ${QLDB_FORM}
  can mean      the document was edited after it was recorded, here or there · the file was damaged on the way · a proof of another ledger
  do this       keep this file; make the proof again from another copy of the ledger
  evidence      maria.receipt.evidence (what was expected, what was found, every step; for whoever must decide)`,
    )
    expect(renderVerdict(mismatch)).not.toContain('evidence  ')
  })

  test('undecided: what to do', () => {
    const undecided: Verdict = {
      verdict: 'undecided',
      subject: revision,
      claims: [],
      notShown: [],
      reason: 'digest-of-another-length',
      doThis: ['prove-for-digest'],
      checkedBy: OFFLINE,
      against: march,
      witnesses: nobody,
      firstContact: false,
    }
    expect(renderVerdict(undecided)).toBe(
      `Could not check
The proof in maria.receipt was made for another digest of this ledger than the one you gave: one of another length.
  do this       ask for a proof that leads to your digest`,
    )
  })

  test('a journal against an older digest', () => {
    const whole = {
      ...verified,
      subject: journal,
      claims: ['whole', 'unchanged-since'],
      notShown: ['before-digest'],
    } as const
    const checkedBy = { ...OFFLINE, isOffline: false }
    expect(renderVerdict({ ...whole, checkedBy })).toBe(
      `Verified on this computer
Blocks 0–1 217 were recomputed from their bytes; all 9.2 MB fit.
The ledger of today contains the ledger of march.digest, unchanged, and 417 blocks more.

  who checked   tally 0.3.0
  against       march.digest, saved 2026-03-03, block 800 ${QLDB_FORM}
  seen by       nobody asked
  not shown     anything before you saved march.digest`,
    )
  })

  test('a journal against a digest of its end, and against nothing', () => {
    const typed = { ...march, origin: undefined, size: undefined }
    const end: Verdict = {
      ...verified,
      subject: { ...journal, blocksSinceDigest: 0 },
      claims: ['whole', 'unchanged-since'],
      notShown: ['digest-origin', 'views'],
      against: typed,
    }
    expect(renderVerdict(end).split('\n').slice(1)).toEqual([
      'Blocks 0–1 217 were recomputed from their bytes; all 9.2 MB fit, and the end equals the digest you gave.',
      '',
      '  who checked   tally 0.3.0, offline',
      `  against       the digest you gave ${QLDB_FORM}`,
      '  seen by       nobody asked',
      '  not shown     that the digest itself came from an honest moment · the current tables',
    ])
    const subject = { ...journal, blockCount: 1, sizeBytes: undefined, blocksSinceDigest: undefined }
    const alone = renderVerdict({ ...end, subject, claims: ['whole'], notShown: ['rewritten'], against: undefined })
    expect(alone).toContain('\nBlock 0 was recomputed from its bytes; all of it fits.\n')
    expect(alone).toContain('  against       nothing kept from earlier')
    expect(alone).toContain('  not shown     that nobody rewrote all of it (keep a digest elsewhere and compare)')
  })

  test('a journal with faults names the first in the sentence and every one in a line', () => {
    const faults = [
      {
        field: 'revisions[0].data or metadata',
        expected: 'a',
        found: 'b',
        sequenceNo: 1042,
        table: 'Vehicle',
        documentId: '3Qv…',
        version: 2,
        place: 'journal/000001 offset 4096',
      },
      { field: 'blockHash', expected: 'c', found: 'd', sequenceNo: 1043 },
    ]
    const evidence = { faults, faultCount: 2, steps: [] }
    const verdict: MismatchVerdict = {
      ...mismatch,
      subject: journal,
      reason: 'journal-differs',
      canMean: ['edited', 'damaged'],
      doThis: ['keep-journal', 'compare-copies'],
      evidence,
      against: undefined,
    }
    const first = 'block 1 042, Vehicle 3Qv… version 2, revisions[0].data or metadata, journal/000001 offset 4096'
    expect(renderVerdict(verdict)).toBe(
      `Does not match
2 faults in blocks 0–1 217. The first: ${first}.

  who checked   tally 0.3.0, offline
  against       nothing kept from earlier
  fault         ${first}: expected a, found b
  fault         block 1 043, blockHash: expected c, found d
  can mean      something was edited after it was recorded, here or there · the disk damaged the journal
  do this       keep a copy of the journal as it is; compare with a backup or another copy`,
    )
    expect(renderVerdict(verdict, { shownFaults: 1 }).match(/^ {2}fault/gm)).toHaveLength(1)
  })

  test('a journal of which no block can be read has no range of blocks', () => {
    const field = 'segment header strandId'
    const verdict: MismatchVerdict = {
      ...mismatch,
      subject: { ...journal, blockCount: 0 },
      reason: 'journal-differs',
      evidence: { faults: [{ field, expected: 'a', found: 'b' }], faultCount: 1, steps: [] },
    }
    expect(renderVerdict(verdict).split('\n')[1]).toBe(
      '1 fault, and no block of the journal can be read. The first: segment header strandId.',
    )
  })

  test('says how a version was deleted or erased, and what only the file says', () => {
    const sentence = (subject: RevisionSubject | BlockSubject): string =>
      renderVerdict({ ...verified, subject, notShown: ['names'] }).split('\n')[1]!
    expect(sentence({ ...revision, form: 'deleted' })).toBe(
      'Version 4 of Vehicle 3Qv… is in ledger "cars", block 1 042, exactly as in maria.receipt: it says that the document was deleted.',
    )
    expect(sentence({ ...revision, form: 'redacted', table: undefined, origin: undefined })).toBe(
      'Version 4 of document 3Qv… is in ledger "cars", block 1 042, exactly as shown: erased, fingerprint kept.',
    )
    expect(sentence({ ...revision, isPlaceProven: false, ledger: undefined })).toBe(
      'Version 4 of Vehicle 3Qv… is in the ledger of this digest, exactly as in maria.receipt.',
    )
    expect(sentence(block)).toBe('Block 1 042 is in ledger "cars", exactly as in block.json.')
    expect(sentence({ ...block, isPlaceProven: false })).toBe(
      'The block is in ledger "cars", exactly as in block.json.',
    )
    const hearsay = renderVerdict({ ...verified, subject: { ...revision, isLedgerKnown: false }, notShown: ['names'] })
    expect(hearsay).toContain('  not shown     the names Vehicle and "cars", which only maria.receipt gives')
    const table = renderVerdict({ ...verified, notShown: ['names', 'author-and-truth'] })
    expect(table).toContain(
      '  not shown     the name Vehicle, which only maria.receipt gives · who made the change or that it is true',
    )
  })

  test('says so at first contact', () => {
    expect(renderVerdict({ ...verified, against: checkpoint, firstContact: true }).split('\n')[2]).toBe(
      'First look at this ledger: there was nothing earlier to compare with. From now on this computer remembers its first 1 200 blocks.',
    )
  })

  test('in a browser says so', () => {
    const checkedBy: CheckedBy = { where: 'browser', version: 'page 0.3.0', isOffline: false }
    expect(renderVerdict({ ...verified, checkedBy }).split('\n')[0]).toBe('Verified in this browser')
  })
})

describe('the rules of wording', () => {
  const sample = sampleJournal()
  const tip = sample.blocks.length - 1
  const digest = { digest: digestAt(sample, tip), origin: 'march.digest' }
  const wrong = { digest: sha256(digest.digest) }
  const audit = (digests: readonly { digest: Uint8Array }[]): Verdict => {
    const walk = new JournalAudit(sample.symbols)
    for (const each of sample.blocks) walk.add(each)
    return walk.finish(OFFLINE, { ledger: 'cars', ...(digests[0] === undefined ? {} : { digest: digests[0] }) })
  }
  const foreign = { ...proveRevision(sample, 4, 0, tip), systemEntry: undefined, table: undefined, ledger: undefined }
  const verdicts: Verdict[] = [
    verifyRevision(proveRevision(sample, 4, 0, tip), digest, OFFLINE, 'proof.json'),
    verifyRevision(proveRevision(sample, 4, 0, tip), wrong, OFFLINE),
    verifyRevision(foreign, digest, OFFLINE),
    verifyBlock(proveBlock(sample, 4, tip), digest, OFFLINE, 'proof.json'),
    verifyBlock(proveBlock(sample, 4, tip), wrong, OFFLINE, 'proof.json'),
    verifyBlock({ ...proveBlock(sample, 4, tip), block: proveBlock(sample, 3, tip).block }, digest, OFFLINE),
    verifyRevision({ ...proveRevision(sample, 4, 0, tip), proof: [] }, digest, OFFLINE),
    audit([]),
    audit([digest]),
    audit([wrong]),
    new JournalAudit(ledgerSymbols()).finish(OFFLINE),
  ]
  const texts = [...Object.values(WORDING), ...verdicts.map((verdict) => renderVerdict(verdict))]

  test('no word that claims more than a proof can, no exclamation mark', () => {
    for (const text of texts) {
      expect(text).not.toMatch(/\b(valid|secure|trusted|authentic|immutable|tamper\w*)\b/i)
      expect(text).not.toMatch(/\b(merkle|root|leaf|hash path|inclusion|consistency|cosignature|PKI)\b/i)
      expect(text).not.toContain('!')
      expect(text).not.toMatch(/verified\b(?! (on|in) this)/i)
    }
  })

  test('headline first, every placeholder filled, at most three things not shown', () => {
    for (const verdict of verdicts) {
      const text = renderVerdict(verdict)
      expect(text).toMatch(/^(Verified on this computer|Does not match|Could not check)\n\S/)
      expect(text).not.toMatch(/\{\w+\}|undefined|NaN/)
      expect(verdict.notShown.length).toBeLessThanOrEqual(3)
      if (verdict.verdict === 'verified') expect(verdict.notShown.length).toBeGreaterThan(0)
    }
  })

  test('labels always in one order', () => {
    for (const verdict of verdicts) {
      const labels = [...renderVerdict(verdict).matchAll(/^ {2}(\S+(?: \S+)?) {2,}/gm)].map(([, label]) => label)
      const order = ['who checked', 'against', 'seen by', 'not shown', 'fault', 'can mean', 'do this', 'evidence']
      expect(labels).toEqual([...labels].sort((a, b) => order.indexOf(a!) - order.indexOf(b!)))
    }
  })
})

test('numbers are read in groups of three, sizes in powers of 1000', () => {
  expect([0, 7, 999, 1000, 1042, 1234567].map(formatCount)).toEqual(['0', '7', '999', '1 000', '1 042', '1 234 567'])
  expect([0, 999, 1000, 9_200_000, 999_960, 2e12].map(formatSize)).toEqual([
    '0 bytes',
    '999 bytes',
    '1.0 kB',
    '9.2 MB',
    '1.0 MB',
    '2.0 TB',
  ])
})
