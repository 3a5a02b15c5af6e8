/**
 * Where the words that may be names are keywords: decided by their neighbours. At the end of a text, where a word might
 * go on either way, most are keywords: their token types may stand for names too, and a reader that waits for more is
 * told so.
 */

import type { IToken, TokenType } from './chevrotain.ts'
import { RESERVED_WORDS } from './keywords.ts'
import * as t from './tokens.ts'

/** What stands around a word, further away than its neighbours. */
export interface Surroundings {
  /** CREATE was met. */
  readonly isDefinition: boolean
  /** In the brackets of a type: `LIST<STRUCT<`. */
  readonly isInType: boolean
}

/** Whether the word at `index` is a keyword there; everything before `index` is decided already. */
export type PlaceRule = (tokens: readonly IToken[], index: number, around: Surroundings) => boolean

const RESERVED: ReadonlySet<string> = new Set(RESERVED_WORDS)

/** Reserved words that may begin an expression. */
const EXPRESSION_WORDS: ReadonlySet<string> = new Set([
  ...['CASE', 'CAST', 'CURRENT_DATE', 'CURRENT_TIMESTAMP', 'CURRENT_USER', 'FALSE'],
  ...['MISSING', 'NULL', 'TRUE', 'VALUES'],
])

const EXPRESSION_STARTS: ReadonlySet<TokenType> = new Set([
  ...[t.QuotedIdentifier, t.StringLiteral, t.IntegerLiteral, t.DecimalLiteral, t.IonLiteral],
  ...[t.OpenParenthesis, t.OpenBracket, t.OpenBrace, t.OpenBag, t.AtSign, t.QuestionMark],
])

const OPERAND_ENDS: ReadonlySet<TokenType> = new Set([
  ...[t.Identifier, t.QuotedIdentifier, t.StringLiteral, t.IntegerLiteral, t.DecimalLiteral, t.IonLiteral],
  ...[t.CloseParenthesis, t.CloseBracket, t.CloseBrace, t.CloseBag, t.CloseAngle, t.QuestionMark],
  ...['CURRENT_DATE', 'CURRENT_TIMESTAMP', 'CURRENT_USER', 'END', 'FALSE', 'MISSING', 'NULL', 'TRUE'].map(t.keyword),
])

const INTERVAL_FIELDS: readonly string[] = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND']

function isWord(token: IToken | undefined, ...words: readonly string[]): boolean {
  return token !== undefined && words.includes(token.image.toUpperCase())
}

function isName(token: IToken | undefined): boolean {
  if (token === undefined) return false
  if (token.tokenType === t.Identifier) return !RESERVED.has(token.image.toUpperCase())
  return t.Name.categoryMatchesMap![token.tokenTypeIdx] === true
}

/** For tokens behind the one in question: what they are is not decided yet. Prefix operators do not count. */
function startsExpression(token: IToken | undefined): boolean {
  if (token === undefined) return false
  if (token.tokenType !== t.Identifier) return EXPRESSION_STARTS.has(token.tokenType)
  const word = token.image.toUpperCase()
  return !RESERVED.has(word) || EXPRESSION_WORDS.has(word)
}

/** The same with prefix operators, where the word in question can be no operand itself. */
function startsOperand(token: IToken | undefined): boolean {
  return startsExpression(token) || token?.tokenType === t.Minus || token?.tokenType === t.Plus || isWord(token, 'NOT')
}

/** Whether the token in front of the one in question ends an operand. */
function isBehindOperand(tokens: readonly IToken[], index: number): boolean {
  const previous = tokens[index - 1]
  if (previous === undefined) return false
  if (previous.tokenType === t.Star) return tokens[index - 2]?.tokenType === t.Dot
  return OPERAND_ENDS.has(previous.tokenType) || isName(previous)
}

const beforeParenthesis: PlaceRule = (tokens, index) => tokens[index + 1]?.tokenType === t.OpenParenthesis

const before =
  (...words: readonly string[]): PlaceRule =>
  (tokens, index) =>
    isWord(tokens[index + 1], ...words)

