/**
 * Holds the page of the grammar, the parser and what is drawn from it equal. The page is compared rule by rule in one
 * normal form; and sentences made up from the page must all parse, which also tries the look-ahead and the words that
 * are keywords only in their place, neither of which the rules show.
 */

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { derivedFiles } from '../../grammar/draw.ts'
import { grammarRules, parse, validateGrammar } from '../../src/partiql/syntax/index.ts'
import * as tokens from '../../src/partiql/syntax/tokens.ts'
import { expansionOf, type Production, readPage } from './page.ts'
import { SentenceMaker } from './sentences.ts'

const page = readPage()
const parserRules = grammarRules() as unknown as readonly (Production & { readonly name: string })[]

/** How a sentence of a rule becomes a statement, for rules that random statements reach seldom. */
const WRAPPINGS: Readonly<Record<string, (sentence: string) => string>> = {
  explain: (sentence) => sentence,
  insert: (sentence) => sentence,
  update: (sentence) => sentence,
  delete: (sentence) => sentence,
  fromDml: (sentence) => sentence,
  create: (sentence) => sentence,
  drop: (sentence) => sentence,
  undrop: (sentence) => sentence,
  exec: (sentence) => sentence,
  query: (sentence) => sentence,
  select: (sentence) => sentence,
  from: (sentence) => `SELECT * ${sentence}`,
  groupBy: (sentence) => `SELECT * FROM t ${sentence}`,
  orderBy: (sentence) => `SELECT * FROM t ${sentence}`,
  expression: (sentence) => sentence,
  predicate: (sentence) => `1 ${sentence}`,
  dataType: (sentence) => `CAST(a AS ${sentence})`,
  case: (sentence) => sentence,
  cast: (sentence) => sentence,
  datetime: (sentence) => sentence,
  specialCall: (sentence) => sentence,
  trim: (sentence) => sentence,
  substring: (sentence) => sentence,
  overlay: (sentence) => sentence,
  position: (sentence) => sentence,
  with: (sentence) => `${sentence} SELECT 1`,
  setOperator: (sentence) => `a ${sentence} SELECT 1`,
  over: (sentence) => `SELECT f(x) OVER ${sentence} FROM t`,
  window: (sentence) => `SELECT f(x) FROM t WINDOW w AS ${sentence}`,
  scan: (sentence) => `SELECT * FROM ${sentence}`,
  onConflict: (sentence) => `INSERT INTO t VALUE 1 ${sentence}`,
  returning: (sentence) => `DELETE FROM t ${sentence}`,
  tableElements: (sentence) => `CREATE TABLE t ${sentence}`,
  intervalQualifier: (sentence) => `INTERVAL '1' ${sentence}`,
  graphPattern: (sentence) => `SELECT * FROM (g MATCH ${sentence})`,
  graphPath: (sentence) => `SELECT * FROM g MATCH ${sentence}`,
}

describe('the page of the grammar', () => {
  it('has the rules of the parser and no others', () => {
    expect([...page.rules.keys()].sort()).toEqual(parserRules.map(({ name }) => name).sort())
  })

  it.each(parserRules.map((rule) => [rule.name, rule] as const))('says of %s what the parser does', (name, rule) => {
    expect(page.rules.get(name)).toEqual(expansionOf({ ...rule, type: 'Alternative' }))
  })

  it.each([
    ['BinaryOperator', tokens.BinaryOperator],
    ['ArithmeticOperator', tokens.ArithmeticOperator],
    ['PrefixOperator', tokens.PrefixOperator],
  ] as const)('lists the operators of %s', (name, type) => {
    const members = tokens.VOCABULARY.filter((each) => each.CATEGORIES?.includes(type)).map((each) => each.LABEL)
    expect([...page.classes.get(name)!].sort()).toEqual(members.sort())
  })

  it('makes sentences that the parser accepts', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const sentence = new SentenceMaker(page, seed).make('script', 14).join(' ')
        expect(() => parse(sentence), sentence).not.toThrow()
      }),
      { numRuns: 1500 },
    )
  })

  it.each(Object.entries(WRAPPINGS))('makes sentences with %s in them', (rule, wrap) => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const sentence = wrap(new SentenceMaker(page, seed).make(rule, 10).join(' '))
        expect(() => parse(sentence), sentence).not.toThrow()
      }),
      { numRuns: 100 },
    )
  })
})

describe('the grammar', () => {
  it('has no ambiguity, left recursion or unreachable alternative that Chevrotain can find', () => {
    expect(validateGrammar).not.toThrow()
  })

  it.each([...derivedFiles()])('is drawn up to date in %s (otherwise: npm run grammar)', (name, content) => {
    expect(readFileSync(new URL(`../../grammar/${name}`, import.meta.url), 'utf8')).toBe(content)
  })

  it('is drawn without scripts and without the network', () => {
    const diagram = derivedFiles().get('diagram.html')!
    expect(diagram).not.toMatch(/<script|https?:|src=|@import|url\(/)
  })
})
