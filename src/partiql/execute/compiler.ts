import type { Dialect } from '../plan/dialect.ts'
import type { PlanExpression } from '../plan/expression.ts'
import type { Operator } from '../plan/operator.ts'
import type { QueryPlan } from '../plan/query.ts'
import type { StatementText } from '../plan/statement-text.ts'
import type { FieldSlot } from '../plan/table-source.ts'
import type { EngineValue } from '../value/engine-value.ts'
import type { Frame } from './frame.ts'

/** A compiled expression. */
export type Evaluate = (frame: Frame) => EngineValue

/** A compiled condition: true only for TRUE. */
export type Test = (frame: Frame) => boolean

/** Rows being read: `next` fills the slots of the frame and answers false at the end, then and ever after. */
export interface RowCursor {
  next(): boolean
  /**
   * Writes the slots of the present row that were left for later, see {@link FieldSlot.isLate}. The first call must come
   * before anything else is read; more do nothing.
   */
  complete?(): void
  /** Gives back what storage holds open; may be called more than once. */
  close(): void
}

/** A compiled operator: starts a new reading over `frame`. */
export type OpenRows = (frame: Frame) => RowCursor

/** Values being read; undefined at the end. */
export interface ValueCursor {
  next(): EngineValue | undefined
  close(): void
}

/** A compiled query: starts a new reading over `frame`. */
export type OpenValues = (frame: Frame) => ValueCursor

/** What compiling one part asks of the others: each part of a plan becomes a closure, once per statement text. */
export interface Compiler {
  readonly dialect: Dialect
  /** The statement, for errors that say where. */
  readonly text: StatementText
  /** For parts where a value of the wrong type gives MISSING, however the statement is typed. */
  permissive(): Compiler
  expression(expression: PlanExpression): Evaluate
  condition(expression: PlanExpression): Test
  /** All of them must hold; no conditions always hold. */
  conditions(expressions: readonly PlanExpression[]): Test
  rows(operator: Operator): OpenRows
  values(query: QueryPlan): OpenValues
}
