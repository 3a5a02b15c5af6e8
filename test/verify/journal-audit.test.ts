/**
 * Goal: a sound journal has no fault, and whatever is changed in one is named: block, document, field. Method: the journal
 * with every kind of block; each thing changed once, re-hashed where a forger would.
 */
import { describe, expect, test } from 'vitest'
import { EMPTY_HASH, sha256 } from '../../src/hash/index.ts'
import type { SymbolTable } from '../../src/ion/index.ts'
import {
  type Block,
  decodeBlock,
  encodeBlock,
  ledgerSymbols,
  type Revision,
  sealBlock,
  type TouchedDocument,
} from '../../src/journal/index.ts'
import { type ExpectedDigest, type Fault, JournalAudit, type Verdict } from '../../src/verify/index.ts'
import { SampleJournal, sampleJournal } from '../journal/sample-journal.ts'
import { digestAt, OFFLINE } from './sample-proofs.ts'

const sample = sampleJournal()
const TIP = sample.blocks.length - 1

function audited(
  blocks: readonly Block[],
  symbols: SymbolTable = sample.symbols,
  digests: readonly ExpectedDigest[] = [],
): JournalAudit {
  const audit = new JournalAudit(symbols, { digests })
  for (const block of blocks) audit.add(block, `place of ${block.blockAddress.sequenceNo}`)
  return audit
}

function faultsOf(blocks: readonly Block[], symbols?: SymbolTable): readonly Fault[] {
  return audited(blocks, symbols).faults
}

/** The sample with one block replaced; nothing is hashed again. */
function edited(sequenceNo: number, change: (block: Block) => Partial<Block>): Block[] {
  const block = sample.blocks[sequenceNo]!
  return sample.blocks.with(sequenceNo, { ...block, ...change(block) })
}

/** The sample with one block from 3 on replaced, and hashed and chained again from there, as a forger would. */
function forged(sequenceNo: number, change: (block: Block) => Partial<Block>, symbols = sample.symbols): Block[] {
  const blocks = sample.blocks.slice(0, sequenceNo)
  for (const block of sample.blocks.slice(sequenceNo)) {
    const next = block.blockAddress.sequenceNo === sequenceNo ? { ...block, ...change(block) } : block
    const sealed = sealBlock(
      {
        blockAddress: next.blockAddress,
        transactionId: next.transactionId,
        blockTimestamp: next.blockTimestamp,
        previousBlockHash: blocks.at(-1)?.blockHash ?? next.previousBlockHash,
        statements: next.transactionInfo.statements,
        documents: next.transactionInfo.documents,
        revisions: next.revisions,
        symbols: next.systemEntry!.symbols,
        redactionInfo: next.redactionInfo,
      },
      symbols,
    )
    blocks.push(sealed)
  }
  return blocks
}

function withDocuments(block: Block, documents: readonly TouchedDocument[]): Partial<Block> {
  return { transactionInfo: { ...block.transactionInfo, documents } }
}

function withMetadata(block: Block, index: number, change: Partial<Revision['metadata']>): readonly Revision[] {
  const revision = block.revisions[index]!
  return block.revisions.with(index, { ...revision, metadata: { ...revision.metadata, ...change } } as Revision)
}

