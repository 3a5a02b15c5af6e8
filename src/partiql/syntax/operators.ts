import type { TokenType } from './chevrotain.ts'
import type { BinaryOperator } from './nodes.ts'
import {
  Concatenate,
  Equal,
  Greater,
  GreaterEqual,
  keyword,
  Less,
  LessEqual,
  Minus,
  NotEqual,
  Percent,
  Plus,
  Slash,
  Star,
} from './tokens.ts'

/** An operator as the parser's stack holds it. A higher power binds tighter. */
export type Operator =
  | { readonly kind: 'prefix'; readonly operator: 'not' | '-' | '+'; readonly power: number }
  | { readonly kind: 'logical'; readonly operator: 'and' | 'or'; readonly power: number }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly power: number }

/** IS, IN, LIKE and BETWEEN stand with the comparisons. */
export const PREDICATE_POWER = 4

function table(entries: readonly (readonly [TokenType, Operator])[]): readonly (Operator | undefined)[] {
  const byTokenType: (Operator | undefined)[] = []
  for (const [type, operator] of entries) byTokenType[type.tokenTypeIdx!] = operator
  return byTokenType
}

/** By token type index. */
export const PREFIX_OPERATORS: readonly (Operator | undefined)[] = table([
  [keyword('NOT'), { kind: 'prefix', operator: 'not', power: 3 }],
  [Minus, { kind: 'prefix', operator: '-', power: 8 }],
  [Plus, { kind: 'prefix', operator: '+', power: 8 }],
])

/** By token type index; all associate to the left. */
export const BINARY_OPERATORS: readonly (Operator | undefined)[] = table([
  [keyword('OR'), { kind: 'logical', operator: 'or', power: 1 }],
  [keyword('AND'), { kind: 'logical', operator: 'and', power: 2 }],
  [Equal, { kind: 'binary', operator: '=', power: PREDICATE_POWER }],
  [NotEqual, { kind: 'binary', operator: '<>', power: PREDICATE_POWER }],
  [Less, { kind: 'binary', operator: '<', power: PREDICATE_POWER }],
  [LessEqual, { kind: 'binary', operator: '<=', power: PREDICATE_POWER }],
  [Greater, { kind: 'binary', operator: '>', power: PREDICATE_POWER }],
  [GreaterEqual, { kind: 'binary', operator: '>=', power: PREDICATE_POWER }],
  [Concatenate, { kind: 'binary', operator: '||', power: 5 }],
  [Plus, { kind: 'binary', operator: '+', power: 6 }],
  [Minus, { kind: 'binary', operator: '-', power: 6 }],
  [Star, { kind: 'binary', operator: '*', power: 7 }],
  [Slash, { kind: 'binary', operator: '/', power: 7 }],
  [Percent, { kind: 'binary', operator: '%', power: 7 }],
])