const beforeOrEnd =
  (...words: readonly string[]): PlaceRule =>
  (tokens, index) =>
    tokens[index + 1] === undefined || isWord(tokens[index + 1], ...words)

const after =
  (...words: readonly string[]): PlaceRule =>
  (tokens, index) =>
    isWord(tokens[index - 1], ...words)

const afterBoth =
  (first: string, second: string): PlaceRule =>
  (tokens, index) =>
    isWord(tokens[index - 2], first) && isWord(tokens[index - 1], second)

/** In CREATE TABLE, or in the fields of a type. */
const inDefinition: PlaceRule = (_tokens, _index, { isDefinition, isInType }) => isDefinition || isInType

/** STRUCT, LIST and their like before `<`: where a type stands, as elsewhere the `<` compares. */
const beforeAngle: PlaceRule = (tokens, index, around) => {
  if (tokens[index + 1]?.tokenType !== t.Less) return false
  const previous = tokens[index - 1]
  if (isWord(previous, 'AS', 'IS') || (isWord(previous, 'NOT') && isWord(tokens[index - 2], 'IS'))) return true
  return inDefinition(tokens, index, around) && !isWord(previous, 'AND', 'OR', 'NOT')
}

const beforeAngleOrParenthesis: PlaceRule = (tokens, index, around) =>
  beforeParenthesis(tokens, index, around) || beforeAngle(tokens, index, around)

/** DATE: `DATE '…'`; also alone, as a statement of its own that wants its text. */
const beforeText: PlaceRule = (tokens, index) =>
  tokens[index + 1] === undefined ? index === 0 : tokens[index + 1]?.tokenType === t.StringLiteral

/** TIME and TIMESTAMP: `TIME '…'`, `TIME (3) '…'`, `TIME WITH TIME ZONE`, and the TIME before ZONE or the end. */
const beforeTimeText: PlaceRule = (tokens, index) => {
  let next = index + 1
  if (tokens[next] === undefined) return index === 0 || isWord(tokens[index - 1], 'WITH', 'WITHOUT')
  if (tokens[next]?.tokenType === t.OpenParenthesis) {
    if (tokens[next + 1]?.tokenType !== t.IntegerLiteral || tokens[next + 2]?.tokenType !== t.CloseParenthesis) {
      return false
    }
    next += 3
  }
  return tokens[next]?.tokenType === t.StringLiteral || isWord(tokens[next], 'WITH', 'WITHOUT', 'ZONE')
}

/** INTERVAL: `INTERVAL '…'`, `INTERVAL - '…' DAY`, and the type `INTERVAL DAY`. */
const beforeInterval: PlaceRule = (tokens, index) => {
  const next = tokens[index + 1]
  if (next?.tokenType === t.Minus || next?.tokenType === t.Plus) {
    if (tokens[index + 2]?.tokenType !== t.StringLiteral) return false
    return tokens[index + 3] === undefined || isWord(tokens[index + 3], ...INTERVAL_FIELDS)
  }
  return next?.tokenType === t.StringLiteral || isWord(next, ...INTERVAL_FIELDS)
}

/** LATERAL: after a comma or JOIN and before what can be joined. */
const beforeSource: PlaceRule = (tokens, index) => {
  const previous = tokens[index - 1]
  if (previous?.tokenType !== t.Comma && !isWord(previous, 'JOIN')) return false
  return startsExpression(tokens[index + 1]) || isWord(tokens[index + 1], 'UNPIVOT')
}

/** LEADING, TRAILING, BOTH: first in TRIM, and not the whole of it. */
const firstInTrim: PlaceRule = (tokens, index) =>
  tokens[index - 1]?.tokenType === t.OpenParenthesis &&
  tokens[index - 2]?.tokenType === t.keyword('TRIM') &&
  tokens[index + 1]?.tokenType !== t.CloseParenthesis &&
  tokens[index + 1]?.tokenType !== t.Dot

/** FOR: `SUBSTRING(a FROM 1 FOR 2)`, `FOR SYSTEM_TIME`. OVERLAPS: between two periods. */
const betweenOperands: PlaceRule = (tokens, index) =>
  isBehindOperand(tokens, index) && (tokens[index + 1] === undefined || startsOperand(tokens[index + 1]))

