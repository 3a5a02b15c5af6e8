import { EOF, type IOrAlt, type ParserMethod, type TokenType } from './chevrotain.ts'
import { ExpressionParser } from './expression-parser.ts'
import type { Expression, FromSource, Identifier, Join, Scan, Unpivot } from './nodes.ts'
import { nearWords } from './suggestion.ts'
import * as t from './tokens.ts'

const AS = t.keyword('AS')
const AT = t.keyword('AT')
const BY = t.keyword('BY')
const CROSS = t.keyword('CROSS')
const EXCEPT = t.keyword('EXCEPT')
const FOR = t.keyword('FOR')
const FROM = t.keyword('FROM')
const FULL = t.keyword('FULL')
const INNER = t.keyword('INNER')
const INTERSECT = t.keyword('INTERSECT')
const JOIN = t.keyword('JOIN')
const LATERAL = t.keyword('LATERAL')
const LEFT = t.keyword('LEFT')
const OF = t.keyword('OF')
const ON = t.keyword('ON')
const ORDER = t.keyword('ORDER')
const OUTER = t.keyword('OUTER')
const PIVOT = t.keyword('PIVOT')
const RIGHT = t.keyword('RIGHT')
const SELECT = t.keyword('SELECT')
const SYSTEM_TIME = t.keyword('SYSTEM_TIME')
const TABLE = t.keyword('TABLE')
const UNION = t.keyword('UNION')
const UNPIVOT = t.keyword('UNPIVOT')
const WITH = t.keyword('WITH')

/** Words that can only belong to a join or an alias, right inside a parenthesis. */
const JOIN_MARKS: ReadonlySet<TokenType> = new Set([JOIN, CROSS, UNPIVOT, AS, AT, BY])
/** Words that tell of a query there; the BY of ORDER BY must not be taken for that of an alias. */
const QUERY_MARKS: ReadonlySet<TokenType> = new Set([SELECT, PIVOT, ORDER, TABLE, UNION, INTERSECT, EXCEPT])

/** What makes OUTER the beginning of a join; the end, while it is being typed. */
const AFTER_OUTER: ReadonlySet<TokenType> = new Set([JOIN, CROSS, EOF])

const OPENERS: ReadonlySet<TokenType> = new Set([t.OpenParenthesis, t.OpenBracket, t.OpenBrace, t.OpenBag])
const CLOSERS: ReadonlySet<TokenType> = new Set([t.CloseParenthesis, t.CloseBracket, t.CloseBrace, t.CloseBag])

/** The rules of FROM: sources, joins, aliases. */
export abstract class FromParser extends ExpressionParser {
  protected readonly alias: ParserMethod<[], Identifier> = this.RULE('alias', (): Identifier => {
    this.#aliases ??= [
      {
        ALT: () => {
          this.CONSUME(AS)
          return this.identifier(this.CONSUME(t.Name))
        },
      },
      { ALT: () => this.identifier(this.CONSUME(t.BareName)) },
    ]
    return this.OR(this.#aliases)
  })
  #aliases: IOrAlt<Identifier>[] | undefined

  protected readonly from: ParserMethod<[], FromSource> = this.RULE('from', (): FromSource => {
    const start = this.CONSUME(FROM)
    let source = this.SUBRULE(this.fromItem)
    this.MANY(() => {
      this.CONSUME(t.Comma)
      this.OPTION(() => this.CONSUME(LATERAL))
      const right = this.SUBRULE2(this.fromItem)
      this.applicationCount += 1
      source = { kind: 'join', join: 'cross', left: source, right, on: undefined, location: this.since(start) }
    })
    return source
  })

  protected readonly fromItem: ParserMethod<[], FromSource> = this.RULE('fromItem', () => {
    const start = this.LA(1)
    let source = this.SUBRULE(this.fromPrimary)
    this.MANY({
      // a OUTER UNION b is no join.
      GATE: () => this.LA(1).tokenType !== OUTER || AFTER_OUTER.has(this.LA(2).tokenType),
      DEF: () => {
        const { join, right, on } = this.SUBRULE(this.join)
        this.applicationCount += 1
        source = { kind: 'join', join, left: source, right, on, location: this.since(start) }
      },
    })
    return source
  })

