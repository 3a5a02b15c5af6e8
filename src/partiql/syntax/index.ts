/**
 * @module
 * The statements of the language as text: tokens, parser, syntax nodes, syntax errors.
 */

export type * from './nodes.ts'
