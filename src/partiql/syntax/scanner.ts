/**
 * Cuts a text into names, literals, symbols and comments, by its characters. Written by hand, as Chevrotain's lexer has
 * to look into each pattern first, which takes longer than all of a short statement.
 */

import type { IToken, TokenType } from './chevrotain.ts'
import { endOfIonLiteral } from './ion-literal.ts'
import * as t from './tokens.ts'

/** A text in tokens; `comments` stand in no rule's way. */
export interface LexedText {
  readonly tokens: IToken[]
  readonly comments: readonly IToken[]
}

/** What a character may begin, by its code below 128; anything above is white space or stray. */
const STRAY = 0
const BLANK = 1
const NAME = 2
const DIGIT = 3
const QUOTE = 4
const POINT = 5
const SLASH = 6
const MINUS = 7
const SYMBOL = 8

const CLASSES = new Uint8Array(128)
for (const code of [9, 10, 11, 12, 13, 32]) CLASSES[code] = BLANK
for (let code = 65; code <= 90; code += 1) CLASSES[code] = CLASSES[code + 32] = NAME
for (const character of '_$') CLASSES[character.charCodeAt(0)] = NAME
for (const character of '0123456789') CLASSES[character.charCodeAt(0)] = DIGIT
for (const character of '\'"`') CLASSES[character.charCodeAt(0)] = QUOTE
CLASSES['.'.charCodeAt(0)] = POINT
CLASSES['/'.charCodeAt(0)] = SLASH
CLASSES['-'.charCodeAt(0)] = MINUS

/** By first character; a symbol of two stands before the one that it begins with. */
const SYMBOLS: (readonly TokenType[] | undefined)[] = []
for (const type of [
  ...[t.Comma, t.Semicolon, t.Colon, t.AtSign, t.QuestionMark, t.OpenParenthesis, t.CloseParenthesis, t.OpenBracket],
  ...[t.CloseBracket, t.OpenBrace, t.CloseBrace, t.OpenBag, t.CloseBag, t.NotEqual, t.LessEqual, t.GreaterEqual],
  ...[t.Equal, t.Less, t.Greater, t.Concatenate, t.Plus, t.Star, t.Percent, t.Tilde, t.Bar, t.Ampersand],
]) {
  const first = type.LABEL!.charCodeAt(0)
  CLASSES[first] = SYMBOL
  SYMBOLS[first] = [...(SYMBOLS[first] ?? []), type]
}
CLASSES['!'.charCodeAt(0)] = SYMBOL
SYMBOLS['!'.charCodeAt(0)] = [t.Exclamation]

const NUMBER = /(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d+)?|\d+(?:[eE][+-]?\d+)?/y

/** A token that no text was cut into. */
export function madeUp(type: TokenType, image: string, startOffset: number): IToken {
  return { tokenType: type, tokenTypeIdx: type.tokenTypeIdx!, image, startOffset }
}

/** Any text, one pass, never throws; no word is a keyword yet. */
export function scan(text: string): LexedText {
  const tokens: IToken[] = []
  let comments: IToken[] | undefined
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at)
    let type: TokenType = t.Stray
    let end = at + 1
    switch (code < 128 ? CLASSES[code] : STRAY) {
      case BLANK:
        at = end
        continue
      case NAME:
        type = t.Identifier
        while (end < text.length && isNamePart(text.charCodeAt(end))) end += 1
        break
      case DIGIT:
        end = endOfNumber(text, at)
        type = isInteger(text, at, end) ? t.IntegerLiteral : t.DecimalLiteral
        break
      case POINT:
        type = t.Dot
        if (CLASSES[text.charCodeAt(end)] !== DIGIT) break
        type = t.DecimalLiteral
        end = endOfNumber(text, at)
        break
      case QUOTE:
        end = code === 0x60 ? endOfIonLiteral(text, at) : endOfQuoted(text, at)
        type = typeOfQuoted(code, end !== -1)
        if (end === -1) end = text.length
        break
      case SLASH:
        type = t.Slash
        if (text.charCodeAt(end) !== 0x2a) break
        end = text.indexOf('*/', at + 2) + 2
        if (end === 1) {
          type = t.UnclosedComment
          end = text.length
          break
        }
        comments ??= []
        comments.push(madeUp(t.BlockComment, text.slice(at, end), at))
        at = end
        continue
      case MINUS:
        type = t.Minus
        if (text.charCodeAt(end) !== 0x2d) break
        end = endOfLine(text, end)
        comments ??= []
        comments.push(madeUp(t.LineComment, text.slice(at, end), at))
        at = end
        continue
      case SYMBOL: {
        const next = text.charCodeAt(end)
        if (next === 0x3d && code === 0x21) type = t.NotEqual
        else type = symbolAt(code, next)
        end = at + (type === t.NotEqual ? 2 : type.LABEL!.length)
        break
      }
      default:
        if (code > 127 && /\s/.test(text.charAt(at))) {
          at = end
          continue
        }
        // Both halves of a character beyond the basic plane.
        if (text.codePointAt(at)! > 0xffff) end += 1
    }
    tokens.push({ tokenType: type, tokenTypeIdx: type.tokenTypeIdx!, image: text.slice(at, end), startOffset: at })
    at = end
  }
  return { tokens, comments: comments ?? [] }
}

function isNamePart(code: number): boolean {
  if (code > 127) return false
  const kind = CLASSES[code]
  return kind === NAME || kind === DIGIT
}

function symbolAt(code: number, next: number): TokenType {
  const types = SYMBOLS[code]!
  return types.find(({ LABEL }) => LABEL!.length === 1 || LABEL!.charCodeAt(1) === next)!
}

function endOfNumber(text: string, start: number): number {
  NUMBER.lastIndex = start
  NUMBER.test(text)
  return NUMBER.lastIndex
}

function isInteger(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (CLASSES[text.charCodeAt(at)] !== DIGIT) return false
  return true
}

/** Behind the closing quote, where a doubled one does not close; -1 when there is none. */
function endOfQuoted(text: string, start: number): number {
  const quote = text.charAt(start)
  for (let at = text.indexOf(quote, start + 1); at !== -1; at = text.indexOf(quote, at + 2)) {
    if (text.charAt(at + 1) !== quote) return at + 1
  }
  return -1
}

function typeOfQuoted(code: number, isClosed: boolean): TokenType {
  if (code === 0x27) return isClosed ? t.StringLiteral : t.UnclosedString
  if (code === 0x22) return isClosed ? t.QuotedIdentifier : t.UnclosedName
  return isClosed ? t.IonLiteral : t.UnclosedIon
}

function endOfLine(text: string, start: number): number {
  let at = start
  while (at < text.length && text.charCodeAt(at) !== 0x0a && text.charCodeAt(at) !== 0x0d) at += 1
  return at
}
