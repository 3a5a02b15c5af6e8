import { dot, type Hash } from '../hash/index.ts'
import type { IonValue } from '../ion/index.ts'
import { statementDigest } from './statement-digest.ts'
import { textHash } from './structure-hash.ts'

/**
 * What client and server agree on before a transaction commits: a fold over the transaction's id and its statements with
 * parameters, in the order they were sent. Identical in all of QLDB's drivers.
 */
export class CommitDigest {
  #digest: Hash

  constructor(transactionId: string) {
    this.#digest = textHash(transactionId)
  }

  /** Adds a statement; one that the server refused counts too, because the driver has added it before sending. */
  add(statement: string, parameters: readonly IonValue[]): void {
    this.#digest = dot(this.#digest, statementDigest(statement, parameters))
  }

  /** The digest so far; of the transaction's id alone when no statement was added. */
  get digest(): Hash {
    return this.#digest
  }
}
