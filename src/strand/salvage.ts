import { FRAME_HEADER_SIZE, type Frame, readFrame } from './frame.ts'
import { encodeSegmentHeader, frameSeed, SEGMENT_HEADER_SIZE, type SegmentHeader } from './segment.ts'

/** Bytes where a frame should be and no whole one is. */
export interface DamagedFrame {
  readonly kind: 'damaged'
  readonly offset: number
  /** A sentence. */
  readonly message: string
  /** The block's bytes as they are, where the frame's length can be believed; undefined where it cannot. */
  readonly bytes: Uint8Array | undefined
  /** True when nothing whole follows: it may be what a crash left of blocks that were never acknowledged. */
  readonly isLast: boolean
}

/**
 * Walks all frames of a segment that may be damaged: for audits, which want to name everything, where
 * {@link readFrames} stops at the first fault. Behind damage the walk goes on at the next place where a whole frame
 * begins.
 *
 * Pure: no file, nothing but the bytes. Cost: as readFrames, plus one look at each byte of a damaged stretch.
 *
 * @param header what the segment's header must say; frames are checked against it and not against the bytes there
 */
export function* salvageFrames(segment: Uint8Array, header: SegmentHeader): Generator<Frame | DamagedFrame, void> {
  const source = Buffer.from(segment.buffer, segment.byteOffset, segment.length)
  const seed = frameSeed(encodeSegmentHeader(header))
  for (let at = SEGMENT_HEADER_SIZE; at < source.length; ) {
    const frame = readFrame(source, at, 0, seed)
    if (frame?.kind === 'frame') {
      yield frame
      at += FRAME_HEADER_SIZE + frame.length
      continue
    }
    const end = likelyEnd(source, at)
    const isWholeAt = (next: number): boolean => readFrame(source, next, 0, seed)?.kind === 'frame'
    let next = end
    if (next !== source.length && !isWholeAt(next)) {
      next = at + 1
      while (next < source.length && !(isPlausible(source, next) && isWholeAt(next))) next++
    }
    yield {
      kind: 'damaged',
      offset: at,
      message: frame?.message ?? 'there is no frame',
      bytes: next === end && end > at + FRAME_HEADER_SIZE ? segment.subarray(at + FRAME_HEADER_SIZE, end) : undefined,
      isLast: next >= source.length,
    }
    at = next
  }
}

/** Where the frame at `at` ends by its own length; the end of the source when that lies outside. */
function likelyEnd(source: Buffer, at: number): number {
  if (source.length - at < FRAME_HEADER_SIZE) return source.length
  return Math.min(source.length, at + FRAME_HEADER_SIZE + source.readUInt32LE(at + 4))
}

/** Cheap tests that let almost no wrong place through: length, the top bytes of sequence number and timestamp. */
function isPlausible(source: Buffer, at: number): boolean {
  return (
    source.length - at >= FRAME_HEADER_SIZE &&
    source[at + 15] === 0 &&
    source[at + 23] === 0 &&
    at + FRAME_HEADER_SIZE + source.readUInt32LE(at + 4) <= source.length
  )
}
