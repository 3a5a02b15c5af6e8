import { crc32 } from 'node:zlib'
import type { Hash } from '../hash/index.ts'
import { AT_CHECKSUM, frameSeed, SEGMENT_HEADER_SIZE } from './segment.ts'
import type { StrandBlock } from './strand.ts'

/**
 * A block in a segment: 60 bytes, then the block's bytes. Integers little-endian:
 *
 * | at | bytes | what |
 * | --- | --- | --- |
 * | 0 | 4 | CRC-32 of everything after it, started from the segment's header ({@link frameSeed}) |
 * | 4 | 4 | length of the block in bytes |
 * | 8 | 8 | sequence number |
 * | 16 | 8 | block timestamp, epoch milliseconds |
 * | 24 | 4 | synced bytes: how much of the segment was durable when this frame was written |
 * | 28 | 32 | block hash |
 *
 * CRC-32 and not CRC-32C because Node computes it in native code (3 GB/s; a table in JavaScript does 0.4).
 *
 * *Synced bytes* tell a torn tail from damage. Frames are written in groups and acknowledged when the group was
 * synced. After a power loss any part of the last group may be missing, its end as well as its middle. A frame that is
 * whole although something before it is not, and that was written when that something had been synced, proves that
 * acknowledged bytes are damaged.
 */
export interface Frame {
  readonly kind: 'frame'
  readonly offset: number
  readonly length: number
  readonly sequenceNo: number
  readonly blockTimestamp: number
  readonly syncedBytes: number
  readonly blockHash: Hash
  /** A view of what was given to read. */
  readonly bytes: Uint8Array
}

/** No whole frame at `offset`. */
export interface FrameFault {
  readonly kind: 'fault'
  readonly offset: number
  /** `incomplete`: the bytes end before the frame does, by what its length says. */
  readonly problem: 'incomplete' | 'damaged'
  /** A sentence. */
  readonly message: string
}

export const FRAME_HEADER_SIZE = 60
const AT_LENGTH = 4
const AT_SEQUENCE_NO = 8
const AT_TIMESTAMP = 16
const AT_SYNCED = 24
const AT_HASH = 28

/** Writes a frame at `offset` of `target` and returns where it ends. */
export function encodeFrame(
  target: Buffer,
  offset: number,
  block: StrandBlock,
  syncedBytes: number,
  seed: number,
): number {
  const { bytes, sequenceNo, blockTimestamp } = block
  const end = offset + FRAME_HEADER_SIZE + bytes.length
  target.writeUInt32LE(bytes.length, offset + AT_LENGTH)
  writeUint53(target, sequenceNo, offset + AT_SEQUENCE_NO)
  writeUint53(target, blockTimestamp, offset + AT_TIMESTAMP)
  target.writeUInt32LE(syncedBytes, offset + AT_SYNCED)
  target.set(block.blockHash, offset + AT_HASH)
  target.set(bytes, offset + FRAME_HEADER_SIZE)
  target.writeUInt32LE(crc32(target.subarray(offset + AT_LENGTH, end), seed), offset)
  return end
}

function writeUint53(target: Buffer, value: number, offset: number): void {
  target.writeUInt32LE(value >>> 0, offset)
  target.writeUInt32LE(Math.floor(value / 2 ** 32), offset + 4)
}

function readUint53(source: Buffer, offset: number): number {
  return source.readUInt32LE(offset + 4) * 2 ** 32 + source.readUInt32LE(offset)
}

/**
 * Reads the frame at `at` of a piece of a segment.
 *
 * @param source the piece
 * @param start where the piece starts in the segment; offsets in the result count from the segment's start
 * @returns undefined when the piece ends exactly at `at`
 */
export function readFrame(source: Buffer, at: number, start: number, seed: number): Frame | FrameFault | undefined {
  const offset = start + at
  const rest = source.length - at
  if (rest === 0) return undefined
  if (rest < FRAME_HEADER_SIZE)
    return {
      kind: 'fault',
      offset,
      problem: 'incomplete',
      message: `${rest} bytes are no whole frame; its header has ${FRAME_HEADER_SIZE}`,
    }
  const length = source.readUInt32LE(at + AT_LENGTH)
  const end = at + FRAME_HEADER_SIZE + length
  if (end > source.length)
    return {
      kind: 'fault',
      offset,
      problem: 'incomplete',
      message: `the frame says ${length} bytes, but ${rest - FRAME_HEADER_SIZE} follow`,
    }
  if (crc32(source.subarray(at + AT_LENGTH, end), seed) !== source.readUInt32LE(at))
    return { kind: 'fault', offset, problem: 'damaged', message: 'the frame does not match its checksum' }
  const body = source.byteOffset + at
  return {
    kind: 'frame',
    offset,
    length,
    sequenceNo: readUint53(source, at + AT_SEQUENCE_NO),
    blockTimestamp: readUint53(source, at + AT_TIMESTAMP),
    syncedBytes: source.readUInt32LE(at + AT_SYNCED),
    blockHash: new Uint8Array(source.buffer, body + AT_HASH, 32),
    bytes: new Uint8Array(source.buffer, body + FRAME_HEADER_SIZE, length),
  }
}

/**
 * Walks all frames of a whole segment, header included in `segment` and checked (by its checksum; what it says is read
 * by {@link decodeSegmentHeader}). Ends after the first fault: behind it nobody knows where a frame begins. For audits: pure, no file, nothing but the bytes.
 */
export function* readFrames(segment: Uint8Array): Generator<Frame | FrameFault, void> {
  const source = Buffer.from(segment.buffer, segment.byteOffset, segment.length)
  const isShort = source.length < SEGMENT_HEADER_SIZE
  const seed = frameSeed(segment)
  if (isShort || source.readUInt32LE(AT_CHECKSUM) !== seed) {
    const problem = isShort ? 'incomplete' : 'damaged'
    yield { kind: 'fault', offset: 0, problem, message: `the segment's header is ${problem}` }
    return
  }
  for (let at = SEGMENT_HEADER_SIZE; ; ) {
    const frame = readFrame(source, at, 0, seed)
    if (frame === undefined) return
    yield frame
    if (frame.kind === 'fault') return
    at += FRAME_HEADER_SIZE + frame.length
  }
}

/**
 * Looks, behind a fault, for a whole frame that proves that the faulty bytes had been synced.
 *
 * @param source everything from the fault to the end of the segment
 * @param start where `source` starts in the segment
 * @returns that frame's offset; undefined when the fault may be what a crash left of an unfinished group
 */
export function findProofOfDamage(
  source: Buffer,
  start: number,
  afterSequenceNo: number,
  seed: number,
): number | undefined {
  const last = source.length - FRAME_HEADER_SIZE
  for (let at = 0; at <= last; at++) {
    // Cheap tests first: they let almost no other place through.
    if (source[at + AT_SEQUENCE_NO + 7] !== 0 || source[at + AT_TIMESTAMP + 7] !== 0) continue
    if (source.readUInt32LE(at + AT_SYNCED) <= start) continue
    const sequenceNo = readUint53(source, at + AT_SEQUENCE_NO)
    if (sequenceNo <= afterSequenceNo || sequenceNo > afterSequenceNo + source.length) continue
    if (at + FRAME_HEADER_SIZE + source.readUInt32LE(at + AT_LENGTH) > source.length) continue
    if (readFrame(source, at, start, seed)?.kind === 'frame') return start + at
  }
  return undefined
}
