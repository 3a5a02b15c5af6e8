/**
 * Goal: processes that read beside the writer only ever see prefixes of the commit order, each no older than the one
 * before, and none of them can write.
 * Method: two reading processes look as often as they can, each look in one transaction over two tables, an index and a
 * history, opening the ledger anew now and then; the writer remembers the digest of every tip.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLedger } from '../../src/index.ts'
import type { Sight } from './reading-process.ts'

const COMMITS = 400
const folder = mkdtempSync(join(tmpdir(), 'tally-readers-'))
const program = resolve(import.meta.dirname, '../../node_modules/.cache/tally-reading-process.mjs')

beforeAll(async () => {
  await build({
    entryPoints: [join(import.meta.dirname, 'reading-process.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
  })
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  rmSync(program, { force: true })
})

interface Reader {
  readonly child: ChildProcess
  lines: number
  readonly done: Promise<string>
}

function startReader(path: string): Reader {
  const child = spawn(process.execPath, [program, path], { stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  let complaint = ''
  const done = new Promise<string>((succeed, fail) => {
    child.on('error', fail)
    child.on('close', (code, signal) => {
      if (code === 0) succeed(said)
      else fail(new Error(`The reader ended with ${code ?? signal}: ${complaint}`))
    })
  })
  const reader: Reader = { child, lines: 0, done }
  child.stdout?.on('data', (bytes: Buffer) => {
    said += bytes.toString('utf8')
    reader.lines = said.split('\n').length - 1
  })
  child.stderr?.on('data', (bytes: Buffer) => {
    complaint += bytes.toString('utf8')
  })
  return reader
}

test('two reading processes only ever see prefixes of the commit order', async () => {
  const path = join(folder, 'l')
  await using ledger = await openLedger(path, { segmentSizeBytes: 16 * 1024 })
  await ledger.sql`CREATE TABLE Entry`
  await ledger.sql`CREATE TABLE Counter`
  await ledger.sql`CREATE INDEX ON Counter (id)`
  await ledger.sql`INSERT INTO Counter ${{ id: 'c', count: 0 }}`

  const digests = new Map<number, string>()
  const remember = async (): Promise<void> => {
    const { digest, digestTipAddress } = await ledger.digest()
    digests.set(digestTipAddress.sequenceNo, Buffer.from(digest).toString('hex'))
  }
  await remember()
  const first = (await ledger.digest()).digestTipAddress.sequenceNo

  const readers = [startReader(path), startReader(path)]
  const isReading = (lines: number): boolean => readers.every((reader) => reader.lines >= lines)
  const failed = Promise.all(readers.map((reader) => reader.done))
  failed.catch(() => undefined)
  let count = 0
  // As many commits as planned, and on until both have looked often enough: a slow machine starts processes late.
  while (count < COMMITS || !isReading(60)) {
    if (readers.some((reader) => reader.child.exitCode !== null)) break
    count++
    await ledger.transact(async (tx) => {
      await tx.execute('INSERT INTO Entry ?', { n: count, filler: 'x'.repeat(count % 500) })
      await tx.execute('UPDATE Counter SET count = ? WHERE id = ?', count, 'c')
    })
    await remember()
    if (count % 8 === 0) await new Promise((resume) => setTimeout(resume, 2))
  }
  for (const reader of readers) reader.child.stdin?.end()
  const said = await failed

  for (const text of said) {
    const [refusal, ...sights] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
    expect(refusal).toEqual({ refused: 'LEDGER_LOCKED' })
    expect(sights.length).toBeGreaterThanOrEqual(50)
    let last = 0
    let lastTip = 0
    for (const sight of sights as Sight[]) {
      const prefix = Array.from({ length: sight.count }, (_, index) => index + 1)
      expect(sight.entries).toEqual(prefix)
      expect(sight.versions).toEqual([0, ...prefix])
      expect(sight.count).toBeGreaterThanOrEqual(last)
      expect(sight.tip).toBeGreaterThanOrEqual(Math.max(lastTip, first + sight.count))
      expect(sight.digest).toBe(digests.get(sight.tip))
      last = sight.count
      lastTip = sight.tip
    }
    // It did see the ledger grow.
    expect(new Set((sights as Sight[]).map((sight) => sight.count)).size).toBeGreaterThan(5)
  }
}, 120_000)

test('a reader of views that their dead writer left behind sees the whole journal', async () => {
  const path = join(folder, 'behind')
  const older = join(folder, 'older-views')
  {
    await using ledger = await openLedger(path)
    await ledger.sql`CREATE TABLE T`
  }
  cpSync(join(path, 'views'), older, { recursive: true })
  {
    await using ledger = await openLedger(path)
    await ledger.sql`INSERT INTO T ${{ n: 1 }}`
  }
  rmSync(join(path, 'views'), { recursive: true })
  cpSync(older, join(path, 'views'), { recursive: true })
  // No process has this number: the writer is gone.
  writeFileSync(join(path, 'views', 'busy'), '\u0001999999999')
  await using reader = await openLedger(path, { readOnly: true })
  expect(await reader.sql`SELECT VALUE n FROM T`).toEqual([1])
  expect(await reader.check({ deep: true })).toMatchObject({ isSound: true })
})

test('a reader that made views of its own follows the writer all the same', async () => {
  const path = join(folder, 'own')
  {
    await using ledger = await openLedger(path)
    await ledger.sql`CREATE TABLE T`
  }
  rmSync(join(path, 'views'), { recursive: true })
  await using reader = await openLedger(path, { readOnly: true })
  expect(await reader.sql`SELECT VALUE n FROM T`).toEqual([])
  await using ledger = await openLedger(path)
  for (const n of [1, 2, 3]) {
    await ledger.sql`INSERT INTO T ${{ n, [`name${n}`]: true }}`
    expect(await reader.digest()).toEqual(await ledger.digest())
    expect(await reader.sql`SELECT * FROM T`).toEqual(await ledger.sql`SELECT * FROM T`)
  }
  expect(await reader.check({ deep: true })).toMatchObject({ isSound: true })
})
