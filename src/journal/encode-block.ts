import { assert, FormatError } from '../errors.ts'
import { equalHashes, HASH_SIZE_BYTES, type Hash } from '../hash/index.ts'
import type { SymbolTable } from '../ion/index.ts'
import { merkleRoot } from '../merkle/index.ts'
import { BackwardWriter } from './backward-writer.ts'
import type { Block } from './block.ts'
import type { BlockAddress } from './block-address.ts'
import { BlockReader } from './block-reader.ts'
import { journalSymbol } from './names.ts'
import type { RedactionInfo } from './redaction-info.ts'
import type { Revision } from './revision.ts'
import type { StatementInfo, TouchedDocument } from './transaction-info.ts'

/** The version of the layout below and of the name list in `names.ts`. */
const FORMAT = 1

const BLOCK_ADDRESS = journalSymbol('blockAddress')
const BLOCK_HASH = journalSymbol('blockHash')
const BLOCK_TIMESTAMP = journalSymbol('blockTimestamp')
const DATA = journalSymbol('data')
const DATA_HASH = journalSymbol('dataHash')
const DOCUMENT_ID = journalSymbol('documentId')
const DOCUMENTS = journalSymbol('documents')
const ENTRIES_HASH_LIST = journalSymbol('entriesHashList')
const FIRST_SYMBOL = journalSymbol('firstSymbol')
const FORMAT_FIELD = journalSymbol('format')
const HASH = journalSymbol('hash')
const ID = journalSymbol('id')
const PREVIOUS_BLOCK_HASH = journalSymbol('previousBlockHash')
const REDACTION_INFO = journalSymbol('redactionInfo')
const REVISIONS = journalSymbol('revisions')
const SEQUENCE_NO = journalSymbol('sequenceNo')
const START_TIME = journalSymbol('startTime')
const STATEMENT = journalSymbol('statement')
const STATEMENT_DIGEST = journalSymbol('statementDigest')
const STATEMENTS = journalSymbol('statements')
const STRAND_ID = journalSymbol('strandId')
const SYMBOLS = journalSymbol('symbols')
const TABLE = journalSymbol('table')
const TABLE_ID = journalSymbol('tableId')
const TABLES = journalSymbol('tables')
const TRANSACTION_ID = journalSymbol('transactionId')
const TX_TIME = journalSymbol('txTime')
const VERSION = journalSymbol('version')

const writer = new BackwardWriter()
const NO_BYTES = new Uint8Array(0)

/**
 * A block at rest: one binary Ion struct without version marker, its names in the ledger's symbol table. What can be
 * worked out from the rest is left out, so it cannot be wrong.
 *
 *     { format: 1,
 *       strandId: string, sequenceNo: int, transactionId: string, blockTimestamp: int (epoch ms),
 *       previousBlockHash: blob, blockHash: blob,
 *       entriesHashList: [blob …],              // an empty blob stands for the hash of the one revision
 *       firstSymbol: int, symbols: [string …],  // both only when the block adds names; the id of the first of them
 *       statements: [{ statement: string, startTime: int, statementDigest: blob } …],
 *       tables: [tableId, tableName …],         // only when there are documents or revisions of documents
 *       documents: [[revision, table, statement …] …],
 *                                               // only when there are any: index of the document's revision in
 *                                               // `revisions` or its id when it has none; index of its table; statements
 *       txTime: int (epoch ms),                 // only with `revisions`
 *       revisions: [{ table: int, id: string, version: int, hash: blob, data: struct | dataHash: blob } …],
 *                                               // `table` absent: a revision of the ledger's catalog;
 *                                               // neither `data` nor `dataHash`: a deletion
 *       redactionInfo: [{ blockAddress: [string, int], tableId: string, documentId: string, version: int } …] }
 *
 * Fields stand in this order and nothing else is accepted, so equal blocks have equal bytes. `entriesHash`, each
 * revision's address, and `txId` follow from the others. Document ids are values, never names: they would fill the
 * ledger's symbol table. `data` is copied in as it is.
 *
 * Cost: about as much as copying the data and the hashes.
 */
