/**
 * Goal: the kernel is SHA-256 in every lane, whatever lies in the others. Method: node:crypto over every short length,
 * and a plain loop for the escapes.
 */
import { createHash } from 'node:crypto'
import { runInNewContext } from 'node:vm'
import { buildSync } from 'esbuild'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KERNEL_BASE, makeSha256Kernel, type Sha256Kernel } from '../../src/hash/index.ts'

const kernel = makeSha256Kernel() as Sha256Kernel
const STRIDE = 1024
const PLACES = [0, 1, 2, 3].map((lane) => KERNEL_BASE + lane * STRIDE) as [number, number, number, number]

const blocksOf = (message: Uint8Array): number => Math.ceil((message.length + 9) / 64)
const sha256OfNode = (message: Uint8Array): string => createHash('sha256').update(message).digest('hex')

/** Puts a message, padded as FIPS 180-4 §5.1.1 says, over whatever was there. */
function put(message: Uint8Array, place: number): void {
  const bytes = new Uint8Array(kernel.memory.buffer)
  const end = place + 64 * blocksOf(message)
  bytes.fill(0, place, end)
  bytes.set(message, place)
  bytes[place + message.length] = 0x80
  new DataView(kernel.memory.buffer).setUint32(end - 4, 8 * message.length)
}

const hashAt = (place: number): string => Buffer.from(kernel.memory.buffer, place, 32).toString('hex')

describe('digest4', () => {
  it('agrees with node:crypto on every length from 0 to 300, with other messages of as many blocks in the other lanes', () => {
    for (let length = 0; length <= 300; length++) {
      const blocks = Math.ceil((length + 9) / 64)
      const shortest = Math.max(0, 64 * (blocks - 1) - 8)
      const lengths = [length, shortest, 64 * blocks - 9, Math.floor((shortest + length) / 2)]
      for (let lane = 0; lane < 4; lane++) {
        const messages = PLACES.map((_, i) =>
          new Uint8Array(lengths[(i + lane) % 4]!).map((_, at) => (at * 31 + i * 77 + length * 13) & 255),
        )
        messages.forEach((message, i) => {
          expect(blocksOf(message)).toBe(blocks)
          put(message, PLACES[i]!)
        })
        kernel.digest4(...PLACES, blocks)
        expect(PLACES.map(hashAt)).toEqual(messages.map(sha256OfNode))
      }
    }
  })

  it('agrees with node:crypto on any four messages of as many blocks', () => {
    const messages = fc.integer({ min: 1, max: 8 }).chain((blocks) =>
      fc.tuple(
        fc.constant(blocks),
        fc.array(fc.uint8Array({ minLength: Math.max(0, 64 * blocks - 72), maxLength: 64 * blocks - 9, size: 'max' }), {
          minLength: 4,
          maxLength: 4,
        }),
      ),
    )
    fc.assert(
      fc.property(messages, ([blocks, four]) => {
        four.forEach((message, lane) => {
          put(message, PLACES[lane]!)
        })
        kernel.digest4(...PLACES, blocks)
        expect(PLACES.map(hashAt)).toEqual(four.map(sha256OfNode))
      }),
    )
  })

  it('takes one message in several lanes, and leaves what is behind the hash', () => {
    const message = new Uint8Array(100).map((_, at) => at)
    put(message, PLACES[0])
    put(message, PLACES[1])
    const behind = Buffer.from(kernel.memory.buffer, PLACES[0] + 32, 96).toString('hex')
    kernel.digest4(PLACES[0], PLACES[0], PLACES[1], PLACES[0], 2)
    expect(hashAt(PLACES[0])).toBe(sha256OfNode(message))
    expect(hashAt(PLACES[1])).toBe(sha256OfNode(message))
    expect(Buffer.from(kernel.memory.buffer, PLACES[0] + 32, 96).toString('hex')).toBe(behind)
  })
})

describe('escape32', () => {
  it('copies 32 bytes with 0C before each 0B, 0C and 0E', () => {
    const byte = fc.oneof(fc.integer({ min: 0x0a, max: 0x0f }), fc.integer({ min: 0x8a, max: 0x8f }), fc.nat(255))
    const arrays = fc.oneof(
      fc.array(byte, { minLength: 32, maxLength: 32 }),
      fc.array(fc.constantFrom(0x0b, 0x0c, 0x0e), { minLength: 32, maxLength: 32 }),
      fc.array(fc.nat(255), { minLength: 32, maxLength: 32 }),
    )
    fc.assert(
      fc.property(arrays, fc.nat(15), fc.nat(15), (hash, fromOffset, toOffset) => {
        const bytes = new Uint8Array(kernel.memory.buffer)
        const from = PLACES[0] + fromOffset
        const to = PLACES[1] + toOffset
        bytes.set(hash, from)
        const before = bytes[to - 1]
        const expected = hash.flatMap((b) => (b === 0x0b || b === 0x0c || b === 0x0e ? [0x0c, b] : [b]))
        const next = kernel.escape32(from, to)
        expect(next - to).toBe(expected.length)
        expect([...bytes.subarray(to, next)]).toEqual(expected)
        expect(bytes[to - 1]).toBe(before)
        expect([...bytes.subarray(from, from + 32)]).toEqual(hash)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('makeSha256Kernel', () => {
  const bundle = buildSync({
    stdin: { contents: "export * from './src/ion/index.ts'; export * from './src/hash/index.ts'", resolveDir: '.' },
    bundle: true,
    format: 'iife',
    globalName: 'ion',
    platform: 'browser',
    write: false,
  }).outputFiles[0]!.text
  const value = `{a: 1, b: {c: "${'long '.repeat(30)}", d: [{e: 2}], f: 3}, g: 4, h: 5}`
  const inContext = (before: string): unknown =>
    runInNewContext(
      `${before}; ${bundle}; [ion.makeSha256Kernel() !== undefined, ion.encodeHex(ion.hashValue(ion.parseOne(text)))]`,
      { text: value, TextEncoder, TextDecoder },
    )

  it('makes a kernel in a bare context, and none where WebAssembly or SIMD is missing or forbidden; hashes stay', () => {
    const [isThere, hash] = inContext('') as [boolean, string]
    expect(isThere).toBe(true)
    const without = [
      'globalThis.WebAssembly = undefined',
      'WebAssembly.validate = () => false',
      'WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError("forbidden") } }',
      'WebAssembly.Instance = class { constructor() { throw new RangeError("out of memory") } }',
    ]
    for (const before of without) expect(inContext(before), before).toEqual([false, hash])
  })

  it('gives every kernel a memory of its own', () => {
    const other = makeSha256Kernel() as Sha256Kernel
    expect(other.memory.buffer).not.toBe(kernel.memory.buffer)
    expect(other.memory.buffer.byteLength).toBe(65_536)
  })
})
