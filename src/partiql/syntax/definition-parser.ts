import { EOF, type IToken, type ParserMethod } from './chevrotain.ts'
import type {
  CreateIndex,
  CreateTable,
  DropIndex,
  DropTable,
  Identifier,
  TableConstraint,
  TableElement,
  TableOption,
  TableProperty,
  Target,
  UndropTable,
} from './nodes.ts'
import { QueryParser } from './query-parser.ts'
import { NONE } from './syntax-builder.ts'
import * as t from './tokens.ts'

const BY = t.keyword('BY')
const CHECK = t.keyword('CHECK')
const CONSTRAINT = t.keyword('CONSTRAINT')
const CREATE = t.keyword('CREATE')
const DROP = t.keyword('DROP')
const FALSE = t.keyword('FALSE')
const INDEX = t.keyword('INDEX')
const KEY = t.keyword('KEY')
const ON = t.keyword('ON')
const PARTITION = t.keyword('PARTITION')
const PRIMARY = t.keyword('PRIMARY')
const TABLE = t.keyword('TABLE')
const TBLPROPERTIES = t.keyword('TBLPROPERTIES')
const TRUE = t.keyword('TRUE')
const UNDROP = t.keyword('UNDROP')
const UNIQUE = t.keyword('UNIQUE')
const WITH = t.keyword('WITH')

/** The rules of tables and indexes. */
export abstract class DefinitionParser extends QueryParser {
  protected abstract readonly target: ParserMethod<[], Target>

  protected readonly create: ParserMethod<[], CreateTable | CreateIndex> = this.RULE(
    'create',
    (): CreateTable | CreateIndex => {
      const start = this.CONSUME(CREATE)
      return this.OR<CreateTable | CreateIndex>([
        {
          ALT: () => {
            this.CONSUME(TABLE)
            const table = this.identifier(this.CONSUME(t.Name))
            const elements = this.OPTION(() => this.SUBRULE(this.tableElements)) ?? NONE
            const options: TableOption[] = []
            this.OPTION2(() => {
              this.CONSUME(WITH)
              this.CONSUME(t.OpenParenthesis)
              this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => options.push(this.SUBRULE(this.tableOption)) })
              this.CONSUME(t.CloseParenthesis)
            })
            let partitionBy: readonly Identifier[] = NONE
            this.OPTION3(() => {
              this.CONSUME(PARTITION)
              this.CONSUME(BY)
              partitionBy = this.SUBRULE(this.nameList)
            })
            const properties = this.OPTION4(() => this.SUBRULE(this.tableProperties)) ?? NONE
            return {
              kind: 'create-table',
              table,
              elements,
              options,
              partitionBy,
              properties,
              parameterCount: this.parameterCount,
              location: this.since(start),
            }
          },
        },
        {
          ALT: () => {
            const isUnique = this.OPTION5(() => this.CONSUME(UNIQUE)) !== undefined
            this.CONSUME(INDEX)
            this.CONSUME(ON)
            const table = this.identifier(this.CONSUME2(t.Name))
            const paths: Target[] = []
            this.CONSUME2(t.OpenParenthesis)
            this.AT_LEAST_ONE_SEP2({ SEP: t.Comma, DEF: () => paths.push(this.SUBRULE(this.target)) })
            this.CONSUME2(t.CloseParenthesis)
            return {
              kind: 'create-index',
              isUnique,
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

  protected readonly tableElements: ParserMethod<[], readonly TableElement[]> = this.RULE('tableElements', () => {
    const elements: TableElement[] = []
    this.CONSUME(t.OpenParenthesis)
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => {
        elements.push(
          this.OR<TableElement>([
            {
              GATE: () => this.#isTableConstraint(),
              ALT: () => this.SUBRULE(this.tableConstraint),
              IGNORE_AMBIGUITIES: true,
            },
            { ALT: () => this.SUBRULE(this.fieldDefinition) },
          ]),
        )
      },
    })
    this.CONSUME(t.CloseParenthesis)
    return elements
  })

  protected readonly tableConstraint: ParserMethod<[], TableConstraint> = this.RULE(
    'tableConstraint',
    (): TableConstraint => {
      const start = this.LA(1)
      const name = this.OPTION(() => this.SUBRULE(this.constraintName))
      return this.OR<TableConstraint>([
        {
          ALT: () => {
            this.CONSUME(UNIQUE)
            const fields = this.SUBRULE(this.nameList)
            return { kind: 'unique-key', name, fields, location: this.since(start) }
          },
        },
        {
          ALT: () => {
            this.CONSUME(PRIMARY)
            this.CONSUME(KEY)
            const fields = this.SUBRULE2(this.nameList)
            return { kind: 'primary-key', name, fields, location: this.since(start) }
          },
        },
        {
          ALT: () => {
            this.CONSUME(CHECK)
            this.CONSUME(t.OpenParenthesis)
            const condition = this.SUBRULE(this.expression)
            this.CONSUME(t.CloseParenthesis)
            return { kind: 'table-check', name, condition, location: this.since(start) }
          },
        },
      ])
    },
  )

  protected readonly tableProperties: ParserMethod<[], readonly TableProperty[]> = this.RULE('tableProperties', () => {
    const properties: TableProperty[] = []
    this.CONSUME(TBLPROPERTIES)
    this.CONSUME(t.OpenParenthesis)
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => {
        const key = this.CONSUME(t.StringLiteral)
        this.CONSUME(t.Equal)
        const value = this.text(this.CONSUME2(t.StringLiteral))
        properties.push({ kind: 'table-property', key: this.text(key), value, location: this.since(key) })
      },
    })
    this.CONSUME(t.CloseParenthesis)
    return properties
  })

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

  /** UNIQUE (a), PRIMARY KEY (a), CHECK (e) or CONSTRAINT c before one of them: no field of that name. */
  #isTableConstraint(): boolean {
    let at = 1
    if (this.LA(at).tokenType === CONSTRAINT && this.LA(at + 2).tokenType !== EOF) at += 2
    const next = this.LA(at + 1).tokenType
    switch (this.LA(at).tokenType) {
      case CONSTRAINT:
        return true
      case PRIMARY:
        return next === KEY || next === EOF
      case UNIQUE:
      case CHECK:
        return next === t.OpenParenthesis || next === EOF
      default:
        return false
    }
  }

  #requireWord(token: IToken, word: string): void {
    if (this.RECORDING_PHASE || token.image.toLowerCase() === word) return
    throw this.failure(token, `Expected ${word}, found ${token.image}.`, [word])
  }
}
