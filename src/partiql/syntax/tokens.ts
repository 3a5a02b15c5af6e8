/**
 * The tokens: names, literals, symbols, keywords. The lexer knows one identifier token; what is a keyword is looked up
 * afterwards, and the words that are keywords only in their place are decided there by their neighbours, so that the
 * parser needs one token of look-ahead. (One pattern a keyword would cost 107 ms to build and thrice the time to lex.)
 */

import { createToken, type IToken, Lexer, type TokenType } from './chevrotain.ts'
import { endOfIonLiteral } from './ion-literal.ts'
import { CLAUSE_WORDS, CONTEXT_WORDS, RESERVED_WORDS } from './keywords.ts'

// ---------------------------------------------------------------------------------------------------- token classes

function tokenClass(name: string, label: string): TokenType {
  return createToken({ name, label, pattern: Lexer.NA })
}

/** A name of a table, field, variable or function. */
export const Name: TokenType = tokenClass('Name', 'a name')
/** A name that may stand as an alias without AS. */
export const BareName: TokenType = tokenClass('BareName', 'an alias')
export const BinaryOperator: TokenType = tokenClass('BinaryOperator', 'an operator')
/** What binds tighter than a comparison, and so may stand inside BETWEEN, LIKE and IN. */
export const ArithmeticOperator: TokenType = tokenClass('ArithmeticOperator', 'an operator')
export const PrefixOperator: TokenType = tokenClass('PrefixOperator', 'an operator')

const TOKEN_CLASSES: readonly TokenType[] = [Name, BareName, BinaryOperator, ArithmeticOperator, PrefixOperator]

// --------------------------------------------------------------------------------------------------------- literals

export const Identifier: TokenType = createToken({
  name: 'Identifier',
  label: 'a name',
  pattern: /[A-Za-z_$][A-Za-z0-9_$]*/,
  categories: [Name, BareName],
})

