/**
 * The grammar, as rules of Chevrotain that build the syntax nodes directly. `grammar/partiql.ebnf` says the same on one
 * page, under the same rule names; a test holds them equal.
 *
 * What makes it fast: one token of look-ahead everywhere (the lexer decides which words are keywords); operators in one
 * loop with a stack instead of a rule for each precedence; the arrays of large alternatives made once.
 */

import { LimitError, StatementError } from '../../errors.ts'
import { type IonValue, NULL, parseOne } from '../../ion/index.ts'
import {
  EmbeddedActionsParser,
  EOF,
  type IOrAlt,
  type IParserErrorMessageProvider,
  type ISerializedGast,
  type IToken,
  type ParserMethod,
  type TokenType,
} from './chevrotain.ts'
import { TYPE_WORDS } from './data-types.ts'
import { decimalValue, integerValue, isDatetime, unquote } from './literals.ts'
import { locate } from './locate.ts'
import { LookAhead, NO_ALTERNATIVE } from './look-ahead.ts'
import type {
  Assignment,
  Call,
  CaseBranch,
  Cast,
  CreateIndex,
  CreateTable,
  DataType,
  DatePart,
  DatetimeLiteral,
  Delete,
  DropIndex,
  DropTable,
  Exec,
  Explain,
  Expression,
  FieldStep,
  FromDml,
  FromSource,
  GroupBy,
  GroupKey,
  Identifier,
  IndexStep,
  Insert,
  InsertIntoPath,
  InsertIntoPathStatement,
  InsertSource,
  Join,
  LetBinding,
  Literal,
  Location,
  Operation,
  OrderBy,
  OrderKey,
  Parameter,
  PathStep,
  Projection,
  Query,
  QueryBody,
  Scan,
  Select,
  SelectItem,
  SetOperation,
  SetQuantifier,
  Statement,
  StructField,
  TableOption,
  Target,
  UndropTable,
  Unpivot,
  Update,
  Variable,
} from './nodes.ts'
import { BINARY_OPERATORS, type Operator, PREDICATE_POWER, PREFIX_OPERATORS } from './operators.ts'
import { didYouMean } from './suggestion.ts'
import * as t from './tokens.ts'

// Keywords under short names; the page of the grammar has the words themselves.
const ALL = t.keyword('ALL')
const ANALYZE = t.keyword('ANALYZE')
const AND = t.keyword('AND')
const AS = t.keyword('AS')
const ASC = t.keyword('ASC')
const AT = t.keyword('AT')
const BETWEEN = t.keyword('BETWEEN')
const BOTH = t.keyword('BOTH')
const BY = t.keyword('BY')
const CAN_CAST = t.keyword('CAN_CAST')
const CAN_LOSSLESS_CAST = t.keyword('CAN_LOSSLESS_CAST')
const CASE = t.keyword('CASE')
const CAST = t.keyword('CAST')
const CHAR = t.keyword('CHAR')
const CHARACTER = t.keyword('CHARACTER')
const CREATE = t.keyword('CREATE')
const CROSS = t.keyword('CROSS')
const CURRENT_DATE = t.keyword('CURRENT_DATE')
const CURRENT_USER = t.keyword('CURRENT_USER')
const DATE = t.keyword('DATE')
const DATE_ADD = t.keyword('DATE_ADD')
const DATE_DIFF = t.keyword('DATE_DIFF')
const DEFAULT = t.keyword('DEFAULT')
const DELETE = t.keyword('DELETE')
const DESC = t.keyword('DESC')
const DISTINCT = t.keyword('DISTINCT')
const DOUBLE = t.keyword('DOUBLE')
const DROP = t.keyword('DROP')
const ELSE = t.keyword('ELSE')
const END = t.keyword('END')
const ESCAPE = t.keyword('ESCAPE')
const EXCEPT = t.keyword('EXCEPT')
const EXEC = t.keyword('EXEC')
const EXPLAIN = t.keyword('EXPLAIN')
const EXTRACT = t.keyword('EXTRACT')
const FALSE = t.keyword('FALSE')
const FIRST = t.keyword('FIRST')
const FOR = t.keyword('FOR')
const FROM = t.keyword('FROM')
const FULL = t.keyword('FULL')
const GROUP = t.keyword('GROUP')
const HAVING = t.keyword('HAVING')
const IN = t.keyword('IN')
const INDEX = t.keyword('INDEX')
const INNER = t.keyword('INNER')
const INSERT = t.keyword('INSERT')
const INTERSECT = t.keyword('INTERSECT')
const INTO = t.keyword('INTO')
const IS = t.keyword('IS')
const JOIN = t.keyword('JOIN')
const LAST = t.keyword('LAST')
const LATERAL = t.keyword('LATERAL')
const LEADING = t.keyword('LEADING')
const LEFT = t.keyword('LEFT')
const LET = t.keyword('LET')
const LIKE = t.keyword('LIKE')
const LIMIT = t.keyword('LIMIT')
const LIST = t.keyword('LIST')
const MISSING = t.keyword('MISSING')
const NOT = t.keyword('NOT')
const NULL_WORD = t.keyword('NULL')
const NULLS = t.keyword('NULLS')
const OFFSET = t.keyword('OFFSET')
const ON = t.keyword('ON')
const ORDER = t.keyword('ORDER')
const OUTER = t.keyword('OUTER')
const OVERLAY = t.keyword('OVERLAY')
const PARTIAL = t.keyword('PARTIAL')
const PIVOT = t.keyword('PIVOT')
const PLACING = t.keyword('PLACING')
const POSITION = t.keyword('POSITION')
const PRECISION = t.keyword('PRECISION')
const PRESERVE = t.keyword('PRESERVE')
const REMOVE = t.keyword('REMOVE')
const RIGHT = t.keyword('RIGHT')
const ROW = t.keyword('ROW')
const SELECT = t.keyword('SELECT')
const SET = t.keyword('SET')
const SEXP = t.keyword('SEXP')
const SUBSTRING = t.keyword('SUBSTRING')
const TABLE = t.keyword('TABLE')
const THEN = t.keyword('THEN')
const TIME = t.keyword('TIME')
const TIMESTAMP = t.keyword('TIMESTAMP')
const TRAILING = t.keyword('TRAILING')
const TRIM = t.keyword('TRIM')
const TRUE = t.keyword('TRUE')
const UNDROP = t.keyword('UNDROP')
const UNION = t.keyword('UNION')
const UNKNOWN = t.keyword('UNKNOWN')
const UNPIVOT = t.keyword('UNPIVOT')
const UPDATE = t.keyword('UPDATE')
const VALUE = t.keyword('VALUE')
const VALUES = t.keyword('VALUES')
const VARYING = t.keyword('VARYING')
const WHEN = t.keyword('WHEN')
const WHERE = t.keyword('WHERE')
const WITH = t.keyword('WITH')
const WITHOUT = t.keyword('WITHOUT')
const ZONE = t.keyword('ZONE')

const DATE_PARTS: readonly DatePart[] = [
  'year',
  'month',
  'day',
  'hour',
  'minute',
  'second',
  'timezone_hour',
  'timezone_minute',
]

const NONE: readonly never[] = Object.freeze([])

/** What rules hand on while Chevrotain records them. */
const NOWHERE: Location = { offset: 0, length: 0 }
const PLACEHOLDER: Expression = { kind: 'missing', location: NOWHERE }

const NO_PRECISION: TimePrecision = { precision: undefined, withTimeZone: undefined }

const DATETIME_SHAPES: Readonly<Record<DatetimeLiteral['type'], string>> = {
  date: "a date: write DATE '2026-01-31'",
  time: "a time of day: write TIME '13:30:00', with an offset like +01:00 only where a time zone is allowed",
  timestamp: "a timestamp: write TIMESTAMP '2026-01-31 13:30:00'",
}

/** Words that can only belong to a join or an alias, right inside a parenthesis. */
const JOIN_MARKS: ReadonlySet<TokenType> = new Set([JOIN, CROSS, UNPIVOT, AS, AT, BY])
/** Words that tell of a query there; the BY of ORDER BY must not be taken for that of an alias. */
const QUERY_MARKS: ReadonlySet<TokenType> = new Set([SELECT, PIVOT, ORDER])

const OPENERS: ReadonlySet<TokenType> = new Set([t.OpenParenthesis, t.OpenBracket, t.OpenBrace, t.OpenBag])
const CLOSERS: ReadonlySet<TokenType> = new Set([t.CloseParenthesis, t.CloseBracket, t.CloseBrace, t.CloseBag])

const TARGET_INDEXES: ReadonlySet<TokenType> = new Set([t.IntegerLiteral, t.StringLiteral, t.QuestionMark, EOF])

