import type { IOrAlt, ParserMethod } from './chevrotain.ts'
import { FromParser } from './from-parser.ts'
import type {
  Corresponding,
  ExcludePath,
  Expression,
  GroupBy,
  GroupKey,
  Identifier,
  LetBinding,
  OrderBy,
  OrderKey,
  Path,
  PathStep,
  Projection,
  Query,
  QueryBody,
  Select,
  SelectItem,
  SetOperation,
  SetQuantifier,
  TableOperand,
  Variable,
  WindowDefinition,
  With,
  WithQuery,
} from './nodes.ts'
import { NONE, PLACEHOLDER } from './syntax-builder.ts'
import * as t from './tokens.ts'

const ALL = t.keyword('ALL')
const AS = t.keyword('AS')
const ASC = t.keyword('ASC')
const AT = t.keyword('AT')
const BY = t.keyword('BY')
const CORRESPONDING = t.keyword('CORRESPONDING')
const DESC = t.keyword('DESC')
const DISTINCT = t.keyword('DISTINCT')
const EXCEPT = t.keyword('EXCEPT')
const EXCLUDE = t.keyword('EXCLUDE')
const FIRST = t.keyword('FIRST')
const GROUP = t.keyword('GROUP')
const HAVING = t.keyword('HAVING')
const INTERSECT = t.keyword('INTERSECT')
const LAST = t.keyword('LAST')
const LET = t.keyword('LET')
const LIMIT = t.keyword('LIMIT')
const NULLS = t.keyword('NULLS')
const OFFSET = t.keyword('OFFSET')
const ORDER = t.keyword('ORDER')
const OUTER = t.keyword('OUTER')
const PARTIAL = t.keyword('PARTIAL')
const PIVOT = t.keyword('PIVOT')
const PRESERVE = t.keyword('PRESERVE')
const RECURSIVE = t.keyword('RECURSIVE')
const SELECT = t.keyword('SELECT')
const TABLE = t.keyword('TABLE')
const UNION = t.keyword('UNION')
const VALUE = t.keyword('VALUE')
const WHERE = t.keyword('WHERE')
const WINDOW = t.keyword('WINDOW')
const WITH = t.keyword('WITH')

type PendingSetOperator = Pick<SetOperation, 'operator' | 'outer' | 'quantifier' | 'corresponding'>

/** The rules of queries, from SELECT to set operators. */
export abstract class QueryParser extends FromParser {
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
