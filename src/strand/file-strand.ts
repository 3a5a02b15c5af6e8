import { join } from 'node:path'
import { assert, CorruptionError, LedgerError, SessionError, StorageError } from '../errors.ts'
import { type AppendFile, type FileSystem, nodeFileSystem, type ReadFile } from '../storage/index.ts'
import { encodeFrame, FRAME_HEADER_SIZE, type Frame, type FrameFault, findProofOfDamage, readFrame } from './frame.ts'
import { checkFollows, EMPTY_HEAD, tipConflict } from './head.ts'
import {
  decodeSegmentHeader,
  encodeSegmentHeader,
  frameSeed,
  parseSegmentName,
  SEGMENT_HEADER_SIZE,
  type SegmentHeader,
  segmentName,
} from './segment.ts'
import type { BlockLocation, StoredBlock, Strand, StrandBlock, StrandHead } from './strand.ts'

/** How to open a {@link FileStrand}. */
export interface FileStrandOptions {
  readonly strandId: string
  readonly fileSystem?: FileSystem
  /** Neither makes nor repairs anything. */
  readonly readOnly?: boolean
  /** A segment is closed once it has so many bytes; the group that reaches it is still written. */
  readonly segmentSizeBytes?: number
  /** False acknowledges what the kernel took: a power loss may lose the newest blocks, a crash of the process not. */
  readonly syncs?: boolean
  /** The newest block somebody knows of, so that open need not look at what lies before it. A wrong hint only costs time. */
  readonly hint?: { readonly sequenceNo: number; readonly location: BlockLocation }
  /**
   * Sequence number of a block that is known to have been durable, because somebody read it from here before. A journal
   * that ends earlier is damaged, not torn. Absent: nobody knows.
   */
  readonly leastTip?: number | undefined
}

const SEGMENT_SIZE: number = 64 << 20
/** A location's offset fits 32 bits with room for one large group. */
const LARGEST_SEGMENT_SIZE: number = 2 ** 30
const OPEN_FILES = 16
const WINDOW_SIZE: number = 1 << 20

interface Segment {
  readonly name: string
  readonly path: string
  readonly firstSequenceNo: number
}

interface OpenSegment {
  readonly file: ReadFile
  readonly header: SegmentHeader
  readonly seed: number
}

/** Where the walk over a segment stopped. */
interface WalkEnd {
  /** Behind the last whole frame. */
  readonly end: number
  readonly last: Frame | undefined
  readonly fault: FrameFault | undefined
}

/**
 * The journal as a folder of segment files (see {@link SegmentHeader} and {@link Frame} for every byte).
 *
 * Invariants:
 * 1. Segments are numbered 0, 1, 2 … without gaps; each names the size of the one before.
 * 2. Frames follow each other without gaps, their sequence numbers rise by one, across segments too.
 * 3. Everything before the newest group was synced before the newest group was written.
 * 4. A segment that has a successor never changes.
 *
 * Opening reads the newest segment from the hint on, and repairs what a crash may leave by these rules: a broken rest
 * at the end of the newest segment is cut, unless a frame in it proves that it had been acknowledged; a newest segment
 * without a whole header is removed. Anything else, and an end before the least tip, is JOURNAL_CORRUPT and changes
 * nothing.
 */
export class FileStrand implements Strand {
  readonly strandId: string
  readonly #directory: string
  readonly #fileSystem: FileSystem
  readonly #isReadOnly: boolean
  readonly #segmentSizeBytes: number
  readonly #syncs: boolean
  readonly #segments: Segment[] = []
  readonly #files = new Map<number, OpenSegment>()
  #head: StrandHead = EMPTY_HEAD
  /** Where the next frame goes, in the newest segment. */
  #end = SEGMENT_HEADER_SIZE
  /** How much of the newest segment is durable for certain. */
  #synced = SEGMENT_HEADER_SIZE
  #tail: AppendFile | undefined
  #tailSeed = 0
  #buffer: Buffer = Buffer.allocUnsafeSlow(WINDOW_SIZE)
  #isAppending = false
  #failure: unknown
  #isOpen = true

  private constructor(directory: string, options: FileStrandOptions) {
    this.strandId = options.strandId
    this.#directory = directory
    this.#fileSystem = options.fileSystem ?? nodeFileSystem
    this.#isReadOnly = options.readOnly ?? false
    this.#syncs = options.syncs ?? true
    const size = options.segmentSizeBytes ?? SEGMENT_SIZE
    if (!(size >= SEGMENT_HEADER_SIZE && size <= LARGEST_SEGMENT_SIZE))
      throw new RangeError(`'segmentSizeBytes' expected ${SEGMENT_HEADER_SIZE} to ${LARGEST_SEGMENT_SIZE}, got ${size}`)
    this.#segmentSizeBytes = size
  }

