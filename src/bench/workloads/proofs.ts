import { assert } from '../../errors.ts'
import { equalHashes, type Hash, sha256 } from '../../hash/index.ts'
import { Frontier, proveLeaf, treeRoot, verifyLeaf } from '../../merkle/index.ts'
import { LmdbStore } from '../../storage/index.ts'
import { pickIndex } from '../bench-document.ts'
import { judge } from '../bench-row.ts'
import type { Workload } from '../workload.ts'

/** Proofs of a block in a journal of a million: only the tree is built, on disk, from made-up block hashes. */
export const proofs: Workload = {
  name: 'proofs',
  summary: 'make and check the proof of a block among a million',
  run: async (context) => {
    const size = context.size(1_000_000, 100_000)
    context.progress(`proofs: building a tree of ${size} leaves`)
    const store = LmdbStore.open(context.newFolder())
    const tree = store.keyspace('tree')
    const frontier = Frontier.empty()
    let nodeCount = 0
    while (frontier.size < size) {
      store.write((batch) => {
        for (let leaves = 0; leaves < 10_000; leaves++) {
          for (const node of frontier.append(madeUpHash(frontier.size))) batch.put(tree, keyOf(nodeCount++), node)
        }
      })
    }
    const snapshot = store.snapshot()
    const read = (indexes: readonly number[]): Hash[] => indexes.map((index) => snapshot.get(tree, keyOf(index))!)
    const root = treeRoot(size, read)
    assert(equalHashes(root, frontier.root()), 'the tree on disk is the tree that was built')

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
    snapshot.release()
    await store.close()
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
  return sha256(keyOf(index))
}

/** Four bytes whose order is that of the numbers. */
function keyOf(index: number): Uint8Array {
  return new Uint8Array([index >>> 24, index >>> 16, index >>> 8, index])
}
