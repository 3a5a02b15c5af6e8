/**
 * Says what is wrong with a statement that does not parse: where, what stands there, what could have stood there, and
 * which keyword a misspelt name probably was. What could have stood there is found by trying: every kind of token is put
 * behind the good part, and the parser is asked. That is exact whatever the grammar's gates decide, and costs time only
 * for statements that fail.
 */

import { StatementError } from '../../errors.ts'
import type { IToken, TokenType } from './chevrotain.ts'
import { CLAUSE_WORDS, CONTEXT_WORDS, KEYWORDS, RESERVED_WORDS } from './keywords.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { locate } from './locate.ts'
import { adviceForOtherDialect } from './other-dialect.ts'
import { type ParserOutcome, runParser } from './parser.ts'
import { madeUp } from './scanner.ts'
import { nearWords } from './suggestion.ts'
import * as t from './tokens.ts'

/** Behind a longer good part nothing is tried: some 150 runs over it would take too long. */
const MAX_TRIED_TOKENS = 500

/** How many of the expected things a message names. */
const MAX_NAMED = 8

const AN_EXPRESSION = 'an expression'
const THE_END = 'the end of the statement'

interface Candidate {
  readonly label: string
  readonly type: TokenType
  readonly image: string
}

function candidate(type: TokenType, image: string, label: string = type.LABEL ?? image): Candidate {
  return { label, type, image }
}

const NAME = candidate(t.Identifier, 'a')
/** May stand where any name may, but not as an alias without AS. */
const NAME_BUT_NO_ALIAS = candidate(t.keyword('NULLS'), 'NULLS')
const LITERALS: readonly Candidate[] = [
  candidate(t.StringLiteral, "'a'"),
  candidate(t.IntegerLiteral, '1'),
  candidate(t.DecimalLiteral, '1.0'),
  candidate(t.IonLiteral, '`1`'),
]
const OPERATOR = candidate(t.Slash, '/', 'an operator')
const EXPRESSION_STARTS: readonly string[] = [
  ...['(', '[', '{', '<<', '@', '?', '+', '-', 'NOT', 'NULL', 'MISSING', 'TRUE', 'FALSE', 'CASE', 'CAST', 'VALUES'],
  ...['CURRENT_DATE', 'CURRENT_TIMESTAMP', 'CURRENT_USER', ...LITERALS.map(({ label }) => label), NAME.label],
]
const SYMBOLS: readonly Candidate[] = [
  ...[t.CloseParenthesis, t.CloseBracket, t.CloseBrace, t.CloseBag, t.Comma, t.Colon, t.Dot, t.AtSign],
  ...[t.QuestionMark, t.OpenParenthesis, t.OpenBracket, t.OpenBrace, t.OpenBag],
  ...[t.OpenAngle, t.CloseAngle, t.Equal, t.Less, t.Greater, t.Plus, t.Minus, t.Star],
].map((type) => candidate(type, type.LABEL!))
/** What goes on with an expression that could as well end here. */
const OPERATOR_LABELS: readonly string[] = [
  '=',
  '<',
  '>',
  '+',
  '-',
  '*',
  '.',
  '[',
  'OUTER',
  'UNION',
  'EXCEPT',
  'INTERSECT',
]
const PREDICATE_LABELS: readonly string[] = ['AND', 'OR', 'IS', 'NOT', 'IN', 'LIKE', 'BETWEEN', 'OVERLAPS', 'MATCH']

const word = (text: string): Candidate => candidate(t.keyword(text), text)
const RESERVED: readonly Candidate[] = RESERVED_WORDS.map(word)
const CLAUSES: readonly Candidate[] = CLAUSE_WORDS.map(word)
const CONTEXTS: readonly Candidate[] = CONTEXT_WORDS.map(word)

