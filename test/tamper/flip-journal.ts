import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Decimal, type LedgerDigest, openLedger, Timestamp } from '../../src/index.ts'
import { auditJournal } from '../../src/ledger/index.ts'
import { type FileSystem, nodeFileSystem } from '../../src/storage/index.ts'
import { FRAME_HEADER_SIZE, readFrames, SEGMENT_HEADER_SIZE } from '../../src/strand/index.ts'

/** A ledger on disk with every kind of block, in several segments, and the digest of its end. */
export interface TamperSubject {
  readonly folder: string
  readonly digest: LedgerDigest
  remove(): void
}

/** Inserts, updates, a deletion, several statements, DDL, an index, every Ion type, new names late. */
export async function makeTamperSubject(): Promise<TamperSubject> {
  const parent = mkdtempSync(join(tmpdir(), 'tally-tamper-'))
  const folder = join(parent, 'cars')
  let second = 0
  await using ledger = await openLedger(folder, {
    segmentSizeBytes: 4096,
    clock: () => new Date(Date.UTC(2026, 0, 1, 0, 0, second++)),
    randomness: (size) => new Uint8Array(size).map((_, index) => (index * 31 + second * 7) & 0xff),
  })
  await ledger.sql`CREATE TABLE Vehicle`
  await ledger.sql`CREATE INDEX ON Vehicle (vin)`
  for (let number = 0; number < 6; number++) {
    const price = new Decimal(`${number}.50`)
    await ledger.sql`INSERT INTO Vehicle ${{ vin: `V${number}`, owner: 'Maria', price, sold: null }}`
  }
  await ledger.transact(async (tx) => {
    await tx.sql`UPDATE Vehicle SET owner = ${'Ines'} WHERE vin = ${'V1'}`
    await tx.sql`UPDATE Vehicle SET since = ${Timestamp.parse('2026-01-01T')} WHERE vin = ${'V1'}`
    await tx.sql`INSERT INTO Vehicle << ${{ vin: 'V8', list: [1, 2.5, 'x'] }}, ${{ vin: 'V9', nested: { a: { b: true } } }} >>`
  })
  await ledger.sql`DELETE FROM Vehicle WHERE vin = ${'V2'}`
  await ledger.sql`CREATE TABLE Person`
  await ledger.sql`INSERT INTO Person ${{ name: 'Peter', photo: new Uint8Array(20), big: 2n ** 70n }}`
  return {
    folder,
    digest: await ledger.digest(),
    remove: () => rmSync(parent, { recursive: true, force: true }),
  }
}

/** The files of the journal, read once. */
export function journalFiles(folder: string): ReadonlyMap<string, Uint8Array> {
  const directory = join(folder, 'journal')
  return new Map(
    nodeFileSystem.list(directory).map((name) => [name, nodeFileSystem.readFile(join(directory, name))!] as const),
  )
}

/** What the audit said of one flipped byte. */
export interface FlipResult {
  /** The verdict is a mismatch. */
  readonly found: boolean
  /** A fault names the block, or the header, that the byte lies in. */
  readonly located: boolean
}

/** Audits the journal with one byte changed. Nothing is written: the audit reads through a file system that lies. */
export async function flipByte(
  subject: TamperSubject,
  files: ReadonlyMap<string, Uint8Array>,
  name: string,
  offset: number,
  mask: number,
): Promise<FlipResult> {
  const original = files.get(name)!
  const flipped = original.slice()
  flipped[offset]! ^= mask
  const lying: FileSystem = {
    ...nodeFileSystem,
    readFile: (path) => {
      const file = path.split('/').at(-1)!
      return file === name ? flipped : (files.get(file) ?? nodeFileSystem.readFile(path))
    },
  }
  const report = await auditJournal(subject.folder, {
    checkedBy: { where: 'computer', version: 'test', isOffline: true },
    digest: subject.digest,
    fileSystem: lying,
  })
  const place = placeOf(original, offset)
  return {
    found: report.verdict.verdict === 'mismatch',
    located: report.faults.some((fault) =>
      place === 'header'
        ? fault.field.startsWith('segment header') && fault.place === `journal/${name}`
        : fault.sequenceNo === place,
    ),
  }
}

/** The block that holds a byte of a sound segment, or `header`. */
function placeOf(segment: Uint8Array, offset: number): number | 'header' {
  if (offset < SEGMENT_HEADER_SIZE) return 'header'
  for (const frame of readFrames(segment)) {
    if (frame.kind === 'frame' && offset < frame.offset + FRAME_HEADER_SIZE + frame.length) return frame.sequenceNo
  }
  throw new RangeError(`'offset' ${offset} lies behind the last frame`)
}
