import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase64, dot, EMPTY_HASH, encodeHex, equalHashes, type Hash } from '../../src/hash/index.ts'
import {
  appendLeaf,
  Frontier,
  merkleProof,
  merkleRoot,
  proofLength,
  proofRoot,
  proveLeaf,
  storedHashCount,
  storedHashIndex,
  treeRoot,
  verifyLeaf,
} from '../../src/merkle/index.ts'
import { PROOF_E } from '../vectors/qldb.ts'
import { joinOrdered, leaves, naivePath, naiveRoot, readerOf } from './naive-tree.ts'

/*
 * Small and exhaustive: every leaf of every tree of up to 100 leaves against RFC 6962's recursive definition, with `dot`
 * and with a combining function that tells left from right; then the roots and proofs of real ledgers.
 */

const MAX_SIZE = 100
const all = leaves(MAX_SIZE)

/** As text, because comparing strings is a hundred times quicker than `toEqual` on bytes. */
const printed = (hashes: readonly Hash[]): string => hashes.map(encodeHex).join(' ')

function grow(size: number, combine = dot): Hash[] {
  const stored: Hash[] = []
  const { read } = readerOf(stored)
  for (let i = 0; i < size; i++) stored.push(...appendLeaf(i, all[i]!, read, combine))
  return stored
}

for (const [name, combine] of [
  ['dot', dot],
  ['an ordered combination', joinOrdered],
] as const) {
  describe(`trees over ${name}`, () => {
    it('stores each node where storedHashIndex says, and as many as storedHashCount says', () => {
      const stored: Hash[] = []
      const { read, asked } = readerOf(stored)
      const seen = new Set<number>()
      for (let i = 0; i < MAX_SIZE; i++) {
        expect(stored.length).toBe(storedHashIndex(0, i))
        asked.length = 0
        stored.push(...appendLeaf(i, all[i]!, read, combine))
        expect(asked.length).toBe(i % 2)
        expect(stored.length).toBe(storedHashCount(i + 1))
      }
      for (let level = 0; 2 ** level <= MAX_SIZE; level++) {
        for (let n = 0; (n + 1) * 2 ** level <= MAX_SIZE; n++) {
          const index = storedHashIndex(level, n)
          seen.add(index)
          expect(stored[index]).toEqual(naiveRoot(all.slice(n * 2 ** level, (n + 1) * 2 ** level), combine))
        }
      }
      expect(seen.size).toBe(stored.length)
    })

    it('gives the root and every proof of every size from one larger store, asking once', () => {
      const stored = grow(MAX_SIZE, combine)
      for (let size = 0; size <= MAX_SIZE; size++) {
        const hashes = all.slice(0, size)
        const root = naiveRoot(hashes, combine)
        // A tree of this size never looks beyond the nodes that were stored when it had this size.
        const { read, asked } = readerOf(stored.slice(0, storedHashCount(size)))
        expect(printed([treeRoot(size, read, combine)])).toBe(printed([root]))
        expect(asked.length).toBe(size === 0 ? 0 : 1)
        expect(printed([merkleRoot(hashes, combine)])).toBe(printed([root]))
        for (let leaf = 0; leaf < size; leaf++) {
          asked.length = 0
          const proof = proveLeaf(size, leaf, read, combine)
          expect(asked.length).toBeLessThanOrEqual(1)
          expect(asked.flat().length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(size)))
          expect(printed(proof)).toBe(printed(naivePath(leaf, hashes, combine)))
          expect(printed(proof)).toBe(printed(merkleProof(hashes, leaf, combine)))
          expect(proofLength(size, leaf)).toBe(proof.length)
          expect(verifyLeaf(proof, size, leaf, all[leaf]!, root, combine)).toBe(true)
        }
      }
    })

    it('refuses a proof with any hash flipped, left out, added or swapped, and another leaf or root', () => {
      const stored = grow(MAX_SIZE, combine)
      const { read } = readerOf(stored)
      for (const size of [1, 2, 3, 5, 8, 13, 21, 64, 77, 100]) {
        const root = treeRoot(size, read, combine)
        for (let leaf = 0; leaf < size; leaf++) {
          const proof = proveLeaf(size, leaf, read, combine)
          const refused = (changed: readonly Hash[], why: string): void => {
            expect(verifyLeaf(changed, size, leaf, all[leaf]!, root, combine), `${why}, leaf ${leaf} of ${size}`).toBe(
              false,
            )
          }
          for (let i = 0; i < proof.length; i++) {
            const flipped = proof.map((hash) => hash.slice())
            flipped[i]![(leaf * 7 + i) % 32]! ^= 1 << (leaf % 8)
            refused(flipped, 'flipped')
            refused(proof.toSpliced(i, 1), 'left out')
            refused(proof.toSpliced(i, 1, proof[i]!.subarray(0, 31)), 'shortened')
            refused(proof.toSpliced(i, 1, EMPTY_HASH), 'emptied')
            if (i > 0) refused(proof.toSpliced(i - 1, 2, proof[i]!, proof[i - 1]!), 'swapped')
          }
          refused([...proof, all[0]!], 'added')
          refused([...proof, EMPTY_HASH], 'empty one added')
          const otherLeaf = all[(leaf + 1) % MAX_SIZE]!
          expect(verifyLeaf(proof, size, leaf, otherLeaf, root, combine)).toBe(false)
          expect(verifyLeaf(proof, size, leaf, all[leaf]!, all[leaf + 1] ?? EMPTY_HASH, combine)).toBe(false)
          expect(verifyLeaf(proof, size, leaf, EMPTY_HASH, root, combine)).toBe(false)
        }
      }
    })
  })
}