  /**
   * Opens the journal in a directory, making both when there is none.
   *
   * Cost: one directory listing, three headers, and the newest segment from the hint to its end.
   *
   * @throws {CorruptionError} JOURNAL_CORRUPT
   * @throws {StorageError} when the disk refuses
   */
  static async open(directory: string, options: FileStrandOptions): Promise<FileStrand> {
    const strand = new FileStrand(directory, options)
    try {
      await strand.#open(options.hint, options.leastTip ?? -1)
    } catch (error) {
      await strand.close()
      throw error
    }
    return strand
  }

  get head(): StrandHead {
    return this.#head
  }

  async append(expectedTip: number, blocks: readonly StrandBlock[]): Promise<BlockLocation[]> {
    this.#check()
    if (this.#isReadOnly) throw new SessionError('READ_ONLY', 'This journal was opened read-only.')
    if (this.#failure !== undefined)
      throw new StorageError(
        'LEDGER_POISONED',
        'An earlier write to the journal failed, so what the disk holds is unknown. Open the ledger again.',
        { cause: this.#failure },
      )
    assert(!this.#isAppending, 'one append runs at a time')
    if (expectedTip !== this.#head.sequenceNo) throw tipConflict(expectedTip, this.#head.sequenceNo)
    checkFollows(expectedTip, blocks)
    if (blocks.length === 0) return []

    this.#isAppending = true
    try {
      if (this.#end >= this.#segmentSizeBytes && this.#end > SEGMENT_HEADER_SIZE) await this.#roll()
      const segment = this.#segments.length - 1
      const start = this.#end
      const { group, locations } = this.#encode(blocks, segment, start)
      const tail = this.#tail
      assert(tail !== undefined, 'a writer has its newest segment open')
      await tail.append([group])
      this.#end = start + group.length
      if (this.#syncs) {
        await tail.sync()
        // From here on a crash changes nothing: the blocks are durable.
        this.#synced = this.#end
      }
      const last = blocks[blocks.length - 1] as StrandBlock
      this.#head = {
        sequenceNo: last.sequenceNo,
        blockHash: last.blockHash.slice(),
        blockTimestamp: last.blockTimestamp,
      }
      return locations
    } catch (error) {
      this.#failure = error
      throw error instanceof LedgerError
        ? error
        : new StorageError('STORAGE_FAILED', 'The journal could not be written. Open the ledger again.', {
            cause: error,
          })
    } finally {
      this.#isAppending = false
    }
  }

  *read(from: number, location?: BlockLocation): Generator<StoredBlock, void> {
    this.#check()
    const tip = this.#head.sequenceNo
    if (from > tip) return
    if (from < 0) throw new RangeError(`'from' expected an integer >= 0, got ${from}`)
    let segment = location?.segment ?? this.#segmentOf(from)
    let offset = location?.offset ?? SEGMENT_HEADER_SIZE
    let expected = location === undefined ? this.#segment(segment).firstSequenceNo : from
    while (expected <= tip) {
      const walk = this.#walk(segment, offset, expected)
      for (let step = walk.next(); ; step = walk.next()) {
        if (step.done) {
          if (step.value.fault !== undefined) throw this.#faulty(segment, step.value.fault)
          break
        }
        const frame = step.value
        expected = frame.sequenceNo + 1
        if (frame.sequenceNo >= from)
          yield {
            sequenceNo: frame.sequenceNo,
            bytes: frame.bytes,
            location: { segment, offset: frame.offset, length: frame.length },
          }
        if (expected > tip) return
      }
      if (segment + 1 >= this.#segments.length)
        throw this.#corrupt(segment, undefined, `ends with block ${expected - 1}; block ${tip} must follow`)
      segment++
      offset = SEGMENT_HEADER_SIZE
    }
  }

  readAt(location: BlockLocation): Uint8Array {
    this.#check()
    const { file, seed } = this.#file(location.segment)
    const bytes = file.read(location.offset, FRAME_HEADER_SIZE + location.length)
    const frame = readFrame(buffer(bytes), 0, location.offset, seed)
    if (frame?.kind !== 'frame' || frame.length !== location.length)
      throw this.#corrupt(
        location.segment,
        location.offset,
        frame?.kind === 'fault' ? frame.message : `has no block of ${location.length} bytes there`,
      )
    return frame.bytes
  }

  refresh(): void {
    this.#check()
    if (!this.#isReadOnly) return
    if (this.#segments.length === 0) {
      if (!this.#fileSystem.exists(this.#path(0))) return
      this.#addSegment(0)
    }
    for (;;) {
      const segment = this.#segments.length - 1
      if (!this.#hasHeader(segment)) return
      const { end, last, fault } = this.#walkToEnd(segment, this.#end, this.#head.sequenceNo + 1)
      this.#end = end
      if (last !== undefined) this.#head = headOf(last)
      const next = this.#head.sequenceNo + 1
      if (next === this.#segments[segment]?.firstSequenceNo || !this.#fileSystem.exists(this.#path(next))) return
      if (fault !== undefined) throw this.#faulty(segment, fault)
      this.#addSegment(next)
      this.#end = SEGMENT_HEADER_SIZE
    }
  }

  async close(): Promise<void> {
    this.#isOpen = false
    this.#tail?.close()
    this.#tail = undefined
    for (const { file } of this.#files.values()) file.close()
    this.#files.clear()
  }

  async #open(hint: FileStrandOptions['hint'], leastTip: number): Promise<void> {
    if (!this.#isReadOnly && !this.#fileSystem.exists(this.#directory)) this.#fileSystem.makeDirectory(this.#directory)
    for (const name of this.#fileSystem.list(this.#directory)) {
      const first = parseSegmentName(name)
      if (first !== undefined) this.#addSegment(first)
    }
    const unfinished = this.#takeUnfinishedSegment()
    if (this.#segments.length === 0) {
      this.#requireTip(leastTip)
      if (this.#isReadOnly) return
      if (unfinished !== undefined) this.#fileSystem.remove(unfinished.path)
      await this.#startSegment(0, 0)
      return
    }
    this.#checkNumbers()

    const newest = this.#segments.length - 1
    const known = hint === undefined ? undefined : this.#knownFrame(hint)
    let { end, last, fault } =
      known !== undefined && hint?.location.segment === newest
        ? this.#walkToEnd(newest, known.offset, known.sequenceNo)
        : this.#walkToEnd(newest, SEGMENT_HEADER_SIZE, this.#segment(newest).firstSequenceNo)
    if (fault !== undefined)
      this.#checkTorn(newest, fault, last?.sequenceNo ?? this.#segment(newest).firstSequenceNo - 1)
    this.#end = end
    if (last === undefined && newest > 0) {
      // The newest segment was begun and got no block: the head is the last block before it.
      const at = newest - 1
      ;({ last, fault } =
        known !== undefined && hint?.location.segment === at
          ? this.#walkToEnd(at, known.offset, known.sequenceNo)
          : this.#walkToEnd(at, SEGMENT_HEADER_SIZE, this.#segment(at).firstSequenceNo))
      if (fault !== undefined) throw this.#faulty(at, fault)
      const found = last?.sequenceNo ?? this.#segment(at).firstSequenceNo - 1
      if (found + 1 !== this.#segment(newest).firstSequenceNo)
        throw this.#corrupt(
          newest,
          0,
          `begins with block ${this.#segment(newest).firstSequenceNo}, but the segment before ends with block ${found}`,
        )
    }
    if (last !== undefined) this.#head = headOf(last)
    this.#requireTip(leastTip, fault)
    if (this.#isReadOnly) return

    if (unfinished !== undefined) this.#fileSystem.remove(unfinished.path)
    const tail = this.#fileSystem.openAppend(this.#segment(newest).path)
    this.#tail = tail
    this.#tailSeed = this.#file(newest).seed
    // What a crash left behind the last whole block was never acknowledged.
    if (tail.sizeBytes > end) await tail.truncate(end)
    // What a process that was killed had written, name and blocks, may be in the kernel's memory only.
    await tail.sync()
    await this.#fileSystem.syncDirectory(this.#directory)
    this.#synced = end
  }

  /** A crash may leave the newest segment without a whole header: nothing was ever written behind it. */
  #takeUnfinishedSegment(): Segment | undefined {
    return this.#segments.length === 0 || this.#hasHeader(this.#segments.length - 1) ? undefined : this.#segments.pop()
  }

  /** @throws {CorruptionError} when blocks are gone that were durable */
  #requireTip(leastTip: number, fault?: FrameFault): void {
    const found = this.#head.sequenceNo
    if (found >= leastTip) return
    const newest = this.#segments.at(-1)
    const ending = found < 0 ? 'holds no whole block' : `ends with block ${found}`
    const why = fault === undefined ? '' : `: in segment ${newest?.name}, at offset ${fault.offset}, ${fault.message}`
    throw new CorruptionError(
      'JOURNAL_CORRUPT',
      `The journal ${ending}, but had block ${leastTip}${why}. Restore the journal from a copy, or delete the views folder to accept that blocks ${found + 1} to ${leastTip} are lost.`,
      { place: { segment: newest?.name, offset: fault?.offset, sequenceNo: found + 1 } },
    )
  }

  /** False when the segment's file ends within the header, or is nothing but zeros. */
  #hasHeader(segment: number): boolean {
    const file = this.#fileSystem.openRead(this.#segment(segment).path)
    try {
      const size = file.sizeBytes()
      if (size < SEGMENT_HEADER_SIZE) return false
      if (file.read(0, SEGMENT_HEADER_SIZE).some((byte) => byte !== 0)) return true
      for (let offset = 0; offset < size; offset += WINDOW_SIZE)
        if (file.read(offset, WINDOW_SIZE).some((byte) => byte !== 0)) return true
      return false
    } finally {
      file.close()
    }
  }

  /** Invariant 1, as far as it can be seen without opening every segment. */
  #checkNumbers(): void {
    const newest = this.#segments.length - 1
    for (const segment of new Set([0, Math.max(newest - 1, 0), newest])) {
      const { header } = this.#file(segment)
      if (header.segment !== segment)
        throw this.#corrupt(
          segment,
          0,
          `is number ${header.segment}, but ${segment} segments lie before it: a segment is missing`,
        )
    }
    if (newest > 0) this.#checkPreviousSize(newest)
  }

  #checkPreviousSize(segment: number): void {
    const { previousSizeBytes } = this.#file(segment).header
    const found = this.#file(segment - 1).file.sizeBytes()
    if (found !== previousSizeBytes)
      throw this.#corrupt(
        segment - 1,
        Math.min(found, previousSizeBytes),
        `has ${found} bytes, but had ${previousSizeBytes} when the next segment was begun`,
      )
  }

  /** The hinted frame when it is whole and the one that was meant. */
  #knownFrame(hint: NonNullable<FileStrandOptions['hint']>): Frame | undefined {
    const { segment, offset, length } = hint.location
    if (segment >= this.#segments.length || offset < SEGMENT_HEADER_SIZE) return undefined
    const { file, seed } = this.#file(segment)
    const frame = readFrame(buffer(file.read(offset, FRAME_HEADER_SIZE + length)), 0, offset, seed)
    return frame?.kind === 'frame' && frame.sequenceNo === hint.sequenceNo ? frame : undefined
  }

  /** @throws {CorruptionError} when the broken rest of the newest segment is not what a crash leaves */
  #checkTorn(segment: number, fault: FrameFault, lastSequenceNo: number): void {
    const { file, seed } = this.#file(segment)
    const rest = buffer(file.read(fault.offset, Math.max(0, file.sizeBytes() - fault.offset)))
    const proof = findProofOfDamage(rest, fault.offset, lastSequenceNo, seed)
    if (proof !== undefined) throw this.#faulty(segment, fault, `; a later block, at ${proof}, is whole`)
  }

  /** Yields the frames of a segment from `offset` on. The caller sees to the end. */
  *#walk(segment: number, offset: number, expected: number): Generator<Frame, WalkEnd> {
    const { file, seed } = this.#file(segment)
    let last: Frame | undefined
    let next = expected
    let size = WINDOW_SIZE
    for (;;) {
      const window = buffer(file.read(offset, size))
      let at = 0
      let frame: Frame | FrameFault | undefined
      for (;;) {
        frame = readFrame(window, at, offset, seed)
        if (frame?.kind !== 'frame') break
        if (frame.sequenceNo !== next)
          throw this.#corrupt(segment, frame.offset, `holds block ${frame.sequenceNo} where block ${next} must be`)
        next++
        last = frame
        at += FRAME_HEADER_SIZE + frame.length
        yield frame
      }
      const isWhole = window.length < size
      offset += at
      if (frame?.problem === 'damaged' || isWhole) return { end: offset, last, fault: frame }
      // The window ended, within a frame or between two. A frame larger than the window needs a larger one.
      size = at > 0 ? WINDOW_SIZE : size * 2
    }
  }

  #walkToEnd(segment: number, offset: number, expected: number): WalkEnd {
    const walk = this.#walk(segment, offset, expected)
    for (;;) {
      const step = walk.next()
      if (step.done) return step.value
    }
  }

  async #startSegment(firstSequenceNo: number, previousSizeBytes: number): Promise<void> {
    const path = this.#path(firstSequenceNo)
    const tail = this.#fileSystem.openAppend(path, { create: true })
    this.#tail = tail
    const header = encodeSegmentHeader({
      strandId: this.strandId,
      segment: this.#segments.length,
      firstSequenceNo,
      previousSizeBytes,
    })
    await tail.append([header])
    await tail.sync()
    // A crash before this line may lose the file, or leave it without a header: open removes it.
    await this.#fileSystem.syncDirectory(this.#directory)
    this.#addSegment(firstSequenceNo)
    this.#tailSeed = frameSeed(header)
    this.#end = SEGMENT_HEADER_SIZE
    this.#synced = SEGMENT_HEADER_SIZE
  }

  async #roll(): Promise<void> {
    const previous = this.#tail
    if (!this.#syncs) await previous?.sync()
    await this.#startSegment(this.#head.sequenceNo + 1, this.#end)
    previous?.close()
  }

  #encode(
    blocks: readonly StrandBlock[],
    segment: number,
    start: number,
  ): { group: Uint8Array; locations: BlockLocation[] } {
    let size = 0
    for (const block of blocks) size += FRAME_HEADER_SIZE + block.bytes.length
    if (size > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(size * 2)
    const target = size > 16 * WINDOW_SIZE ? Buffer.allocUnsafeSlow(size) : this.#buffer
    const locations: BlockLocation[] = []
    let at = 0
    for (const block of blocks) {
      locations.push({ segment, offset: start + at, length: block.bytes.length })
      at = encodeFrame(target, at, block, this.#synced, this.#tailSeed)
    }
    return { group: target.subarray(0, size), locations }
  }

  #file(segment: number): OpenSegment {
    const open = this.#files.get(segment)
    if (open !== undefined) return open
    const { path, name, firstSequenceNo } = this.#segment(segment)
    const file = this.#fileSystem.openRead(path)
    try {
      const bytes = file.read(0, SEGMENT_HEADER_SIZE)
      const header = decodeSegmentHeader(bytes, name)
      if (header.strandId !== this.strandId)
        throw this.#corrupt(segment, 0, `belongs to strand ${header.strandId}, not to ${this.strandId}`)
      if (header.firstSequenceNo !== firstSequenceNo)
        throw this.#corrupt(segment, 0, `begins with block ${header.firstSequenceNo}; its name says another`)
      const opened = { file, header, seed: frameSeed(bytes) }
      if (this.#files.size >= OPEN_FILES) {
        const [oldest] = this.#files.keys()
        this.#files.get(oldest as number)?.file.close()
        this.#files.delete(oldest as number)
      }
      this.#files.set(segment, opened)
      return opened
    } catch (error) {
      file.close()
      throw error
    }
  }

  #segment(segment: number): Segment {
    const found = this.#segments[segment]
    if (found === undefined)
      throw new CorruptionError('JOURNAL_CORRUPT', `The journal has no segment ${segment}.`, {
        place: { segment: String(segment) },
      })
    return found
  }

  /** The last segment that begins at or before a block. */
  #segmentOf(sequenceNo: number): number {
    let low = 0
    let high = this.#segments.length
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if (this.#segment(middle).firstSequenceNo <= sequenceNo) low = middle
      else high = middle
    }
    return low
  }

