/**
 * Goal: after any crash the journal holds exactly a whole prefix of what was appended, at least what was acknowledged;
 * and what a crash cannot have done is refused, with its place, and not repaired.
 * Method: exhaustive over small journals on a disk in memory: every cut, every operation that fails, every byte.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CorruptionError, StorageError } from '../../src/errors.ts'
import { type DiskFault, type DiskOperation, MemoryFileSystem, type Survival } from '../../src/storage/index.ts'
import { FileStrand, readFrames, SEGMENT_HEADER_SIZE, segmentName } from '../../src/strand/index.ts'
import { block, blocks, countBlocks } from './blocks.ts'

const strandId = 'strand-of-test'
const directory = '/ledger/journal'

function open(fileSystem: MemoryFileSystem, segmentSizeBytes = 64 << 20): Promise<FileStrand> {
  return FileStrand.open(directory, { strandId, fileSystem, segmentSizeBytes })
}

function path(firstSequenceNo: number): string {
  return `${directory}/${segmentName(firstSequenceNo)}`
}

/** A journal whose groups have these many blocks each. */
async function journal(groups: readonly number[], segmentSizeBytes?: number): Promise<MemoryFileSystem> {
  const disk = new MemoryFileSystem()
  const strand = await open(disk, segmentSizeBytes)
  let next = 0
  for (const count of groups) {
    await strand.append(next - 1, blocks(next, count))
    next += count
  }
  await strand.close()
  return disk
}

/** The same disk with one file changed. */
function changed(disk: MemoryFileSystem, name: string, change: (bytes: Uint8Array) => Uint8Array): MemoryFileSystem {
  const copy = disk.crash()
  copy.put(name, change(copy.readFile(name) ?? new Uint8Array(0)))
  return copy
}

/** Opens, counts, appends one more block, opens again: a recovered journal is as good as any. */
async function recover(disk: MemoryFileSystem, segmentSizeBytes?: number): Promise<number> {
  const strand = await open(disk, segmentSizeBytes)
  const count = countBlocks(strand)
  await strand.append(count - 1, blocks(count, 1))
  await strand.close()
  const again = await open(disk.crash(), segmentSizeBytes)
  expect(countBlocks(again)).toBe(count + 1)
  await again.close()
  return count
}

async function refused(disk: MemoryFileSystem, segmentSizeBytes?: number): Promise<CorruptionError> {
  const before = new Map(disk.list(directory).map((name) => [name, disk.readFile(`${directory}/${name}`)]))
  const error = await open(disk, segmentSizeBytes).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(CorruptionError)
  expect((error as CorruptionError).code).toBe('JOURNAL_CORRUPT')
  for (const [name, bytes] of before) expect(disk.readFile(`${directory}/${name}`), 'was not repaired').toEqual(bytes)
  return error as CorruptionError
}

/** Where each whole block ends, from the segment's bytes. */
function frameEnds(bytes: Uint8Array): number[] {
  return [...readFrames(bytes)].map((frame) => (frame.kind === 'frame' ? frame.offset + 60 + frame.length : Number.NaN))
}

describe('a cut journal', () => {
  test('opens with exactly the whole blocks, wherever it is cut', async () => {
    const disk = await journal([1, 3, 2])
    const bytes = disk.readFile(path(0))!
    const ends = frameEnds(bytes)
    expect(ends).toHaveLength(6)
    for (let size = 0; size <= bytes.length; size++) {
      const whole = ends.filter((end) => end <= size).length
      expect(await recover(changed(disk, path(0), (all) => all.slice(0, size)))).toBe(whole)
    }
  })

  test('opens with the blocks of earlier segments when the newest is cut', async () => {
    const disk = await journal([2, 2, 2], 100)
    expect(disk.list(directory)).toEqual([segmentName(0), segmentName(2), segmentName(4)])
    const bytes = disk.readFile(path(4))!
    const ends = frameEnds(bytes)
    for (let size = 0; size <= bytes.length; size++) {
      const whole = 4 + ends.filter((end) => end <= size).length
      expect(
        await recover(
          changed(disk, path(4), (all) => all.slice(0, size)),
          100,
        ),
      ).toBe(whole)
    }
  })

  test('a reader sees the whole blocks and cuts nothing', async () => {
    const disk = await journal([1, 3, 2])
    const bytes = disk.readFile(path(0))!
    const ends = frameEnds(bytes)
    for (let size = 0; size <= bytes.length; size += 7) {
      const cut = changed(disk, path(0), (all) => all.slice(0, size))
      const reader = await FileStrand.open(directory, { strandId, fileSystem: cut, readOnly: true })
      expect(countBlocks(reader)).toBe(ends.filter((end) => end <= size).length)
      expect(cut.readFile(path(0))).toHaveLength(size)
      await reader.close()
    }
  })
})

