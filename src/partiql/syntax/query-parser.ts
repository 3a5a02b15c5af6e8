import { EOF, type IOrAlt, type ParserMethod, type TokenType } from './chevrotain.ts'
import { ExpressionParser } from './expression-parser.ts'
import type {
  Corresponding,
  ExcludePath,
  Expression,
  FromSource,
  GroupBy,
  GroupKey,
  Identifier,
  Join,
  LetBinding,
  OrderBy,
  OrderKey,
  Path,
  PathStep,
  Projection,
  Query,
  QueryBody,
  Scan,
  Select,
  SelectItem,
  SetOperation,
  SetQuantifier,
  TableOperand,
  Unpivot,
  Variable,
  WindowDefinition,
  With,
  WithQuery,
} from './nodes.ts'
import { nearWords } from './suggestion.ts'
import { NONE, PLACEHOLDER } from './syntax-builder.ts'
import * as t from './tokens.ts'

const ALL = t.keyword('ALL')
const AS = t.keyword('AS')
const ASC = t.keyword('ASC')
const AT = t.keyword('AT')
const BY = t.keyword('BY')
const CORRESPONDING = t.keyword('CORRESPONDING')
const CROSS = t.keyword('CROSS')
const DESC = t.keyword('DESC')
const DISTINCT = t.keyword('DISTINCT')
const EXCEPT = t.keyword('EXCEPT')
const EXCLUDE = t.keyword('EXCLUDE')
const FIRST = t.keyword('FIRST')
const FOR = t.keyword('FOR')
const FROM = t.keyword('FROM')
const FULL = t.keyword('FULL')
const GROUP = t.keyword('GROUP')
const HAVING = t.keyword('HAVING')
const INNER = t.keyword('INNER')
const INTERSECT = t.keyword('INTERSECT')
const JOIN = t.keyword('JOIN')
const LAST = t.keyword('LAST')
const LATERAL = t.keyword('LATERAL')
const LEFT = t.keyword('LEFT')
const LET = t.keyword('LET')
const LIMIT = t.keyword('LIMIT')
const NULLS = t.keyword('NULLS')
const OF = t.keyword('OF')
const OFFSET = t.keyword('OFFSET')
const ON = t.keyword('ON')
const ORDER = t.keyword('ORDER')
const OUTER = t.keyword('OUTER')
const PARTIAL = t.keyword('PARTIAL')
const PIVOT = t.keyword('PIVOT')
const PRESERVE = t.keyword('PRESERVE')
const RECURSIVE = t.keyword('RECURSIVE')
const RIGHT = t.keyword('RIGHT')
const SELECT = t.keyword('SELECT')
const SYSTEM_TIME = t.keyword('SYSTEM_TIME')
const TABLE = t.keyword('TABLE')
const UNION = t.keyword('UNION')
const UNPIVOT = t.keyword('UNPIVOT')
const VALUE = t.keyword('VALUE')
const WHERE = t.keyword('WHERE')
const WINDOW = t.keyword('WINDOW')
const WITH = t.keyword('WITH')

/** Words that can only belong to a join or an alias, right inside a parenthesis. */
const JOIN_MARKS: ReadonlySet<TokenType> = new Set([JOIN, CROSS, UNPIVOT, AS, AT, BY])
/** Words that tell of a query there; the BY of ORDER BY must not be taken for that of an alias. */
const QUERY_MARKS: ReadonlySet<TokenType> = new Set([SELECT, PIVOT, ORDER, TABLE, UNION, INTERSECT, EXCEPT])

/** What makes OUTER the beginning of a join; the end, while it is being typed. */
const AFTER_OUTER: ReadonlySet<TokenType> = new Set([JOIN, CROSS, EOF])

const OPENERS: ReadonlySet<TokenType> = new Set([t.OpenParenthesis, t.OpenBracket, t.OpenBrace, t.OpenBag])
const CLOSERS: ReadonlySet<TokenType> = new Set([t.CloseParenthesis, t.CloseBracket, t.CloseBrace, t.CloseBag])