  #addSegment(firstSequenceNo: number): void {
    const name = segmentName(firstSequenceNo)
    this.#segments.push({ name, path: join(this.#directory, name), firstSequenceNo })
  }

  #path(firstSequenceNo: number): string {
    return join(this.#directory, segmentName(firstSequenceNo))
  }

  #faulty(segment: number, fault: FrameFault, more = ''): CorruptionError {
    return this.#corrupt(segment, fault.offset, `is damaged: ${fault.message}${more}`)
  }

  #corrupt(segment: number, offset: number | undefined, problem: string): CorruptionError {
    const name = this.#segments[segment]?.name ?? String(segment)
    const place = offset === undefined ? { segment: name } : { segment: name, offset }
    const where = offset === undefined ? '' : ` at offset ${offset}`
    return new CorruptionError('JOURNAL_CORRUPT', `Segment ${name}${where} ${problem}.`, { place })
  }

  #check(): void {
    if (!this.#isOpen) throw new SessionError('LEDGER_CLOSED', 'The strand is closed. Open the ledger again.')
  }
}

function headOf(frame: Frame): StrandHead {
  return {
    sequenceNo: frame.sequenceNo,
    blockHash: frame.blockHash.slice(),
    blockTimestamp: frame.blockTimestamp,
  }
}

function buffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