describe('a tail of zeros, as a power loss may leave it', () => {
  test.each([1, 59, 60, 61, 200, 4096, 2_000_000])('of %i bytes is cut', async (size) => {
    const disk = await journal([1, 2])
    expect(await recover(changed(disk, path(0), (bytes) => new Uint8Array([...bytes, ...new Uint8Array(size)])))).toBe(
      3,
    )
  })

  test.each([0, 1, 63, 64, 4096])('makes a new segment of %i zeros none', async (size) => {
    const disk = await journal([2, 2], 100)
    expect(
      await recover(
        changed(disk, path(4), () => new Uint8Array(size)),
        100,
      ),
    ).toBe(4)
    expect(await recover(changed(new MemoryFileSystem(), path(0), () => new Uint8Array(size)))).toBe(0)
  })
})

describe('a group that a power loss left in parts', () => {
  test('is cut before its first missing byte, whatever of it is there', async () => {
    // Two acknowledged groups, then a group of five that was written and not synced.
    const disk = new MemoryFileSystem()
    const strand = await open(disk)
    await strand.append(-1, blocks(0, 2))
    await strand.append(1, blocks(2, 1))
    disk.fault = (operation) => (operation.kind === 'sync' ? { error: new Error('power'), done: false } : undefined)
    await expect(strand.append(2, blocks(3, 5))).rejects.toBeInstanceOf(StorageError)
    await strand.close()
    disk.fault = undefined
    const whole = disk.readFile(path(0))!
    const ends = frameEnds(whole)
    expect(ends).toHaveLength(8)

    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), async (kept) => {
        // The disk writes sectors of 16 bytes here, in any order.
        let missing = Number.POSITIVE_INFINITY
        const survival: Survival = (_path, unsynced, syncedBytes) =>
          unsynced.map((byte, index) => {
            const survives = kept[Math.floor(index / 16) % kept.length] ?? false
            if (!survives && byte !== 0) missing = Math.min(missing, syncedBytes + index)
            return survives ? byte : 0
          })
        expect(await recover(disk.crash(survival))).toBe(ends.filter((end) => end <= missing).length)
      }),
      { numRuns: 200 },
    )
  })
})

test('blocks that a killed process wrote and never synced are synced before others follow', async () => {
  const disk = new MemoryFileSystem()
  const first = await open(disk)
  await first.append(-1, blocks(0, 1))
  disk.fault = ({ kind }) => (kind === 'sync' ? { error: new Error('killed'), done: false } : undefined)
  await expect(first.append(0, blocks(1, 2))).rejects.toThrow()
  disk.fault = undefined
  const second = await open(disk)
  expect(second.head.sequenceNo).toBe(2)
  // The power fails before the next sync: what is there of the newest group says nothing about the one before.
  disk.fault = ({ kind }) => (kind === 'sync' ? { error: new Error('power'), done: false } : undefined)
  await expect(second.append(2, blocks(3, 1))).rejects.toThrow()
  expect(await recover(disk.crash())).toBe(3)
})

