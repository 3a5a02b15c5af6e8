import type { IonValue } from '../ion/index.ts'
import type { ExecutionContext } from './execute/execution-context.ts'
import type { ResultCursor } from './execute/result-cursor.ts'
import { compileStatement, type RunStatement } from './execute/statement.ts'
import type { TransactionAccess } from './execute/transaction-access.ts'
import { checkParameterCount } from './parameter-count.ts'
import type { CatalogAccess } from './plan/catalog-access.ts'
import { type Plan, planStatement, type StatementPlan } from './plan/statement.ts'
import type { TableSizes } from './plan/table-sizes.ts'
import type { PreparedStatement, StatementKind } from './prepared-statement.ts'
import { parse } from './syntax/index.ts'
import type { Statement } from './syntax/nodes.ts'

/** How many texts are kept per catalog, and how many parses; the one not used for longest goes first. */
const CACHE_SIZE = 1000
/** Longer texts, mostly INSERTs with their data written out, are not kept: they hardly come twice. */
const MAX_CACHED_LENGTH = 10_000

/** Plans by the catalog they are good for; they go when their catalog does. */
const plans: WeakMap<CatalogAccess, Map<string, CompiledStatement>> = new WeakMap()
/** Parses are good for any catalog: after a definition everything is planned again, but not parsed. */
const parses: Map<string, Statement> = new Map()

/**
 * Parses, plans and compiles a statement, or answers the same text's earlier result when the catalog is the same.
 * Cost: two map look-ups when text and catalog are known.
 *
 * @throws {StatementError} SYNTAX_ERROR, UNKNOWN_TABLE, UNKNOWN_FUNCTION … with line and column
 */
export function prepare(text: string, catalog: CatalogAccess): PreparedStatement {
  // The same statement again, as in a loop, is the newest of its map already.
  if (text === latest.text && catalog === latest.catalog && latest.prepared !== undefined) return latest.prepared
  const prepared = prepareKept(text, catalog)
  latest = { text, catalog, prepared }
  return prepared
}

let latest: {
  readonly text: string
  readonly catalog: CatalogAccess | undefined
  readonly prepared: PreparedStatement | undefined
} = { text: '', catalog: undefined, prepared: undefined }

function prepareKept(text: string, catalog: CatalogAccess): PreparedStatement {
  let known = plans.get(catalog)
  if (known === undefined) {
    known = new Map()
    plans.set(catalog, known)
  }
  const cached = known.get(text)
  if (cached !== undefined) {
    keep(known, text, cached)
    return cached
  }
  const statement = parses.get(text) ?? parse(text)
  const prepared = new CompiledStatement(text, statement, catalog)
  if (text.length <= MAX_CACHED_LENGTH) {
    keep(parses, text, statement)
    keep(known, text, prepared)
  }
  return prepared
}

/** Makes an entry the newest of its map, which keeps the order of use. */
function keep<Value>(map: Map<string, Value>, text: string, value: Value): void {
  map.delete(text)
  map.set(text, value)
  if (map.size <= CACHE_SIZE) return
  for (const oldest of map.keys()) {
    map.delete(oldest)
    break
  }
}

class CompiledStatement implements PreparedStatement {
  readonly kind: StatementKind
  readonly parameterCount: number
  readonly isReadOnly: boolean
  readonly #catalog: CatalogAccess
  readonly #text: string
  readonly #statement: Statement
  #run: RunStatement
  /** What the plan was chosen for. */
  #sizes: TableSizes

  constructor(text: string, statement: Statement, catalog: CatalogAccess) {
    const plan: Plan = planStatement(statement, text, catalog)
    this.kind = kindOf(plan.statement)
    this.isReadOnly = isReadOnly(plan.statement)
    // EXPLAIN alone computes nothing, so it asks for no values.
    const { statement: planned } = plan
    this.parameterCount = planned.kind === 'explain' && !planned.analyze ? 0 : plan.parameterCount
    this.#catalog = catalog
    this.#text = text
    this.#statement = statement
    this.#run = compileStatement(plan)
    this.#sizes = plan.sizes
  }

  run(transaction: TransactionAccess, parameters: readonly IonValue[], context: ExecutionContext): ResultCursor {
    if (transaction.catalog !== this.#catalog) {
      return prepare(this.#text, transaction.catalog).run(transaction, parameters, context)
    }
    if (this.kind !== 'explain' || this.parameterCount > 0) checkParameterCount(this.parameterCount, parameters.length)
    if (this.#sizes.haveChanged()) {
      const plan = planStatement(this.#statement, this.#text, this.#catalog)
      this.#run = compileStatement(plan)
      this.#sizes = plan.sizes
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
