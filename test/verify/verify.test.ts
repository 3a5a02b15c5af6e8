/**
 * Goal: what is in the ledger is verified against every digest that covers it, and nothing else ever is. Method: real
 * QLDB output; every block and revision of a journal with every kind of block against every tip; then every field and bit
 * of the proof files changed.
 */
import { describe, expect, test } from 'vitest'
import { decodeBase64, encodeBase64, sha256 } from '../../src/hash/index.ts'
import { IonBlob, type IonField, IonList, IonStruct, type IonValue, parseOne, printText } from '../../src/ion/index.ts'
import { proofRoot, verifyLeaf } from '../../src/merkle/index.ts'
import {
  type BlockProof,
  decodeProofFile,
  type ExpectedDigest,
  encodeProofFile,
  encodeVerdict,
  type Proof,
  parseExpectedDigest,
  type RevisionProof,
  type Verdict,
  verifyBlock,
  verifyProofFile,
  verifyRevision,
} from '../../src/verify/index.ts'
import { sampleJournal } from '../journal/sample-journal.ts'
import { BLOCK_A, BLOCK_PROOF_A, DIGEST_A, PROOF_E, REVISION_PROOF_A, TIP_A } from '../vectors/qldb.ts'
import { digestAt, OFFLINE, proveBlock, proveRevision } from './sample-proofs.ts'

const strandId = 'KmA3ZZca7vAIiJAK9S5Iwl'
const blockA = parseOne(BLOCK_A) as IonStruct
const expectedA: ExpectedDigest = { digest: decodeBase64(DIGEST_A), digestTipAddress: { strandId, sequenceNo: TIP_A } }
const placeA = {
  ledger: undefined,
  blockAddress: { strandId, sequenceNo: 100 },
  digestTipAddress: { strandId, sequenceNo: TIP_A },
  systemEntry: undefined,
  statedDigest: undefined,
}
const blockProofA: BlockProof = { kind: 'block', ...placeA, proof: BLOCK_PROOF_A.map(decodeBase64), block: blockA }
const revisionProofA: RevisionProof = {
  kind: 'revision',
  ...placeA,
  table: undefined,
  proof: REVISION_PROOF_A.map(decodeBase64),
  revision: (blockA.get('revisions') as IonList).items[0] as IonStruct,
}

const check = (proof: Proof, expected: ExpectedDigest): Verdict => verifyProofFile(proof, expected, OFFLINE)
const reasonOf = (verdict: Verdict): string => (verdict.verdict === 'verified' ? 'verified' : verdict.reason)
const fieldsOf = (verdict: Verdict): string[] =>
  verdict.verdict === 'mismatch' ? verdict.evidence.faults.map(({ field }) => field) : []

