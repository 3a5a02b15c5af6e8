import { createHash } from 'node:crypto'
import { cryptoHasherProvider, makeHashReader } from 'ion-hash-js'
import { type dom, IonTypes, load, makeBinaryWriter, makeReader, Timestamp, type Writer } from 'ion-js'

/*
 * AWS's published procedure for the blocks of a journal export (the QLDB Java samples' journal verifier), written a second
 * time with nothing of this project: ion-js reads, ion-hash-js hashes. Like the original it rebuilds each structure from
 * the fields that it knows and gives timestamps millisecond precision before it hashes them.
 */

type Value = dom.Value
type Put = (writer: Writer) => void

/**
 * Throws unless every block, and the chain over them, passes.
 *
 * @param blocks Ion text or binary, one printed block each, in journal order
 */
export function verifyPrintedBlocks(blocks: readonly (string | Uint8Array)[]): void {
  let previous: Uint8Array | undefined
  for (const [index, bytes] of blocks.entries()) {
    const block = load(bytes)
    if (block === null) throw new Error(`block ${index} is empty`)
    const blockHash = verifyBlockHash(block, index)
    if (previous !== undefined) {
      requireEqual(blobOf(block, 'previousBlockHash'), previous, `previousBlockHash of block ${index}`)
      requireEqual(join(blobOf(block, 'entriesHash'), previous), blockHash, `chain at block ${index}`)
    }
    previous = blockHash
  }
}

function verifyBlockHash(block: Value, index: number): Uint8Array {
  const entries = block
    .get('entriesHashList')!
    .elements()
    .map((entry) => entry.uInt8ArrayValue()!)
  const contains = (hash: Uint8Array, what: string): void => {
    if (!entries.some((entry) => isEqual(entry, hash))) throw new Error(`${what} of block ${index} is not in the list`)
  }
  contains(ionHash(transactionInfo(block.get('transactionInfo'))), 'transactionInfo')
  const redactionInfoOfBlock = block.get('redactionInfo')
  if (redactionInfoOfBlock !== null) contains(ionHash(redactionInfo(redactionInfoOfBlock)), 'redactionInfo')
  const revisions = block.get('revisions')
  if (revisions !== null) {
    const hashes = revisions.elements().map((revision) => verifyRevisionHash(revision, index))
    contains(root(hashes), 'the revisions')
  }
  const entriesHash = root(entries)
  requireEqual(blobOf(block, 'entriesHash'), entriesHash, `entriesHash of block ${index}`)
  const blockHash = join(entriesHash, blobOf(block, 'previousBlockHash'))
  requireEqual(blobOf(block, 'blockHash'), blockHash, `blockHash of block ${index}`)
  return blockHash
}

/** A revision that is a hash and nothing else is passed on; any other is hashed from metadata and data. */
function verifyRevisionHash(revision: Value, index: number): Uint8Array {
  const hash = blobOf(revision, 'hash')
  if (revision.fieldNames().length === 1) return hash
  const metadata = revision.get('metadata')!
  const metadataHash = ionHash(
    struct({
      id: string(metadata.get('id')!),
      version: int(metadata.get('version')!),
      txTime: milliseconds(metadata.get('txTime')!),
      txId: string(metadata.get('txId')!),
    }),
  )
  const data = revision.get('data')
  const dataHash =
    data !== null
      ? ionHash((writer) => data.writeTo(writer))
      : (revision.get('dataHash')?.uInt8ArrayValue() ?? new Uint8Array(0))
  requireEqual(hash, join(metadataHash, dataHash), `hash of a revision in block ${index}`)
  return hash
}

function transactionInfo(info: Value | null): Put {
  if (info === null) return (writer) => writer.writeNull(IonTypes.NULL)
  const documents = info.get('documents')
  return struct({
    statements: list(
      info
        .get('statements')!
        .elements()
        .map((statement) =>
          struct({
            statement: string(statement.get('statement')!),
            startTime: milliseconds(statement.get('startTime')!),
            statementDigest: blob(statement.get('statementDigest')!),
          }),
        ),
    ),
    ...(documents === null
      ? {}
      : {
          documents: struct(
            Object.fromEntries(
              documents.fields().map(([id, document]) => [
                id,
                struct({
                  tableName: string(document.get('tableName')!),
                  tableId: string(document.get('tableId')!),
                  statements: list(document.get('statements')!.elements().map(int)),
                }),
              ]),
            ),
          ),
        }),
  })
}

function redactionInfo(info: Value): Put {
  return struct({
    revisions: list(
      info
        .get('revisions')!
        .elements()
        .map((revision) =>
          struct({
            blockAddress: struct({
              strandId: string(revision.get('blockAddress')!.get('strandId')!),
              sequenceNo: int(revision.get('blockAddress')!.get('sequenceNo')!),
            }),
            tableId: string(revision.get('tableId')!),
            documentId: string(revision.get('documentId')!),
            version: int(revision.get('version')!),
          }),
        ),
    ),
  })
}

function struct(fields: Readonly<Record<string, Put>>): Put {
  return (writer) => {
    writer.stepIn(IonTypes.STRUCT)
    for (const [name, put] of Object.entries(fields)) {
      writer.writeFieldName(name)
      put(writer)
    }
    writer.stepOut()
  }
}

function list(items: readonly Put[]): Put {
  return (writer) => {
    writer.stepIn(IonTypes.LIST)
    for (const put of items) put(writer)
    writer.stepOut()
  }
}

function string(value: Value): Put {
  const text = value.stringValue()!
  return (writer) => writer.writeString(text)
}

function int(value: Value): Put {
  const number = value.numberValue()!
  return (writer) => writer.writeInt(number)
}

function blob(value: Value): Put {
  const bytes = value.uInt8ArrayValue()!
  return (writer) => writer.writeBlob(bytes)
}

/** A Java Date and back: UTC with three digits, whatever stood there before. */
function milliseconds(value: Value): Put {
  const time = Timestamp.parse(value.dateValue()!.toISOString())!
  return (writer) => writer.writeTimestamp(time)
}

function ionHash(put: Put): Uint8Array {
  const writer = makeBinaryWriter()
  put(writer)
  writer.close()
  const reader = makeHashReader(makeReader(writer.getBytes()), cryptoHasherProvider('sha256'))
  reader.next()
  reader.next()
  return reader.digest()
}

function root(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 0) return new Uint8Array(0)
  let level = [...hashes]
  while (level.length > 1) {
    const next: Uint8Array[] = []
    for (let index = 0; index < level.length; index += 2) {
      const right = level[index + 1]
      next.push(right === undefined ? level[index]! : join(level[index]!, right))
    }
    level = next
  }
  return level[0]!
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b
  if (b.length === 0) return a
  const signed = (hash: Uint8Array): number[] => [...new Int8Array(hash)].reverse()
  const [left, right] = [signed(a), signed(b)]
  const first = left.findIndex((byte, index) => byte !== right[index])
  const isInOrder = first < 0 || left[first]! < right[first]!
  return createHash('sha256')
    .update(isInOrder ? a : b)
    .update(isInOrder ? b : a)
    .digest()
}

function blobOf(value: Value, name: string): Uint8Array {
  const bytes = value.get(name)?.uInt8ArrayValue()
  if (bytes === null || bytes === undefined) throw new Error(`${name} is missing`)
  return bytes
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

function requireEqual(found: Uint8Array, expected: Uint8Array, what: string): void {
  if (!isEqual(found, expected)) throw new Error(`${what} does not match`)
}
