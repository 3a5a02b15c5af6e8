import { assert } from '../errors.ts'
import { dot, EMPTY_HASH, equalHashes, HASH_SIZE_BYTES, type Hash } from '../hash/index.ts'
import { type Combine, type HashReader, storedHashIndex } from './stored-hash.ts'

/*
 * A tree of `size` leaves splits at the largest power of two below `size`: a complete subtree on the left, the rest, of
 * the same form, on the right. That is RFC 6962 §2.1, and pairing neighbours with the odd one carried up gives the same
 * shape. What is stored are the complete subtrees; an incomplete one is folded from the complete ones it consists of.
 *
 * Every function works out the storage indexes first, reads once, then folds without I/O.
 */

function checkSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`'size' expected an integer >= 0, got ${size}`)
}

function checkLeafIndex(leafIndex: number, size: number): void {
  if (!Number.isSafeInteger(leafIndex) || leafIndex < 0 || leafIndex >= size) {
    throw new RangeError(`'leafIndex' expected an integer in [0, ${size}), got ${leafIndex}`)
  }
}

function readAll(read: HashReader, indexes: readonly number[]): readonly Hash[] {
  const hashes = read(indexes)
  assert(hashes.length === indexes.length, 'a HashReader answers with one hash for each index')
  return hashes
}

/**
 * Storage indexes of the complete subtrees that cover leaves `[lo, hi)`, largest first; `lo` is a multiple of the
 * largest power of two in `hi - lo`.
 */
export function subtreeIndexes(lo: number, hi: number): number[] {
  const indexes: number[] = []
  for (let start = lo; start < hi; ) {
    let level = 0
    while (start + 2 ** (level + 1) <= hi) level++
    indexes.push(storedHashIndex(level, start / 2 ** level))
    start += 2 ** level
  }
  return indexes
}

/** The hash over neighbouring subtrees, largest first: the smallest two are joined first. */
export function foldSubtrees(hashes: readonly Hash[], combine: Combine): Hash {
  let root = hashes.at(-1) ?? EMPTY_HASH
  for (let i = hashes.length - 2; i >= 0; i--) root = combine(hashes[i]!, root)
  return root
}

/**
 * Appends one leaf to a tree of `leafIndex` leaves.
 *
 * @returns the hashes to store, in storage order, the first at `storedHashIndex(0, leafIndex)`: the leaf itself, then
 *   each subtree that it completes
 * @param read asked once for at most log₂ n hashes, not at all when `leafIndex` is even
 */
export function appendLeaf(leafIndex: number, leaf: Hash, read: HashReader, combine: Combine = dot): Hash[] {
  checkSize(leafIndex)
  const lefts: number[] = []
  for (let level = 0, n = leafIndex; n % 2 === 1; level++, n = (n - 1) / 2) lefts.push(storedHashIndex(level, n - 1))
  const nodes = [leaf]
  if (lefts.length === 0) return nodes
  for (const left of readAll(read, lefts)) nodes.push(combine(left, nodes.at(-1)!))
  return nodes
}

/** Root of the tree of the first `size` leaves; the empty hash when `size` is 0. One read of at most 1 + log₂ n hashes. */
export function treeRoot(size: number, read: HashReader, combine: Combine = dot): Hash {
  checkSize(size)
  if (size === 0) return EMPTY_HASH
  return foldSubtrees(readAll(read, subtreeIndexes(0, size)), combine)
}

/**
 * The proof that leaf `leafIndex` is in the tree of the first `size` leaves: the siblings on the way up, bottom first. A
 * level on which the node has no sibling (it is carried up) contributes nothing. The stored tree may be larger.
 *
 * One read of at most 2·log₂ n hashes.
 *
 * @throws {RangeError} when `leafIndex` is not in `[0, size)`
 */
export function proveLeaf(size: number, leafIndex: number, read: HashReader, combine: Combine = dot): Hash[] {
  checkSize(size)
  checkLeafIndex(leafIndex, size)
  const indexes: number[] = []
  const ends: number[] = [] // where in `indexes` the subtrees of each sibling end
  for (let level = 0, n = leafIndex; 2 ** level < size; level++, n = Math.floor(n / 2)) {
    const sibling = n % 2 === 0 ? n + 1 : n - 1
    const lo = sibling * 2 ** level
    if (lo >= size) continue
    indexes.push(...subtreeIndexes(lo, Math.min(lo + 2 ** level, size)))
    ends.push(indexes.length)
  }
  if (indexes.length === 0) return []
  const hashes = readAll(read, indexes)
  return ends.map((end, i) => foldSubtrees(hashes.slice(i === 0 ? 0 : ends[i - 1]!, end), combine))
}

/** How many hashes {@link proveLeaf} gives for this leaf of a tree of this size. */
export function proofLength(size: number, leafIndex: number): number {
  let length = 0
  for (let level = 0, n = leafIndex; 2 ** level < size; level++, n = Math.floor(n / 2)) {
    if (n % 2 === 1 || (n + 1) * 2 ** level < size) length++
  }
  return length
}

/** Folds a QLDB proof: `dot` over the list in order, starting with the leaf. Says nothing about the leaf's position. */
export function proofRoot(leaf: Hash, proof: readonly Hash[]): Hash {
  let root = leaf
  for (const sibling of proof) root = dot(root, sibling)
  return root
}

/**
 * Checks a proof made by {@link proveLeaf}. False, never an error, when the index or size cannot be, when the proof has
 * the wrong length for that position, when a hash has not 32 bytes, or when the fold does not give `root`.
 *
 * `dot` does not tell left from right, so two positions with the same number of siblings cannot be told apart by the
 * hashes alone in that tree; the caller knows the position from the block address.
 */
export function verifyLeaf(
  proof: readonly Hash[],
  size: number,
  leafIndex: number,
  leaf: Hash,
  root: Hash,
  combine: Combine = dot,
): boolean {
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(leafIndex) || leafIndex < 0 || leafIndex >= size)
    return false
  if (leaf.length !== HASH_SIZE_BYTES || root.length !== HASH_SIZE_BYTES) return false
  if (proof.length !== proofLength(size, leafIndex)) return false
  if (proof.some((hash) => hash.length !== HASH_SIZE_BYTES)) return false
  let hash = leaf
  let next = 0
  for (let level = 0, n = leafIndex; 2 ** level < size; level++, n = Math.floor(n / 2)) {
    if (n % 2 === 1) hash = combine(proof[next++]!, hash)
    else if ((n + 1) * 2 ** level < size) hash = combine(hash, proof[next++]!)
  }
  return equalHashes(hash, root)
}
