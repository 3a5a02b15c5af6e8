import type { Dialect } from '../plan/dialect.ts'
import type { FunctionCall } from '../plan/expression.ts'
import type { EngineValue } from '../value/engine-value.ts'
import { bare, textOf } from '../value/family.ts'
import type { ArithmeticRules } from './arithmetic.ts'

/** Answered by a function whose arguments have a type, or a value, that it cannot work with. */
export const WRONG_TYPE: unique symbol = Symbol('wrong type')
export type WrongType = typeof WRONG_TYPE

/** What surrounds one call of a function. */
export interface CallContext {
  /** The bare word that some functions take. */
  readonly variant: FunctionCall['variant']
  readonly dialect: Dialect
  readonly rules: ArithmeticRules
  /** For what QLDB's functions refuse with an error of their own. */
  refuse(message: string): WrongType
}

/** A function of present values: NULL and MISSING never arrive here. */
export type ScalarFunction = (args: readonly EngineValue[], context: CallContext) => EngineValue | WrongType

/** A table of functions by name. */
export type ScalarFunctions = ReadonlyMap<string, ScalarFunction>

/** Passes a text on, also that of a symbol. */
export function withText(
  value: EngineValue | undefined,
  use: (text: string) => EngineValue | WrongType,
): EngineValue | WrongType {
  const text = value === undefined ? undefined : textOf(value)
  return text === undefined ? WRONG_TYPE : use(text)
}

/** An int as a number; undefined for anything else, and for ints that are not safe. */
export function safeInt(value: EngineValue | undefined): number | undefined {
  const plain = value === undefined ? undefined : bare(value)
  return typeof plain === 'number' ? plain : undefined
}
