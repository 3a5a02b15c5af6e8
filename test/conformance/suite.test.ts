/**
 * Goal: conformance data is read by the suite's rules of scope and counted in its units. Method: small folders written
 * here, one rule each.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { printText } from '../../src/ion/index.ts'
import { reportOf } from './report.ts'
import { runCases } from './run.ts'
import { readSuite } from './suite.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tally-suite-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

function write(path: string, ion: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), ion)
}

const BOTH = 'evalMode: [EvalModeCoerce, EvalModeError]'

describe('scope', () => {
  test('an environment replaces the one before it, from there on; nested lists start with it; a case has its own', () => {
    const name = (id: number): string => `{name: "${id}", statement: "a", assert: {result: SyntaxSuccess}}`
    write(
      'scope.ion',
      `
      ${name(1)}
      envs::{a: 1}
      ${name(2)}
      inner::[ ${name(3)}, envs::{b: 2}, ${name(4)}, deep::[ ${name(5)} ] ]
      ${name(6)}
      {name: "7", statement: "a", env: {c: 3}, assert: {result: SyntaxSuccess}}
      ${name(8)}
      `,
    )
    expect(readSuite(folder).map((each) => [each.name, printText(each.env)])).toEqual([
      ['1', '{}'],
      ['2', '{a:1}'],
      ['3', '{a:1}'],
      ['4', '{b:2}'],
      ['5', '{b:2}'],
      ['6', '{a:1}'],
      ['7', '{c:3}'],
      ['8', '{a:1}'],
    ])
  })

  test('a class of statements is visible in its own list only', () => {
    const use = `{name: "n", statement: both, assert: {result: EvaluationSuccess, ${BOTH}, output: 2}}`
    write('equiv.ion', `set::[ equiv_class::{id: both, statements: ["1 + 1", "2"]}, ${use} ]`)
    expect(readSuite(folder).map((each) => each.statements)).toEqual([['1 + 1', '2']])
    write('equiv.ion', `set::[ equiv_class::{id: both, statements: ["1 + 1", "2"]} ] ${use}`)
    expect(() => readSuite(folder)).toThrow('equiv.ion: case "n" names an unknown class')
  })

  test('a case with an unknown field is refused, naming it', () => {
    write('odd.ion', '{name: "n", statement: "1", expect: 1, assert: {result: SyntaxSuccess}}')
    expect(() => readSuite(folder)).toThrow('odd.ion: case "n" has a field expect')
  })

  test('unknown folders are read, and an empty file is empty', () => {
    write('new/folder/a.ion', '// nothing here')
    write('new/folder/b.ion', '{name: "n", statement: "1", assert: {result: SyntaxSuccess}}')
    write('partiql-tests-data/eval/query/select/c.ion', '{name: "m", statement: "1", assert: {result: SyntaxSuccess}}')
    expect(readSuite(folder).map((each) => each.category)).toEqual(['new/folder', 'eval/query/select'])
  })
})

describe('judgement', () => {
  function run(...cases: string[]): ReturnType<typeof reportOf> {
    write('cases.ion', cases.join('\n'))
    return reportOf(runCases(readSuite(folder)))
  }

  test('an evaluation is counted once per mode', () => {
    const report = run(`{name: "n", statement: "1 + 1", assert: {result: EvaluationSuccess, ${BOTH}, output: 2}}`)
    expect(report).toMatchObject({ passed: 2, total: 2, failures: [] })
    expect(report.categories).toMatchObject([{ successPassed: 2, successTotal: 2, failureTotal: 0 }])
  })

  test('a wrong answer fails under its name and mode', () => {
    const report = run(
      `{name: "n", statement: "[1]", assert: {result: EvaluationSuccess, evalMode: EvalModeError, output: $bag::[1]}}`,
    )
    expect(report).toMatchObject({ passed: 0, total: 1, failures: [{ name: 'n', mode: 'EvalModeError' }] })
  })

  test('every statement of a class must answer', () => {
    const report = run(
      `set::[ equiv_class::{id: c, statements: ["2", "3"]},
        {name: "n", statement: c, assert: {result: EvaluationSuccess, evalMode: EvalModeCoerce, output: 2}} ]`,
    )
    expect(report).toMatchObject({ passed: 0, total: 1 })
  })

  test('a failure is fulfilled by any typed error, and told apart when the text does not parse or is not supported', () => {
    const fail = (statement: string): string =>
      `{name: "${statement}", statement: "${statement}", assert: {result: EvaluationFail, ${BOTH}}}`
    const report = run(fail('nobody'), fail('1 +'), fail('CREATE TABLE t'), fail('1'))
    expect(report).toMatchObject({ passed: 6, total: 8, passedByRefusal: { notParsed: 2, notSupported: 2 } })
    expect(report.failures).toEqual([
      { name: '1', mode: 'EvalModeCoerce' },
      { name: '1', mode: 'EvalModeError' },
    ])
  })

  test('parser and analysis are asked for what they are to refuse', () => {
    const report = run(
      '{name: "a", statement: "1 +", assert: {result: SyntaxFail}}',
      '{name: "b", statement: "nobody", assert: {result: SyntaxFail}}',
      '{name: "c", statement: "nobody", assert: {result: StaticAnalysisFail}}',
      '{name: "d", statement: "nobody", assert: {result: SyntaxSuccess}}',
    )
    expect(report).toMatchObject({ passed: 3, total: 4, failures: [{ name: 'b', mode: 'Parse' }] })
  })
})
