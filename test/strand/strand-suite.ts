import { describe, expect, test } from 'vitest'
import { ConflictError, CorruptionError, SessionError } from '../../src/errors.ts'
import type { Strand } from '../../src/strand/index.ts'
import { block, blockBytes, blocks, countBlocks } from './blocks.ts'

/** What every {@link Strand} does. `make` gives an empty one with the id `strand-of-test`. */
export function strandSuite(name: string, make: () => Promise<Strand>): void {
  describe(name, () => {
    test('is empty when new', async () => {
      const strand = await make()
      expect(strand.strandId).toBe('strand-of-test')
      expect(strand.head).toEqual({ sequenceNo: -1, blockHash: new Uint8Array(0), blockTimestamp: 0 })
      expect([...strand.read(0)]).toEqual([])
      await strand.close()
    })

    test('reads back what was appended, in order and by location', async () => {
      const strand = await make()
      const locations = [...(await strand.append(-1, blocks(0, 5))), ...(await strand.append(4, blocks(5, 3)))]
      expect(strand.head).toEqual({
        sequenceNo: 7,
        blockHash: new Uint8Array(32).fill(7),
        blockTimestamp: 1_700_000_000_007,
      })
      expect(countBlocks(strand)).toBe(8)
      expect([...strand.read(0)].map(({ location }) => location)).toEqual(locations)
      for (const [sequenceNo, location] of locations.entries())
        expect(strand.readAt(location)).toEqual(blockBytes(sequenceNo))
      await strand.close()
    })

    test('reads from any block, with its location or without', async () => {
      const strand = await make()
      const locations = await strand.append(-1, blocks(0, 30))
      for (let from = 0; from <= 30; from++) {
        const expected = Array.from({ length: 30 - from }, (_, index) => from + index)
        expect([...strand.read(from)].map(({ sequenceNo }) => sequenceNo)).toEqual(expected)
        expect([...strand.read(from, locations[from])].map(({ sequenceNo }) => sequenceNo)).toEqual(expected)
      }
      await strand.close()
    })

    test('a walk ends at the head as it was when the walk began', async () => {
      const strand = await make()
      await strand.append(-1, blocks(0, 2))
      const walk = strand.read(0)
      expect(walk.next().value).toMatchObject({ sequenceNo: 0 })
      await strand.append(1, blocks(2, 2))
      expect([...walk].map(({ sequenceNo }) => sequenceNo)).toEqual([1])
      await strand.close()
    })

    test('refuses another tip than its own, and writes nothing', async () => {
      const strand = await make()
      await strand.append(-1, blocks(0, 2))
      for (const tip of [-1, 0, 2])
        await expect(strand.append(tip, blocks(tip + 1, 1))).rejects.toBeInstanceOf(ConflictError)
      expect(countBlocks(strand)).toBe(2)
      await strand.append(1, blocks(2, 1))
      expect(countBlocks(strand)).toBe(3)
      await strand.close()
    })

    test('refuses blocks that do not follow', async () => {
      const strand = await make()
      await expect(strand.append(-1, [block(1)])).rejects.toBeInstanceOf(RangeError)
      await expect(strand.append(-1, [block(0), block(2)])).rejects.toBeInstanceOf(RangeError)
      await expect(strand.append(-1, [{ ...block(0), blockHash: new Uint8Array(31) }])).rejects.toBeInstanceOf(
        RangeError,
      )
      expect(countBlocks(strand)).toBe(0)
      await strand.close()
    })

    test('keeps empty and large blocks', async () => {
      const strand = await make()
      const large = new Uint8Array(3_000_000).map((_, index) => index * 13)
      await strand.append(-1, [block(0, new Uint8Array(0)), block(1, large), block(2)])
      expect([...strand.read(0)].map(({ bytes }) => bytes.length)).toEqual([0, 3_000_000, blockBytes(2).length])
      const [, second] = [...strand.read(0)]
      expect(Buffer.compare(strand.readAt(second!.location), large)).toBe(0)
      await strand.close()
    })

    test('appending nothing changes nothing', async () => {
      const strand = await make()
      expect(await strand.append(-1, [])).toEqual([])
      expect(strand.head.sequenceNo).toBe(-1)
      await strand.close()
    })

    test('keeps its own copy of what it was given', async () => {
      const strand = await make()
      const given = block(0)
      await strand.append(-1, [given])
      given.bytes.fill(0)
      given.blockHash.fill(9)
      expect(countBlocks(strand)).toBe(1)
      expect(strand.head.blockHash).toEqual(new Uint8Array(32))
      await strand.close()
    })

    test('a location that is none is corruption', async () => {
      const strand = await make()
      const [location] = await strand.append(-1, blocks(0, 1))
      for (const wrong of [
        { ...location!, length: location!.length + 1 },
        { ...location!, offset: location!.offset + 1 },
        { ...location!, segment: 1 },
      ])
        expect(() => strand.readAt(wrong)).toThrow(CorruptionError)
      await strand.close()
    })

    test('refuses everything after close', async () => {
      const strand = await make()
      const [location] = await strand.append(-1, blocks(0, 1))
      await strand.close()
      await expect(strand.append(0, blocks(1, 1))).rejects.toBeInstanceOf(SessionError)
      expect(() => strand.readAt(location!)).toThrow(SessionError)
      expect(() => strand.read(0).next()).toThrow(SessionError)
      await strand.close()
    })
  })
}
