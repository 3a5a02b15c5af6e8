import { StatementError } from '../errors.ts'
import type { IonValue } from '../ion/index.ts'
import type { ExecutionContext } from './execute/execution-context.ts'
import type { ResultCursor } from './execute/result-cursor.ts'
import { compileStatement, type RunStatement } from './execute/statement.ts'
import type { TransactionAccess } from './execute/transaction-access.ts'
import type { CatalogAccess } from './plan/catalog-access.ts'
import { type Plan, planStatement, type StatementPlan } from './plan/statement.ts'
import type { PreparedStatement, StatementKind } from './prepared-statement.ts'
import { parse } from './syntax/index.ts'
import type { Statement } from './syntax/nodes.ts'

/** How many statement texts are kept; the one not used for longest goes first. */
const CACHE_SIZE = 1000
/** Longer texts, mostly INSERTs with their data written out, are not kept: they hardly come twice. */
const MAX_CACHED_LENGTH = 10_000

const cache: Map<string, CompiledStatement> = new Map()

/**
 * Parses, plans and compiles a statement, or answers the same text's earlier result when the catalog is the same.
 * Only the plan depends on the catalog, so that after a definition nothing is parsed again. Cost: one map look-up when
 * the text is known.
 *
 * @throws {StatementError} SYNTAX_ERROR, UNKNOWN_TABLE, UNKNOWN_FUNCTION … with line and column
 */
export function prepare(text: string, catalog: CatalogAccess): PreparedStatement {
  const cached = cache.get(text)
  if (cached !== undefined && cached.catalog === catalog) {
    if (cached !== newest) {
      cache.delete(text)
      cache.set(text, cached)
      newest = cached
    }
    return cached
  }
  const statement = cached?.statement ?? parse(text)
  const prepared = new CompiledStatement(text, statement, catalog)
  if (text.length > MAX_CACHED_LENGTH) return prepared
  cache.delete(text)
  cache.set(text, prepared)
  newest = prepared
  if (cache.size > CACHE_SIZE) {
    for (const oldest of cache.keys()) {
      cache.delete(oldest)
      break
    }
  }
  return prepared
}
let newest: CompiledStatement | undefined

class CompiledStatement implements PreparedStatement {
  readonly kind: StatementKind
  readonly parameterCount: number
  readonly isReadOnly: boolean
  readonly catalog: CatalogAccess
  readonly statement: Statement
  readonly #text: string
  readonly #run: RunStatement

  constructor(text: string, statement: Statement, catalog: CatalogAccess) {
    const plan: Plan = planStatement(statement, text, catalog)
    this.kind = kindOf(plan.statement)
    this.isReadOnly = isReadOnly(plan.statement)
    this.parameterCount = plan.parameterCount
    this.catalog = catalog
    this.statement = statement
    this.#text = text
    this.#run = compileStatement(plan)
  }

  run(transaction: TransactionAccess, parameters: readonly IonValue[], context: ExecutionContext): ResultCursor {
    if (transaction.catalog !== this.catalog) {
      return prepare(this.#text, transaction.catalog).run(transaction, parameters, context)
    }
    if (parameters.length !== this.parameterCount) {
      throw new StatementError(
        'WRONG_PARAMETER_COUNT',
        `The statement has ${this.parameterCount} parameter${this.parameterCount === 1 ? '' : 's'} (?), but ${parameters.length} value${parameters.length === 1 ? ' was' : 's were'} given.`,
      )
    }
    return this.#run(transaction, parameters, context)
  }
}

function kindOf(plan: StatementPlan): StatementKind {
  switch (plan.kind) {
    case 'query':
    case 'explain':
      return plan.kind
    case 'insert':
    case 'change':
      return 'dml'
    default:
      return 'ddl'
  }
}

/** EXPLAIN ANALYZE runs what it explains. */
function isReadOnly(plan: StatementPlan): boolean {
  return plan.kind === 'query' || (plan.kind === 'explain' && (!plan.analyze || isReadOnly(plan.plan)))
}
