/**
 * Goal: the engine passes PartiQL's conformance suite but for the cases that are listed with a reason, and the page that
 * publishes the figures is true. Method: run the whole of it; visibly skipped where the data is not beside the repository.
 */
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { analyze } from '../../src/partiql/public.ts'
import { DEFAULT_DATA } from '../conformance/default-data.ts'
import { compareWithKnown, RUNTIME_UNICODE, readKnownFailures, UNEXPLAINED } from '../conformance/known-failures.ts'
import { figuresOf, figuresOfPage } from '../conformance/page.ts'
import { reportOf } from '../conformance/report.ts'
import { type Outcome, runCases } from '../conformance/run.ts'
import { type Case, readSuite } from '../conformance/suite.ts'
import { suiteValue } from '../conformance/suite-value.ts'

describe.skipIf(!existsSync(DEFAULT_DATA))('the conformance suite', () => {
  const cases: Case[] = existsSync(DEFAULT_DATA) ? readSuite(DEFAULT_DATA) : []
  const outcomes: Outcome[] = runCases(cases)

  test('is all there', () => {
    expect(cases.length).toBe(4475)
    expect(outcomes.length).toBe(8259)
  })

  test('passes, but for the known failures, which fail', () => {
    expect(compareWithKnown(outcomes, readKnownFailures())).toEqual({ unlisted: [], passing: [] })
  })

  test('every known failure has a reason', () => {
    expect(readKnownFailures().filter(({ reason }) => reason.length < 30 || reason === UNEXPLAINED)).toEqual([])
  })

  test('never breaks the engine: errors are typed, and come in time', () => {
    expect(outcomes.filter(({ reason }) => reason.includes('breaks with')).map((outcome) => outcome.case.name)).toEqual(
      [],
    )
  })

  test('the published figures are those of this run; npm run conformance -- --update writes them', ({ skip }) => {
    const newest = Math.max(...readKnownFailures().map(({ unicode = 0 }) => unicode))
    if (RUNTIME_UNICODE < newest) skip(`the figures are those of a runtime with Unicode ${newest}`)
    expect(figuresOfPage()).toBe(figuresOf(reportOf(outcomes), readKnownFailures()))
  })

  test('analyze refuses nothing that strict evaluation answers', () => {
    const failing = new Set(outcomes.filter(({ passed }) => !passed).map((outcome) => outcome.case))
    const refused: string[] = []
    for (const each of cases) {
      const isAnswered = each.assertions.some(
        (assertion) => assertion.kind === 'evaluation-success' && assertion.mode === 'EvalModeError',
      )
      if (!isAnswered || failing.has(each)) continue
      const env = Object.fromEntries(each.env.fields.map((field) => [field.name, suiteValue(field.value)]))
      for (const statement of each.statements) {
        try {
          analyze(statement, { env })
        } catch (error) {
          refused.push(`${statement}: ${String(error)}`)
        }
      }
    }
    expect(refused).toEqual([])
  })
})
