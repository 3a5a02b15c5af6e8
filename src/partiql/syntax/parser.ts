/**
 * The grammar, as rules of Chevrotain that build the syntax nodes directly: statements here, on top of the rules of
 * changes, definitions, queries, expressions, calls and types, each in a file of its own. `grammar/partiql.ebnf` says the same on one page, under the same rule
 * names; a test holds them equal.
 *
 * What makes it fast: one token of look-ahead everywhere (the lexer decides which words are keywords); operators in one
 * loop with a stack instead of a rule for each precedence; the arrays of large alternatives made once.
 */

import { ChangeParser } from './change-parser.ts'
import { EOF, type IOrAlt, type ISerializedGast, type IToken, type ParserMethod, type TokenType } from './chevrotain.ts'
import { NO_ALTERNATIVE } from './look-ahead.ts'
import type { Exec, Explain, ExplainOption, Expression, Statement } from './nodes.ts'
import { NONE } from './syntax-builder.ts'
import * as t from './tokens.ts'

const ANALYZE = t.keyword('ANALYZE')
const EXEC = t.keyword('EXEC')
const EXPLAIN = t.keyword('EXPLAIN')

/** What tells that the parenthesis in front of it holds options; the end does not, as a query may be in parentheses. */
const STATEMENT_STARTS: ReadonlySet<TokenType> = new Set(
  [
    ...[
      'CREATE',
      'DELETE',
      'DROP',
      'EXEC',
      'FROM',
      'INSERT',
      'PIVOT',
      'REPLACE',
      'SELECT',
      'TABLE',
      'UNDROP',
      'UPDATE',
    ],
    ...['UPSERT', 'VALUES', 'WITH'],
  ]
    .map(t.keyword)
    .concat(t.OpenParenthesis, t.OpenBag),
)

/** What came of a run: a statement, or the token that no rule accepts (`end` when more was wanted). */
export type ParserOutcome =
  | { readonly statement: Statement; readonly unexpected: undefined; readonly applicationCount: number }
  | { readonly statement: undefined; readonly unexpected: IToken | 'end' }

/** The rules of statements, on top of those of queries and expressions. */
class StatementParser extends ChangeParser {
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
      { ALT: () => this.SUBRULE(this.insert), IGNORE_AMBIGUITIES: true },
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
    const isAnalyze = this.OPTION(() => this.CONSUME(ANALYZE)) !== undefined
    const options =
      this.OPTION2({ GATE: () => this.#isOptionList(), DEF: () => this.SUBRULE(this.explainOptions) }) ?? NONE
    const statement = this.SUBRULE(this.statement)
    const analyze = isAnalyze || options.some(({ name }) => name.name.toUpperCase() === 'ANALYZE')
    return {
      kind: 'explain',
      analyze,
      options,
      statement,
      parameterCount: this.parameterCount,
      location: this.since(start),
    }
  })

  protected readonly explainOptions: ParserMethod<[], readonly ExplainOption[]> = this.RULE('explainOptions', () => {
    const options: ExplainOption[] = []
    this.CONSUME(t.OpenParenthesis)
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => {
        const name = this.CONSUME(t.Name)
        const value = this.OPTION(() => this.identifier(this.CONSUME2(t.Name)))
        options.push({ kind: 'explain-option', name: this.identifier(name), value, location: this.since(name) })
      },
    })
    this.CONSUME(t.CloseParenthesis)
    return options
  })

  protected readonly exec: ParserMethod<[], Exec> = this.RULE('exec', (): Exec => {
    const start = this.CONSUME(EXEC)
    const procedure = this.identifier(this.CONSUME(t.Name))
    const args: Expression[] = []
    this.MANY_SEP({ SEP: t.Comma, DEF: () => args.push(this.SUBRULE(this.expression)) })
    return { kind: 'exec', procedure, args, parameterCount: this.parameterCount, location: this.since(start) }
  })

  /** `EXPLAIN (type logical) SELECT …`: two names together, or a word behind the parenthesis that begins a statement. */
  #isOptionList(): boolean {
    if (this.LA(1).tokenType !== t.OpenParenthesis) return false
    let at = 2
    while (this.isName(this.LA(at)) || this.LA(at).tokenType === t.Comma) {
      if (this.isName(this.LA(at)) && this.isName(this.LA(at + 1))) return true
      at += 1
    }
    return at > 2 && this.LA(at).tokenType === t.CloseParenthesis && STATEMENT_STARTS.has(this.LA(at + 1).tokenType)
  }
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
