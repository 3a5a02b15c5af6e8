/**
 * Runs cases and judges them. The unit is an assertion; an evaluation that is asserted for both modes counts twice.
 *
 * An assertion of failure is fulfilled by any typed error of any stage, as the suite has it. An untyped error, and a case
 * that takes longer than its budget, fulfil nothing. What fails only because the language part is not implemented, or
 * because the text does not parse, is told apart.
 */
import { createContext, runInContext } from 'node:vm'
import { LedgerError } from '../../src/errors.ts'
import type { IonStruct } from '../../src/ion/index.ts'
import { analyze, type EngineValue, evaluate } from '../../src/partiql/public.ts'
import { parse } from '../../src/partiql/syntax/index.ts'
import { canonicalText } from './canonical.ts'
import type { Assertion, Case } from './suite.ts'
import { suiteValue } from './suite-value.ts'

/** What became of one assertion. */
export interface Outcome {
  readonly case: Case
  readonly assertion: Assertion
  readonly passed: boolean
  /** Why it did not pass; empty when it did. */
  readonly reason: string
  /** The error that fulfilled an assertion of failure, when it only says "cannot be parsed" or "not supported". */
  readonly passedBy: 'SYNTAX_ERROR' | 'UNSUPPORTED_STATEMENT' | undefined
}

/** How long one statement may take, in milliseconds. */
const BUDGET_MS = 5000

/** Runs all cases, in order. */
export function runCases(cases: readonly Case[]): Outcome[] {
  const environments = new Map<IonStruct, Environment>()
  return cases.flatMap((each) => {
    let environment = environments.get(each.env)
    if (environment === undefined) {
      environment = readEnvironment(each.env)
      environments.set(each.env, environment)
    }
    return each.assertions.map((assertion) => judge(each, assertion, environment))
  })
}

interface Environment {
  readonly values: Readonly<Record<string, EngineValue>>
  /** Why it could not be read. */
  readonly problem: string | undefined
}

function readEnvironment(env: IonStruct): Environment {
  try {
    const values = env.fields.map((field) => [field.name, suiteValue(field.value)] as const)
    return { values: Object.fromEntries(values), problem: undefined }
  } catch (error) {
    return { values: {}, problem: `the environment: ${(error as Error).message}` }
  }
}

function judge(each: Case, assertion: Assertion, environment: Environment): Outcome {
  const outcome = (reason: string, passedBy?: Outcome['passedBy']): Outcome => ({
    case: each,
    assertion,
    passed: reason === '',
    reason,
    passedBy: reason === '' ? passedBy : undefined,
  })
  let passedBy: Outcome['passedBy']
  for (const statement of each.statements) {
    const attempt = perform(statement, assertion, environment)
    const reason = assertion.kind.endsWith('success')
      ? whyNotSuccess(attempt, assertion)
      : attempt.kind === 'refused'
        ? ''
        : attempt.kind === 'value'
          ? `answers ${shortened(attempt.text)} instead of an error`
          : attempt.text
    if (reason !== '') return outcome(each.statements.length === 1 ? reason : `${statement}\n    ${reason}`)
    if (attempt.kind === 'refused' && assertion.kind !== 'syntax-fail') {
      const { code } = attempt.error
      if (code === 'UNSUPPORTED_STATEMENT' || code === 'SYNTAX_ERROR') passedBy = code
    }
  }
  return outcome('', passedBy)
}

function whyNotSuccess(attempt: Attempt, assertion: Assertion): string {
  if (attempt.kind === 'refused') return `${attempt.error.code}: ${attempt.error.message}`
  if (attempt.kind === 'broken') return attempt.text
  if (assertion.kind !== 'evaluation-success') return ''
  try {
    const expected = canonicalText(suiteValue(assertion.output))
    return attempt.text === expected ? '' : `answers ${shortened(attempt.text)}\n    expected ${shortened(expected)}`
  } catch (error) {
    return `the expected value: ${(error as Error).message}`
  }
}

type Attempt =
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'refused'; readonly error: LedgerError }
  | { readonly kind: 'broken'; readonly text: string }

function perform(statement: string, assertion: Assertion, environment: Environment): Attempt {
  if (environment.problem !== undefined) return { kind: 'broken', text: environment.problem }
  try {
    return { kind: 'value', text: withinBudget(() => answer(statement, assertion, environment.values)) }
  } catch (error) {
    if (error instanceof LedgerError) return { kind: 'refused', error }
    return { kind: 'broken', text: `breaks with ${String(error)}` }
  }
}

function answer(statement: string, assertion: Assertion, env: Readonly<Record<string, EngineValue>>): string {
  switch (assertion.kind) {
    case 'syntax-success':
    case 'syntax-fail':
      parse(statement)
      return 'a statement'
    case 'static-analysis-fail':
      analyze(statement, { env })
      return 'no complaint'
    case 'evaluation-success':
    case 'evaluation-fail': {
      const typing = assertion.mode === 'EvalModeError' ? 'strict' : 'permissive'
      return canonicalText(evaluate(statement, { env, typing, partiql: true }) as EngineValue)
    }
  }
}

const sandbox: { work: () => string } = { work: () => '' }
createContext(sandbox)

/** Runs `work`, interrupted by an error when it takes longer than the budget. */
function withinBudget(work: () => string): string {
  sandbox.work = work
  return runInContext('work()', sandbox, { timeout: BUDGET_MS }) as string
}

function shortened(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 300)}… (${text.length} characters)`
}