/** EXCLUDE: `SELECT * EXCLUDE a.b`, and `EXCLUDE TIES` in the frame of a window. */
const beforeExcluded: PlaceRule = (tokens, index) => {
  const previous = tokens[index - 1]
  const [next, behind] = [tokens[index + 1], tokens[index + 2]?.tokenType]
  if (isWord(previous, 'ROW', 'PRECEDING', 'FOLLOWING')) {
    if (next === undefined || isWord(next, 'GROUP', 'CURRENT', 'NO', 'TIES')) return true
  }
  if (!isBehindOperand(tokens, index) && previous?.tokenType !== t.Star) return false
  if (next === undefined) return true
  return isName(next) && (behind === undefined || behind === t.Dot || behind === t.OpenBracket)
}

/** WINDOW: `WINDOW w AS (`, as far as it is written. */
const beforeWindowName: PlaceRule = (tokens, index) => {
  const [name, as, open] = [tokens[index + 1], tokens[index + 2], tokens[index + 3]]
  if (name === undefined) return true
  if (!isName(name)) return false
  if (as === undefined) return true
  return isWord(as, 'AS') && (open === undefined || open.tokenType === t.OpenParenthesis)
}

/** OVER: behind a call, before a name or a parenthesis. */
const afterCall: PlaceRule = (tokens, index) => {
  if (tokens[index - 1]?.tokenType !== t.CloseParenthesis) return false
  const next = tokens[index + 1]
  return next === undefined || next.tokenType === t.OpenParenthesis || isName(next)
}

/** ROWS, RANGE, GROUPS: first in a window, or behind an expression or order, and before the bound of a frame. */
const beforeFrame: PlaceRule = (tokens, index) => {
  const previous = tokens[index - 1]
  const isFirst = previous?.tokenType === t.OpenParenthesis && isWord(tokens[index - 2], 'OVER', 'AS')
  if (!isFirst && !isBehindOperand(tokens, index) && !isWord(previous, 'ASC', 'DESC')) return false
  const next = tokens[index + 1]
  return next === undefined || isWord(next, 'BETWEEN') || (startsOperand(next) && !isWord(next, 'AND', 'OR'))
}

/** PRECEDING, FOLLOWING: behind a distance. */
const afterDistance: PlaceRule = (tokens, index) => {
  if (!isBehindOperand(tokens, index)) return false
  const next = tokens[index + 1]
  return next === undefined || next.tokenType === t.CloseParenthesis || isWord(next, 'AND', 'EXCLUDE')
}

/** PRESERVE: `ORDER BY PRESERVE` and nothing that would make it an expression. */
const wholeOrder: PlaceRule = (tokens, index, around) => {
  if (!afterBoth('ORDER', 'BY')(tokens, index, around)) return false
  const next = tokens[index + 1]
  if (next === undefined || next.tokenType === t.CloseParenthesis || next.tokenType === t.Semicolon) return true
  return isWord(next, 'LIMIT', 'OFFSET', 'ROWS', 'RANGE', 'GROUPS', 'ON', 'RETURNING')
}

/** CORRESPONDING: behind a set operator, before a query. */
const afterSetOperator: PlaceRule = (tokens, index) => {
  if (!isWord(tokens[index - 1], 'UNION', 'INTERSECT', 'EXCEPT', 'ALL', 'DISTINCT')) return false
  const next = tokens[index + 1]
  if (isWord(next, 'NOT')) return !isWord(tokens[index + 2], 'BETWEEN', 'IN', 'LIKE')
  return startsExpression(next) || next === undefined || isWord(next, 'BY', 'SELECT', 'PIVOT', 'TABLE')
}

/** RECURSIVE: behind WITH, and not the name of the query itself. */
const beforeQueryName: PlaceRule = (tokens, index) =>
  isWord(tokens[index - 1], 'WITH') && (tokens[index + 1] === undefined || isName(tokens[index + 1]))

