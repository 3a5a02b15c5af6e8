import { EOF, type IToken, type ParserMethod, type TokenType } from './chevrotain.ts'
import { DefinitionParser } from './definition-parser.ts'
import type {
  Assignment,
  ConflictAction,
  ConflictTarget,
  Delete,
  DoReplace,
  DoUpdate,
  ExcludedDocument,
  Expression,
  FieldStep,
  FromDml,
  IndexStep,
  Insert,
  InsertIntoPath,
  InsertIntoPathStatement,
  InsertSource,
  OnConflict,
  Operation,
  Returning,
  ReturningItem,
  Scan,
  SetFields,
  Target,
  Update,
} from './nodes.ts'
import { PLACEHOLDER } from './syntax-builder.ts'
import * as t from './tokens.ts'

const ALL = t.keyword('ALL')
const AS = t.keyword('AS')
const AT = t.keyword('AT')
const BY = t.keyword('BY')
const CONFLICT = t.keyword('CONFLICT')
const CONSTRAINT = t.keyword('CONSTRAINT')
const DEFAULT = t.keyword('DEFAULT')
const DELETE = t.keyword('DELETE')
const DO = t.keyword('DO')
const EXCLUDED = t.keyword('EXCLUDED')
const FROM = t.keyword('FROM')
const INSERT = t.keyword('INSERT')
const INTO = t.keyword('INTO')
const MODIFIED = t.keyword('MODIFIED')
const NEW = t.keyword('NEW')
const NOTHING = t.keyword('NOTHING')
const OLD = t.keyword('OLD')
const ON = t.keyword('ON')
const PIVOT = t.keyword('PIVOT')
const REMOVE = t.keyword('REMOVE')
const REPLACE = t.keyword('REPLACE')
const RETURNING = t.keyword('RETURNING')
const SELECT = t.keyword('SELECT')
const SET = t.keyword('SET')
const TABLE = t.keyword('TABLE')
const UPDATE = t.keyword('UPDATE')
const UPSERT = t.keyword('UPSERT')
const VALUE = t.keyword('VALUE')
const VALUES = t.keyword('VALUES')
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
  PIVOT,
  SELECT,
  TABLE,
  WITH,
])

