/**
 * Goal: every kind of block that we seal is one that AWS's published procedure accepts, looks the same after a stay at
 * rest, and names the fault when anything in it is changed. Method: one journal with every kind of block, an independent
 * verifier, and every byte flipped.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeBase64, type Hash, sha256 } from '../../src/hash/index.ts'
import {
  encodeValue,
  fromJavascript,
  hashValue,
  parseOne,
  printText,
  type SymbolTable,
  writeStream,
} from '../../src/ion/index.ts'
import {
  type Block,
  blockToIon,
  checkBlock,
  decodeBlock,
  encodeBlock,
  GENESIS_PREVIOUS_HASH,
  LAST_PRELUDE_SYMBOL,
  ledgerSymbols,
  proveRevisionInBlock,
  type Revision,
  revisionToIon,
  sealBlock,
  systemEntryToIon,
} from '../../src/journal/index.ts'
import { redactionInfoToIon } from '../../src/journal/print-block.ts'
import { redactionInfoHash, systemEntryHash, transactionInfoHash } from '../../src/journal/structure-hash.ts'
import { proofRoot } from '../../src/merkle/index.ts'
import { verifyPrintedBlocks } from './independent-verifier.ts'
import { SampleJournal, sampleJournal } from './sample-journal.ts'

const journal = sampleJournal()
const { blocks, symbols } = journal

/** Through the bytes, with the names that a reader has by then. */
function stored(): { bytes: Uint8Array[]; symbols: SymbolTable; blocks: Block[] } {
  const bytes = blocks.map((block) => encodeBlock(block, symbols))
  const read = ledgerSymbols()
  return { bytes, symbols: read, blocks: bytes.map((each) => decodeBlock(each, read)) }
}

