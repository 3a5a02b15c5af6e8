import { LimitError, StatementError } from '../../errors.ts'
import { type IonValue, NULL } from '../../ion/index.ts'
import { EmbeddedActionsParser, type IParserErrorMessageProvider, type IToken } from './chevrotain.ts'
import { integerValue, unquote } from './literals.ts'
import { locate } from './locate.ts'
import { LookAhead } from './look-ahead.ts'
import type { Expression, FieldStep, Identifier, Literal, Location, Parameter, PathStep, Variable } from './nodes.ts'
import * as t from './tokens.ts'

export const NONE: readonly never[] = Object.freeze([])

/** What rules hand on while Chevrotain records them. */
const NOWHERE: Location = { offset: 0, length: 0 }
export const PLACEHOLDER: Expression = { kind: 'missing', location: NOWHERE }

/** Chevrotain's own messages are costly and never shown. */
const NO_MESSAGES: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: () => '',
  buildNotAllInputParsedMessage: () => '',
  buildNoViableAltMessage: () => '',
  buildEarlyExitMessage: () => '',
}

/** What all rules need to build nodes: places, names, simple literals, failures, and the counts of one statement. */
export abstract class SyntaxBuilder extends EmbeddedActionsParser {
  protected parameterCount = 0
  /** Operators, predicates, steps of paths, joins and set operators applied: how high the tree may have become. */
  protected applicationCount = 0
  protected depth = 0
  #maxDepth = 0
  #text = ''

  constructor(skipValidations: boolean) {
    super([...t.VOCABULARY], {
      maxLookahead: 1,
      skipValidations,
      lookaheadStrategy: new LookAhead(t.TOKEN_COUNT),
      errorMessageProvider: NO_MESSAGES,
    })
  }

  protected begin(tokens: IToken[], text: string, maxDepth: number): void {
    this.parameterCount = 0
    this.applicationCount = 0
    this.depth = 0
    this.#maxDepth = maxDepth
    this.#text = text
    this.input = tokens
  }

  protected enter(): void {
    this.depth += 1
    if (this.depth <= this.#maxDepth || this.RECORDING_PHASE) return
    throw new LimitError(
      'STATEMENT_TOO_DEEP',
      `The statement nests deeper than ${this.#maxDepth} levels ${this.place(this.LA(1))}. Split it, or pass inner values as parameters.`,
    )
  }

  protected of(token: IToken): Location {
    if (this.RECORDING_PHASE) return NOWHERE
    return { offset: token.startOffset, length: token.image.length }
  }

  /** From a token to the last one consumed. */
  protected since(start: IToken): Location {
    return this.fromOffset(start.startOffset)
  }

  protected fromOffset(offset: number): Location {
    const last = this.LA(0)
    return { offset, length: last.startOffset + last.image.length - offset }
  }

  protected until(offset: number, last: Location): Location {
    return { offset, length: last.offset + last.length - offset }
  }

  protected isName(token: IToken): boolean {
    return t.Name.categoryMatchesMap![token.tokenTypeIdx] === true
  }

  protected identifier(token: IToken): Identifier {
    if (this.RECORDING_PHASE) return { kind: 'identifier', name: '', quoted: false, location: NOWHERE }
    const quoted = token.tokenType === t.QuotedIdentifier || token.tokenType === t.StringLiteral
    const name = quoted ? unquote(token.image) : token.image
    return { kind: 'identifier', name, quoted, location: this.of(token) }
  }

  protected fieldStep(token: IToken, dot: IToken): FieldStep {
    if (this.RECORDING_PHASE) return { kind: 'field', name: '', quoted: false, location: NOWHERE }
    const quoted = token.tokenType === t.QuotedIdentifier || token.tokenType === t.StringLiteral
    const name = quoted ? unquote(token.image) : token.image
    return { kind: 'field', name, quoted, location: this.since(dot) }
  }

  protected pathTo(root: Expression, steps: readonly PathStep[], location: Location): Expression {
    this.applicationCount += steps.length
    return steps.length === 0 ? root : { kind: 'path', root, steps, location }
  }

  protected variable(token: IToken): Variable {
    const { name, quoted, location } = this.identifier(token)
    return { kind: 'variable', name, quoted, atSign: false, location }
  }

  protected parameter(token: IToken): Parameter {
    const index = this.parameterCount
    if (!this.RECORDING_PHASE) this.parameterCount += 1
    return { kind: 'parameter', index, location: this.of(token) }
  }

  protected string(token: IToken): Literal {
    return this.literal(token, this.text(token))
  }

  /** What a string literal says. */
  protected text(token: IToken): string {
    return this.RECORDING_PHASE ? '' : unquote(token.image)
  }

  protected integerLiteral(token: IToken): Literal {
    return this.literal(token, this.RECORDING_PHASE ? NULL : integerValue(token.image))
  }

  protected literal(token: IToken, value: IonValue): Literal {
    return { kind: 'literal', value, isIon: false, location: this.of(token) }
  }

  /** What a keyword stands for, once it is consumed. */
  protected word<T>(_token: IToken, meaning: T): T {
    return meaning
  }

  protected unsupported(place: IToken | Location, message: string): StatementError {
    const { offset, length } = 'image' in place ? this.of(place) : place
    return new StatementError('UNSUPPORTED_STATEMENT', message, { location: locate(this.#text, offset, length) })
  }

  protected failure(
    place: IToken | Location,
    message: string,
    expected: readonly string[],
    cause?: unknown,
  ): StatementError {
    const { offset, length } = 'image' in place ? this.of(place) : place
    const location = locate(this.#text, offset, length)
    const where = `at line ${location.line}, column ${location.column}`
    return new StatementError('SYNTAX_ERROR', `${message} (${where})`, { location, expected, cause })
  }

  protected place(token: IToken): string {
    const { line, column } = locate(this.#text, token.startOffset)
    return `at line ${line}, column ${column}`
  }
}
