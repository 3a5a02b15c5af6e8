import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { FormatError } from '../errors.ts'
import type { BenchRow } from './bench-row.ts'
import { type BenchClock, machineClock } from './clock.ts'
import { describeMachine } from './machine.ts'
import type { BenchReport } from './report.ts'
import { findSqlite, peersFolder } from './sqlite-peer.ts'
import { BenchContext, type Workload } from './workload.ts'
import { audit } from './workloads/audit.ts'
import { batch } from './workloads/batch.ts'
import { commits } from './workloads/commits.ts'
import { diskSize } from './workloads/disk-size.ts'
import { floors } from './workloads/floors.ts'
import { million } from './workloads/million.ts'
import { proofs } from './workloads/proofs.ts'
import { queries } from './workloads/queries.ts'
import { start } from './workloads/start.ts'

/** What to measure, and where. */
export interface BenchOptions {
  /** Names out of {@link workloads}; all of them when absent or empty. They run in the order of that list. */
  readonly workloads?: readonly string[] | undefined
  /** A tenth of the data and fewer runs: minutes become seconds, figures become rougher. */
  readonly quick?: boolean | undefined
  /** How many documents the queries range over. Default 100 000, with `quick` 20 000. */
  readonly documentCount?: number | undefined
  /** A folder on the disk to be measured, in which a folder is made and removed again. Default: the current one. */
  readonly folder?: string | undefined
  /** Where the peers are installed. Default: `bench/` of the source tree. */
  readonly peersFolder?: string | undefined
  readonly clock?: BenchClock | undefined
  /** Cancels at the next opportunity; what was written is removed. */
  readonly signal?: AbortSignal | undefined
  /** Told what is going on now, one short line at a time: for a terminal, not for a pipe. */
  readonly onProgress?: ((text: string) => void) | undefined
}

/** Everything that can be measured, in the order in which it is. */
export const workloads: readonly Workload[] = [floors, start, commits, batch, queries, proofs, audit, million, diskSize]

/**
 * Measures workloads, each beside its peer in the same run.
 *
 * @throws {FormatError} BAD_VALUE for an unknown workload, before anything runs
 * @throws the reason of `signal` when it aborts
 */
export async function runBench(options: BenchOptions = {}): Promise<BenchReport> {
  const chosen = chooseWorkloads(options.workloads ?? [])
  const clock = options.clock ?? machineClock
  const sqlite = findSqlite(options.peersFolder ?? peersFolder)
  const folder = mkdtempSync(join(options.folder ?? process.cwd(), '.tally-bench-'))
  try {
    const isQuick = options.quick ?? false
    const { signal, onProgress, documentCount } = options
    const context = new BenchContext({ clock, isQuick, folder, sqlite, signal, onProgress, documentCount })
    const rows: BenchRow[] = []
    for (const workload of chosen) rows.push(...(await workload.run(context)))
    return { machine: describeMachine(clock, sqlite.kind === 'installed' ? sqlite.version : undefined), rows }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function chooseWorkloads(names: readonly string[]): readonly Workload[] {
  const known = workloads.map((workload) => workload.name)
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new FormatError('BAD_VALUE', `There is no workload "${unknown}". Choose from: ${known.join(', ')}.`)
  }
  return names.length === 0 ? workloads : workloads.filter((workload) => names.includes(workload.name))
}
