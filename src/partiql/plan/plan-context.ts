import { type ErrorCode, StatementError } from '../../errors.ts'
import { locate } from '../syntax/locate.ts'
import type { Location, Query } from '../syntax/nodes.ts'
import type { CatalogAccess } from './catalog-access.ts'
import type { Dialect } from './dialect.ts'
import { type Globals, NO_GLOBALS } from './globals.ts'
import type { QueryPlan } from './query.ts'
import type { Scope } from './scope.ts'

/** What is shared by all stages that plan one statement: its text, the catalog, and the numbering of slots. */
export class PlanContext {
  readonly text: string
  readonly catalog: CatalogAccess
  readonly dialect: Dialect
  /** Values known by name beside the tables of the catalog. */
  readonly globals: Globals
  /** Plans a nested query; given from outside, as binding expressions and planning queries need each other. */
  readonly planQuery: (query: Query, scope: Scope | undefined, context: PlanContext) => QueryPlan
  /** False: every source is scanned, joins are nested loops as written, conditions come last. For comparison in tests. */
  readonly optimize: boolean
  /** How many slots the frame of this statement has. */
  slotCount = 0

  constructor(
    text: string,
    catalog: CatalogAccess,
    dialect: Dialect,
    planQuery: (query: Query, scope: Scope | undefined, context: PlanContext) => QueryPlan,
    globals: Globals = NO_GLOBALS,
    optimize = true,
  ) {
    this.text = text
    this.catalog = catalog
    this.dialect = dialect
    this.planQuery = planQuery
    this.globals = globals
    this.optimize = optimize
  }

  /** A slot that nothing else of this statement uses: nested queries share the frame of the statement. */
  newSlot(): number {
    return this.slotCount++
  }

  /** An error at a place of the statement. */
  error(code: ErrorCode, message: string, at: Location, expected: readonly string[] = []): StatementError {
    return new StatementError(code, message, { location: locate(this.text, at.offset, at.length), expected })
  }
}
