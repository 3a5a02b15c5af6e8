import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchRow } from './bench-row.ts'
import type { BenchClock } from './clock.ts'
import { type Contender, type Measurement, type MeasureOptions, measure } from './measure.ts'
import type { SqliteAvailability, SqlitePeer } from './sqlite-peer.ts'

/** Some work that is measured as a whole: it sets itself up, runs, cleans up, and gives one row or several. */
export interface Workload {
  /** What a person types after `tally bench`. */
  readonly name: string
  /** One line for `--help`. */
  readonly summary: string
  readonly run: (context: BenchContext) => Promise<readonly BenchRow[]>
}

/** What is given to a {@link BenchContext}. */
export interface BenchContextOptions {
  readonly clock: BenchClock
  readonly isQuick: boolean
  /** An empty folder on the disk to be measured. Whoever made it removes it. */
  readonly folder: string
  readonly sqlite: SqliteAvailability
  readonly signal?: AbortSignal | undefined
  /** How many documents queries range over; undefined: as many as the workload thinks right. */
  readonly documentCount?: number | undefined
  /** Told what is going on now, one short line at a time. */
  readonly onProgress?: ((text: string) => void) | undefined
}

/** Where workloads run: clock, disk, peer, and how much of everything. */
export class BenchContext {
  readonly clock: BenchClock
  readonly isQuick: boolean
  readonly sqlite: SqliteAvailability
  readonly signal: AbortSignal | undefined
  readonly documentCount: number | undefined
  readonly #folder: string
  readonly #onProgress: ((text: string) => void) | undefined
  #folderCount = 0

  constructor(options: BenchContextOptions) {
    this.clock = options.clock
    this.isQuick = options.isQuick
    this.sqlite = options.sqlite
    this.signal = options.signal
    this.documentCount = options.documentCount
    this.#folder = options.folder
    this.#onProgress = options.onProgress
  }

  /** One of two sizes: the first for a report, the second for `--quick`. */
  size(normal: number, quick: number): number {
    return this.isQuick ? quick : normal
  }

  /** Says what is going on. @throws the signal's reason when the run was cancelled */
  progress(text: string): void {
    this.signal?.throwIfAborted()
    this.#onProgress?.(text)
  }

  /** Path of a folder that does not exist yet; with `make`, of an empty one. */
  newFolder(make: 'make' | 'name only' = 'name only'): string {
    const folder = join(this.#folder, String(++this.#folderCount))
    if (make === 'make') mkdirSync(folder)
    return folder
  }

  /** The peer on an empty database; undefined when it is not installed. The caller closes it. */
  openSqlite(): { readonly peer: SqlitePeer; readonly folder: string } | undefined {
    if (this.sqlite.kind === 'absent') return undefined
    const folder = this.newFolder('make')
    return { peer: this.sqlite.open(join(folder, 'peer.db')), folder }
  }

  /** Lets contenders take turns: one warm-up and five runs, three when it has to be quick. */
  measure(
    contenders: readonly (Contender | undefined)[],
    options: Partial<MeasureOptions> = {},
  ): Promise<Measurement[]> {
    return measure(
      contenders.filter((contender) => contender !== undefined),
      { clock: this.clock, warmUps: 1, runs: this.size(5, 3), signal: this.signal, ...options },
    )
  }
}

/** Bytes that the files of a folder and of its folders take on the disk, after the disk was told to have them. */
export function diskSizeBytes(folder: string): number {
  let sizeBytes = 0
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const file = openSync(path, 'r+')
    fsyncSync(file) // a file system that allocates late does not know its blocks before
    closeSync(file)
    sizeBytes += statSync(path).blocks * 512
  }
  return sizeBytes
}
