/**
 * Goal: views too large to be read whole at open are looked at right afterwards; damage in them, in a page that only leads
 * to entries too, is found, stops the handle, and costs nothing but a rebuild.
 * Method: one ledger of more than 64 MiB, copied for each case. A branch page is found as LMDB marks it and one byte
 * of a key in it is flipped: no value is damaged, but entries cannot be found any more.
 */
import { cpSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CorruptionError, type Ledger, openLedger, SessionError } from '../../src/index.ts'
import { systemScheduler } from '../../src/ledger/scheduler.ts'

const PAGE_SIZE = 4096
const AT_FLAGS = 18
const BRANCH = 0x01
const LEAF = 0x02
const OVERFLOW = 0x04

const root = mkdtempSync(join(tmpdir(), 'tally-large-views-'))
const pristine = join(root, 'pristine')
afterAll(() => rmSync(root, { recursive: true, force: true }))

beforeAll(async () => {
  await using ledger = await openLedger(pristine, { durability: 'unsafe-no-sync' })
  await ledger.sql`CREATE TABLE Photo`
  await ledger.sql`CREATE TABLE Vehicle`
  await ledger.sql`CREATE INDEX ON Vehicle (vin)`
  await ledger.sql`INSERT INTO Vehicle ${Array.from({ length: 20_000 }, (_, n) => ({ vin: `V${n}`, owner: 'Maria' }))}`
  for (let n = 0; n < 9; n++) await ledger.sql`INSERT INTO Photo ${{ n, bytes: new Uint8Array(8 << 20).fill(n) }}`
}, 60_000)

const dataFile = (path: string): string => join(path, 'views', 'data.mdb')

function copy(name: string): string {
  const path = join(root, name)
  cpSync(pristine, path, { recursive: true })
  return path
}

/** Numbers of the pages of a kind that the file has, in use or free again. */
function pagesOf(path: string, kind: number): number[] {
  const bytes = readFileSync(dataFile(path))
  const pages: number[] = []
  for (let page = 2; (page + 1) * PAGE_SIZE <= bytes.length; page++) {
    const isNumbered = bytes.readUIntLE(page * PAGE_SIZE, 6) === page
    if (isNumbered && bytes.readUInt16LE(page * PAGE_SIZE + AT_FLAGS) === kind) pages.push(page)
  }
  return pages
}

function flip(path: string, offset: number): void {
  const file = openSync(dataFile(path), 'r+')
  const byte = Buffer.alloc(1)
  readSync(file, byte, 0, 1, offset)
  byte[0]! ^= 0x10
  writeSync(file, byte, 0, 1, offset)
}

async function countOf(ledger: Ledger): Promise<number> {
  return (await ledger.sql<number>`SELECT VALUE COUNT(*) FROM Vehicle AS v`.one()) as number
}

