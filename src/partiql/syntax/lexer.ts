/**
 * Cuts a text into tokens. The lexer knows one identifier token; what is a keyword is looked up afterwards, and the
 * words that are keywords only in their place are decided there by their neighbours, so that the parser needs one token
 * of look-ahead. (One pattern a keyword would cost 107 ms to build and thrice the time to lex.)
 */

import { type IToken, Lexer, type TokenType } from './chevrotain.ts'
import { PLACE_RULES, type PlaceRule } from './keyword-places.ts'
import { Identifier, keywordTypes, LEXED_TOKENS } from './tokens.ts'

interface Word {
  readonly type: TokenType
  readonly isHere: PlaceRule | undefined
}

/** By the two usual spellings; a word in mixed case is looked up in upper case. */
const WORDS = new Map<string, Word>()
let longestWord = 0
for (const [word, type] of keywordTypes()) {
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
