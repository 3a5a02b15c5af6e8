/**
 * The grammar, as rules of Chevrotain that build the syntax nodes directly: statements here, on top of `query-parser.ts`,
 * `expression-parser.ts` and `call-parser.ts`. `grammar/partiql.ebnf` says the same on one page, under the same rule
 * names; a test holds them equal.
 *
 * What makes it fast: one token of look-ahead everywhere (the lexer decides which words are keywords); operators in one
 * loop with a stack instead of a rule for each precedence; the arrays of large alternatives made once.
 */

import { EOF, type IOrAlt, type ISerializedGast, type IToken, type ParserMethod, type TokenType } from './chevrotain.ts'
import { NO_ALTERNATIVE } from './look-ahead.ts'
import type {
  Assignment,
  CreateIndex,
  CreateTable,
  Delete,
  DropIndex,
  DropTable,
  Exec,
  Explain,
  Expression,
  FieldStep,
  FromDml,
  Identifier,
  IndexStep,
  Insert,
  InsertIntoPath,
  InsertIntoPathStatement,
  InsertSource,
  Operation,
  Scan,
  Statement,
  TableOption,
  Target,
  UndropTable,
  Update,
} from './nodes.ts'
import { QueryParser } from './query-parser.ts'
import { PLACEHOLDER } from './syntax-builder.ts'
import * as t from './tokens.ts'

const ANALYZE = t.keyword('ANALYZE')
const AS = t.keyword('AS')
const AT = t.keyword('AT')
const BY = t.keyword('BY')
const CREATE = t.keyword('CREATE')
const DEFAULT = t.keyword('DEFAULT')
const DELETE = t.keyword('DELETE')
const DROP = t.keyword('DROP')
const EXEC = t.keyword('EXEC')
const EXPLAIN = t.keyword('EXPLAIN')
const FALSE = t.keyword('FALSE')
const FROM = t.keyword('FROM')
const INDEX = t.keyword('INDEX')
const INSERT = t.keyword('INSERT')
const INTO = t.keyword('INTO')
const ON = t.keyword('ON')
const REMOVE = t.keyword('REMOVE')
const SELECT = t.keyword('SELECT')
const SET = t.keyword('SET')
const TABLE = t.keyword('TABLE')
const TRUE = t.keyword('TRUE')
const UNDROP = t.keyword('UNDROP')
const UPDATE = t.keyword('UPDATE')
const VALUE = t.keyword('VALUE')
const VALUES = t.keyword('VALUES')
const WHERE = t.keyword('WHERE')
const WITH = t.keyword('WITH')

/** What may stand between the brackets of a target; the end, while it is being typed. */
const TARGET_INDEXES: ReadonlySet<TokenType> = new Set([t.IntegerLiteral, t.StringLiteral, t.QuestionMark, EOF])

/** What can be inserted, and so tells that the names in front of it are columns. */
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

/** What came of a run: a statement, or the token that no rule accepts (`end` when more was wanted). */
export type ParserOutcome =
  | { readonly statement: Statement; readonly unexpected: undefined; readonly applicationCount: number }
  | { readonly statement: undefined; readonly unexpected: IToken | 'end' }

/** The rules of statements, on top of those of queries and expressions. */
class StatementParser extends QueryParser {
  constructor(skipValidations: boolean) {
    super(skipValidations)
    this.performSelfAnalysis()
  }

  /**
   * @throws {StatementError} SYNTAX_ERROR from an action: a literal, type or date part that does not exist
   * @throws {LimitError} STATEMENT_TOO_DEEP
   */
  run(tokens: IToken[], text: string, maxDepth: number): ParserOutcome {
    this.begin(tokens, text, maxDepth)
    let statement: Statement
    try {
      statement = this.script()
    } catch (error) {
      if (error !== NO_ALTERNATIVE) throw error
      return unexpectedAt(this.LA(1))
    }
    const [failure] = this.errors
    if (failure !== undefined) return unexpectedAt(failure.token)
    return { statement, unexpected: undefined, applicationCount: this.applicationCount }
  }

  protected readonly script: ParserMethod<[], Statement> = this.RULE('script', (): Statement => {
    const statement = this.SUBRULE(this.statement)
    this.MANY(() => {
      this.CONSUME(t.Semicolon)
    })
    return statement
  })

