/**
 * Goal: blocks that the views have seen were acknowledged; when the journal has lost them, opening says so and changes
 * nothing, instead of taking the damage for the torn end of a commit.
 * Method: a closed ledger whose journal is damaged or cut behind its back.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LedgerOptions, openLedger } from '../../src/index.ts'
import { FRAME_HEADER_SIZE, readFrames, SEGMENT_HEADER_SIZE } from '../../src/strand/index.ts'

const OPTIONS: LedgerOptions = { segmentSizeBytes: 2048 }
const folder = mkdtempSync(join(tmpdir(), 'tally-lost-'))
const original = join(folder, 'original')
let tip = -1

beforeAll(async () => {
  await using ledger = await openLedger(original, OPTIONS)
  await ledger.sql`CREATE TABLE T`
  for (let n = 0; n < 12; n++) await ledger.sql`INSERT INTO T ${{ n }}`
  tip = (await ledger.digest()).digestTipAddress.sequenceNo
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const DAMAGES: readonly [what: string, damage: (newest: string, journal: string) => void][] = [
  ['a flipped byte in the last block', (newest) => flip(newest, -1)],
  ['a flipped byte in the header of the last block', (newest) => flip(newest, lastFrame(newest) + 4)],
  ['the last block cut away', (newest) => truncateSync(newest, lastFrame(newest))],
  ['the last block cut in the middle', (newest) => truncateSync(newest, lastFrame(newest) + FRAME_HEADER_SIZE + 5)],
  ['the last segment cut to its header', (newest) => truncateSync(newest, SEGMENT_HEADER_SIZE)],
  ['the last segment cut within its header', (newest) => truncateSync(newest, SEGMENT_HEADER_SIZE - 1)],
  ['the last segment empty', (newest) => truncateSync(newest, 0)],
  ['the last segment gone', (newest) => rmSync(newest)],
  ['every segment gone', (_, journal) => rmSync(journal, { recursive: true })],
]

test.each(DAMAGES)('%s: opening refuses and changes nothing, for writing and for reading', async (what, damage) => {
  const path = join(folder, what.replaceAll(' ', '-'))
  cpSync(original, path, { recursive: true })
  const journal = join(path, 'journal')
  damage(join(journal, readdirSync(journal).sort().at(-1)!), journal)
  const before = contents(path)
  for (const readOnly of [false, true]) {
    await expect(openLedger(path, { ...OPTIONS, readOnly })).rejects.toMatchObject({
      name: 'CorruptionError',
      code: 'JOURNAL_CORRUPT',
      message: expect.stringMatching(
        /Restore the journal from a copy, or delete the views folder|a segment is missing/,
      ),
    })
    if (what !== 'every segment gone') expect(contents(path)).toEqual(before)
  }

  // Who accepts the loss deletes the views: what is left is a sound ledger.
  rmSync(join(path, 'views'), { recursive: true })
  await using ledger = await openLedger(path, OPTIONS)
  expect((await ledger.digest()).digestTipAddress.sequenceNo).toBeLessThan(tip)
  expect(await ledger.check({ deep: true })).toMatchObject({ isSound: true })
})

test('a ledger that does not sync promises less: it opens with what is left', async () => {
  const path = join(folder, 'unsynced')
  cpSync(original, path, { recursive: true })
  flip(join(path, 'journal', readdirSync(join(path, 'journal')).sort().at(-1)!), -1)
  await using ledger = await openLedger(path, { ...OPTIONS, durability: 'unsafe-no-sync' })
  expect((await ledger.digest()).digestTipAddress.sequenceNo).toBe(tip - 1)
  expect(await ledger.check({ deep: true })).toMatchObject({ isSound: true })
})

test('the torn end of a commit that nobody was told of is cut', async () => {
  const path = join(folder, 'torn')
  cpSync(original, path, { recursive: true })
  const newest = join(path, 'journal', readdirSync(join(path, 'journal')).sort().at(-1)!)
  const whole = readFileSync(newest)
  writeFileSync(newest, Buffer.concat([whole, whole.subarray(lastFrame(newest), -3)]))
  await using ledger = await openLedger(path, OPTIONS)
  expect((await ledger.digest()).digestTipAddress.sequenceNo).toBe(tip)
  expect(readFileSync(newest).equals(whole)).toBe(true)
})

/** `offset` below zero counts from the end. */
function flip(path: string, offset: number): void {
  const bytes = readFileSync(path)
  const at = offset < 0 ? bytes.length + offset : offset
  bytes[at]! ^= 0x10
  writeFileSync(path, bytes)
}

function lastFrame(path: string): number {
  let offset = -1
  for (const frame of readFrames(readFileSync(path))) offset = frame.offset
  return offset
}

/** Every file below a folder, but the lock that comes and goes and LMDB's table of readers. */
function contents(path: string): Record<string, string> {
  const names = readdirSync(path, { recursive: true, withFileTypes: true })
  const files = names.filter((entry) => entry.isFile() && !/lock$|^busy$/.test(entry.name))
  return Object.fromEntries(
    files.map((entry) => {
      const file = join(entry.parentPath, entry.name)
      return [file, readFileSync(file).toString('base64')]
    }),
  )
}