export function encodeBlock(block: Block, symbols: SymbolTable): Uint8Array {
  const { systemEntry, transactionInfo, revisions, redactionInfo, blockAddress } = block
  assert(systemEntry !== undefined, 'blocks at rest are ours and have a system entry')
  const { statements, documents } = transactionInfo
  const tables = new TableList()
  for (const document of documents) tables.add(document.tableId, document.tableName)
  for (const revision of revisions) if (revision.kind === 'document') tables.indexOf(revision.tableId)

  writer.clear()
  if (redactionInfo !== undefined) {
    putRedactionInfo(redactionInfo)
    writer.field(REDACTION_INFO)
  }
  if (revisions.length > 0) {
    const end = writer.size
    for (let index = revisions.length - 1; index >= 0; index--) putRevision(revisions[index]!, tables)
    writer.list(end)
    writer.field(REVISIONS)
    writer.int(revisions[0]!.metadata.txTime)
    writer.field(TX_TIME)
  }
  if (documents.length > 0) {
    putDocuments(documents, revisions, tables)
    writer.field(DOCUMENTS)
  }
  if (tables.texts.length > 0) {
    putStrings(tables.texts)
    writer.field(TABLES)
  }
  putStatements(statements)
  writer.field(STATEMENTS)
  if (systemEntry.symbols.length > 0) {
    putStrings(systemEntry.symbols)
    writer.field(SYMBOLS)
    const firstSymbol = symbols.sid(systemEntry.symbols[0]!)
    assert(firstSymbol !== undefined, 'new names are in the ledger table before their block is encoded')
    writer.int(firstSymbol)
    writer.field(FIRST_SYMBOL)
  }
  putHashes(block.entriesHashList, revisions.length === 1 ? revisions[0]!.hash : undefined)
  writer.field(ENTRIES_HASH_LIST)
  writer.blob(block.blockHash)
  writer.field(BLOCK_HASH)
  writer.blob(block.previousBlockHash)
  writer.field(PREVIOUS_BLOCK_HASH)
  writer.int(block.blockTimestamp)
  writer.field(BLOCK_TIMESTAMP)
  writer.string(block.transactionId)
  writer.field(TRANSACTION_ID)
  writer.int(blockAddress.sequenceNo)
  writer.field(SEQUENCE_NO)
  writer.string(blockAddress.strandId)
  writer.field(STRAND_ID)
  writer.int(FORMAT)
  writer.field(FORMAT_FIELD)
  writer.struct(0)
  return writer.finish()
}

/** Id and name of the tables that a block speaks of, alternating. Few: found by walking. */
class TableList {
  readonly texts: string[] = []

  add(tableId: string, tableName: string): number {
    const { texts } = this
    for (let at = 0; at < texts.length; at += 2) if (texts[at] === tableId && texts[at + 1] === tableName) return at / 2
    return (texts.push(tableId, tableName) - 2) / 2
  }

  /** The index of a table known by its id alone; a table that no document names gets an empty name. */
  indexOf(tableId: string): number {
    const { texts } = this
    for (let at = 0; at < texts.length; at += 2) if (texts[at] === tableId) return at / 2
    return this.add(tableId, '')
  }
}

function putStrings(texts: readonly string[]): void {
  const end = writer.size
  for (let index = texts.length - 1; index >= 0; index--) writer.string(texts[index]!)
  writer.list(end)
}

function putHashes(hashes: readonly Hash[], onlyRevision: Hash | undefined): void {
  const end = writer.size
  for (let index = hashes.length - 1; index >= 0; index--) {
    const hash = hashes[index]!
    writer.blob(onlyRevision !== undefined && equalHashes(hash, onlyRevision) ? NO_BYTES : hash)
  }
  writer.list(end)
}

function putStatements(statements: readonly StatementInfo[]): void {
  const end = writer.size
  for (let index = statements.length - 1; index >= 0; index--) {
    const { statement, startTime, statementDigest } = statements[index]!
    const structEnd = writer.size
    writer.blob(statementDigest)
    writer.field(STATEMENT_DIGEST)
    writer.int(startTime)
    writer.field(START_TIME)
    writer.string(statement)
    writer.field(STATEMENT)
    writer.struct(structEnd)
  }
  writer.list(end)
}

function putDocuments(documents: readonly TouchedDocument[], revisions: readonly Revision[], tables: TableList): void {
  const revisionIndexes = indexRevisions(revisions)
  const end = writer.size
  for (let index = documents.length - 1; index >= 0; index--) {
    const { documentId, tableId, tableName, statements } = documents[index]!
    const itemEnd = writer.size
    for (let at = statements.length - 1; at >= 0; at--) writer.int(statements[at]!)
    writer.int(tables.add(tableId, tableName))
    const revisionIndex = revisionIndexes.get(documentId)
    if (revisionIndex === undefined) writer.string(documentId)
    else writer.int(revisionIndex)
    writer.list(itemEnd)
  }
  writer.list(end)
}

function indexRevisions(revisions: readonly Revision[]): Map<string, number> {
  const indexes = new Map<string, number>()
  for (let index = 0; index < revisions.length; index++) {
    const revision = revisions[index]!
    if (revision.kind === 'document') indexes.set(revision.metadata.id, index)
  }
  return indexes
}

