/** Makes up sentences of the page, from a seed; short ones, with a few rules to keep out what the page says in words. */

import type { Expansion, Page } from './page.ts'

const NAMES = ['a', 'Person', '_x9', '$y', 'owners', '"quo""ted"', '"select"', 'name', 'date', 'year']
const STRINGS = ["'text'", "'it''s'", "''"]
const TOKENS: Readonly<Record<string, readonly string[]>> = {
  Name: NAMES,
  BareName: NAMES,
  String: STRINGS,
  Integer: ['0', '7', '42'],
  Decimal: ['1.5', '.5', '2e10'],
  Ion: ['`{a: 1}`', '`2026T`', "`'back`tick'`"],
}
const DATETIMES: Readonly<Record<string, string>> = {
  DATE: "'2026-02-28'",
  TIME: "'13:30:00.5'",
  TIMESTAMP: "'2026-02-28 13:30:00'",
}

const INTERVAL_FIELDS = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND']

/** Not made inside other sentences: an operator behind a path would be an edge of it. */
const UNMADE = new Set(['graphPattern'])

function isUnmade(expansion: Expansion): boolean {
  return expansion.kind === 'sequence' && expansion.parts.some((part) => part.kind === 'rule' && UNMADE.has(part.name))
}

/** What must follow a list of columns for it to be one. */
const INSERTABLE = new Set(['VALUE', 'VALUES', 'SELECT', 'PIVOT', 'TABLE', 'WITH', 'DEFAULT', '<<', '{', '[', '(', '?'])

const MOST_TOKENS = 150

