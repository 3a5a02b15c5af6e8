import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { benchDocument, colors, pickIndex, vinOf, years } from '../../src/bench/bench-document.ts'

test('the sequence is the same everywhere and for ever, so that results can be compared', () => {
  const text = Array.from({ length: 1000 }, (_, index) => JSON.stringify(benchDocument(index))).join('\n')
  expect(createHash('sha256').update(text).digest('hex')).toBe(
    'e5b6a143fcd73eb318f47349af17865f51e47168ac51f2c5fc3c6f8da709c25a',
  )
})

test('documents are about 230 bytes of JSON, and only of types that JSON keeps', () => {
  let sizeBytes = 0
  for (let index = 0; index < 1000; index++) {
    const json = JSON.stringify(benchDocument(index))
    expect(JSON.parse(json)).toEqual(benchDocument(index))
    sizeBytes += json.length
  }
  expect(sizeBytes / 1000).toBeGreaterThan(215)
  expect(sizeBytes / 1000).toBeLessThan(245)
})

test('vins have 17 characters, differ, and do not come in order', () => {
  const vins = Array.from({ length: 20_000 }, (_, index) => vinOf(index))
  expect(new Set(vins).size).toBe(vins.length)
  expect(vins.every((vin) => /^[0-9A-Z]{17}$/.test(vin))).toBe(true)
  expect(vinOf(999_999)).toHaveLength(17)
  const rising = vins.filter((vin, index) => index > 0 && vin > vins[index - 1]!).length
  expect(Math.abs(rising / vins.length - 0.5)).toBeLessThan(0.05)
})

test('colors and years are spread evenly, so that filters keep the share they promise', () => {
  const count = 40_000
  const byColor = new Map<string, number>()
  const byYear = new Map<number, number>()
  for (let index = 0; index < count; index++) {
    const { color, year } = benchDocument(index)
    byColor.set(color, (byColor.get(color) ?? 0) + 1)
    byYear.set(year, (byYear.get(year) ?? 0) + 1)
  }
  expect([...byColor.keys()].sort()).toEqual(colors.toSorted())
  for (const found of byColor.values()) expect(Math.abs(found / (count / colors.length) - 1)).toBeLessThan(0.1)
  expect(Math.min(...byYear.keys())).toBe(years[0])
  expect(Math.max(...byYear.keys())).toBe(years[1] - 1)
  for (const found of byYear.values()) expect(Math.abs(found / (count / (years[1] - years[0])) - 1)).toBeLessThan(0.15)
})

test('picks stay below the count and reach nearly everything', () => {
  const picks = Array.from({ length: 10_000 }, (_, step) => pickIndex(step, 1000))
  expect(picks.every((pick) => Number.isInteger(pick) && pick >= 0 && pick < 1000)).toBe(true)
  expect(new Set(picks).size).toBeGreaterThan(990)
})