/** What came of a run, when literals that mean nothing and too deep nesting do not count as failures. */
function attempt(tokens: IToken[], text: string): ParserOutcome | 'stopped' {
  // Nobody sees the stacks of these errors, and collecting them would take most of the time.
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return runParser(tokens, text, DEFAULT_LIMITS.depth)
  } catch {
    return 'stopped'
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** Whether `next` may stand behind tokens that are a good beginning. */
function accepts(beginning: readonly IToken[], next: Candidate, text: string): boolean {
  const outcome = attempt([...beginning, madeUp(next.type, next.image, text.length)], text)
  return outcome === 'stopped' || outcome.unexpected === undefined || outcome.unexpected === 'end'
}

/**
 * What may stand behind tokens that are a good beginning of a statement: keywords and symbols as they are written,
 * kinds of tokens in words (`a name`, `an expression`, `an operator`, `the end of the statement`).
 *
 * Empty when the beginning is longer than 500 tokens. Cost: some 150 runs of the parser over it.
 */
export function expectedAfter(beginning: readonly IToken[], text: string): string[] {
  if (beginning.length > MAX_TRIED_TOKENS) return []
  const accepted = (candidates: readonly Candidate[]): string[] =>
    candidates.filter((each) => accepts(beginning, each, text)).map(({ label }) => label)

  const names = accepted([NAME])
  const anyName = names.length > 0 && accepts(beginning, NAME_BUT_NO_ALIAS, text)
  const found = [
    ...names,
    ...accepted(LITERALS),
    ...accepted(SYMBOLS),
    ...accepted(RESERVED),
    // Where a name may stand, the words that may be names say nothing.
    ...(anyName ? [] : accepted(CLAUSES)),
    ...(names.length > 0 ? [] : accepted(CONTEXTS)),
  ]
  const summary: string[] = []
  const hide = new Set<string>()
  if (found.includes('(') && found.includes(LITERALS[0]!.label) && found.includes('NULL')) {
    summary.push(AN_EXPRESSION)
    for (const label of EXPRESSION_STARTS) hide.add(label)
  }
  if (accepts(beginning, OPERATOR, text)) {
    summary.push(OPERATOR.label)
    // Inside BETWEEN and its like, OR is not allowed and AND, IN and so on are not operators.
    const labels = found.includes('OR') ? [...OPERATOR_LABELS, ...PREDICATE_LABELS] : OPERATOR_LABELS
    for (const label of labels) hide.add(label)
  }
  const outcome = beginning.length === 0 ? 'stopped' : attempt([...beginning], text)
  const end = outcome !== 'stopped' && outcome.unexpected === undefined ? [THE_END] : []
  return [...summary, ...found.filter((label) => !hide.has(label)), ...end]
}

/** Words that may be names, each with something that follows it as a keyword and would not follow a name there. */
const WITH_FOLLOWER: readonly (readonly [Candidate, Candidate])[] = (
  [
    ['ANALYZE', 'SELECT'],
    ['CORRESPONDING', 'SELECT'],
    ['CURRENT', 'ROW'],
    ['DATE', "'a'"],
    ['EXPLAIN', 'SELECT'],
    ['GROUPS', 'BETWEEN'],
    ['INTERVAL', "'a'"],
    ['LATERAL', '?'],
    ['MATCH', '('],
    ['OVER', 'a'],
    ['OVERLAPS', '('],
    ['PARTITION', 'BY'],
    ['RANGE', 'BETWEEN'],
    ['RECURSIVE', 'a'],
    ['REPLACE', 'INTO'],
    ['ROWS', 'BETWEEN'],
    ['TIME', "'a'"],
    ['TIMESTAMP', "'a'"],
    ['UPSERT', 'INTO'],
  ] as const
).flatMap(([first, second]) => {
  const followers = [NAME, ...LITERALS, ...SYMBOLS, ...RESERVED, ...CONTEXTS]
  const follower = followers.find(({ image }) => image === second)
  const keyword = CONTEXTS.find(({ image }) => image === first)
  return keyword === undefined || follower === undefined ? [] : [[keyword, follower] as const]
})

/**
 * The words behind tokens that could be names there, but would be read as keywords: EXPLAIN at the beginning, OVER behind
 * a call. Cost: some 30 runs of the parser.
 */
export function contextWordsAfter(beginning: readonly IToken[], text: string): string[] {
  if (beginning.length > MAX_TRIED_TOKENS) return []
  const takes = (first: Candidate, second: Candidate): boolean =>
    accepts([...beginning, madeUp(first.type, first.image, text.length)], second, `${text} ${first.image} `)
  return WITH_FOLLOWER.filter(([word, follower]) => takes(word, follower) && !takes(NAME, follower)).map(
    ([{ label }]) => label,
  )
}

/** How many tokens of the list parse before one does not; all of them when only more is wanted. */
function goodLength(tokens: IToken[], text: string): number {
  const outcome = attempt(tokens, text)
  if (outcome === 'stopped') return 0
  if (outcome.unexpected === undefined || outcome.unexpected === 'end') return tokens.length
  return tokens.indexOf(outcome.unexpected)
}

interface Misspelling {
  readonly token: IToken
  readonly keyword: string
}

/** A name up to the failure that, read as a keyword it resembles, lets the parser get further. */
function findMisspelling(tokens: readonly IToken[], failedAt: number, text: string): Misspelling | undefined {
  if (failedAt > MAX_TRIED_TOKENS) return undefined
  let best: Misspelling | undefined
  let bestLength = failedAt
  for (let index = 0; index <= Math.min(failedAt, tokens.length - 1); index += 1) {
    const token = tokens[index]!
    if (token.tokenType !== t.Identifier) continue
    for (const near of nearWords(token.image, KEYWORDS)) {
      const changed = [...tokens]
      changed[index] = madeUp(t.keyword(near), near, token.startOffset)
      const length = goodLength(changed, text)
      if (length <= bestLength) continue
      bestLength = length
      best = { token, keyword: near }
    }
  }
  return best
}

const UNCLOSED_MESSAGES: ReadonlyMap<TokenType, readonly [string, string]> = new Map([
  [t.UnclosedString, ["This string is not closed. End it with '", "'"]],
  [t.UnclosedName, ['This quoted name is not closed. End it with "', '"']],
  [t.UnclosedIon, ['This Ion value is not closed. End it with `', '`']],
  [t.UnclosedComment, ['This comment is not closed. End it with */', '*/']],
])

/** The longest piece of a statement that a message repeats. */
const MAX_SHOWN = 40

function shown(image: string): string {
  return image.length <= MAX_SHOWN ? image : `${image.slice(0, MAX_SHOWN)}…`
}

function listed(labels: readonly string[]): string {
  const quoted = labels.map((label) => (/^[A-Za-z]/.test(label) ? label : `'${label}'`))
  if (quoted.length > MAX_NAMED) return `${quoted.slice(0, MAX_NAMED).join(', ')} …`
  if (quoted.length < 2) return quoted.join('')
  return `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`
}

/**
 * The error for a statement that does not parse.
 *
 * @param unexpected the token that no rule accepts, or `end` when more was wanted
 */
export function syntaxError(text: string, tokens: readonly IToken[], unexpected: IToken | 'end'): StatementError {
  const unclosed = unexpected === 'end' ? undefined : UNCLOSED_MESSAGES.get(unexpected.tokenType)
  if (unexpected !== 'end' && unclosed !== undefined) {
    return failure(text, unexpected.startOffset, unexpected.image.length, unclosed[0], [unclosed[1]])
  }
  const failedAt = unexpected === 'end' ? tokens.length : tokens.indexOf(unexpected)
  const misspelling = findMisspelling(tokens, failedAt, text)
  const at = misspelling?.token ?? unexpected
  const beginning = at === 'end' ? tokens : tokens.slice(0, tokens.indexOf(at))
  const expected = expectedAfter(beginning, text)
  const last = tokens.at(-1)
  const offset = at !== 'end' ? at.startOffset : last === undefined ? text.length : last.startOffset + last.image.length
  const length = at === 'end' ? 0 : at.image.length
  const found = at === 'end' ? THE_END : shown(at.image)
  if (misspelling !== undefined) {
    const message = `Found ${found}. Did you mean ${misspelling.keyword}?`
    return failure(text, offset, length, message, [...new Set([misspelling.keyword, ...expected])])
  }
  const reserved = at !== 'end' && expected.includes(NAME.label) && RESERVED_WORDS.includes(at.image.toUpperCase())
  const advice = reserved ? ` To use ${found} as a name, write "${found}" in double quotes.` : ''
  const habit = adviceForOtherDialect(tokens.map(({ image }) => image))
  if (habit !== undefined) return failure(text, offset, length, `Did not expect ${found}. ${habit}`, expected)
  const message =
    tokens.length === 0
      ? 'The statement is empty.'
      : expected.length === 0
        ? `Did not expect ${found}.`
        : `Expected ${listed(expected)}, found ${found}.${advice}`
  return failure(text, offset, length, message, expected)
}

function failure(
  text: string,
  offset: number,
  length: number,
  message: string,
  expected: readonly string[],
): StatementError {
  const location = locate(text, offset, length)
  const where = `at line ${location.line}, column ${location.column}`
  return new StatementError('SYNTAX_ERROR', `${message} (${where})`, { location, expected })
}
