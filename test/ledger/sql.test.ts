import { describe, expect, test } from 'vitest'
import { composeStatement, Fragment, sql } from '../../src/ledger/sql.ts'

function compose(strings: TemplateStringsArray, ...values: readonly unknown[]): { text: string; values: unknown[] } {
  const { text, values: collected } = composeStatement(strings, values)
  return { text, values: [...collected] }
}

describe('composing a statement', () => {
  test('puts a question mark for each value, in order', () => {
    expect(compose`SELECT * FROM T WHERE a = ${1} AND b = ${'x'}`).toEqual({
      text: 'SELECT * FROM T WHERE a = ? AND b = ?',
      values: [1, 'x'],
    })
  })

  test('splices fragments in, and fragments of fragments, values in reading order', () => {
    const inner = sql`b = ${2} OR ${sql`c = ${3}`}`
    expect(compose`a = ${1} AND (${inner}) AND d = ${4}`).toEqual({
      text: 'a = ? AND (b = ? OR c = ?) AND d = ?',
      values: [1, 2, 3, 4],
    })
  })

  test('uses the same fragment in several statements and places', () => {
    const adult = sql`age >= ${18}`
    expect(compose`${adult} OR ${adult}`).toEqual({ text: 'age >= ? OR age >= ?', values: [18, 18] })
    expect(compose`${sql``}${adult}`).toEqual({ text: 'age >= ?', values: [18] })
  })

  test('takes a fragment without values', () => {
    expect(compose`WHERE ${sql`true`}`).toEqual({ text: 'WHERE true', values: [] })
  })

  test('gives the very same text for the same template', () => {
    const run = (value: number): string => compose`SELECT ${value}`.text
    expect(run(1)).toBe('SELECT ?')
    expect(run(2)).toBe('SELECT ?')
  })

  test('the same place with a fragment now and a value then gives the text that belongs to each', () => {
    const run = (value: unknown): unknown => compose`WHERE ${value}`
    expect(run(5)).toEqual({ text: 'WHERE ?', values: [5] })
    expect(run(sql`a = ${1}`)).toEqual({ text: 'WHERE a = ?', values: [1] })
    expect(run(6)).toEqual({ text: 'WHERE ?', values: [6] })
  })
})

describe('what is not a template', () => {
  test('a string is refused at compile time and at run time', () => {
    // @ts-expect-error a string is no template
    expect(() => sql('SELECT 1')).toThrow(TypeError)
    // @ts-expect-error a string is no template
    expect(() => composeStatement('SELECT 1', [])).toThrow(/template tag/)
  })

  test('an array of strings, as it may come out of JSON, is refused', () => {
    expect(() => sql(JSON.parse('["DROP TABLE T"]') as TemplateStringsArray)).toThrow(TypeError)
    expect(() => composeStatement(JSON.parse('["DROP TABLE T"]') as TemplateStringsArray, [])).toThrow(TypeError)
    expect(() => composeStatement(JSON.parse('["a ", ""]') as TemplateStringsArray, [sql`x`])).toThrow(TypeError)
  })

  test('an object shaped like a fragment is a value', () => {
    const forged = { strings: ['1 OR true'], values: [] }
    expect(compose`WHERE ${forged}`).toEqual({ text: 'WHERE ?', values: [forged] })
    expect(Object.keys(sql`a`)).toEqual([])
    expect(sql`a`).toBeInstanceOf(Fragment)
  })
})
