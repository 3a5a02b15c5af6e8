/**
 * @module
 * Measures the ledger beside SQLite, in turns and in one process, and beside what the machine can do at all. Ratios are
 * what counts; absolute figures say something about one machine only.
 *
 * Promises: fixed inputs; a warm-up and the median of several runs; both sides give the same answers, or the run fails;
 * everything written goes into one folder that is removed at the end. The peer is an optional package (`bench/` of the
 * source tree): without it everything is still measured, without ratios. Knows nothing of the command line.
 */
export type { BenchRow } from './bench-row.ts'
export type { BenchClock } from './clock.ts'
export type { Machine } from './machine.ts'
export { type BenchReport, renderReport } from './report.ts'
export { type BenchOptions, runBench, workloads } from './run-bench.ts'
export type { Workload } from './workload.ts'
