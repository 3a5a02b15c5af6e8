/**
 * What must hold of any expression over any values, whatever they mean: nothing but typed errors comes out; strict typing
 * gives what permissive typing gives, or an error; and the laws of three-valued logic, of collections and of queries. The
 * law of the three parts of a query is by Rigger and Su ("Finding Bugs in Database Systems via Query Partitioning", 2020).
 *
 * LAWS_RUNS runs each law more often than usual.
 */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Bag, type EngineValue, evaluate, LedgerError } from '../../../src/partiql/public.ts'
import { hashKey } from '../../../src/partiql/value/hash-key.ts'
import { printValue } from '../../../src/partiql/value/print-value.ts'
import { condition, expression, LITERALS, rows } from './random-expression.ts'

const numRuns = Number(process.env['LAWS_RUNS'] ?? 150)
const seed = Number(process.env['LAWS_SEED'] ?? 1)

/** The result as text, or its error's code with a mark in front. */
function run(text: string, typing: 'permissive' | 'strict' = 'permissive'): string {
  try {
    return printValue(evaluate(text, { typing, partiql: true, now: new Date(0) }))
  } catch (error) {
    if (error instanceof LedgerError) return `! ${error.code}`
    throw error
  }
}

const isError = (result: string): boolean => result.startsWith('! ')

/** The elements of a collection as texts, sorted; the code of an error alone with a mark. */
function elements(text: string, textOf: (value: EngineValue) => string = printValue): readonly string[] {
  try {
    return (evaluate(text, { partiql: true, now: new Date(0) }) as Bag).items.map(textOf).sort()
  } catch (error) {
    if (error instanceof LedgerError) return [`! ${error.code}`]
    throw error
  }
}

const hasFailed = (of: readonly string[]): boolean => of[0] !== undefined && isError(of[0])

/** Equal values have equal keys, however they are written. */
const keys = (text: string): readonly string[] =>
  elements(text, (value) => `${typeof hashKey(value)} ${String(hashKey(value))}`)

const collection = fc.array(fc.constantFrom(...LITERALS), { maxLength: 6 }).map((items) => `<<${items.join(', ')}>>`)

