import { CallParser } from './call-parser.ts'
import type { IToken, ParserMethod, TokenType } from './chevrotain.ts'
import type {
  Expression,
  GraphDirection,
  GraphLabel,
  GraphPart,
  GraphPath,
  GraphPattern,
  GraphQuantifier,
  GraphRestrictor,
  GraphSelector,
  Identifier,
} from './nodes.ts'
import * as t from './tokens.ts'

const ACYCLIC = t.keyword('ACYCLIC')
const ALL = t.keyword('ALL')
const ANY = t.keyword('ANY')
const GROUP = t.keyword('GROUP')
const SHORTEST = t.keyword('SHORTEST')
const SIMPLE = t.keyword('SIMPLE')
const TRAIL = t.keyword('TRAIL')
const WALK = t.keyword('WALK')
const WHERE = t.keyword('WHERE')

const RESTRICTORS: ReadonlyMap<TokenType, GraphRestrictor> = new Map([
  [WALK, 'walk'],
  [TRAIL, 'trail'],
  [ACYCLIC, 'acyclic'],
  [SIMPLE, 'simple'],
])

/** What may follow the bracket of a node or an edge, beside the name of its variable. */
const ELEMENT_STARTS: ReadonlySet<TokenType> = new Set([t.CloseParenthesis, t.CloseBracket, t.Colon, WHERE])

const ANYTHING: GraphLabel = { kind: 'label-any' }

/** What a node and an edge may both say between their brackets. */
interface ElementFilling {
  readonly variable: Identifier | undefined
  readonly label: GraphLabel | undefined
  readonly where: Expression | undefined
}
const EMPTY_FILLING: ElementFilling = { variable: undefined, label: undefined, where: undefined }

/** The rules of graph patterns. */
export abstract class GraphParser extends CallParser {
  /**
   * What stands behind MATCH.
   *
   * @param isWhole true inside parentheses, `(g MATCH …)`: there several paths and WHERE may stand; otherwise one path
   * only, as commas and WHERE belong to the query
   */
  protected readonly graphPattern: ParserMethod<[boolean], GraphPattern> = this.RULE(
    'graphPattern',
    (isWhole: boolean): GraphPattern => {
      const start = this.LA(1)
      const selector = this.OPTION(() => this.SUBRULE(this.graphSelector))
      const paths: GraphPath[] = [this.SUBRULE(this.graphPath)]
      this.MANY({
        GATE: () => isWhole,
        DEF: () => {
          this.CONSUME(t.Comma)
          paths.push(this.SUBRULE2(this.graphPath))
        },
      })
      const where = this.OPTION2({ GATE: () => isWhole, DEF: () => this.SUBRULE(this.graphWhere) })
      return { kind: 'graph-pattern', selector, paths, where, location: this.since(start) }
    },
  )

  protected readonly graphWhere: ParserMethod<[], Expression> = this.RULE('graphWhere', (): Expression => {
    this.CONSUME(WHERE)
    return this.SUBRULE(this.expression)
  })

