import type { IOrAlt, IToken, ParserMethod } from './chevrotain.ts'
import type { Call, Cast, DatePart, Expression } from './nodes.ts'
import { didYouMean } from './suggestion.ts'
import * as t from './tokens.ts'
import { TypeParser } from './type-parser.ts'

const AS = t.keyword('AS')
const BOTH = t.keyword('BOTH')
const CAN_CAST = t.keyword('CAN_CAST')
const CAN_LOSSLESS_CAST = t.keyword('CAN_LOSSLESS_CAST')
const CAST = t.keyword('CAST')
const DATE_ADD = t.keyword('DATE_ADD')
const DATE_DIFF = t.keyword('DATE_DIFF')
const EXTRACT = t.keyword('EXTRACT')
const FOR = t.keyword('FOR')
const FROM = t.keyword('FROM')
const IN = t.keyword('IN')
const LEADING = t.keyword('LEADING')
const LIST = t.keyword('LIST')
const OVERLAY = t.keyword('OVERLAY')
const PLACING = t.keyword('PLACING')
const POSITION = t.keyword('POSITION')
const ROW = t.keyword('ROW')
const SEXP = t.keyword('SEXP')
const SUBSTRING = t.keyword('SUBSTRING')
const TRAILING = t.keyword('TRAILING')
const TRIM = t.keyword('TRIM')

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

/** The rules of casts, and of calls that have words among their arguments. */
export abstract class CallParser extends TypeParser {
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

  #datePart(token: IToken): DatePart {
    if (this.RECORDING_PHASE) return 'year'
    const part = DATE_PARTS.find((known) => known === token.image.toLowerCase())
    if (part !== undefined) return part
    const names = DATE_PARTS.map((known) => known.toUpperCase())
    throw this.failure(token, `There is no date part ${token.image}.${didYouMean(token.image, names)}`, names)
  }

  #call(name: string, args: readonly Expression[], start: IToken): Call {
    const location = this.since(start)
    return { kind: 'call', name, quoted: false, quantifier: undefined, star: false, args, over: undefined, location }
  }
}
