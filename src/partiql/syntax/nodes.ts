/**
 * The shapes a statement is parsed into: plain readonly data told apart by `kind`, nothing resolved and nothing bound.
 * Names keep their case and whether they were quoted; implicit aliases, types of values and the meaning of function
 * names are the planner's. A chain of ANDs or ORs is one node with many operands, so that it never nests deeply.
 */

export type * from './expression-nodes.ts'
export type * from './graph-nodes.ts'
export type { Identifier, Location } from './node.ts'
export type * from './query-nodes.ts'
export type * from './statement-nodes.ts'
export type * from './type-nodes.ts'
