/**
 * The cases that are known to fail, each with its reason: `known-failures.json` beside this file. A case that is not
 * there must pass, a case that is there must fail.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { modeOf } from './report.ts'
import type { Outcome } from './run.ts'

/** Why some cases fail, and which; a mode as `modeOf` says it. */
export interface KnownFailures {
  readonly reason: string
  readonly cases: readonly { readonly name: string; readonly modes: readonly string[] }[]
  /** They fail only where the runtime knows at least this version of Unicode. */
  readonly unicode?: number
}

/** The version of Unicode that this runtime's strings follow. */
export const RUNTIME_UNICODE: number = Number.parseFloat(process.versions['unicode'] ?? '0')

const FILE = join(import.meta.dirname, 'known-failures.json')

export function readKnownFailures(): KnownFailures[] {
  return JSON.parse(readFileSync(FILE, 'utf8')) as KnownFailures[]
}

/** Where a run and the list part: `name · mode` of what fails unlisted, and of what is listed and does not fail. */
export function compareWithKnown(
  outcomes: readonly Outcome[],
  known: readonly KnownFailures[],
): { readonly unlisted: string[]; readonly passing: string[] } {
  const failing = new Set(outcomes.filter(({ passed }) => !passed).map(keyOf))
  const here = known.filter(({ unicode = 0 }) => unicode <= RUNTIME_UNICODE)
  const listed = here.flatMap(({ cases }) =>
    cases.flatMap(({ name, modes }) => modes.map((mode) => `${name} · ${mode}`)),
  )
  return {
    unlisted: [...failing].filter((key) => !listed.includes(key)),
    passing: listed.filter((key) => !failing.has(key)),
  }
}

/** Takes what passes off the list, and puts what fails unlisted under a reason that somebody has to write. */
export function updateKnownFailures(outcomes: readonly Outcome[]): KnownFailures[] {
  const { unlisted, passing } = compareWithKnown(outcomes, readKnownFailures())
  const kept = readKnownFailures()
    .map((each) => ({
      ...each,
      cases: each.cases
        .map(({ name, modes }) => ({ name, modes: modes.filter((mode) => !passing.includes(`${name} · ${mode}`)) }))
        .filter(({ modes }) => modes.length > 0),
    }))
    .filter(({ cases }) => cases.length > 0)
  const added = new Map<string, string[]>()
  for (const outcome of outcomes) {
    if (outcome.passed || !unlisted.includes(keyOf(outcome))) continue
    const { name } = outcome.case
    added.set(name, [...(added.get(name) ?? []), modeOf(outcome)])
  }
  const cases = [...added].map(([name, modes]) => ({ name, modes }))
  const known = cases.length === 0 ? kept : [...kept, { reason: UNEXPLAINED, cases }]
  writeFileSync(FILE, `${JSON.stringify(known, undefined, 2)}\n`)
  return known
}

/** Stands where a reason has yet to be found; the suite refuses it. */
export const UNEXPLAINED = 'Not looked into yet.'

function keyOf(outcome: Outcome): string {
  return `${outcome.case.name} · ${modeOf(outcome)}`
}