  protected readonly join: ParserMethod<[], Pick<Join, 'join' | 'right' | 'on'>> = this.RULE(
    'join',
    (): Pick<Join, 'join' | 'right' | 'on'> => {
      const kind = this.OPTION(() =>
        this.OR([
          {
            ALT: () => {
              this.CONSUME(INNER)
              return 'inner' as const
            },
          },
          {
            ALT: () => {
              this.CONSUME(LEFT)
              this.OPTION2(() => this.CONSUME(OUTER))
              return 'left' as const
            },
          },
          {
            ALT: () => {
              this.CONSUME(RIGHT)
              this.OPTION3(() => this.CONSUME2(OUTER))
              return 'right' as const
            },
          },
          {
            ALT: () => {
              this.CONSUME(FULL)
              this.OPTION4(() => this.CONSUME3(OUTER))
              return 'full' as const
            },
          },
          {
            ALT: () => {
              this.CONSUME4(OUTER)
              return 'full' as const
            },
          },
        ]),
      )
      return this.OR2<Pick<Join, 'join' | 'right' | 'on'>>([
        {
          ALT: () => {
            this.CONSUME(CROSS)
            this.CONSUME(JOIN)
            this.OPTION5(() => this.CONSUME(LATERAL))
            const right = this.SUBRULE(this.fromPrimary)
            return { join: kind === undefined || kind === 'inner' ? 'cross' : kind, right, on: undefined }
          },
        },
        {
          ALT: () => {
            this.CONSUME2(JOIN)
            this.OPTION6(() => this.CONSUME2(LATERAL))
            const right = this.SUBRULE2(this.fromPrimary)
            this.CONSUME(ON)
            const on = this.SUBRULE(this.expression)
            return { join: kind ?? 'inner', right, on }
          },
        },
      ])
    },
  )

  protected readonly fromPrimary: ParserMethod<[], FromSource> = this.RULE('fromPrimary', () => {
    return this.OR<FromSource>([
      {
        GATE: () => this.#isJoinInParentheses(),
        ALT: () => {
          this.enter()
          this.CONSUME(t.OpenParenthesis)
          const source = this.SUBRULE(this.fromItem)
          this.CONSUME(t.CloseParenthesis)
          this.depth -= 1
          return source
        },
        IGNORE_AMBIGUITIES: true,
      },
      { ALT: () => this.SUBRULE(this.scan) },
    ])
  })

  protected readonly scan: ParserMethod<[], Scan | Unpivot> = this.RULE('scan', (): Scan | Unpivot => {
    const start = this.LA(1)
    let isUnpivot = false
    let asOf: Expression | undefined
    const source = this.OR<Expression>([
      {
        ALT: () => {
          this.CONSUME(UNPIVOT)
          isUnpivot = true
          return this.SUBRULE(this.expression)
        },
      },
      {
        ALT: () => {
          const table = this.SUBRULE2(this.expression)
          asOf = this.OPTION(() => this.SUBRULE(this.asOf))
          return table
        },
      },
    ])
    const isBareAlias = this.LA(1).tokenType === t.Identifier
    const alias = this.OPTION2(() => this.SUBRULE(this.alias))
    const at = this.OPTION3(() => {
      this.CONSUME(AT)
      return this.identifier(this.CONSUME(t.Name))
    })
    const by = this.OPTION4(() => {
      this.CONSUME(BY)
      return this.identifier(this.CONSUME2(t.Name))
    })
    const location = this.since(start)
    if (isBareAlias && by !== undefined) this.#checkAlias(alias!)
    if (isUnpivot) return { kind: 'unpivot', source, alias, at, by, location }
    return { kind: 'scan', source, asOf, alias, at, by, location }
  })

  /** `FROM Vehicle ORDR BY vin` would give every vehicle the alias ORDR, and nobody would notice. */
  #checkAlias({ name, quoted, location }: Identifier): void {
    const [meant] = quoted ? [] : nearWords(name, ['ORDER', 'GROUP'])
    if (meant !== undefined) throw this.failure(location, `Found ${name}. Did you mean ${meant}?`, [meant])
  }

  protected readonly asOf: ParserMethod<[], Expression> = this.RULE('asOf', () => {
    this.CONSUME(FOR)
    this.CONSUME(SYSTEM_TIME)
    this.CONSUME(AS)
    this.CONSUME(OF)
    return this.SUBRULE(this.expression)
  })

  /**
   * Whether the parenthesis ahead holds a join or an aliased source instead of an expression: the words at the level of
   * its content tell, which is deeper inside when parentheses are doubled.
   */
  #isJoinInParentheses(): boolean {
    if (this.LA(1).tokenType !== t.OpenParenthesis) return false
    let nesting = 1
    let contentNesting = Number.POSITIVE_INFINITY
    let isJoin: boolean | undefined
    let isLeading = true
    for (let at = 2; nesting > 0; at += 1) {
      const type = this.LA(at).tokenType
      if (type === EOF) break
      if (CLOSERS.has(type)) {
        nesting -= 1
        continue
      }
      const opens = OPENERS.has(type)
      if (isLeading && type === WITH) return false
      isLeading &&= type === t.OpenParenthesis
      if (!isLeading) {
        if (nesting < contentNesting) {
          contentNesting = nesting
          isJoin = undefined
        }
        if (nesting === contentNesting)
          isJoin ??= JOIN_MARKS.has(type) ? true : QUERY_MARKS.has(type) ? false : undefined
      }
      if (opens) nesting += 1
    }
    return isJoin === true
  }
}
