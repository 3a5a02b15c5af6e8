/** Whatever the text: a statement, a StatementError or a LimitError, and soon. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LimitError, StatementError } from '../../../src/errors.ts'
import { expectedNext, isComplete, KEYWORDS, parse, tokenize } from '../../../src/partiql/syntax/index.ts'
import { readPage } from '../../grammar/page.ts'
import { SentenceMaker } from '../../grammar/sentences.ts'

/** @returns whether it parses; anything but a promised error goes on */
function isStatement(text: string): boolean {
  try {
    parse(text)
    return true
  } catch (error) {
    if (error instanceof LimitError) return false
    if (!(error instanceof StatementError)) throw error
    const { location } = error
    expect(error.code).toBe('SYNTAX_ERROR')
    expect(location!.offset).toBeGreaterThanOrEqual(0)
    expect(location!.offset + location!.length).toBeLessThanOrEqual(text.length)
    return false
  }
}

const words = fc.constantFrom(
  ...KEYWORDS,
  ...[
    'a',
    'Person',
    '"q"',
    "'s'",
    '1',
    '1.5',
    '`{a: 1}`',
    '?',
    '@',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '<<',
    '>>',
    ',',
    ';',
  ],
  ...[':', '.', '*', '=', '<>', '<', '||', '+', '-', '/', '#', '`', "'", '"', '/*', '--', '\n'],
)

const page = readPage()

describe('parse', () => {
  it('answers any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        isStatement(Buffer.from(bytes).toString('latin1'))
        isStatement(Buffer.from(bytes).toString('utf8'))
      }),
      { numRuns: 500 },
    )
  })

  it('answers any tokens', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 25 }), (tokens) => {
        isStatement(tokens.join(' '))
      }),
      { numRuns: 1000 },
    )
  })

  it('answers good statements with a token lost, doubled, swapped or put in', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), fc.nat(), words, fc.nat({ max: 3 }), (seed, first, second, word, how) => {
        const tokens = new SentenceMaker(page, seed).make('statement', 8)
        const [from, to] = [first % tokens.length, second % tokens.length]
        if (how === 0) tokens.splice(from, 1)
        else if (how === 1) tokens.splice(from, 0, tokens[from]!)
        else if (how === 2) [tokens[from], tokens[to]] = [tokens[to]!, tokens[from]!]
        else tokens.splice(from, 0, word)
        isStatement(tokens.join(' '))
      }),
      { numRuns: 500 },
    )
  })

  it('answers good statements that are cut off, and isComplete says whether they can go on', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), (seed, cut) => {
        const tokens = new SentenceMaker(page, seed).make('statement', 8)
        const beginning = tokens.slice(0, cut % tokens.length).join(' ')
        // What a good statement begins with is never wrong before its end.
        expect(isStatement(beginning)).toBe(isComplete(beginning))
      }),
      { numRuns: 300 },
    )
  })

  it('accepts a token exactly when it is said to be expected', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), (seed, cut) => {
        const tokens = new SentenceMaker(page, seed).make('statement', 6)
        const at = cut % tokens.length
        const expected = expectedNext(tokens.slice(0, at).join(' '))
        const next = tokenize(tokens.slice(at).join(' '))[0]!
        if (next.kind !== 'keyword' || !['FROM', 'WHERE', 'AS', 'VALUE', 'SET', 'INTO', 'END'].includes(next.text))
          return
        expect(expected).toContain(next.text)
      }),
      { numRuns: 100 },
    )
  })

  it('needs time that grows with the length, not faster', () => {
    for (const unit of [
      '(',
      '[',
      '{',
      '<<',
      '`{{',
      "'''`",
      '/*',
      '- ',
      'a, ',
      'a + ',
      'NOT ',
      'a.',
      '1 ',
      'CASE WHEN ',
      '(a JOIN ',
    ]) {
      isStatement(unit.repeat(Math.floor(200_000 / unit.length)))
      isStatement(`SELECT * FROM ${unit.repeat(Math.floor(200_000 / unit.length))}`)
    }
  }, 30_000)
})
