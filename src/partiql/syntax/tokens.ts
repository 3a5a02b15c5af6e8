/** The kinds of tokens: names, literals, symbols, keywords, and the classes of them that rules ask for. */

import { createToken, Lexer, type TokenType } from './chevrotain.ts'
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
/** The `<` of a type, as in LIST<INT>; told from the operator by what stands before it. */
export const OpenAngle: TokenType = createToken({ name: 'OpenAngle', label: '<', pattern: Lexer.NA })
export const CloseAngle: TokenType = createToken({ name: 'CloseAngle', label: '>', pattern: Lexer.NA })
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
export const Tilde: TokenType = symbol('Tilde', '~')
export const Bar: TokenType = symbol('Bar', '|')
export const Ampersand: TokenType = symbol('Ampersand', '&')
export const Exclamation: TokenType = symbol('Exclamation', '!')
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

// --------------------------------------------------------------------------------------------------------- vocabulary

export const LEXED_TOKENS: readonly TokenType[] = [
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
  Tilde,
  Bar,
  Ampersand,
  Exclamation,
  Stray,
]

/** What the parser may meet: what is lexed, the keywords and the classes. */
export const VOCABULARY: readonly TokenType[] = [
  ...LEXED_TOKENS,
  ...KEYWORD_TYPES.values(),
  OpenAngle,
  CloseAngle,
  ...TOKEN_CLASSES,
]

/** Every keyword in upper case, with its token type. */
export function keywordTypes(): ReadonlyMap<string, TokenType> {
  return KEYWORD_TYPES
}
