import type { TokenType } from './chevrotain.ts'
import { lex } from './lexer.ts'
import * as t from './tokens.ts'

/** What a piece of a statement is, for colours and completion. */
export type PieceKind =
  | 'keyword'
  | 'name'
  | 'string'
  | 'number'
  | 'ion'
  | 'parameter'
  | 'symbol'
  | 'comment'
  | 'unclosed'
  | 'stray'

/** A token or comment of a text; what lies between pieces is white space. */
export interface Piece {
  readonly kind: PieceKind
  readonly text: string
  readonly offset: number
  readonly length: number
}

const KINDS: ReadonlyMap<TokenType, PieceKind> = new Map([
  [t.Identifier, 'name'],
  [t.QuotedIdentifier, 'name'],
  [t.StringLiteral, 'string'],
  [t.IntegerLiteral, 'number'],
  [t.DecimalLiteral, 'number'],
  [t.IonLiteral, 'ion'],
  [t.QuestionMark, 'parameter'],
  [t.UnclosedString, 'unclosed'],
  [t.UnclosedName, 'unclosed'],
  [t.UnclosedIon, 'unclosed'],
  [t.UnclosedComment, 'unclosed'],
  [t.Stray, 'stray'],
])

/** Cuts any text into pieces, in order; never throws. A word that is a keyword only in other places is a name here. */
export function tokenize(text: string): Piece[] {
  const { tokens, comments } = lex(text)
  const pieces: Piece[] = []
  for (const { image, startOffset, tokenType } of tokens) {
    const kind = KINDS.get(tokenType) ?? (/^[A-Za-z]/.test(image) ? 'keyword' : 'symbol')
    pieces.push({ kind, text: image, offset: startOffset, length: image.length })
  }
  if (comments.length === 0) return pieces
  for (const { image, startOffset } of comments) {
    pieces.push({ kind: 'comment', text: image, offset: startOffset, length: image.length })
  }
  return pieces.sort((a, b) => a.offset - b.offset)
}