describe('what QLDB proved', () => {
  test('A: the revision and the block, but not the number of the block', () => {
    const revision = verifyRevision(revisionProofA, expectedA, OFFLINE)
    expect(revision).toMatchObject({
      verdict: 'verified',
      claims: ['included'],
      notShown: ['newest', 'block-number', 'author-and-truth'],
      subject: { documentId: 'JUJgkIcNbhS2goq8RqLuZ4', version: 3, form: 'live', isPlaceProven: false },
    })
    const block = verifyBlock(blockProofA, expectedA, OFFLINE)
    expect(block).toMatchObject({ verdict: 'verified', notShown: ['block-number', 'author', 'truth'] })
  })

  test('A: and nothing that was changed', () => {
    const edited = parseOne(BLOCK_A.replace('90.25', '90.250')) as IonStruct
    const revision = (edited.get('revisions') as IonList).items[0] as IonStruct
    expect(reasonOf(check({ ...revisionProofA, revision }, expectedA))).toBe('document-differs')
    expect(reasonOf(check({ ...blockProofA, block: edited }, expectedA))).toBe('block-differs')
    const another = { ...expectedA, digest: sha256(expectedA.digest) }
    expect(reasonOf(check(revisionProofA, another))).toBe('another-digest')
    expect(reasonOf(check(blockProofA, another))).toBe('another-digest')
  })

  test('A: in a tree of another length', () => {
    for (const sequenceNo of [99, 100, 63, 64, 1023]) {
      const digestTipAddress = { strandId, sequenceNo }
      const bare = { digest: expectedA.digest }
      expect(reasonOf(check({ ...blockProofA, digestTipAddress }, bare)), `tip ${sequenceNo}`).toBe('place-differs')
      const revision = check({ ...revisionProofA, digestTipAddress }, bare)
      // Nobody knows how many revisions QLDB's block had, so its proof may be longer below the block: the place stays open.
      expect(reasonOf(revision), `tip ${sequenceNo}`).toBe(sequenceNo === 100 ? 'verified' : 'place-differs')
    }
  })

  test('E: a proof of block 175 of 177', () => {
    const proof = PROOF_E.proof.map(decodeBase64)
    const leaf = decodeBase64(PROOF_E.leaf)
    const digest = decodeBase64(PROOF_E.digest)
    // Three hashes lead from the revision up to the block; QLDB's block has four entries.
    const blockHash = proofRoot(leaf, proof.slice(0, 3))
    expect(verifyLeaf(proof.slice(3), PROOF_E.tip + 1, PROOF_E.sequenceNo, blockHash, digest)).toBe(true)
    expect(verifyLeaf(proof.slice(3), PROOF_E.tip + 17, PROOF_E.sequenceNo, blockHash, digest)).toBe(false)
  })
})

const journal = sampleJournal()
const TIP = journal.blocks.length - 1
const at = (tip: number): ExpectedDigest => ({
  digest: digestAt(journal, tip),
  digestTipAddress: { strandId: journal.strandId, sequenceNo: tip },
  ledger: 'cars',
})

describe('what our ledger proves', () => {
  test('every block against every digest that covers it', () => {
    for (let tip = 0; tip <= TIP; tip++) {
      for (let sequenceNo = 0; sequenceNo <= tip; sequenceNo++) {
        const proof = proveBlock(journal, sequenceNo, tip)
        expect(check(proof, at(tip)), `block ${sequenceNo}, tip ${tip}`).toMatchObject({
          verdict: 'verified',
          claims: ['included'],
          notShown: ['author', 'truth'],
          subject: { isPlaceProven: true },
        })
        expect(check(decodeProofFile(encodeProofFile(proof)), at(tip)).verdict).toBe('verified')
      }
    }
  })

  test('every revision of a document against every digest that covers it', () => {
    const forms = new Set<string>()
    for (const { blockAddress, revisions } of journal.blocks) {
      for (const [index, revision] of revisions.entries()) {
        if (revision.kind === 'system') continue
        for (let tip = blockAddress.sequenceNo; tip <= TIP; tip++) {
          const proof = proveRevision(journal, blockAddress.sequenceNo, index, tip)
          const verdict = check(proof, at(tip))
          expect(verdict).toMatchObject({ verdict: 'verified', subject: { isPlaceProven: true } })
          if (verdict.verdict !== 'verified' || verdict.subject.kind !== 'revision') expect.unreachable()
          forms.add(verdict.subject.form)
          expect(verdict.document === undefined).toBe(verdict.subject.form !== 'live')
          expect(check(decodeProofFile(encodeProofFile(proof)), at(tip)).verdict).toBe('verified')
        }
      }
    }
    expect([...forms].sort()).toEqual(['deleted', 'live', 'redacted'])
  })

  test('is undecided against a digest of another length or ledger', () => {
    for (const proof of [proveBlock(journal, 3, 5), proveRevision(journal, 3, 1, 5)]) {
      expect(reasonOf(check(proof, at(6)))).toBe('digest-of-another-length')
      const other = { ...at(5), digestTipAddress: { strandId, sequenceNo: 5 } }
      expect(reasonOf(check(proof, other))).toBe('digest-of-another-ledger')
      expect(check(proof, { digest: at(5).digest }).verdict).toBe('verified')
      expect(reasonOf(check(proof, { digest: at(6).digest }))).toBe('another-digest')
    }
  })

  test('is not moved to another block of the ledger, though the tree cannot tell left from right', () => {
    for (const make of [
      (sequenceNo: number): Proof => proveBlock(journal, sequenceNo, TIP),
      (sequenceNo: number): Proof => proveRevision(journal, sequenceNo, 0, TIP),
    ]) {
      for (const sequenceNo of [2, 3, 4, 5]) {
        const proof = make(sequenceNo)
        for (let elsewhere = 0; elsewhere <= TIP; elsewhere++) {
          if (elsewhere === sequenceNo) continue
          const moved = moveTo(proof, elsewhere)
          expect(check(moved, at(TIP)).verdict, `${proof.kind} from ${sequenceNo} to ${elsewhere}`).toBe('mismatch')
        }
      }
    }
  })
})

