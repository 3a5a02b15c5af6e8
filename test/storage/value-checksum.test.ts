/** Goal: no change within one word of key or value escapes, and hardly any other. Method: exhaustive over small entries. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checksum, copyWithChecksum } from '../../src/storage/value-checksum.ts'

function padded(bytes: Uint8Array, filler: number): Int32Array {
  const all = new Uint8Array((bytes.length + 7) & ~3).fill(filler)
  all.set(bytes)
  return new Int32Array(all.buffer)
}

function sum(seed: number, key: Uint8Array, value: Uint8Array, filler = 0): number {
  return checksum(seed, padded(key, filler), 0, key.length, padded(value, filler), 0, value.length)
}

const bytes = (length: number, factor: number): Uint8Array => new Uint8Array(length).map((_, index) => index * factor)

test('finds every changed byte of key and value, whatever it changes to', () => {
  let escaped = 0
  for (let length = 0; length <= 40; length++) {
    const key = bytes(1 + (length % 9), 29)
    const value = bytes(length, 13)
    const expected = sum(7, key, value)
    for (const [part, change] of [
      [key, (changed: Uint8Array) => sum(7, changed, value)],
      [value, (changed: Uint8Array) => sum(7, key, changed)],
    ] as const)
      for (let at = 0; at < part.length; at++)
        for (let flip = 1; flip < 256; flip++) if (change(part.with(at, part[at]! ^ flip)) === expected) escaped++
  }
  expect(escaped).toBe(0)
})

test('does not look at what lies beside key and value', () => {
  for (let length = 0; length < 12; length++)
    for (let keyLength = 1; keyLength < 6; keyLength++)
      expect(sum(1, bytes(keyLength, 5), bytes(length, 3), 0xff)).toBe(sum(1, bytes(keyLength, 5), bytes(length, 3)))
})

test('finds a value of another length, key or key space', () => {
  const found = new Set<number>()
  for (let length = 0; length < 200; length++) found.add(sum(1, bytes(3, 1), new Uint8Array(length)))
  for (let length = 1; length < 50; length++) found.add(sum(1, new Uint8Array(length), bytes(9, 1)))
  for (let seed = 2; seed < 50; seed++) found.add(sum(seed, bytes(3, 1), new Uint8Array(8)))
  expect(found.size).toBe(200 + 49 + 48)
})

test('finds words that change places', () => {
  const value = bytes(64, 7)
  const expected = sum(1, bytes(4, 1), value)
  for (let a = 0; a < 16; a++)
    for (let b = 0; b < a; b++) {
      const swapped = value.slice()
      swapped.set(value.subarray(a * 4, a * 4 + 4), b * 4)
      swapped.set(value.subarray(b * 4, b * 4 + 4), a * 4)
      expect(sum(1, bytes(4, 1), swapped)).not.toBe(expected)
    }
})

test('never takes one random entry for another', () => {
  const seen = new Map<number, string>()
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.uint8Array({ maxLength: 60 }), (key, value) => {
      const name = `${key} ${value}`
      const found = sum(3, key, value)
      expect(seen.get(found) ?? name).toBe(name)
      seen.set(found, name)
    }),
    { numRuns: 3000, seed: 1 },
  )
})

test('copied and checked in one pass, an entry has the same checksum and arrives whole', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 70 }), fc.uint8Array({ maxLength: 400 }), (key, value) => {
      const keyRoom = (key.length + 3) >>> 2
      const target = new Int32Array(keyRoom + ((value.length + 3) >>> 2))
      const copied = copyWithChecksum(
        5,
        padded(key, 0xaa),
        0,
        key.length,
        padded(value, 0xbb),
        0,
        value.length,
        target,
        0,
        keyRoom,
      )
      expect(copied).toBe(sum(5, key, value))
      const arrived = new Uint8Array(target.buffer)
      expect(arrived.slice(0, key.length)).toEqual(key)
      expect(arrived.slice(4 * keyRoom, 4 * keyRoom + value.length)).toEqual(value)
    }),
  )
})
