import type { IOrAlt, IToken, ParserMethod } from './chevrotain.ts'
import { TYPE_WORDS } from './data-types.ts'
import { isDatetime, unquote } from './literals.ts'
import type { Call, Cast, DataType, DatePart, DatetimeLiteral, Expression } from './nodes.ts'
import { didYouMean } from './suggestion.ts'
import { SyntaxBuilder } from './syntax-builder.ts'
import * as t from './tokens.ts'

const AS = t.keyword('AS')
const BOTH = t.keyword('BOTH')
const CAN_CAST = t.keyword('CAN_CAST')
const CAN_LOSSLESS_CAST = t.keyword('CAN_LOSSLESS_CAST')
const CAST = t.keyword('CAST')
const CHAR = t.keyword('CHAR')
const CHARACTER = t.keyword('CHARACTER')
const DATE = t.keyword('DATE')
const DATE_ADD = t.keyword('DATE_ADD')
const DATE_DIFF = t.keyword('DATE_DIFF')
const DOUBLE = t.keyword('DOUBLE')
const EXTRACT = t.keyword('EXTRACT')
const FOR = t.keyword('FOR')
const FROM = t.keyword('FROM')
const IN = t.keyword('IN')
const LEADING = t.keyword('LEADING')
const LIST = t.keyword('LIST')
const MISSING = t.keyword('MISSING')
const NULL_WORD = t.keyword('NULL')
const OVERLAY = t.keyword('OVERLAY')
const PLACING = t.keyword('PLACING')
const POSITION = t.keyword('POSITION')
const PRECISION = t.keyword('PRECISION')
const ROW = t.keyword('ROW')
const SEXP = t.keyword('SEXP')
const SUBSTRING = t.keyword('SUBSTRING')
const TIME = t.keyword('TIME')
const TIMESTAMP = t.keyword('TIMESTAMP')
const TRAILING = t.keyword('TRAILING')
const TRIM = t.keyword('TRIM')
const VARYING = t.keyword('VARYING')
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

/** The rules of casts, types, dates and times, and of calls that have words among their arguments. */
export abstract class CallParser extends SyntaxBuilder {
  protected abstract readonly expression: ParserMethod<[], Expression>
  protected abstract readonly term: ParserMethod<[], Expression>

  protected readonly cast: ParserMethod<[], Cast> = this.RULE('cast', (): Cast => {
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
    return { kind: 'cast', mode, operand, type, location: this.since(start) }
  })

  protected readonly dataType: ParserMethod<[], DataType> = this.RULE('dataType', (): DataType => {
    const start = this.LA(1)
    const parameters: number[] = []
    const type = (name: DataType['name'], withTimeZone?: boolean): DataType => ({
      kind: 'type',
      name,
      parameters,
      withTimeZone,
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

  protected readonly datetime: ParserMethod<[], DatetimeLiteral> = this.RULE('datetime', (): DatetimeLiteral => {
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
  protected readonly specialCall: ParserMethod<[], Expression> = this.RULE('specialCall', (): Expression => {
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

  protected readonly extract: ParserMethod<[], Expression> = this.RULE('extract', (): Expression => {
    const start = this.CONSUME(EXTRACT)
    this.CONSUME(t.OpenParenthesis)
    const part = this.#datePart(this.CONSUME(t.Name))
    this.CONSUME(FROM)
    const operand = this.SUBRULE(this.expression)
    this.CONSUME(t.CloseParenthesis)
    return { kind: 'extract', part, operand, location: this.since(start) }
  })

  protected readonly trim: ParserMethod<[], Expression> = this.RULE('trim', (): Expression => {
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
    return { kind: 'trim', side, characters, operand, location: this.since(start) }
  })

  protected readonly substring: ParserMethod<[], Expression> = this.RULE('substring', (): Expression => {
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

  protected readonly position: ParserMethod<[], Expression> = this.RULE('position', (): Expression => {
    const start = this.CONSUME(POSITION)
    this.CONSUME(t.OpenParenthesis)
    const args: Expression[] = [this.SUBRULE(this.term)]
    this.OR([{ ALT: () => this.CONSUME(IN) }, { ALT: () => this.CONSUME(t.Comma) }])
    args.push(this.SUBRULE(this.expression))
    this.CONSUME(t.CloseParenthesis)
    return this.#call('position', args, start)
  })

  protected readonly overlay: ParserMethod<[], Expression> = this.RULE('overlay', (): Expression => {
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

  protected readonly dateArithmetic: ParserMethod<[], Expression> = this.RULE('dateArithmetic', (): Expression => {
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
    const location = this.since(start)
    return isAdd
      ? { kind: 'date-add', part, quantity: first, operand: second, location }
      : { kind: 'date-diff', part, from: first, to: second, location }
  })

  protected readonly constructorCall: ParserMethod<[], Expression> = this.RULE('constructorCall', (): Expression => {
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
    return { kind, items, location: this.since(start) }
  })

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
      throw this.failure(token, `There is no type ${token.image}.${didYouMean(token.image, names)}`, names)
    }
    if (parameterCount > word.maxParameters) {
      const most = word.maxParameters === 0 ? 'no numbers' : `at most ${word.maxParameters}`
      throw this.failure(token, `The type ${token.image} takes ${most} in parentheses.`, [])
    }
    return word.name
  }

  #datePart(token: IToken): DatePart {
    if (this.RECORDING_PHASE) return 'year'
    const part = DATE_PARTS.find((known) => known === token.image.toLowerCase())
    if (part !== undefined) return part
    const names = DATE_PARTS.map((known) => known.toUpperCase())
    throw this.failure(token, `There is no date part ${token.image}.${didYouMean(token.image, names)}`, names)
  }

  #call(name: string, args: readonly Expression[], start: IToken): Call {
    const location = this.since(start)
    return { kind: 'call', name, quoted: false, quantifier: undefined, star: false, args, location }
  }
}