describe('a sealed block', () => {
  test('of every kind passes the procedure that AWS published, as text and as binary', () => {
    verifyPrintedBlocks(blocks.map((block) => printText(blockToIon(block, symbols))))
    verifyPrintedBlocks(blocks.map((block) => writeStream([blockToIon(block, symbols)])))
  })

  test('has hashes of exactly what is printed', () => {
    for (const block of blocks) {
      const printed = blockToIon(block, symbols)
      const expected = [hashValue(systemEntryToIon(block)!)]
      if (block.revisions.length === 1) expected.push(block.revisions[0]!.hash)
      if (block.revisions.length > 1) expected.push(block.entriesHashList[1]!)
      expected.push(hashValue(printed.get('transactionInfo')!))
      if (block.redactionInfo !== undefined) expected.push(hashValue(printed.get('redactionInfo')!))
      expect(block.entriesHashList.map(encodeBase64)).toEqual(expected.map(encodeBase64))
      expect(systemEntryHash(block)).toEqual(expected[0])
      expect(transactionInfoHash(block.transactionInfo)).toEqual(hashValue(printed.get('transactionInfo')!))
    }
    const redaction = blocks[7]!.redactionInfo!
    expect(redactionInfoHash(redaction)).toEqual(hashValue(redactionInfoToIon(redaction)))
  })

  test('is printed field by field as QLDB did', () => {
    const text = printText(blockToIon(blocks[5]!, symbols))
    const blob = '\\{\\{[A-Za-z0-9+/]{43}=\\}\\}'
    const id = '"[0-9A-Za-z]{22}"'
    expect(text).toMatch(
      new RegExp(
        `^\\{blockAddress:\\{strandId:${id},sequenceNo:5\\},transactionId:${id},` +
          `blockTimestamp:2026-01-01T00:00:00\\.822Z,blockHash:${blob},entriesHash:${blob},previousBlockHash:${blob},` +
          `entriesHashList:\\[${blob},${blob},${blob}\\],` +
          'transactionInfo:\\{statements:\\[\\{statement:"UPDATE Vehicle SET owner = \\? WHERE vin = \\?",' +
          `startTime:2026-01-01T00:00:00\\.782Z,statementDigest:${blob}\\}\\],` +
          `documents:\\{'?[0-9A-Za-z]{22}'?:\\{tableName:"Vehicle",tableId:${id},statements:\\[0\\]\\}\\}\\},` +
          `revisions:\\[\\{blockAddress:\\{strandId:${id},sequenceNo:5\\},hash:${blob},` +
          'data:\\{vin:"1N4AL11D75C109151",owner:"Ines",price:90\\.25\\},' +
          `metadata:\\{id:${id},version:1,txTime:2026-01-01T00:00:00\\.802Z,txId:${id}\\}\\}\\]\\}$`,
      ),
    )
  })

  test('prints catalog revisions as a hash alone, and no documents when there are none', () => {
    const printed = blockToIon(blocks[1]!, symbols)
    expect(printText(printed.get('revisions')!)).toMatch(/^\[\{hash:\{\{[^}]+\}\}\},\{hash:\{\{[^}]+\}\}\}\]$/)
    expect(printText(printed.get('transactionInfo')!)).not.toContain('documents')
    expect(printed.get('redactionInfo')).toBeUndefined()
    expect(blockToIon(blocks[7]!, symbols).get('revisions')).toBeUndefined()
  })

  test('prints deletions without data and redactions with its hash', () => {
    const names = (revision: Revision): string[] => revisionToIon(revision, symbols).fields.map(({ name }) => name)
    expect(names(blocks[6]!.revisions[0]!)).toEqual(['blockAddress', 'hash', 'metadata'])
    expect(names(blocks[2]!.revisions[0]!)).toEqual(['blockAddress', 'hash', 'dataHash', 'metadata'])
  })

  test('leads from each revision to its own hash', () => {
    for (const block of blocks) {
      for (const [index, revision] of block.revisions.entries()) {
        expect(proofRoot(revision.hash, proveRevisionInBlock(block, index))).toEqual(block.blockHash)
      }
    }
  })

  test('believes a data hash that the caller has already', () => {
    const own = new SampleJournal()
    const data = encodeValue(parseOne('{sequenceNo:1}'), own.symbols)
    const metadata = { id: own.newDocumentId(), version: 0, txTime: own.timeMs, txId: own.strandId }
    const draft = {
      blockAddress: { strandId: own.strandId, sequenceNo: 0 },
      transactionId: own.strandId,
      blockTimestamp: own.timeMs,
      previousBlockHash: GENESIS_PREVIOUS_HASH,
      statements: [],
      documents: [],
      symbols: [],
    }
    const revision = { kind: 'document' as const, tableId: own.tableId, metadata, data }
    const seal = (dataHash?: Hash): Block =>
      sealBlock({ ...draft, revisions: [{ ...revision, dataHash }] }, own.symbols)
    expect(seal(hashValue(parseOne('{sequenceNo:1}')))).toEqual(seal())
    expect(checkBlock(seal(sha256(data)), own.symbols)).toMatchObject([{ field: 'revisions[0].data or metadata' }])
  })

  test('is refused when its parts contradict one another', () => {
    const draft = {
      blockAddress: { strandId: journal.strandId, sequenceNo: 0 },
      transactionId: journal.strandId,
      blockTimestamp: 0,
      previousBlockHash: GENESIS_PREVIOUS_HASH,
      statements: [],
      documents: [],
      revisions: [],
      symbols: [],
    }
    const metadata = { id: journal.strandId, version: 0, txTime: 5, txId: journal.tableId }
    const revision = { kind: 'document' as const, tableId: journal.tableId, metadata, data: undefined }
    expect(() => sealBlock({ ...draft, revisions: [revision] }, symbols)).toThrow('id of its transaction')
    const own = { ...revision, metadata: { ...metadata, txId: journal.strandId } }
    const later = { ...own, metadata: { ...own.metadata, txTime: 6 } }
    expect(() => sealBlock({ ...draft, revisions: [own, later] }, symbols)).toThrow('one txTime')
    expect(() => sealBlock({ ...draft, symbols: ['vin', 'name'] }, symbols)).toThrow('consecutive')
    expect(() => sealBlock({ ...draft, previousBlockHash: new Uint8Array(3) }, symbols)).toThrow('32 bytes')
  })
})