export const QuotedIdentifier: TokenType = createToken({
  name: 'QuotedIdentifier',
  label: 'a "quoted name"',
  pattern: /"[^"]*(?:""[^"]*)*"/,
  categories: [Name, BareName],
  line_breaks: true,
})

export const StringLiteral: TokenType = createToken({
  name: 'String',
  label: "a 'string'",
  pattern: /'[^']*(?:''[^']*)*'/,
  line_breaks: true,
})

export const IntegerLiteral: TokenType = createToken({ name: 'Integer', label: 'an integer', pattern: /\d+/ })

export const DecimalLiteral: TokenType = createToken({
  name: 'Decimal',
  label: 'a number',
  pattern: /(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+/,
})

export const IonLiteral: TokenType = createToken({
  name: 'Ion',
  label: 'an Ion value in backticks',
  pattern: {
    exec: (text, offset) => {
      const end = endOfIonLiteral(text, offset)
      return end === -1 ? null : ([text.slice(offset, end)] as unknown as RegExpExecArray)
    },
  },
  start_chars_hint: ['`'],
  line_breaks: true,
})

// Opened and never closed: tokens of their own that no rule accepts, so that the message can say what is missing.
export const UnclosedString: TokenType = createToken({ name: 'UnclosedString', pattern: /'[\s\S]*/, line_breaks: true })
export const UnclosedName: TokenType = createToken({ name: 'UnclosedName', pattern: /"[\s\S]*/, line_breaks: true })
export const UnclosedIon: TokenType = createToken({ name: 'UnclosedIon', pattern: /`[\s\S]*/, line_breaks: true })
export const UnclosedComment: TokenType = createToken({
  name: 'UnclosedComment',
  pattern: /\/\*[\s\S]*/,
  line_breaks: true,
})

export const UNCLOSED: ReadonlySet<TokenType> = new Set([UnclosedString, UnclosedName, UnclosedIon, UnclosedComment])

/**
 * Any character that begins nothing else, so that lexing never fails. The hints name one character of each bucket of
 * the lexer's table of first characters: all below 256, then every 255th.
 */
export const Stray: TokenType = createToken({
  name: 'Stray',
  pattern: {
    exec: (text, offset) => [String.fromCodePoint(text.codePointAt(offset)!)] as unknown as RegExpExecArray,
  },
  start_chars_hint: Array.from({ length: 513 }, (_, bucket) => (bucket <= 256 ? bucket : (bucket - 255) * 255)),
  line_breaks: true,
})

// ---------------------------------------------------------------------------------------------------------- symbols

function symbol(name: string, text: string, categories: TokenType[] = []): TokenType {
  return createToken({ name, label: text, pattern: text, categories })
}

export const Comma: TokenType = symbol('Comma', ',')
export const Semicolon: TokenType = symbol('Semicolon', ';')
export const Colon: TokenType = symbol('Colon', ':')
export const Dot: TokenType = symbol('Dot', '.')
export const AtSign: TokenType = symbol('AtSign', '@')
export const QuestionMark: TokenType = symbol('QuestionMark', '?')
export const OpenParenthesis: TokenType = symbol('OpenParenthesis', '(')
export const CloseParenthesis: TokenType = symbol('CloseParenthesis', ')')
export const OpenBracket: TokenType = symbol('OpenBracket', '[')
export const CloseBracket: TokenType = symbol('CloseBracket', ']')
export const OpenBrace: TokenType = symbol('OpenBrace', '{')
export const CloseBrace: TokenType = symbol('CloseBrace', '}')
export const OpenBag: TokenType = symbol('OpenBag', '<<')
export const CloseBag: TokenType = symbol('CloseBag', '>>')
export const Equal: TokenType = symbol('Equal', '=', [BinaryOperator])
export const NotEqual: TokenType = createToken({
  name: 'NotEqual',
  label: '<>',
  pattern: /<>|!=/,
  categories: [BinaryOperator],
})
export const LessEqual: TokenType = symbol('LessEqual', '<=', [BinaryOperator])
export const GreaterEqual: TokenType = symbol('GreaterEqual', '>=', [BinaryOperator])
export const Less: TokenType = symbol('Less', '<', [BinaryOperator])
export const Greater: TokenType = symbol('Greater', '>', [BinaryOperator])
export const Concatenate: TokenType = symbol('Concatenate', '||', [BinaryOperator, ArithmeticOperator])
export const Plus: TokenType = symbol('Plus', '+', [BinaryOperator, ArithmeticOperator, PrefixOperator])
export const Minus: TokenType = symbol('Minus', '-', [BinaryOperator, ArithmeticOperator, PrefixOperator])
export const Star: TokenType = symbol('Star', '*', [BinaryOperator, ArithmeticOperator])
export const Slash: TokenType = symbol('Slash', '/', [BinaryOperator, ArithmeticOperator])
export const Percent: TokenType = symbol('Percent', '%', [BinaryOperator, ArithmeticOperator])

// --------------------------------------------------------------------------------------------------------- keywords

const KEYWORD_CLASSES: Readonly<Record<string, TokenType[]>> = {
  AND: [BinaryOperator],
  OR: [BinaryOperator],
  NOT: [PrefixOperator],
}

const KEYWORD_TYPES = new Map<string, TokenType>()

function defineKeywords(words: readonly string[], classes: TokenType[]): void {
  for (const word of words) {
    // Token names may not clash with rule names, which are in camel case.
    const name =
      word[0] +
      word
        .slice(1)
        .toLowerCase()
        .replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
    const categories = KEYWORD_CLASSES[word] ?? classes
    KEYWORD_TYPES.set(word, createToken({ name: `${name}Keyword`, label: word, pattern: Lexer.NA, categories }))
  }
}

defineKeywords(RESERVED_WORDS, [])
defineKeywords(CLAUSE_WORDS, [Name])
defineKeywords(CONTEXT_WORDS, [Name, BareName])

/**
 * The token type of a keyword.
 *
 * @param word in upper case
 */
export function keyword(word: string): TokenType {
  const type = KEYWORD_TYPES.get(word)
  if (type === undefined) throw new RangeError(`'word' expected a keyword, got ${word}`)
  return type
}

// ------------------------------------------------------------------------------------------ keywords by their place

/** Whether the word at `index` is a keyword there; everything before `index` is decided already. */
type PlaceRule = (tokens: readonly IToken[], index: number) => boolean

function isWord(token: IToken | undefined, ...words: readonly string[]): boolean {
  return token !== undefined && words.includes(token.image.toUpperCase())
}

const beforeParenthesis: PlaceRule = (tokens, index) => tokens[index + 1]?.tokenType === OpenParenthesis

const before =
  (...words: readonly string[]): PlaceRule =>
  (tokens, index) =>
    isWord(tokens[index + 1], ...words)

const after =
  (...words: readonly string[]): PlaceRule =>
  (tokens, index) =>
    isWord(tokens[index - 1], ...words)

/** TIME and TIMESTAMP: `TIME '…'`, `TIME (3) '…'`, `TIME WITH TIME ZONE`, and the TIME before ZONE or the end. */
const beforeTimeText: PlaceRule = (tokens, index) => {
  let next = index + 1
  if (tokens[next] === undefined) return isWord(tokens[index - 1], 'WITH', 'WITHOUT')
  if (tokens[next]?.tokenType === OpenParenthesis) {
    if (tokens[next + 1]?.tokenType !== IntegerLiteral || tokens[next + 2]?.tokenType !== CloseParenthesis) return false
    next += 3
  }
  return tokens[next]?.tokenType === StringLiteral || isWord(tokens[next], 'WITH', 'WITHOUT', 'ZONE')
}

/** LATERAL: after a comma or JOIN and before what can be joined. */
const beforeSource: PlaceRule = (tokens, index) => {
  const previous = tokens[index - 1]
  if (previous?.tokenType !== Comma && !isWord(previous, 'JOIN')) return false
  const next = tokens[index + 1]
  if (next === undefined) return false
  if (next.tokenType !== Identifier) return SOURCE_STARTS.has(next.tokenType)
  const word = next.image.toUpperCase()
  return !RESERVED.has(word) || SOURCE_WORDS.has(word)
}

const RESERVED: ReadonlySet<string> = new Set(RESERVED_WORDS)

/** The reserved words a joined source may begin with. */
const SOURCE_WORDS: ReadonlySet<string> = new Set([
  ...['CASE', 'CAST', 'CURRENT_DATE', 'CURRENT_USER', 'FALSE'],
  ...['MISSING', 'NULL', 'TRUE', 'UNPIVOT', 'VALUES'],
])

const SOURCE_STARTS: ReadonlySet<TokenType> = new Set([
  QuotedIdentifier,
  StringLiteral,
  IntegerLiteral,
  DecimalLiteral,
  IonLiteral,
  OpenParenthesis,
  OpenBracket,
  OpenBrace,
  OpenBag,
  AtSign,
  QuestionMark,
])

/** LEADING, TRAILING, BOTH: first in TRIM, and not the whole of it. */
const firstInTrim: PlaceRule = (tokens, index) =>
  tokens[index - 1]?.tokenType === OpenParenthesis &&
  tokens[index - 2]?.tokenType === keyword('TRIM') &&
  tokens[index + 1]?.tokenType !== CloseParenthesis &&
  tokens[index + 1]?.tokenType !== Dot

const PLACE_RULES: Readonly<Record<string, PlaceRule>> = {
  ANALYZE: (tokens, index) => index === 1 && isWord(tokens[0], 'EXPLAIN') && tokens.length > 2,
  BOTH: firstInTrim,
  CAN_CAST: beforeParenthesis,
  CAN_LOSSLESS_CAST: beforeParenthesis,
  CHAR: before('VARYING'),
  CHARACTER: before('VARYING'),
  DATE: (tokens, index) => tokens[index + 1]?.tokenType === StringLiteral,
  DATE_ADD: beforeParenthesis,
  DATE_DIFF: beforeParenthesis,
  DEFAULT: (tokens, index) => tokens[index + 1] === undefined || isWord(tokens[index + 1], 'VALUES'),
  DOUBLE: before('PRECISION'),
  EXPLAIN: (_, index) => index === 0,
  EXTRACT: beforeParenthesis,
  FIRST: after('NULLS'),
  INDEX: after('CREATE', 'DROP'),
  LAST: after('NULLS'),
  LATERAL: beforeSource,
  LEADING: firstInTrim,
  LIST: beforeParenthesis,
  OVERLAY: beforeParenthesis,
  PARTIAL: after('GROUP'),
  POSITION: beforeParenthesis,
  PRECISION: after('DOUBLE'),
  PRESERVE: (tokens, index) => isWord(tokens[index - 1], 'BY') && isWord(tokens[index - 2], 'ORDER'),
  ROW: beforeParenthesis,
  SEXP: beforeParenthesis,
  SUBSTRING: beforeParenthesis,
  TIME: beforeTimeText,
  TIMESTAMP: beforeTimeText,
  TRAILING: firstInTrim,
  TRIM: beforeParenthesis,
  UNKNOWN: after('IS', 'NOT'),
  VARYING: after('CHAR', 'CHARACTER'),
  WITHOUT: (tokens, index) => tokens[index + 1] === undefined || isWord(tokens[index + 1], 'TIME'),
  ZONE: after('TIME'),
}

interface Word {
  readonly type: TokenType
  readonly isHere: PlaceRule | undefined
}

/** By the two usual spellings; a word in mixed case is looked up in upper case. */
const WORDS = new Map<string, Word>()
let longestWord = 0
for (const [word, type] of KEYWORD_TYPES) {
  const entry = { type, isHere: PLACE_RULES[word] }
  WORDS.set(word, entry)
  WORDS.set(word.toLowerCase(), entry)
  longestWord = Math.max(longestWord, word.length)
}

function lookUpWord(image: string): Word | undefined {
  if (image.length > longestWord) return undefined
  const exact = WORDS.get(image)
  if (exact !== undefined) return exact
  // A word that is all of one case was looked up already; most names are in lower or in camel case.
  const upper = image.toUpperCase()
  return upper === image ? undefined : WORDS.get(upper)
}

function markKeywords(tokens: readonly IToken[]): void {
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index]!
    if (token.tokenType !== Identifier) continue
    const word = lookUpWord(token.image)
    if (word === undefined || (word.isHere !== undefined && !word.isHere(tokens, index))) continue
    token.tokenType = word.type
    token.tokenTypeIdx = word.type.tokenTypeIdx!
  }
}

// ------------------------------------------------------------------------------------------------------------ lexer

const LEXED_TOKENS: readonly TokenType[] = [
  createToken({ name: 'WhiteSpace', pattern: /\s+/, group: Lexer.SKIPPED, line_breaks: true }),
  Identifier,
  createToken({ name: 'LineComment', pattern: /--[^\n\r]*/, group: 'comments' }),
  createToken({
    name: 'BlockComment',
    pattern: /\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\//,
    group: 'comments',
    line_breaks: true,
  }),
  UnclosedComment,
  StringLiteral,
  UnclosedString,
  QuotedIdentifier,
  UnclosedName,
  IonLiteral,
  UnclosedIon,
  DecimalLiteral,
  IntegerLiteral,
  Comma,
  Semicolon,
  Colon,
  Dot,
  AtSign,
  QuestionMark,
  OpenParenthesis,
  CloseParenthesis,
  OpenBracket,
  CloseBracket,
  OpenBrace,
  CloseBrace,
  OpenBag,
  CloseBag,
  NotEqual,
  LessEqual,
  GreaterEqual,
  Equal,
  Less,
  Greater,
  Concatenate,
  Plus,
  Minus,
  Star,
  Slash,
  Percent,
  Stray,
]

/** What the parser may meet: what is lexed, the keywords and the classes. */
export const VOCABULARY: readonly TokenType[] = [...LEXED_TOKENS, ...KEYWORD_TYPES.values(), ...TOKEN_CLASSES]

/** A text in tokens; `comments` stand in no rule's way. */
export interface LexedText {
  readonly tokens: IToken[]
  readonly comments: readonly IToken[]
}

let lexer: Lexer | undefined

/** Cuts a text into tokens; any text, one pass, never throws. The lexer is made at the first call (some 4 ms). */
export function lex(text: string): LexedText {
  lexer ??= new Lexer([...LEXED_TOKENS], {
    positionTracking: 'onlyOffset',
    ensureOptimizations: true,
    skipValidations: true,
  })
  const result = lexer.tokenize(text)
  markKeywords(result.tokens)
  return { tokens: result.tokens, comments: result.groups['comments'] ?? [] }
}
