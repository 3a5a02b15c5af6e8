import { compareOrder, type IonValue } from '../ion/index.ts'
import type { StoredRevision } from '../tables/index.ts'
import type { RevisionCursor } from './transaction.ts'

/** An own document as its indexed value has it. */
export interface OwnRow {
  readonly documentId: string
  readonly value: IonValue
}

/** Stored revisions in the order of an index, with the own ones at their places among them. */
export class OrderedMerge implements RevisionCursor {
  readonly #stored: RevisionCursor
  readonly #own: readonly OwnRow[]
  readonly #field: string
  readonly #direction: 1 | -1
  readonly #read: (documentId: string) => StoredRevision | undefined
  #position = 0
  #ahead: StoredRevision | undefined
  #hasAhead = false

  /**
   * @param stored without the documents of `own`
   * @param read the own document as it is now; undefined when it is deleted meanwhile
   */
  constructor(
    stored: RevisionCursor,
    own: readonly OwnRow[],
    field: string,
    isReverse: boolean,
    read: (documentId: string) => StoredRevision | undefined,
  ) {
    this.#stored = stored
    this.#field = field
    this.#direction = isReverse ? -1 : 1
    this.#read = read
    this.#own = own.length < 2 ? own : [...own].sort((a, b) => this.#compare(a, b))
  }

  next(): StoredRevision | undefined {
    while (this.#position < this.#own.length) {
      if (!this.#hasAhead) {
        this.#ahead = this.#stored.next()
        this.#hasAhead = true
      }
      const own = this.#own[this.#position]!
      const { documentId, data } = this.#ahead ?? {}
      const stored = documentId === undefined ? undefined : { documentId, value: data?.get(this.#field) ?? own.value }
      if (stored !== undefined && this.#compare(stored, own) < 0) break
      this.#position++
      const revision = this.#read(own.documentId)
      if (revision !== undefined) return revision
    }
    if (!this.#hasAhead) return this.#stored.next()
    this.#hasAhead = false
    return this.#ahead
  }

  close(): void {
    this.#position = this.#own.length
    this.#stored.close()
  }

  #compare(a: OwnRow, b: OwnRow): number {
    const order = this.#direction * compareOrder(a.value, b.value)
    return order !== 0 ? order : a.documentId < b.documentId ? -1 : 1
  }
}
