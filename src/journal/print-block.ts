import type { Hash } from '../hash/index.ts'
import {
  decodeValue,
  IonBlob,
  type IonField,
  IonList,
  IonStruct,
  type IonValue,
  type SymbolTable,
  Timestamp,
} from '../ion/index.ts'
import type { Block } from './block.ts'
import type { BlockAddress } from './block-address.ts'
import type { RedactionInfo } from './redaction-info.ts'
import type { Revision, RevisionMetadata } from './revision.ts'
import type { TransactionInfo } from './transaction-info.ts'

/** A struct with these fields in this order; those that are undefined are left out. */
function struct(fields: Readonly<Record<string, IonValue | undefined>>): IonStruct {
  const present: IonField[] = []
  for (const name in fields) {
    const value = fields[name]
    if (value !== undefined) present.push({ name, value })
  }
  return new IonStruct(present)
}

function blobs(hashes: readonly Hash[]): IonList {
  return new IonList(hashes.map((hash) => new IonBlob(hash)))
}

/** `{strandId:"…",sequenceNo:49}` */
export function blockAddressToIon(address: BlockAddress): IonStruct {
  return struct({ strandId: address.strandId, sequenceNo: address.sequenceNo })
}

/** `{id:"…",version:3,txTime:2019-09-16T19:37:05.344Z,txId:"…"}` */
export function metadataToIon(metadata: RevisionMetadata): IonStruct {
  const { id, version, txTime, txId } = metadata
  return struct({ id, version, txTime: Timestamp.fromMillis(txTime), txId })
}

/** As it is hashed: see {@link TransactionInfo}. */
export function transactionInfoToIon(info: TransactionInfo): IonStruct {
  const statements = info.statements.map(({ statement, startTime, statementDigest }) =>
    struct({
      statement,
      startTime: Timestamp.fromMillis(startTime),
      statementDigest: new IonBlob(statementDigest),
    }),
  )
  const documents = info.documents.map(({ documentId, tableName, tableId, statements: indexes }) => ({
    name: documentId,
    value: struct({ tableName, tableId, statements: new IonList(indexes) }),
  }))
  return struct({
    statements: new IonList(statements),
    documents: documents.length === 0 ? undefined : new IonStruct(documents),
  })
}

/** `{revisions:[{blockAddress:{…},tableId:"…",documentId:"…",version:0}]}` */
export function redactionInfoToIon(info: RedactionInfo): IonStruct {
  const revisions = info.revisions.map(({ blockAddress, tableId, documentId, version }) =>
    struct({ blockAddress: blockAddressToIon(blockAddress), tableId, documentId, version }),
  )
  return struct({ revisions: new IonList(revisions) })
}

/** What the hash of the system entry is taken of, see {@link SystemEntry}; undefined when the block has none. */
export function systemEntryToIon(block: Block): IonStruct | undefined {
  if (block.systemEntry === undefined) return undefined
  const { symbols } = block.systemEntry
  return struct({
    blockAddress: blockAddressToIon(block.blockAddress),
    transactionId: block.transactionId,
    blockTimestamp: Timestamp.fromMillis(block.blockTimestamp),
    symbols: symbols.length === 0 ? undefined : new IonList(symbols),
  })
}

/**
 * A revision as QLDB prints it: `{blockAddress,hash,data,metadata}`, without `data` for a deletion, with `dataHash` in its
 * place when redacted, and `{hash}` alone for one of the catalog.
 *
 * @throws {FormatError} BAD_ION when the data cannot be read
 */
export function revisionToIon(revision: Revision, symbols: SymbolTable): IonStruct {
  if (revision.kind === 'system') return struct({ hash: new IonBlob(revision.hash) })
  const { blockAddress, hash, data, dataHash, metadata } = revision
  return struct({
    blockAddress: blockAddressToIon(blockAddress),
    hash: new IonBlob(hash),
    data: data === undefined ? undefined : decodeValue(data, symbols),
    dataHash: dataHash === undefined ? undefined : new IonBlob(dataHash),
    metadata: metadataToIon(metadata),
  })
}

/**
 * A block as QLDB prints it, field for field. Each part is what its hash in `entriesHashList` was taken of. Revision data
 * stays encoded until somebody looks inside.
 */
export function blockToIon(block: Block, symbols: SymbolTable): IonStruct {
  const { revisions, redactionInfo } = block
  return struct({
    blockAddress: blockAddressToIon(block.blockAddress),
    transactionId: block.transactionId,
    blockTimestamp: Timestamp.fromMillis(block.blockTimestamp),
    blockHash: new IonBlob(block.blockHash),
    entriesHash: new IonBlob(block.entriesHash),
    previousBlockHash: new IonBlob(block.previousBlockHash),
    entriesHashList: blobs(block.entriesHashList),
    transactionInfo: transactionInfoToIon(block.transactionInfo),
    redactionInfo: redactionInfo === undefined ? undefined : redactionInfoToIon(redactionInfo),
    revisions:
      revisions.length === 0 ? undefined : new IonList(revisions.map((revision) => revisionToIon(revision, symbols))),
  })
}
