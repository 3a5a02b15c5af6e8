/**
 * Reads a folder of PartiQL conformance data (the format of partiql/partiql-tests) as cases. Scope rules follow the
 * suite's reference runner: an `envs` struct replaces the environment of the list it stands in from there on, nested
 * lists start with it; a case's own `env` replaces it for that case; a class of equivalent statements is visible in its
 * own list only.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { IonAnnotated, IonList, IonStruct, IonSymbol, type IonValue, parseText } from '../../src/ion/index.ts'
import { categoryOf } from './category.ts'

/** How a case is evaluated: `EvalModeCoerce` is permissive typing, `EvalModeError` strict. */
export type EvalMode = 'EvalModeCoerce' | 'EvalModeError'

/** What a unit of the suite asserts. Evaluations are counted once per mode, all else once. */
export type Assertion =
  | { readonly kind: 'syntax-success' | 'syntax-fail' | 'static-analysis-fail' }
  | { readonly kind: 'evaluation-success'; readonly mode: EvalMode; readonly output: IonValue }
  | { readonly kind: 'evaluation-fail'; readonly mode: EvalMode }

/** One case. Each of `statements` must fulfil each of `assertions`; there are several where they must be equivalent. */
export interface Case {
  readonly name: string
  readonly file: string
  readonly category: string
  readonly statements: readonly string[]
  readonly env: IonStruct
  readonly assertions: readonly Assertion[]
}

/** All cases below a folder, in the order of their paths. @throws {Error} naming the file, when data is not as the format says */
export function readSuite(folder: string): Case[] {
  return filesBelow(folder).flatMap((path) => {
    const file = relative(folder, path)
    try {
      const cases: Case[] = []
      readList(parseText(readFileSync(path, 'utf8')), new IonStruct([]), file, cases)
      return cases
    } catch (cause) {
      throw new Error(`${file}: ${(cause as Error).message}`, { cause })
    }
  })
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name)
      return statSync(path).isDirectory() ? filesBelow(path) : path.endsWith('.ion') ? [path] : []
    })
}

function readList(items: readonly IonValue[], surrounding: IonStruct, file: string, cases: Case[]): void {
  let env = surrounding
  const classes = new Map<string, readonly string[]>()
  for (const item of items) {
    const label = item instanceof IonAnnotated ? item.annotations.at(-1) : undefined
    const value = item instanceof IonAnnotated ? item.value : item
    if (value instanceof IonList) {
      readList(value.items, env, file, cases)
    } else if (!(value instanceof IonStruct)) {
      throw new Error('expected a case, a namespace, an environment or a class of statements')
    } else if (label === 'envs') {
      env = value
    } else if (label === 'equiv_class') {
      classes.set(textOf(value.get('id')), itemsOf(value.get('statements')).map(textOf))
    } else {
      cases.push(readCase(value, env, classes, file))
    }
  }
}

const CASE_FIELDS = new Set(['name', 'statement', 'env', 'assert'])

function readCase(
  value: IonStruct,
  surrounding: IonStruct,
  classes: ReadonlyMap<string, readonly string[]>,
  file: string,
): Case {
  const name = textOf(value.get('name'))
  const unknown = value.fields.find((field) => !CASE_FIELDS.has(field.name))
  if (unknown !== undefined) throw new Error(`case "${name}" has a field ${unknown.name}`)
  const statement = value.get('statement')
  const statements = statement instanceof IonSymbol ? classes.get(textOf(statement)) : [textOf(statement)]
  if (statements === undefined) throw new Error(`case "${name}" names an unknown class of statements`)
  const env = value.get('env')
  const assert = value.get('assert')
  return {
    name,
    file,
    category: categoryOf(file),
    statements,
    env: env instanceof IonStruct ? env : surrounding,
    assertions: (assert instanceof IonList ? assert.items : [assert]).flatMap((each) => readAssertion(each, name)),
  }
}

function readAssertion(value: IonValue | undefined, name: string): Assertion[] {
  if (!(value instanceof IonStruct)) throw new Error(`case "${name}" has no assertion`)
  const result = textOf(value.get('result'))
  switch (result) {
    case 'SyntaxSuccess':
      return [{ kind: 'syntax-success' }]
    case 'SyntaxFail':
      return [{ kind: 'syntax-fail' }]
    case 'StaticAnalysisFail':
      return [{ kind: 'static-analysis-fail' }]
    case 'EvaluationSuccess': {
      const output = value.get('output')
      if (output === undefined) throw new Error(`case "${name}" succeeds without an output`)
      return readModes(value, name).map((mode) => ({ kind: 'evaluation-success', mode, output }))
    }
    case 'EvaluationFail':
      return readModes(value, name).map((mode) => ({ kind: 'evaluation-fail', mode }))
    default:
      throw new Error(`case "${name}" asserts ${result}`)
  }
}

function readModes(value: IonStruct, name: string): EvalMode[] {
  const modes = value.get('evalMode')
  return (modes instanceof IonList ? modes.items : [modes]).map((each) => {
    const mode = textOf(each)
    if (mode !== 'EvalModeCoerce' && mode !== 'EvalModeError') throw new Error(`case "${name}" has mode ${mode}`)
    return mode
  })
}

function itemsOf(value: IonValue | undefined): readonly IonValue[] {
  if (!(value instanceof IonList)) throw new Error('expected a list')
  return value.items
}

function textOf(value: IonValue | undefined): string {
  if (typeof value === 'string') return value
  if (value instanceof IonSymbol && value.text !== undefined) return value.text
  throw new Error('expected a text')
}