/** The proof with every mention of the block's number changed, as a forger would. */
function moveTo(proof: Proof, sequenceNo: number): Proof {
  const blockAddress = { ...proof.blockAddress, sequenceNo }
  const from = `sequenceNo:${proof.blockAddress.sequenceNo}}`
  const edit = (struct: IonStruct): IonStruct =>
    parseOne(printText(struct).replaceAll(from, `sequenceNo:${sequenceNo}}`)) as IonStruct
  const systemEntry = proof.systemEntry === undefined ? undefined : edit(proof.systemEntry)
  return proof.kind === 'block'
    ? { ...proof, blockAddress, systemEntry, block: edit(proof.block) }
    : { ...proof, blockAddress, systemEntry, revision: edit(proof.revision) }
}

describe('a changed proof', () => {
  const revisionProof = proveRevision(journal, 4, 0, TIP)
  const blockProof = proveBlock(journal, 4, TIP)

  test('is found whichever field of the revision or block is changed, added, doubled or left out', () => {
    let count = 0
    for (const proof of [revisionProof, blockProof]) {
      const struct = proof.kind === 'block' ? proof.block : proof.revision
      for (const { what, edited } of everyEdit(struct)) {
        const changed = proof.kind === 'block' ? { ...proof, block: edited } : { ...proof, revision: edited }
        expect(outcome(changed), `${proof.kind}: ${what}`).toMatch(/^(mismatch|BAD_PROOF)$/)
        count++
      }
    }
    expect(count).toBeGreaterThan(200)
  })

  test('is found whichever field of the system entry is changed, added, doubled or left out', () => {
    for (const proof of [revisionProof, blockProof]) {
      for (const { what, edited } of everyEdit(proof.systemEntry!)) {
        expect(outcome({ ...proof, systemEntry: edited }), `${proof.kind}: ${what}`).toBe('mismatch')
      }
    }
  })

  test('is found whichever hash of it is changed, moved or left out', () => {
    for (const proof of [revisionProof, blockProof]) {
      for (let index = 0; index < proof.proof.length; index++) {
        const hash = proof.proof[index]!.slice()
        hash[index % 32]! ^= 1 << (index % 8)
        expect(outcome({ ...proof, proof: proof.proof.with(index, hash) })).toBe('mismatch')
        expect(outcome({ ...proof, proof: proof.proof.toSpliced(index, 1) })).toBe('mismatch')
        expect(outcome({ ...proof, proof: proof.proof.toSpliced(index, 0, hash) })).toBe('mismatch')
      }
      expect(outcome({ ...proof, proof: [...proof.proof.slice(0, -1), new Uint8Array(3)] })).toBe('BAD_PROOF')
    }
  })

  test('is named by the field that does not fit', () => {
    const edited = parseOne(printText(revisionProof.revision).replace('Ines', 'Otto')) as IonStruct
    const verdict = check({ ...revisionProof, revision: edited }, at(TIP))
    expect(verdict).toMatchObject({
      verdict: 'mismatch',
      reason: 'document-differs',
      canMean: ['edited', 'damaged', 'other-ledger'],
    })
    expect(fieldsOf(verdict)).toEqual(['revision.hash', 'digest'])

    const stated = withField(revisionProof.revision, 'hash', new IonBlob(sha256(new Uint8Array(1))))
    const other = check({ ...revisionProof, revision: stated }, at(TIP))
    expect(reasonOf(other)).toBe('field-differs')
    expect(fieldsOf(other)).toEqual(['revision.hash'])

    const late = parseOne(printText(blockProof.systemEntry!).replace('2026', '2025')) as IonStruct
    expect(fieldsOf(check({ ...blockProof, systemEntry: late }, at(TIP)))).toContain('block.blockTimestamp')
    const hidden = new IonStruct(blockProof.block.fields.filter(({ name }) => name !== 'revisions'))
    expect(fieldsOf(check({ ...blockProof, block: hidden }, at(TIP)))).toEqual(['block.entriesHashList'])
  })

  test('shows every step of the computation as evidence', () => {
    const verdict = check(revisionProof, { digest: sha256(new Uint8Array(1)) })
    if (verdict.verdict !== 'mismatch') expect.unreachable()
    const { steps } = verdict.evidence
    expect(steps.map(({ step }) => step)).toEqual([
      'H(revision.metadata)',
      'H(revision.data)',
      'revision.hash, recomputed',
      'H(systemEntry)',
      ...revisionProof.proof.map((_, index) => `combined with proof[${index}]`),
    ])
    expect(steps.at(-1)!.hash).toBe(encodeBase64(at(TIP).digest))
  })

  test('does not believe the digest that came with it', () => {
    const forged = sampleForgery()
    expect(check(forged, { digest: forged.statedDigest! }).verdict).toBe('verified')
    expect(reasonOf(check(forged, at(TIP)))).toBe('another-digest')
  })

  function outcome(proof: Proof): string {
    try {
      return check(proof, at(TIP)).verdict
    } catch (error) {
      return (error as { code?: string }).code ?? String(error)
    }
  }
})

