import { assert } from '../errors.ts'
import type { Hash } from '../hash/index.ts'
import { decodeValue, IonStruct, type SymbolTable } from '../ion/index.ts'
import type { DocumentRevision } from '../journal/index.ts'
import { HEADER_SIZE, readId, readUint32, readUint53 } from './layout.ts'

/** One version of one document as a query sees it. */
export interface StoredRevision {
  readonly documentId: string
  /** From 0, without gaps. */
  readonly version: number
  /** The block that holds it; -1 while its transaction has not committed. */
  readonly sequenceNo: number
  /** Epoch milliseconds. */
  readonly txTime: number
  readonly txId: string
  /** Undefined while its transaction has not committed. */
  readonly hash: Hash | undefined
  /** The document, decoded as far as somebody looks; undefined in a delete revision and in a redacted one. */
  readonly data: IonStruct | undefined
  /** Only in a redacted revision: the hash that stands for the erased document. */
  readonly dataHash: Hash | undefined
}

/** The current revision of a document over its bytes in the `current` keyspace; nothing is decoded until asked for. */
export class CurrentRevision implements StoredRevision {
  readonly #key: Uint8Array
  readonly #value: Uint8Array
  readonly #symbols: SymbolTable
  #data: IonStruct | undefined

  /** Cost: none. The bytes must not change while this object is used. */
  constructor(key: Uint8Array, value: Uint8Array, symbols: SymbolTable) {
    this.#key = key
    this.#value = value
    this.#symbols = symbols
  }

  get documentId(): string {
    return readId(this.#key, 4)
  }

  get version(): number {
    return readUint32(this.#value, 0)
  }

  get sequenceNo(): number {
    return readUint53(this.#value, 4)
  }

  /** Position among the revisions of its block, from 0. */
  get ordinal(): number {
    return readUint32(this.#value, 12)
  }

  get txTime(): number {
    return readUint53(this.#value, 16)
  }

  get txId(): string {
    return readId(this.#value, 24)
  }

  get hash(): Hash {
    return this.#value.slice(46, HEADER_SIZE)
  }

  get data(): IonStruct {
    if (this.#data === undefined) {
      const data = decodeValue(this.#value, this.#symbols, HEADER_SIZE)
      assert(data instanceof IonStruct, 'a stored document is a struct')
      this.#data = data
    }
    return this.#data
  }

  get dataHash(): undefined {
    return undefined
  }
}

/** A revision as its block in the journal holds it: what history reads. */
export function fromBlock(revision: DocumentRevision, symbols: SymbolTable): StoredRevision {
  const { metadata, blockAddress, hash, dataHash } = revision
  const data = revision.data === undefined ? undefined : decodeValue(revision.data, symbols)
  assert(data === undefined || data instanceof IonStruct, 'a stored document is a struct')
  return {
    documentId: metadata.id,
    version: metadata.version,
    sequenceNo: blockAddress.sequenceNo,
    txTime: metadata.txTime,
    txId: metadata.txId,
    hash,
    data,
    dataHash,
  }
}
