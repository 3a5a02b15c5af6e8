import type { IToken, ParserMethod } from './chevrotain.ts'
import { TYPE_WORDS } from './data-types.ts'
import { isDatetime, unquote } from './literals.ts'
import type {
  DataType,
  DatetimeLiteral,
  Expression,
  FieldConstraint,
  FieldDefinition,
  Identifier,
  IntervalField,
  IntervalLiteral,
  IntervalQualifier,
} from './nodes.ts'
import { typeElsewhere } from './other-dialect.ts'
import { didYouMean } from './suggestion.ts'
import { SyntaxBuilder } from './syntax-builder.ts'
import * as t from './tokens.ts'

const ARRAY = t.keyword('ARRAY')
const BAG = t.keyword('BAG')
const CHAR = t.keyword('CHAR')
const CHARACTER = t.keyword('CHARACTER')
const CHECK = t.keyword('CHECK')
const COMMENT = t.keyword('COMMENT')
const CONSTRAINT = t.keyword('CONSTRAINT')
const DATE = t.keyword('DATE')
const DOUBLE = t.keyword('DOUBLE')
const INTERVAL = t.keyword('INTERVAL')
const KEY = t.keyword('KEY')
const LIST = t.keyword('LIST')
const MISSING = t.keyword('MISSING')
const NOT = t.keyword('NOT')
const NULL_WORD = t.keyword('NULL')
const OPTIONAL = t.keyword('OPTIONAL')
const PRECISION = t.keyword('PRECISION')
const PRIMARY = t.keyword('PRIMARY')
const SEXP = t.keyword('SEXP')
const STRUCT = t.keyword('STRUCT')
const TIME = t.keyword('TIME')
const TIMESTAMP = t.keyword('TIMESTAMP')
const TO = t.keyword('TO')
const TUPLE = t.keyword('TUPLE')
const UNIQUE = t.keyword('UNIQUE')
const VARYING = t.keyword('VARYING')
const WITH = t.keyword('WITH')
const WITHOUT = t.keyword('WITHOUT')
const ZONE = t.keyword('ZONE')

/** From large to small; the first two are one family, the others another. */
const INTERVAL_FIELDS: readonly IntervalField[] = ['year', 'month', 'day', 'hour', 'minute', 'second']
const YEAR_MONTH_FIELD_COUNT = 2

const NO_PRECISION: TimePrecision = { precision: undefined, withTimeZone: undefined }

const DATETIME_SHAPES: Readonly<Record<DatetimeLiteral['type'], string>> = {
  date: "a date: write DATE '2026-01-31'",
  time: "a time of day: write TIME '13:30:00', with an offset like +01:00 only where a time zone is allowed",
  timestamp: "a timestamp: write TIMESTAMP '2026-01-31 13:30:00'",
}

interface TimePrecision {
  readonly precision: number | undefined
  readonly withTimeZone: boolean | undefined
}

type TypeParts = Partial<Pick<DataType, 'withTimeZone' | 'interval' | 'element' | 'fields'>>

/** The rules of types, and of the literals that are written with one: dates, times, intervals. */
export abstract class TypeParser extends SyntaxBuilder {
  protected abstract readonly expression: ParserMethod<[], Expression>
  protected abstract readonly term: ParserMethod<[], Expression>

