import { assert } from '../../errors.ts'
import { type Hash, sha256 } from '../../hash/index.ts'
import { Frontier, proveLeaf, treeRoot, verifyLeaf } from '../../merkle/index.ts'
import { pickIndex } from '../bench-document.ts'
import { judge } from '../bench-row.ts'
import type { Workload } from '../workload.ts'

const hashSizeBytes = 32

/** Proofs of a block in a journal of a million: only the tree is built, in memory, from made-up block hashes. */
export const proofs: Workload = {
  name: 'proofs',
  summary: 'make and check the proof of a block among a million',
  run: async (context) => {
    const size = context.size(1_000_000, 100_000)
    context.progress(`proofs: building a tree of ${size} leaves`)
    const nodes = new Uint8Array(2 * size * hashSizeBytes)
    const frontier = Frontier.empty()
    let nodeCount = 0
    for (let leafIndex = 0; leafIndex < size; leafIndex++) {
      for (const node of frontier.append(madeUpHash(leafIndex))) nodes.set(node, hashSizeBytes * nodeCount++)
    }
    const read = (indexes: readonly number[]): Hash[] =>
      indexes.map((index) => nodes.slice(index * hashSizeBytes, (index + 1) * hashSizeBytes))
    const root = treeRoot(size, read)

    context.progress('proofs: making and checking')
    const count = context.size(20_000, 5_000)
    const [make] = await context.measure([
      {
        name: 'Tallystick',
        run: (round, latencies) => {
          for (let index = 0; index < count; index++) {
            const startMs = context.clock.nowMs()
            proveLeaf(size, pickIndex(round * count + index, size), read)
            latencies.record(context.clock.nowMs() - startMs)
          }
          return count
        },
      },
    ])
    const claims = Array.from({ length: count }, (_, index) => {
      const leafIndex = pickIndex(index, size)
      return { leafIndex, leaf: madeUpHash(leafIndex), proof: proveLeaf(size, leafIndex, read) }
    })
    const [check] = await context.measure([
      {
        name: 'Tallystick',
        run: (_round, latencies) => {
          for (const { leafIndex, leaf, proof } of claims) {
            const startMs = context.clock.nowMs()
            const isRight = verifyLeaf(proof, size, leafIndex, leaf, root)
            latencies.record(context.clock.nowMs() - startMs)
            assert(isRight, 'a proof that was just made fits')
          }
          return count
        },
      },
    ])
    const blocks = size === 1_000_000 ? '10⁶ blocks' : '10⁵ blocks'
    return [
      judge({
        name: `make a proof, ${blocks}, tree alone`,
        value: 1e6 / make!.perSecond,
        unit: 'µs',
        latencies: make!.latencies,
        budget: { of: 'value', bound: 'at most', limit: 100 },
      }),
      judge({
        name: `check a proof, ${blocks}`,
        value: 1e6 / check!.perSecond,
        unit: 'µs',
        latencies: check!.latencies,
        budget: { of: 'value', bound: 'at most', limit: 50 },
      }),
    ]
  },
}

function madeUpHash(index: number): Hash {
  return sha256(new Uint8Array([index >>> 24, index >>> 16, index >>> 8, index]))
}
