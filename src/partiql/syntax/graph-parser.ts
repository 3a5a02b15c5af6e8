import { CallParser } from './call-parser.ts'
import type { ParserMethod } from './chevrotain.ts'
import type { GraphPattern } from './nodes.ts'
import * as t from './tokens.ts'

/** The rules of graph patterns. */
export abstract class GraphParser extends CallParser {
  /**
   * What stands behind MATCH.
   *
   * @param isWhole true inside parentheses, `(g MATCH …)`: there a selector, several patterns and WHERE may stand;
   * otherwise one path only, as commas and WHERE belong to the query
   */
  protected readonly graphPattern: ParserMethod<[boolean], GraphPattern> = this.RULE(
    'graphPattern',
    (_isWhole: boolean): GraphPattern => {
      const start = this.CONSUME(t.OpenParenthesis)
      if (this.RECORDING_PHASE) return { kind: 'graph-pattern', location: this.since(start) }
      throw this.unsupported(start, 'MATCH over graphs is not supported yet.')
    },
  )
}
