/**
 * Throws broken statements at the parser: sentences of the grammar's page and, where they are at hand, the statements
 * of the conformance suite, changed by tokens and by bytes. Every answer must be a statement or a promised error, with a
 * place inside the text, and soon. What happens repeats from its seed. For a long run:
 *
 *     npm run fuzz:parser -- [seconds] [seed]
 */

import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { LimitError, StatementError } from '../../src/errors.ts'
import { expectedNext, KEYWORDS, parse, statementState, tokenize } from '../../src/partiql/syntax/index.ts'
import { DEFAULT_DATA } from '../conformance/default-data.ts'
import { readSuite } from '../conformance/suite.ts'
import { type Page, readPage } from '../grammar/page.ts'
import { randomFrom, SentenceMaker } from '../grammar/sentences.ts'

const SYMBOLS: readonly string[] = [
  ...['(', ')', '[', ']', '{', '}', '<<', '>>', ',', ';', ':', '.', '@', '?', '*', '=', '<>', '!=', '<', '<=', '>'],
  ...['>=', '||', '|', '&', '!', '~', '+', '-', '/', '%', '->', '<-', '`', "'", '"', '/*', '*/', '--', '\n', '#', 'é'],
]
const LITERALS: readonly string[] = [
  ...['a', 'Person', '"q"', "'s'", "''", '0', '1', '1.5', '2e10', '9'.repeat(30), '1e9999999', '`{a: 1}`', '`', '``'],
  ...["DATE '2026-01-31'", "TIME (3) '10:00:00'", "INTERVAL '1' DAY", 'year', 'SECOND', '(1, 2)', '\u0000', '😀'],
]

/** One parse may take this long on a busy machine; what takes longer grows faster than the text. */
const MAX_MILLISECONDS = 5_000

/** Texts that were statements before they were changed; what is seldom in one is often beside it in another. */
export function statementsToChange(): readonly string[] {
  if (!existsSync(DEFAULT_DATA)) return []
  return readSuite(DEFAULT_DATA).flatMap(({ statements }) => statements)
}

/** Makes up inputs, one after another, from a seed. */
class InputMaker {
  readonly #random: () => number
  readonly #page: Page
  readonly #statements: readonly string[]

  constructor(seed: number, page: Page, statements: readonly string[]) {
    this.#random = randomFrom(seed)
    this.#page = page
    this.#statements = statements
  }

  next(): string {
    switch (this.#below(4)) {
      case 0:
        return Array.from({ length: this.#below(30) }, () => this.#word()).join(this.#below(5) === 0 ? '' : ' ')
      case 1:
        return this.#changedBytes(this.#statement())
      default:
        return this.#changedTokens(this.#statement())
    }
  }

  /** From 0 up to `limit`, without it. */
  #below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#below(list.length)]!
  }

  #word(): string {
    return this.#pick(this.#pick([KEYWORDS, KEYWORDS, SYMBOLS, LITERALS]))
  }

  #statement(): string {
    if (this.#statements.length > 0 && this.#below(2) === 0) return this.#pick(this.#statements)
    return new SentenceMaker(this.#page, this.#below(2 ** 31)).make('statement', 2 + this.#below(8)).join(' ')
  }

  #changedTokens(statement: string): string {
    const tokens = tokenize(statement).map(({ text }) => text)
    for (let left = 1 + this.#below(3); left > 0; left -= 1) {
      const at = this.#below(tokens.length + 1)
      const other = this.#below(tokens.length + 1)
      switch (this.#below(6)) {
        case 0:
          tokens.splice(at, 1 + this.#below(3))
          break
        case 1:
          tokens.splice(at, 0, ...tokens.slice(other, other + 1 + this.#below(8)))
          break
        case 2:
          tokens.splice(at, 0, this.#word())
          break
        case 3:
          tokens.splice(at, 1, this.#word())
          break
        case 4:
          tokens.splice(at)
          break
        default:
          tokens.splice(at, tokens.length, ...tokenize(this.#statement()).map(({ text }) => text))
      }
    }
    return tokens.join(' ')
  }

  #changedBytes(statement: string): string {
    const bytes = [...new TextEncoder().encode(statement)]
    for (let left = 1 + this.#below(6); left > 0; left -= 1) {
      const at = this.#below(bytes.length + 1)
      switch (this.#below(4)) {
        case 0:
          bytes.splice(at, 1)
          break
        case 1:
          bytes.splice(at, 0, this.#below(256))
          break
        case 2:
          bytes[at] = (bytes[at] ?? 0) ^ (1 << this.#below(8))
          break
        default:
          bytes.splice(at, 0, ...bytes.slice(at, at + this.#below(20)))
      }
    }
    return new TextDecoder().decode(new Uint8Array(bytes))
  }
}

/** Why the parser's answer to a text is none it may give; undefined when it is fine. */
function faultOf(text: string): string | undefined {
  const start = performance.now()
  try {
    tokenize(text)
    statementState(text)
    parse(text)
  } catch (error) {
    if (!(error instanceof StatementError) && !(error instanceof LimitError)) {
      return `it throws ${error instanceof Error ? error.stack : String(error)}`
    }
    if (error instanceof StatementError) {
      if (error.code !== 'SYNTAX_ERROR') return `it answers ${error.code}`
      const { location } = error
      if (location === undefined) return 'the error has no place'
      if (location.offset < 0 || location.length < 0 || location.offset + location.length > text.length) {
        return `the place ${location.offset}+${location.length} is outside of the text`
      }
    }
  }
  const milliseconds = performance.now() - start
  return milliseconds > MAX_MILLISECONDS ? `it takes ${Math.round(milliseconds)} ms` : undefined
}

/**
 * Tries inputs until one is answered wrongly or `isOver` says so.
 *
 * @returns how many were tried, and how many of them were statements
 * @throws {Error} with the input, as JSON, and what is wrong with the answer
 */
export function fuzzParser(
  seed: number,
  statements: readonly string[],
  isOver: (tried: number) => boolean,
): { readonly tried: number; readonly accepted: number } {
  const inputs = new InputMaker(seed, readPage(), statements)
  let tried = 0
  let accepted = 0
  for (; !isOver(tried); tried += 1) {
    const text = inputs.next()
    const fault = faultOf(text)
    if (fault !== undefined) throw new Error(`seed ${seed}, input ${tried}: ${JSON.stringify(text)}: ${fault}`)
    if (statementState(text) === 'complete') accepted += 1
    if (tried % 50 === 0) expectedNext(text)
  }
  return { tried, accepted }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const seconds = Number(process.argv[2] ?? 60)
  const seed = Number(process.argv[3] ?? Date.now() % 2 ** 31)
  const end = performance.now() + seconds * 1000
  const statements = statementsToChange()
  console.log(`seed ${seed}, ${statements.length} statements, ${seconds} s`)
  const { tried, accepted } = fuzzParser(seed, statements, () => performance.now() > end)
  console.log(`${tried} inputs, ${accepted} of them statements: no fault`)
}
