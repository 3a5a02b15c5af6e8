import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isComplete, KEYWORDS, locate, RESERVED_WORDS, tokenize } from '../../../src/partiql/syntax/index.ts'

const kinds = (text: string): string =>
  tokenize(text)
    .map(({ kind, text: image }) => `${kind}:${image}`)
    .join(' ')

describe('tokenize', () => {
  it.each([
    ['SELECT a', 'keyword:SELECT name:a'],
    ["= 'ACTIVE'AND", "symbol:= string:'ACTIVE' keyword:AND"],
    ['v.VIN = ?INSERT INTO', 'name:v symbol:. name:VIN symbol:= parameter:? keyword:INSERT keyword:INTO'],
    ['12 12.5 1. .5 1e3 1.5E-3', 'number:12 number:12.5 number:1. number:.5 number:1e3 number:1.5E-3'],
    ['a[1].b', 'name:a symbol:[ number:1 symbol:] symbol:. name:b'],
    ['<<<<>>>> <> <= < !=', 'symbol:<< symbol:<< symbol:>> symbol:>> symbol:<> symbol:<= symbol:< symbol:!='],
    ['a--b\nc', 'name:a comment:--b name:c'],
    ['a/* * ** /*/b', 'name:a comment:/* * ** /*/ name:b'],
    ['\'it\'\'s\' "a""b"', 'string:\'it\'\'s\' name:"a""b"'],
    ["date DATE '2026-01-01'", "name:date keyword:DATE string:'2026-01-01'"],
    ['a # b', 'name:a stray:# name:b'],
    ["'abc", "unclosed:'abc"],
    ['`abc', 'unclosed:`abc'],
    ['a /* b', 'name:a unclosed:/* b'],
  ])('%s', (text, expected) => {
    expect(kinds(text)).toBe(expected)
  })

  it.each([
    ['`a`'],
    ['`"a`b"`'],
    ['`"a\\"`b"`'],
    ["`'a`b'`"],
    ["`'''a`b''' '''c`'''`"],
    ['`{{aGVs//bG8=}}`'],
    ['`{{"clob`"}}`'],
    ["`{{'''clob`'''}}`"],
    ['`[1, /* ` */ 2]`'],
    ['`{a: {{aA==}}, b: 2026T}`'],
    ['`1 // one`'],
  ])('takes %s as one Ion literal', (text) => {
    expect(kinds(`${text} x`)).toBe(`ion:${text} name:x`)
  })

  it('loses no character of any text', () => {
    const pieces = fc.constantFrom(
      "'",
      '"',
      '`',
      '/*',
      '*/',
      '--',
      '\n',
      '{{',
      '}}',
      "'''",
      ' ',
      'a',
      '1',
      '.',
      'é',
      '😀',
      '#',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(pieces).map((parts) => parts.join('')),
        ),
        (text) => {
          let end = 0
          for (const { offset, length, text: image } of tokenize(text)) {
            expect(text.slice(end, offset).trim()).toBe('')
            expect(text.slice(offset, offset + length)).toBe(image)
            expect(length).toBeGreaterThan(0)
            end = offset + length
          }
          expect(text.slice(end).trim()).toBe('')
        },
      ),
      { numRuns: 1000 },
    )
  })
})

describe('isComplete', () => {
  it.each([
    ['SELECT 1', true],
    ['SELECT *', true],
    ['SELECT * FROM t WHERE', false],
    ['SELECT (1', false],
    ["SELECT 'a", false],
    ['SELECT "a', false],
    ['SELECT `{a: 1', false],
    ['SELECT 1 /* note', false],
    ['SELECT 1 -- note', true],
    ['INSERT INTO t <<', false],
    ['INSERT INTO t', false],
    ["INSERT INTO t VALUE {'a': 1,", false],
    ['CREATE TABLE', false],
    ['SELECT * FORM t', true],
    ['SELECT (1;', true],
    ['SELECT ) (', true],
    ["DATE '2026-02-30'", true],
    ['', false],
    ['  -- only a comment', false],
    ['('.repeat(1000), true],
  ])('%s → %s', (text, expected) => {
    expect(isComplete(text)).toBe(expected)
  })
})

describe('the keywords', () => {
  it('are each in one group, in upper case and in order', () => {
    expect(new Set(KEYWORDS).size).toBe(KEYWORDS.length)
    expect([...KEYWORDS].sort()).toEqual([...KEYWORDS])
    for (const word of KEYWORDS) expect(word).toMatch(/^[A-Z_]+$/)
  })

  it('reserve no word that QLDB left free', () => {
    for (const word of [
      'NAME',
      'STATUS',
      'ID',
      'VERSION',
      'DATA',
      'HISTORY',
      'METADATA',
      'LET',
      'WINDOW',
      'OFFSET',
      'EXPLAIN',
    ]) {
      expect(RESERVED_WORDS).not.toContain(word)
    }
  })
})

describe('locate', () => {
  it.each([
    ['', 0, 1, 1],
    ['abc', 2, 1, 3],
    ['abc', 3, 1, 4],
    ['a\nb', 1, 1, 2],
    ['a\nb', 2, 2, 1],
    ['a\r\nb', 3, 2, 1],
    ['a\rb', 2, 2, 1],
    ['\n\n\r\n\rx', 5, 5, 1],
    ['😀x', 2, 1, 3],
  ])('%j at %i is line %i, column %i', (text, offset, line, column) => {
    expect(locate(text, offset, 7)).toEqual({ line, column, offset, length: 7 })
  })
})
