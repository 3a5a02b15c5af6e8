import type { Expression, Query } from '../syntax/nodes.ts'
import type { CatalogAccess } from './catalog-access.ts'
import type { Dialect } from './dialect.ts'
import type { PlanExpression } from './expression.ts'
import { type Globals, NO_GLOBALS } from './globals.ts'
import type { QueryPlan } from './query.ts'
import type { Scope } from './scope.ts'
import { StatementText } from './statement-text.ts'

type PlanQuery = (query: Query, scope: Scope | undefined, context: PlanContext) => QueryPlan
type BindExpression = (node: Expression, scope: Scope | undefined, context: PlanContext) => PlanExpression

/** What is shared by all stages that plan one statement: its text, the catalog, and the numbering of slots. */
export class PlanContext extends StatementText {
  readonly catalog: CatalogAccess
  readonly dialect: Dialect
  /** Values known by name beside the tables of the catalog. */
  readonly globals: Globals
  /** Plans a nested query; given from outside, as binding expressions and planning queries need each other. */
  readonly planQuery: PlanQuery
  /** Binds a part of an expression; given from outside for the same reason. */
  readonly bindExpression: BindExpression
  /** False: every source is scanned, joins are nested loops as written, conditions come last. For comparison in tests. */
  readonly optimize: boolean
  /** How many slots the frame of this statement has. */
  slotCount = 0

  constructor(
    text: string,
    catalog: CatalogAccess,
    dialect: Dialect,
    planQuery: PlanQuery,
    bindExpression: BindExpression,
    globals: Globals = NO_GLOBALS,
    optimize = true,
  ) {
    super(text)
    this.catalog = catalog
    this.dialect = dialect
    this.planQuery = planQuery
    this.bindExpression = bindExpression
    this.globals = globals
    this.optimize = optimize
  }

  /** A slot that nothing else of this statement uses: nested queries share the frame of the statement. */
  newSlot(): number {
    return this.slotCount++
  }
}
