/** Goal: a walk over any bytes ends, never crashes, and yields no frame that was not written. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MemoryFileSystem } from '../../src/storage/index.ts'
import {
  decodeSegmentHeader,
  FileStrand,
  parseSegmentName,
  readFrames,
  SEGMENT_HEADER_SIZE,
  segmentName,
} from '../../src/strand/index.ts'
import { blockBytes, blocks } from './blocks.ts'

async function segment(): Promise<Uint8Array> {
  const fileSystem = new MemoryFileSystem()
  const strand = await FileStrand.open('/j', { strandId: 'abc', fileSystem })
  await strand.append(-1, blocks(0, 3))
  await strand.append(2, blocks(3, 2))
  return fileSystem.readFile(`/j/${segmentName(0)}`)!
}

test('yields every block with what it was appended with', async () => {
  const frames = [...readFrames(await segment())]
  expect(frames).toHaveLength(5)
  let offset = SEGMENT_HEADER_SIZE
  for (const [sequenceNo, frame] of frames.entries()) {
    expect(frame).toMatchObject({
      kind: 'frame',
      offset,
      length: blockBytes(sequenceNo).length,
      sequenceNo,
      blockTimestamp: 1_700_000_000_000 + sequenceNo,
      bytes: blockBytes(sequenceNo),
      blockHash: new Uint8Array(32).fill(sequenceNo),
    })
    offset += 60 + blockBytes(sequenceNo).length
  }
  const synced = frames.map((frame) => (frame.kind === 'frame' ? frame.syncedBytes : -1))
  expect(synced.slice(0, 3)).toEqual([64, 64, 64])
  expect(new Set(synced.slice(3))).toEqual(new Set([frames[3]!.offset]))
})

test('finds every flipped bit', async () => {
  const bytes = await segment()
  const whole = [...readFrames(bytes)]
  for (let at = 0; at < bytes.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const flipped = bytes.with(at, bytes[at]! ^ (1 << bit))
      const frames = [...readFrames(flipped)]
      const damaged = at < SEGMENT_HEADER_SIZE ? 0 : whole.findLastIndex((frame) => frame.offset <= at)
      expect(frames).toHaveLength(damaged + 1)
      const offset = at < SEGMENT_HEADER_SIZE ? 0 : whole[damaged]!.offset
      expect(frames.at(-1)).toMatchObject({ kind: 'fault', offset })
    }
  }
})

test('survives any bytes', async () => {
  const bytes = await segment()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(bytes.length), (noise, at) => {
      expect([...readFrames(noise)].filter(({ kind }) => kind === 'frame')).toEqual([])
      const mixed = Buffer.concat([bytes.subarray(0, at), noise])
      const written = [...readFrames(bytes)].filter((frame) => frame.kind === 'frame')
      for (const [index, frame] of [...readFrames(mixed)].entries())
        if (frame.kind === 'frame') expect(frame.bytes).toEqual(written[index]?.bytes)
    }),
  )
})

test('a header says what it was made of, and nothing else is one', async () => {
  const bytes = await segment()
  expect(decodeSegmentHeader(bytes, 'x')).toEqual({
    strandId: 'abc',
    segment: 0,
    firstSequenceNo: 0,
    previousSizeBytes: 0,
  })
  for (let at = 0; at < SEGMENT_HEADER_SIZE; at++)
    expect(() => decodeSegmentHeader(bytes.with(at, bytes[at]! ^ 1), 'x')).toThrow(/Segment x/)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (noise) => {
      expect(() => decodeSegmentHeader(noise, 'x')).toThrow(/Segment x/)
    }),
  )
})

test('names sort as numbers and read back', () => {
  expect(segmentName(0)).toBe('0000000000000000.segment')
  for (const number of [0, 7, 123_456, 2 ** 40]) expect(parseSegmentName(segmentName(number))).toBe(number)
  for (const name of ['x', '1.segment', '0000000000000000.segment.new', '000000000000000a.segment'])
    expect(parseSegmentName(name)).toBeUndefined()
})