const INSERTABLE: ReadonlySet<TokenType> = new Set([
  DEFAULT,
  t.OpenBag,
  t.OpenBrace,
  t.OpenBracket,
  t.OpenParenthesis,
  t.QuestionMark,
  t.IonLiteral,
  VALUE,
  VALUES,
  SELECT,
])

/** Chevrotain's own messages are costly and never shown. */
const NO_MESSAGES: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: () => '',
  buildNotAllInputParsedMessage: () => '',
  buildNoViableAltMessage: () => '',
  buildEarlyExitMessage: () => '',
}

/** A location that grows while a chain of operators does. */
interface GrowingLocation {
  readonly offset: number
  length: number
}

/** What came of a run: a statement, or the token that no rule accepts (`end` when more was wanted). */
export type ParserOutcome =
  | { readonly statement: Statement; readonly unexpected: undefined; readonly applicationCount: number }
  | { readonly statement: undefined; readonly unexpected: IToken | 'end' }

class StatementParser extends EmbeddedActionsParser {
  #text = ''
  #depth = 0
  #maxDepth = 0
  #parameterCount = 0
  /** Operators, predicates, joins and set operators applied: how high the tree may have become. */
  #applicationCount = 0
  /** The last expression that stood alone in parentheses; `IN (e)` must tell it from `IN e`. */
  #parenthesized: Expression | undefined
  // The operator stack of all open expressions; the innermost begins at #base.
  readonly #operators: Operator[] = []
  readonly #operatorTokens: IToken[] = []
  readonly #operands: Expression[] = []
  #base = 0

  constructor(skipValidations: boolean) {
    super([...t.VOCABULARY], {
      maxLookahead: 1,
      skipValidations,
      lookaheadStrategy: new LookAhead({ maxLookahead: 1 }),
      errorMessageProvider: NO_MESSAGES,
    })
    this.performSelfAnalysis()
  }

  /**
   * @throws {StatementError} SYNTAX_ERROR from an action: a literal, type or date part that does not exist
   * @throws {LimitError} STATEMENT_TOO_DEEP
   */
  run(tokens: IToken[], text: string, maxDepth: number): ParserOutcome {
    this.#text = text
    this.#depth = 0
    this.#maxDepth = maxDepth
    this.#parameterCount = 0
    this.#applicationCount = 0
    this.#parenthesized = undefined
    this.#operators.length = 0
    this.#operatorTokens.length = 0
    this.#operands.length = 0
    this.#base = 0
    this.input = tokens
    let statement: Statement
    try {
      statement = this.script()
    } catch (error) {
      if (error !== NO_ALTERNATIVE) throw error
      return unexpectedAt(this.LA(1))
    }
    const [failure] = this.errors
    if (failure !== undefined) return unexpectedAt(failure.token)
    return { statement, unexpected: undefined, applicationCount: this.#applicationCount }
  }

  // ----------------------------------------------------------------------------------------------------- statements

  private readonly script = this.RULE('script', (): Statement => {
    const statement = this.SUBRULE(this.statement)
    this.MANY(() => {
      this.CONSUME(t.Semicolon)
    })
    return statement
  })

  private readonly statement: ParserMethod<[], Statement> = this.RULE('statement', () => {
    this.#statements ??= [
      { ALT: () => this.SUBRULE(this.explain), IGNORE_AMBIGUITIES: true },
      { ALT: () => this.SUBRULE(this.insert) },
      { ALT: () => this.SUBRULE(this.update) },
      { ALT: () => this.SUBRULE(this.delete) },
      { ALT: () => this.SUBRULE(this.fromDml) },
      { ALT: () => this.SUBRULE(this.create) },
      { ALT: () => this.SUBRULE(this.drop) },
      { ALT: () => this.SUBRULE(this.undrop) },
      { ALT: () => this.SUBRULE(this.exec) },
      {
        ALT: () => {
          const start = this.LA(1)
          const query = this.SUBRULE(this.query)
          return {
            kind: 'query-statement',
            query,
            parameterCount: this.#parameterCount,
            location: this.#since(start),
          }
        },
      },
    ]
    return this.OR(this.#statements)
  })
  #statements: IOrAlt<Statement>[] | undefined

  private readonly explain = this.RULE('explain', (): Explain => {
    const start = this.CONSUME(EXPLAIN)
    const analyze = this.OPTION(() => this.CONSUME(ANALYZE)) !== undefined
    const statement = this.SUBRULE(this.statement)
    return {
      kind: 'explain',
      analyze,
      statement,
      parameterCount: this.#parameterCount,
      location: this.#since(start),
    }
  })

  private readonly exec = this.RULE('exec', (): Exec => {
    const start = this.CONSUME(EXEC)
    const procedure = this.#identifier(this.CONSUME(t.Name))
    const args: Expression[] = []
    this.MANY_SEP({ SEP: t.Comma, DEF: () => args.push(this.SUBRULE(this.expression)) })
    return { kind: 'exec', procedure, args, parameterCount: this.#parameterCount, location: this.#since(start) }
  })

  // ------------------------------------------------------------------------------------------------ data definition

  private readonly create = this.RULE('create', (): CreateTable | CreateIndex => {
    const start = this.CONSUME(CREATE)
    return this.OR<CreateTable | CreateIndex>([
      {
        ALT: () => {
          this.CONSUME(TABLE)
          const table = this.#identifier(this.CONSUME(t.Name))
          const options: TableOption[] = []
          this.OPTION(() => {
            this.CONSUME(WITH)
            this.CONSUME(t.OpenParenthesis)
            this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => options.push(this.SUBRULE(this.tableOption)) })
            this.CONSUME(t.CloseParenthesis)
          })
          return {
            kind: 'create-table',
            table,
            options,
            parameterCount: this.#parameterCount,
            location: this.#since(start),
          }
        },
      },
      {
        ALT: () => {
          this.CONSUME(INDEX)
          this.CONSUME(ON)
          const table = this.#identifier(this.CONSUME2(t.Name))
          const paths: Target[] = []
          this.CONSUME2(t.OpenParenthesis)
          this.AT_LEAST_ONE_SEP2({ SEP: t.Comma, DEF: () => paths.push(this.SUBRULE(this.target)) })
          this.CONSUME2(t.CloseParenthesis)
          return {
            kind: 'create-index',
            table,
            paths,
            parameterCount: this.#parameterCount,
            location: this.#since(start),
          }
        },
      },
    ])
  })