describe('any expression', () => {
  it('gives a value or a typed error, and the same in strict typing where that gives a value', () => {
    fc.assert(
      fc.property(rows, expression, (from, value) => {
        const text = `SELECT VALUE ${value} FROM ${from} AS r`
        const permissive = run(text)
        const strict = run(text, 'strict')
        expect(permissive).not.toBe('! TYPE_ERROR')
        if (!isError(strict)) expect(strict).toBe(permissive)
      }),
      { numRuns: numRuns * 5, seed },
    )
  })

  // TRUE and FALSE must stay what they are; NULL and MISSING are both unknown.
  const kind = (p: string): string => `CASE WHEN (${p}) IS TRUE THEN 1 WHEN (${p}) IS FALSE THEN 0 ELSE -1 END`

  it.each([
    ['NOT NOT p is p', ([p]) => `NOT (NOT (${p}))`, ([p]) => p],
    ['De Morgan, AND', ([p, q]) => `NOT (${p} AND ${q})`, ([p, q]) => `(NOT ${p}) OR (NOT ${q})`],
    ['De Morgan, OR', ([p, q]) => `NOT (${p} OR ${q})`, ([p, q]) => `(NOT ${p}) AND (NOT ${q})`],
    ['AND commutes', ([p, q]) => `${p} AND ${q}`, ([p, q]) => `${q} AND ${p}`],
    ['OR commutes', ([p, q]) => `${p} OR ${q}`, ([p, q]) => `${q} OR ${p}`],
    ['AND distributes', ([p, q, r]) => `${p} AND (${q} OR ${r})`, ([p, q, r]) => `(${p} AND ${q}) OR (${p} AND ${r})`],
    ['p OR p is p', ([p]) => `${p} OR ${p}`, ([p]) => p],
  ] satisfies [string, Law, Law][])('in logic: %s', (_, left, right) => {
    const law = fc.tuple(condition, condition, condition)
    fc.assert(
      fc.property(rows, law, (from, conditions) => {
        const [one, other] = [left, right].map((side) =>
          run(`SELECT VALUE ${kind(side(conditions))} FROM ${from} AS r`),
        )
        if (!isError(one!) && !isError(other!)) expect(one).toBe(other)
      }),
      { numRuns, seed },
    )
  })

  it.each([
    ['<> is NOT =', ([a, b]) => `${a} <> ${b}`, ([a, b]) => `NOT (${a} = ${b})`],
    ['= commutes', ([a, b]) => `${a} = ${b}`, ([a, b]) => `${b} = ${a}`],
    ['< is > the other way', ([a, b]) => `${a} < ${b}`, ([a, b]) => `${b} > ${a}`],
    ['<= is >= the other way', ([a, b]) => `${a} <= ${b}`, ([a, b]) => `${b} >= ${a}`],
    [
      'BETWEEN is two comparisons',
      ([a, b, c]) => `${a} BETWEEN ${b} AND ${c}`,
      ([a, b, c]) => `${a} >= ${b} AND ${a} <= ${c}`,
    ],
    ['NOT BETWEEN', ([a, b, c]) => `${a} NOT BETWEEN ${b} AND ${c}`, ([a, b, c]) => `NOT (${a} BETWEEN ${b} AND ${c})`],
    ['IN is an OR of equalities', ([a, b, c]) => `${a} IN (${b}, ${c})`, ([a, b, c]) => `${a} = ${b} OR ${a} = ${c}`],
    ['NOT IN', ([a, b, c]) => `${a} NOT IN (${b}, ${c})`, ([a, b, c]) => `NOT (${a} IN (${b}, ${c}))`],
    ['NOT LIKE', ([a, b]) => `${a} NOT LIKE ${b}`, ([a, b]) => `NOT (${a} LIKE ${b})`],
    ['simple CASE', ([a, b]) => `CASE ${a} WHEN ${b} THEN TRUE ELSE FALSE END`, ([a, b]) => `(${a} = ${b}) IS TRUE`],
    ['NULLIF', ([a, b]) => `NULLIF(${a}, ${b}) IS NULL`, ([a, b]) => `${a} IS NULL OR (${a} = ${b}) IS TRUE`],
    ['COALESCE', ([a, b]) => `COALESCE(${a}, ${b}) IS NULL`, ([a, b]) => `${a} IS NULL AND ${b} IS NULL`],
    ['IS NOT', ([a]) => `${a} IS NOT INT`, ([a]) => `NOT (${a} IS INT)`],
  ] satisfies [string, Law, Law][])('in comparisons: %s', (_, left, right) => {
    const law = fc.tuple(expression, expression, expression)
    fc.assert(
      fc.property(rows, law, (from, values) => {
        const [one, other] = [left, right].map((side) => run(`SELECT VALUE ${kind(side(values))} FROM ${from} AS r`))
        if (!isError(one!) && !isError(other!)) expect(one).toBe(other)
      }),
      { numRuns, seed },
    )
  })
})

type Law = (parts: readonly [string, string, string]) => string