/** The rules of statements that change documents. */
export abstract class ChangeParser extends DefinitionParser {
  protected readonly insert: ParserMethod<[], Insert | InsertIntoPathStatement> = this.RULE(
    'insert',
    (): Insert | InsertIntoPathStatement => {
      const start = this.LA(1)
      const mode = this.OR2<Insert['mode']>([
        { ALT: () => this.word(this.CONSUME(INSERT), 'insert') },
        { ALT: () => this.word(this.CONSUME(UPSERT), 'upsert') },
        { ALT: () => this.word(this.CONSUME(REPLACE), 'replace') },
      ])
      this.CONSUME(INTO)
      const target = this.SUBRULE(this.target)
      const alias = this.OPTION(() => {
        this.CONSUME(AS)
        return this.identifier(this.CONSUME(t.Name))
      })
      const columns = this.OPTION2({
        GATE: () => this.#isColumnList(),
        DEF: () => this.SUBRULE(this.nameList),
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
      const onConflict = this.OPTION4(() => this.SUBRULE(this.onConflict))
      const returning = this.OPTION5(() => this.SUBRULE(this.returning))
      const location = this.since(start)
      const parameterCount = this.parameterCount
      if (this.RECORDING_PHASE || (target.steps.length === 0 && at === undefined)) {
        const table = target.root
        return {
          kind: 'insert',
          mode,
          table,
          alias,
          columns,
          source,
          onConflict,
          returning,
          parameterCount,
          location,
        }
      }
      if (source.kind !== 'insert-value' || alias !== undefined || columns !== undefined) {
        throw this.failure(sourceStart, 'Only one VALUE can be inserted into a path.', ['VALUE'])
      }
      if (mode !== 'insert' || onConflict !== undefined) {
        const place = onConflict?.location ?? start
        throw this.failure(place, 'Inserting into a path cannot be in conflict with anything: only INSERT does it.', [])
      }
      const operation: InsertIntoPath = { kind: 'insert-into-path', target, value: source.value, at, location }
      return { kind: 'insert-into-path-statement', operation, returning, parameterCount, location }
    },
  )

  protected readonly onConflict: ParserMethod<[], OnConflict> = this.RULE('onConflict', (): OnConflict => {
    const start = this.CONSUME(ON)
    this.CONSUME(CONFLICT)
    const target = this.OPTION(() => this.SUBRULE(this.conflictTarget))
    const where = this.OPTION2(() => this.SUBRULE(this.where))
    this.CONSUME(DO)
    const action = this.SUBRULE(this.conflictAction)
    return { kind: 'on-conflict', target, where, action, location: this.since(start) }
  })

  protected readonly conflictTarget: ParserMethod<[], ConflictTarget> = this.RULE(
    'conflictTarget',
    (): ConflictTarget => {
      const start = this.LA(1)
      return this.OR<ConflictTarget>([
        {
          ALT: () => {
            const fields = this.SUBRULE(this.nameList)
            return { kind: 'conflict-fields', fields, location: this.since(start) }
          },
        },
        {
          ALT: () => {
            this.CONSUME(ON)
            this.CONSUME(CONSTRAINT)
            const name = this.identifier(this.CONSUME(t.Name))
            return { kind: 'conflict-constraint', name, location: this.since(start) }
          },
        },
      ])
    },
  )

  protected readonly conflictAction: ParserMethod<[], ConflictAction> = this.RULE(
    'conflictAction',
    (): ConflictAction => {
      const start = this.LA(1)
      return this.OR<ConflictAction>([
        {
          ALT: () => {
            this.CONSUME(NOTHING)
            return { kind: 'do-nothing', location: this.since(start) }
          },
        },
        {
          ALT: () => {
            this.CONSUME(UPDATE)
            const change = this.OR2<DoUpdate['change']>([
              { ALT: () => this.#excluded(this.CONSUME(EXCLUDED)) },
              { ALT: () => this.SUBRULE(this.setFields) },
            ])
            const where = this.OPTION(() => this.SUBRULE(this.where))
            return { kind: 'do-update', change, where, location: this.since(start) }
          },
        },
        {
          ALT: () => {
            this.CONSUME(REPLACE)
            const change = this.OR3<DoReplace['change']>([
              { ALT: () => this.#excluded(this.CONSUME2(EXCLUDED)) },
              { ALT: () => this.SUBRULE2(this.setFields) },
              {
                ALT: () => {
                  const valueStart = this.CONSUME(VALUE)
                  const value = this.SUBRULE(this.expression)
                  return { kind: 'insert-value', value, location: this.since(valueStart) }
                },
              },
            ])
            const where = this.OPTION2(() => this.SUBRULE2(this.where))
            return { kind: 'do-replace', change, where, location: this.since(start) }
          },
        },
      ])
    },
  )

  protected readonly returning: ParserMethod<[], Returning> = this.RULE('returning', (): Returning => {
    const start = this.CONSUME(RETURNING)
    const items: ReturningItem[] = []
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => items.push(this.SUBRULE(this.returningItem)) })
    return { kind: 'returning', items, location: this.since(start) }
  })

  protected readonly returningItem: ParserMethod<[], ReturningItem> = this.RULE('returningItem', (): ReturningItem => {
    const start = this.LA(1)
    const rows = this.OR<ReturningItem['rows']>([
      { ALT: () => this.word(this.CONSUME(MODIFIED), 'modified') },
      { ALT: () => this.word(this.CONSUME(ALL), 'all') },
    ])
    const version = this.OR2<ReturningItem['version']>([
      { ALT: () => this.word(this.CONSUME(OLD), 'old') },
      { ALT: () => this.word(this.CONSUME(NEW), 'new') },
    ])
    const expression = this.OR3<Expression | undefined>([
      { ALT: () => this.word(this.CONSUME(t.Star), undefined) },
      { ALT: () => this.SUBRULE(this.expression) },
    ])
    return { kind: 'returning-item', rows, version, expression, location: this.since(start) }
  })

  protected readonly update: ParserMethod<[], Update> = this.RULE('update', (): Update => {
    const start = this.CONSUME(UPDATE)
    const from = this.SUBRULE(this.documents)
    const operations: Operation[] = []
    this.AT_LEAST_ONE(() => operations.push(this.SUBRULE(this.operation)))
    const where = this.OPTION(() => this.SUBRULE(this.where))
    const returning = this.OPTION2(() => this.SUBRULE(this.returning))
    return {
      kind: 'update',
      from,
      operations,
      where,
      returning,
      parameterCount: this.parameterCount,
      location: this.since(start),
    }
  })

  protected readonly delete: ParserMethod<[], Delete> = this.RULE('delete', (): Delete => {
    const start = this.CONSUME(DELETE)
    this.CONSUME(FROM)
    const from = this.SUBRULE(this.documents)
    const where = this.OPTION(() => this.SUBRULE(this.where))
    const returning = this.OPTION2(() => this.SUBRULE(this.returning))
    return { kind: 'delete', from, where, returning, parameterCount: this.parameterCount, location: this.since(start) }
  })

  protected readonly fromDml: ParserMethod<[], FromDml> = this.RULE('fromDml', (): FromDml => {
    const start = this.LA(1)
    const from = this.SUBRULE(this.from)
    const where = this.OPTION(() => this.SUBRULE(this.where))
    const operations: Operation[] = []
    this.AT_LEAST_ONE(() => operations.push(this.SUBRULE(this.operation)))
    const returning = this.OPTION2(() => this.SUBRULE(this.returning))
    return {
      kind: 'from-dml',
      from,
      where,
      operations,
      returning,
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
    return { kind: 'scan', source, asOf: undefined, alias, at, by, location: this.since(start) }
  })

  protected readonly operation: ParserMethod<[], Operation> = this.RULE('operation', (): Operation => {
    const start = this.LA(1)
    return this.OR<Operation>([
      { ALT: () => this.SUBRULE(this.setFields) },
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

  protected readonly setFields: ParserMethod<[], SetFields> = this.RULE('setFields', (): SetFields => {
    const start = this.CONSUME(SET)
    const assignments: Assignment[] = []
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => assignments.push(this.SUBRULE(this.assignment)) })
    return { kind: 'set', assignments, location: this.since(start) }
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
    this.applicationCount += steps.length
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
      if (!this.isName(this.LA(at))) return false
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
      (TARGET_INDEXES.has(this.LA(2).tokenType) || this.isName(this.LA(2)))
    )
  }

  #excluded(token: IToken): ExcludedDocument {
    return { kind: 'excluded', location: this.of(token) }
  }
}
