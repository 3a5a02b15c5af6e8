import { type Hash, hashFromLatin1 } from '../hash/index.ts'
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

/** A struct as the hasher writes it: what many structs share is hashed once. */
type SerializedStruct = Uint8Array

/** Answers with what was written instead of hashing it. */
const serializer = new IonHasher((message) => message.reduce((text, byte) => text + String.fromCharCode(byte), ''))

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

/** What comes back in block after block. */
const statementFields: Memo<Hash> = new Memo()
const documentBodies: Memo<SerializedStruct> = new Memo()

/** Longer statements hold their own data and do not come back. */
const LONGEST_KEPT_STATEMENT = 1024

/** These write a field of the struct that is open. */
function putString(name: FieldName, text: string): void {
  hasher.field(name)
  hasher.string(text)
}

function putInt(name: FieldName, number: number): void {
  hasher.field(name)
  hasher.int(number)
}

function putTimestamp(name: FieldName, timeMs: number): void {
  hasher.field(name)
  hasher.timestampMillis(timeMs)
}

function putStatement(statement: string, hash: Hash | undefined): void {
  if (hash === undefined) putString(STATEMENT, statement)
  else hasher.hashedField(hash)
}

function putBlockAddress(address: BlockAddress): void {
  hasher.field(BLOCK_ADDRESS)
  hasher.beginStruct()
  putString(STRAND_ID, address.strandId)
  putInt(SEQUENCE_NO, address.sequenceNo)
  hasher.endStruct()
}

/** H of a statement's text as an Ion string. */
export function textHash(text: string): Hash {
  hasher.reset()
  hasher.string(text)
  return hasher.digest()
}

/** H(metadata): of `{id,version,txTime,txId}`. */
export function metadataHash(metadata: RevisionMetadata): Hash {
  hasher.reset()
  hasher.beginStruct()
  putString(ID, metadata.id)
  putInt(VERSION, metadata.version)
  putTimestamp(TX_TIME, metadata.txTime)
  putString(TX_ID, metadata.txId)
  hasher.endStruct()
  return hasher.digest()
}

/** {@link metadataHash} of many. Those of one block differ in little but their ids: what they share is hashed once. */
export function metadataHashes(all: readonly RevisionMetadata[]): Hash[] {
  if (all.length < FEW_REVISIONS) return all.map(metadataHash)
  const ids = hasher.digestEach(all.length, (index) => putString(ID, all[index]!.id))
  const versions = fieldHashes(all, 'version', (version) => putInt(VERSION, version))
  const times = fieldHashes(all, 'txTime', (txTime) => putTimestamp(TX_TIME, txTime))
  const transactions = fieldHashes(all, 'txId', (txId) => putString(TX_ID, txId))
  return hasher.digestEach(all.length, (index) => {
    hasher.beginStruct()
    hasher.hashedField(ids[index]!)
    hasher.hashedField(versions[index]!)
    hasher.hashedField(times[index]!)
    hasher.hashedField(transactions[index]!)
    hasher.endStruct()
  })
}

/** From how many revisions on it pays to hash a field for all of them before the next. */
const FEW_REVISIONS = 4

/** The hash of one field in each, computed anew only where it differs from the one before. */
function fieldHashes<Name extends keyof RevisionMetadata>(
  all: readonly RevisionMetadata[],
  name: Name,
  put: (value: RevisionMetadata[Name]) => void,
): Hash[] {
  const hashes: Hash[] = []
  for (let index = 0; index < all.length; index++) {
    const value = all[index]![name]
    if (index > 0 && value === all[index - 1]![name]) {
      hashes.push(hashes[index - 1]!)
    } else {
      hasher.reset()
      put(value)
      hashes.push(hasher.digest())
    }
  }
  return hashes
}

/** H of the system entry, undefined when the block has none. */
export function systemEntryHash(
  block: Pick<Block, 'blockAddress' | 'transactionId' | 'blockTimestamp' | 'systemEntry'>,
): Hash | undefined {
  if (block.systemEntry === undefined) return undefined
  hasher.reset()
  hasher.beginStruct()
  // First the short ones, which are then hashed together with those of the address.
  putString(TRANSACTION_ID, block.transactionId)
  putTimestamp(BLOCK_TIMESTAMP, block.blockTimestamp)
  putBlockAddress(block.blockAddress)
  const { symbols } = block.systemEntry
  if (symbols.length > 0) {
    hasher.field(SYMBOLS)
    hasher.beginList()
    for (const name of symbols) hasher.string(name)
    hasher.endSequence()
  }
  hasher.endStruct()
  return hasher.digest()
}

