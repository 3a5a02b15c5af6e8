import { expect, test } from 'vitest'
import { formatFigure, judge } from '../../src/bench/bench-row.ts'
import { Histogram } from '../../src/bench/histogram.ts'
import { type BenchReport, renderReport } from '../../src/bench/report.ts'

const fourTimes = { of: 'ratio', bound: 'at least', limit: 4 } as const
const machine = {
  cpu: 'Abacus 9',
  coreCount: 2,
  memoryBytes: 24 * 2 ** 30,
  os: 'Linux 6.1',
  node: 'v20.19.0',
  commit: 'abc1234567',
  date: '2026-11-20T14:02:00.000Z',
}

test('figures have three digits that count and thousands apart', () => {
  const figures: [number, string][] = [
    [15_312, '15 300'],
    [1_000_000, '1 000 000'],
    [999.6, '1 000'],
    [412, '412'],
    [48.25, '48.3'],
    [4, '4'],
    [2.071, '2.07'],
    [0.16444, '0.164'],
    [0.00042, '0.000420'],
    [0, '0'],
    [Number.NaN, '–'],
    [Number.POSITIVE_INFINITY, '–'],
  ]
  expect(figures.map(([value]) => formatFigure(value))).toEqual(figures.map(([, text]) => text))
})

test('a row is judged by its ratio to the peer', () => {
  const finding = { name: 'commits', value: 15_000, unit: 'transactions/s', budget: fourTimes }
  expect(judge({ ...finding, peer: { name: 'SQLite', value: 3000 } })).toEqual({
    name: 'commits',
    value: 15_000,
    unit: 'transactions/s',
    peer: { name: 'SQLite', value: 3000 },
    ratio: 5,
    budget: '≥ 4 × SQLite',
    met: true,
  })
  expect(judge({ ...finding, peer: { name: 'SQLite', value: 3751 } }).met).toBe(false)
  expect(judge({ ...finding, peer: { name: 'SQLite', value: 3750 } }).met).toBe(true)
})

test('without its peer a row has no ratio, and a budget on the ratio is not met', () => {
  const peer = { name: 'SQLite', value: undefined }
  expect(judge({ name: 'commits', value: 15_000, unit: 'transactions/s', budget: fourTimes, peer })).toEqual({
    name: 'commits',
    value: 15_000,
    unit: 'transactions/s',
    budget: '≥ 4 × SQLite',
    met: false,
  })
})

test('a row is judged by its value, with the bound included', () => {
  const finding = { name: 'open', unit: 'ms', budget: { of: 'value', bound: 'at most', limit: 100 } } as const
  expect(judge({ ...finding, value: 100 })).toEqual({
    name: 'open',
    value: 100,
    unit: 'ms',
    budget: '≤ 100 ms',
    met: true,
  })
  expect(judge({ ...finding, value: 100.1 }).met).toBe(false)
})

test('what has no budget is met, and pieces that were timed give p50 and p99', () => {
  const latencies = new Histogram()
  for (let ms = 1; ms <= 100; ms++) latencies.record(ms)
  const row = judge({ name: 'floor', value: 7, unit: 'MB/s', latencies })
  expect(row.met).toBe(true)
  expect(row.budget).toBeUndefined()
  expect(row.p50Ms).toBeGreaterThanOrEqual(50)
  expect(row.p50Ms).toBeLessThan(50.5)
  expect(row.p99Ms).toBeGreaterThanOrEqual(99)
  expect(row.p99Ms).toBeLessThan(100)
})

test('a report is a table whose columns stand straight, with the machine below', () => {
  const report: BenchReport = {
    machine: { ...machine, sqlite: '3.53.2' },
    rows: [
      judge({
        name: 'transactions, 64 at once',
        value: 15_312,
        unit: 'transactions/s',
        peer: { name: 'SQLite', value: 3900 },
        budget: fourTimes,
      }),
      judge({ name: 'SHA-256', value: 1500, unit: 'MB/s' }),
    ],
  }
  expect(renderReport(report)).toBe(
    [
      '| work                     |              measured | p50 ms | p99 ms |       beside |  ratio | budget       | met |',
      '|--------------------------|----------------------:|-------:|-------:|-------------:|-------:|--------------|-----|',
      '| transactions, 64 at once | 15 300 transactions/s |        |        | SQLite 3 900 | 3.93 × | ≥ 4 × SQLite | no  |',
      '| SHA-256                  |            1 500 MB/s |        |        |              |        |              |     |',
      '',
      '2 × Abacus 9, 24 GB, Linux 6.1, Node 20.19.0, SQLite 3.53.2, commit abc1234567, 2026-11-20',
    ].join('\n'),
  )
})

test('a report without the peer says loudly how to install it, and does not call unjudged budgets broken', () => {
  const peer = { name: 'SQLite', value: undefined }
  const text = renderReport({
    machine,
    rows: [judge({ name: 'commits', value: 1, unit: 'transactions/s', budget: fourTimes, peer })],
  })
  expect(text).toContain('SQLITE WAS NOT MEASURED')
  expect(text).toContain('npm ci --prefix bench')
  expect(text).toMatch(/≥ 4 × SQLite \| \? {3}\|/)
})
