/**
 * @module
 * The journal at rest: blocks appended, durable, read by where they lie.
 *
 * A {@link Strand} promises that a block whose append resolved is there after any crash, unchanged and in its place,
 * and that damage is found and named rather than read. {@link FileStrand} keeps segment files, {@link MemoryStrand}
 * an array; one test suite holds both to the same behaviour. {@link readFrames} walks the bytes of one segment for
 * audits.
 *
 * Nothing here knows what a block says: it is bytes with a number, a hash and a time.
 */
export { FileStrand, type FileStrandOptions } from './file-strand.ts'
export { FRAME_HEADER_SIZE, type Frame, type FrameFault, readFrames } from './frame.ts'
export { MemoryStrand } from './memory-strand.ts'
export { type DamagedFrame, salvageFrames } from './salvage.ts'
export {
  decodeSegmentHeader,
  isUnfinishedSegment,
  parseSegmentName,
  SEGMENT_HEADER_SIZE,
  type SegmentHeader,
  segmentName,
} from './segment.ts'
export type { BlockLocation, StoredBlock, Strand, StrandBlock, StrandHead } from './strand.ts'
