import type { Hash } from '../hash/index.ts'
import { IonBlob, type IonField, IonStruct, toJavascript } from '../ion/index.ts'
import { type BlockAddress, blockAddressToIon, metadataToIon } from '../journal/index.ts'
import type { StoredRevision } from '../tables/index.ts'
import { diffDocuments } from './diff.ts'
import type { RowCursor } from './rows.ts'

/** One place where a revision differs from the one before it. */
export interface Change {
  /** As PartiQL writes it: `owner`, `address.city`, `owners[1].name`, `"two words"`. */
  readonly path: string
  /** The former value; undefined when the place is new. */
  readonly before: unknown
  /** The new value; undefined when the place is gone. */
  readonly after: unknown
}

/**
 * One version of one document, as the journal has it for ever.
 *
 * | kind | `data` | `dataHash` |
 * | --- | --- | --- |
 * | `document` | the document | undefined |
 * | `deletion` | undefined | undefined |
 * | `redacted` | undefined | the hash of the erased document |
 */
export class Revision<Document = Record<string, unknown>> {
  /** The document's id, 22 characters. */
  readonly id: string
  /** From 0, without gaps; a deletion is a version too. */
  readonly version: number
  /** When the transaction committed, by the ledger's clock. */
  readonly txTime: Date
  /** The transaction that made it. */
  readonly txId: string
  /** The block that holds it. */
  readonly blockAddress: BlockAddress
  /** `dot(H(metadata), H(data))`, 32 bytes: the leaf that a proof of this revision starts from. */
  readonly hash: Hash
  readonly dataHash: Hash | undefined

  readonly #ion: IonStruct | undefined
  readonly #before: () => StoredRevision | undefined
  #data: Document | undefined

  /** @internal made by `history`, `revision` and `block` */
  constructor(stored: StoredRevision, strandId: string, before: () => StoredRevision | undefined) {
    this.id = stored.documentId
    this.version = stored.version
    this.txTime = new Date(stored.txTime)
    this.txId = stored.txId
    this.blockAddress = { strandId, sequenceNo: stored.sequenceNo }
    this.hash = stored.hash as Hash
    this.dataHash = stored.dataHash
    this.#ion = stored.data
    this.#before = before
  }

  /** Whether this version is a document, says that it was deleted, or was erased later. */
  get kind(): 'document' | 'deletion' | 'redacted' {
    return this.#ion !== undefined ? 'document' : this.dataHash !== undefined ? 'redacted' : 'deletion'
  }

  /** The document as plain JavaScript, decoded when first asked for; undefined in a deletion and when redacted. */
  get data(): Document | undefined {
    if (this.#data === undefined && this.#ion !== undefined) this.#data = toJavascript(this.#ion) as Document
    return this.#data
  }

  /**
   * What changed since the version before: places with their former and new values, exact to the last digit of a
   * decimal. Creation lists every field as new, deletion every field as gone; see {@link diffDocuments}.
   *
   * @returns undefined when nobody can know, because this version or the one before was redacted
   */
  diff(): readonly Change[] | undefined {
    const former = this.#before()
    if (this.kind === 'redacted' || former?.dataHash !== undefined) return undefined
    return diffDocuments(former?.data, this.#ion).map(({ path, before, after }) => ({
      path,
      before: before === undefined ? undefined : toJavascript(before),
      after: after === undefined ? undefined : toJavascript(after),
    }))
  }

  /**
   * The revision as QLDB prints it: `{blockAddress, hash, data | dataHash, metadata}`. This is what `verifyRevision`
   * takes.
   */
  toIon(): IonStruct {
    const { id, version, txId, dataHash } = this
    const fields: IonField[] = [
      { name: 'blockAddress', value: blockAddressToIon(this.blockAddress) },
      { name: 'hash', value: new IonBlob(this.hash) },
    ]
    if (this.#ion !== undefined) fields.push({ name: 'data', value: this.#ion })
    if (dataHash !== undefined) fields.push({ name: 'dataHash', value: new IonBlob(dataHash) })
    const metadata = metadataToIon({ id, version, txTime: this.txTime.getTime(), txId })
    fields.push({ name: 'metadata', value: metadata })
    return new IonStruct(fields)
  }
}

/** The revisions of one document, each knowing the one before. */
export class RevisionRows<Document> implements RowCursor<Revision<Document>> {
  readonly #stored: RowCursor<StoredRevision>
  readonly #strandId: string
  #before: StoredRevision | undefined

  constructor(stored: RowCursor<StoredRevision>, strandId: string) {
    this.#stored = stored
    this.#strandId = strandId
  }

  next(): Revision<Document> | undefined {
    const stored = this.#stored.next()
    if (stored === undefined) return undefined
    const before = this.#before
    this.#before = stored
    return new Revision<Document>(stored, this.#strandId, () => before)
  }

  close(): void {
    this.#stored.close()
  }
}
