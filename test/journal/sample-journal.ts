import type { Hash } from '../../src/hash/index.ts'
import { encodeValue, hashBytes, hashValue, IonStruct, parseOne, type SymbolTable } from '../../src/ion/index.ts'
import {
  type Block,
  type DocumentRevision,
  GENESIS_PREVIOUS_HASH,
  IdSource,
  ledgerSymbols,
  type RedactionInfo,
  type RevisionDraft,
  type StatementInfo,
  sealBlock,
  statementDigest,
  type TouchedDocument,
} from '../../src/journal/index.ts'

/** The same bytes in every run: a multiplicative generator, good enough for ids. */
export function seededRandomness(seed = 1): (sizeBytes: number) => Uint8Array {
  let state = seed
  return (sizeBytes) =>
    Uint8Array.from({ length: sizeBytes }, () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0
      return state >>> 16
    })
}

/** What a transaction of the sample does to one document; `data` undefined deletes it. */
export interface Change {
  readonly id: string
  readonly version: number
  readonly data: string | undefined
  readonly statements?: readonly number[]
}

/** Builds a journal block by block, as a committer would. */
export class SampleJournal {
  readonly symbols: SymbolTable = ledgerSymbols()
  readonly ids: IdSource = new IdSource(seededRandomness())
  readonly strandId: string
  readonly tableId: string
  readonly blocks: Block[] = []
  #sealedSymbols: number = this.symbols.size
  timeMs: number = Date.UTC(2026, 0, 1)

  constructor() {
    this.strandId = this.ids.next(this.timeMs)
    this.tableId = this.ids.next(this.timeMs)
  }

  newDocumentId(): string {
    return this.ids.next(this.timeMs)
  }

  /** Seals one more block. `system` documents are the catalog's; `redacts` makes it a redaction. */
  commit(parts: {
    readonly statements?: readonly string[]
    readonly changes?: readonly Change[]
    readonly system?: readonly string[]
    readonly redacts?: RedactionInfo
  }): Block {
    const { statements = ['INSERT INTO Vehicle ?'], changes = [], system = [], redacts } = parts
    this.timeMs += 137
    const txTime = this.timeMs - 20
    const txId = this.ids.next(this.timeMs)
    const revisions: RevisionDraft[] = []
    const documents: TouchedDocument[] = []
    for (const text of system) {
      const metadata = { id: this.newDocumentId(), version: 0, txTime, txId }
      revisions.push({ kind: 'system', metadata, data: this.#encode(text) })
    }
    for (const { id, version, data, statements: indexes = [0] } of changes) {
      revisions.push({
        kind: 'document',
        tableId: this.tableId,
        metadata: { id, version, txTime, txId },
        data: data === undefined ? undefined : this.#encode(data),
      })
      documents.push({ documentId: id, tableId: this.tableId, tableName: 'Vehicle', statements: indexes })
    }
    const infos: StatementInfo[] = statements.map((statement) => ({
      statement,
      startTime: this.timeMs - 40,
      statementDigest: statementDigest(statement, []),
    }))
    const block = sealBlock(
      {
        blockAddress: { strandId: this.strandId, sequenceNo: this.blocks.length },
        transactionId: txId,
        blockTimestamp: this.timeMs,
        previousBlockHash: this.blocks.at(-1)?.blockHash ?? GENESIS_PREVIOUS_HASH,
        statements: infos,
        documents,
        revisions,
        symbols: this.symbols.names(this.#sealedSymbols + 1),
        redactionInfo: redacts,
      },
      this.symbols,
    )
    this.#sealedSymbols = this.symbols.size
    this.blocks.push(block)
    return block
  }

  /** Takes the data of a revision away, as carrying out a redaction does. Every hash stays. */
  redact(sequenceNo: number, revisionIndex: number): void {
    const block = this.blocks[sequenceNo]!
    const revisions = block.revisions.map((revision, index) => {
      if (index !== revisionIndex) return revision
      const document = revision as DocumentRevision
      return { ...document, data: undefined, dataHash: hashBytes(document.data!, this.symbols) }
    })
    this.blocks[sequenceNo] = { ...block, revisions }
  }

  #encode(text: string): Uint8Array {
    const value = parseOne(text)
    if (!(value instanceof IonStruct)) throw new Error('a document is a struct')
    return encodeValue(value, this.symbols)
  }
}

/** H of a document given as text, by way of an Ion value. */
export function hashOfText(text: string): Hash {
  return hashValue(parseOne(text))
}

/**
 * A journal with every kind of block: ledger and catalog only (0, 1), insert with new names (2), several documents in one
 * statement (3), several statements with one document touched twice (4), update (5), deletion (6), a redaction carried out
 * on the first version of the first car (7), and text beyond ASCII (8).
 */
export function sampleJournal(): SampleJournal {
  const journal = new SampleJournal()
  journal.commit({ statements: [], system: ['{ledger:"cars",format:1}'] })
  journal.commit({
    statements: ['CREATE TABLE Vehicle', 'CREATE INDEX ON Vehicle (vin)'],
    system: ['{name:"Vehicle",status:"ACTIVE"}', '{name:"Person",status:"ACTIVE"}'],
  })
  const first = journal.newDocumentId()
  journal.commit({ changes: [{ id: first, version: 0, data: '{vin:"1N4AL11D75C109151",owner:"Maria",price:90.250}' }] })
  const many = Array.from({ length: 5 }, (_, index) => ({
    id: journal.newDocumentId(),
    version: 0,
    data: `{vin:"V${index}",owner:"Peter",built:{year:${2000 + index}}}`,
  }))
  journal.commit({ changes: many })
  journal.commit({
    statements: [
      'SELECT * FROM Vehicle',
      'UPDATE Vehicle SET owner = ? WHERE vin = ?',
      'INSERT INTO Vehicle ?',
      'UPDATE Vehicle SET colour = ? WHERE vin = ?',
    ],
    changes: [
      { id: many[1]!.id, version: 1, data: '{vin:"V1",owner:"Ines",colour:red}', statements: [1, 3] },
      { id: journal.newDocumentId(), version: 0, data: '{vin:"V9"}', statements: [2] },
    ],
  })
  journal.commit({
    statements: ['UPDATE Vehicle SET owner = ? WHERE vin = ?'],
    changes: [{ id: first, version: 1, data: '{vin:"1N4AL11D75C109151",owner:"Ines",price:90.25}' }],
  })
  journal.commit({
    statements: ["DELETE FROM Vehicle WHERE vin = 'V2'"],
    changes: [{ id: many[2]!.id, version: 1, data: undefined }],
  })
  const { strandId, tableId } = journal
  journal.commit({
    statements: [`EXEC REDACT_REVISION ?, '${tableId}', '${first}'`],
    redacts: { revisions: [{ blockAddress: { strandId, sequenceNo: 2 }, tableId, documentId: first, version: 0 }] },
  })
  journal.redact(2, 0)
  journal.commit({
    statements: ["INSERT INTO Vehicle {'naïve': '🚗\u{b}\u{c}\u{e}'}"],
    changes: [{ id: journal.newDocumentId(), version: 0, data: '{"naïve":"🚗\\v\\f\\x0e","":null.int,n:a::[1,(2)]}' }],
  })
  return journal
}
