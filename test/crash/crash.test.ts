/**
 * Goal: whatever moment a process dies at, nothing acknowledged is lost, nothing is invented, and the ledger passes its
 * audit.
 * Method: a child process writes and reports; it is killed with SIGKILL at a random moment, the folder is audited and
 * read, and the next child goes on with the same folder. Kills: 200, or TALLY_KILLS.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLedger } from '../../src/index.ts'
import { auditJournal, auditViews } from '../../src/ledger/index.ts'

const checkedBy = { where: 'computer', version: 'crash test', isOffline: true } as const
const KILLS = Number(process.env['TALLY_KILLS'] ?? 200)
const folder = mkdtempSync(join(tmpdir(), 'tally-crash-'))
const writer = resolve(import.meta.dirname, '../../node_modules/.cache/tally-crash-writer.mjs')

beforeAll(async () => {
  await build({
    entryPoints: [join(import.meta.dirname, 'writer.ts')],
    outfile: writer,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  })
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  rmSync(writer, { force: true })
})

/** Small, seeded: a failing run can be repeated. (Numerical Recipes' linear congruential generator.) */
function randomSource(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 0x1_0000_0000
  }
}

interface Said {
  readonly tried: number[]
  readonly acknowledged: number[]
}

/** Runs the writer, kills it `afterMs` after it is ready, and answers what it had said. */
function runAndKill(path: string, first: number, afterMs: number): Promise<Said> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [writer, path, String(first)], { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    let complaint = ''
    let isArmed = false
    child.stdout.on('data', (bytes: Buffer) => {
      said += bytes.toString('latin1')
      if (!isArmed && said.startsWith('ready')) {
        isArmed = true
        setTimeout(() => child.kill('SIGKILL'), afterMs)
      }
    })
    child.stderr.on('data', (bytes: Buffer) => {
      complaint += bytes.toString('utf8')
    })
    child.on('error', fail)
    child.on('close', (code, signal) => {
      if (signal !== 'SIGKILL') {
        fail(new Error(`The writer ended by itself (${code}): ${complaint}`))
        return
      }
      // The last line may be cut in the middle.
      const lines = said.slice(0, said.lastIndexOf('\n') + 1).split('\n')
      const numbers = (word: string): number[] =>
        lines.filter((line) => line.startsWith(`${word} `)).map((line) => Number(line.slice(4)))
      done({ tried: numbers('try'), acknowledged: numbers('ack') })
    })
  })
}

test(
  `${KILLS} kills lose nothing that was acknowledged and invent nothing`,
  async () => {
    const random = randomSource(20260301)
    const path = join(folder, 'ledger')
    const tried = new Set<number>()
    const acknowledged = new Set<number>()
    let first = 0
    let sequenceNo = -1

    for (let kill = 0; kill < KILLS; kill++) {
      const said = await runAndKill(path, first, random() * 250)
      for (const number of said.tried) tried.add(number)
      for (const number of said.acknowledged) acknowledged.add(number)
      first = Math.max(first, ...said.tried) + 1

      // Deep checks cost more as the ledger grows: the whole journal and the views each tenth time.
      if (kill % 10 === 9 || kill === KILLS - 1) {
        const report = await auditJournal(path, { checkedBy, viewFaults: () => auditViews(path) })
        expect(report.faults).toEqual([])
        expect(report.verdict.verdict).toBe('verified')
      }
      await using ledger = await openLedger(path)
      const rows = await ledger.sql<{ number: number; text: string; filler: string }>`SELECT * FROM Entry`
      const found = new Set(rows.map((row) => row.number))
      expect(found.size).toBe(rows.length)
      expect([...acknowledged].filter((number) => !found.has(number))).toEqual([])
      expect([...found].filter((number) => !tried.has(number))).toEqual([])
      for (const row of rows) {
        expect(row.text).toBe(`entry ${row.number}`)
        expect(row.filler.length).toBe(row.number % 300)
      }
      const tip = (await ledger.digest()).digestTipAddress.sequenceNo
      expect(tip).toBeGreaterThanOrEqual(sequenceNo)
      sequenceNo = tip
    }
    expect(acknowledged.size).toBeGreaterThan(KILLS / 4)
  },
  20 * 60_000,
)
