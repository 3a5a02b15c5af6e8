import type { Hash } from '../hash/index.ts'

/**
 * Answers with the stored hashes at these storage indexes, in the order asked. It is asked once for all that an
 * operation needs, so that an implementation can read them in one batch.
 */
export type HashReader = (storageIndexes: readonly number[]) => readonly Hash[]

/** Joins the hashes of a left and a right subtree into their parent's. */
export type Combine = (left: Hash, right: Hash) => Hash

/**
 * Where the hash of a complete subtree is stored: the `n`-th (from 0) of `level`, which covers the leaves
 * `[n·2^level, (n+1)·2^level)`. Leaf hashes are on level 0.
 *
 * Hashes are stored in the order in which a growing tree completes them: a leaf, then every subtree that this leaf
 * completes, smallest first. So nodes are only ever appended and never change:
 *
 *     storage index   0     1     2        3     4     5        6       7
 *     node            leaf0 leaf1 [0,2)    leaf2 leaf3 [2,4)    [0,4)   leaf4
 *
 * Exact up to 2^52 leaves. Source: golang.org/x/mod/sumdb/tlog, StoredHashIndex.
 */
export function storedHashIndex(level: number, n: number): number {
  // The subtree is completed by its last leaf and stands `level` places behind it.
  const lastLeaf = (n + 1) * 2 ** level - 1
  return storedHashCount(lastLeaf) + level
}

/** How many hashes are stored for a tree of `size` leaves: ⌊size⌋ + ⌊size/2⌋ + ⌊size/4⌋ + … < 2·size. */
export function storedHashCount(size: number): number {
  let count = 0
  for (let subtrees = size; subtrees > 0; subtrees = Math.floor(subtrees / 2)) count += subtrees
  return count
}
