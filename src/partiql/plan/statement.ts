import type { CreateTable, Explain, Statement } from '../syntax/nodes.ts'
import { bindExpression } from './bind.ts'
import type { CatalogAccess } from './catalog-access.ts'
import { planChange } from './change.ts'
import type { DefinitionPlan } from './definition.ts'
import { type Dialect, QLDB } from './dialect.ts'
import type { ChangePlan, InsertPlan } from './document-change.ts'
import { requireTable } from './from.ts'
import { type Globals, NO_GLOBALS } from './globals.ts'
import { planInsert } from './insert.ts'
import { PlanContext } from './plan-context.ts'
import type { QueryPlan } from './query.ts'
import { planQuery } from './select.ts'
import { TableSizes } from './table-sizes.ts'

/** What a statement does, ready to be compiled. */
export type StatementPlan =
  | { readonly kind: 'query'; readonly query: QueryPlan }
  | InsertPlan
  | ChangePlan
  | DefinitionPlan
  | { readonly kind: 'explain'; readonly analyze: boolean; readonly plan: StatementPlan }

/** A plan with the number of slots its frame has; they do not include parameters. */
export interface Plan {
  readonly statement: StatementPlan
  readonly slotCount: number
  readonly parameterCount: number
  readonly dialect: Dialect
  readonly text: string
  /** False for a plan made the plain way; it is run the plain way too. */
  readonly isOptimized: boolean
  /** What the plan was chosen for. */
  readonly sizes: TableSizes
}

/** How a statement is planned. */
export interface PlanOptions {
  /** False: the plain way, scans and nested loops, which every other way must agree with. Default true. */
  readonly optimize?: boolean
}

/**
 * Resolves the names of a statement and chooses how its sources are read. Good for exactly this catalog object.
 *
 * @param text the statement's text, for the places of errors
 * @param globals values known by name beside the catalog's tables
 * @throws {StatementError} UNKNOWN_TABLE, UNKNOWN_NAME, UNKNOWN_FUNCTION, UNSUPPORTED_STATEMENT …
 */
export function planStatement(
  statement: Statement,
  text: string,
  catalog: CatalogAccess,
  dialect: Dialect = QLDB,
  globals: Globals = NO_GLOBALS,
  options: PlanOptions = {},
): Plan {
  const sizes = new TableSizes(catalog)
  const context = new PlanContext(text, sizes, dialect, planQuery, bindExpression, globals, options.optimize !== false)
  const planned = planAny(statement, context)
  return {
    statement: planned,
    slotCount: context.slotCount,
    parameterCount: statement.parameterCount,
    dialect,
    text,
    isOptimized: context.optimize,
    sizes,
  }
}

function planAny(statement: Statement, context: PlanContext): StatementPlan {
  switch (statement.kind) {
    case 'query-statement':
      return { kind: 'query', query: planQuery(statement.query, undefined, context) }
    case 'insert':
      return planInsert(statement, context)
    case 'insert-into-path-statement':
    case 'update':
    case 'delete':
    case 'from-dml':
      return planChange(statement, context)
    case 'create-table':
      requireUntyped(statement, context)
      return { kind: 'create-table', name: statement.table.name }
    case 'drop-table':
      return { kind: 'drop-table', table: requireTable(statement.table, context) }
    case 'undrop-table':
      return { kind: 'undrop-table', tableId: statement.tableId.name }
    case 'create-index': {
      const table = requireTable(statement.table, context)
      const [path] = statement.paths
      if (path === undefined || statement.paths.length > 1 || path.steps.length > 0) {
        throw context.error(
          'UNSUPPORTED_STATEMENT',
          'An index is over exactly one top-level field: CREATE INDEX ON Vehicle (vin).',
          (statement.paths[1] ?? path ?? statement).location,
        )
      }
      return { kind: 'create-index', table, field: path.root.name, isUnique: statement.isUnique }
    }
    case 'drop-index': {
      const table = requireTable(statement.table, context)
      if (statement.purge !== true) {
        throw context.error(
          'UNSUPPORTED_STATEMENT',
          `DROP INDEX takes its index away for good and wants that said: DROP INDEX "${statement.indexId.name}" ON ${statement.table.name} WITH (purge = true).`,
          statement.location,
        )
      }
      return { kind: 'drop-index', table, indexId: statement.indexId.name }
    }
    case 'exec':
      throw context.error(
        'UNSUPPORTED_STATEMENT',
        `EXEC ${statement.procedure.name} is not supported yet.`,
        statement.procedure.location,
      )
    case 'explain':
      requireKnownOptions(statement, context)
      return { kind: 'explain', analyze: statement.analyze, plan: planAny(statement.statement, context) }
  }
}

function requireUntyped({ elements, partitionBy, properties }: CreateTable, context: PlanContext): void {
  const [element] = elements
  if (element !== undefined) throw context.unsupported('A table with a list of fields', element.location)
  const [field] = partitionBy
  if (field !== undefined) throw context.unsupported('PARTITION BY', field.location)
  const [property] = properties
  if (property !== undefined) throw context.unsupported('TBLPROPERTIES', property.location)
}

function requireKnownOptions({ options }: Explain, context: PlanContext): void {
  for (const { name, location } of options) {
    if (name.name.toUpperCase() !== 'ANALYZE') throw context.unsupported(`EXPLAIN (${name.name})`, location)
  }
}
