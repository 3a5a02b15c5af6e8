/**
 * Goal: every workload over the ledger runs to its end and gives its rows; both sides of a comparison give the same answers,
 * which the workloads assert themselves. Method: a context with tiny sizes. No test depends on a time.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { machineClock } from '../../src/bench/clock.ts'
import { findSqlite, type SqliteAvailability } from '../../src/bench/sqlite-peer.ts'
import { BenchContext, diskSizeBytes, type Workload } from '../../src/bench/workload.ts'
import { audit } from '../../src/bench/workloads/audit.ts'
import { batch } from '../../src/bench/workloads/batch.ts'
import { commits } from '../../src/bench/workloads/commits.ts'
import { diskSize } from '../../src/bench/workloads/disk-size.ts'
import { queries } from '../../src/bench/workloads/queries.ts'

const sqlite = findSqlite()
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tally-workload-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

class TinyContext extends BenchContext {
  constructor(peer: SqliteAvailability) {
    super({ clock: machineClock, isQuick: true, folder, sqlite: peer })
  }

  override size(_normal: number, quick: number): number {
    return Math.ceil(quick / 20)
  }
}

const rowNames: readonly (readonly [Workload, readonly string[]])[] = [
  [commits, ['single-document transactions, 64 at once', 'one client, durable commit, p50']],
  [batch, ['batches of 500 documents, one index']],
  [
    queries,
    [
      'read by indexed field',
      'range of an index, 100 documents',
      'ORDER BY with LIMIT through an index',
      'full scan with a filter, 1 000 documents',
      'GROUP BY, 1 000 documents',
      'ORDER BY with LIMIT, 1 000 documents',
      'join of two tables, 1 000 documents each',
    ],
  ],
  [
    audit,
    [
      'audit, batches of 500 documents',
      'audit, batches of 500 documents, bytes',
      'audit, one document a transaction',
      'audit, documents with 8 KB of bytes',
    ],
  ],
  [diskSize, ['bytes on disk per revision, batches of 500', 'bytes on disk per revision, one a transaction']],
]

for (const [workload, names] of rowNames) {
  test(`${workload.name} runs, beside SQLite where that is installed`, async () => {
    const rows = await workload.run(new TinyContext(sqlite))
    expect(rows.map((row) => row.name)).toEqual(names)
    for (const row of rows) {
      expect(row.value).toBeGreaterThan(0)
      if (row.budget?.includes('SQLite')) expect(row.ratio !== undefined).toBe(sqlite.kind === 'installed')
    }
  })
}

test('queries run without the peer, with budgets that are not met', async () => {
  const rows = await queries.run(new TinyContext({ kind: 'absent', reason: 'not installed' }))
  expect(rows).toHaveLength(7)
  expect(rows.every((row) => row.peer === undefined && !row.met)).toBe(true)
})

test('the size of a folder counts what its files take, in folders too', () => {
  mkdirSync(join(folder, 'inner'))
  writeFileSync(join(folder, 'a'), new Uint8Array(8192).fill(1))
  writeFileSync(join(folder, 'inner', 'b'), new Uint8Array(40_960).fill(2))
  expect(diskSizeBytes(folder)).toBeGreaterThanOrEqual(49_152)
  expect(diskSizeBytes(folder)).toBeLessThan(49_152 + 65_536)
})
