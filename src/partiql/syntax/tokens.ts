/** The kinds of tokens: names, literals, symbols, keywords, and the classes of them that rules ask for. */

import { createToken, type TokenType } from './chevrotain.ts'
import { CLAUSE_WORDS, CONTEXT_WORDS, RESERVED_WORDS } from './keywords.ts'

// ---------------------------------------------------------------------------------------------------- token classes

/**
 * The label is what messages call it; the scanner says what texts are of it. Chevrotain would note the members of a class
 * anew for each of them; noting them here takes a third of the time.
 */
function token(name: string, label: string, classes: readonly TokenType[] = []): TokenType {
  const type = createToken({ name, label })
  for (const each of classes) {
    type.CATEGORIES!.push(each)
    each.categoryMatches!.push(type.tokenTypeIdx!)
    each.categoryMatchesMap![type.tokenTypeIdx!] = true
    each.isParent = true
  }
  return type
}

/** A name of a table, field, variable or function. */
export const Name: TokenType = token('Name', 'a name')
/** A name that may stand as an alias without AS. */
export const BareName: TokenType = token('BareName', 'an alias')
export const BinaryOperator: TokenType = token('BinaryOperator', 'an operator')
/** What binds tighter than a comparison, and so may stand inside BETWEEN, LIKE and IN. */
export const ArithmeticOperator: TokenType = token('ArithmeticOperator', 'an operator')
export const PrefixOperator: TokenType = token('PrefixOperator', 'an operator')

const TOKEN_CLASSES: readonly TokenType[] = [Name, BareName, BinaryOperator, ArithmeticOperator, PrefixOperator]

// --------------------------------------------------------------------------------------------------------- literals

export const Identifier: TokenType = token('Identifier', 'a name', [Name, BareName])
export const QuotedIdentifier: TokenType = token('QuotedIdentifier', 'a "quoted name"', [Name, BareName])
export const StringLiteral: TokenType = token('String', "a 'string'")
export const IntegerLiteral: TokenType = token('Integer', 'an integer')
export const DecimalLiteral: TokenType = token('Decimal', 'a number')
export const IonLiteral: TokenType = token('Ion', 'an Ion value in backticks')
export const LineComment: TokenType = token('LineComment', 'a comment')
export const BlockComment: TokenType = token('BlockComment', 'a comment')

// Opened and never closed: tokens of their own that no rule accepts, so that the message can say what is missing.
export const UnclosedString: TokenType = token('UnclosedString', 'an open string')
export const UnclosedName: TokenType = token('UnclosedName', 'an open quoted name')
export const UnclosedIon: TokenType = token('UnclosedIon', 'an open Ion value')
export const UnclosedComment: TokenType = token('UnclosedComment', 'an open comment')

export const UNCLOSED: ReadonlySet<TokenType> = new Set([UnclosedString, UnclosedName, UnclosedIon, UnclosedComment])

/** Any character that begins nothing else, so that no text fails before it is parsed. */
export const Stray: TokenType = token('Stray', 'a stray character')

// ---------------------------------------------------------------------------------------------------------- symbols

export const Comma: TokenType = token('Comma', ',')
export const Semicolon: TokenType = token('Semicolon', ';')
export const Colon: TokenType = token('Colon', ':')
export const Dot: TokenType = token('Dot', '.')
export const AtSign: TokenType = token('AtSign', '@')
export const QuestionMark: TokenType = token('QuestionMark', '?')
export const OpenParenthesis: TokenType = token('OpenParenthesis', '(')
export const CloseParenthesis: TokenType = token('CloseParenthesis', ')')
export const OpenBracket: TokenType = token('OpenBracket', '[')
export const CloseBracket: TokenType = token('CloseBracket', ']')
export const OpenBrace: TokenType = token('OpenBrace', '{')
export const CloseBrace: TokenType = token('CloseBrace', '}')
/** The `<` of a type, as in LIST<INT>; told from the operator by what stands before it. */
export const OpenAngle: TokenType = token('OpenAngle', '<')
export const CloseAngle: TokenType = token('CloseAngle', '>')
export const OpenBag: TokenType = token('OpenBag', '<<')
export const CloseBag: TokenType = token('CloseBag', '>>')
export const Equal: TokenType = token('Equal', '=', [BinaryOperator])
export const NotEqual: TokenType = token('NotEqual', '<>', [BinaryOperator])
export const LessEqual: TokenType = token('LessEqual', '<=', [BinaryOperator])
export const GreaterEqual: TokenType = token('GreaterEqual', '>=', [BinaryOperator])
export const Less: TokenType = token('Less', '<', [BinaryOperator])
export const Greater: TokenType = token('Greater', '>', [BinaryOperator])
export const Tilde: TokenType = token('Tilde', '~')
export const Bar: TokenType = token('Bar', '|')
export const Ampersand: TokenType = token('Ampersand', '&')
export const Exclamation: TokenType = token('Exclamation', '!')
export const Concatenate: TokenType = token('Concatenate', '||', [BinaryOperator, ArithmeticOperator])
export const Plus: TokenType = token('Plus', '+', [BinaryOperator, ArithmeticOperator, PrefixOperator])
export const Minus: TokenType = token('Minus', '-', [BinaryOperator, ArithmeticOperator, PrefixOperator])
export const Star: TokenType = token('Star', '*', [BinaryOperator, ArithmeticOperator])
export const Slash: TokenType = token('Slash', '/', [BinaryOperator, ArithmeticOperator])
export const Percent: TokenType = token('Percent', '%', [BinaryOperator, ArithmeticOperator])

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
    KEYWORD_TYPES.set(word, token(`${name}Keyword`, word, categories))
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

const SYMBOLS: readonly TokenType[] = [
  ...[Comma, Semicolon, Colon, Dot, AtSign, QuestionMark, OpenParenthesis, CloseParenthesis, OpenBracket, CloseBracket],
  ...[OpenBrace, CloseBrace, OpenAngle, CloseAngle, OpenBag, CloseBag, Equal, NotEqual, LessEqual, GreaterEqual, Less],
  ...[Greater, Tilde, Bar, Ampersand, Exclamation, Concatenate, Plus, Minus, Star, Slash, Percent],
]

const OTHER_TOKENS: readonly TokenType[] = [
  ...[Identifier, QuotedIdentifier, StringLiteral, IntegerLiteral, DecimalLiteral, IonLiteral, ...UNCLOSED, Stray],
]

/** What the parser may meet: what is lexed, the keywords and the classes. */
export const VOCABULARY: readonly TokenType[] = [
  ...OTHER_TOKENS,
  ...SYMBOLS,
  ...KEYWORD_TYPES.values(),
  ...TOKEN_CLASSES,
]

/** Every keyword in upper case, with its token type. */
export function keywordTypes(): ReadonlyMap<string, TokenType> {
  return KEYWORD_TYPES
}

/** More than the highest index of a token type. */
export const TOKEN_COUNT: number = Math.max(...VOCABULARY.map((type) => type.tokenTypeIdx!)) + 1
