/** What a run of the suite is summed up as: for people, for programs and as a page. */
import { compareCategories } from './category.ts'
import type { Outcome } from './run.ts'

/** One row of the table; units are assertions. */
export interface CategoryCount {
  readonly name: string
  readonly passed: number
  readonly total: number
  readonly successPassed: number
  readonly successTotal: number
  readonly failurePassed: number
  readonly failureTotal: number
}

/** What `--json` prints. */
export interface Report {
  readonly passed: number
  readonly total: number
  readonly categories: readonly CategoryCount[]
  readonly failures: readonly { readonly name: string; readonly mode: string }[]
  /** Assertions of failure that pass only because the text is not parsed or what it asks for is not supported. */
  readonly passedByRefusal: { readonly notParsed: number; readonly notSupported: number }
}

export function reportOf(outcomes: readonly Outcome[]): Report {
  const names = [...new Set(outcomes.map((outcome) => outcome.case.category))].sort(compareCategories)
  const evaluations = outcomes.filter(({ assertion }) => assertion.kind === 'evaluation-fail')
  const count = (by: Outcome['passedBy'], among: readonly Outcome[]): number =>
    among.filter(({ passedBy }) => passedBy === by).length
  return {
    passed: outcomes.filter(({ passed }) => passed).length,
    total: outcomes.length,
    categories: names.map((name) =>
      countOf(
        name,
        outcomes.filter((outcome) => outcome.case.category === name),
      ),
    ),
    failures: outcomes
      .filter(({ passed }) => !passed)
      .map((outcome) => ({ name: outcome.case.name, mode: modeOf(outcome) })),
    passedByRefusal: {
      notParsed: count('SYNTAX_ERROR', evaluations),
      notSupported: count('UNSUPPORTED_STATEMENT', outcomes),
    },
  }
}

/** The mode of an evaluation by the suite's name, `Parse` or `Analyze` for what is asserted without one. */
export function modeOf({ assertion }: Outcome): string {
  if ('mode' in assertion) return assertion.mode
  return assertion.kind === 'static-analysis-fail' ? 'Analyze' : 'Parse'
}

export function countOf(name: string, outcomes: readonly Outcome[]): CategoryCount {
  const success = outcomes.filter(({ assertion }) => assertion.kind.endsWith('success'))
  const failure = outcomes.filter(({ assertion }) => !assertion.kind.endsWith('success'))
  const passed = (among: readonly Outcome[]): number => among.filter((outcome) => outcome.passed).length
  return {
    name,
    passed: passed(outcomes),
    total: outcomes.length,
    successPassed: passed(success),
    successTotal: success.length,
    failurePassed: passed(failure),
    failureTotal: failure.length,
  }
}

/** The table for a terminal, with a last row for the whole. */
export function tableText(report: Report): string {
  const sum = (pick: (row: CategoryCount) => number): number =>
    report.categories.reduce((total, row) => total + pick(row), 0)
  const total: CategoryCount = {
    name: 'total',
    passed: report.passed,
    total: report.total,
    successPassed: sum((row) => row.successPassed),
    successTotal: sum((row) => row.successTotal),
    failurePassed: sum((row) => row.failurePassed),
    failureTotal: sum((row) => row.failureTotal),
  }
  const lines = [...report.categories, total].map((row) =>
    [
      row.name.padEnd(30),
      `${row.passed}/${row.total}`.padStart(11),
      percent(row.passed, row.total).padStart(8),
      `${row.successPassed}/${row.successTotal}`.padStart(13),
      `${row.failurePassed}/${row.failureTotal}`.padStart(11),
    ].join(''),
  )
  const { notParsed, notSupported } = report.passedByRefusal
  return [
    `${'category'.padEnd(30)}${'passed'.padStart(11)}${''.padStart(8)}${'successes'.padStart(13)}${'failures'.padStart(11)}`,
    ...lines,
    '',
    `Of the failures, ${notSupported} pass only because something is not supported; ${notParsed} evaluation failures because the text is not parsed.`,
  ].join('\n')
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${(Math.floor((part / whole) * 1000) / 10).toFixed(1)} %`
}
