import { type BenchRow, formatFigure } from './bench-row.ts'
import type { Machine } from './machine.ts'
import { installPeers } from './sqlite-peer.ts'

/** What `tally bench --json` prints. */
export interface BenchReport {
  readonly machine: Machine
  readonly rows: readonly BenchRow[]
}

const headings = ['work', 'measured', 'p50 ms', 'p99 ms', 'beside', 'ratio', 'budget', 'met'] as const

/**
 * The report as a table that reads well on a terminal and is a Markdown table when pasted into one. No newline at its end.
 */
export function renderReport(report: BenchReport): string {
  const { machine, rows } = report
  const cells = rows.map((row) => [
    row.name,
    `${formatFigure(row.value)} ${row.unit}`,
    row.p50Ms === undefined ? '' : formatFigure(row.p50Ms),
    row.p99Ms === undefined ? '' : formatFigure(row.p99Ms),
    row.peer === undefined ? '' : `${row.peer.name} ${formatFigure(row.peer.value)}`,
    row.ratio === undefined ? '' : `${formatFigure(row.ratio)} ×`,
    row.budget ?? '',
    row.budget === undefined ? '' : metText(row),
  ])
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...cells.map((line) => line[column]!.length)),
  )
  const line = (texts: readonly string[]): string =>
    `| ${texts.map((text, column) => (isFigure(column) ? text.padStart(widths[column]!) : text.padEnd(widths[column]!))).join(' | ')} |`
  const rule = `|${widths.map((width, column) => (isFigure(column) ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`
  const facts = [
    `${machine.coreCount} × ${machine.cpu}`,
    `${formatFigure(machine.memoryBytes / 2 ** 30)} GB`,
    machine.os,
    `Node ${machine.node.replace(/^v/, '')}`,
    ...(machine.sqlite === undefined ? [] : [`SQLite ${machine.sqlite}`]),
    ...(machine.commit === undefined ? [] : [`commit ${machine.commit}`]),
    machine.date.slice(0, 10),
  ]
  const missing =
    machine.sqlite === undefined
      ? [
          '',
          'SQLITE WAS NOT MEASURED: better-sqlite3 cannot be loaded, so there are no ratios and their budgets are not judged.',
          `Install it once with: ${installPeers}`,
        ]
      : []
  return [line(headings), rule, ...cells.map(line), '', facts.join(', '), ...missing].join('\n')
}

/** Columns whose texts stand to the right. */
function isFigure(column: number): boolean {
  return column >= 1 && column <= 5
}

/** Not judged is not the same as not met, though both are `met: false` to a program. */
function metText(row: BenchRow): string {
  if (row.met) return 'yes'
  return row.ratio === undefined && row.budget?.includes('×') ? '?' : 'no'
}
