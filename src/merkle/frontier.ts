import { assert } from '../errors.ts'
import { dot, type Hash } from '../hash/index.ts'
import type { Combine, HashReader } from './stored-hash.ts'
import { foldSubtrees, subtreeIndexes } from './tree.ts'

/**
 * The right edge of a growing tree, held in memory: at most 1 + log₂ n hashes, with which leaves are appended and the
 * root is told without reading anything.
 */
export class Frontier {
  #size: number
  /** Roots of the complete subtrees, largest first: one for each 1 in the binary form of the size. */
  readonly #subtrees: Hash[]
  readonly #combine: Combine

  private constructor(size: number, subtrees: Hash[], combine: Combine) {
    this.#size = size
    this.#subtrees = subtrees
    this.#combine = combine
  }

  /** The right edge of a tree without leaves. */
  static empty(combine: Combine = dot): Frontier {
    return new Frontier(0, [], combine)
  }

  /** The right edge of a stored tree of `size` leaves. One read of at most 1 + log₂ n hashes. */
  static resume(size: number, read: HashReader, combine: Combine = dot): Frontier {
    const indexes = subtreeIndexes(0, size)
    const subtrees = indexes.length === 0 ? [] : [...read(indexes)]
    assert(subtrees.length === indexes.length, 'a HashReader answers with one hash for each index')
    return new Frontier(size, subtrees, combine)
  }

  /** How many leaves the tree has. */
  get size(): number {
    return this.#size
  }

  /** Appends a leaf; same answer as `appendLeaf(size, leaf, …)`. Two combinations at most on average over many leaves. */
  append(leaf: Hash): Hash[] {
    const nodes = [leaf]
    let node = leaf
    for (let n = this.#size; n % 2 === 1; n = (n - 1) / 2) {
      node = this.#combine(this.#subtrees.pop()!, node)
      nodes.push(node)
    }
    this.#subtrees.push(node)
    this.#size++
    return nodes
  }

  /** Root of the whole tree; the empty hash when it has no leaf. At most log₂ n combinations. */
  root(): Hash {
    return foldSubtrees(this.#subtrees, this.#combine)
  }
}