describe('every operation that fails', () => {
  /** Appends groups until something fails; what was acknowledged before. */
  async function run(disk: MemoryFileSystem): Promise<number> {
    let acknowledged = 0
    let strand: FileStrand | undefined
    try {
      strand = await open(disk, 300)
      for (const count of [1, 2, 3, 1, 4, 1, 2]) {
        await strand.append(acknowledged - 1, blocks(acknowledged, count))
        acknowledged += count
      }
    } catch {
      // A handle that failed accepts nothing more.
      if (strand !== undefined)
        await expect(strand.append(acknowledged - 1, blocks(acknowledged, 1))).rejects.toMatchObject({
          code: 'LEDGER_POISONED',
        })
    }
    await strand?.close()
    return acknowledged
  }

  const error = new StorageError('STORAGE_FAILED', 'the test fails it')
  const outcomes: [string, (operation: DiskOperation) => DiskFault][] = [
    ['not done', () => ({ error, done: false })],
    ['done', () => ({ error, done: true })],
    ['half done', ({ kind, sizeBytes }) => ({ error, done: kind === 'append' ? sizeBytes >> 1 : false })],
    ['done but for a byte', ({ kind, sizeBytes }) => ({ error, done: kind === 'append' ? sizeBytes - 1 : true })],
  ]
  const survivals: [string, Survival | undefined][] = [
    ['the process dies', undefined],
    ['nothing unsynced survives', () => new Uint8Array(0)],
    ['half of the unsynced survives', (_path, unsynced) => unsynced.slice(0, unsynced.length >> 1)],
    ['all unsynced survives', (_path, unsynced) => unsynced],
    ['zeros survive', (_path, unsynced) => new Uint8Array(unsynced.length)],
  ]

  test.each(outcomes)('%s: nothing acknowledged is lost, nothing invented', async (_name, outcome) => {
    const clean = new MemoryFileSystem()
    const all = await run(clean)
    expect(all).toBe(14)
    expect(clean.list(directory).length).toBeGreaterThan(3)
    for (let index = 0; index < clean.operationCount; index++) {
      for (const [survivalName, survival] of survivals) {
        const disk = new MemoryFileSystem()
        disk.fault = (operation) => (operation.index === index ? outcome(operation) : undefined)
        const acknowledged = await run(disk)
        disk.fault = undefined
        const found = await recover(survival === undefined ? disk : disk.crash(survival), 300)
        expect(found, `operation ${index}, ${survivalName}`).toBeGreaterThanOrEqual(acknowledged)
        expect(found).toBeLessThanOrEqual(all)
      }
    }
  })

  test('a full disk is said so, whenever it fills, and costs nothing', async () => {
    for (let capacityBytes = 0; capacityBytes < 1500; capacityBytes += 13) {
      const disk = new MemoryFileSystem()
      disk.capacityBytes = capacityBytes
      const acknowledged = await run(disk)
      disk.capacityBytes = Number.POSITIVE_INFINITY
      expect(await recover(disk, 300)).toBeGreaterThanOrEqual(acknowledged)
    }
    const disk = new MemoryFileSystem()
    const strand = await open(disk)
    disk.capacityBytes = 200
    await expect(strand.append(-1, blocks(0, 5))).rejects.toMatchObject({ code: 'DISK_FULL' })
    await strand.close()
  })
})