/** A whole ledger made up so that everything in it fits, with its own digest. */
function sampleForgery(): RevisionProof {
  const forged = sampleJournal()
  forged.blocks.pop()
  const id = forged.blocks[5]!.revisions[0]!.metadata.id
  forged.commit({ changes: [{ id, version: 2, data: '{vin:"1N4AL11D75C109151",owner:"The forger"}' }] })
  return { ...proveRevision(forged, TIP, 0, TIP), statedDigest: digestAt(forged, TIP) }
}

function withField(struct: IonStruct, name: string, value: IonValue): IonStruct {
  return new IonStruct(struct.fields.map((field) => (field.name === name ? { name, value } : field)))
}

/** Every way to change one thing in a value, with the path of the thing. */
function* everyEdit(struct: IonStruct): Generator<{ what: string; edited: IonStruct }> {
  yield* everyFieldEdit('', struct)
}

function* everyFieldEdit(path: string, struct: IonStruct): Generator<{ what: string; edited: IonStruct }> {
  const { fields } = struct
  yield { what: `${path}.extra added`, edited: new IonStruct([...fields, { name: 'extra', value: 1 }]) }
  for (const [index, field] of fields.entries()) {
    const what = `${path}.${field.name}`
    const replaced = (value: IonValue): IonStruct => new IonStruct(fields.with(index, { name: field.name, value }))
    yield { what: `${what} left out`, edited: new IonStruct(fields.toSpliced(index, 1)) }
    yield { what: `${what} doubled`, edited: new IonStruct([field, ...fields]) }
    yield { what: `${what} renamed`, edited: new IonStruct(fields.with(index, renamed(field))) }
    for (const edit of everyValueEdit(what, field.value)) yield { what: edit.what, edited: replaced(edit.edited) }
  }
}

