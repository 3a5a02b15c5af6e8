/**
 * @module
 * The language as text: `parse` turns a statement into syntax nodes, or throws an error that says where it is wrong and
 * what was expected there. The language is PartiQL with Amazon QLDB's dialect; `grammar/partiql.ebnf` has it on a page.
 *
 * Promises: any text gives a statement, a StatementError or a LimitError, in bounded stack and in time that grows with
 * the length. Knows Ion values (for literals) and nothing of tables, types or functions.
 */

export { expectedNext, isComplete, type StatementState, statementState } from './completeness.ts'
export { CLAUSE_WORDS, CONTEXT_WORDS, KEYWORDS, RESERVED_WORDS } from './keywords.ts'
export { DEFAULT_LIMITS, type StatementLimits } from './limits.ts'
export { locate } from './locate.ts'
export type * from './nodes.ts'
export { parse } from './parse.ts'
export { grammarRules, validateGrammar } from './parser.ts'
export { type Piece, type PieceKind, tokenize } from './tokenize.ts'