describe('damage that no crash makes', () => {
  test('a flipped byte of an acknowledged block is refused or read as it was', async () => {
    // The last group may look torn when it is damaged: it is the one nothing was written after.
    const disk = await journal([2, 1, 2])
    const bytes = disk.readFile(path(0))!
    const ends = frameEnds(bytes)
    const lastGroup = ends[2]!
    for (let at = 0; at < bytes.length; at++) {
      const flipped = changed(disk, path(0), (all) => all.with(at, all[at]! ^ 0x10))
      if (at < lastGroup) {
        const error = await refused(flipped)
        expect(error.place.segment).toBe(segmentName(0))
        const frame = at < SEGMENT_HEADER_SIZE ? 0 : [SEGMENT_HEADER_SIZE, ...ends].findLast((end) => end <= at)
        expect(error.place.offset).toBe(frame)
      } else expect(await recover(flipped)).toBe(ends.filter((end) => end <= at).length)
    }
  })

  test('a flipped byte of an earlier segment is found when it is read, and named', async () => {
    const disk = await journal([2, 2, 2], 100)
    const bytes = disk.readFile(path(0))!
    const ends = frameEnds(bytes)
    for (let at = SEGMENT_HEADER_SIZE; at < bytes.length; at++) {
      const strand = await open(
        changed(disk, path(0), (all) => all.with(at, all[at]! ^ 1)),
        100,
      )
      expect(strand.head.sequenceNo).toBe(5)
      const start = [SEGMENT_HEADER_SIZE, ...ends].findLast((end) => end <= at)
      expect(() => countBlocks(strand)).toThrow(
        expect.objectContaining({ code: 'JOURNAL_CORRUPT', place: { segment: segmentName(0), offset: start } }),
      )
      await strand.close()
    }
  })

  test('a missing segment is noticed when the journal is opened', async () => {
    for (const missing of [0, 2, 4]) {
      const disk = (await journal([2, 2, 2, 2], 100)).crash()
      disk.remove(path(missing))
      const error = await refused(disk, 100)
      expect(error.message).toMatch(/missing|segment/)
    }
  })

  test('a segment that was cut or grew after it was sealed is noticed', async () => {
    const disk = await journal([2, 2, 2], 100)
    await refused(
      changed(disk, path(2), (bytes) => bytes.slice(0, -1)),
      100,
    )
    await refused(
      changed(disk, path(2), (bytes) => new Uint8Array([...bytes, 0])),
      100,
    )
    const strand = await open(
      changed(disk, path(0), (bytes) => bytes.slice(0, -1)),
      100,
    )
    expect(() => countBlocks(strand)).toThrow(CorruptionError)
  })

  test('an empty or foreign segment in the middle is noticed', async () => {
    const disk = await journal([2, 2, 2], 100)
    const foreign = new MemoryFileSystem()
    const strand = await FileStrand.open(directory, { strandId: 'another', fileSystem: foreign, segmentSizeBytes: 100 })
    for (let next = 0; next < 6; next += 2) await strand.append(next - 1, blocks(next, 2))
    await strand.close()
    await refused(
      changed(disk, path(2), () => new Uint8Array(0)),
      100,
    )
    for (const first of [0, 2, 4]) {
      const error = await refused(
        changed(disk, path(first), () => foreign.readFile(path(first))!),
        100,
      )
      expect(error.message).toContain('another')
    }
  })

  test('a journal of another strand is refused', async () => {
    const disk = await journal([2])
    await expect(FileStrand.open(directory, { strandId: 'another', fileSystem: disk })).rejects.toMatchObject({
      code: 'JOURNAL_CORRUPT',
      message: expect.stringContaining('strand-of-test'),
    })
  })

  test('blocks that are left out, twice there or moved are noticed', async () => {
    const disk = await journal([1, 1, 1, 1])
    const bytes = disk.readFile(path(0))!
    const [a, b, c, d] = frameEnds(bytes) as [number, number, number, number]
    const head = bytes.slice(0, SEGMENT_HEADER_SIZE)
    const frames = [
      bytes.slice(SEGMENT_HEADER_SIZE, a),
      bytes.slice(a, b),
      bytes.slice(b, c),
      bytes.slice(c, d),
    ] as const
    const arrangements = [
      [0, 2, 3],
      [1, 2, 3],
      [0, 0, 1],
      [0, 2, 1, 3],
      [0, 1, 2, 3, 3],
    ]
    for (const arrangement of arrangements) {
      const arranged = Buffer.concat([head, ...arrangement.map((index) => frames[index]!)])
      await refused(changed(disk, path(0), () => arranged))
    }
  })

  test('a frame of another segment is none here', async () => {
    const disk = await journal([2, 2], 100)
    const other = disk.readFile(path(2))!.slice(SEGMENT_HEADER_SIZE)
    const lone = await journal([2])
    expect(await recover(changed(lone, path(0), (bytes) => Buffer.concat([bytes, other])))).toBe(2)
  })

  test('a newer format is refused by its version', async () => {
    const disk = await journal([1])
    const bytes = Buffer.from(disk.readFile(path(0))!)
    bytes.writeUInt32LE(2, 8)
    const error = await refused(changed(disk, path(0), () => bytes))
    expect(error.message).toMatch(/checksum|version/)
  })
})

