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
  readonly #keyStart: number
  readonly #value: Uint8Array
  readonly #valueStart: number
  readonly #valueEnd: number
  readonly #symbols: SymbolTable
  #data: IonStruct | undefined

  /**
   * Cost: none. The bytes must not change while this object is used.
   *
   * @param key bytes that hold the key from `keyStart` on
   * @param value bytes that hold the value in `[valueStart, valueEnd)`
   */
  constructor(
    key: Uint8Array,
    value: Uint8Array,
    symbols: SymbolTable,
    keyStart = 0,
    valueStart = 0,
    valueEnd: number = value.length,
  ) {
    this.#key = key
    this.#keyStart = keyStart
    this.#value = value
    this.#valueStart = valueStart
    this.#valueEnd = valueEnd
    this.#symbols = symbols
  }

  get documentId(): string {
    return readId(this.#key, this.#keyStart + 4)
  }

  get version(): number {
    return readUint32(this.#value, this.#valueStart)
  }

  get sequenceNo(): number {
    return readUint53(this.#value, this.#valueStart + 4)
  }

  /** Position among the revisions of its block, from 0. */
  get ordinal(): number {
    return readUint32(this.#value, this.#valueStart + 12)
  }

  get txTime(): number {
    return readUint53(this.#value, this.#valueStart + 16)
  }

  get txId(): string {
    return readId(this.#value, this.#valueStart + 24)
  }

  get hash(): Hash {
    return this.#value.slice(this.#valueStart + 46, this.#valueStart + HEADER_SIZE)
  }

  get data(): IonStruct {
    if (this.#data === undefined) {
      const data = decodeValue(this.#value, this.#symbols, this.#valueStart + HEADER_SIZE, this.#valueEnd)
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