describe('a block at rest', () => {
  test('comes back the same, and so do its names', () => {
    const { blocks: read, symbols: names } = stored()
    expect(read).toEqual(blocks)
    expect(names.names(1)).toEqual(symbols.names(1))
    for (const [index, block] of read.entries()) {
      expect(printText(blockToIon(block, names))).toBe(printText(blockToIon(blocks[index]!, symbols)))
      expect(checkBlock(block, names)).toEqual([])
    }
  })

  test('has equal bytes for equal blocks, and views of them for hashes and data', () => {
    const { bytes, blocks: read, symbols: names } = stored()
    for (const [index, block] of read.entries()) {
      expect(encodeBlock(block, names)).toEqual(bytes[index])
      for (const revision of block.revisions) {
        expect(revision.hash.buffer).toBe(bytes[index]!.buffer)
        if (revision.data !== undefined) expect(revision.data.buffer).toBe(bytes[index]!.buffer)
      }
    }
  })

  test('may be read again when its names are known, and is small', () => {
    const { bytes, symbols: names } = stored()
    const size = names.size
    for (const [index, each] of bytes.entries()) expect(decodeBlock(each, names)).toEqual(blocks[index])
    expect(names.size).toBe(size)
    // Four ids of 22 characters, six hashes, the statement, the data; 90 bytes for all the rest.
    expect(bytes[5]!.length).toBeLessThan(4 * 22 + 6 * 32 + 42 + 45 + 90)
  })

  test('keeps document ids out of the ledger names', () => {
    expect(symbols.names(LAST_PRELUDE_SYMBOL + 1).sort()).toEqual(
      ['ledger', 'vin', 'owner', 'price', 'built', 'year', 'status', 'colour', 'red', 'naïve', '', 'n', 'a'].sort(),
    )
  })

  test('has a frozen prelude of names', () => {
    expect(LAST_PRELUDE_SYMBOL).toBe(41)
    expect(encodeBase64(hashValue(ledgerSymbols().names(10).join()))).toBe(
      'kv2XDHvi8P2QEtAoCQsFSp+bBDrOiLVaWNfAQXRcI34=',
    )
  })

  test('has frozen bytes', () => {
    const { bytes } = stored()
    expect(encodeBase64(sha256(bytes[4]!))).toBe('zeUx6IwBNQrXpjC6C2sxBzRdpBsXJhvKMal8cOMRjSk=')
  })

  test('is refused while names of earlier blocks are missing, and adds none then', () => {
    const { bytes } = stored()
    const names = ledgerSymbols()
    expect(() => decodeBlock(bytes[3]!, names)).toThrow(/names of an earlier block are missing/)
    expect(names.size).toBe(LAST_PRELUDE_SYMBOL)
    names.intern('another ledger')
    expect(() => decodeBlock(bytes[0]!, names)).toThrow(/not what the ledger's names have there/)
    expect(names.size).toBe(LAST_PRELUDE_SYMBOL + 1)
  })

  test('tells a document without revision from one with', () => {
    const own = new SampleJournal()
    const block = own.commit({ changes: [] })
    const documents = [
      { documentId: own.newDocumentId(), tableId: own.tableId, tableName: 'Vehicle', statements: [0] },
      { documentId: own.newDocumentId(), tableId: own.tableId, tableName: 'Car', statements: [] },
    ]
    const changed = { ...block, transactionInfo: { ...block.transactionInfo, documents } }
    expect(decodeBlock(encodeBlock(changed, own.symbols), own.symbols)).toEqual(changed)
  })

  test('comes back the same whatever it holds', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 })
    const count = fc.integer({ min: 0, max: 2 ** 31 - 2 })
    const change = fc.record({
      version: count,
      fields: fc.option(fc.dictionary(text, fc.oneof(text, fc.maxSafeInteger(), fc.boolean()), { maxKeys: 4 })),
      statements: fc.uniqueArray(fc.nat(300), { maxLength: 3 }),
    })
    const parts = fc.record({
      statements: fc.array(text, { maxLength: 4 }),
      changes: fc.array(change, { maxLength: 20 }),
      system: fc.array(fc.constantFrom('{}', '{name:"T"}'), { maxLength: 2 }),
    })
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 4 }), (transactions) => {
        const own = new SampleJournal()
        const names = ledgerSymbols()
        for (const { statements, changes, system } of transactions) {
          const block = own.commit({
            statements,
            system,
            changes: changes.map(({ version, fields, statements: indexes }) => ({
              id: own.newDocumentId(),
              version,
              data: fields === null ? undefined : printText(fromJavascript(fields)),
              statements: indexes,
            })),
          })
          const bytes = encodeBlock(block, own.symbols)
          const read = decodeBlock(bytes, names)
          expect(read).toEqual(block)
          expect(encodeBlock(read, names)).toEqual(bytes)
          expect(checkBlock(read, names)).toEqual([])
          expect(hashValue(blockToIon(read, names))).toEqual(hashValue(blockToIon(block, own.symbols)))
        }
      }),
    )
  })

  test('cut short or flipped anywhere is another block, a fault or a typed error', () => {
    const names = ledgerSymbols()
    for (const [index, block] of blocks.entries()) {
      const original = encodeBlock(block, symbols)
      for (let at = 0; at < original.length; at++) {
        expect(outcome(names, original.slice(0, at)), `block ${index} cut at ${at}`).toBe('BAD_ION')
        for (const bit of [at % 8, (at + 5) % 8]) {
          const flipped = original.slice()
          flipped[at]! ^= 1 << bit
          const found = outcome(names, flipped)
          expect(['BAD_ION', 'fault'], `block ${index}, byte ${at}, bit ${bit}: ${found}`).toContain(found)
        }
      }
      decodeBlock(original, names)
    }
  })
})