function putRevision(revision: Revision, tables: TableList): void {
  const end = writer.size
  if (revision.data !== undefined) {
    writer.raw(revision.data)
    writer.field(DATA)
  } else if (revision.kind === 'document' && revision.dataHash !== undefined) {
    writer.blob(revision.dataHash)
    writer.field(DATA_HASH)
  }
  writer.blob(revision.hash)
  writer.field(HASH)
  writer.int(revision.metadata.version)
  writer.field(VERSION)
  writer.string(revision.metadata.id)
  writer.field(ID)
  if (revision.kind === 'document') {
    writer.int(tables.indexOf(revision.tableId))
    writer.field(TABLE)
  }
  writer.struct(end)
}

function putRedactionInfo(info: RedactionInfo): void {
  const end = writer.size
  for (let index = info.revisions.length - 1; index >= 0; index--) {
    const { blockAddress, tableId, documentId, version } = info.revisions[index]!
    const structEnd = writer.size
    writer.int(version)
    writer.field(VERSION)
    writer.string(documentId)
    writer.field(DOCUMENT_ID)
    writer.string(tableId)
    writer.field(TABLE_ID)
    const addressEnd = writer.size
    writer.int(blockAddress.sequenceNo)
    writer.string(blockAddress.strandId)
    writer.list(addressEnd)
    writer.field(BLOCK_ADDRESS)
    writer.struct(structEnd)
  }
  writer.list(end)
}

/**
 * Reads what {@link encodeBlock} wrote. Names that the block adds go into `symbols` unless they are there already, so a
 * block may be read again; blocks that add names must be read in journal order at first. Hashes and data are views of
 * `bytes`. Nothing is verified here (see {@link checkBlock}), and the data is not looked into.
 *
 * @throws {FormatError} BAD_ION when the bytes are no such block, or the table misses names of earlier blocks; the
 * table is then unchanged
 */
export function decodeBlock(bytes: Uint8Array, symbols: SymbolTable): Block {
  const reader = new BlockReader(bytes)
  const outer = reader.enterStruct()
  reader.field(FORMAT_FIELD)
  const format = reader.int()
  if (format !== FORMAT) {
    throw new FormatError('BAD_ION', `This block has format ${format}; this version reads format ${FORMAT}.`)
  }
  reader.field(STRAND_ID)
  const strandId = reader.string()
  reader.field(SEQUENCE_NO)
  const blockAddress: BlockAddress = { strandId, sequenceNo: reader.int() }
  reader.field(TRANSACTION_ID)
  const transactionId = reader.string()
  reader.field(BLOCK_TIMESTAMP)
  const blockTimestamp = reader.time()
  reader.field(PREVIOUS_BLOCK_HASH)
  const previousBlockHash = readHash(reader)
  reader.field(BLOCK_HASH)
  const blockHash = readHash(reader)
  reader.field(ENTRIES_HASH_LIST)
  const entriesHashList = readList(reader, readEntry)
  let firstSymbol = 0
  let newNames: readonly string[] = []
  if (reader.hasField(FIRST_SYMBOL)) {
    firstSymbol = reader.int()
    reader.field(SYMBOLS)
    newNames = readList(reader, readString)
  }
  reader.field(STATEMENTS)
  const statements = readList(reader, readStatement)
  const tables = reader.hasField(TABLES) ? readList(reader, readString) : []
  const drafts = reader.hasField(DOCUMENTS) ? readList(reader, readDocumentIndexes) : []
  let revisions: readonly Revision[] = []
  if (reader.hasField(TX_TIME)) {
    const txTime = reader.time()
    reader.field(REVISIONS)
    revisions = readList(reader, (item) => readRevision(item, blockAddress, transactionId, txTime, tables))
  }
  const documents = drafts.map((draft) => resolveDocument(draft, tables, revisions))
  const redactionInfo = reader.hasField(REDACTION_INFO)
    ? { revisions: readList(reader, readRedactedRevision) }
    : undefined
  reader.leave(outer)
  if (!reader.isAtEnd) throw new FormatError('BAD_ION', `Bytes follow the block at byte ${reader.at}.`)

  for (let index = 0; index < entriesHashList.length; index++) {
    if (entriesHashList[index]!.length > 0) continue
    if (revisions.length !== 1) throw new FormatError('BAD_ION', 'An entry hash is missing from the block.')
    entriesHashList[index] = revisions[0]!.hash
  }
  addNames(newNames, firstSymbol, symbols)
  return {
    blockAddress,
    transactionId,
    blockTimestamp,
    blockHash,
    // Needed by who prints or checks the block, not by who reads a revision of it.
    get entriesHash(): Hash {
      return merkleRoot(this.entriesHashList)
    },
    previousBlockHash,
    entriesHashList,
    transactionInfo: { statements, documents },
    revisions,
    systemEntry: { symbols: newNames },
    redactionInfo,
  }
}