function renamed(field: IonField): IonField {
  return { name: `${field.name}_`, value: field.value }
}

function* everyValueEdit(path: string, value: IonValue): Generator<{ what: string; edited: IonValue }> {
  if (value instanceof IonStruct) {
    yield* everyFieldEdit(path, value)
  } else if (value instanceof IonList) {
    const { items } = value
    yield { what: `${path} lengthened`, edited: new IonList([...items, items[0] ?? 1]) }
    for (const [index, item] of items.entries()) {
      const what = `${path}[${index}]`
      yield { what: `${what} left out`, edited: new IonList(items.toSpliced(index, 1)) }
      for (const edit of everyValueEdit(what, item)) {
        yield { what: edit.what, edited: new IonList(items.with(index, edit.edited)) }
      }
    }
  } else if (value instanceof IonBlob) {
    const bytes = value.bytes.slice()
    bytes[bytes.length - 1]! ^= 1
    yield { what: `${path} flipped`, edited: new IonBlob(bytes) }
  } else {
    yield { what: `${path} changed`, edited: parseOne(changedText(printText(value))) }
  }
}

/** Another scalar of the same type. */
function changedText(text: string): string {
  if (text.startsWith('"')) return text === '"x"' ? '"y"' : '"x"'
  if (/^\d{4}-/.test(text)) return text.replace(/^\d{4}/, (year) => String(Number(year) + 1))
  return /^\d+$/.test(text) ? String(Number(text) + 1) : '"something else"'
}

describe('a proof file', () => {
  const proof = proveRevision(journal, 4, 0, TIP)
  const text = encodeProofFile(proof)

  test('comes back the same', () => {
    for (const one of [proof, proveBlock(journal, 4, TIP), { ...blockProofA, statedDigest: expectedA.digest }]) {
      const again = encodeProofFile(decodeProofFile(encodeProofFile(one)))
      expect(again).toBe(encodeProofFile(one))
    }
  })

  test('is JSON with Ion text', () => {
    const file = JSON.parse(text)
    expect(Object.keys(file)).toEqual([
      'format',
      'kind',
      'ledger',
      'table',
      'blockAddress',
      'digestTipAddress',
      'systemEntry',
      'revision',
      'proof',
    ])
    expect(file.format).toBe('tallystick proof 1')
    expect(file.revision).toBe(printText(proof.revision))
  })

  test('with any bit flipped is unreadable, does not match, or says the same', () => {
    const bytes = new TextEncoder().encode(text)
    const names = /"(ledger|table)": "[^"]*"/g
    let caught = 0
    for (let index = 0; index < bytes.length; index += 3) {
      const flipped = bytes.slice()
      flipped[index]! ^= 1 << (index % 7)
      const changed = new TextDecoder().decode(flipped)
      let verdict: Verdict
      try {
        verdict = verifyProofFile(changed, at(TIP), OFFLINE)
      } catch (error) {
        expect((error as { code?: string }).code, String(error)).toBe('BAD_PROOF')
        caught++
        continue
      }
      if (verdict.verdict === 'mismatch') {
        caught++
        continue
      }
      // White space, and names that only the file gives: these are listed as not shown.
      const read = decodeProofFile(changed)
      const same = { ...read, ledger: 'cars', ...(read.kind === 'revision' ? { table: 'Vehicle' } : {}) }
      if (verdict.verdict === 'verified') {
        expect(encodeProofFile(same as Proof).replace(names, ''), `byte ${index}`).toBe(text.replace(names, ''))
      }
    }
    expect(caught).toBeGreaterThan(bytes.length / 3 / 2)
  })

  test('that is none is a typed error', () => {
    const file = JSON.parse(text)
    const bad: unknown[] = [
      null,
      [],
      {},
      { ...file, format: 'tallystick proof 2' },
      { ...file, kind: 'receipt' },
      { ...file, kind: 'block' },
      { ...file, ledger: 5 },
      { ...file, more: 5 },
      { ...file, table: null },
      { ...file, revision: undefined },
      { ...file, revision: '{' },
      { ...file, revision: '[]' },
      { ...file, revision: '{} {}' },
      { ...file, revision: '{hash:1}' },
      { ...file, revision: '{metadata:{id:1,version:0,txId:"",txTime:2026-01-01T}}' },
      { ...file, systemEntry: 'x' },
      { ...file, proof: 'x' },
      { ...file, proof: ['x'] },
      { ...file, proof: ['AAAA'] },
      { ...file, proof: [5] },
      { ...file, statedDigest: 'AAAA' },
      { ...file, blockAddress: 'x' },
      { ...file, blockAddress: { strandId: 1, sequenceNo: 1 } },
      { ...file, blockAddress: { strandId: '', sequenceNo: -1 } },
      { ...file, digestTipAddress: { strandId: '', sequenceNo: 1.5 } },
    ]
    const texts = ['', 'x', ...bad.map((one) => JSON.stringify(one))]
    for (const one of texts) {
      expect(() => verifyProofFile(one, at(TIP), OFFLINE), one).toThrow(expect.objectContaining({ code: 'BAD_PROOF' }))
    }
    const block = JSON.parse(encodeProofFile(proveBlock(journal, 4, TIP)))
    for (const part of ['{}', '{entriesHashList:[1]}', '{entriesHashList:[],previousBlockHash:{{AAAA}}}']) {
      expect(() => verifyProofFile(JSON.stringify({ ...block, block: part }), at(TIP), OFFLINE)).toThrow(
        expect.objectContaining({ code: 'BAD_PROOF' }),
      )
    }
  })
})

