import { dot, dotPairs, EMPTY_HASH, type Hash } from '../hash/index.ts'
import type { Combine } from './stored-hash.ts'

function nextLevel(hashes: readonly Hash[], combine: Combine): Hash[] {
  if (combine === dot) {
    const parents = dotPairs(hashes)
    if (hashes.length % 2 === 1) parents.push(hashes.at(-1)!)
    return parents
  }
  const parents: Hash[] = []
  for (let i = 0; i < hashes.length; i += 2) {
    parents.push(i + 1 < hashes.length ? combine(hashes[i]!, hashes[i + 1]!) : hashes[i]!)
  }
  return parents
}

/**
 * Merkle root of a plain list: neighbours are paired from the left, an odd last one is carried up unchanged. The empty
 * hash for no hashes, the hash itself for one. Cost: n - 1 combinations.
 */
export function merkleRoot(hashes: readonly Hash[], combine: Combine = dot): Hash {
  let level = hashes
  while (level.length > 1) level = nextLevel(level, combine)
  return level[0] ?? EMPTY_HASH
}

/**
 * The siblings of `hashes[index]` on its way to {@link merkleRoot}, bottom first; folds with `proofRoot`.
 *
 * @throws {RangeError} when `index` is not in `[0, hashes.length)`
 */
export function merkleProof(hashes: readonly Hash[], index: number, combine: Combine = dot): Hash[] {
  if (!Number.isSafeInteger(index) || index < 0 || index >= hashes.length) {
    throw new RangeError(`'index' expected an integer in [0, ${hashes.length}), got ${index}`)
  }
  const proof: Hash[] = []
  let level = hashes
  for (let n = index; level.length > 1; n >>= 1) {
    const sibling = level[n ^ 1]
    if (sibling !== undefined) proof.push(sibling)
    level = nextLevel(level, combine)
  }
  return proof
}
