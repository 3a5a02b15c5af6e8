/**
 * The parser against the PartiQL conformance suite, where it lies beside the repository: what must parse, what must not,
 * and every statement that is to be evaluated with success, which must parse too.
 */

import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from '../../../src/partiql/syntax/index.ts'
import { DEFAULT_DATA } from '../../conformance/default-data.ts'
import { type Case, readSuite } from '../../conformance/suite.ts'
import { fuzzParser, statementsToChange } from '../../fuzz/parser.ts'

/** Statements of the suite that are broken in themselves. */
const BROKEN: ReadonlyMap<string, string> = new Map([
  ['equiv coercion of a SELECT subquery into a scalar', 'lacks a comma between two fields of a struct'],
])

function accepts(statement: string): boolean {
  try {
    parse(statement)
    return true
  } catch {
    return false
  }
}

const isPresent = existsSync(DEFAULT_DATA)
const cases: readonly Case[] = isPresent ? readSuite(DEFAULT_DATA) : []
const having = (kind: Case['assertions'][number]['kind']): readonly Case[] =>
  cases.filter(({ assertions }) => assertions.some((assertion) => assertion.kind === kind))

describe.skipIf(!isPresent)(`the conformance suite in ${DEFAULT_DATA}`, () => {
  it('has statements of every kind', () => {
    expect(having('syntax-success').length).toBeGreaterThanOrEqual(328)
    expect(having('syntax-fail').length).toBeGreaterThanOrEqual(97)
    expect(having('evaluation-success').length).toBeGreaterThanOrEqual(3000)
  })

  it('parses what must parse', () => {
    const refused = having('syntax-success').flatMap(({ name, statements }) =>
      statements.filter((statement) => !accepts(statement)).map((statement) => ({ name, statement })),
    )
    expect(refused).toEqual([])
  })

  it('refuses what must not parse', () => {
    const accepted = having('syntax-fail').flatMap(({ name, statements }) =>
      statements.filter(accepts).map((statement) => ({ name, statement })),
    )
    expect(accepted).toEqual([])
  })

  it('parses what is to be evaluated', () => {
    const refused = having('evaluation-success').flatMap(({ name, statements }) =>
      statements.filter((statement) => !accepts(statement)).map((statement) => ({ name, statement })),
    )
    expect(refused.filter(({ name }) => !BROKEN.has(name))).toEqual([])
  })
})

describe('broken statements', () => {
  it.each([1, 2, 3, 4])('are answered with a promised error, from seed %i', (seed) => {
    const statements = statementsToChange()
    const { tried, accepted } = fuzzParser(seed, statements, (count) => count >= 1000)
    expect(tried).toBe(1000)
    // Neither all nonsense nor all good: the changes are small enough to reach deep.
    expect(accepted).toBeGreaterThan(50)
    expect(accepted).toBeLessThan(700)
  })
})
