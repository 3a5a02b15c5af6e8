/** Goal: the runner's manners. What it measures is nobody's business here: no test depends on a time. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { renderReport, runBench, workloads } from '../../src/bench/index.ts'
import { FormatError } from '../../src/errors.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tally-run-bench-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

test('an unknown workload is refused before anything runs, with the names there are', async () => {
  const run = runBench({ workloads: ['floors', 'floor'], folder })
  await expect(run).rejects.toThrow(FormatError)
  await expect(run).rejects.toThrow(/no workload "floor".*floors, start, commits/)
  expect(readdirSync(folder)).toEqual([])
})

test('every workload has a name of its own and a line of help', () => {
  expect(new Set(workloads.map((workload) => workload.name)).size).toBe(workloads.length)
  expect(workloads.every((workload) => workload.summary.length > 20)).toBe(true)
})

test('without its peer everything is measured, the report is plain JSON, and nothing is left behind', async () => {
  const lines: string[] = []
  const report = await runBench({
    workloads: ['proofs', 'floors'],
    quick: true,
    folder,
    peersFolder: folder,
    onProgress: (text) => lines.push(text),
  })
  expect(report.rows.map((row) => row.name)).toEqual([
    expect.stringMatching(/^floor: append/),
    expect.stringMatching(/^floor: SHA-256/),
    expect.stringMatching(/^floor: SHA-256/),
    expect.stringMatching(/^floor: LMDB puts/),
    expect.stringMatching(/^floor: LMDB puts/),
    expect.stringMatching(/^floor: LMDB gets/),
    'make a proof, 10⁵ blocks, tree alone',
    'check a proof, 10⁵ blocks',
  ])
  for (const row of report.rows) {
    expect(row.value).toBeGreaterThan(0)
    expect(typeof row.met).toBe('boolean')
    expect(row.ratio).toBeUndefined()
  }
  expect(report.machine.sqlite).toBeUndefined()
  expect(JSON.parse(JSON.stringify(report))).toEqual(report)
  expect(renderReport(report)).toContain('SQLITE WAS NOT MEASURED')
  expect(lines.length).toBeGreaterThan(3)
  expect(readdirSync(folder)).toEqual([])
})

test('a cancelled run ends with the reason it was given, and nothing is left behind', async () => {
  const cancel = new AbortController()
  const onProgress = (): void => cancel.abort(new Error('enough'))
  await expect(runBench({ workloads: ['floors'], folder, signal: cancel.signal, onProgress })).rejects.toThrow('enough')
  expect(readdirSync(folder)).toEqual([])
})