/** Numbers from 0 up to 1 that repeat from the seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export class SentenceMaker {
  readonly #page: Page
  readonly #random: () => number
  readonly #costs = new Map<string, number>()
  /** How many tokens were made, those thrown away included; past the limit everything is made as short as can be. */
  #made = 0

  constructor(page: Page, seed: number) {
    this.#page = page
    this.#random = randomFrom(seed)
    this.#weighRules()
  }

  /** The tokens of one sentence of a rule. */
  make(rule: string, budget: number): string[] {
    for (;;) {
      const words = this.#expand(this.#page.rules.get(rule)!, budget, rule)
      if (isSaidInWords(rule, words)) return words
    }
  }

  #expand(expansion: Expansion, budgetLeft: number, rule: string): string[] {
    const budget = this.#made > MOST_TOKENS ? 0 : budgetLeft
    if (expansion.kind === '?' && isUnmade(expansion.of)) return []
    switch (expansion.kind) {
      case 'word':
        this.#made += 1
        return [expansion.text]
      case 'token':
        this.#made += 1
        return [this.#token(expansion.name, rule)]
      case 'rule':
        if (expansion.name === 'values' && rule === 'operand') return ['(', ...this.make('values', budget - 1), ')']
        return this.make(expansion.name, budget - 1)
      case 'sequence': {
        const words: string[] = []
        for (const part of expansion.parts) {
          // A query takes every comma behind it, so nothing can follow it in a list.
          const isClosedList = rule === 'parentheses' && part.kind === '*' && holdsQuery(words.slice(1))
          if (!isClosedList) words.push(...this.#expand(part, budget, rule))
        }
        return words
      }
      case 'choice': {
        const affordable = expansion.parts.filter((part) => this.#cost(part) <= budget)
        const parts = affordable.length > 0 ? affordable : [this.#cheapest(expansion.parts)]
        return this.#expand(this.#pick(parts), budget, rule)
      }
      default: {
        const isList = expansion.kind.startsWith(',')
        const least = expansion.kind.endsWith('+') ? 1 : 0
        const most = budget <= 0 ? least : expansion.kind === '?' ? 1 : least + 2
        const count = least + Math.floor(this.#random() * (most - least + 1))
        const words: string[] = []
        for (let index = 0; index < count; index += 1) {
          if (index > 0 && isList) {
            if (holdsQuery(words)) break
            words.push(',')
          }
          words.push(...this.#expand(expansion.of, budget - 1, rule))
        }
        return words
      }
    }
  }

  #token(name: string, rule: string): string {
    if (name === 'Name' && rule === 'dataType') return this.#pick(['INT', 'string', 'Decimal', 'BOOL', 'symbol'])
    if (rule === 'intervalQualifier' && name === 'Name') return this.#pick(INTERVAL_FIELDS)
    if (name === 'Name' && (rule === 'extract' || rule === 'dateArithmetic')) return this.#pick(['YEAR', 'second'])
    return this.#pick(TOKENS[name] ?? this.#page.classes.get(name)!)
  }

  #pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)]!
  }

  #cheapest(parts: readonly Expansion[]): Expansion {
    return parts.reduce((best, part) => (this.#cost(part) < this.#cost(best) ? part : best))
  }

  /** How many rules deep the shallowest sentence goes. */
  #cost(expansion: Expansion): number {
    switch (expansion.kind) {
      case 'word':
      case 'token':
        return 0
      case 'rule':
        return 1 + (this.#costs.get(expansion.name) ?? 1000)
      case 'sequence':
        return Math.max(0, ...expansion.parts.map((part) => this.#cost(part)))
      case 'choice':
        return Math.min(...expansion.parts.map((part) => this.#cost(part)))
      default:
        return expansion.kind.endsWith('+') ? this.#cost(expansion.of) : 0
    }
  }

  #weighRules(): void {
    for (let isStable = false; !isStable; ) {
      isStable = true
      for (const [name, expansion] of this.#page.rules) {
        const cost = this.#cost(expansion)
        if (cost === this.#costs.get(name)) continue
        this.#costs.set(name, cost)
        isStable = false
      }
    }
  }
}

/** A parenthesis behind EXPLAIN holds options only if a word that begins a statement follows it. */
function hasStatementBehindOptions(text: string): boolean {
  const [, next] = /^EXPLAIN (?:ANALYZE )?\( \S+(?: \S+)?(?: , \S+(?: \S+)?)* \) (\S+)/.exec(text) ?? []
  return (
    next === undefined ||
    /^(CREATE|DELETE|DROP|EXEC|FROM|INSERT|PIVOT|REPLACE|SELECT|TABLE|UNDROP|UPDATE|UPSERT|WITH)$/.test(next)
  )
}

/** `YEAR TO MONTH`, from the larger field to the smaller one of a family; numbers only where the page says so. */
function isInterval(text: string): boolean {
  const match = /^(?<from>\S+)(?: \( \d+(?<more>(?: , \d+)*) \))?(?: TO (?<to>\S+)(?<fraction> \( \d+ \))?)?$/.exec(
    text,
  )
  const { from, more = '', to, fraction } = match?.groups ?? {}
  if (from === undefined) return false
  if (more !== '' && (from !== 'SECOND' || to !== undefined || more.split(',').length > 2)) return false
  if (fraction !== undefined && to !== 'SECOND') return false
  if (to === undefined) return true
  const families = [INTERVAL_FIELDS.slice(0, 2), INTERVAL_FIELDS.slice(2)]
  return families.some((family) => family.includes(from) && family.indexOf(to) > family.indexOf(from))
}

/** Whether SELECT, PIVOT, LET or ORDER stands outside all brackets: what takes the commas behind it. */
function holdsQuery(words: readonly string[]): boolean {
  let nesting = 0
  for (const word of words) {
    if (word === '(' || word === '[' || word === '{' || word === '<<') nesting += 1
    else if (word === ')' || word === ']' || word === '}' || word === '>>') nesting -= 1
    else if (nesting === 0 && ['SELECT', 'PIVOT', 'LET', 'ORDER'].includes(word)) return true
  }
  return false
}

/** Whether JOIN, UNPIVOT, AS, AT or BY stands outside all brackets; the BY of ORDER BY does not count. */
function holdsJoin(words: readonly string[]): boolean {
  let nesting = 0
  for (const [index, word] of words.entries()) {
    if (word === '(' || word === '[' || word === '{' || word === '<<') nesting += 1
    else if (word === ')' || word === ']' || word === '}' || word === '>>') nesting -= 1
    else if (nesting > 0) continue
    else if (['JOIN', 'UNPIVOT', 'AS', 'AT'].includes(word)) return true
    else if (word === 'BY' && words[index - 1] !== 'ORDER') return true
  }
  return false
}

/** The remarks of the page: false for a sentence that they rule out. */
function isSaidInWords(rule: string, words: string[]): boolean {
  const text = words.join(' ')
  switch (rule) {
    case 'explain':
      return words.lastIndexOf('EXPLAIN') === 0 && hasStatementBehindOptions(text)
    case 'insert': {
      const [, next] = /^\S+ INTO \S+(?: AS \S+)? \( \S+(?: , \S+)* \) (\S+)/.exec(text) ?? []
      if (next !== undefined && !INSERTABLE.has(next) && !next.startsWith('`')) return false
      // One VALUE, and nothing else, goes into a path.
      const hasSteps = words[3] === '.' || words[3] === '['
      return !hasSteps && !/ VALUE .* AT /.test(text) && !/^\S+ INTO \S+ (\[|AS \S+ \[)/.test(text)
    }
    case 'graphEdge':
      return !/^< ~ (.*~ )?>/.test(text)
    case 'graphSelector':
      return !/ 0\b/.test(text)
    case 'graphQuantifier': {
      const [, least, most] = /^{ (\d+) , (\d+) }$/.exec(text) ?? []
      return most === undefined || (Number(most) > 0 && Number(most) >= Number(least))
    }
    case 'queryBody':
      // What CORRESPONDING stands before must not look like the rest of an expression.
      return !/CORRESPONDING (-|\+|NOT (IN|LIKE|BETWEEN)) /.test(text)
    case 'selectItem':
      // a.* stands for the fields of a, and has no alias.
      return !/\. \* (AS )?["$\w]+$/.test(text)
    case 'fromPrimary':
      return words[0] !== '(' || holdsJoin(words.slice(1, -1))
    case 'from':
    case 'join':
      // What LATERAL stands before must not look like the rest of an expression.
      return !/LATERAL (-|\+|NOT) /.test(text)
    case 'dataType':
      // Only as many numbers as the type takes.
      return (
        !/^(?!Decimal|TIME|CHAR|INTERVAL|[A-Z]+ <)\S+ \(|^Decimal.*, \S+ ,/.test(text) ||
        /^string \( \d+ \)$/.test(text)
      )
    case 'drop':
      for (const [index, word] of words.entries()) if (word === '=') words[index - 1] = 'purge'
      return true
    case 'datetime':
      if (words[0] !== 'INTERVAL') words[words.length - 1] = DATETIMES[words[0]!]!
      return true
    case 'intervalQualifier':
      return isInterval(text)
    case 'trim':
      return !/^TRIM \( (LEADING|TRAILING|BOTH) \)/.test(text)
    default:
      return true
  }
}