describe('a digest as a person gives it', () => {
  test('is Base64 or a file', () => {
    expect(parseExpectedDigest(` ${DIGEST_A}\n`)).toEqual({ digest: expectedA.digest, origin: undefined })
    const file = `{"ledger":"cars","digest":"${DIGEST_A}","digestTipAddress":{"strandId":"${strandId}","sequenceNo":123}}`
    expect(parseExpectedDigest(file, 'march.digest')).toEqual({ ...expectedA, ledger: 'cars', origin: 'march.digest' })
    for (const text of ['', 'x', 'AAAA', '{}', DIGEST_A.slice(1)]) {
      expect(() => parseExpectedDigest(text), text).toThrow(expect.objectContaining({ code: 'BAD_DIGEST' }))
    }
  })
})

describe('a verdict for programs', () => {
  test('has ids in place of sentences, and is plain JSON', () => {
    const verified = encodeVerdict(check(proveRevision(journal, 4, 0, TIP), at(TIP)))
    expect(JSON.parse(JSON.stringify(verified))).toEqual(verified)
    expect(verified).toMatchObject({
      verdict: 'verified',
      claims: ['included'],
      notShown: ['newest', 'names', 'author-and-truth'],
      checkedBy: { where: 'computer', version: 'tally 0.3.0' },
      against: { kind: 'digest', size: TIP + 1, time: null, origin: null, keyGivenBy: null },
      witnesses: { seen: [], asked: 0, needed: 0 },
      firstContact: false,
      document: '{vin:"V1",owner:"Ines",colour:red}',
    })
    const mismatch = encodeVerdict(check(proveRevision(journal, 4, 0, TIP), { digest: expectedA.digest }))
    expect(mismatch).toMatchObject({ verdict: 'mismatch', reason: 'another-digest', evidence: { faultCount: 1 } })
    const undecided = encodeVerdict(check(proveRevision(journal, 4, 0, 6), at(TIP)))
    expect(undecided).toMatchObject({ verdict: 'undecided', reason: 'digest-of-another-length', claims: [] })
  })
})
