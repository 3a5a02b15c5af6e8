/** How large a statement may be. */
export interface StatementLimits {
  /** In UTF-16 units; longer gives STATEMENT_TOO_LONG. */
  readonly lengthCharacters: number
  /** How deep expressions and queries may nest; deeper gives STATEMENT_TOO_DEEP. At most 128: cold, that takes 600 KB of stack. */
  readonly depth: number
}

export const DEFAULT_LIMITS: StatementLimits = Object.freeze({ lengthCharacters: 1_000_000, depth: 128 })

/**
 * How high the tree of nodes may get, so that whoever walks it may recurse: a chain of some 900 pluses, joins or unions.
 * (Chains of AND and of OR do not count: they are one node.)
 */
export const MAX_HEIGHT = 1_000
