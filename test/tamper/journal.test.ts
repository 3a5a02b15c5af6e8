/**
 * Goal: any flipped byte of the journal is found by the audit, which names the block.
 * Method: every 23rd byte here, each with one bit and with all bits flipped; `npm run tamper` flips every byte.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditJournal } from '../../src/ledger/index.ts'
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
