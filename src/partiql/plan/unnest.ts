import type { Location } from '../syntax/nodes.ts'
import type { PlanExpression } from './expression.ts'
import type { SourceSlots } from './table-source.ts'

/**
 * The elements of a collection that an expression gives: a literal, a subquery, a field of an earlier source. `at` is
 * the position in a list, MISSING in a bag. Anything that is no collection is taken as a bag of itself; MISSING has no
 * rows. As `fields` (UNPIVOT) the values of a struct, with their names in `at`.
 */
export interface Unnest {
  readonly kind: 'unnest'
  readonly over: 'elements' | 'fields'
  /** Where the source stands in the statement; in strict typing, what is no collection (no struct for `fields`) is an error. */
  readonly place: Location
  readonly collection: PlanExpression
  readonly slots: SourceSlots
}