type PendingSetOperator = Pick<SetOperation, 'operator' | 'outer' | 'quantifier' | 'corresponding'>

/** The rules of queries, from SELECT to set operators. */
export abstract class QueryParser extends ExpressionParser {
  protected readonly query: ParserMethod<[], Query> = this.RULE('query', (): Query => {
    const start = this.LA(1)
    const withClause = this.OPTION4(() => this.SUBRULE(this.with))
    const body = this.SUBRULE(this.queryBody)
    const orderBy = this.OPTION(() => this.SUBRULE(this.orderBy))
    const limit = this.OPTION2(() => {
      this.CONSUME(LIMIT)
      return this.SUBRULE(this.expression)
    })
    const offset = this.OPTION3(() => {
      this.CONSUME(OFFSET)
      return this.SUBRULE2(this.expression)
    })
    return { kind: 'query', with: withClause, body, orderBy, limit, offset, location: this.since(start) }
  })

  protected readonly with: ParserMethod<[], With> = this.RULE('with', (): With => {
    const start = this.CONSUME(WITH)
    const isRecursive = this.OPTION(() => this.CONSUME(RECURSIVE)) !== undefined
    const queries: WithQuery[] = []
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => queries.push(this.SUBRULE(this.withQuery)) })
    return { kind: 'with', isRecursive, queries, location: this.since(start) }
  })

  protected readonly withQuery: ParserMethod<[], WithQuery> = this.RULE('withQuery', (): WithQuery => {
    const start = this.CONSUME(t.Name)
    const columns = this.OPTION(() => this.SUBRULE(this.nameList))
    this.CONSUME(AS)
    this.CONSUME(t.OpenParenthesis)
    this.enter()
    const query = this.SUBRULE(this.query)
    this.depth -= 1
    this.CONSUME(t.CloseParenthesis)
    return { kind: 'with-query', name: this.identifier(start), columns, query, location: this.since(start) }
  })

  protected readonly nameList: ParserMethod<[], readonly Identifier[]> = this.RULE('nameList', () => {
    const names: Identifier[] = []
    this.CONSUME(t.OpenParenthesis)
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => names.push(this.identifier(this.CONSUME(t.Name))) })
    this.CONSUME(t.CloseParenthesis)
    return names
  })

  protected readonly queryBody: ParserMethod<[], QueryBody> = this.RULE('queryBody', () => {
    const first = this.SUBRULE(this.queryOperand)
    let operators: PendingSetOperator[] | undefined
    let operands: QueryBody[] | undefined
    this.MANY(() => {
      operators ??= []
      operands ??= [first]
      operators.push(this.SUBRULE(this.setOperator))
      operands.push(this.SUBRULE2(this.queryOperand))
    })
    return operators === undefined || operands === undefined ? first : this.#foldSetOperations(operators, operands)
  })

  protected readonly queryOperand: ParserMethod<[], QueryBody> = this.RULE('queryOperand', () => {
    this.#queryOperands ??= [
      { ALT: () => this.SUBRULE(this.select) },
      { ALT: () => this.SUBRULE(this.tableOperand) },
      { ALT: () => this.SUBRULE(this.expression) },
    ]
    return this.OR(this.#queryOperands)
  })
  #queryOperands: IOrAlt<QueryBody>[] | undefined

  protected readonly tableOperand: ParserMethod<[], TableOperand> = this.RULE('tableOperand', (): TableOperand => {
    const start = this.CONSUME(TABLE)
    const root = this.CONSUME(t.Name)
    const steps: PathStep[] = []
    this.MANY(() => {
      const dot = this.CONSUME(t.Dot)
      steps.push(this.fieldStep(this.CONSUME2(t.Name), dot))
    })
    const table = this.pathTo(this.variable(root), steps, this.since(root)) as Variable | Path
    return { kind: 'table-operand', table, location: this.since(start) }
  })

  protected readonly setOperator: ParserMethod<[], PendingSetOperator> = this.RULE(
    'setOperator',
    (): PendingSetOperator => {
      const outer = this.OPTION(() => this.CONSUME(OUTER)) !== undefined
      const operator = this.OR<SetOperation['operator']>([
        {
          ALT: () => {
            this.CONSUME(UNION)
            return 'union'
          },
        },
        {
          ALT: () => {
            this.CONSUME(INTERSECT)
            return 'intersect'
          },
        },
        {
          ALT: () => {
            this.CONSUME(EXCEPT)
            return 'except'
          },
        },
      ])
      const quantifier = this.OPTION2(() =>
        this.OR2([{ ALT: () => this.CONSUME(ALL) }, { ALT: () => this.CONSUME(DISTINCT) }]),
      )
      const corresponding = this.OPTION3(() => this.SUBRULE(this.corresponding))
      return { operator, outer, quantifier: quantifier?.tokenType === ALL ? 'all' : 'distinct', corresponding }
    },
  )

  protected readonly corresponding: ParserMethod<[], Corresponding> = this.RULE('corresponding', (): Corresponding => {
    const start = this.CONSUME(CORRESPONDING)
    const columns = this.OPTION(() => {
      this.CONSUME(BY)
      return this.SUBRULE(this.nameList)
    })
    return { kind: 'corresponding', columns, location: this.since(start) }
  })

  protected readonly select: ParserMethod<[], Select> = this.RULE('select', (): Select => {
    const start = this.LA(1)
    const quantifierToken = { current: undefined as SetQuantifier | undefined }
    const projection = this.OR<Projection>([
      {
        ALT: () => {
          this.CONSUME(SELECT)
          quantifierToken.current = this.OPTION(() =>
            this.OR2<SetQuantifier>([
              {
                ALT: () => {
                  this.CONSUME(ALL)
                  return 'all'
                },
              },
              {
                ALT: () => {
                  this.CONSUME(DISTINCT)
                  return 'distinct'
                },
              },
            ]),
          )
          return this.SUBRULE(this.projection)
        },
      },
      {
        ALT: () => {
          this.CONSUME(PIVOT)
          const value = this.SUBRULE(this.expression)
          this.CONSUME(AT)
          const name = this.SUBRULE2(this.expression)
          return { kind: 'pivot', value, name, location: this.since(start) }
        },
      },
    ])
    const exclude: ExcludePath[] = []
    this.OPTION7(() => {
      this.CONSUME(EXCLUDE)
      this.AT_LEAST_ONE_SEP2({ SEP: t.Comma, DEF: () => exclude.push(this.SUBRULE(this.excludePath)) })
    })
    const from = this.OPTION2(() => this.SUBRULE(this.from))
    let lets: LetBinding[] | undefined
    this.OPTION3(() => {
      lets = []
      this.CONSUME(LET)
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => lets!.push(this.SUBRULE(this.letBinding)) })
    })
    const where = this.OPTION4(() => this.SUBRULE(this.where))
    const groupBy = this.OPTION5(() => this.SUBRULE(this.groupBy))
    const having = this.OPTION6(() => {
      this.CONSUME(HAVING)
      return this.SUBRULE4(this.expression)
    })
    const windows: WindowDefinition[] = []
    this.OPTION8(() => {
      this.CONSUME(WINDOW)
      this.AT_LEAST_ONE_SEP3({ SEP: t.Comma, DEF: () => windows.push(this.SUBRULE(this.windowDefinition)) })
    })
    return {
      kind: 'select',
      quantifier: quantifierToken.current,
      projection,
      exclude,
      from,
      lets: lets ?? NONE,
      where,
      groupBy,
      having,
      windows,
      location: this.since(start),
    }
  })

  protected readonly excludePath: ParserMethod<[], ExcludePath> = this.RULE('excludePath', (): ExcludePath => {
    const start = this.CONSUME(t.Name)
    const steps: ExcludePath['steps'][number][] = []
    this.AT_LEAST_ONE(() => {
      steps.push(this.SUBRULE(this.excludeStep))
    })
    return { kind: 'exclude-path', root: this.identifier(start), steps, location: this.since(start) }
  })

  protected readonly excludeStep: ParserMethod<[], ExcludePath['steps'][number]> = this.RULE(
    'excludeStep',
    (): ExcludePath['steps'][number] => {
      const start = this.LA(1)
      return this.OR<ExcludePath['steps'][number]>([
        {
          ALT: () => {
            this.CONSUME(t.Dot)
            return this.OR2<ExcludePath['steps'][number]>([
              { ALT: () => this.fieldStep(this.CONSUME(t.Name), start) },
              {
                ALT: () => {
                  this.CONSUME(t.Star)
                  return { kind: 'all-fields', location: this.since(start) }
                },
              },
            ])
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.OpenBracket)
            const index = this.OR3<Expression | undefined>([
              { ALT: () => this.string(this.CONSUME(t.StringLiteral)) },
              { ALT: () => this.integerLiteral(this.CONSUME(t.IntegerLiteral)) },
              { ALT: () => this.word(this.CONSUME2(t.Star), undefined) },
            ])
            this.CONSUME(t.CloseBracket)
            const location = this.since(start)
            return index === undefined ? { kind: 'all-elements', location } : { kind: 'index', index, location }
          },
        },
      ])
    },
  )

  protected readonly windowDefinition: ParserMethod<[], WindowDefinition> = this.RULE(
    'windowDefinition',
    (): WindowDefinition => {
      const start = this.CONSUME(t.Name)
      this.CONSUME(AS)
      const window = this.SUBRULE(this.window)
      return { kind: 'window-definition', name: this.identifier(start), window, location: this.since(start) }
    },
  )

  protected readonly projection: ParserMethod<[], Projection> = this.RULE('projection', (): Projection => {
    this.#projections ??= [
      { ALT: () => ({ kind: 'select-all', location: this.since(this.CONSUME(t.Star)) }) },
      {
        ALT: () => {
          const start = this.CONSUME(VALUE)
          const value = this.SUBRULE(this.expression)
          return { kind: 'select-value', value, location: this.since(start) }
        },
      },
      {
        ALT: () => {
          const start = this.LA(1)
          const items: SelectItem[] = []
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => items.push(this.SUBRULE(this.selectItem)) })
          return { kind: 'select-items', items, location: this.since(start) }
        },
      },
    ]
    return this.OR(this.#projections)
  })
  #projections: IOrAlt<Projection>[] | undefined

  protected readonly selectItem: ParserMethod<[], SelectItem> = this.RULE('selectItem', (): SelectItem => {
    const start = this.LA(1)
    const expression = this.SUBRULE(this.expression)
    const alias = this.OPTION(() => this.SUBRULE(this.alias))
    const location = this.since(start)
    if (expression.kind !== 'path' || expression.steps.at(-1)!.kind !== 'all-fields') {
      return { kind: 'item', expression, alias, location }
    }
    if (alias !== undefined) {
      throw this.failure(alias.location, 'The fields that .* stands for cannot have an alias.', [])
    }
    const rest = expression.steps.slice(0, -1)
    const last = rest.at(-1)?.location ?? expression.root.location
    const offset = expression.location.offset
    const source = this.pathTo(expression.root, rest, { offset, length: last.offset + last.length - offset })
    return { kind: 'all-of', source, location }
  })

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

  protected readonly where: ParserMethod<[], Expression> = this.RULE('where', () => {
    this.CONSUME(WHERE)
    return this.SUBRULE(this.expression)
  })

  protected readonly letBinding: ParserMethod<[], LetBinding> = this.RULE('letBinding', (): LetBinding => {
    const start = this.LA(1)
    const value = this.SUBRULE(this.expression)
    this.CONSUME(AS)
    const name = this.identifier(this.CONSUME(t.Name))
    return { kind: 'let', value, name, location: this.since(start) }
  })

  protected readonly groupBy: ParserMethod<[], GroupBy> = this.RULE('groupBy', (): GroupBy => {
    const start = this.CONSUME(GROUP)
    return this.OR<GroupBy>([
      {
        ALT: () => {
          this.CONSUME(ALL)
          this.OPTION(() => this.CONSUME2(GROUP))
          this.CONSUME(AS)
          const groupAs = this.identifier(this.CONSUME(t.Name))
          return { kind: 'group-by', mode: 'all', keys: NONE, groupAs, location: this.since(start) }
        },
      },
      {
        ALT: () => {
          const partial = this.OPTION2(() => this.CONSUME(PARTIAL)) !== undefined
          this.CONSUME(BY)
          const keys: GroupKey[] = []
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => keys.push(this.SUBRULE(this.groupKey)) })
          const groupAs = this.OPTION3(() => {
            this.CONSUME3(GROUP)
            this.CONSUME2(AS)
            return this.identifier(this.CONSUME2(t.Name))
          })
          return { kind: 'group-by', mode: partial ? 'partial' : 'by', keys, groupAs, location: this.since(start) }
        },
      },
    ])
  })

  protected readonly groupKey: ParserMethod<[], GroupKey> = this.RULE('groupKey', (): GroupKey => {
    const start = this.LA(1)
    const expression = this.SUBRULE(this.expression)
    const alias = this.OPTION(() => {
      this.CONSUME(AS)
      return this.identifier(this.CONSUME(t.Name))
    })
    return { kind: 'group-key', expression, alias, location: this.since(start) }
  })

  protected readonly orderBy: ParserMethod<[], OrderBy> = this.RULE('orderBy', (): OrderBy => {
    const start = this.CONSUME(ORDER)
    this.CONSUME(BY)
    const keys: OrderKey[] = []
    const preserve = this.OR([
      { ALT: () => this.CONSUME(PRESERVE) !== undefined, IGNORE_AMBIGUITIES: true },
      {
        ALT: () => {
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => keys.push(this.SUBRULE(this.orderKey)) })
          return false
        },
      },
    ])
    return { kind: 'order-by', preserve, keys, location: this.since(start) }
  })

  protected readonly orderKey: ParserMethod<[], OrderKey> = this.RULE('orderKey', (): OrderKey => {
    const start = this.LA(1)
    const expression = this.SUBRULE(this.expression)
    const direction = this.OPTION(() => this.OR([{ ALT: () => this.CONSUME(ASC) }, { ALT: () => this.CONSUME(DESC) }]))
    const nulls = this.OPTION2(() => {
      this.CONSUME(NULLS)
      return this.OR2([{ ALT: () => this.CONSUME(FIRST) }, { ALT: () => this.CONSUME(LAST) }])
    })
    return {
      kind: 'order-key',
      expression,
      direction: direction?.tokenType === DESC ? 'desc' : 'asc',
      nulls: nulls === undefined ? undefined : nulls.tokenType === FIRST ? 'first' : 'last',
      location: this.since(start),
    }
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

  /** INTERSECT binds tighter than UNION and EXCEPT; all associate to the left. */
  #foldSetOperations(operators: readonly PendingSetOperator[], operands: readonly QueryBody[]): QueryBody {
    if (this.RECORDING_PHASE) return PLACEHOLDER
    this.applicationCount += operators.length
    let loose: { left: QueryBody; operator: PendingSetOperator } | undefined
    let tight = operands[0]!
    for (const [index, operator] of operators.entries()) {
      const right = operands[index + 1]!
      if (operator.operator === 'intersect') {
        tight = setOperation(operator, tight, right)
      } else {
        loose = { left: loose === undefined ? tight : setOperation(loose.operator, loose.left, tight), operator }
        tight = right
      }
    }
    return loose === undefined ? tight : setOperation(loose.operator, loose.left, tight)
  }
}

function setOperation(operator: PendingSetOperator, left: QueryBody, right: QueryBody): SetOperation {
  const offset = left.location.offset
  const location = { offset, length: right.location.offset + right.location.length - offset }
  return { kind: 'set-operation', ...operator, left, right, location }
}
