import type { IonValue } from '../ion/index.ts'
import { Frame } from './execute/frame.ts'
import { NO_TRANSACTION } from './execute/no-transaction.ts'
import { compileQueryValue } from './execute/statement.ts'
import { engineValueOf, javascriptOf } from './javascript.ts'
import { checkParameterCount } from './parameter-count.ts'
import { analyzeStatement } from './plan/analyze.ts'
import { type Dialect, PARTIQL, PARTIQL_STRICT } from './plan/dialect.ts'
import { Globals, NO_GLOBALS } from './plan/globals.ts'
import { NO_CATALOG } from './plan/no-catalog.ts'
import { type Plan, planStatement } from './plan/statement.ts'
import { StatementText } from './plan/statement-text.ts'
import type { Statement } from './syntax/nodes.ts'
import { parse } from './syntax/parse.ts'
import type { EngineValue } from './value/engine-value.ts'

/** How {@link evaluate} answers; every member may be left out. */
export interface EvaluateOptions {
  /**
   * The values that the statement knows by name: plain JavaScript by the ledger's rules, Ion values, or PartiQL's own
   * (a `Bag`, `MISSING`). A name with dots (`information_schema.user_tables`) is found by the path that spells it.
   */
  readonly env?: Readonly<Record<string, unknown>> | undefined
  /**
   * What a value of the wrong type gives: MISSING, which vanishes from structs (`permissive`, the default), or a
   * TYPE_ERROR (`strict`).
   */
  readonly typing?: 'permissive' | 'strict' | undefined
  /** The values of the question marks, in their order. */
  readonly parameters?: readonly unknown[] | undefined
  /** Answer the engine's own values, which tell a bag from a list and lose nothing, instead of plain JavaScript. */
  readonly partiql?: boolean | undefined
  /** What `UTCNOW()` and `CURRENT_DATE` say; the time of the call by default. */
  readonly now?: Date | undefined
}

/**
 * Evaluates a PartiQL query over values in memory; no ledger is needed.
 *
 * The language is PartiQL by its specification: unquoted names match without regard to case, and a name is a variable,
 * then a value of `env`, then a field of a source. It answers the whole result: an array for a list or a bag, an object
 * for a struct, undefined for MISSING.
 *
 *     evaluate('SELECT VALUE c.vin FROM cars AS c WHERE c.year > ?', { env: { cars }, parameters: [2000] })
 *
 * @typeParam Result what the caller knows the answer to be; nothing checks it
 *
 * Cost: parsing and planning at every call, some 50 µs for a short query, then the work of the query.
 *
 * @throws {StatementError} with line and column: SYNTAX_ERROR; UNKNOWN_NAME, UNKNOWN_FUNCTION, WRONG_ARGUMENT_COUNT …;
 *   TYPE_ERROR while running, where `typing` is strict; EVALUATION_ERROR, such as a division by zero; and
 *   UNSUPPORTED_STATEMENT for a statement that changes something
 * @throws {FormatError} BAD_VALUE when something in `env` or `parameters` is no data
 */
export function evaluate(statement: string, options: EvaluateOptions & { readonly partiql: true }): EngineValue
export function evaluate<Result = unknown>(statement: string, options?: EvaluateOptions): Result
export function evaluate(statement: string, options: EvaluateOptions = {}): unknown {
  const { env, typing = 'permissive', parameters = [], partiql = false, now = new Date() } = options
  const plan = planReadOnly(parse(statement), statement, globalsOf(env), typing === 'strict' ? PARTIQL_STRICT : PARTIQL)
  const { query } = queryOf(plan)
  checkParameterCount(plan.parameterCount, parameters.length)
  const compute = compileQueryValue(query, plan)
  const frame = new Frame(
    plan.slotCount,
    parameters.map((value) => engineValueOf(value) as IonValue),
    NO_TRANSACTION,
    { now: now.getTime() },
  )
  const value: EngineValue = compute(frame)
  return partiql ? value : javascriptOf(value)
}

/**
 * Finds what is certainly wrong with a query, without evaluating it: its syntax, names that nothing has, functions that
 * are not there or get a wrong number of arguments, constants of a type that an operator or function never takes
 * (`LOWER(1)`), aggregates that have no rows to fold, ungrouped names beside grouped ones. What permissive typing lets
 * pass as MISSING is an error here.
 *
 * @param options.env the values that the statement knows by name, as for {@link evaluate}
 * @throws {StatementError} the first error, with line, column, and the nearest name where one was misspelt
 */
export function analyze(statement: string, options: Pick<EvaluateOptions, 'env'> = {}): void {
  const parsed = parse(statement)
  const plan = planReadOnly(parsed, statement, globalsOf(options.env), PARTIQL_STRICT)
  analyzeStatement(parsed, statement)
  compileQueryValue(queryOf(plan).query, plan)
}

function globalsOf(env: Readonly<Record<string, unknown>> | undefined): Globals {
  if (env === undefined) return NO_GLOBALS
  const values = new Map<string, EngineValue>()
  for (const [name, value] of Object.entries(env)) if (value !== undefined) values.set(name, engineValueOf(value))
  return new Globals(values)
}

function planReadOnly(statement: Statement, text: string, globals: Globals, dialect: Dialect): Plan {
  if (statement.kind !== 'query-statement') {
    throw new StatementText(text).error(
      'UNSUPPORTED_STATEMENT',
      'There is no ledger here: evaluate() answers queries and changes nothing. Open a ledger with openLedger() for this statement.',
      statement.location,
    )
  }
  return planStatement(statement, text, NO_CATALOG, dialect, globals)
}

function queryOf(plan: Plan): Extract<Plan['statement'], { kind: 'query' }> {
  const { statement } = plan
  if (statement.kind !== 'query') throw new TypeError(`a query was planned as ${statement.kind}`)
  return statement
}
