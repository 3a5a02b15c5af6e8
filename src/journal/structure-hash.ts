import { HASH_SIZE_BYTES, type Hash } from '../hash/index.ts'
import { type FieldName, fieldName, IonHasher } from '../ion/index.ts'
import type { Block } from './block.ts'
import type { BlockAddress } from './block-address.ts'
import type { RedactionInfo } from './redaction-info.ts'
import type { RevisionMetadata } from './revision.ts'
import type { TouchedDocument, TransactionInfo } from './transaction-info.ts'

// Ion Hash of the journal's own structures, straight from their fields. Each must equal `hashValue` of what
// `print-block.ts` prints for the same structure; a test holds the two together.

const BLOCK_ADDRESS = fieldName('blockAddress')
const BLOCK_TIMESTAMP = fieldName('blockTimestamp')
const DOCUMENT_ID = fieldName('documentId')
const DOCUMENTS = fieldName('documents')
const ID = fieldName('id')
const REVISIONS = fieldName('revisions')
const SEQUENCE_NO = fieldName('sequenceNo')
const START_TIME = fieldName('startTime')
const STATEMENT = fieldName('statement')
const STATEMENT_DIGEST = fieldName('statementDigest')
const STATEMENTS = fieldName('statements')
const STRAND_ID = fieldName('strandId')
const SYMBOLS = fieldName('symbols')
const TABLE_ID = fieldName('tableId')
const TABLE_NAME = fieldName('tableName')
const TRANSACTION_ID = fieldName('transactionId')
const TX_ID = fieldName('txId')
const TX_TIME = fieldName('txTime')
const VERSION = fieldName('version')

/** The Ion Hash type qualifier of structs. */
const STRUCT = 0xd0

const hasher = new IonHasher()

/**
 * The field hashes of a struct in the order of their bytes, each 32 characters, one a byte. Structs and fields that many
 * structures share are kept in this form, so each is hashed once.
 */
type StructBody = readonly string[]

/** Up to so many fields insertion is quicker than the built-in sort. */
const FEW_FIELDS = 16

/** Sorts in place: one character a byte, so the order of the text is that of the bytes. */
function structBody(hashes: string[]): StructBody {
  if (hashes.length > FEW_FIELDS) return hashes.sort()
  for (let index = 1; index < hashes.length; index++) {
    const hash = hashes[index]!
    let hole = index
    for (; hole > 0 && hashes[hole - 1]! > hash; hole--) hashes[hole] = hashes[hole - 1]!
    hashes[hole] = hash
  }
  return hashes
}

function putBody(body: StructBody): void {
  hasher.begin(STRUCT, body.length * HASH_SIZE_BYTES)
  for (let index = 0; index < body.length; index++) {
    const hash = body[index]!
    for (let at = 0; at < HASH_SIZE_BYTES; at++) hasher.byte(hash.charCodeAt(at))
  }
  hasher.end()
}

/** Remembers what was computed for a text; forgets everything when it holds too much. */
class Memo<Value> {
  readonly #values: Map<string, Value> = new Map()

