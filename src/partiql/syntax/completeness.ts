import { lex } from './lexer.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { runParser } from './parser.ts'
import { contextWordsAfter, expectedAfter } from './syntax-error.ts'
import * as t from './tokens.ts'

/**
 * How far a text is on its way to a statement.
 *
 * | state | means |
 * | --- | --- |
 * | `blank` | nothing but white space and comments |
 * | `open` | a good beginning that wants more: an open string, quoted name, backtick or comment, or an unfinished clause |
 * | `complete` | a statement, though more might follow |
 * | `wrong` | no text behind it will make it a statement |
 */
export type StatementState = 'blank' | 'open' | 'complete' | 'wrong'

/** Cost: one run of the parser, without looking for what was expected. */
export function statementState(text: string): StatementState {
  const { tokens } = lex(text)
  const last = tokens.at(-1)
  if (last === undefined) return 'blank'
  if (t.UNCLOSED.has(last.tokenType)) return 'open'
  try {
    const { unexpected } = runParser(tokens, text, DEFAULT_LIMITS.depth)
    if (unexpected === undefined) return 'complete'
    return unexpected === 'end' && last.tokenType !== t.Semicolon ? 'open' : 'wrong'
  } catch {
    return 'wrong'
  }
}

/**
 * Whether a text is ready to be run as far as one can tell: not blank, nothing left open (string, quoted name, backtick,
 * comment), and the parser does not want more at its end. A text that is wrong before its end is ready, so that the
 * error can be shown; so is one that ends with a semicolon. `SELECT *` is ready although FROM may follow.
 */
export function isComplete(text: string): boolean {
  const state = statementState(text)
  return state === 'complete' || state === 'wrong'
}

/**
 * What may follow a text that is a good beginning of a statement: keywords and symbols as they are written, kinds of
 * tokens in words (`a name`, `an expression`, `an operator`, `the end of the statement`). Empty when it is not a good
 * beginning, or longer than 500 tokens. Takes a few milliseconds.
 */
export function expectedNext(text: string): string[] {
  const { tokens } = lex(text)
  if (tokens.length > 0) {
    try {
      const { unexpected } = runParser([...tokens], text, DEFAULT_LIMITS.depth)
      if (unexpected !== undefined && unexpected !== 'end') return []
    } catch {
      return []
    }
  }
  const expected = expectedAfter(tokens, text)
  return [...new Set([...expected, ...contextWordsAfter(tokens, text)])]
}