/** What becomes of a block whose bytes were changed: the error's code, or a fault, or how it is printed. */
function outcome(before: SymbolTable, changed: Uint8Array): string {
  const names = before.fork()
  let block: Block
  try {
    block = decodeBlock(changed, names)
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
  return checkBlock(block, names).length > 0 ? 'fault' : printText(blockToIon(block, names))
}

describe('checkBlock', () => {
  const changed = (index: number, change: (block: Block) => Partial<Block>): string[] => {
    const block = blocks[index]!
    return checkBlock({ ...block, ...change(block) }, symbols).map(({ field }) => field)
  }
  const other = sha256(new Uint8Array(1))
  const system = 'blockAddress, transactionId, blockTimestamp or symbols'

  test('finds nothing in a sound block', () => {
    for (const block of blocks) expect(checkBlock(block, symbols)).toEqual([])
  })

  test('names what was changed in the block itself', () => {
    expect(changed(4, () => ({ blockHash: other }))).toEqual(['blockHash'])
    expect(changed(4, () => ({ previousBlockHash: other }))).toEqual(['blockHash'])
    expect(changed(4, () => ({ entriesHash: other }))).toEqual(['entriesHash'])
    expect(changed(4, ({ blockTimestamp }) => ({ blockTimestamp: blockTimestamp + 1 }))).toEqual([system])
    expect(changed(4, () => ({ systemEntry: { symbols: ['x'] } }))).toEqual([system])
    expect(changed(4, () => ({ systemEntry: undefined }))).toEqual(['entriesHashList'])
    expect(changed(4, () => ({ redactionInfo: { revisions: [] } }))).toEqual(['entriesHashList'])
    expect(changed(4, ({ revisions }) => ({ revisions: revisions.slice(1) }))).toEqual(['revisions'])
    expect(changed(4, ({ revisions }) => ({ revisions: revisions.toReversed() }))).toEqual([])
    expect(changed(3, ({ revisions }) => ({ revisions: revisions.toReversed() }))).toEqual(['revisions'])
    expect(changed(7, () => ({ redactionInfo: { revisions: [] } }))).toEqual(['redactionInfo'])
  })

  test('tells a changed entry hash from a changed entry', () => {
    for (let at = 0; at < 3; at++) {
      const field = `entriesHashList[${at}]`
      const faults = changed(4, ({ entriesHashList }) => ({ entriesHashList: entriesHashList.with(at, other) }))
      expect(faults).toContain(field)
      expect(faults).not.toContain('transactionInfo')
    }
    expect(changed(4, ({ transactionInfo }) => ({ transactionInfo: { ...transactionInfo, documents: [] } }))).toEqual([
      'transactionInfo',
    ])
    const statement = blocks[4]!.transactionInfo.statements[1]!
    for (const edit of [{ statement: 'DELETE' }, { startTime: 1 }, { statementDigest: other }]) {
      const edited = (block: Block): Partial<Block> => ({
        transactionInfo: {
          ...block.transactionInfo,
          statements: block.transactionInfo.statements.with(1, { ...statement, ...edit }),
        },
      })
      expect(changed(4, edited)).toEqual(['transactionInfo'])
    }
  })

  test('tells a changed revision hash from a changed revision, and names which', () => {
    const edit = (
      index: number,
      at: number,
      change: Partial<Revision>,
    ): { field: string; revisionIndex: unknown }[] => {
      const { revisions } = blocks[index]!
      const edited = { ...revisions[at]!, ...change } as Revision
      return checkBlock({ ...blocks[index]!, revisions: revisions.with(at, edited) }, symbols)
    }
    const metadata = blocks[3]!.revisions[2]!.metadata
    const data = encodeValue(parseOne('{vin:"V2"}'), symbols)
    expect(edit(3, 2, { data })).toMatchObject([{ field: 'revisions[2].data or metadata', revisionIndex: 2 }])
    for (const change of [{ id: journal.strandId }, { version: 7 }]) {
      expect(edit(3, 2, { metadata: { ...metadata, ...change } })).toMatchObject([
        { field: 'revisions[2].data or metadata', revisionIndex: 2 },
      ])
    }
    expect(edit(3, 2, { hash: other }).map(({ field }) => field)).toContain('revisions[2].hash')
    expect(edit(2, 0, { dataHash: other })).toMatchObject([{ field: 'revisions[0].dataHash or metadata' }])
    expect(edit(2, 0, { dataHash: undefined })).toMatchObject([{ field: 'revisions[0].metadata' }])
    expect(edit(6, 0, { data })).toMatchObject([{ field: 'revisions[0].data or metadata' }])
    expect(edit(3, 2, { metadata: { ...metadata, txId: journal.strandId } }).map(({ field }) => field)).toContain(
      'revisions[2].metadata.txId',
    )
    expect(edit(3, 2, { metadata: { ...metadata, txTime: 1 } }).map(({ field }) => field)).toContain(
      'revisions[2].metadata.txTime',
    )
    const blockAddress = { strandId: journal.strandId, sequenceNo: 9 }
    expect(edit(3, 2, { blockAddress }).map(({ field }) => field)).toEqual(['revisions[2].blockAddress'])
    const broken = edit(3, 2, { data: Uint8Array.of(0xde, 0x90, 0x01) })
    expect(broken).toMatchObject([{ field: 'revisions[2].data', expected: 'well-formed Ion' }])
  })
})