describe('opening', () => {
  test('reads little of a long journal when the newest block is known', async () => {
    const disk = new MemoryFileSystem()
    const strand = await open(disk)
    const locations = await strand.append(-1, [...blocks(0, 3), block(3, new Uint8Array(5_000_000))])
    const [location] = await strand.append(3, blocks(4, 1))
    await strand.close()
    disk.readBytes = 0
    const hint = { sequenceNo: 4, location: location! }
    const again = await FileStrand.open(directory, { strandId, fileSystem: disk, hint })
    expect(again.head).toMatchObject({ sequenceNo: 4, blockTimestamp: 1_700_000_000_004 })
    expect(disk.readBytes).toBeLessThan(2000)
    await again.close()

    for (const wrong of [
      { sequenceNo: 3, location: location! },
      { sequenceNo: 4, location: locations[1]! },
      { sequenceNo: 9, location: { segment: 3, offset: 64, length: 5 } },
      { sequenceNo: 4, location: { segment: 0, offset: 2 ** 31, length: 5 } },
    ]) {
      const strand = await FileStrand.open(directory, { strandId, fileSystem: disk, hint: wrong })
      expect(strand.head.sequenceNo).toBe(4)
      await strand.close()
    }
  })

  test('a known block before the tail leads to blocks after it', async () => {
    const disk = await journal([1, 2, 3])
    const strand = await open(disk)
    const stored = [...strand.read(0)]
    await strand.close()
    for (const { sequenceNo, location } of stored) {
      const again = await FileStrand.open(directory, { strandId, fileSystem: disk, hint: { sequenceNo, location } })
      expect(countBlocks(again)).toBe(6)
      await again.close()
    }
  })

  test('a length that damaged views say takes no memory', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tally-recovery-'))
    const strand = await FileStrand.open(folder, { strandId })
    const [location] = await strand.append(-1, blocks(0, 1))
    expect(() => strand.readAt({ ...location!, length: 2 ** 40 })).toThrow(CorruptionError)
    await strand.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('leaves other files in the folder alone', async () => {
    const disk = await journal([1])
    disk.put(`${directory}/notes.txt`, Buffer.from('mine'))
    expect(await recover(disk)).toBe(1)
    expect(Buffer.from(disk.readFile(`${directory}/notes.txt`)!).toString()).toBe('mine')
  })

  test('read-only makes nothing', async () => {
    const disk = new MemoryFileSystem()
    const reader = await FileStrand.open(directory, { strandId, fileSystem: disk, readOnly: true })
    expect(reader.head.sequenceNo).toBe(-1)
    expect(disk.operationCount).toBe(0)
    await expect(reader.append(-1, blocks(0, 1))).rejects.toMatchObject({ code: 'READ_ONLY' })
  })

  test('refuses sizes and ids that cannot be', async () => {
    const fileSystem = new MemoryFileSystem()
    for (const segmentSizeBytes of [0, 63, 2 ** 31, Number.NaN])
      await expect(FileStrand.open(directory, { strandId, fileSystem, segmentSizeBytes })).rejects.toThrow(RangeError)
    for (const id of ['', 'x'.repeat(29)])
      await expect(FileStrand.open(directory, { strandId: id, fileSystem })).rejects.toThrow(RangeError)
  })
})

describe('a reader beside the writer', () => {
  test('sees blocks after refresh, across segments, and waits for a torn tail', async () => {
    const disk = new MemoryFileSystem()
    const reader = await FileStrand.open(directory, { strandId, fileSystem: disk, readOnly: true })
    const writer = await open(disk, 200)
    for (let next = 0; next < 40; next += 2) {
      await writer.append(next - 1, blocks(next, 2))
      expect(reader.head.sequenceNo).toBe(next - 1)
      reader.refresh()
      expect(countBlocks(reader)).toBe(next + 2)
    }
    expect(disk.list(directory).length).toBeGreaterThan(5)

    disk.fault = ({ kind, sizeBytes }) =>
      kind === 'append' && sizeBytes > SEGMENT_HEADER_SIZE ? { error: new Error('x'), done: sizeBytes - 5 } : undefined
    await expect(writer.append(39, blocks(40, 2))).rejects.toThrow()
    disk.fault = undefined
    reader.refresh()
    expect(countBlocks(reader)).toBe(41)
    await writer.close()
    const again = await open(disk, 200)
    await again.append(40, blocks(41, 3))
    reader.refresh()
    expect(countBlocks(reader)).toBe(44)
  })

  test('finds damage that the writer went past', async () => {
    const disk = await journal([2, 2], 100)
    const early = disk.crash()
    early.remove(path(2))
    early.put(path(0), disk.readFile(path(0))!.slice(0, 130))
    const reader = await FileStrand.open(directory, { strandId, fileSystem: early, readOnly: true })
    expect(reader.head.sequenceNo).toBe(-1)
    early.put(path(0), disk.readFile(path(0))!.with(100, 1))
    early.put(path(2), disk.readFile(path(2))!)
    expect(() => reader.refresh()).not.toThrow()
    expect(reader.head.sequenceNo).toBe(-1)
  })
})