describe('positions', () => {
  it('are all told apart when left and right are', () => {
    const { read } = readerOf(grow(33, joinOrdered))
    for (let size = 1; size <= 33; size++) {
      const root = treeRoot(size, read, joinOrdered)
      for (let leaf = 0; leaf < size; leaf++) {
        const proof = proveLeaf(size, leaf, read, joinOrdered)
        for (let claimed = 0; claimed < size; claimed++) {
          expect(verifyLeaf(proof, size, claimed, all[leaf]!, root, joinOrdered)).toBe(claimed === leaf)
        }
      }
    }
  })

  it('with another number of siblings are refused in the dot tree', () => {
    const { read } = readerOf(grow(MAX_SIZE))
    for (let size = 1; size <= MAX_SIZE; size++) {
      const root = treeRoot(size, read)
      const last = proveLeaf(size, size - 1, read)
      for (let claimed = 0; claimed < size; claimed++) {
        const accepted = verifyLeaf(last, size, claimed, all[size - 1]!, root)
        expect(accepted).toBe(naivePath(claimed, all.slice(0, size)).length === last.length)
      }
    }
  })

  it('that cannot be are refused, not an error', () => {
    const leaf = all[0]!
    for (const [size, index] of [
      [0, 0],
      [1, 1],
      [1, -1],
      [-1, -2],
      [1.5, 0],
      [2, 0.5],
      [Number.NaN, 0],
      [2 ** 60, 0],
      [1, Number.NaN],
    ]) {
      expect(verifyLeaf([], size!, index!, leaf, leaf)).toBe(false)
    }
    expect(verifyLeaf([], 1, 0, leaf, leaf)).toBe(true)
  })

  it('that cannot be are a RangeError for whoever proves', () => {
    const { read } = readerOf(grow(3))
    expect(() => proveLeaf(3, 3, read)).toThrow(new RangeError("'leafIndex' expected an integer in [0, 3), got 3"))
    expect(() => proveLeaf(3, -1, read)).toThrow(RangeError)
    expect(() => proveLeaf(0, 0, read)).toThrow(RangeError)
    expect(() => treeRoot(-1, read)).toThrow(new RangeError("'size' expected an integer >= 0, got -1"))
    expect(() => merkleProof([], 0)).toThrow(RangeError)
    expect(() => treeRoot(3, () => [])).toThrow('a HashReader answers with one hash for each index')
  })
})

describe('large trees', () => {
  it('keep indexes exact far beyond 32 bits', () => {
    // Leaf 2^k stands behind the complete tree of 2^k leaves, which has 2^(k+1) - 1 nodes.
    for (let k = 0; k <= 50; k++) {
      expect(storedHashIndex(0, 2 ** k)).toBe(2 ** (k + 1) - 1)
      expect(storedHashIndex(k, 0)).toBe(2 ** (k + 1) - 2)
    }
    expect(proofLength(2 ** 40, 2 ** 40 - 1)).toBe(40)
    expect(proofLength(2 ** 40 + 1, 2 ** 40)).toBe(1)
  })

  it('agree with the sum of halves', () => {
    fc.assert(
      fc.property(
        fc.maxSafeNat().map((n) => Math.floor(n / 4)),
        (n) => {
          let expected = 0n
          for (let rest = BigInt(n); rest > 0n; rest >>= 1n) expected += rest
          expect(BigInt(storedHashIndex(0, n))).toBe(expected)
        },
      ),
    )
  })
})

