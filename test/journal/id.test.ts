/** Goal: ids look as QLDB's did, sort by time as text and as bytes, and never come twice. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeId, encodeId, IdSource, isId, newId } from '../../src/journal/index.ts'
import { seededRandomness } from './sample-journal.ts'

/** The two halves as numbers, base 62, most significant digit first: the definition, with BigInt. */
function naive(bytes: Uint8Array): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
  return [bytes.subarray(0, 8), bytes.subarray(8)]
    .map((half) => {
      let number = half.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
      let text = ''
      for (let place = 0; place < 11; place++) {
        text = digits.charAt(Number(number % 62n)) + text
        number /= 62n
      }
      return text
    })
    .join('')
}

const sixteenBytes = fc.uint8Array({ minLength: 16, maxLength: 16 })

describe('encodeId and decodeId', () => {
  test('are two halves in base 62', () => {
    expect(encodeId(new Uint8Array(16))).toBe('0'.repeat(22))
    expect(encodeId(new Uint8Array(16).fill(255))).toBe('LygHa16AHYFLygHa16AHYF')
    fc.assert(fc.property(sixteenBytes, (bytes) => encodeId(bytes) === naive(bytes)))
  })

  test('are each other backwards', () => {
    fc.assert(
      fc.property(sixteenBytes, (bytes) => {
        expect(decodeId(encodeId(bytes))).toEqual(bytes)
      }),
    )
    // Ids that QLDB made.
    for (const id of ['KmA3ZZca7vAIiJAK9S5Iwl', 'JUJgkIcNbhS2goq8RqLuZ4', '0007KbqoyqAIch6XRbQ4iA']) {
      expect(encodeId(decodeId(id))).toBe(id)
      expect(isId(id)).toBe(true)
    }
  })

  test('keep the order of the bytes', () => {
    fc.assert(
      fc.property(sixteenBytes, sixteenBytes, (a, b) => {
        expect(Math.sign(Buffer.compare(a, b))).toBe(encodeId(a) < encodeId(b) ? -1 : encodeId(a) > encodeId(b) ? 1 : 0)
      }),
    )
  })

  test('refuse what is no id', () => {
    for (const text of [
      '',
      'x',
      '0'.repeat(21),
      '0'.repeat(23),
      `${'0'.repeat(21)}-`,
      'LygHa16AHYGLygHa16AHYF',
      `${'0'.repeat(21)}ä`,
    ]) {
      expect(() => decodeId(text), text).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }))
      expect(isId(text), text).toBe(false)
    }
    expect(() => encodeId(new Uint8Array(15))).toThrow(RangeError)
  })
})

describe('an id source', () => {
  test('puts the time first: 48 bits of milliseconds, 16 of a counter, 64 random', () => {
    const random = Uint8Array.from({ length: 128 }, (_, index) => index)
    const source = new IdSource((size) => random.slice(0, size))
    const time = Date.UTC(2026, 10, 20)
    for (const [index, id] of [source.next(time), source.next(time), source.next(time + 1)].entries()) {
      const view = new DataView(decodeId(id).buffer)
      expect(view.getUint16(0) * 2 ** 32 + view.getUint32(2)).toBe(index < 2 ? time : time + 1)
      expect(view.getUint16(6)).toBe(index === 1 ? 1 : 0)
      expect(view.getBigUint64(8)).toBe(new DataView(random.buffer).getBigUint64(8 * index))
    }
  })

  test('rises strictly, also within a millisecond and when the clock runs backwards', () => {
    const source = new IdSource(seededRandomness())
    let before = ''
    for (let count = 0; count < 200_000; count++) {
      const id = source.next(1_000_000 - (count % 3))
      if (id <= before) expect.fail(`${id} follows ${before}`)
      before = id
    }
  })

  test('gives the same ids for the same times and randomness', () => {
    const [a, b] = [new IdSource(seededRandomness(7)), new IdSource(seededRandomness(7))]
    const ids = Array.from({ length: 100 }, (_, time) => a.next(time))
    expect(Array.from({ length: 100 }, (_, time) => b.next(time))).toEqual(ids)
    expect(newId(0, seededRandomness(7))).toBe(ids[0])
  })

  test('refuses times that do not fit', () => {
    for (const time of [-1, 0.5, 2 ** 48, Number.NaN]) {
      expect(() => newId(time, seededRandomness()), String(time)).toThrow(RangeError)
    }
  })
})