  protected readonly statement: ParserMethod<[], Statement> = this.RULE('statement', () => {
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
            parameterCount: this.parameterCount,
            location: this.since(start),
          }
        },
      },
    ]
    return this.OR(this.#statements)
  })
  #statements: IOrAlt<Statement>[] | undefined

  protected readonly explain: ParserMethod<[], Explain> = this.RULE('explain', (): Explain => {
    const start = this.CONSUME(EXPLAIN)
    const analyze = this.OPTION(() => this.CONSUME(ANALYZE)) !== undefined
    const statement = this.SUBRULE(this.statement)
    return {
      kind: 'explain',
      analyze,
      statement,
      parameterCount: this.parameterCount,
      location: this.since(start),
    }
  })

  protected readonly exec: ParserMethod<[], Exec> = this.RULE('exec', (): Exec => {
    const start = this.CONSUME(EXEC)
    const procedure = this.identifier(this.CONSUME(t.Name))
    const args: Expression[] = []
    this.MANY_SEP({ SEP: t.Comma, DEF: () => args.push(this.SUBRULE(this.expression)) })
    return { kind: 'exec', procedure, args, parameterCount: this.parameterCount, location: this.since(start) }
  })

  // Tables and indexes.

  protected readonly create: ParserMethod<[], CreateTable | CreateIndex> = this.RULE(
    'create',
    (): CreateTable | CreateIndex => {
      const start = this.CONSUME(CREATE)
      return this.OR<CreateTable | CreateIndex>([
        {
          ALT: () => {
            this.CONSUME(TABLE)
            const table = this.identifier(this.CONSUME(t.Name))
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
              parameterCount: this.parameterCount,
              location: this.since(start),
            }
          },
        },
        {
          ALT: () => {
            this.CONSUME(INDEX)
            this.CONSUME(ON)
            const table = this.identifier(this.CONSUME2(t.Name))
            const paths: Target[] = []
            this.CONSUME2(t.OpenParenthesis)
            this.AT_LEAST_ONE_SEP2({ SEP: t.Comma, DEF: () => paths.push(this.SUBRULE(this.target)) })
            this.CONSUME2(t.CloseParenthesis)
            return {
              kind: 'create-index',
              table,
              paths,
              parameterCount: this.parameterCount,
              location: this.since(start),
            }
          },
        },
      ])
    },
  )

  protected readonly tableOption: ParserMethod<[], TableOption> = this.RULE('tableOption', (): TableOption => {
    const name = this.CONSUME(t.Name)
    this.CONSUME(t.Equal)
    const value = this.SUBRULE(this.expression)
    return { kind: 'table-option', name: this.identifier(name), value, location: this.since(name) }
  })

  protected readonly drop: ParserMethod<[], DropTable | DropIndex> = this.RULE('drop', (): DropTable | DropIndex => {
    const start = this.CONSUME(DROP)
    return this.OR<DropTable | DropIndex>([
      {
        ALT: () => {
          this.CONSUME(TABLE)
          const table = this.identifier(this.CONSUME(t.Name))
          return { kind: 'drop-table', table, parameterCount: this.parameterCount, location: this.since(start) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(INDEX)
          const indexId = this.identifier(
            this.OR2([{ ALT: () => this.CONSUME2(t.Name) }, { ALT: () => this.CONSUME(t.StringLiteral) }]),
          )
          this.CONSUME(ON)
          const table = this.identifier(this.CONSUME3(t.Name))
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
            parameterCount: this.parameterCount,
            location: this.since(start),
          }
        },
      },
    ])
  })

  protected readonly undrop: ParserMethod<[], UndropTable> = this.RULE('undrop', (): UndropTable => {
    const start = this.CONSUME(UNDROP)
    this.CONSUME(TABLE)
    const tableId = this.identifier(
      this.OR([{ ALT: () => this.CONSUME(t.Name) }, { ALT: () => this.CONSUME(t.StringLiteral) }]),
    )
    return { kind: 'undrop-table', tableId, parameterCount: this.parameterCount, location: this.since(start) }
  })

  // Documents.

  protected readonly insert: ParserMethod<[], Insert | InsertIntoPathStatement> = this.RULE(
    'insert',
    (): Insert | InsertIntoPathStatement => {
      const start = this.CONSUME(INSERT)
      this.CONSUME(INTO)
      const target = this.SUBRULE(this.target)
      const alias = this.OPTION(() => {
        this.CONSUME(AS)
        return this.identifier(this.CONSUME(t.Name))
      })
      const columns = this.OPTION2({
        GATE: () => this.#isColumnList(),
        DEF: () => {
          const names: Identifier[] = []
          this.CONSUME(t.OpenParenthesis)
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => names.push(this.identifier(this.CONSUME2(t.Name))) })
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
            return { kind: 'insert-value', value, location: this.since(sourceStart) }
          },
        },
        {
          ALT: () => {
            this.CONSUME(DEFAULT)
            this.CONSUME(VALUES)
            return { kind: 'insert-default-values', location: this.since(sourceStart) }
          },
          IGNORE_AMBIGUITIES: true,
        },
        {
          ALT: () => {
            const query = this.SUBRULE(this.query)
            return { kind: 'insert-query', query, location: this.since(sourceStart) }
          },
        },
      ])
      const location = this.since(start)
      const parameterCount = this.parameterCount
      if (this.RECORDING_PHASE || (target.steps.length === 0 && at === undefined)) {
        return { kind: 'insert', table: target.root, alias, columns, source, parameterCount, location }
      }
      if (source.kind !== 'insert-value' || alias !== undefined || columns !== undefined) {
        throw this.failure(sourceStart, 'Only one VALUE can be inserted into a path.', ['VALUE'])
      }
      const operation: InsertIntoPath = { kind: 'insert-into-path', target, value: source.value, at, location }
      return { kind: 'insert-into-path-statement', operation, parameterCount, location }
    },
  )

  protected readonly update: ParserMethod<[], Update> = this.RULE('update', (): Update => {
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
      parameterCount: this.parameterCount,
      location: this.since(start),
    }
  })

  protected readonly delete: ParserMethod<[], Delete> = this.RULE('delete', (): Delete => {
    const start = this.CONSUME(DELETE)
    this.CONSUME(FROM)
    const from = this.SUBRULE(this.documents)
    const where = this.OPTION(() => {
      this.CONSUME(WHERE)
      return this.SUBRULE(this.expression)
    })
    return { kind: 'delete', from, where, parameterCount: this.parameterCount, location: this.since(start) }
  })

  protected readonly fromDml: ParserMethod<[], FromDml> = this.RULE('fromDml', (): FromDml => {
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
      parameterCount: this.parameterCount,
      location: this.since(start),
    }
  })

  /** What UPDATE and DELETE range over. */
  protected readonly documents: ParserMethod<[], Scan> = this.RULE('documents', (): Scan => {
    const start = this.LA(1)
    const target = this.SUBRULE(this.target)
    const source: Expression = this.RECORDING_PHASE
      ? PLACEHOLDER
      : this.pathTo(
          { ...target.root, kind: 'variable', atSign: false, location: target.root.location },
          target.steps,
          target.location,
        )
    const alias = this.OPTION(() => this.SUBRULE(this.alias))
    const at = this.OPTION2(() => {
      this.CONSUME(AT)
      return this.identifier(this.CONSUME(t.Name))
    })
    const by = this.OPTION3(() => {
      this.CONSUME(BY)
      return this.identifier(this.CONSUME2(t.Name))
    })
    return { kind: 'scan', source, alias, at, by, location: this.since(start) }
  })

  protected readonly operation: ParserMethod<[], Operation> = this.RULE('operation', (): Operation => {
    const start = this.LA(1)
    return this.OR<Operation>([
      {
        ALT: () => {
          this.CONSUME(SET)
          const assignments: Assignment[] = []
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => assignments.push(this.SUBRULE(this.assignment)) })
          return { kind: 'set', assignments, location: this.since(start) }
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
          return { kind: 'insert-into-path', target, value, at, location: this.since(start) }
        },
      },
      {
        ALT: () => {
          this.CONSUME(REMOVE)
          const target = this.SUBRULE2(this.target)
          return { kind: 'remove', target, location: this.since(start) }
        },
      },
    ])
  })

  protected readonly assignment: ParserMethod<[], Assignment> = this.RULE('assignment', (): Assignment => {
    const start = this.LA(1)
    const target = this.SUBRULE(this.target)
    this.CONSUME(t.Equal)
    const value = this.SUBRULE(this.expression)
    return { kind: 'assignment', target, value, location: this.since(start) }
  })

  protected readonly target: ParserMethod<[], Target> = this.RULE('target', (): Target => {
    const start = this.CONSUME(t.Name)
    const steps: (FieldStep | IndexStep)[] = []
    this.MANY({
      GATE: () => this.#isTargetStep(),
      DEF: () => {
        steps.push(this.SUBRULE(this.targetStep))
      },
    })
    return { kind: 'target', root: this.identifier(start), steps, location: this.since(start) }
  })

  protected readonly targetStep: ParserMethod<[], FieldStep | IndexStep> = this.RULE(
    'targetStep',
    (): FieldStep | IndexStep => {
      const start = this.LA(1)
      return this.OR<FieldStep | IndexStep>([
        {
          ALT: () => {
            this.CONSUME(t.Dot)
            const name = this.OR2([{ ALT: () => this.CONSUME(t.Name) }, { ALT: () => this.CONSUME(t.StringLiteral) }])
            return this.fieldStep(name, start)
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.OpenBracket)
            const index = this.OR3<Expression>([
              { ALT: () => this.integerLiteral(this.CONSUME(t.IntegerLiteral)) },
              { ALT: () => this.string(this.CONSUME2(t.StringLiteral)) },
              { ALT: () => this.parameter(this.CONSUME(t.QuestionMark)) },
              { ALT: () => this.variable(this.CONSUME2(t.Name)) },
            ])
            this.CONSUME(t.CloseBracket)
            return { kind: 'index', index, location: this.since(start) }
          },
        },
      ])
    },
  )

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

  #requireWord(token: IToken, word: string): void {
    if (this.RECORDING_PHASE || token.image.toLowerCase() === word) return
    throw this.failure(token, `Expected ${word}, found ${token.image}.`, [word])
  }
}

function isName(token: IToken): boolean {
  return t.Name.categoryMatchesMap![token.tokenTypeIdx] === true
}

function unexpectedAt(token: IToken): ParserOutcome {
  return { statement: undefined, unexpected: token.tokenType === EOF ? 'end' : token }
}

// ------------------------------------------------------------------------------------------------------------- door

let productionParser: StatementParser | undefined

/** The parser of this process, made at the first statement (some 30 ms). */
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