describe('any query', () => {
  it('is the rows where p holds, those where NOT p holds, and those where p is unknown', () => {
    fc.assert(
      fc.property(rows, condition, expression, (from, p, value) => {
        const select = `SELECT VALUE {'x': r, 'y': ${value}} FROM ${from} AS r`
        const whole = elements(select)
        const parts = elements(
          `(${select} WHERE ${p}) UNION ALL (${select} WHERE NOT ${p}) UNION ALL (${select} WHERE ${p} IS NULL)`,
        )
        if (!hasFailed(whole) && !hasFailed(parts)) expect(parts).toEqual(whole)
      }),
      { numRuns, seed },
    )
  })

  it('counts as many rows as CASE counts', () => {
    fc.assert(
      fc.property(rows, condition, (from, p) => {
        const filtered = run(`SELECT VALUE COUNT(*) FROM ${from} AS r WHERE ${p}`)
        const counted = run(`SELECT VALUE COUNT(CASE WHEN ${p} THEN 1 END) FROM ${from} AS r`)
        if (!isError(filtered) && !isError(counted)) expect(filtered).toBe(counted)
      }),
      { numRuns, seed },
    )
  })

  it('joins as its conditions say, wherever they stand', () => {
    fc.assert(
      fc.property(rows, collection, condition, expression, (from, other, p, value) => {
        const on = `(v = ${value}) AND ${p}`
        const joined = elements(`SELECT VALUE [r, v] FROM ${from} AS r JOIN ${other} AS v ON ${on}`)
        const crossed = elements(`SELECT VALUE [r, v] FROM ${from} AS r, ${other} AS v WHERE ${on}`)
        const nested = elements(
          `SELECT VALUE e FROM ${from} AS r, (SELECT VALUE [r, v] FROM ${other} AS v WHERE ${on}) AS e`,
        )
        if (hasFailed(joined)) return
        expect(crossed).toEqual(joined)
        expect(nested).toEqual(joined)
      }),
      { numRuns, seed },
    )
  })

  it('keeps its elements in ORDER BY, and orders them alike from any order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...LITERALS]), fc.shuffledSubarray([...LITERALS]), (some, others) => {
        const shared = some.filter((each) => others.includes(each))
        const again = others.filter((each) => some.includes(each))
        const groups = (items: readonly string[]): string =>
          run(`SELECT VALUE COUNT(*) FROM <<${items.join(', ')}>> AS v GROUP BY v AS k ORDER BY k`)
        expect(groups(again)).toBe(groups(shared))
      }),
      { numRuns: Math.ceil(numRuns / 4), seed },
    )
  })
})

describe('any collections', () => {
  it('DISTINCT twice is DISTINCT once', () => {
    fc.assert(
      fc.property(collection, (a) => {
        const once = `SELECT DISTINCT VALUE v FROM ${a} AS v`
        expect(elements(`SELECT DISTINCT VALUE w FROM (${once}) AS w`)).toEqual(elements(once))
      }),
      { numRuns, seed },
    )
  })

  it('UNION ALL has the elements of both; INTERSECT ALL and EXCEPT ALL share out the first', () => {
    fc.assert(
      fc.property(collection, collection, (a, b) => {
        const [inA, inB] = [keys(a), keys(b)]
        if (hasFailed(inA) || hasFailed(inB)) return
        expect(keys(`${a} OUTER UNION ALL ${b}`)).toEqual([...inA, ...inB].sort())
        expect(keys(`(${a} OUTER INTERSECT ALL ${b}) OUTER UNION ALL (${a} OUTER EXCEPT ALL ${b})`)).toEqual(inA)
        expect(keys(`${a} OUTER INTERSECT ALL ${b}`)).toEqual(keys(`${b} OUTER INTERSECT ALL ${a}`))
        expect(keys(`${a} OUTER UNION ${b}`)).toEqual([...new Set([...inA, ...inB])].sort())
        expect(keys(`${a} OUTER EXCEPT ${b}`)).toEqual([...new Set(inA)].filter((key) => !inB.includes(key)).sort())
      }),
      { numRuns, seed },
    )
  })

  it('the groups of GROUP BY have all elements between them, and DISTINCT has one for each', () => {
    fc.assert(
      fc.property(collection, (a) => {
        const all = keys(a)
        if (hasFailed(all)) return
        const sizes = elements(`SELECT VALUE COUNT(*) FROM ${a} AS v GROUP BY v AS k`).map(Number)
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(all.length)
        expect(keys(`SELECT DISTINCT VALUE v FROM ${a} AS v`)).toEqual([...new Set(all)].sort())
        expect(sizes.length).toBe(new Set(all).size)
      }),
      { numRuns, seed },
    )
  })
})