  protected readonly graphSelector: ParserMethod<[], GraphSelector> = this.RULE('graphSelector', (): GraphSelector => {
    const start = this.LA(1)
    const { keeps, count } = this.OR<Pick<GraphSelector, 'keeps' | 'count'>>([
      {
        ALT: () => {
          this.CONSUME(ALL)
          this.CONSUME(SHORTEST)
          return { keeps: 'shortest-groups', count: 1 }
        },
      },
      {
        ALT: () => {
          this.CONSUME(ANY)
          return (
            this.OPTION(() =>
              this.OR2<Pick<GraphSelector, 'keeps' | 'count'>>([
                {
                  ALT: () => {
                    this.CONSUME2(SHORTEST)
                    return { keeps: 'shortest', count: 1 }
                  },
                },
                { ALT: () => ({ keeps: 'any', count: this.#count(this.CONSUME(t.IntegerLiteral), 1) }) },
              ]),
            ) ?? { keeps: 'any', count: 1 }
          )
        },
      },
      {
        ALT: () => {
          this.CONSUME3(SHORTEST)
          const count = this.#count(this.CONSUME2(t.IntegerLiteral), 1)
          const isGroup = this.OPTION2(() => this.CONSUME(GROUP)) !== undefined
          return { keeps: isGroup ? 'shortest-groups' : 'shortest', count }
        },
      },
    ])
    return { kind: 'graph-selector', keeps, count, location: this.since(start) }
  })

  protected readonly graphPath: ParserMethod<[], GraphPath> = this.RULE('graphPath', (): GraphPath => {
    this.enter()
    const start = this.LA(1)
    const word = this.OPTION(() =>
      this.OR([
        { ALT: () => this.CONSUME(WALK) },
        { ALT: () => this.CONSUME(TRAIL) },
        { ALT: () => this.CONSUME(ACYCLIC) },
        { ALT: () => this.CONSUME(SIMPLE) },
      ]),
    )
    const restrictor = word && RESTRICTORS.get(word.tokenType)
    const variable = this.OPTION2(() => {
      const name = this.identifier(this.CONSUME(t.Name))
      this.CONSUME(t.Equal)
      return name
    })
    const parts: GraphPart[] = []
    this.AT_LEAST_ONE(() => parts.push(this.SUBRULE(this.graphPart)))
    this.depth -= 1
    return { kind: 'graph-path', restrictor, variable, parts, location: this.since(start) }
  })

  protected readonly graphPart: ParserMethod<[], GraphPart> = this.RULE('graphPart', (): GraphPart => {
    return this.OR<GraphPart>([
      { GATE: () => this.#isElement(), ALT: () => this.SUBRULE(this.graphNode), IGNORE_AMBIGUITIES: true },
      { ALT: () => this.SUBRULE(this.graphEdge) },
      { ALT: () => this.SUBRULE(this.graphSubpath) },
    ])
  })

  protected readonly graphNode: ParserMethod<[], GraphPart> = this.RULE('graphNode', (): GraphPart => {
    const start = this.CONSUME(t.OpenParenthesis)
    const filling = this.SUBRULE(this.graphElement)
    this.CONSUME(t.CloseParenthesis)
    return { kind: 'node-pattern', ...filling, location: this.since(start) }
  })

  protected readonly graphEdge: ParserMethod<[], GraphPart> = this.RULE('graphEdge', (): GraphPart => {
    const start = this.LA(1)
    const isLeft = this.OPTION(() => this.CONSUME(t.Less)) !== undefined
    let filling = EMPTY_FILLING
    const isUndirected = this.OR([
      {
        ALT: () => {
          this.CONSUME(t.Minus)
          this.OPTION2({
            GATE: () => this.#isElement(),
            DEF: () => {
              this.CONSUME(t.OpenBracket)
              filling = this.SUBRULE(this.graphElement)
              this.CONSUME(t.CloseBracket)
              this.CONSUME2(t.Minus)
            },
          })
          return false
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Tilde)
          this.OPTION3({
            GATE: () => this.#isElement(),
            DEF: () => {
              this.CONSUME2(t.OpenBracket)
              filling = this.SUBRULE2(this.graphElement)
              this.CONSUME2(t.CloseBracket)
              this.CONSUME2(t.Tilde)
            },
          })
          return true
        },
      },
    ])
    const isRight = this.OPTION4(() => this.CONSUME(t.Greater)) !== undefined
    if (isLeft && isRight && isUndirected && !this.RECORDING_PHASE) {
      throw this.failure(start, 'There is no edge pattern <~ ~>. For an edge of any kind write - or -[ ]-.', ['-', '~'])
    }
    const quantifier = this.OPTION5(() => this.SUBRULE(this.graphQuantifier))
    const direction = directionOf(isLeft, isRight, isUndirected)
    return { kind: 'edge-pattern', direction, ...filling, quantifier, location: this.since(start) }
  })

  /** What stands between the brackets of a node or an edge. */
  protected readonly graphElement: ParserMethod<[], ElementFilling> = this.RULE('graphElement', (): ElementFilling => {
    const variable = this.OPTION(() => this.identifier(this.CONSUME(t.Name)))
    const label = this.OPTION2(() => {
      this.CONSUME(t.Colon)
      return this.SUBRULE(this.graphLabel)
    })
    const where = this.OPTION3(() => this.SUBRULE(this.graphWhere))
    return { variable, label, where }
  })

  protected readonly graphSubpath: ParserMethod<[], GraphPart> = this.RULE('graphSubpath', (): GraphPart => {
    const start = this.LA(1)
    const { path, where } = this.OR([
      {
        ALT: () => {
          this.CONSUME(t.OpenParenthesis)
          const path = this.SUBRULE(this.graphPath)
          const where = this.OPTION(() => this.SUBRULE(this.graphWhere))
          this.CONSUME(t.CloseParenthesis)
          return { path, where }
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.OpenBracket)
          const path = this.SUBRULE2(this.graphPath)
          const where = this.OPTION2(() => this.SUBRULE2(this.graphWhere))
          this.CONSUME(t.CloseBracket)
          return { path, where }
        },
      },
    ])
    const quantifier = this.OPTION3(() => this.SUBRULE(this.graphQuantifier))
    return { kind: 'path-pattern', path, where, quantifier, location: this.since(start) }
  })

  protected readonly graphQuantifier: ParserMethod<[], GraphQuantifier> = this.RULE(
    'graphQuantifier',
    (): GraphQuantifier => {
      const start = this.LA(1)
      const { min, max } = this.OR<Pick<GraphQuantifier, 'min' | 'max'>>([
        {
          ALT: () => {
            this.CONSUME(t.Plus)
            return { min: 1, max: undefined }
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.Star)
            return { min: 0, max: undefined }
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.OpenBrace)
            const min = this.#count(this.CONSUME(t.IntegerLiteral), 0)
            this.CONSUME(t.Comma)
            const max = this.OPTION(() => this.#count(this.CONSUME2(t.IntegerLiteral), Math.max(min, 1)))
            this.CONSUME(t.CloseBrace)
            return { min, max }
          },
        },
      ])
      return { kind: 'graph-quantifier', min, max, location: this.since(start) }
    },
  )

  protected readonly graphLabel: ParserMethod<[], GraphLabel> = this.RULE('graphLabel', (): GraphLabel => {
    const operands: GraphLabel[] = [this.SUBRULE(this.labelTerm)]
    this.MANY(() => {
      this.CONSUME(t.Bar)
      operands.push(this.SUBRULE2(this.labelTerm))
    })
    return operands.length === 1 ? operands[0]! : { kind: 'label-or', operands }
  })

  protected readonly labelTerm: ParserMethod<[], GraphLabel> = this.RULE('labelTerm', (): GraphLabel => {
    const operands: GraphLabel[] = [this.SUBRULE(this.labelFactor)]
    this.MANY(() => {
      this.CONSUME(t.Ampersand)
      operands.push(this.SUBRULE2(this.labelFactor))
    })
    return operands.length === 1 ? operands[0]! : { kind: 'label-and', operands }
  })

  protected readonly labelFactor: ParserMethod<[], GraphLabel> = this.RULE('labelFactor', (): GraphLabel => {
    this.enter()
    const label = this.OR<GraphLabel>([
      {
        ALT: () => {
          this.CONSUME(t.Exclamation)
          return { kind: 'label-not', operand: this.SUBRULE(this.labelFactor) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Percent)
          return ANYTHING
        },
      },
      { ALT: () => ({ kind: 'label-name', name: this.identifier(this.CONSUME(t.Name)).name }) },
      {
        ALT: () => {
          this.CONSUME(t.OpenParenthesis)
          const inner = this.SUBRULE(this.graphLabel)
          this.CONSUME(t.CloseParenthesis)
          return inner
        },
      },
    ])
    this.depth -= 1
    return label
  })

  /** Whether the bracket ahead is that of a node or an edge, and not of a part of a path. */
  #isElement(): boolean {
    const { tokenType } = this.LA(2)
    if (ELEMENT_STARTS.has(tokenType)) return true
    if (RESTRICTORS.has(tokenType)) return false
    const isName = t.Name.categoryMatchesMap?.[tokenType.tokenTypeIdx!] === true
    return isName && this.LA(3).tokenType !== t.Equal
  }

  #count(token: IToken, least: number): number {
    if (this.RECORDING_PHASE) return least
    const count = Number(token.image)
    if (count >= least && Number.isSafeInteger(count)) return count
    throw this.failure(token, `A number of at least ${least} is needed here.`, [])
  }
}

/** `-` is any direction and undirected too, `~>` right or undirected, `<->` left or right. */
function directionOf(isLeft: boolean, isRight: boolean, isUndirected: boolean): GraphDirection {
  if (isUndirected) return { left: isLeft, undirected: true, right: isRight }
  if (!isLeft && !isRight) return { left: true, undirected: true, right: true }
  return { left: isLeft, undirected: false, right: isRight }
}
