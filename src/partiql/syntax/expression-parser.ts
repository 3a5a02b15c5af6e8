import { NULL, parseOne } from '../../ion/index.ts'
import type { IOrAlt, IToken, ParserMethod } from './chevrotain.ts'
import { decimalValue, unquote } from './literals.ts'
import type {
  Call,
  CaseBranch,
  Expression,
  GraphPattern,
  Literal,
  PathStep,
  Query,
  SetQuantifier,
  StructField,
  Window,
} from './nodes.ts'
import { BINARY_OPERATORS, type Operator, PREDICATE_POWER, PREFIX_OPERATORS } from './operators.ts'
import { NONE, PLACEHOLDER } from './syntax-builder.ts'
import * as t from './tokens.ts'
import { WindowParser } from './window-parser.ts'

const ALL = t.keyword('ALL')
const AND = t.keyword('AND')
const BETWEEN = t.keyword('BETWEEN')
const CASE = t.keyword('CASE')
const CURRENT_DATE = t.keyword('CURRENT_DATE')
const CURRENT_TIMESTAMP = t.keyword('CURRENT_TIMESTAMP')
const CURRENT_USER = t.keyword('CURRENT_USER')
const DISTINCT = t.keyword('DISTINCT')
const ELSE = t.keyword('ELSE')
const END = t.keyword('END')
const ESCAPE = t.keyword('ESCAPE')
const FALSE = t.keyword('FALSE')
const IN = t.keyword('IN')
const IS = t.keyword('IS')
const LIKE = t.keyword('LIKE')
const MATCH = t.keyword('MATCH')
const MISSING = t.keyword('MISSING')
const NOT = t.keyword('NOT')
const NULL_WORD = t.keyword('NULL')
const OVER = t.keyword('OVER')
const OVERLAPS = t.keyword('OVERLAPS')
const THEN = t.keyword('THEN')
const TRUE = t.keyword('TRUE')
const UNKNOWN = t.keyword('UNKNOWN')
const VALUES = t.keyword('VALUES')
const WHEN = t.keyword('WHEN')

/** A location that grows while a chain of operators does. */
interface GrowingLocation {
  readonly offset: number
  length: number
}

interface CallArguments {
  readonly quantifier: SetQuantifier | undefined
  readonly star: boolean
  readonly args: readonly Expression[]
  readonly over: Window | undefined
}

/** The rules of expressions. Operators go through one stack instead of a rule for each precedence. */
export abstract class ExpressionParser extends WindowParser {
  protected abstract readonly query: ParserMethod<[], Query>

  /** The last expression that stood alone in parentheses; `IN (e)` must tell it from `IN e`. */
  #parenthesized: Expression | undefined
  /** The last `VALUES …`. */
  #rows: Expression | undefined
  // The operator stack of all open expressions; the innermost begins at #base.
  readonly #operators: Operator[] = []
  readonly #operatorTokens: IToken[] = []
  readonly #operands: Expression[] = []
  #base = 0

  protected override begin(tokens: IToken[], text: string, maxDepth: number): void {
    super.begin(tokens, text, maxDepth)
    this.#parenthesized = undefined
    this.#operators.length = 0
    this.#operatorTokens.length = 0
    this.#operands.length = 0
    this.#base = 0
  }