  private readonly tableOption = this.RULE('tableOption', (): TableOption => {
    const name = this.CONSUME(t.Name)
    this.CONSUME(t.Equal)
    const value = this.SUBRULE(this.expression)
    return { kind: 'table-option', name: this.#identifier(name), value, location: this.#since(name) }
  })

  private readonly drop = this.RULE('drop', (): DropTable | DropIndex => {
    const start = this.CONSUME(DROP)
    return this.OR<DropTable | DropIndex>([
      {
        ALT: () => {
          this.CONSUME(TABLE)
          const table = this.#identifier(this.CONSUME(t.Name))
          return { kind: 'drop-table', table, parameterCount: this.#parameterCount, location: this.#since(start) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(INDEX)
          const indexId = this.#identifier(
            this.OR2([{ ALT: () => this.CONSUME2(t.Name) }, { ALT: () => this.CONSUME(t.StringLiteral) }]),
          )
          this.CONSUME(ON)
          const table = this.#identifier(this.CONSUME3(t.Name))
          const purge = this.OPTION(() => {
            this.CONSUME(WITH)
            this.CONSUME(t.OpenParenthesis)
            this.#requireWord(this.CONSUME4(t.Name), 'purge')
            this.CONSUME(t.Equal)
            const truth = this.OR3([{ ALT: () => this.CONSUME(TRUE) }, { ALT: () => this.CONSUME(FALSE) }])
            this.CONSUME(t.CloseParenthesis)
            return truth.tokenType === TRUE
          })
          return {
            kind: 'drop-index',
            indexId,
            table,
            purge,
            parameterCount: this.#parameterCount,
            location: this.#since(start),
          }
        },
      },
    ])
  })

  private readonly undrop = this.RULE('undrop', (): UndropTable => {
    const start = this.CONSUME(UNDROP)
    this.CONSUME(TABLE)
    const tableId = this.#identifier(
      this.OR([{ ALT: () => this.CONSUME(t.Name) }, { ALT: () => this.CONSUME(t.StringLiteral) }]),
    )
    return { kind: 'undrop-table', tableId, parameterCount: this.#parameterCount, location: this.#since(start) }
  })

  // ---------------------------------------------------------------------------------------------- data manipulation

  private readonly insert = this.RULE('insert', (): Insert | InsertIntoPathStatement => {
    const start = this.CONSUME(INSERT)
    this.CONSUME(INTO)
    const target = this.SUBRULE(this.target)
    const alias = this.OPTION(() => {
      this.CONSUME(AS)
      return this.#identifier(this.CONSUME(t.Name))
    })
    const columns = this.OPTION2({
      GATE: () => this.#isColumnList(),
      DEF: () => {
        const names: Identifier[] = []
        this.CONSUME(t.OpenParenthesis)
        this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => names.push(this.#identifier(this.CONSUME2(t.Name))) })
        this.CONSUME(t.CloseParenthesis)
        return names
      },
    })
    const sourceStart = this.LA(1)
    let at: Expression | undefined
    const source = this.OR<InsertSource>([
      {
        ALT: () => {
          this.CONSUME(VALUE)
          const value = this.SUBRULE(this.expression)
          at = this.OPTION3(() => {
            this.CONSUME(AT)
            return this.SUBRULE2(this.expression)
          })
          return { kind: 'insert-value', value, location: this.#since(sourceStart) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(DEFAULT)
          this.CONSUME(VALUES)
          return { kind: 'insert-default-values', location: this.#since(sourceStart) }
        },
        IGNORE_AMBIGUITIES: true,
      },
      {
        ALT: () => {
          const query = this.SUBRULE(this.query)
          return { kind: 'insert-query', query, location: this.#since(sourceStart) }
        },
      },
    ])
    const location = this.#since(start)
    const parameterCount = this.#parameterCount
    if (this.RECORDING_PHASE || (target.steps.length === 0 && at === undefined)) {
      return { kind: 'insert', table: target.root, alias, columns, source, parameterCount, location }
    }
    if (source.kind !== 'insert-value' || alias !== undefined || columns !== undefined) {
      throw this.#failure(sourceStart, 'Only one VALUE can be inserted into a path.', ['VALUE'])
    }
    const operation: InsertIntoPath = { kind: 'insert-into-path', target, value: source.value, at, location }
    return { kind: 'insert-into-path-statement', operation, parameterCount, location }
  })

  private readonly update = this.RULE('update', (): Update => {
    const start = this.CONSUME(UPDATE)
    const from = this.SUBRULE(this.documents)
    const operations: Operation[] = []
    this.AT_LEAST_ONE(() => operations.push(this.SUBRULE(this.operation)))
    const where = this.OPTION(() => {
      this.CONSUME(WHERE)
      return this.SUBRULE(this.expression)
    })
    return {
      kind: 'update',
      from,
      operations,
      where,
      parameterCount: this.#parameterCount,
      location: this.#since(start),
    }
  })

  private readonly delete = this.RULE('delete', (): Delete => {
    const start = this.CONSUME(DELETE)
    this.CONSUME(FROM)
    const from = this.SUBRULE(this.documents)
    const where = this.OPTION(() => {
      this.CONSUME(WHERE)
      return this.SUBRULE(this.expression)
    })
    return { kind: 'delete', from, where, parameterCount: this.#parameterCount, location: this.#since(start) }
  })

  private readonly fromDml = this.RULE('fromDml', (): FromDml => {
    const start = this.LA(1)
    const from = this.SUBRULE(this.from)
    const where = this.OPTION(() => {
      this.CONSUME(WHERE)
      return this.SUBRULE(this.expression)
    })
    const operations: Operation[] = []
    this.AT_LEAST_ONE(() => operations.push(this.SUBRULE(this.operation)))
    return {
      kind: 'from-dml',
      from,
      where,
      operations,
      parameterCount: this.#parameterCount,
      location: this.#since(start),
    }
  })

  /** What UPDATE and DELETE range over. */
  private readonly documents = this.RULE('documents', (): Scan => {
    const start = this.LA(1)
    const target = this.SUBRULE(this.target)
    const source: Expression = this.RECORDING_PHASE
      ? PLACEHOLDER
      : this.#pathTo(
          { ...target.root, kind: 'variable', atSign: false, location: target.root.location },
          target.steps,
          target.location,
        )
    const alias = this.OPTION(() => this.SUBRULE(this.alias))
    const at = this.OPTION2(() => {
      this.CONSUME(AT)
      return this.#identifier(this.CONSUME(t.Name))
    })
    const by = this.OPTION3(() => {
      this.CONSUME(BY)
      return this.#identifier(this.CONSUME2(t.Name))
    })
    return { kind: 'scan', source, alias, at, by, location: this.#since(start) }
  })

  private readonly operation = this.RULE('operation', (): Operation => {
    const start = this.LA(1)
    return this.OR<Operation>([
      {
        ALT: () => {
          this.CONSUME(SET)
          const assignments: Assignment[] = []
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => assignments.push(this.SUBRULE(this.assignment)) })
          return { kind: 'set', assignments, location: this.#since(start) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(INSERT)
          this.CONSUME(INTO)
          const target = this.SUBRULE(this.target)
          this.CONSUME(VALUE)
          const value = this.SUBRULE(this.expression)
          const at = this.OPTION(() => {
            this.CONSUME(AT)
            return this.SUBRULE2(this.expression)
          })
          return { kind: 'insert-into-path', target, value, at, location: this.#since(start) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(REMOVE)
          const target = this.SUBRULE2(this.target)
          return { kind: 'remove', target, location: this.#since(start) }
        },
      },
    ])
  })

  private readonly assignment = this.RULE('assignment', (): Assignment => {
    const start = this.LA(1)
    const target = this.SUBRULE(this.target)
    this.CONSUME(t.Equal)
    const value = this.SUBRULE(this.expression)
    return { kind: 'assignment', target, value, location: this.#since(start) }
  })

  private readonly target = this.RULE('target', (): Target => {
    const start = this.CONSUME(t.Name)
    const steps: (FieldStep | IndexStep)[] = []
    this.MANY({
      GATE: () => this.#isTargetStep(),
      DEF: () => {
        steps.push(this.SUBRULE(this.targetStep))
      },
    })
    return { kind: 'target', root: this.#identifier(start), steps, location: this.#since(start) }
  })

  private readonly targetStep = this.RULE('targetStep', (): FieldStep | IndexStep => {
    const start = this.LA(1)
    return this.OR<FieldStep | IndexStep>([
      {
        ALT: () => {
          this.CONSUME(t.Dot)
          const name = this.OR2([{ ALT: () => this.CONSUME(t.Name) }, { ALT: () => this.CONSUME(t.StringLiteral) }])
          return this.#fieldStep(name, start)
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.OpenBracket)
          const index = this.OR3<Expression>([
            { ALT: () => this.#integerLiteral(this.CONSUME(t.IntegerLiteral)) },
            { ALT: () => this.#string(this.CONSUME2(t.StringLiteral)) },
            { ALT: () => this.#parameter(this.CONSUME(t.QuestionMark)) },
            { ALT: () => this.#variable(this.CONSUME2(t.Name)) },
          ])
          this.CONSUME(t.CloseBracket)
          return { kind: 'index', index, location: this.#since(start) }
        },
      },
    ])
  })

  // -------------------------------------------------------------------------------------------------------- queries

  private readonly query: ParserMethod<[], Query> = this.RULE('query', (): Query => {
    const start = this.LA(1)
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
    return { kind: 'query', body, orderBy, limit, offset, location: this.#since(start) }
  })

  private readonly queryBody: ParserMethod<[], QueryBody> = this.RULE('queryBody', () => {
    this.#queryOperands ??= [{ ALT: () => this.SUBRULE(this.select) }, { ALT: () => this.SUBRULE(this.expression) }]
    const first = this.OR(this.#queryOperands)
    let operators: PendingSetOperator[] | undefined
    let operands: QueryBody[] | undefined
    this.MANY(() => {
      operators ??= []
      operands ??= [first]
      operators.push(this.SUBRULE(this.setOperator))
      operands.push(
        this.OR2([{ ALT: () => this.SUBRULE2(this.select) }, { ALT: () => this.SUBRULE2(this.expression) }]),
      )
    })
    return operators === undefined || operands === undefined ? first : this.#foldSetOperations(operators, operands)
  })
  #queryOperands: IOrAlt<QueryBody>[] | undefined

  private readonly setOperator = this.RULE('setOperator', (): PendingSetOperator => {
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
    return { operator, outer, quantifier: quantifier?.tokenType === ALL ? 'all' : 'distinct' }
  })

  private readonly select: ParserMethod<[], Select> = this.RULE('select', (): Select => {
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
          return { kind: 'pivot', value, name, location: this.#since(start) }
        },
      },
    ])
    const from = this.OPTION2(() => this.SUBRULE(this.from))
    let lets: LetBinding[] | undefined
    this.OPTION3(() => {
      lets = []
      this.CONSUME(LET)
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => lets!.push(this.SUBRULE(this.letBinding)) })
    })
    const where = this.OPTION4(() => {
      this.CONSUME(WHERE)
      return this.SUBRULE3(this.expression)
    })
    const groupBy = this.OPTION5(() => this.SUBRULE(this.groupBy))
    const having = this.OPTION6(() => {
      this.CONSUME(HAVING)
      return this.SUBRULE4(this.expression)
    })
    return {
      kind: 'select',
      quantifier: quantifierToken.current,
      projection,
      from,
      lets: lets ?? NONE,
      where,
      groupBy,
      having,
      location: this.#since(start),
    }
  })

  private readonly projection = this.RULE('projection', (): Projection => {
    this.#projections ??= [
      { ALT: () => ({ kind: 'select-all', location: this.#since(this.CONSUME(t.Star)) }) },
      {
        ALT: () => {
          const start = this.CONSUME(VALUE)
          const value = this.SUBRULE(this.expression)
          return { kind: 'select-value', value, location: this.#since(start) }
        },
      },
      {
        ALT: () => {
          const start = this.LA(1)
          const items: SelectItem[] = []
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => items.push(this.SUBRULE(this.selectItem)) })
          return { kind: 'select-items', items, location: this.#since(start) }
        },
      },
    ]
    return this.OR(this.#projections)
  })
  #projections: IOrAlt<Projection>[] | undefined

  private readonly selectItem = this.RULE('selectItem', (): SelectItem => {
    const start = this.LA(1)
    const expression = this.SUBRULE(this.expression)
    const alias = this.OPTION(() => this.SUBRULE(this.alias))
    const location = this.#since(start)
    if (expression.kind !== 'path' || expression.steps.at(-1)!.kind !== 'all-fields') {
      return { kind: 'item', expression, alias, location }
    }
    if (alias !== undefined) {
      throw this.#failure(alias.location, 'The fields that .* stands for cannot have an alias.', [])
    }
    const rest = expression.steps.slice(0, -1)
    const last = rest.at(-1)?.location ?? expression.root.location
    const offset = expression.location.offset
    const source = this.#pathTo(expression.root, rest, { offset, length: last.offset + last.length - offset })
    return { kind: 'all-of', source, location }
  })

  private readonly alias = this.RULE('alias', (): Identifier => {
    this.#aliases ??= [
      {
        ALT: () => {
          this.CONSUME(AS)
          return this.#identifier(this.CONSUME(t.Name))
        },
      },
      { ALT: () => this.#identifier(this.CONSUME(t.BareName)) },
    ]
    return this.OR(this.#aliases)
  })
  #aliases: IOrAlt<Identifier>[] | undefined

  private readonly from = this.RULE('from', (): FromSource => {
    const start = this.CONSUME(FROM)
    let source = this.SUBRULE(this.fromItem)
    this.MANY(() => {
      this.CONSUME(t.Comma)
      this.OPTION(() => this.CONSUME(LATERAL))
      const right = this.SUBRULE2(this.fromItem)
      this.#applicationCount += 1
      source = { kind: 'join', join: 'cross', left: source, right, on: undefined, location: this.#since(start) }
    })
    return source
  })

  private readonly fromItem: ParserMethod<[], FromSource> = this.RULE('fromItem', () => {
    const start = this.LA(1)
    let source = this.SUBRULE(this.fromPrimary)
    this.MANY({
      // a OUTER UNION b is no join.
      GATE: () => this.LA(1).tokenType !== OUTER || this.LA(2).tokenType === JOIN || this.LA(2).tokenType === CROSS,
      DEF: () => {
        const { join, right, on } = this.SUBRULE(this.join)
        this.#applicationCount += 1
        source = { kind: 'join', join, left: source, right, on, location: this.#since(start) }
      },
    })
    return source
  })

  private readonly join = this.RULE('join', (): Pick<Join, 'join' | 'right' | 'on'> => {
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
  })

  private readonly fromPrimary: ParserMethod<[], FromSource> = this.RULE('fromPrimary', () => {
    return this.OR<FromSource>([
      {
        GATE: () => this.#isJoinInParentheses(),
        ALT: () => {
          this.#enter()
          this.CONSUME(t.OpenParenthesis)
          const source = this.SUBRULE(this.fromItem)
          this.CONSUME(t.CloseParenthesis)
          this.#depth -= 1
          return source
        },
        IGNORE_AMBIGUITIES: true,
      },
      { ALT: () => this.SUBRULE(this.scan) },
    ])
  })

  private readonly scan = this.RULE('scan', (): Scan | Unpivot => {
    const start = this.LA(1)
    const unpivot = this.OPTION(() => this.CONSUME(UNPIVOT)) !== undefined
    const source = this.SUBRULE(this.expression)
    const alias = this.OPTION2(() => this.SUBRULE(this.alias))
    const at = this.OPTION3(() => {
      this.CONSUME(AT)
      return this.#identifier(this.CONSUME(t.Name))
    })
    const by = this.OPTION4(() => {
      this.CONSUME(BY)
      return this.#identifier(this.CONSUME2(t.Name))
    })
    return { kind: unpivot ? 'unpivot' : 'scan', source, alias, at, by, location: this.#since(start) }
  })

  private readonly letBinding = this.RULE('letBinding', (): LetBinding => {
    const start = this.LA(1)
    const value = this.SUBRULE(this.expression)
    this.CONSUME(AS)
    const name = this.#identifier(this.CONSUME(t.Name))
    return { kind: 'let', value, name, location: this.#since(start) }
  })

  private readonly groupBy = this.RULE('groupBy', (): GroupBy => {
    const start = this.CONSUME(GROUP)
    return this.OR<GroupBy>([
      {
        ALT: () => {
          this.CONSUME(ALL)
          this.OPTION(() => this.CONSUME2(GROUP))
          this.CONSUME(AS)
          const groupAs = this.#identifier(this.CONSUME(t.Name))
          return { kind: 'group-by', mode: 'all', keys: NONE, groupAs, location: this.#since(start) }
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
            return this.#identifier(this.CONSUME2(t.Name))
          })
          return { kind: 'group-by', mode: partial ? 'partial' : 'by', keys, groupAs, location: this.#since(start) }
        },
      },
    ])
  })

  private readonly groupKey = this.RULE('groupKey', (): GroupKey => {
    const start = this.LA(1)
    const expression = this.SUBRULE(this.expression)
    const alias = this.OPTION(() => {
      this.CONSUME(AS)
      return this.#identifier(this.CONSUME(t.Name))
    })
    return { kind: 'group-key', expression, alias, location: this.#since(start) }
  })

  private readonly orderBy = this.RULE('orderBy', (): OrderBy => {
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
    return { kind: 'order-by', preserve, keys, location: this.#since(start) }
  })

  private readonly orderKey = this.RULE('orderKey', (): OrderKey => {
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
      location: this.#since(start),
    }
  })

  // ---------------------------------------------------------------------------------------------------- expressions

  private readonly expression: ParserMethod<[], Expression> = this.RULE('expression', () => {
    this.#expressionTails ??= [
      {
        ALT: () => {
          this.#pushBinary(this.CONSUME(t.BinaryOperator))
          this.SUBRULE2(this.operand)
        },
      },
      { ALT: () => this.SUBRULE(this.predicate) },
    ]
    this.#expressionTail ??= () => this.OR(this.#expressionTails!)
    const outer = this.#beginExpression()
    this.SUBRULE(this.operand)
    this.MANY(this.#expressionTail)
    return this.#endExpression(outer)
  })
  #expressionTails: IOrAlt<void>[] | undefined
  #expressionTail: (() => void) | undefined

  /** What may stand inside BETWEEN, LIKE and IN without parentheses. */
  private readonly term: ParserMethod<[], Expression> = this.RULE('term', () => {
    this.#termTail ??= () => {
      this.#pushBinary(this.CONSUME(t.ArithmeticOperator))
      this.SUBRULE2(this.operand)
    }
    const outer = this.#beginExpression()
    this.SUBRULE(this.operand)
    this.MANY(this.#termTail)
    return this.#endExpression(outer)
  })
  #termTail: (() => void) | undefined

  private readonly predicate: ParserMethod<[], void> = this.RULE('predicate', () => {
    this.#reduce(PREDICATE_POWER)
    const operand = this.#operands.pop() ?? PLACEHOLDER
    const offset = operand.location.offset
    this.#applicationCount += 1
    const node = this.OR<Expression>([
      {
        ALT: () => {
          this.CONSUME(IS)
          const negated = this.OPTION(() => this.CONSUME(NOT)) !== undefined
          return this.OR2<Expression>([
            {
              ALT: () => {
                this.CONSUME(TRUE)
                return { kind: 'is-truth', operand, truth: 'true', negated, location: this.#from(offset) }
              },
            },
            {
              ALT: () => {
                this.CONSUME(FALSE)
                return { kind: 'is-truth', operand, truth: 'false', negated, location: this.#from(offset) }
              },
            },
            {
              ALT: () => {
                this.CONSUME(UNKNOWN)
                return { kind: 'is-truth', operand, truth: 'unknown', negated, location: this.#from(offset) }
              },
              IGNORE_AMBIGUITIES: true,
            },
            {
              ALT: () => {
                const type = this.SUBRULE(this.dataType)
                return { kind: 'is-type', operand, type, negated, location: this.#from(offset) }
              },
            },
          ])
        },
      },
      {
        ALT: () => {
          const negated = this.OPTION2(() => this.CONSUME2(NOT)) !== undefined
          return this.OR3<Expression>([
            {
              ALT: () => {
                this.CONSUME(IN)
                const start = this.LA(1)
                let collection = this.SUBRULE(this.term)
                if (collection === this.#parenthesized) {
                  collection = { kind: 'list', items: [collection], location: this.#since(start) }
                }
                return { kind: 'in', operand, collection, negated, location: this.#from(offset) }
              },
            },
            {
              ALT: () => {
                this.CONSUME(LIKE)
                const pattern = this.SUBRULE2(this.term)
                const escapeCharacter = this.OPTION3(() => {
                  this.CONSUME(ESCAPE)
                  return this.SUBRULE3(this.term)
                })
                return {
                  kind: 'like',
                  operand,
                  pattern,
                  escape: escapeCharacter,
                  negated,
                  location: this.#from(offset),
                }
              },
            },
            {
              ALT: () => {
                this.CONSUME(BETWEEN)
                const low = this.SUBRULE4(this.term)
                this.CONSUME(AND)
                const high = this.SUBRULE5(this.term)
                return { kind: 'between', operand, low, high, negated, location: this.#from(offset) }
              },
            },
          ])
        },
      },
    ])
    if (!this.RECORDING_PHASE) this.#operands.push(node)
  })

  /** Prefix operators, what they apply to, and the steps from it. Pushes onto the operator stack. */
  private readonly operand: ParserMethod<[], void> = this.RULE('operand', () => {
    this.#prefix ??= () => this.#pushPrefix(this.CONSUME(t.PrefixOperator))
    this.MANY(this.#prefix)
    this.#primaries ??= this.#primaryAlternatives()
    let expression = this.OR(this.#primaries)
    let steps: PathStep[] | undefined
    this.MANY2(() => {
      steps ??= []
      steps.push(this.SUBRULE(this.pathStep))
    })
    if (this.RECORDING_PHASE) return
    if (steps !== undefined) expression = this.#pathTo(expression, steps, this.#from(expression.location.offset))
    this.#operands.push(expression)
  })
  #prefix: (() => void) | undefined
  #primaries: IOrAlt<Expression>[] | undefined

  #primaryAlternatives(): IOrAlt<Expression>[] {
    return [
      { ALT: () => this.SUBRULE(this.specialCall), IGNORE_AMBIGUITIES: true },
      { ALT: () => this.SUBRULE(this.datetime), IGNORE_AMBIGUITIES: true },
      { ALT: () => this.SUBRULE(this.cast), IGNORE_AMBIGUITIES: true },
      { ALT: () => this.SUBRULE(this.reference) },
      { ALT: () => this.#string(this.CONSUME(t.StringLiteral)) },
      { ALT: () => this.#integerLiteral(this.CONSUME(t.IntegerLiteral)) },
      { ALT: () => this.#decimal(this.CONSUME(t.DecimalLiteral)) },
      { ALT: () => this.#ion(this.CONSUME(t.IonLiteral)) },
      { ALT: () => this.#literal(this.CONSUME(TRUE), true) },
      { ALT: () => this.#literal(this.CONSUME(FALSE), false) },
      { ALT: () => this.#literal(this.CONSUME(NULL_WORD), NULL) },
      { ALT: () => ({ kind: 'missing', location: this.#of(this.CONSUME(MISSING)) }) },
      { ALT: () => this.#parameter(this.CONSUME(t.QuestionMark)) },
      {
        ALT: () => {
          const start = this.CONSUME(t.AtSign)
          const { name, quoted } = this.#identifier(this.CONSUME(t.Name))
          return { kind: 'variable', name, quoted, atSign: true, location: this.#since(start) }
        },
      },
      { ALT: () => this.SUBRULE(this.parentheses) },
      { ALT: () => this.SUBRULE(this.struct) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.bag) },
      { ALT: () => this.SUBRULE(this.values) },
      { ALT: () => this.SUBRULE(this.case) },
      { ALT: () => this.#wordCall(this.CONSUME(CURRENT_DATE), 'current_date') },
      { ALT: () => this.#wordCall(this.CONSUME(CURRENT_USER), 'current_user') },
    ]
  }

  private readonly pathStep = this.RULE('pathStep', (): PathStep => {
    this.#fieldNames ??= [
      { ALT: () => this.#fieldStep(this.CONSUME(t.Name), this.LA(-1)) },
      { ALT: () => this.#fieldStep(this.CONSUME(t.StringLiteral), this.LA(-1)) },
      {
        ALT: () => {
          this.CONSUME(t.Star)
          return { kind: 'all-fields', location: this.#since(this.LA(-1)) }
        },
      },
    ]
    this.#indexes ??= [
      {
        ALT: () => {
          this.CONSUME2(t.Star)
          return undefined
        },
      },
      { ALT: () => this.SUBRULE(this.expression) },
    ]
    this.#pathSteps ??= [
      {
        ALT: () => {
          this.CONSUME(t.Dot)
          return this.OR2(this.#fieldNames!)
        },
      },
      {
        ALT: () => {
          const start = this.CONSUME(t.OpenBracket)
          const index = this.OR3(this.#indexes!)
          this.CONSUME(t.CloseBracket)
          const location = this.#since(start)
          return index === undefined ? { kind: 'all-elements', location } : { kind: 'index', index, location }
        },
      },
    ]
    return this.OR(this.#pathSteps)
  })
  #pathSteps: IOrAlt<PathStep>[] | undefined
  #fieldNames: IOrAlt<PathStep>[] | undefined
  #indexes: IOrAlt<Expression | undefined>[] | undefined

  /** A variable or a call. */
  private readonly reference = this.RULE('reference', (): Expression => {
    const start = this.CONSUME(t.Name)
    this.#callOption ??= () => this.SUBRULE(this.callArguments)
    const call = this.OPTION(this.#callOption)
    if (call === undefined) return this.#variable(start)
    const quoted = start.tokenType === t.QuotedIdentifier
    return {
      kind: 'call',
      name: quoted ? unquote(start.image) : start.image.toLowerCase(),
      quoted,
      quantifier: call.quantifier,
      star: call.star,
      args: call.args,
      location: this.#since(start),
    }
  })
  #callOption: (() => CallArguments) | undefined

  private readonly callArguments: ParserMethod<[], CallArguments> = this.RULE('callArguments', () => {
    let quantifier: SetQuantifier | undefined
    let star = false
    let args: readonly Expression[] = NONE
    this.CONSUME(t.OpenParenthesis)
    this.OPTION(() =>
      this.OR([
        {
          ALT: () => {
            this.CONSUME(t.Star)
            star = true
          },
        },
        {
          ALT: () => {
            this.OR2([
              {
                ALT: () => {
                  this.CONSUME(ALL)
                  quantifier = 'all'
                },
              },
              {
                ALT: () => {
                  this.CONSUME(DISTINCT)
                  quantifier = 'distinct'
                },
              },
            ])
            args = this.SUBRULE(this.queryList)
          },
        },
        {
          ALT: () => {
            args = this.SUBRULE2(this.queryList)
          },
        },
      ]),
    )
    this.CONSUME(t.CloseParenthesis)
    return { quantifier, star, args }
  })

  private readonly queryList: ParserMethod<[], readonly Expression[]> = this.RULE('queryList', () => {
    const args: Expression[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => {
        const query = this.SUBRULE(this.query)
        if (!this.RECORDING_PHASE) args.push(this.#asExpression(query))
      },
    })
    return args
  })

  private readonly parentheses = this.RULE('parentheses', (): Expression => {
    const start = this.CONSUME(t.OpenParenthesis)
    const query = this.SUBRULE(this.query)
    let items: Expression[] | undefined
    this.MANY(() => {
      this.CONSUME(t.Comma)
      items ??= []
      items.push(this.SUBRULE(this.expression))
    })
    this.CONSUME(t.CloseParenthesis)
    if (this.RECORDING_PHASE) return PLACEHOLDER
    const first = this.#asExpression(query)
    if (items !== undefined) return { kind: 'list', items: [first, ...items], location: this.#since(start) }
    if (first.kind === 'subquery') return { ...first, location: this.#since(start) }
    this.#parenthesized = first
    return first
  })

  private readonly struct = this.RULE('struct', (): Expression => {
    const start = this.CONSUME(t.OpenBrace)
    const fields: StructField[] = []
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        const name = this.SUBRULE(this.expression)
        this.CONSUME(t.Colon)
        fields.push({ name, value: this.SUBRULE2(this.expression) })
      },
    })
    this.CONSUME(t.CloseBrace)
    return { kind: 'struct', fields, location: this.#since(start) }
  })

  private readonly list = this.RULE('list', (): Expression => {
    const start = this.CONSUME(t.OpenBracket)
    const items: Expression[] = []
    this.MANY_SEP({ SEP: t.Comma, DEF: () => items.push(this.SUBRULE(this.expression)) })
    this.CONSUME(t.CloseBracket)
    return { kind: 'list', items, location: this.#since(start) }
  })

  private readonly bag = this.RULE('bag', (): Expression => {
    const start = this.CONSUME(t.OpenBag)
    const items: Expression[] = []
    this.MANY_SEP({ SEP: t.Comma, DEF: () => items.push(this.SUBRULE(this.expression)) })
    this.CONSUME(t.CloseBag)
    return { kind: 'bag', items, location: this.#since(start) }
  })

  private readonly values = this.RULE('values', (): Expression => {
    const start = this.CONSUME(VALUES)
    const items: Expression[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => {
        const row = this.SUBRULE(this.expression)
        // VALUES (a), (b) are rows of one.
        if (row === this.#parenthesized) items.push({ kind: 'list', items: [row], location: row.location })
        else items.push(row)
      },
    })
    return { kind: 'bag', items, location: this.#since(start) }
  })

  private readonly case = this.RULE('case', (): Expression => {
    const start = this.CONSUME(CASE)
    const operand = this.OPTION(() => this.SUBRULE(this.expression))
    const branches: CaseBranch[] = []
    this.AT_LEAST_ONE(() => {
      this.CONSUME(WHEN)
      const when = this.SUBRULE2(this.expression)
      this.CONSUME(THEN)
      // biome-ignore lint/suspicious/noThenProperty: the word of the language; nobody awaits a syntax node
      branches.push({ when, then: this.SUBRULE3(this.expression) })
    })
    const otherwise = this.OPTION2(() => {
      this.CONSUME(ELSE)
      return this.SUBRULE4(this.expression)
    })
    this.CONSUME(END)
    return { kind: 'case', operand, branches, otherwise, location: this.#since(start) }
  })

  private readonly cast = this.RULE('cast', (): Cast => {
    const start = this.LA(1)
    const mode = this.OR<Cast['mode']>([
      {
        ALT: () => {
          this.CONSUME(CAST)
          return 'cast'
        },
      },
      {
        ALT: () => {
          this.CONSUME(CAN_CAST)
          return 'can_cast'
        },
      },
      {
        ALT: () => {
          this.CONSUME(CAN_LOSSLESS_CAST)
          return 'can_lossless_cast'
        },
      },
    ])
    this.CONSUME(t.OpenParenthesis)
    const operand = this.SUBRULE(this.expression)
    this.CONSUME(AS)
    const type = this.SUBRULE(this.dataType)
    this.CONSUME(t.CloseParenthesis)
    return { kind: 'cast', mode, operand, type, location: this.#since(start) }
  })

  private readonly dataType = this.RULE('dataType', (): DataType => {
    const start = this.LA(1)
    const parameters: number[] = []
    const type = (name: DataType['name'], withTimeZone?: boolean): DataType => ({
      kind: 'type',
      name,
      parameters,
      withTimeZone,
      location: this.#since(start),
    })
    return this.OR<DataType>([
      {
        ALT: () => {
          this.CONSUME(NULL_WORD)
          return type('null')
        },
      },
      {
        ALT: () => {
          this.CONSUME(MISSING)
          return type('missing')
        },
      },
      {
        ALT: () => {
          this.CONSUME(DOUBLE)
          this.CONSUME(PRECISION)
          return type('double')
        },
        IGNORE_AMBIGUITIES: true,
      },
      {
        ALT: () => {
          this.OR2([{ ALT: () => this.CONSUME(CHARACTER) }, { ALT: () => this.CONSUME(CHAR) }])
          this.CONSUME(VARYING)
          this.OPTION(() => {
            this.CONSUME(t.OpenParenthesis)
            parameters.push(this.#integer(this.CONSUME(t.IntegerLiteral)))
            this.CONSUME(t.CloseParenthesis)
          })
          return type('varchar')
        },
        IGNORE_AMBIGUITIES: true,
      },
      {
        ALT: () => {
          const isTime = this.OR3([
            { ALT: () => this.CONSUME(TIME) !== undefined },
            { ALT: () => this.CONSUME(TIMESTAMP) === undefined },
          ])
          const { precision, withTimeZone } = this.SUBRULE(this.timePrecision)
          if (precision !== undefined) parameters.push(precision)
          return type(isTime ? 'time' : 'timestamp', withTimeZone)
        },
        IGNORE_AMBIGUITIES: true,
      },
      {
        ALT: () => {
          const word = this.CONSUME(t.Name)
          this.OPTION2(() => {
            this.CONSUME2(t.OpenParenthesis)
            this.AT_LEAST_ONE_SEP({
              SEP: t.Comma,
              DEF: () => parameters.push(this.#integer(this.CONSUME2(t.IntegerLiteral))),
            })
            this.CONSUME2(t.CloseParenthesis)
          })
          return type(this.#typeName(word, parameters.length))
        },
      },
    ])
  })

  private readonly timePrecision = this.RULE('timePrecision', (): TimePrecision => {
    const precision = this.OPTION(() => {
      this.CONSUME(t.OpenParenthesis)
      const digits = this.#integer(this.CONSUME(t.IntegerLiteral))
      this.CONSUME(t.CloseParenthesis)
      return digits
    })
    const withTimeZone = this.OPTION2(() => {
      const isWith = this.OR([
        { ALT: () => this.CONSUME(WITH) !== undefined },
        { ALT: () => this.CONSUME(WITHOUT) === undefined },
      ])
      this.CONSUME(TIME)
      this.CONSUME(ZONE)
      return isWith
    })
    return { precision, withTimeZone }
  })

  private readonly datetime = this.RULE('datetime', (): DatetimeLiteral => {
    const start = this.LA(1)
    return this.OR<DatetimeLiteral>([
      {
        ALT: () => {
          this.CONSUME(DATE)
          return this.#datetime('date', start, NO_PRECISION, this.CONSUME(t.StringLiteral))
        },
      },
      {
        ALT: () => {
          this.CONSUME(TIME)
          const precision = this.SUBRULE(this.timePrecision)
          return this.#datetime('time', start, precision, this.CONSUME2(t.StringLiteral))
        },
      },
      {
        ALT: () => {
          this.CONSUME(TIMESTAMP)
          const precision = this.SUBRULE2(this.timePrecision)
          return this.#datetime('timestamp', start, precision, this.CONSUME3(t.StringLiteral))
        },
      },
    ])
  })

  /** The calls that have words among their arguments. */
  private readonly specialCall = this.RULE('specialCall', (): Expression => {
    this.#specialCalls ??= this.#specialCallAlternatives()
    return this.OR(this.#specialCalls)
  })
  #specialCalls: IOrAlt<Expression>[] | undefined

  #specialCallAlternatives(): IOrAlt<Expression>[] {
    return [
      { ALT: () => this.SUBRULE(this.extract) },
      { ALT: () => this.SUBRULE(this.trim) },
      { ALT: () => this.SUBRULE(this.substring) },
      { ALT: () => this.SUBRULE(this.position) },
      { ALT: () => this.SUBRULE(this.overlay) },
      { ALT: () => this.SUBRULE(this.dateArithmetic) },
      { ALT: () => this.SUBRULE(this.constructorCall) },
    ]
  }

  private readonly extract = this.RULE('extract', (): Expression => {
    const start = this.CONSUME(EXTRACT)
    this.CONSUME(t.OpenParenthesis)
    const part = this.#datePart(this.CONSUME(t.Name))
    this.CONSUME(FROM)
    const operand = this.SUBRULE(this.expression)
    this.CONSUME(t.CloseParenthesis)
    return { kind: 'extract', part, operand, location: this.#since(start) }
  })

  private readonly trim = this.RULE('trim', (): Expression => {
    const start = this.CONSUME(TRIM)
    this.CONSUME(t.OpenParenthesis)
    let side: 'leading' | 'trailing' | 'both' = 'both'
    let characters: Expression | undefined
    const operand = this.OR([
      {
        ALT: () => {
          this.OR2([
            {
              ALT: () => {
                this.CONSUME(LEADING)
                side = 'leading'
              },
            },
            {
              ALT: () => {
                this.CONSUME(TRAILING)
                side = 'trailing'
              },
            },
            {
              ALT: () => {
                this.CONSUME(BOTH)
                side = 'both'
              },
            },
          ])
          characters = this.OPTION(() => this.SUBRULE(this.expression))
          this.CONSUME(FROM)
          return this.SUBRULE2(this.expression)
        },
        IGNORE_AMBIGUITIES: true,
      },
      {
        ALT: () => {
          this.CONSUME2(FROM)
          return this.SUBRULE3(this.expression)
        },
      },
      {
        ALT: () => {
          const first = this.SUBRULE4(this.expression)
          const second = this.OPTION2(() => {
            this.CONSUME3(FROM)
            return this.SUBRULE5(this.expression)
          })
          if (second === undefined) return first
          characters = first
          return second
        },
      },
    ])
    this.CONSUME(t.CloseParenthesis)
    return { kind: 'trim', side, characters, operand, location: this.#since(start) }
  })

  private readonly substring = this.RULE('substring', (): Expression => {
    const start = this.CONSUME(SUBSTRING)
    this.CONSUME(t.OpenParenthesis)
    const args: Expression[] = [this.SUBRULE(this.expression)]
    this.OPTION(() =>
      this.OR([
        {
          ALT: () => {
            this.CONSUME(FROM)
            args.push(this.SUBRULE2(this.expression))
            this.OPTION2(() => {
              this.CONSUME(FOR)
              args.push(this.SUBRULE3(this.expression))
            })
          },
        },
        {
          ALT: () =>
            this.AT_LEAST_ONE(() => {
              this.CONSUME(t.Comma)
              args.push(this.SUBRULE4(this.expression))
            }),
        },
      ]),
    )
    this.CONSUME(t.CloseParenthesis)
    return this.#call('substring', args, start)
  })

  private readonly position = this.RULE('position', (): Expression => {
    const start = this.CONSUME(POSITION)
    this.CONSUME(t.OpenParenthesis)
    const args: Expression[] = [this.SUBRULE(this.term)]
    this.OR([{ ALT: () => this.CONSUME(IN) }, { ALT: () => this.CONSUME(t.Comma) }])
    args.push(this.SUBRULE(this.expression))
    this.CONSUME(t.CloseParenthesis)
    return this.#call('position', args, start)
  })

  private readonly overlay = this.RULE('overlay', (): Expression => {
    const start = this.CONSUME(OVERLAY)
    this.CONSUME(t.OpenParenthesis)
    const args: Expression[] = [this.SUBRULE(this.expression)]
    this.OR([
      {
        ALT: () => {
          this.CONSUME(PLACING)
          args.push(this.SUBRULE2(this.expression))
          this.CONSUME(FROM)
          args.push(this.SUBRULE3(this.expression))
          this.OPTION(() => {
            this.CONSUME(FOR)
            args.push(this.SUBRULE4(this.expression))
          })
        },
      },
      {
        ALT: () =>
          this.AT_LEAST_ONE(() => {
            this.CONSUME(t.Comma)
            args.push(this.SUBRULE5(this.expression))
          }),
      },
    ])
    this.CONSUME(t.CloseParenthesis)
    return this.#call('overlay', args, start)
  })

  private readonly dateArithmetic = this.RULE('dateArithmetic', (): Expression => {
    const start = this.LA(1)
    const isAdd = this.OR([
      { ALT: () => this.CONSUME(DATE_ADD) !== undefined },
      { ALT: () => this.CONSUME(DATE_DIFF) === undefined },
    ])
    this.CONSUME(t.OpenParenthesis)
    const part = this.#datePart(this.CONSUME(t.Name))
    this.CONSUME(t.Comma)
    const first = this.SUBRULE(this.expression)
    this.CONSUME2(t.Comma)
    const second = this.SUBRULE2(this.expression)
    this.CONSUME(t.CloseParenthesis)
    const location = this.#since(start)
    return isAdd
      ? { kind: 'date-add', part, quantity: first, operand: second, location }
      : { kind: 'date-diff', part, from: first, to: second, location }
  })

  private readonly constructorCall = this.RULE('constructorCall', (): Expression => {
    const start = this.LA(1)
    const kind = this.OR<'list' | 'sexp'>([
      {
        ALT: () => {
          this.CONSUME(LIST)
          return 'list'
        },
      },
      {
        ALT: () => {
          this.CONSUME(SEXP)
          return 'sexp'
        },
      },
      {
        ALT: () => {
          this.CONSUME(ROW)
          return 'list'
        },
      },
    ])
    const items: Expression[] = []
    this.CONSUME(t.OpenParenthesis)
    this.MANY_SEP({ SEP: t.Comma, DEF: () => items.push(this.SUBRULE(this.expression)) })
    this.CONSUME(t.CloseParenthesis)
    return { kind, items, location: this.#since(start) }
  })

  // ------------------------------------------------------------------------------------------------- operator stack

  #enter(): void {
    this.#depth += 1
    if (this.#depth <= this.#maxDepth || this.RECORDING_PHASE) return
    throw new LimitError(
      'STATEMENT_TOO_DEEP',
      `The statement nests deeper than ${this.#maxDepth} levels ${this.#place(this.LA(1))}. Split it, or pass inner values as parameters.`,
    )
  }

  /** @returns what {@link #endExpression} needs to go back to the expression around this one */
  #beginExpression(): number {
    this.#enter()
    const outer = this.#base
    this.#base = this.#operators.length
    return outer
  }

  #endExpression(outer: number): Expression {
    if (this.RECORDING_PHASE) return PLACEHOLDER
    this.#reduce(0)
    this.#base = outer
    this.#depth -= 1
    return this.#operands.pop()!
  }

  #pushPrefix(token: IToken): void {
    if (this.RECORDING_PHASE) return
    this.#operators.push(PREFIX_OPERATORS[token.tokenTypeIdx]!)
    this.#operatorTokens.push(token)
  }

  #pushBinary(token: IToken): void {
    if (this.RECORDING_PHASE) return
    const operator = BINARY_OPERATORS[token.tokenTypeIdx]!
    this.#reduce(operator.power)
    this.#operators.push(operator)
    this.#operatorTokens.push(token)
  }

  /** Applies the operators of this expression that bind at least as tight as `power`. */
  #reduce(power: number): void {
    const operators = this.#operators
    while (operators.length > this.#base && operators.at(-1)!.power >= power) {
      this.#operands.push(this.#apply(operators.pop()!, this.#operatorTokens.pop()!))
    }
  }

  #apply(operator: Operator, token: IToken): Expression {
    const right = this.#operands.pop()!
    const end = right.location.offset + right.location.length
    if (operator.kind === 'prefix') {
      this.#applicationCount += 1
      const location = { offset: token.startOffset, length: end - token.startOffset }
      return { kind: 'unary', operator: operator.operator, operand: right, location }
    }
    const left = this.#operands.pop()!
    const location = { offset: left.location.offset, length: end - left.location.offset }
    if (operator.kind === 'binary') {
      this.#applicationCount += 1
      return { kind: 'binary', operator: operator.operator, left, right, location }
    }
    if (left.kind === 'logical' && left.operator === operator.operator) {
      // The node was made here and nobody has seen it: a chain of n grows in n steps, not n².
      const operands = left.operands as Expression[]
      operands.push(right)
      const growing: GrowingLocation = left.location
      growing.length = location.length
      return left
    }
    return { kind: 'logical', operator: operator.operator, operands: [left, right], location }
  }

  // ---------------------------------------------------------------------------------------------------- look-ahead

  /** `INSERT INTO t (a, b) VALUES …`: names in parentheses, and something to insert behind them. */
  #isColumnList(): boolean {
    if (this.LA(1).tokenType !== t.OpenParenthesis) return false
    let at = 2
    for (;;) {
      if (!isName(this.LA(at))) return false
      const next = this.LA(at + 1).tokenType
      at += 2
      if (next === t.CloseParenthesis) break
      if (next !== t.Comma) return false
    }
    return INSERTABLE.has(this.LA(at).tokenType)
  }

  /** INSERT INTO t [0] … goes on with the path, INSERT INTO t [{…}] inserts a list. */
  #isTargetStep(): boolean {
    if (this.LA(1).tokenType !== t.OpenBracket) return true
    const { tokenType } = this.LA(3)
    return (
      (tokenType === t.CloseBracket || tokenType === EOF) &&
      (TARGET_INDEXES.has(this.LA(2).tokenType) || isName(this.LA(2)))
    )
  }

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

  // ---------------------------------------------------------------------------------------------------------- nodes

  #of(token: IToken): Location {
    if (this.RECORDING_PHASE) return NOWHERE
    return { offset: token.startOffset, length: token.image.length }
  }

  /** From a token to the last one consumed. */
  #since(start: IToken): Location {
    return this.#from(start.startOffset)
  }

  #from(offset: number): Location {
    const last = this.LA(0)
    return { offset, length: last.startOffset + last.image.length - offset }
  }

  #identifier(token: IToken): Identifier {
    if (this.RECORDING_PHASE) return { kind: 'identifier', name: '', quoted: false, location: NOWHERE }
    const quoted = token.tokenType === t.QuotedIdentifier || token.tokenType === t.StringLiteral
    const name = quoted ? unquote(token.image) : token.image
    return { kind: 'identifier', name, quoted, location: this.#of(token) }
  }

  #fieldStep(token: IToken, dot: IToken): FieldStep {
    if (this.RECORDING_PHASE) return { kind: 'field', name: '', quoted: false, location: NOWHERE }
    const quoted = token.tokenType === t.QuotedIdentifier || token.tokenType === t.StringLiteral
    const name = quoted ? unquote(token.image) : token.image
    return { kind: 'field', name, quoted, location: this.#since(dot) }
  }

  #pathTo(root: Expression, steps: readonly PathStep[], location: Location): Expression {
    return steps.length === 0 ? root : { kind: 'path', root, steps, location }
  }

  #variable(token: IToken): Variable {
    const { name, quoted, location } = this.#identifier(token)
    return { kind: 'variable', name, quoted, atSign: false, location }
  }

  #parameter(token: IToken): Parameter {
    const index = this.#parameterCount
    if (!this.RECORDING_PHASE) this.#parameterCount += 1
    return { kind: 'parameter', index, location: this.#of(token) }
  }

  #string(token: IToken): Literal {
    return this.#literal(token, this.RECORDING_PHASE ? NULL : unquote(token.image))
  }

  #integerLiteral(token: IToken): Literal {
    return this.#literal(token, this.RECORDING_PHASE ? NULL : integerValue(token.image))
  }

  #literal(token: IToken, value: IonValue): Literal {
    return { kind: 'literal', value, isIon: false, location: this.#of(token) }
  }

  #decimal(token: IToken): Literal {
    if (this.RECORDING_PHASE) return this.#literal(token, NULL)
    const value = decimalValue(token.image)
    if (value === undefined) throw this.#failure(token, 'The exponent of this number is too large.', [])
    return this.#literal(token, value)
  }

  #ion(token: IToken): Literal {
    const location = this.#of(token)
    if (this.RECORDING_PHASE) return { kind: 'literal', value: NULL, isIon: true, location }
    try {
      return { kind: 'literal', value: parseOne(token.image.slice(1, -1)), isIon: true, location }
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw this.#failure(token, `The backticks do not hold one Ion value: ${reason}`, [], cause)
    }
  }

  #datetime(
    type: DatetimeLiteral['type'],
    start: IToken,
    { precision, withTimeZone }: TimePrecision,
    token: IToken,
  ): DatetimeLiteral {
    const text = this.RECORDING_PHASE ? '' : unquote(token.image)
    if (!this.RECORDING_PHASE && !isDatetime(type, text, withTimeZone)) {
      throw this.#failure(token, `${token.image} is not ${DATETIME_SHAPES[type]}.`, [])
    }
    return { kind: 'datetime', type, text, precision, withTimeZone, location: this.#since(start) }
  }

  #integer(token: IToken): number {
    if (this.RECORDING_PHASE) return 0
    const value = Number(token.image)
    if (value > Number.MAX_SAFE_INTEGER) throw this.#failure(token, 'This number is too large here.', [])
    return value
  }

  #typeName(token: IToken, parameterCount: number): DataType['name'] {
    if (this.RECORDING_PHASE) return 'any'
    const word = TYPE_WORDS.get(token.image.toUpperCase())
    if (word === undefined) {
      const names = [...TYPE_WORDS.keys()]
      throw this.#failure(token, `There is no type ${token.image}.${didYouMean(token.image, names)}`, names)
    }
    if (parameterCount > word.maxParameters) {
      const most = word.maxParameters === 0 ? 'no numbers' : `at most ${word.maxParameters}`
      throw this.#failure(token, `The type ${token.image} takes ${most} in parentheses.`, [])
    }
    return word.name
  }

  #datePart(token: IToken): DatePart {
    if (this.RECORDING_PHASE) return 'year'
    const part = DATE_PARTS.find((known) => known === token.image.toLowerCase())
    if (part !== undefined) return part
    const names = DATE_PARTS.map((known) => known.toUpperCase())
    throw this.#failure(token, `There is no date part ${token.image}.${didYouMean(token.image, names)}`, names)
  }

  #requireWord(token: IToken, word: string): void {
    if (this.RECORDING_PHASE || token.image.toLowerCase() === word) return
    throw this.#failure(token, `Expected ${word}, found ${token.image}.`, [word])
  }

  #call(name: string, args: readonly Expression[], start: IToken): Call {
    const location = this.#since(start)
    return { kind: 'call', name, quoted: false, quantifier: undefined, star: false, args, location }
  }

  #wordCall(token: IToken, name: string): Call {
    const location = this.#of(token)
    return { kind: 'call', name, quoted: false, quantifier: undefined, star: false, args: NONE, location }
  }

  /** A query in the place of an expression: itself when it is no more than one. */
  #asExpression(query: Query): Expression {
    const { body, orderBy, limit, offset } = query
    const isPlain = orderBy === undefined && limit === undefined && offset === undefined
    if (isPlain && body.kind !== 'select' && body.kind !== 'set-operation') return body
    return { kind: 'subquery', query, location: query.location }
  }

  /** INTERSECT binds tighter than UNION and EXCEPT; all associate to the left. */
  #foldSetOperations(operators: readonly PendingSetOperator[], operands: readonly QueryBody[]): QueryBody {
    if (this.RECORDING_PHASE) return PLACEHOLDER
    this.#applicationCount += operators.length
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

  #failure(place: IToken | Location, message: string, expected: readonly string[], cause?: unknown): StatementError {
    const { offset, length } = 'image' in place ? this.#of(place) : place
    const location = locate(this.#text, offset, length)
    const where = `at line ${location.line}, column ${location.column}`
    return new StatementError('SYNTAX_ERROR', `${message} (${where})`, { location, expected, cause })
  }

  #place(token: IToken): string {
    const { line, column } = locate(this.#text, token.startOffset)
    return `at line ${line}, column ${column}`
  }
}

function unexpectedAt(token: IToken): ParserOutcome {
  return { statement: undefined, unexpected: token.tokenType === EOF ? 'end' : token }
}

interface CallArguments {
  readonly quantifier: SetQuantifier | undefined
  readonly star: boolean
  readonly args: readonly Expression[]
}

interface TimePrecision {
  readonly precision: number | undefined
  readonly withTimeZone: boolean | undefined
}

type PendingSetOperator = Pick<SetOperation, 'operator' | 'outer' | 'quantifier'>

function setOperation(operator: PendingSetOperator, left: QueryBody, right: QueryBody): SetOperation {
  const offset = left.location.offset
  const location = { offset, length: right.location.offset + right.location.length - offset }
  return { kind: 'set-operation', ...operator, left, right, location }
}

function isName(token: IToken): boolean {
  return t.Name.categoryMatchesMap![token.tokenTypeIdx] === true
}

// ------------------------------------------------------------------------------------------------------------- door

let productionParser: StatementParser | undefined

/** The parser of this process, made at the first statement (some 20 ms). */
function theParser(): StatementParser {
  productionParser ??= new StatementParser(true)
  return productionParser
}

/**
 * One run over tokens. They may be cut or made up, as long as their places rise.
 *
 * @param text only for lines and columns in messages
 * @throws {StatementError} SYNTAX_ERROR for a literal, type or date part that does not exist
 * @throws {LimitError} STATEMENT_TOO_DEEP
 */
export function runParser(tokens: IToken[], text: string, maxDepth: number): ParserOutcome {
  try {
    return theParser().run(tokens, text, maxDepth)
  } catch (error) {
    // Out of stack: where the parser stopped nobody knows, so the next statement gets a new one.
    if (error instanceof RangeError) productionParser = undefined
    throw error
  }
}

/** The rules as data, for the diagram and for the test that holds them equal to the page of the grammar. */
export function grammarRules(): ISerializedGast[] {
  return theParser().getSerializedGastProductions()
}

/**
 * Lets Chevrotain look for ambiguities, left recursion and unreachable alternatives; production skips that.
 *
 * @throws {Error} naming them
 */
export function validateGrammar(): void {
  new StatementParser(false)
}
