import type { Location } from '../syntax/nodes.ts'
import { type PlanExpression, slotsOf } from './expression.ts'
import { expressionsOf, inputsOf, type Operator, writtenSlots } from './operator.ts'

/** What makes values, one after another: the rows of a result or of a nested query. */
export type QueryPlan = SelectPlan | SetOperationPlan | ExpressionPlan

interface QueryShape {
  /** The slots of surrounding queries that it reads: empty when it is not correlated. */
  readonly outerSlots: readonly number[]
  /** True when its rows have an order: it is a list then, otherwise a bag. */
  readonly isOrdered: boolean
}

/** Rows of `input`, each turned into a value by `output`; then DISTINCT, OFFSET and LIMIT over the values. */
export interface SelectPlan extends QueryShape {
  readonly kind: 'select'
  readonly input: Operator
  readonly output: PlanExpression
  readonly isDistinct: boolean
  readonly limit: PlanExpression | undefined
  readonly offset: PlanExpression | undefined
  /** PIVOT: the rows become one struct, `output` under the name that this gives. */
  readonly pivotName: PlanExpression | undefined
}

export interface SetOperationPlan extends QueryShape {
  readonly kind: 'set-operation'
  readonly operator: 'union' | 'intersect' | 'except'
  readonly isDistinct: boolean
  readonly isOuter: boolean
  /** CORRESPONDING: the columns to keep, or those that both sides have; undefined: all. */
  readonly columns: readonly string[] | 'common' | undefined
  /** How many columns the select lists of the operands have; undefined when none is explicit. */
  readonly columnCount: number | undefined
  /** Where it stands in the statement, for errors. */
  readonly place: Location
  readonly left: QueryPlan
  readonly right: QueryPlan
}

/** A statement or nested query that is only an expression: `1 + 1`, `<<1, 2>>`, `?`. */
interface ExpressionPlan extends QueryShape {
  readonly kind: 'expression'
  readonly value: PlanExpression
}

/** The slots that expressions read and `operators` do not fill. */
export function outerSlotsOf(
  operator: Operator | undefined,
  expressions: readonly (PlanExpression | undefined)[],
): number[] {
  const read = new Set<number>()
  for (const expression of expressions) if (expression !== undefined) slotsOf(expression, read)
  const written = new Set<number>()
  const visit = (each: Operator): void => {
    for (const expression of expressionsOf(each)) slotsOf(expression, read)
    for (const slot of writtenSlots(each)) written.add(slot)
    inputsOf(each).forEach(visit)
  }
  if (operator !== undefined) visit(operator)
  return [...read].filter((slot) => !written.has(slot))
}

/** The names of the columns that an explicit select list gives; undefined where the rows may have any shape. */
export function columnsOf(query: QueryPlan): readonly string[] | undefined {
  switch (query.kind) {
    case 'select':
      return query.pivotName === undefined &&
        query.output.kind === 'tuple' &&
        query.output.items.every((item) => item.kind === 'field')
        ? query.output.items.map((item) => item.name)
        : undefined
    case 'set-operation':
      return columnsOf(query.left)
    case 'expression':
      return undefined
  }
}
