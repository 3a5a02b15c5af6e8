import type { Histogram } from './histogram.ts'

/** One line of a report: what was measured, whom it was compared with, and whether that is enough. */
export interface BenchRow {
  readonly name: string
  /** In `unit`; a median over several runs. */
  readonly value: number
  readonly unit: string
  /** How long one piece of the work took for half of them, where pieces were timed. */
  readonly p50Ms?: number
  /** What one piece in a hundred exceeded. */
  readonly p99Ms?: number
  /** Whom this row is compared with, measured in turn with it, in the same unit. Absent when the peer is not there. */
  readonly peer?: { readonly name: string; readonly value: number }
  /** `value` divided by the peer's; whether large or small is good, the budget says. */
  readonly ratio?: number
  /** What is asked, as a person reads it: `≥ 4 × SQLite`. Absent when nothing is asked, as of a raw floor. */
  readonly budget?: string
  /** True when the budget is kept or nothing is asked; false when it is not kept, or could not be judged without its peer. */
  readonly met: boolean
}

/** A bound on a row: on its value, in the row's unit, or on its ratio to the peer. */
export interface Budget {
  readonly of: 'value' | 'ratio'
  readonly bound: 'at least' | 'at most'
  readonly limit: number
}

/** What a workload knows about a row before it is judged. */
export interface Finding {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly latencies?: Histogram | undefined
  /** Its value is undefined when the peer is not installed: the row then says what it would have been compared with. */
  readonly peer?: { readonly name: string; readonly value: number | undefined } | undefined
  readonly budget?: Budget | undefined
}

/** Compares with the peer and judges by the budget. */
export function judge(finding: Finding): BenchRow {
  const { name, value, unit, latencies, peer, budget } = finding
  const p50Ms = latencies?.quantileMs(0.5)
  const p99Ms = latencies?.quantileMs(0.99)
  const ratio = peer?.value === undefined ? undefined : value / peer.value
  const judged = budget?.of === 'ratio' ? ratio : value
  return {
    name,
    value,
    unit,
    ...(p50Ms === undefined ? {} : { p50Ms }),
    ...(p99Ms === undefined ? {} : { p99Ms }),
    ...(peer?.value === undefined ? {} : { peer: { name: peer.name, value: peer.value } }),
    ...(ratio === undefined ? {} : { ratio }),
    ...(budget === undefined ? {} : { budget: budgetText(budget, unit, peer?.name) }),
    met: budget === undefined || (judged !== undefined && isWithin(budget, judged)),
  }
}

function isWithin(budget: Budget, value: number): boolean {
  return budget.bound === 'at least' ? value >= budget.limit : value <= budget.limit
}

function budgetText(budget: Budget, unit: string, peerName: string | undefined): string {
  const sign = budget.bound === 'at least' ? '≥' : '≤'
  return budget.of === 'ratio'
    ? `${sign} ${budget.limit} × ${peerName}`
    : `${sign} ${formatFigure(budget.limit)} ${unit}`
}

/**
 * A figure as people read it: three digits that count, thousands apart by a space, no exponent. Example: `15 300`,
 * `0.164`, `2.07`.
 */
export function formatFigure(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (value === 0) return '0'
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.abs(value))) - 2)
  const rounded = digits > 0 ? value.toFixed(Math.min(digits, 9)) : String(Math.round(value / step) * step)
  const [whole, fraction] = rounded.split('.')
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, ' ')
  return fraction === undefined || /^0*$/.test(fraction) ? grouped : `${grouped}.${fraction}`
}
