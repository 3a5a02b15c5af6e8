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
  /** Evaluations alone, by typing mode. */
  readonly modes: readonly CategoryCount[]
  /** Categories put together as other implementations report them. */
  readonly groups: readonly CategoryCount[]
  /** Assertions of failure that pass only because the text is not parsed or what it asks for is not supported. */
  readonly passedByRefusal: { readonly notParsed: number; readonly notSupported: number }
}

type Group = readonly [name: string, has: (category: string) => boolean]

const GROUPS: readonly Group[] = [
  ['syntax', (category) => category.endsWith('/syntax')],
  ['static analysis', (category) => category.endsWith('static-analysis')],
  ['core eval', (category) => category.split('/')[0] === 'eval'],
  [
    'core eval without graphs',
    (category) => category.split('/')[0] === 'eval' && category !== 'eval/experimental/graph',
  ],
]

export function reportOf(outcomes: readonly Outcome[]): Report {
  const names = [...new Set(outcomes.map((outcome) => outcome.case.category))].sort(compareCategories)
  const ofCategory = (has: (category: string) => boolean): Outcome[] =>
    outcomes.filter((outcome) => has(outcome.case.category))
  const ofMode = (mode: string): Outcome[] => outcomes.filter((outcome) => modeOf(outcome) === mode)
  const evaluationFailures = outcomes.filter(({ assertion }) => assertion.kind === 'evaluation-fail')
  return {
    passed: outcomes.filter(({ passed }) => passed).length,
    total: outcomes.length,
    categories: names.map((name) =>
      countOf(
        name,
        ofCategory((category) => category === name),
      ),
    ),
    failures: outcomes
      .filter(({ passed }) => !passed)
      .map((outcome) => ({ name: outcome.case.name, mode: modeOf(outcome) })),
    modes: [countOf('permissive typing', ofMode('EvalModeCoerce')), countOf('strict typing', ofMode('EvalModeError'))],
    groups: GROUPS.map(([name, has]) => countOf(name, ofCategory(has))),
    passedByRefusal: {
      notParsed: evaluationFailures.filter(({ passedBy }) => passedBy === 'SYNTAX_ERROR').length,
      notSupported: outcomes.filter(({ passedBy }) => passedBy === 'UNSUPPORTED_STATEMENT').length,
    },
  }
}

/** The mode of an evaluation by the suite's name, `Parse` or `Analyze` for what is asserted without one. */
export function modeOf({ assertion }: Outcome): string {
  if ('mode' in assertion) return assertion.mode
  return assertion.kind === 'static-analysis-fail' ? 'Analyze' : 'Parse'
}

function countOf(name: string, outcomes: readonly Outcome[]): CategoryCount {
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

const HEAD = ['', 'passed', '', 'successes', 'failures'] as const

/** The rows of both tables: every category, the whole, then groups and modes. */
function rowsOf(report: Report): string[][] {
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
  return [...report.categories, total, ...report.groups, ...report.modes]
    .filter((row) => row.total > 0)
    .map((row) => [
      row.name,
      `${row.passed}/${row.total}`,
      percent(row.passed, row.total),
      row.successTotal === 0 ? '' : `${row.successPassed}/${row.successTotal}`,
      row.failureTotal === 0 ? '' : `${row.failurePassed}/${row.failureTotal}`,
    ])
}

function refusals({ passedByRefusal }: Report): string {
  const { notParsed, notSupported } = passedByRefusal
  return `Of the failures, ${notSupported} pass only because something is not supported, and ${notParsed} failures of evaluation because the text is not parsed.`
}

/** The table for a terminal. */
export function tableText(report: Report): string {
  const widths = [30, 11, 9, 13, 11]
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('')
  return [line(HEAD), ...rowsOf(report).map(line), '', refusals(report)].join('\n')
}

/** The table as it stands in docs/CONFORMANCE.md. */
export function tableMarkdown(report: Report): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rows = rowsOf(report).map((cells) => {
    const isCategory = report.categories.some(({ name }) => name === cells[0])
    return line(isCategory ? cells : cells.map((cell) => (cell === '' ? '' : `**${cell}**`)))
  })
  return [line(HEAD), '| --- | ---: | ---: | ---: | ---: |', ...rows, '', refusals(report)].join('\n')
}

function percent(part: number, whole: number): string {
  // Never rounded up: 100 % is all of them.
  return whole === 0 ? '–' : `${(Math.floor((part / whole) * 1000) / 10).toFixed(1)} %`
}
