import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dotPairs, EMPTY_HASH, encodeHex } from '../../src/hash/index.ts'

const anyHash = fc.uint8Array({ minLength: 32, maxLength: 32 })

/** QLDB's order and SHA-256, from other parts than ours. */
function expectedDot(a: Uint8Array, b: Uint8Array): string {
  if (a.length === 0 || b.length === 0) return Buffer.concat([a, b]).toString('hex')
  const [x, y] = [a, b].map((hash) => [...new Int8Array(hash.slice().reverse().buffer)]) as [number[], number[]]
  const first = x.findIndex((byte, i) => byte !== y[i])
  const pair = first === -1 || x[first]! < y[first]! ? [a, b] : [b, a]
  return createHash('sha256').update(Buffer.concat(pair)).digest('hex')
}

describe('dotPairs', () => {
  it('joins neighbours, however many, and leaves an odd one out', () => {
    fc.assert(
      fc.property(fc.array(anyHash, { maxLength: 40 }), (hashes) => {
        const expected: string[] = []
        for (let i = 0; i + 1 < hashes.length; i += 2) expected.push(expectedDot(hashes[i]!, hashes[i + 1]!))
        expect(dotPairs(hashes).map(encodeHex)).toEqual(expected)
      }),
    )
  })

  it('gives the other hash where one is empty', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(anyHash, fc.constant(EMPTY_HASH)), { minLength: 8, maxLength: 24 }), (hashes) => {
        const expected: string[] = []
        for (let i = 0; i + 1 < hashes.length; i += 2) expected.push(expectedDot(hashes[i]!, hashes[i + 1]!))
        expect(dotPairs(hashes).map(encodeHex)).toEqual(expected)
      }),
    )
  })

  it('answers with hashes that later calls leave alone, and leaves its input alone', () => {
    const hashes = Array.from({ length: 16 }, (_, i) => new Uint8Array(32).fill(i))
    const before = dotPairs(hashes)
    const printed = before.map(encodeHex)
    dotPairs(hashes.toReversed().map((hash) => hash.map((byte) => byte ^ 0x55)))
    expect(before.map(encodeHex)).toEqual(printed)
    expect(hashes.map((hash) => hash[0])).toEqual(hashes.map((_, i) => i))
  })
})