function addNames(names: readonly string[], firstSymbol: number, symbols: SymbolTable): void {
  if (names.length === 0) return
  if (symbols.size < firstSymbol - 1) {
    throw new FormatError(
      'BAD_ION',
      `The block's names begin at symbol ${firstSymbol}, but ${symbols.size + 1} is next: names of an earlier block are missing.`,
    )
  }
  if (new Set(names).size < names.length) throw new FormatError('BAD_ION', 'The block adds a name twice.')
  for (let index = 0; index < names.length; index++) {
    const symbol = firstSymbol + index
    const known = symbols.sid(names[index]!)
    if (known !== (symbol <= symbols.size ? symbol : undefined)) {
      throw new FormatError(
        'BAD_ION',
        `Symbol ${symbol}, "${names[index]}", is not what the ledger's names have there.`,
      )
    }
  }
  for (const name of names) symbols.intern(name)
}

function readList<Item>(reader: BlockReader, read: (reader: BlockReader) => Item): Item[] {
  const outer = reader.enterList()
  const items: Item[] = []
  while (!reader.isAtEnd) items.push(read(reader))
  reader.leave(outer)
  return items
}

function readString(reader: BlockReader): string {
  return reader.string()
}

function readHash(reader: BlockReader): Hash {
  const hash = reader.blob()
  if (hash.length !== HASH_SIZE_BYTES) throw new FormatError('BAD_ION', `A hash has ${hash.length} bytes, not 32.`)
  return hash
}

function readEntry(reader: BlockReader): Hash {
  const entry = reader.blob()
  if (entry.length !== 0 && entry.length !== HASH_SIZE_BYTES) {
    throw new FormatError('BAD_ION', `An entry hash has ${entry.length} bytes, not 32.`)
  }
  return entry
}

function readStatement(reader: BlockReader): StatementInfo {
  const outer = reader.enterStruct()
  reader.field(STATEMENT)
  const statement = reader.string()
  reader.field(START_TIME)
  const startTime = reader.time()
  reader.field(STATEMENT_DIGEST)
  const statementDigest = readHash(reader)
  reader.leave(outer)
  return { statement, startTime, statementDigest }
}

interface DocumentIndexes {
  readonly revision: number | string
  readonly table: number
  readonly statements: readonly number[]
}

function readDocumentIndexes(reader: BlockReader): DocumentIndexes {
  const outer = reader.enterList()
  const revision = reader.isAtString ? reader.string() : reader.int()
  const table = reader.int()
  const statements: number[] = []
  while (!reader.isAtEnd) statements.push(reader.int())
  reader.leave(outer)
  return { revision, table, statements }
}

function resolveDocument(
  indexes: DocumentIndexes,
  tables: readonly string[],
  revisions: readonly Revision[],
): TouchedDocument {
  const { revision, table, statements } = indexes
  const documentId = typeof revision === 'string' ? revision : revisions[revision]?.metadata.id
  if (documentId === undefined)
    throw new FormatError('BAD_ION', `A document has revision ${revision}, which is missing.`)
  return { documentId, tableId: tableText(tables, table, 0), tableName: tableText(tables, table, 1), statements }
}

function tableText(tables: readonly string[], table: number, part: 0 | 1): string {
  const text = tables[2 * table + part]
  if (text === undefined) throw new FormatError('BAD_ION', `The block speaks of its table ${table}, which is missing.`)
  return text
}

function readRevision(
  reader: BlockReader,
  blockAddress: BlockAddress,
  txId: string,
  txTime: number,
  tables: readonly string[],
): Revision {
  const outer = reader.enterStruct()
  const table = reader.hasField(TABLE) ? reader.int() : undefined
  reader.field(ID)
  const id = reader.string()
  reader.field(VERSION)
  const metadata = { id, version: reader.int(), txTime, txId }
  reader.field(HASH)
  const hash = readHash(reader)
  if (table === undefined) {
    reader.field(DATA)
    const data = reader.rawStruct()
    reader.leave(outer)
    return { kind: 'system', hash, metadata, data }
  }
  const data = reader.hasField(DATA) ? reader.rawStruct() : undefined
  const dataHash = data === undefined && reader.hasField(DATA_HASH) ? readHash(reader) : undefined
  reader.leave(outer)
  return { kind: 'document', blockAddress, tableId: tableText(tables, table, 0), metadata, hash, data, dataHash }
}

function readRedactedRevision(reader: BlockReader): RedactionInfo['revisions'][number] {
  const outer = reader.enterStruct()
  reader.field(BLOCK_ADDRESS)
  const addressEnd = reader.enterList()
  const blockAddress = { strandId: reader.string(), sequenceNo: reader.int() }
  reader.leave(addressEnd)
  reader.field(TABLE_ID)
  const tableId = reader.string()
  reader.field(DOCUMENT_ID)
  const documentId = reader.string()
  reader.field(VERSION)
  const version = reader.int()
  reader.leave(outer)
  return { blockAddress, tableId, documentId, version }
}
