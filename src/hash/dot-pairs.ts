import { compareHashes, dot } from './dot.ts'
import { HASH_SIZE_BYTES, type Hash } from './sha256.ts'
import { KERNEL_BASE, makeSha256Kernel, type Sha256Kernel } from './sha256-kernel.ts'

/** Two hashes fill the first block of SHA-256, so a second one holds the padding alone: a byte of 80, the length in bits. */
const BLOCKS = 2
const MESSAGE_SIZE_BYTES = 128
const LANES = 4

/** Memory with room for four messages, their padding written once: the kernel leaves it alone. */
class PairHasher {
  readonly #kernel: Sha256Kernel
  readonly #bytes: Uint8Array

  constructor(kernel: Sha256Kernel) {
    this.#kernel = kernel
    this.#bytes = new Uint8Array(kernel.memory.buffer, KERNEL_BASE, LANES * MESSAGE_SIZE_BYTES)
    for (let message = 0; message < this.#bytes.length; message += MESSAGE_SIZE_BYTES) {
      this.#bytes[message + 2 * HASH_SIZE_BYTES] = 0x80
      this.#bytes[message + MESSAGE_SIZE_BYTES - 2] = (2 * HASH_SIZE_BYTES * 8) >> 8
    }
  }

  /** The four pairs from `hashes[first]` on; none of these hashes is empty. */
  digest(hashes: readonly Hash[], first: number, results: Hash[]): void {
    const bytes = this.#bytes
    for (let lane = 0; lane < LANES; lane++) {
      const a = hashes[first + 2 * lane]!
      const b = hashes[first + 2 * lane + 1]!
      const inOrder = compareHashes(a, b) <= 0
      const start = lane * MESSAGE_SIZE_BYTES
      put(bytes, start, inOrder ? a : b)
      put(bytes, start + HASH_SIZE_BYTES, inOrder ? b : a)
    }
    const [a, b, c, d] = LANE_PLACES
    this.#kernel.digest4(a, b, c, d, BLOCKS)
    for (let lane = 0; lane < LANES; lane++) {
      const start = lane * MESSAGE_SIZE_BYTES
      const hash = new Uint8Array(HASH_SIZE_BYTES)
      for (let i = 0; i < HASH_SIZE_BYTES; i++) hash[i] = bytes[start + i]!
      results.push(hash)
    }
  }
}

const LANE_PLACES = [
  KERNEL_BASE,
  KERNEL_BASE + MESSAGE_SIZE_BYTES,
  KERNEL_BASE + 2 * MESSAGE_SIZE_BYTES,
  KERNEL_BASE + 3 * MESSAGE_SIZE_BYTES,
] as const

function put(bytes: Uint8Array, at: number, hash: Hash): void {
  for (let i = 0; i < HASH_SIZE_BYTES; i++) bytes[at + i] = hash[i]!
}

let hasher: PairHasher | undefined
let isMissing = false

function findHasher(): PairHasher | undefined {
  if (hasher === undefined && !isMissing) {
    const kernel = makeSha256Kernel()
    if (kernel === undefined) isMissing = true
    else hasher = new PairHasher(kernel)
  }
  return hasher
}

/**
 * {@link dot} of each hash at an even place and the one behind it; an odd last one is left out. Cost: about 0.3 µs a pair
 * where there is a SHA-256 kernel, half of what `dot` costs.
 */
export function dotPairs(hashes: readonly Hash[]): Hash[] {
  const results: Hash[] = []
  const end = hashes.length - 1
  let at = 0
  if (hashes.length >= 2 * LANES) {
    const found = findHasher()
    while (found !== undefined && at + 2 * LANES <= hashes.length) {
      if (areWhole(hashes, at)) found.digest(hashes, at, results)
      else for (let i = at; i < at + 2 * LANES; i += 2) results.push(dot(hashes[i]!, hashes[i + 1]!))
      at += 2 * LANES
    }
  }
  for (; at < end; at += 2) results.push(dot(hashes[at]!, hashes[at + 1]!))
  return results
}

function areWhole(hashes: readonly Hash[], first: number): boolean {
  for (let i = first; i < first + 2 * LANES; i++) if (hashes[i]!.length !== HASH_SIZE_BYTES) return false
  return true
}
