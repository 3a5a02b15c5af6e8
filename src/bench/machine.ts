import { execFileSync } from 'node:child_process'
import { cpus, release, totalmem, type } from 'node:os'
import type { BenchClock } from './clock.ts'
import { projectFolder } from './project-folder.ts'

/** Where and when a report was made: without this its figures say nothing. */
export interface Machine {
  readonly cpu: string
  readonly coreCount: number
  readonly memoryBytes: number
  readonly os: string
  readonly node: string
  /** The peer's version; absent when it is not installed. */
  readonly sqlite?: string
  /** Commit of the source tree, with `+` behind it when files were changed since; absent outside a checkout. */
  readonly commit?: string
  /** ISO 8601, UTC. */
  readonly date: string
}

/** Describes this machine. */
export function describeMachine(clock: BenchClock, sqliteVersion: string | undefined): Machine {
  const processors = cpus()
  const commit = currentCommit()
  return {
    cpu: processors[0]?.model.trim() || 'unknown',
    coreCount: processors.length,
    memoryBytes: totalmem(),
    os: `${type()} ${release()}`,
    node: process.version,
    ...(sqliteVersion === undefined ? {} : { sqlite: sqliteVersion }),
    ...(commit === undefined ? {} : { commit }),
    date: clock.date().toISOString(),
  }
}

function currentCommit(): string | undefined {
  const git = (...words: string[]): string =>
    execFileSync('git', ['-C', projectFolder, ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  try {
    // An installed package inside somebody else's repository must not name that repository's commit.
    if (git('ls-files', 'src/bench/machine.ts') === '') return undefined
    return git('rev-parse', '--short=10', 'HEAD') + (git('status', '--porcelain', '-uno') === '' ? '' : '+')
  } catch {
    return undefined
  }
}
