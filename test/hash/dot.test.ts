import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareHashes, decodeBase64, dot, EMPTY_HASH, encodeBase64, encodeHex } from '../../src/hash/index.ts'

const anyHash = fc.uint8Array({ minLength: 32, maxLength: 32 })

describe('compareHashes', () => {
  it('reads bytes as signed, from the last one', () => {
    const x = new Uint8Array(32)
    const y = new Uint8Array(32)
    x[31] = 0x7f
    y[31] = 0x80
    expect(compareHashes(x, y)).toBeGreaterThan(0)
    x[31] = 0
    y[31] = 0
    x[0] = 1
    expect(compareHashes(x, y)).toBeGreaterThan(0)
    y[30] = 1
    expect(compareHashes(x, y)).toBeLessThan(0)
    expect(compareHashes(x, x.slice())).toBe(0)
  })

  it('agrees with reading both as lists of signed numbers', () => {
    const signed = (hash: Uint8Array): number[] => [...new Int8Array(hash.slice().reverse().buffer)]
    fc.assert(
      fc.property(anyHash, anyHash, fc.nat(31), (a, b, shared) => {
        b.set(a.subarray(shared), shared) // make late differences as likely as early ones
        const differing = signed(a).findIndex((byte, i) => byte !== signed(b)[i])
        const expected = differing === -1 ? 0 : signed(a)[differing]! - signed(b)[differing]!
        expect(Math.sign(compareHashes(a, b))).toBe(Math.sign(expected))
      }),
    )
  })
})

describe('dot', () => {
  it('sorts by signed bytes (made with ion-hash-js)', () => {
    const x = new Uint8Array(32)
    const y = new Uint8Array(32)
    x[31] = 0x7f
    y[31] = 0x80
    const expected = '7035948d9d59da9d6ad20d11b3bc4a1e4c386dbe686fcadb095afb6bb462e6e3'
    expect(encodeHex(dot(x, y))).toBe(expected)
    expect(encodeHex(dot(y, x))).toBe(expected)
    expect(createHash('sha256').update(y).update(x).digest('hex')).toBe(expected)
  })

  it('joins items 2 and 3 of the entries of a real block into the second hash of its revision proof', () => {
    const joined = dot(
      decodeBase64('y5cCBr7pOAIUfsVQ1j0TqtE97b4b4oo1R0vnYyE5wWM='),
      decodeBase64('TvTXygML1bMe6NvEZtGkX+KR+W/EJl4qD1mmV77KZQg='),
    )
    expect(encodeBase64(joined)).toBe('VV1rdaNuf+yJZVGlmsM6gr2T52QvBO8Lg+KgpjcnWAU=')
  })

  it('gives the other hash when one is empty', () => {
    const hash = new Uint8Array(32).fill(7)
    expect(dot(hash, EMPTY_HASH)).toEqual(hash)
    expect(dot(EMPTY_HASH, hash)).toEqual(hash)
    expect(dot(EMPTY_HASH, EMPTY_HASH)).toEqual(EMPTY_HASH)
  })

  it('is commutative and leaves its arguments alone', () => {
    fc.assert(
      fc.property(anyHash, anyHash, (a, b) => {
        const before = [a.slice(), b.slice()]
        expect(dot(a, b)).toEqual(dot(b, a))
        expect([a, b]).toEqual(before)
      }),
    )
  })

  it('refuses hashes of another length', () => {
    expect(() => dot(new Uint8Array(31), new Uint8Array(32))).toThrow('a hash has 0 or 32 bytes')
  })
})