describe('Frontier', () => {
  it('appends and tells the root as the stored tree does, from any point it was resumed at', () => {
    const stored = grow(MAX_SIZE)
    const { read, asked } = readerOf(stored)
    for (let start = 0; start <= MAX_SIZE; start++) {
      asked.length = 0
      const frontier = Frontier.resume(start, read)
      expect(asked.length).toBe(start === 0 ? 0 : 1)
      for (let size = start; size < MAX_SIZE; size++) {
        expect(frontier.size).toBe(size)
        expect(printed([frontier.root()])).toBe(printed([treeRoot(size, read)]))
        const nodes = stored.slice(storedHashCount(size), storedHashCount(size + 1))
        expect(printed(frontier.append(all[size]!))).toBe(printed(nodes))
      }
    }
    expect(Frontier.empty().root()).toEqual(EMPTY_HASH)
  })
})

describe('roots', () => {
  it('over SHA-256("0"), SHA-256("1"), … are those made with ion-hash-js', () => {
    const expected = [
      'b9b10a1bc77d2a241d120324db7f3b81b2edb67eb8e9cf02af9c95d30329aef5',
      'c80f77387d860fa469920d7ac2f8a959ef83a651f76dc54923734ed76daaef53',
      '3adc753b7317e280a98c1438447f17cbb0842a9b83724fff70ad4f0b454f4805',
      'a0ee53656a3c8800955b1c7c928e41195ce8d3a2d58c299cd083274ad9ab863b',
      'f9fcd235299fa8c6458dd833313302736c96f86ffea5557cacc350a43038e57e',
      'ccd5ecd1825539b1b4315c41a22b86fcb82c6d85080669a580ebdd96b29eaa56',
    ]
    for (const [i, root] of expected.entries()) {
      expect(encodeHex(merkleRoot(all.slice(0, i + 2)))).toBe(root)
      expect(encodeHex(treeRoot(i + 2, readerOf(grow(i + 2)).read))).toBe(root)
    }
  })
})