describe('views of more than 64 MiB', () => {
  test('are that large', () => {
    expect(statSync(dataFile(pristine)).size).toBeGreaterThan(64 << 20)
    expect(pagesOf(pristine, BRANCH).length).toBeGreaterThan(2)
  })

  test('that are whole pass, while they are written to', async () => {
    const path = copy('whole')
    await using ledger = await openLedger(path)
    let isChecked = false
    const checked = ledger.viewsChecked.then(() => {
      isChecked = true
    })
    // Every page of the table is replaced by another, so that LMDB would use its pages again if it could.
    let rounds = 0
    while (!isChecked || rounds < 3) {
      await ledger.sql`UPDATE Vehicle SET round = ${rounds++} WHERE vin >= ${'V1'} AND vin < ${'V12'}`
    }
    await checked
    expect(await countOf(ledger)).toBe(20_000)
  }, 60_000)

  test('close while they are being looked at, and open again', async () => {
    const path = copy('closing')
    const ledger = await openLedger(path)
    await ledger.sql`INSERT INTO Vehicle ${{ vin: 'new' }}`
    const checked = ledger.viewsChecked
    await ledger.close()
    await expect(checked).rejects.toBeInstanceOf(SessionError)
    await using again = await openLedger(path)
    await again.viewsChecked
    expect(await countOf(again)).toBe(20_001)
  }, 60_000)

  const kinds = [
    ['a branch page', BRANCH, -1],
    ['a leaf page', LEAF, -1],
    ['a large value', OVERFLOW, 5 << 20],
  ] as const
  test.each(kinds)(
    'damaged in %s: found, refused, and made anew',
    async (name, kind, at) => {
      const path = copy(name.replaceAll(' ', '-'))
      // Which of the pages are in use is LMDB's secret: a byte of each branch, some leaves, one large value.
      const pages = pagesOf(path, kind).filter((_, n) => kind !== LEAF || n % 7 === 0)
      for (const page of kind === OVERFLOW ? pages.slice(-1) : pages) {
        flip(path, at < 0 ? page * PAGE_SIZE + PAGE_SIZE - 3 : page * PAGE_SIZE + at)
      }
      const ledger = await openLedger(path)
      await expect(ledger.viewsChecked).rejects.toMatchObject({ code: 'VIEWS_CORRUPT' })
      await expect(ledger.sql`SELECT * FROM Vehicle WHERE vin = 'V7'`).rejects.toBeInstanceOf(CorruptionError)
      await expect(ledger.sql`INSERT INTO Vehicle ${{ vin: 'lost?' }}`).rejects.toBeInstanceOf(CorruptionError)
      await expect(ledger.digest()).rejects.toBeInstanceOf(CorruptionError)
      await ledger.close()

      await using again = await openLedger(path)
      await again.viewsChecked
      expect(await countOf(again)).toBe(20_000)
      expect(await again.sql`SELECT VALUE vin FROM Vehicle WHERE vin = 'V7'`).toEqual(['V7'])
      expect(await again.sql`SELECT VALUE n FROM Photo`).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    },
    60_000,
  )

  test('what was committed before the damage was found is there after the rebuild', async () => {
    const path = copy('committed')
    const [last] = pagesOf(path, OVERFLOW).slice(-1)
    flip(path, last! * PAGE_SIZE + (3 << 20))
    // The check is the first that breathes; it starts late.
    let breaths = 0
    const breathe = (): Promise<void> =>
      breaths++ === 0 ? new Promise((resolve) => setTimeout(resolve, 300)) : systemScheduler.breathe()
    const ledger = await openLedger(path, { scheduler: { ...systemScheduler, breathe } })
    await ledger.sql`INSERT INTO Vehicle ${{ vin: 'early' }}`
    await expect(ledger.viewsChecked).rejects.toBeInstanceOf(CorruptionError)
    await ledger.close()
    await using again = await openLedger(path)
    expect(await again.sql`SELECT VALUE vin FROM Vehicle WHERE vin = 'early'`).toEqual(['early'])
    expect(await countOf(again)).toBe(20_001)
  }, 60_000)

  test('rows that are being read stop with the error, not with an end', async () => {
    const path = copy('reading')
    const [last] = pagesOf(path, OVERFLOW).slice(-1)
    flip(path, last! * PAGE_SIZE + (3 << 20))
    await using ledger = await openLedger(path)
    const rows = ledger.sql`SELECT VALUE vin FROM Vehicle`[Symbol.asyncIterator]()
    await rows.next()
    await expect(ledger.viewsChecked).rejects.toBeInstanceOf(CorruptionError)
    await expect(rows.next()).rejects.toBeInstanceOf(CorruptionError)
  }, 60_000)

  test('a reader finds the damage too, and changes nothing', async () => {
    const path = copy('reader')
    const [last] = pagesOf(path, OVERFLOW).slice(-1)
    flip(path, last! * PAGE_SIZE + (3 << 20))
    const state = readFileSync(join(path, 'views', 'state'))
    {
      await using reader = await openLedger(path, { readOnly: true })
      await expect(reader.viewsChecked).rejects.toBeInstanceOf(CorruptionError)
      await expect(reader.sql`SELECT * FROM Vehicle WHERE vin = 'V7'`).rejects.toBeInstanceOf(CorruptionError)
    }
    expect(readFileSync(join(path, 'views', 'state'))).toEqual(state)
    await using ledger = await openLedger(path)
    await expect(ledger.viewsChecked).rejects.toBeInstanceOf(CorruptionError)
  }, 60_000)
})