/** H(transactionInfo), `documents` left out when there are none. */
export function transactionInfoHash(info: TransactionInfo): Hash {
  const { statements, documents } = info
  // What is remembered is looked up first: the hasher makes one hash at a time.
  const statementHashes = statements.map(({ statement }) => keptStatementHash(statement))
  const bodies = documentBodiesOf(documents)
  hasher.reset()
  hasher.beginStruct()
  hasher.field(STATEMENTS)
  hasher.beginList()
  for (let index = 0; index < statements.length; index++) {
    const { statement, startTime, statementDigest } = statements[index]!
    hasher.beginStruct()
    putStatement(statement, statementHashes[index])
    putTimestamp(START_TIME, startTime)
    hasher.field(STATEMENT_DIGEST)
    hasher.blob(statementDigest)
    hasher.endStruct()
  }
  hasher.endSequence()
  if (documents.length > 0) {
    hasher.field(DOCUMENTS)
    hasher.beginStruct()
    for (let index = 0; index < documents.length; index++) {
      hasher.fieldNamed(documents[index]!.documentId)
      hasher.serialized(bodies[index]!)
    }
    hasher.endStruct()
  }
  hasher.endStruct()
  return hasher.digest()
}

/** H of a statement's field; undefined when it is too long to be kept. */
function keptStatementHash(statement: string): Hash | undefined {
  if (statement.length > LONGEST_KEPT_STATEMENT) return undefined
  return statementFields.get(statement, () => {
    hasher.reset()
    putString(STATEMENT, statement)
    return hasher.digest()
  })
}

/** Documents of one table touched by the same statements share everything but their name. */
function documentBodiesOf(documents: readonly TouchedDocument[]): SerializedStruct[] {
  const bodies: SerializedStruct[] = []
  for (let index = 0; index < documents.length; index++) {
    const document = documents[index]!
    const isShared = index > 0 && sharesBody(documents[index - 1]!, document)
    bodies.push(isShared ? bodies[index - 1]! : documentBody(document))
  }
  return bodies
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

function documentBody(document: TouchedDocument): SerializedStruct {
  const { tableId, tableName, statements } = document
  if (statements.length > 16) return hashDocumentBody(document)
  // Table ids hold no line break, and neither do numbers.
  return documentBodies.get(`${tableId}\n${statements.join()}\n${tableName}`, () => hashDocumentBody(document))
}

function hashDocumentBody(document: TouchedDocument): SerializedStruct {
  const hashOf = (put: () => void): string => {
    hasher.reset()
    put()
    return hasher.digestLatin1()
  }
  const hashes = [
    hashOf(() => putString(TABLE_NAME, document.tableName)),
    hashOf(() => putString(TABLE_ID, document.tableId)),
    hashOf(() => {
      hasher.field(STATEMENTS)
      hasher.beginList()
      for (const index of document.statements) hasher.int(index)
      hasher.endSequence()
    }),
  ]
  // One character a byte, so the order of the text is that of the bytes.
  const fields = hashFromLatin1(hashes.sort().join(''))
  serializer.reset()
  serializer.begin(STRUCT, fields.length)
  serializer.bytes(fields, 0, fields.length)
  serializer.end()
  return serializer.digest()
}

/** H(redactionInfo). */
export function redactionInfoHash(info: RedactionInfo): Hash {
  hasher.reset()
  hasher.beginStruct()
  hasher.field(REVISIONS)
  hasher.beginList()
  for (const revision of info.revisions) {
    hasher.beginStruct()
    putString(TABLE_ID, revision.tableId)
    putString(DOCUMENT_ID, revision.documentId)
    putInt(VERSION, revision.version)
    putBlockAddress(revision.blockAddress)
    hasher.endStruct()
  }
  hasher.endSequence()
  hasher.endStruct()
  return hasher.digest()
}