describe('a sound journal', () => {
  test('has no fault, straight or through the bytes', () => {
    expect(faultsOf(sample.blocks)).toEqual([])
    const symbols = ledgerSymbols()
    const audit = new JournalAudit(symbols)
    let revisions = 0
    for (const block of sample.blocks) {
      audit.add(decodeBlock(encodeBlock(block, sample.symbols), symbols))
      revisions += block.revisions.length
    }
    expect(audit.faults).toEqual([])
    expect(audit.digest).toEqual(digestAt(sample, TIP))
    expect(audit).toMatchObject({ blockCount: TIP + 1, revisionCount: revisions, faultCount: 0 })
  })

  test('is verified against a digest of any length', () => {
    for (let tip = 0; tip <= TIP; tip++) {
      const digest = { digest: digestAt(sample, tip), digestTipAddress: { strandId: sample.strandId, sequenceNo: tip } }
      const verdict = audited(sample.blocks, sample.symbols, [digest]).finish(OFFLINE)
      expect(verdict).toMatchObject({
        verdict: 'verified',
        claims: ['whole', 'unchanged-since'],
        notShown: ['before-digest', 'views', 'truth'],
        subject: { blockCount: TIP + 1, blocksSinceDigest: TIP - tip },
        against: { size: tip + 1 },
      })
    }
  })

  test('is whole without a digest, and says that it could have been rewritten', () => {
    expect(audited(sample.blocks).finish(OFFLINE, { areViewsCompared: true, sizeBytes: 5 })).toMatchObject({
      verdict: 'verified',
      claims: ['whole'],
      notShown: ['rewritten', 'truth'],
      against: undefined,
      subject: { sizeBytes: 5, areViewsCompared: true },
    })
  })

  test('is compared as a whole with a digest without tip', () => {
    const finish = (digest: Uint8Array): Verdict => audited(sample.blocks).finish(OFFLINE, { digest: { digest } })
    expect(finish(digestAt(sample, TIP))).toMatchObject({ verdict: 'verified', claims: ['whole', 'unchanged-since'] })
    expect(finish(digestAt(sample, TIP - 1))).toMatchObject({
      verdict: 'mismatch',
      reason: 'journal-of-another-digest',
      canMean: ['rewritten', 'other-ledger'],
    })
  })

  test('is undecided when empty, too short for the digest, or of another ledger', () => {
    expect(new JournalAudit(ledgerSymbols()).finish(OFFLINE)).toMatchObject({ reason: 'journal-empty' })
    expect(new JournalAudit(ledgerSymbols()).digest).toEqual(EMPTY_HASH)
    const digest = { digest: digestAt(sample, TIP), digestTipAddress: { strandId: sample.strandId, sequenceNo: TIP } }
    const short = audited(sample.blocks.slice(0, -1), sample.symbols, [digest])
    expect(short.finish(OFFLINE)).toMatchObject({ verdict: 'undecided', reason: 'journal-too-short' })
    const other = { ...digest, digestTipAddress: { strandId: sample.tableId, sequenceNo: 3 } }
    expect(audited(sample.blocks, sample.symbols, [other]).finish(OFFLINE)).toMatchObject({
      verdict: 'undecided',
      reason: 'digest-of-another-ledger',
    })
  })
})