  get(key: string, compute: () => Value): Value {
    let value = this.#values.get(key)
    if (value === undefined) {
      value = compute()
      if (this.#values.size >= 512) this.#values.clear()
      this.#values.set(key, value)
    }
    return value
  }
}

/** Field hashes that come back in block after block. */
const statementFields: Memo<string> = new Memo()
const documentBodies: Memo<StructBody> = new Memo()
const versionFields: string[] = []
let strandIdField: { readonly strandId: string; readonly hash: string } = { strandId: '', hash: '' }
let transactionFields = { txId: '', txTime: Number.NaN, txIdHash: '', txTimeHash: '' }

/** Longer statements hold their own data and do not come back. */
const LONGEST_KEPT_STATEMENT = 1024

function statementField(statement: string): string {
  if (statement.length > LONGEST_KEPT_STATEMENT) return stringField(STATEMENT, statement)
  return statementFields.get(statement, () => stringField(STATEMENT, statement))
}

function beginField(name: FieldName): void {
  hasher.reset()
  hasher.field(name)
}

function stringField(name: FieldName, text: string): string {
  beginField(name)
  hasher.string(text)
  return hasher.digestLatin1()
}

function intField(name: FieldName, number: number): string {
  beginField(name)
  hasher.int(number)
  return hasher.digestLatin1()
}

function timestampField(name: FieldName, timeMs: number): string {
  beginField(name)
  hasher.timestampMillis(timeMs)
  return hasher.digestLatin1()
}

function blobField(name: FieldName, bytes: Uint8Array): string {
  beginField(name)
  hasher.blob(bytes)
  return hasher.digestLatin1()
}

function documentField(documentId: string, body: StructBody): string {
  hasher.reset()
  hasher.fieldNamed(documentId)
  putBody(body)
  return hasher.digestLatin1()
}

function structField(name: FieldName, body: StructBody): string {
  beginField(name)
  putBody(body)
  return hasher.digestLatin1()
}

function listField(name: FieldName, putItems: () => void): string {
  beginField(name)
  hasher.beginList()
  putItems()
  hasher.endSequence()
  return hasher.digestLatin1()
}

function structHash(body: StructBody): Hash {
  hasher.reset()
  putBody(body)
  return hasher.digest()
}

function versionField(version: number): string {
  if (version >= 1024) return intField(VERSION, version)
  versionFields[version] ??= intField(VERSION, version)
  return versionFields[version]
}

function blockAddressBody(address: BlockAddress): StructBody {
  if (strandIdField.strandId !== address.strandId) {
    strandIdField = { strandId: address.strandId, hash: stringField(STRAND_ID, address.strandId) }
  }
  return structBody([strandIdField.hash, intField(SEQUENCE_NO, address.sequenceNo)])
}

/** H of a statement's text as an Ion string. */
export function textHash(text: string): Hash {
  hasher.reset()
  hasher.string(text)
  return hasher.digest()
}

/** H(metadata): of `{id,version,txTime,txId}`. Cost: two SHA-256 when the transaction is that of the call before. */
export function metadataHash(metadata: RevisionMetadata): Hash {
  const { id, version, txTime, txId } = metadata
  if (transactionFields.txId !== txId || transactionFields.txTime !== txTime) {
    transactionFields = {
      txId,
      txTime,
      txIdHash: stringField(TX_ID, txId),
      txTimeHash: timestampField(TX_TIME, txTime),
    }
  }
  return structHash(
    structBody([stringField(ID, id), versionField(version), transactionFields.txTimeHash, transactionFields.txIdHash]),
  )
}

/** H of the system entry, undefined when the block has none. */
export function systemEntryHash(
  block: Pick<Block, 'blockAddress' | 'transactionId' | 'blockTimestamp' | 'systemEntry'>,
): Hash | undefined {
  if (block.systemEntry === undefined) return undefined
  const fields = [
    structField(BLOCK_ADDRESS, blockAddressBody(block.blockAddress)),
    stringField(TRANSACTION_ID, block.transactionId),
    timestampField(BLOCK_TIMESTAMP, block.blockTimestamp),
  ]
  const { symbols } = block.systemEntry
  if (symbols.length > 0) {
    fields.push(
      listField(SYMBOLS, () => {
        for (const name of symbols) hasher.string(name)
      }),
    )
  }
  return structHash(structBody(fields))
}

/** H(transactionInfo), `documents` left out when there are none. */
export function transactionInfoHash(info: TransactionInfo): Hash {
  const bodies = info.statements.map((statement) =>
    structBody([
      statementField(statement.statement),
      timestampField(START_TIME, statement.startTime),
      blobField(STATEMENT_DIGEST, statement.statementDigest),
    ]),
  )
  const fields = [listField(STATEMENTS, () => bodies.forEach(putBody))]
  if (info.documents.length > 0) fields.push(documentsField(info.documents))
  return structHash(structBody(fields))
}

/** Documents of one table touched by the same statements share everything but their name: keep the last one's body. */
function documentsField(documents: readonly TouchedDocument[]): string {
  let body: StructBody = []
  let before: TouchedDocument | undefined
  const fields: string[] = []
  for (const document of documents) {
    if (before === undefined || !sharesBody(before, document)) body = documentBody(document)
    before = document
    fields.push(documentField(document.documentId, body))
  }
  return structField(DOCUMENTS, structBody(fields))
}

function sharesBody(a: TouchedDocument, b: TouchedDocument): boolean {
  if (a.tableId !== b.tableId || a.tableName !== b.tableName) return false
  if (a.statements === b.statements) return true
  if (a.statements.length !== b.statements.length) return false
  for (let index = 0; index < a.statements.length; index++) {
    if (a.statements[index] !== b.statements[index]) return false
  }
  return true
}

function documentBody(document: TouchedDocument): StructBody {
  const { tableId, tableName, statements } = document
  if (statements.length > 16) return hashDocumentBody(document)
  // Table ids hold no line break, and neither do numbers.
  return documentBodies.get(`${tableId}\n${statements.join()}\n${tableName}`, () => hashDocumentBody(document))
}

function hashDocumentBody(document: TouchedDocument): StructBody {
  const tableName = stringField(TABLE_NAME, document.tableName)
  const tableId = stringField(TABLE_ID, document.tableId)
  const statements = listField(STATEMENTS, () => {
    for (const index of document.statements) hasher.int(index)
  })
  return structBody([tableName, tableId, statements])
}

/** H(redactionInfo). */
export function redactionInfoHash(info: RedactionInfo): Hash {
  const bodies = info.revisions.map((revision) =>
    structBody([
      structField(BLOCK_ADDRESS, blockAddressBody(revision.blockAddress)),
      stringField(TABLE_ID, revision.tableId),
      stringField(DOCUMENT_ID, revision.documentId),
      intField(VERSION, revision.version),
    ]),
  )
  return structHash(structBody([listField(REVISIONS, () => bodies.forEach(putBody))]))
}