  protected readonly dataType: ParserMethod<[], DataType> = this.RULE('dataType', (): DataType => {
    const start = this.LA(1)
    const parameters: number[] = []
    const type = (name: DataType['name'], parts: TypeParts = {}): DataType => ({
      kind: 'type',
      name,
      parameters,
      withTimeZone: undefined,
      interval: undefined,
      element: undefined,
      fields: undefined,
      ...parts,
      location: this.since(start),
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
          return type(isTime ? 'time' : 'timestamp', { withTimeZone })
        },
        IGNORE_AMBIGUITIES: true,
      },
      {
        ALT: () => {
          this.CONSUME(INTERVAL)
          return type('interval', { interval: this.SUBRULE(this.intervalQualifier) })
        },
        IGNORE_AMBIGUITIES: true,
      },
      {
        ALT: () => {
          this.OR4([{ ALT: () => this.CONSUME(STRUCT) }, { ALT: () => this.CONSUME(TUPLE) }])
          this.enter()
          this.CONSUME(t.OpenAngle)
          const fields: FieldDefinition[] = []
          this.AT_LEAST_ONE_SEP2({ SEP: t.Comma, DEF: () => fields.push(this.SUBRULE(this.fieldDefinition)) })
          this.CONSUME(t.CloseAngle)
          this.depth -= 1
          return type('struct', { fields })
        },
        IGNORE_AMBIGUITIES: true,
      },
      {
        ALT: () => {
          const name = this.OR5<DataType['name']>([
            { ALT: () => this.word(this.CONSUME(LIST), 'list') },
            { ALT: () => this.word(this.CONSUME(ARRAY), 'list') },
            { ALT: () => this.word(this.CONSUME(BAG), 'bag') },
            { ALT: () => this.word(this.CONSUME(SEXP), 'sexp') },
          ])
          this.enter()
          this.CONSUME2(t.OpenAngle)
          const element = this.SUBRULE(this.dataType)
          this.CONSUME2(t.CloseAngle)
          this.depth -= 1
          return type(name, { element })
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

  protected readonly fieldDefinition: ParserMethod<[], FieldDefinition> = this.RULE(
    'fieldDefinition',
    (): FieldDefinition => {
      const start = this.CONSUME(t.Name)
      const isOptional = this.OPTION(() => this.CONSUME(OPTIONAL)) !== undefined
      this.OPTION2(() => this.CONSUME(t.Colon))
      const type = this.SUBRULE(this.dataType)
      const constraints: FieldConstraint[] = []
      this.MANY(() => {
        constraints.push(this.SUBRULE(this.fieldConstraint))
      })
      const comment = this.OPTION3(() => {
        this.CONSUME(COMMENT)
        return this.text(this.CONSUME(t.StringLiteral))
      })
      const name = this.identifier(start)
      return { kind: 'field-definition', name, isOptional, type, constraints, comment, location: this.since(start) }
    },
  )

  protected readonly fieldConstraint: ParserMethod<[], FieldConstraint> = this.RULE(
    'fieldConstraint',
    (): FieldConstraint => {
      const start = this.LA(1)
      const name = this.OPTION(() => this.SUBRULE(this.constraintName))
      return this.OR<FieldConstraint>([
        {
          ALT: () => {
            this.CONSUME(NOT)
            this.CONSUME(NULL_WORD)
            return { kind: 'not-null', name, location: this.since(start) }
          },
        },
        {
          ALT: () => {
            this.CONSUME2(NULL_WORD)
            return { kind: 'null', name, location: this.since(start) }
          },
        },
        {
          ALT: () => {
            this.CONSUME(UNIQUE)
            return { kind: 'unique', name, location: this.since(start) }
          },
        },
        {
          ALT: () => {
            this.CONSUME(PRIMARY)
            this.CONSUME(KEY)
            return { kind: 'primary-key', name, location: this.since(start) }
          },
        },
        {
          ALT: () => {
            this.CONSUME(CHECK)
            this.CONSUME(t.OpenParenthesis)
            const condition = this.SUBRULE(this.expression)
            this.CONSUME(t.CloseParenthesis)
            return { kind: 'check', name, condition, location: this.since(start) }
          },
        },
      ])
    },
  )

  protected readonly constraintName: ParserMethod<[], Identifier> = this.RULE('constraintName', () => {
    this.CONSUME(CONSTRAINT)
    return this.identifier(this.CONSUME(t.Name))
  })

  protected readonly timePrecision: ParserMethod<[], TimePrecision> = this.RULE('timePrecision', (): TimePrecision => {
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

  /** `DAY(3) TO SECOND(6)`; two numbers only behind a SECOND that stands alone. */
  protected readonly intervalQualifier: ParserMethod<[], IntervalQualifier> = this.RULE(
    'intervalQualifier',
    (): IntervalQualifier => {
      const start = this.CONSUME(t.Name)
      const from = this.#intervalField(start)
      const digits: number[] = []
      this.OPTION(() => {
        this.CONSUME(t.OpenParenthesis)
        this.AT_LEAST_ONE_SEP({
          SEP: t.Comma,
          DEF: () => digits.push(this.#integer(this.CONSUME(t.IntegerLiteral))),
        })
        this.CONSUME(t.CloseParenthesis)
      })
      let last: IToken | undefined
      let fraction: number | undefined
      this.OPTION2(() => {
        this.CONSUME(TO)
        last = this.CONSUME2(t.Name)
        fraction = this.OPTION3(() => {
          this.CONSUME2(t.OpenParenthesis)
          const count = this.#integer(this.CONSUME2(t.IntegerLiteral))
          this.CONSUME2(t.CloseParenthesis)
          return count
        })
      })
      const to = last === undefined ? undefined : this.#intervalField(last)
      const location = this.since(start)
      if (!this.RECORDING_PHASE) {
        if (to !== undefined) this.#checkFields(from, to, last!)
        const isSeconds = from === 'second' && to === undefined
        if (digits.length > (isSeconds ? 2 : 1)) {
          throw this.failure(location, 'Only SECOND alone takes two numbers: SECOND(2, 6).', [])
        }
        if (fraction !== undefined && to !== 'second') {
          throw this.failure(location, 'Only SECOND takes a number behind TO: DAY TO SECOND(6).', [])
        }
      }
      const fractionPrecision = fraction ?? digits[1]
      return { kind: 'interval-qualifier', from, to, precision: digits[0], fractionPrecision, location }
    },
  )

  /** A literal of a date, time or interval. */
  protected readonly datetime: ParserMethod<[], DatetimeLiteral | IntervalLiteral> = this.RULE(
    'datetime',
    (): DatetimeLiteral | IntervalLiteral => {
      const start = this.LA(1)
      return this.OR<DatetimeLiteral | IntervalLiteral>([
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
        {
          ALT: () => {
            this.CONSUME(INTERVAL)
            const sign = this.OPTION(() =>
              this.OR2<'+' | '-'>([
                { ALT: () => this.word(this.CONSUME(t.Plus), '+') },
                { ALT: () => this.word(this.CONSUME(t.Minus), '-') },
              ]),
            )
            const text = this.text(this.CONSUME4(t.StringLiteral))
            const qualifier = this.SUBRULE(this.intervalQualifier)
            return { kind: 'interval', sign, text, qualifier, location: this.since(start) }
          },
        },
      ])
    },
  )

  #datetime(
    type: DatetimeLiteral['type'],
    start: IToken,
    { precision, withTimeZone }: TimePrecision,
    token: IToken,
  ): DatetimeLiteral {
    const text = this.RECORDING_PHASE ? '' : unquote(token.image)
    if (!this.RECORDING_PHASE && !isDatetime(type, text, withTimeZone)) {
      throw this.failure(token, `${token.image} is not ${DATETIME_SHAPES[type]}.`, [])
    }
    return { kind: 'datetime', type, text, precision, withTimeZone, location: this.since(start) }
  }

  #integer(token: IToken): number {
    if (this.RECORDING_PHASE) return 0
    const value = Number(token.image)
    if (value > Number.MAX_SAFE_INTEGER) throw this.failure(token, 'This number is too large here.', [])
    return value
  }

  #typeName(token: IToken, parameterCount: number): DataType['name'] {
    if (this.RECORDING_PHASE) return 'any'
    const word = TYPE_WORDS.get(token.image.toUpperCase())
    if (word === undefined) {
      const names = [...TYPE_WORDS.keys()]
      const elsewhere = typeElsewhere(token.image)
      const hint = elsewhere === undefined ? didYouMean(token.image, names) : ` It is called ${elsewhere} here.`
      throw this.failure(token, `There is no type ${token.image}.${hint}`, names)
    }
    if (parameterCount > word.maxParameters) {
      const most = word.maxParameters === 0 ? 'no numbers' : `at most ${word.maxParameters}`
      throw this.failure(token, `The type ${token.image} takes ${most} in parentheses.`, [])
    }
    return word.name
  }

  #intervalField(token: IToken): IntervalField {
    if (this.RECORDING_PHASE) return 'year'
    const field = INTERVAL_FIELDS.find((known) => known === token.image.toLowerCase())
    if (field !== undefined) return field
    const names = INTERVAL_FIELDS.map((known) => known.toUpperCase())
    throw this.failure(token, `Intervals have no field ${token.image}.${didYouMean(token.image, names)}`, names)
  }

  #checkFields(from: IntervalField, to: IntervalField, token: IToken): void {
    const [first, last] = [INTERVAL_FIELDS.indexOf(from), INTERVAL_FIELDS.indexOf(to)]
    const isOneFamily = first < YEAR_MONTH_FIELD_COUNT === last < YEAR_MONTH_FIELD_COUNT
    if (isOneFamily && first < last) return
    const rest = INTERVAL_FIELDS.slice(first + 1, first < YEAR_MONTH_FIELD_COUNT ? YEAR_MONTH_FIELD_COUNT : undefined)
    const names = rest.map((field) => field.toUpperCase())
    const hint = names.length === 0 ? `${from.toUpperCase()} is the smallest.` : `Write ${names.join(', ')}.`
    throw this.failure(
      token,
      `An interval from ${from.toUpperCase()} cannot end with ${to.toUpperCase()}. ${hint}`,
      names,
    )
  }
}