/* Printed by Amazon QLDB: AWS CLI examples and the developer guide. */
describe('proofs of real ledgers', () => {
  const hashes = (...texts: string[]): Hash[] => texts.map(decodeBase64)
  const blockProof = hashes(
    'l3+EXs69K1+rehlqyWLkt+oHDlw4Zi9pCLW/t/mgTPM=',
    '48CXG3ehPqsxCYd34EEa8Fso0ORpWWAO8010RJKf3Do=',
    '9UnwnKSQT0i3ge1JMVa+tMIqCEDaOPTkWxmyHSn8UPQ=',
    '3nW6Vryghk+7pd6wFCtLufgPM6qXHyTNeCb1sCwcDaI=',
    'Irb5fNhBrNEQ1VPhzlnGT/ZQPadSmgfdtMYcwkNOxoI=',
    '+3CWpYG/ytf/vq9GidpzSx6JJiLXt1hMQWNnqOy3jfY=',
    'NPx6cRhwsiy5m9UEWS5JTJrZoUdO2jBOAAOmyZAT+qE=',
  )
  const digest = decodeBase64('6m6BMXobbJKpMhahwVthAEsN6awgnHK62Qq5McGP1Gk=')
  const blockHash = decodeBase64('NoChM92yKRuJAb/jeLd1VnYn4DHiWIf071ACfic9uHc=')
  const previousBlockHash = decodeBase64('7kewBXhpdbClcZKxhVmpoMHpUGOJtWQD0iY2LPfZkYA=')
  const entriesHash = decodeBase64('l05LOsiKV14SDbuaYnH7uwXzUvqzIwUiRLXGbTyj/nY=')
  const entriesHashList = hashes(
    'eRSwnmAM7WWANWDd5iGOyK+T4tDXyzUq6HZ/0fgLHos=',
    'mHVex/yjHAWjFPpwhBuH2GKXmKJjK2FBa9faqoUVNtg=',
    'y5cCBr7pOAIUfsVQ1j0TqtE97b4b4oo1R0vnYyE5wWM=',
    'TvTXygML1bMe6NvEZtGkX+KR+W/EJl4qD1mmV77KZQg=',
  )

  it('block 100 of a ledger of 124 blocks', () => {
    expect(merkleRoot(entriesHashList)).toEqual(entriesHash)
    expect(dot(entriesHash, previousBlockHash)).toEqual(blockHash)
    expect(proofRoot(blockHash, blockProof)).toEqual(digest)
    expect(verifyLeaf(blockProof, 124, 100, blockHash, digest)).toBe(true)
    const { read } = readerOf(grow(100))
    expect(() => proveLeaf(124, 100, read)).toThrow('was asked for') // a size beyond the store is the reader's to refuse
  })

  it('the revision in it: its entries tree, the previous block, then the block proof', () => {
    const proof = [...merkleProof(entriesHashList, 1), previousBlockHash, ...blockProof]
    expect(proof).toEqual([
      ...hashes('eRSwnmAM7WWANWDd5iGOyK+T4tDXyzUq6HZ/0fgLHos=', 'VV1rdaNuf+yJZVGlmsM6gr2T52QvBO8Lg+KgpjcnWAU='),
      previousBlockHash,
      ...blockProof,
    ])
    expect(proofRoot(entriesHashList[1]!, proof)).toEqual(digest)
    for (let i = 0; i < proof.length; i++) {
      const flipped = proof.map((hash) => hash.slice())
      flipped[i]![i]! ^= 1
      expect(equalHashes(proofRoot(entriesHashList[1]!, flipped), digest)).toBe(false)
    }
  })

  it('a revision of block 175 of a ledger of 177 blocks, where the block has a level without sibling', () => {
    const leaf = decodeBase64(PROOF_E.leaf)
    const proof = PROOF_E.proof.map((hash) => decodeBase64(hash))
    const expected = decodeBase64(PROOF_E.digest)
    expect(proofRoot(leaf, proof)).toEqual(expected)
    // Two hashes inside the block, the previous block's, then seven in the tree; of an odd leaf the first is the previous block.
    const ownBlock = proofRoot(leaf, proof.slice(0, 3))
    expect(proof[2]).toEqual(proof[3])
    expect(verifyLeaf(proof.slice(3), 177, 175, ownBlock, expected)).toBe(true)
    expect(verifyLeaf(proof.slice(3), 177, 176, ownBlock, expected)).toBe(false)
    expect(verifyLeaf(proof.slice(3), 193, 175, ownBlock, expected)).toBe(false)
  })

  it('the entries of two more blocks', () => {
    const blocks = [
      {
        entries: [
          'LmcGQjLlfScQQxbzaoglEpXpeN9bp7I/QUk690ncEpk=',
          'vJFOcsNRM14gsIBSEnwPhMVgRAWf/4EUW5gPYbtmDv0=',
          'KXJrG8t/KePERHasyztlv4kZPol4Q2buhWmy7iJrsiY=',
          'Lz3XWBwtWyBA/Lhj+UoLhbajPQ8Mk9N4j0HJlrm2OTg=',
        ],
        entriesHash: 'RNGQGcOKCGLCo5S+hs1eboanNrocIzRiqzzq1s99G/Q=',
        previousBlockHash: 'pV28aszpqJH9LOO9oMsACDmXfdzdEW7HYxzuQVIjSDU=',
        blockHash: 'lu425dAWsmvzxuNHTbn4ID4mLo0bWKkjLP2Uel4wrPQ=',
      },
      {
        entries: [
          'BUCXP6oYgmug2AfPZcAZup2lKolJNTbTuV5RA1VaFpo=',
          'cTIRkjuULzp/4KaUEsb/S7+TG8FvpFiZHT4tEJGcANc=',
          '3aktJSMyJ3C5StZv4WIJLu/w3D8mGtduZvP0ldKUaUM=',
          'GPKIJ1+o8mMZmPj/35ZQXoca2z64MVYMCwqs/g080IM=',
        ],
        entriesHash: 'buYYc5kV4rrRtJAsrIQnfnhgkzfQ8BKjI0C2vFnYQEw=',
        previousBlockHash: 'I1UKRIWUgkM1X6042kcoZ/eN1rn0uxhDTc08zw9kZ5I=',
        blockHash: 'QS5lJt8vRxT30L9OGL5oU1pxFTe+UlEwakYBCrvGQ4A=',
      },
    ]
    for (const block of blocks) {
      const entriesHash = merkleRoot(block.entries.map(decodeBase64))
      expect(entriesHash).toEqual(decodeBase64(block.entriesHash))
      expect(dot(entriesHash, decodeBase64(block.previousBlockHash))).toEqual(decodeBase64(block.blockHash))
    }
  })
})
