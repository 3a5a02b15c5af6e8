import { LimitError } from '../../errors.ts'
import { lex } from './lexer.ts'
import { DEFAULT_LIMITS, MAX_HEIGHT, type StatementLimits } from './limits.ts'
import type { Statement } from './nodes.ts'
import { type ParserOutcome, runParser } from './parser.ts'
import { syntaxError } from './syntax-error.ts'
import { isHigherThan } from './tree-height.ts'

/**
 * Reads one statement; semicolons behind it are allowed. Names are not looked up and values not calculated.
 *
 * Cost: some 20 µs for 30 tokens; the first call also makes the parser. Never recurses deeper than the limit allows.
 *
 * @throws {StatementError} SYNTAX_ERROR with line, column, offset, length and what was expected there
 * @throws {LimitError} STATEMENT_TOO_LONG, STATEMENT_TOO_DEEP
 */
export function parse(text: string, limits: Partial<StatementLimits> = DEFAULT_LIMITS): Statement {
  const { lengthCharacters, depth } = { ...DEFAULT_LIMITS, ...limits }
  if (text.length > lengthCharacters) {
    throw new LimitError(
      'STATEMENT_TOO_LONG',
      `The statement has ${text.length} characters; at most ${lengthCharacters} are allowed. Pass large values as parameters.`,
    )
  }
  const { statement, applicationCount } = read(text, Math.min(depth, DEFAULT_LIMITS.depth))
  if (applicationCount > MAX_HEIGHT / 4 && isHigherThan(statement, MAX_HEIGHT)) {
    throw new LimitError(
      'STATEMENT_TOO_DEEP',
      'The statement chains too many operators, joins or unions. Split it, or put it in parentheses by halves.',
    )
  }
  return statement
}

function read(text: string, depth: number): Extract<ParserOutcome, { unexpected: undefined }> {
  try {
    const { tokens } = lex(text)
    const outcome = runParser(tokens, text, depth)
    if (outcome.unexpected === undefined) return outcome
    throw syntaxError(text, tokens, outcome.unexpected)
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    // The limit leaves room enough, unless the caller stands deep in the stack already.
    throw new LimitError('STATEMENT_TOO_DEEP', 'The statement nests too deep for the stack that is left.', { cause })
  }
}
