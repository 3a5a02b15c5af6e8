/**
 * Cuts a text into tokens. The scanner knows names; which of them are keywords is looked up afterwards, and the words
 * that are keywords only in their place are decided there by their neighbours, so that the parser needs one token of
 * look-ahead.
 */

import type { IToken, TokenType } from './chevrotain.ts'
import { PLACE_RULES, type PlaceRule } from './keyword-places.ts'
import { type LexedText, madeUp, scan } from './scanner.ts'
import {
  CloseAngle,
  CloseBag,
  CloseParenthesis,
  Greater,
  Identifier,
  keyword,
  keywordTypes,
  Less,
  OpenAngle,
  OpenParenthesis,
} from './tokens.ts'

const CREATE = keyword('CREATE')

const TYPES_WITH_ANGLES: ReadonlySet<TokenType> = new Set(
  ['STRUCT', 'TUPLE', 'LIST', 'ARRAY', 'BAG', 'SEXP'].map(keyword),
)

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

function become(token: IToken, type: TokenType): void {
  token.tokenType = type
  token.tokenTypeIdx = type.tokenTypeIdx!
}

/** Marks the keywords, and tells the angles of types from the operators `<` and `>`. */
function markKeywords(tokens: IToken[]): void {
  /** For each open angle how many other brackets are open around it. */
  const angles: number[] = []
  const around = { isDefinition: false, isInType: false }
  let nesting = 0
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index]!
    const { tokenType } = token
    if (tokenType === Identifier) {
      const word = lookUpWord(token.image)
      if (word === undefined || (word.isHere !== undefined && !word.isHere(tokens, index, around))) continue
      become(token, word.type)
      if (word.type === CREATE) around.isDefinition = true
    } else if (tokenType === OpenParenthesis) {
      nesting += 1
    } else if (tokenType === CloseParenthesis) {
      nesting -= 1
    } else if (tokenType === Less) {
      if (index === 0 || !TYPES_WITH_ANGLES.has(tokens[index - 1]!.tokenType)) continue
      become(token, OpenAngle)
      angles.push(nesting)
      around.isInType = true
    } else if (angles.at(-1) === nesting && (tokenType === Greater || tokenType === CloseBag)) {
      if (tokenType === CloseBag) splitCloseBag(tokens, index)
      become(tokens[index]!, CloseAngle)
      angles.pop()
      around.isInType = angles.length > 0
    }
  }
}

/** Behind a type, `>>` is two `>`, and `>>>` one and the end of a bag. */
function splitCloseBag(tokens: IToken[], index: number): void {
  const { startOffset } = tokens[index]!
  const next = tokens[index + 1]
  tokens[index] = madeUp(Greater, '>', startOffset)
  if (next?.tokenType === Greater && next.startOffset === startOffset + 2) {
    tokens[index + 1] = madeUp(CloseBag, '>>', startOffset + 1)
  } else {
    tokens.splice(index + 1, 0, madeUp(Greater, '>', startOffset + 1))
  }
}

/** Cuts a text into tokens; any text, one pass, never throws. */
export function lex(text: string): LexedText {
  const lexed = scan(text)
  markKeywords(lexed.tokens)
  return lexed
}
