import { createHash } from 'node:crypto'
import { runInNewContext } from 'node:vm'
import { buildSync } from 'esbuild'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EMPTY_HASH, encodeHex, equalHashes, hashFromLatin1, sha256, sha256Latin1 } from '../../src/hash/index.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('sha256', () => {
  it('gives the examples of FIPS 180-4', () => {
    expect(encodeHex(sha256(bytesOf('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(encodeHex(sha256(new Uint8Array(0)))).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    )
    expect(encodeHex(sha256(bytesOf('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')))).toBe(
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    )
  })

  it('agrees with createHash on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const expected = new Uint8Array(createHash('sha256').update(bytes).digest())
        expect(sha256(bytes)).toEqual(expected)
        expect(hashFromLatin1(sha256Latin1(bytes))).toEqual(expected)
      }),
    )
  })

  it('agrees with itself where there is no Node', () => {
    const bundle = buildSync({
      entryPoints: ['src/hash/index.ts'],
      bundle: true,
      format: 'iife',
      globalName: 'hash',
      platform: 'browser',
      write: false,
    }).outputFiles[0]!.text
    const inVoid = runInNewContext(`${bundle}; bytes => hash.encodeHex(hash.sha256(bytes))`, {}) as (
      b: Uint8Array,
    ) => string
    for (const size of [0, 1, 55, 56, 63, 64, 65, 1000]) {
      const bytes = new Uint8Array(size).map((_, i) => i * 31)
      expect(inVoid(bytes)).toBe(encodeHex(sha256(bytes)))
    }
  })
})

describe('equalHashes', () => {
  it('sees every flipped bit and every other length', () => {
    const hash = sha256(bytesOf('a'))
    expect(equalHashes(hash, hash.slice())).toBe(true)
    for (let bit = 0; bit < 256; bit++) {
      const other = hash.slice()
      other[bit >> 3]! ^= 1 << (bit & 7)
      expect(equalHashes(hash, other)).toBe(false)
    }
    expect(equalHashes(hash, EMPTY_HASH)).toBe(false)
    expect(equalHashes(hash, hash.subarray(0, 31))).toBe(false)
  })
})
