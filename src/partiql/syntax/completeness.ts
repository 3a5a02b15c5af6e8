import { DEFAULT_LIMITS } from './limits.ts'
import { runParser } from './parser.ts'
import { expectedAfter } from './syntax-error.ts'
import * as t from './tokens.ts'

/**
 * Whether a text is ready to be run as far as one can tell: not blank, nothing left open (string, quoted name, backtick,
 * comment), and the parser does not want more at its end. A text that is wrong before its end is ready, so that the
 * error can be shown; so is one that ends with a semicolon. `SELECT *` is ready although FROM may follow.
 */
export function isComplete(text: string): boolean {
  const { tokens } = t.lex(text)
  const last = tokens.at(-1)
  if (last === undefined) return false
  if (t.UNCLOSED.has(last.tokenType)) return false
  if (last.tokenType === t.Semicolon) return true
  try {
    return runParser(tokens, text, DEFAULT_LIMITS.depth).unexpected !== 'end'
  } catch {
    return true
  }
}

/**
 * What may follow a text that is a good beginning of a statement: keywords and symbols as they are written, kinds of
 * tokens in words (`a name`, `an expression`, `an operator`, `the end of the statement`). Empty when it is not a good
 * beginning, or longer than 500 tokens. Takes a few milliseconds.
 */
export function expectedNext(text: string): string[] {
  const { tokens } = t.lex(text)
  if (tokens.length > 0) {
    try {
      const { unexpected } = runParser([...tokens], text, DEFAULT_LIMITS.depth)
      if (unexpected !== undefined && unexpected !== 'end') return []
    } catch {
      return []
    }
  }
  return expectedAfter(tokens, text)
}