/** Words that may begin a graph pattern. */
const PATTERN_WORDS: readonly string[] = ['ALL', 'ANY', 'SHORTEST', 'WALK', 'TRAIL', 'ACYCLIC', 'SIMPLE']
const MATCH = t.keyword('MATCH')
const PATTERN_STARTS: ReadonlySet<TokenType> = new Set([t.OpenParenthesis, t.OpenBracket, t.Minus, t.Less, t.Tilde])

/** MATCH: behind an operand, before a graph pattern. */
const beforePattern: PlaceRule = (tokens, index) => {
  if (!isBehindOperand(tokens, index)) return false
  const next = tokens[index + 1]
  if (next === undefined || PATTERN_STARTS.has(next.tokenType) || isWord(next, ...PATTERN_WORDS)) return true
  return isName(next) && tokens[index + 2]?.tokenType === t.Equal
}

/** ANY, SHORTEST: behind MATCH, and not the name of a path. */
const beginsSelector: PlaceRule = (tokens, index) => {
  if (tokens[index + 1]?.tokenType === t.Equal) return false
  const previous = tokens[index - 1]?.tokenType
  return previous === MATCH || (tokens[index - 2]?.tokenType === MATCH && isWord(tokens[index - 1], 'ANY', 'ALL'))
}

/** WALK, TRAIL, ACYCLIC, SIMPLE: first in a path of a graph pattern. */
const beforePath: PlaceRule = (tokens, index) => {
  const next = tokens[index + 1]
  if (next === undefined) return isWord(tokens[index - 1], 'MATCH')
  return PATTERN_STARTS.has(next.tokenType) || (isName(next) && tokens[index + 2]?.tokenType === t.Equal)
}

/** CONFLICT: `ON CONFLICT (`, `ON CONFLICT DO` … */
const afterOn: PlaceRule = (tokens, index, around) =>
  isWord(tokens[index - 1], 'ON') &&
  (beforeParenthesis(tokens, index, around) || beforeOrEnd('ON', 'WHERE', 'DO')(tokens, index, around))

/** CONSTRAINT: in a definition, and `ON CONFLICT ON CONSTRAINT`. */
const beforeConstraint: PlaceRule = (tokens, index, around) =>
  inDefinition(tokens, index, around) || (isWord(tokens[index - 1], 'ON') && isWord(tokens[index - 2], 'CONFLICT'))

/** UPSERT, REPLACE: before INTO; at the end only where a statement begins. */
const beforeInto: PlaceRule = (tokens, index) => {
  const next = tokens[index + 1]
  if (next !== undefined) return isWord(next, 'INTO')
  const previous = tokens[index - 1]
  if (previous === undefined || isWord(previous, 'EXPLAIN', 'ANALYZE')) return true
  return previous.tokenType === t.CloseParenthesis && isWord(tokens[0], 'EXPLAIN')
}

/** OLD, NEW: behind MODIFIED or ALL of RETURNING. */
const afterRows: PlaceRule = (tokens, index) => {
  if (isWord(tokens[index - 1], 'MODIFIED')) return true
  const behind = tokens[index - 2]
  return isWord(tokens[index - 1], 'ALL') && (behind?.tokenType === t.Comma || isWord(behind, 'RETURNING'))
}

