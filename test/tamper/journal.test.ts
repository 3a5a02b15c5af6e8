/**
 * Goal: any flipped byte of the journal is found by the audit, which names the block.
 * Method: every 23rd byte here, each with one bit and with all bits flipped; `npm run tamper` flips every byte.
 */
import { cpSync, existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditJournal, openLedger } from '../../src/ledger/index.ts'
import { segmentName } from '../../src/strand/index.ts'
import { flipByte, journalFiles, makeTamperSubject, type TamperSubject } from './flip-journal.ts'

const STEP = 23
let subject: TamperSubject
beforeAll(async () => {
  subject = await makeTamperSubject()
})
afterAll(() => subject.remove())

test('the journal as it was written is found sound, in several segments', async () => {
  const report = await auditJournal(subject.folder, {
    checkedBy: { where: 'computer', version: 'test', isOffline: true },
    digest: subject.digest,
  })
  expect(report.faults).toEqual([])
  expect(report.verdict).toMatchObject({ verdict: 'verified', claims: ['whole', 'unchanged-since'] })
  expect(journalFiles(subject.folder).size).toBeGreaterThan(1)
})

test.each([0, 1, 63])('a segment that a crash left with %i bytes is no fault, before open and after', async (size) => {
  const parent = mkdtempSync(join(tmpdir(), 'tally-begun-'))
  try {
    const folder = join(parent, 'cars')
    cpSync(subject.folder, folder, { recursive: true })
    const begun = join(folder, 'journal', segmentName(subject.digest.digestTipAddress.sequenceNo + 1))
    writeFileSync(begun, new Uint8Array(size))
    const options = {
      checkedBy: { where: 'computer', version: 'test', isOffline: true },
      digest: subject.digest,
    } as const
    const report = await auditJournal(folder, options)
    expect(report.faults).toEqual([])
    expect(report.verdict).toMatchObject({ verdict: 'verified' })
    expect(report.remarks).toEqual([expect.stringContaining('a segment was begun')])
    await (await openLedger(folder)).close()
    expect(existsSync(begun)).toBe(false)
  } finally {
    rmSync(parent, { recursive: true, force: true })
  }
})

test('the newest segment emptied is found: the digest knows that blocks stood there', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'tally-emptied-'))
  try {
    const folder = join(parent, 'cars')
    cpSync(subject.folder, folder, { recursive: true })
    truncateSync(join(folder, 'journal', [...journalFiles(folder).keys()].at(-1)!), 0)
    const checkedBy = { where: 'computer', version: 'test', isOffline: true } as const
    const report = await auditJournal(folder, { checkedBy, digest: subject.digest })
    expect(report.verdict.verdict).not.toBe('verified')
  } finally {
    rmSync(parent, { recursive: true, force: true })
  }
})

test('a flipped byte is found, and its block named', async () => {
  const files = journalFiles(subject.folder)
  const missed: string[] = []
  let flips = 0
  for (const [name, bytes] of files) {
    for (let offset = flips % STEP; offset < bytes.length; offset += STEP) {
      for (const mask of [1 << (offset % 8), 0xff]) {
        flips++
        const { found, located } = await flipByte(subject, files, name, offset, mask)
        if (!found || !located) missed.push(`${name} ${offset} ^ ${mask}: ${found ? 'not located' : 'not found'}`)
      }
    }
  }
  expect(missed).toEqual([])
  expect(flips).toBeGreaterThan(500)
})