  protected readonly expression: ParserMethod<[], Expression> = this.RULE('expression', () => {
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
  protected readonly term: ParserMethod<[], Expression> = this.RULE('term', () => {
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

  protected readonly predicate: ParserMethod<[], void> = this.RULE('predicate', () => {
    this.#reduce(PREDICATE_POWER)
    const operand = this.#operands.pop() ?? PLACEHOLDER
    const offset = operand.location.offset
    this.applicationCount += 1
    const node = this.OR<Expression>([
      {
        ALT: () => {
          this.CONSUME(IS)
          const negated = this.OPTION(() => this.CONSUME(NOT)) !== undefined
          return this.OR2<Expression>([
            {
              ALT: () => {
                this.CONSUME(TRUE)
                return { kind: 'is-truth', operand, truth: 'true', negated, location: this.fromOffset(offset) }
              },
            },
            {
              ALT: () => {
                this.CONSUME(FALSE)
                return { kind: 'is-truth', operand, truth: 'false', negated, location: this.fromOffset(offset) }
              },
            },
            {
              ALT: () => {
                this.CONSUME(UNKNOWN)
                return { kind: 'is-truth', operand, truth: 'unknown', negated, location: this.fromOffset(offset) }
              },
              IGNORE_AMBIGUITIES: true,
            },
            {
              ALT: () => {
                const type = this.SUBRULE(this.dataType)
                return { kind: 'is-type', operand, type, negated, location: this.fromOffset(offset) }
              },
            },
          ])
        },
      },
      {
        ALT: () => {
          this.CONSUME(OVERLAPS)
          const right = this.SUBRULE6(this.term)
          return { kind: 'overlaps', left: operand, right, location: this.fromOffset(offset) }
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
                  collection = { kind: 'list', items: [collection], location: this.since(start) }
                }
                return { kind: 'in', operand, collection, negated, location: this.fromOffset(offset) }
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
                  location: this.fromOffset(offset),
                }
              },
            },
            {
              ALT: () => {
                this.CONSUME(BETWEEN)
                const low = this.SUBRULE4(this.term)
                this.CONSUME(AND)
                const high = this.SUBRULE5(this.term)
                return { kind: 'between', operand, low, high, negated, location: this.fromOffset(offset) }
              },
            },
          ])
        },
      },
    ])
    if (!this.RECORDING_PHASE) this.#operands.push(node)
  })

  /** Prefix operators, what they apply to, and the steps from it. Pushes onto the operator stack. */
  protected readonly operand: ParserMethod<[], void> = this.RULE('operand', () => {
    const isInParentheses = this.LA(0)?.tokenType === t.OpenParenthesis
    this.#prefix ??= () => this.#pushPrefix(this.CONSUME(t.PrefixOperator))
    this.MANY(this.#prefix)
    this.#primaries ??= this.#primaryAlternatives()
    let expression = this.OR(this.#primaries)
    let steps: PathStep[] | undefined
    this.MANY2(() => {
      steps ??= []
      steps.push(this.SUBRULE(this.pathStep))
    })
    const pattern = this.OPTION<GraphPattern>(() => {
      this.CONSUME(MATCH)
      return this.SUBRULE(this.graphPattern, { ARGS: [isInParentheses] })
    })
    if (this.RECORDING_PHASE) return
    const { offset } = expression.location
    if (steps !== undefined) expression = this.pathTo(expression, steps, this.until(offset, steps.at(-1)!.location))
    if (pattern !== undefined) {
      expression = { kind: 'graph-match', graph: expression, pattern, location: this.fromOffset(offset) }
    }
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
      { ALT: () => this.string(this.CONSUME(t.StringLiteral)) },
      { ALT: () => this.integerLiteral(this.CONSUME(t.IntegerLiteral)) },
      { ALT: () => this.#decimal(this.CONSUME(t.DecimalLiteral)) },
      { ALT: () => this.#ion(this.CONSUME(t.IonLiteral)) },
      { ALT: () => this.literal(this.CONSUME(TRUE), true) },
      { ALT: () => this.literal(this.CONSUME(FALSE), false) },
      { ALT: () => this.literal(this.CONSUME(NULL_WORD), NULL) },
      { ALT: () => ({ kind: 'missing', location: this.of(this.CONSUME(MISSING)) }) },
      { ALT: () => this.parameter(this.CONSUME(t.QuestionMark)) },
      {
        ALT: () => {
          const start = this.CONSUME(t.AtSign)
          const { name, quoted } = this.identifier(this.CONSUME(t.Name))
          return { kind: 'variable', name, quoted, atSign: true, location: this.since(start) }
        },
      },
      { ALT: () => this.SUBRULE(this.parentheses) },
      { ALT: () => this.SUBRULE(this.struct) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.bag) },
      { ALT: () => this.SUBRULE(this.values) },
      { ALT: () => this.SUBRULE(this.case) },
      { ALT: () => this.#wordCall(this.CONSUME(CURRENT_DATE), 'current_date') },
      { ALT: () => this.#wordCall(this.CONSUME(CURRENT_TIMESTAMP), 'current_timestamp') },
      { ALT: () => this.#wordCall(this.CONSUME(CURRENT_USER), 'current_user') },
    ]
  }

  protected readonly pathStep: ParserMethod<[], PathStep> = this.RULE('pathStep', (): PathStep => {
    this.#fieldNames ??= [
      { ALT: () => this.fieldStep(this.CONSUME(t.Name), this.LA(-1)) },
      { ALT: () => this.fieldStep(this.CONSUME(t.StringLiteral), this.LA(-1)) },
      {
        ALT: () => {
          this.CONSUME(t.Star)
          return { kind: 'all-fields', location: this.since(this.LA(-1)) }
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
          const location = this.since(start)
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
  protected readonly reference: ParserMethod<[], Expression> = this.RULE('reference', (): Expression => {
    const start = this.CONSUME(t.Name)
    this.#callOption ??= () => this.SUBRULE(this.callArguments)
    const call = this.OPTION(this.#callOption)
    if (call === undefined) return this.variable(start)
    const quoted = start.tokenType === t.QuotedIdentifier
    return {
      kind: 'call',
      name: quoted ? unquote(start.image) : start.image.toLowerCase(),
      quoted,
      quantifier: call.quantifier,
      star: call.star,
      args: call.args,
      over: call.over,
      location: this.since(start),
    }
  })
  #callOption: (() => CallArguments) | undefined

  protected readonly callArguments: ParserMethod<[], CallArguments> = this.RULE('callArguments', () => {
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
    const over = this.OPTION2(() => {
      this.CONSUME(OVER)
      return this.SUBRULE(this.over)
    })
    return { quantifier, star, args, over }
  })

  protected readonly queryList: ParserMethod<[], readonly Expression[]> = this.RULE('queryList', () => {
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

  protected readonly parentheses: ParserMethod<[], Expression> = this.RULE('parentheses', (): Expression => {
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
    if (items !== undefined) return { kind: 'list', items: [first, ...items], location: this.since(start) }
    if (first.kind === 'subquery') return { ...first, location: this.since(start) }
    // `IN (VALUES …)` looks into the rows.
    if (first !== this.#rows) this.#parenthesized = first
    return first
  })

  protected readonly struct: ParserMethod<[], Expression> = this.RULE('struct', (): Expression => {
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
    return { kind: 'struct', fields, location: this.since(start) }
  })

  protected readonly list: ParserMethod<[], Expression> = this.RULE('list', (): Expression => {
    const start = this.CONSUME(t.OpenBracket)
    const items: Expression[] = []
    this.MANY_SEP({ SEP: t.Comma, DEF: () => items.push(this.SUBRULE(this.item)) })
    this.CONSUME(t.CloseBracket)
    return { kind: 'list', items, location: this.since(start) }
  })

  /** `()` is a row without values, which may only stand in a list or bag. */
  protected readonly item: ParserMethod<[], Expression> = this.RULE('item', (): Expression => {
    this.#items ??= [
      {
        GATE: () => this.LA(2).tokenType === t.CloseParenthesis,
        ALT: () => {
          const start = this.CONSUME(t.OpenParenthesis)
          this.CONSUME(t.CloseParenthesis)
          return { kind: 'list', items: NONE, location: this.since(start) }
        },
        IGNORE_AMBIGUITIES: true,
      },
      { ALT: () => this.SUBRULE(this.expression) },
    ]
    return this.OR(this.#items)
  })
  #items: IOrAlt<Expression>[] | undefined

  protected readonly bag: ParserMethod<[], Expression> = this.RULE('bag', (): Expression => {
    const start = this.CONSUME(t.OpenBag)
    const items: Expression[] = []
    this.MANY_SEP({ SEP: t.Comma, DEF: () => items.push(this.SUBRULE(this.item)) })
    this.CONSUME(t.CloseBag)
    return { kind: 'bag', items, location: this.since(start) }
  })

  protected readonly values: ParserMethod<[], Expression> = this.RULE('values', (): Expression => {
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
    this.#rows = { kind: 'bag', items, location: this.since(start) }
    return this.#rows
  })

  protected readonly case: ParserMethod<[], Expression> = this.RULE('case', (): Expression => {
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
    return { kind: 'case', operand, branches, otherwise, location: this.since(start) }
  })

  /** @returns what {@link #endExpression} needs to go back to the expression around this one */
  #beginExpression(): number {
    this.enter()
    const outer = this.#base
    this.#base = this.#operators.length
    return outer
  }

  #endExpression(outer: number): Expression {
    if (this.RECORDING_PHASE) return PLACEHOLDER
    this.#reduce(0)
    this.#base = outer
    this.depth -= 1
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
      this.applicationCount += 1
      const location = { offset: token.startOffset, length: end - token.startOffset }
      return { kind: 'unary', operator: operator.operator, operand: right, location }
    }
    const left = this.#operands.pop()!
    const location = { offset: left.location.offset, length: end - left.location.offset }
    if (operator.kind === 'binary') {
      this.applicationCount += 1
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

  #decimal(token: IToken): Literal {
    if (this.RECORDING_PHASE) return this.literal(token, NULL)
    const value = decimalValue(token.image)
    if (value === undefined) throw this.failure(token, 'The exponent of this number is too large.', [])
    return this.literal(token, value)
  }

  #ion(token: IToken): Literal {
    const location = this.of(token)
    if (this.RECORDING_PHASE) return { kind: 'literal', value: NULL, isIon: true, location }
    try {
      return { kind: 'literal', value: parseOne(token.image.slice(1, -1)), isIon: true, location }
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw this.failure(token, `The backticks do not hold one Ion value: ${reason}`, [], cause)
    }
  }

  #wordCall(token: IToken, name: string): Call {
    const location = this.of(token)
    return {
      kind: 'call',
      name,
      quoted: false,
      quantifier: undefined,
      star: false,
      args: NONE,
      over: undefined,
      location,
    }
  }

  /** A query in the place of an expression: itself when it is no more than one. */
  #asExpression(query: Query): Expression {
    const { body, orderBy, limit, offset } = query
    const isPlain = query.with === undefined && orderBy === undefined && limit === undefined && offset === undefined
    if (isPlain && body.kind !== 'select' && body.kind !== 'set-operation' && body.kind !== 'table-operand') return body
    return { kind: 'subquery', query, location: query.location }
  }
}
