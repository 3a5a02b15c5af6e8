import { crc32 } from 'node:zlib'
import { CorruptionError } from '../errors.ts'

/**
 * A segment file: one header, then frames without gaps.
 *
 * Header, 64 bytes, integers little-endian:
 *
 * | at | bytes | what |
 * | --- | --- | --- |
 * | 0 | 8 | `TALLYSEG` |
 * | 8 | 4 | format version, 1 |
 * | 12 | 4 | segment number: 0 for the first, then one more each |
 * | 16 | 8 | sequence number of the first block |
 * | 24 | 28 | strand id in ASCII, filled up with zeros |
 * | 52 | 8 | size in bytes of the segment before; 0 for the first |
 * | 60 | 4 | CRC-32 (zlib's) of the 60 bytes before |
 *
 * The file's name is the first sequence number in sixteen decimal digits and `.segment`.
 */
export interface SegmentHeader {
  readonly strandId: string
  readonly segment: number
  readonly firstSequenceNo: number
  readonly previousSizeBytes: number
}

export const SEGMENT_HEADER_SIZE = 64
const SEGMENT_VERSION = 1
const MAGIC = 'TALLYSEG'
const STRAND_ID_SIZE = 28
export const AT_CHECKSUM = 60

/** @returns undefined when the name is not that of a segment */
export function parseSegmentName(name: string): number | undefined {
  return /^\d{16}\.segment$/.test(name) ? Number.parseInt(name, 10) : undefined
}

export function segmentName(firstSequenceNo: number): string {
  return `${String(firstSequenceNo).padStart(16, '0')}.segment`
}

export function encodeSegmentHeader(header: SegmentHeader): Uint8Array {
  const id = Buffer.from(header.strandId, 'latin1')
  if (id.length === 0 || id.length > STRAND_ID_SIZE || id.includes(0))
    throw new RangeError(`'strandId' expected 1 to ${STRAND_ID_SIZE} characters, got "${header.strandId}"`)
  const bytes = Buffer.alloc(SEGMENT_HEADER_SIZE)
  bytes.write(MAGIC, 0, 'latin1')
  bytes.writeUInt32LE(SEGMENT_VERSION, 8)
  bytes.writeUInt32LE(header.segment, 12)
  bytes.writeBigUInt64LE(BigInt(header.firstSequenceNo), 16)
  id.copy(bytes, 24)
  bytes.writeBigUInt64LE(BigInt(header.previousSizeBytes), 52)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, AT_CHECKSUM)), AT_CHECKSUM)
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** Whether a crash can have left a newest segment like this: it ends within its header, or is nothing but zeros. */
export function isUnfinishedSegment(bytes: Uint8Array): boolean {
  return bytes.length < SEGMENT_HEADER_SIZE || bytes.every((byte) => byte === 0)
}

/**
 * @param name the file, for messages
 * @throws {CorruptionError} JOURNAL_CORRUPT
 */
export function decodeSegmentHeader(bytes: Uint8Array, name: string): SegmentHeader {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, SEGMENT_HEADER_SIZE))
  const bad = (problem: string): CorruptionError =>
    new CorruptionError('JOURNAL_CORRUPT', `Segment ${name} ${problem}.`, { place: { segment: name, offset: 0 } })
  if (header.length < SEGMENT_HEADER_SIZE) throw bad(`ends within its header, after ${header.length} bytes`)
  if (header.toString('latin1', 0, 8) !== MAGIC) throw bad('is not a journal segment: its first bytes are others')
  if (header.readUInt32LE(AT_CHECKSUM) !== crc32(header.subarray(0, AT_CHECKSUM)))
    throw bad('has a damaged header: its checksum differs')
  const version = header.readUInt32LE(8)
  if (version !== SEGMENT_VERSION) throw bad(`has format version ${version}; this program reads ${SEGMENT_VERSION}`)
  const id = header.toString('latin1', 24, 24 + STRAND_ID_SIZE)
  const end = id.indexOf('\0')
  return {
    strandId: end < 0 ? id : id.slice(0, end),
    segment: header.readUInt32LE(12),
    firstSequenceNo: Number(header.readBigUInt64LE(16)),
    previousSizeBytes: Number(header.readBigUInt64LE(52)),
  }
}

/**
 * What the checksums of a segment's frames start from, so that a frame is valid in its own segment only. Without the
 * header's own checksum: a CRC over bytes and their CRC is the same for all bytes.
 */
export function frameSeed(header: Uint8Array): number {
  return crc32(header.subarray(0, AT_CHECKSUM))
}
