import { dot, EMPTY_HASH, type Hash, sha256 } from '../../src/hash/index.ts'
import type { HashReader } from '../../src/merkle/index.ts'

/*
 * RFC 6962 §2.1 word for word: recursive, over plain lists, slow. What the stored tree is compared with.
 */

export type Join = (left: Hash, right: Hash) => Hash

/** A combining function that tells left from right, as RFC 6962's does (prefix 1). */
export const joinOrdered: Join = (left, right) => sha256(Uint8Array.of(1, ...left, ...right))

export function leaves(count: number): Hash[] {
  return Array.from({ length: count }, (_, i) => sha256(new TextEncoder().encode(String(i))))
}

function splitPoint(size: number): number {
  let k = 1
  while (k * 2 < size) k *= 2
  return k
}

export function naiveRoot(hashes: readonly Hash[], join: Join = dot): Hash {
  if (hashes.length === 0) return EMPTY_HASH
  if (hashes.length === 1) return hashes[0]!
  const k = splitPoint(hashes.length)
  return join(naiveRoot(hashes.slice(0, k), join), naiveRoot(hashes.slice(k), join))
}

export function naivePath(index: number, hashes: readonly Hash[], join: Join = dot): Hash[] {
  if (hashes.length <= 1) return []
  const k = splitPoint(hashes.length)
  return index < k
    ? [...naivePath(index, hashes.slice(0, k), join), naiveRoot(hashes.slice(k), join)]
    : [...naivePath(index - k, hashes.slice(k), join), naiveRoot(hashes.slice(0, k), join)]
}

/** A reader over a list that counts how often it is asked, and refuses to be asked for what is not there. */
export function readerOf(stored: readonly Hash[]): { read: HashReader; asked: number[][] } {
  const asked: number[][] = []
  const read: HashReader = (indexes) => {
    asked.push([...indexes])
    return indexes.map((index) => {
      const hash = stored[index]
      if (hash === undefined) throw new Error(`storage index ${index} of ${stored.length} was asked for`)
      return hash
    })
  }
  return { read, asked }
}
