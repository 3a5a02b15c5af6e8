import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FormatError } from '../../src/errors.ts'
import {
  equals,
  IonAnnotated,
  IonClob,
  IonFloat,
  IonStruct,
  IonSymbol,
  type IonValue,
  NO_TEXT,
  NULL,
  parseOne,
  parseText,
  printText,
} from '../../src/ion/index.ts'
import { anyValue } from './any-value.ts'

describe('printText', () => {
  it.each<[IonValue, string]>([
    ['say "hi" it\'s\\\n\t\0\u0007\u009f\u2028é😀', '"say \\"hi\\" it\'s\\\\\\n\\t\\0\\a\\u009f\\u2028é😀"'],
    [new IonSymbol('it\'s "x"'), "'it\\'s \"x\"'"],
    [new IonSymbol('a_$1'), 'a_$1'],
    [new IonSymbol(''), "''"],
    [new IonSymbol('1a'), "'1a'"],
    [new IonSymbol('+'), "'+'"],
    [new IonSymbol('null'), "'null'"],
    [new IonSymbol('nan'), "'nan'"],
    [new IonSymbol('$10'), "'$10'"],
    [new IonSymbol('$a'), '$a'],
    [new IonSymbol(undefined), '$0'],
    [new IonAnnotated([NO_TEXT, 'true'], NULL), "$0::'true'::null"],
    [
      new IonStruct([
        { name: NO_TEXT, value: 1 },
        { name: 'a b', value: new IonFloat(1e100) },
      ]),
      "{$0:1,'a b':1e100}",
    ],
    [new IonFloat(5e-324), '5e-324'],
    [new IonFloat(1e21), '1e21'],
    [new IonFloat(123.25), '123.25e0'],
    [new IonClob(Uint8Array.of(0, 1, 34, 65, 92, 10, 127, 255)), '{{"\\0\\x01\\"A\\\\\\n\\x7f\\xff"}}'],
  ])('prints %o as %s', (value, expected) => {
    expect(printText(value)).toBe(expected)
  })

  it('prints a field or item a line on request', () => {
    const value = parseOne('{vin:"X",owner:usd::{name:Maria,empty:{}},list:[1,(a b),[]]}')
    expect(printText(value, { pretty: true })).toBe(`{
  vin: "X",
  owner: usd::{
    name: Maria,
    empty: {}
  },
  list: [
    1,
    (
      a
      b
    ),
    []
  ]
}`)
  })

  it('prints what ion-js reads back as the same value', () => {
    fc.assert(
      fc.property(anyValue, fc.boolean(), (value, pretty) => {
        expect(equals(parseOne(printText(value, { pretty })), value)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('parseText', () => {
  it('reads any number of values', () => {
    expect(parseText('')).toEqual([])
    expect(parseText(' // only a comment')).toEqual([])
    expect(parseText('1 two "three"')).toEqual([1, new IonSymbol('two'), 'three'])
    expect(parseOne(' [1] ')).toBeDefined()
  })

  it('refuses none or several where one is expected', () => {
    expect(() => parseOne('')).toThrow('Expected one Ion value, found 0.')
    expect(() => parseOne('1 2')).toThrow('Expected one Ion value, found 2.')
  })

  it.each(['{', '[1', '{a:}', '{a 1}', '"', '$99', '2026-13T', '{{x}}', '1d99999999999', ']'])('refuses %s', (text) => {
    expect(() => parseText(text)).toThrow(expect.objectContaining({ name: 'FormatError', code: 'BAD_ION' }))
  })

  it('refuses any other text as a FormatError and nothing else', () => {
    const unit = fc.constantFrom(...'{}[]()"\':,/*\\$ 0123456789.-+_abdeTZnulx\n'.split(''))
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 30 }), (text) => {
        try {
          for (const value of parseText(text)) printText(value)
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError)
        }
      }),
      { numRuns: 3000 },
    )
  })
})
