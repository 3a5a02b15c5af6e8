import { assert } from '../errors.ts'
import { HASH_SIZE_BYTES, type Hash, sha256 } from './sha256.ts'

/** Reused by every call of {@link dot}; nothing keeps a reference to it. */
const pair = new Uint8Array(2 * HASH_SIZE_BYTES)

/**
 * QLDB's order of hashes: bytes are read as signed 8-bit numbers, from the last byte (index 31) down to the first; the
 * first difference decides. So a hash ending in `80` comes before one ending in `7f`.
 *
 * @returns a number below, equal to or above 0
 */
export function compareHashes(a: Hash, b: Hash): number {
  assert(a.length === b.length, 'only hashes of equal length are compared')
  for (let i = a.length - 1; i >= 0; i--) {
    // Flipping the top bit turns signed order into unsigned order.
    const difference = (a[i]! ^ 0x80) - (b[i]! ^ 0x80)
    if (difference !== 0) return difference
  }
  return 0
}

/**
 * QLDB's combining function. The smaller hash by {@link compareHashes} goes first, the other behind it, and the result
 * is SHA-256 of these 64 bytes; an empty hash on either side gives the other hash unchanged. Commutative, not
 * associative: the order of two siblings never matters, the shape of a tree does.
 *
 * Source: the verifier of AWS's QLDB samples; QLDB developer guide, "Data verification".
 */
export function dot(a: Hash, b: Hash): Hash {
  if (a.length === 0) return b
  if (b.length === 0) return a
  assert(a.length === HASH_SIZE_BYTES && b.length === HASH_SIZE_BYTES, 'a hash has 0 or 32 bytes')
  const inOrder = compareHashes(a, b) <= 0
  pair.set(inOrder ? a : b, 0)
  pair.set(inOrder ? b : a, HASH_SIZE_BYTES)
  return sha256(pair)
}