describe('a changed journal', () => {
  const id = sample.blocks[5]!.revisions[0]!.metadata.id

  test('names block, table, document, version, field and place', () => {
    const data = sample.blocks[3]!.revisions[0]!.data!
    const faults = faultsOf(edited(5, ({ revisions }) => ({ revisions: [{ ...revisions[0]!, data } as Revision] })))
    expect(faults).toMatchObject([
      {
        sequenceNo: 5,
        table: 'Vehicle',
        documentId: id,
        version: 1,
        field: 'revisions[0].data or metadata',
        place: 'place of 5',
      },
    ])
  })

  test('is found where the chain breaks: blocks dropped, doubled, swapped, of another strand', () => {
    const { blocks } = sample
    const fields = (changed: readonly Block[]): string[] =>
      faultsOf(changed).map(({ field, sequenceNo }) => `${sequenceNo} ${field}`)
    expect(fields(blocks.toSpliced(5, 1))).toEqual(['6 blockAddress.sequenceNo', '6 previousBlockHash'])
    expect(fields(blocks.slice(1))).toEqual(
      expect.arrayContaining(['1 blockAddress.sequenceNo', '1 previousBlockHash']),
    )
    expect(fields(blocks.toSpliced(5, 0, blocks[4]!))).toContain('4 blockAddress.sequenceNo')
    expect(fields([...blocks.slice(0, 5), blocks[6]!, blocks[5]!, ...blocks.slice(7)])).toContain('5 blockTimestamp')
    const strandId = sample.tableId
    expect(fields(edited(3, ({ blockAddress }) => ({ blockAddress: { ...blockAddress, strandId } })))).toContain(
      '3 blockAddress.strandId',
    )
    expect(fields(edited(5, () => ({ previousBlockHash: sha256(EMPTY_HASH) })))).toContain('5 previousBlockHash')
  })

  test('is found although every hash after the change was made again', () => {
    const first = (blocks: readonly Block[]): Fault | undefined => faultsOf(blocks)[0]
    expect(first(forged(3, () => ({})))).toBeUndefined()
    expect(first(forged(5, (block) => ({ revisions: withMetadata(block, 0, { version: 2 }) })))).toMatchObject({
      sequenceNo: 5,
      documentId: id,
      field: 'revisions[0].metadata.version',
      expected: '1',
      found: '2',
    })
    const deleted = sample.blocks[6]!.revisions[0]!.metadata.id
    const revived = forged(8, (block) => ({
      revisions: withMetadata(block, 0, { id: deleted, version: 2 }),
      ...withDocuments(block, [{ ...block.transactionInfo.documents[0]!, documentId: deleted }]),
    }))
    expect(first(revived)).toMatchObject({
      sequenceNo: 8,
      documentId: deleted,
      expected: 'no revision after the deletion',
    })
    expect(first(forged(5, ({ blockTimestamp }) => ({ blockTimestamp: blockTimestamp - 1000 })))).toMatchObject({
      sequenceNo: 5,
      field: 'blockTimestamp',
    })
    expect(first(forged(5, (block) => ({ revisions: withMetadata(block, 0, { txTime: 4e12 }) })))).toMatchObject({
      sequenceNo: 5,
      field: 'revisions[0].metadata.txTime',
    })
  })

  test('is found where transaction info and revisions speak of different documents', () => {
    const first = (change: (block: Block) => Partial<Block>): Fault | undefined => faultsOf(forged(4, change))[0]
    const [one, two] = sample.blocks[4]!.transactionInfo.documents
    const path = (document: TouchedDocument): string => `transactionInfo.documents.${document.documentId}`
    expect(first((block) => withDocuments(block, [one!]))).toMatchObject({ field: path(two!), found: 'not there' })
    expect(first((block) => withDocuments(block, [one!, two!, { ...one!, documentId: id }]))).toMatchObject({
      field: `transactionInfo.documents.${id}`,
      found: 'none',
    })
    expect(first((block) => withDocuments(block, [one!, { ...two!, tableId: sample.strandId }]))).toMatchObject({
      field: path(two!),
      found: `table ${sample.strandId}`,
    })
    expect(first((block) => withDocuments(block, [one!, two!, two!]))).toMatchObject({ found: 'twice' })
    for (const statements of [[4], [1, 1], [3, 1]]) {
      expect(first((block) => withDocuments(block, [{ ...one!, statements }, two!]))).toMatchObject({
        field: `${path(one!)}.statements`,
        found: statements.join(),
      })
    }
  })

  test('is found where a document was taken away without a redaction', () => {
    const blocks = sample.blocks.slice(0, 7)
    const verdict = audited(blocks).finish(OFFLINE)
    expect(verdict).toMatchObject({
      verdict: 'mismatch',
      evidence: { faults: [{ sequenceNo: 2, documentId: id, version: 0, field: 'revisions[0].data' }] },
    })
    expect(audited(sample.blocks.slice(0, 8)).finish(OFFLINE).verdict).toBe('verified')
  })

  test('is found where names of the symbol table come twice or out of order', () => {
    const own = new SampleJournal()
    own.commit({ changes: [{ id: own.newDocumentId(), version: 0, data: '{vin:1,owner:2}' }] })
    own.commit({ changes: [{ id: own.newDocumentId(), version: 0, data: '{colour:1}' }] })
    const [first, second] = own.blocks as [Block, Block]
    expect(faultsOf([first, second], own.symbols)).toEqual([])
    const again = { ...second, systemEntry: { symbols: ['vin'] } }
    expect(faultsOf([first, again], own.symbols)).toContainEqual(
      expect.objectContaining({ field: 'symbols[0]', expected: 'symbol 44', found: '"vin" is symbol 42' }),
    )
    const missing = { ...first, systemEntry: { symbols: ['owner'] } }
    expect(faultsOf([missing], own.symbols).map(({ field }) => field)).toContain('symbols[0]')
  })

  test('goes on behind a block that cannot be read, and says what is missing', () => {
    const audit = new JournalAudit(sample.symbols)
    for (const block of sample.blocks) {
      if (block.blockAddress.sequenceNo === 5) audit.addUnreadable('The checksum does not fit.', 'segment 1 offset 77')
      else audit.add(block)
    }
    expect(audit.blockCount).toBe(TIP + 1)
    expect(audit.faults).toEqual([
      {
        field: 'block',
        expected: 'a readable block',
        found: 'The checksum does not fit.',
        sequenceNo: 5,
        place: 'segment 1 offset 77',
      },
    ])
    expect(audit.finish(OFFLINE)).toMatchObject({ verdict: 'mismatch', reason: 'journal-differs' })
  })

  test('is a mismatch with every fault counted and the first of them kept', () => {
    const audit = new JournalAudit(sample.symbols, { keptFaults: 2 })
    for (const block of sample.blocks) audit.add({ ...block, blockHash: sha256(block.blockHash) })
    const verdict = audit.finish(OFFLINE)
    if (verdict.verdict !== 'mismatch') expect.unreachable()
    expect(verdict.evidence.faults).toHaveLength(2)
    expect(verdict.evidence.faultCount).toBe(audit.faultCount)
    expect(audit.faultCount).toBeGreaterThanOrEqual(TIP + 1)
  })

  test('counts faults that others found', () => {
    const audit = audited(sample.blocks)
    audit.report({ field: 'current', expected: 'version 1', found: 'version 2', documentId: id })
    expect(audit.finish(OFFLINE)).toMatchObject({ verdict: 'mismatch', reason: 'journal-differs' })
  })
})