/** By word; a context word without a rule is a keyword everywhere, and a name as well. */
export const PLACE_RULES: Readonly<Record<string, PlaceRule>> = {
  ACYCLIC: beforePath,
  ANALYZE: (tokens, index) => index === 1 && isWord(tokens[0], 'EXPLAIN') && tokens.length > 2,
  ANY: beginsSelector,
  ARRAY: beforeAngle,
  BAG: beforeAngle,
  BOTH: firstInTrim,
  CAN_CAST: beforeParenthesis,
  CAN_LOSSLESS_CAST: beforeParenthesis,
  CHAR: before('VARYING'),
  CHARACTER: before('VARYING'),
  CHECK: inDefinition,
  COMMENT: inDefinition,
  CONFLICT: afterOn,
  CONSTRAINT: beforeConstraint,
  CORRESPONDING: afterSetOperator,
  CURRENT: beforeOrEnd('ROW'),
  DATE: beforeText,
  DATE_ADD: beforeParenthesis,
  DATE_DIFF: beforeParenthesis,
  DEFAULT: beforeOrEnd('VALUES'),
  DO: (tokens, index, around) =>
    after('CONFLICT')(tokens, index, around) || beforeOrEnd('NOTHING', 'UPDATE', 'REPLACE')(tokens, index, around),
  DOUBLE: before('PRECISION'),
  EXCLUDE: beforeExcluded,
  EXCLUDED: (tokens, index, around) =>
    afterBoth('DO', 'UPDATE')(tokens, index, around) || afterBoth('DO', 'REPLACE')(tokens, index, around),
  EXPLAIN: (_, index) => index === 0,
  EXTRACT: beforeParenthesis,
  FIRST: after('NULLS'),
  FOLLOWING: afterDistance,
  FOR: betweenOperands,
  GROUPS: beforeFrame,
  INDEX: after('CREATE', 'DROP', 'UNIQUE'),
  INTERVAL: beforeInterval,
  KEY: after('PRIMARY'),
  LAST: after('NULLS'),
  LATERAL: beforeSource,
  LEADING: firstInTrim,
  LIST: beforeAngleOrParenthesis,
  MATCH: beforePattern,
  MODIFIED: (tokens, index, around) =>
    after('RETURNING')(tokens, index, around) || beforeOrEnd('OLD', 'NEW')(tokens, index, around),
  NEW: afterRows,
  NO: beforeOrEnd('OTHERS'),
  NOTHING: after('DO'),
  OF: afterBoth('SYSTEM_TIME', 'AS'),
  OLD: afterRows,
  OPTIONAL: (tokens, index, around) => inDefinition(tokens, index, around) && isName(tokens[index - 1]),
  OTHERS: after('NO'),
  OVER: afterCall,
  OVERLAPS: betweenOperands,
  OVERLAY: beforeParenthesis,
  PARTIAL: after('GROUP'),
  PARTITION: beforeOrEnd('BY'),
  POSITION: beforeParenthesis,
  PRECEDING: afterDistance,
  PRECISION: after('DOUBLE'),
  PRESERVE: wholeOrder,
  PRIMARY: beforeOrEnd('KEY'),
  RANGE: beforeFrame,
  RECURSIVE: beforeQueryName,
  REPLACE: (tokens, index, around) => beforeInto(tokens, index, around) || after('DO')(tokens, index, around),
  RETURNING: (tokens, index, around) =>
    (isBehindOperand(tokens, index) || isWord(tokens[index - 1], 'VALUES', 'ASC', 'DESC')) &&
    beforeOrEnd('MODIFIED', 'ALL')(tokens, index, around),
  ROW: (tokens, index, around) => beforeParenthesis(tokens, index, around) || after('CURRENT')(tokens, index, around),
  ROWS: beforeFrame,
  SEXP: beforeAngleOrParenthesis,
  SHORTEST: beginsSelector,
  SIMPLE: beforePath,
  STRUCT: beforeAngle,
  SUBSTRING: beforeParenthesis,
  SYSTEM_TIME: after('FOR'),
  TBLPROPERTIES: inDefinition,
  TIES: after('EXCLUDE'),
  TIME: beforeTimeText,
  TIMESTAMP: beforeTimeText,
  TO: beforeOrEnd(...INTERVAL_FIELDS),
  TRAIL: beforePath,
  TRAILING: firstInTrim,
  TRIM: beforeParenthesis,
  TUPLE: beforeAngle,
  UNBOUNDED: beforeOrEnd('PRECEDING', 'FOLLOWING'),
  UNIQUE: (tokens, index, around) => after('CREATE')(tokens, index, around) || inDefinition(tokens, index, around),
  UNKNOWN: after('IS', 'NOT'),
  UPSERT: beforeInto,
  VARYING: after('CHAR', 'CHARACTER'),
  WALK: beforePath,
  WINDOW: beforeWindowName,
  WITHOUT: beforeOrEnd('TIME'),
  ZONE: after('TIME'),
}
