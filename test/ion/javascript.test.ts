import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FormatError } from '../../src/errors.ts'
import {
  Decimal,
  decodeJavascript,
  decodeValue,
  encodeJavascript,
  encodeValue,
  equals,
  fromJavascript,
  IonAnnotated,
  IonBlob,
  IonClob,
  IonFloat,
  IonList,
  IonNull,
  IonSexp,
  IonStruct,
  IonSymbol,
  type IonValue,
  NO_TEXT,
  parseOne,
  printText,
  SymbolTable,
  Timestamp,
  toJavascript,
} from '../../src/ion/index.ts'
import { anyText, anyValue } from './any-value.ts'

const symbols = SymbolTable.system()

/** Plain JavaScript values that have an Ion value. */
const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    {
      arbitrary: fc.oneof(anyText, fc.boolean(), fc.constant(null), fc.double(), fc.maxSafeInteger(), fc.integer()),
      weight: 4,
    },
    { arbitrary: fc.bigInt(), weight: 1 },
    { arbitrary: fc.uint8Array(), weight: 1 },
    { arbitrary: fc.date({ min: new Date(0), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true }), weight: 1 },
    {
      arbitrary: fc.constantFrom(
        new Decimal('1.50'),
        Timestamp.parse('2026T'),
        new IonSymbol('a'),
        parseOne('usd::{a:1}'),
      ),
      weight: 1,
    },
    { arbitrary: fc.array(tie('value'), { maxLength: 5 }), weight: 1 },
    { arbitrary: fc.dictionary(anyText, tie('value'), { maxKeys: 6 }), weight: 2 },
  ),
})).value

describe('fromJavascript', () => {
  it.each<[unknown, string]>([
    ['x', '"x"'],
    [true, 'true'],
    [null, 'null'],
    [5, '5'],
    [-5, '-5'],
    [0, '0'],
    [-0, '-0e0'],
    [1.5, '1.5e0'],
    [Number.NaN, 'nan'],
    [Number.NEGATIVE_INFINITY, '-inf'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [2 ** 53, '9007199254740992e0'],
    [5n, '5'],
    [-(2n ** 70n), '-1180591620717411303424'],
    [new Date('2026-11-20T14:02:07.120Z'), '2026-11-20T14:02:07.120Z'],
    [new Date('0001-01-01T00:00:00Z'), '0001-01-01T00:00:00.000Z'],
    [Uint8Array.of(1, 2, 3), '{{AQID}}'],
    [Buffer.from([1, 2, 3]), '{{AQID}}'],
    [new Decimal('50.00'), '50.00'],
    [Timestamp.parse('2026-11T'), '2026-11T'],
    [[], '[]'],
    [[1, [null, 'a']], '[1,[null,"a"]]'],
    [{}, '{}'],
    [{ a: 1, b: undefined, c: { d: [] } }, '{a:1,c:{d:[]}}'],
    [Object.assign(Object.create(null), { a: 1 }), '{a:1}'],
    [JSON.parse('{"__proto__": 1}'), '{__proto__:1}'],
    [new IonSymbol('s'), 's'],
    [[IonNull.of('int'), new IonSexp([1]), new IonAnnotated(['a'], 'x')], '[null.int,(1),a::"x"]'],
  ])('%o is %s', (value, expected) => {
    const ion = fromJavascript(value)
    expect(printText(ion)).toBe(expected)
    expect(printText(decodeValue(encodeJavascript(value, symbols), symbols))).toBe(expected)
  })

  it('takes plain objects of another realm', () => {
    expect(printText(fromJavascript(runInNewContext('({ a: [1, { b: 2 }] })')))).toBe('{a:[1,{b:2}]}')
  })

  class Car {
    vin = 'X'
  }
  const circular: Record<string, unknown> = {}
  circular['self'] = [circular]
  const deep = (depth: number): unknown => Array.from({ length: depth }).reduce<unknown>((inner) => [inner], [])

  it.each<[string, unknown, RegExp]>([
    ['undefined', undefined, /^The value is undefined/],
    ['undefined in an array', { a: [1, undefined] }, /^The value at a\.1 is undefined/],
    ['a hole in an array', new Array(2), /^The value at 0 is undefined/],
    ['a function', { a: { f: () => 1 } }, /^The value at a\.f is a function/],
    ['a JavaScript symbol', { s: Symbol('s') }, /^The value at s is a symbol/],
    ['an instance of a class', { car: new Car() }, /^The value at car is an instance of Car/],
    ['a Map', new Map([['a', 1]]), /instance of Map/],
    ['another typed array', { a: new Uint16Array(2) }, /instance of Uint16Array/],
    ['a promise', [Promise.resolve(1)], /instance of Promise/],
    ['a boxed number', Object(1), /instance of Number/],
    ['an invalid date', { at: new Date(Number.NaN) }, /^The value at at is a Date/],
    ['a date beyond the calendar', { at: new Date(Date.UTC(10_000, 0, 1)) }, /^The value at at is a Date/],
    ['a date before the calendar', { at: new Date('0000-12-31T23:59:59.999Z') }, /^The value at at is a Date/],
    ['half of a surrogate pair', { a: { b: 'x\ud83d' } }, /^The value at a\.b has half of a surrogate pair/],
    ['half of a pair in a name', { 'x\ud83d': 1 }, /half of a surrogate pair/],
    ['the name that stands for no name', { [NO_TEXT]: 1 }, /half of a surrogate pair/],
    ['a circle', circular, /deeper than 512 containers, or contains itself/],
    ['513 arrays', deep(512), /deeper than 512 containers/],
    ['5000 arrays', deep(4999), /deeper than 512 containers/],
  ])('refuses %s and says where', (_, value, message) => {
    for (const convert of [() => fromJavascript(value), () => encodeJavascript(value, SymbolTable.system())]) {
      expect(convert).toThrow(FormatError)
      expect(convert).toThrow(message)
      expect(convert).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }))
    }
  })

  it('takes 512 arrays', () => {
    expect(JSON.stringify(toJavascript(fromJavascript(deep(511))))).toBe(JSON.stringify(deep(511)))
    expect(encodeJavascript(deep(511), symbols).length).toBeGreaterThan(512)
  })

  it('gives the bytes of encodeJavascript', () => {
    fc.assert(
      fc.property(plain, (value) => {
        const [one, two] = [SymbolTable.system(), SymbolTable.system()]
        expect(Buffer.from(encodeJavascript(value, one))).toEqual(Buffer.from(encodeValue(fromJavascript(value), two)))
        expect(one.names(10)).toEqual(two.names(10))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('toJavascript', () => {
  it.each<[string, unknown]>([
    ['null', null],
    ['true', true],
    ['"x"', 'x'],
    ['5', 5],
    ['9007199254740992', 2n ** 53n],
    ['1.5e0', 1.5],
    ['nan', Number.NaN],
    ['-0e0', -0],
    ['50.00', new Decimal('50.00')],
    ['2026-11-20T14:02:07.120Z', new Date('2026-11-20T14:02:07.120Z')],
    ['2026-11-20T14:02:07.12Z', Timestamp.parse('2026-11-20T14:02:07.12Z')],
    ['2026-11-20T14:02:07.120-00:00', Timestamp.parse('2026-11-20T14:02:07.120-00:00')],
    ['2026-11-20T14:02:07.120+01:00', Timestamp.parse('2026-11-20T14:02:07.120+01:00')],
    ['2026-11-20T14:02:07.120000Z', Timestamp.parse('2026-11-20T14:02:07.120000Z')],
    ['2026-11-20', Timestamp.parse('2026-11-20')],
    ['{{AQID}}', Uint8Array.of(1, 2, 3)],
    ['[1,[null]]', [1, [null]]],
    ['{a:1,b:{c:[]}}', { a: 1, b: { c: [] } }],
    ['null.int', IonNull.of('int')],
    ['null.struct', IonNull.of('struct')],
    ['sym', new IonSymbol('sym')],
    ['{{"x"}}', new IonClob(Uint8Array.of(120))],
  ])('%s is %o', (ion, expected) => {
    const value = parseOne(ion)
    expect(toJavascript(value)).toEqual(expected)
    expect(decodeJavascript(encodeValue(value, symbols), symbols)).toEqual(expected)
    expect(toJavascript(decodeValue(encodeValue(value, symbols), symbols))).toEqual(expected)
  })

  it.each(['{a:1,a:2}', '{b:{c:0,a:1,a:1}}', '(1 2)', 'x::{a:1}', '[x::y::null.int]'])('keeps what is in %s', (ion) => {
    for (const value of [parseOne(ion), decodeValue(encodeValue(parseOne(ion), symbols), symbols)]) {
      expect(printText(fromJavascript(toJavascript(value)))).toBe(ion)
    }
  })

  it('gives names that are special in JavaScript as fields like any other', () => {
    const ion = '{__proto__:{a:1},constructor:2,toString:3}'
    for (const value of [parseOne(ion), decodeValue(encodeValue(parseOne(ion), symbols), symbols)]) {
      const object = toJavascript(value) as Record<string, unknown>
      expect(Object.getPrototypeOf(object)).toBe(Object.prototype)
      expect(Object.keys(object)).toEqual(['__proto__', 'constructor', 'toString'])
      expect(printText(fromJavascript(object))).toBe(ion)
    }
    expect(toJavascript(parseOne('{toString:1,toString:2}'))).toBeInstanceOf(IonStruct)
  })

  it('copies blobs, so that nobody changes the bytes they were decoded from', () => {
    const encoded = encodeValue(new IonBlob(Uint8Array.of(1, 2)), symbols)
    const blob = decodeJavascript(encoded, symbols) as Uint8Array
    blob[0] = 99
    expect(decodeJavascript(encoded, symbols)).toEqual(Uint8Array.of(1, 2))
  })

  it('gives the values of decodeJavascript, and loses nothing but that a float was a float', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const table = SymbolTable.system()
        const encoded = encodeValue(value, table)
        const slow = toJavascript(value)
        const quick = decodeJavascript(encoded, table)
        expect(equals(fromJavascript(quick), fromJavascript(slow))).toBe(true)
        expect(equals(fromJavascript(quick), floatsAsNumbers(value))).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})

/** What the value becomes when its plain floats are read as JavaScript numbers. */
function floatsAsNumbers(value: IonValue): IonValue {
  if (value instanceof IonFloat) return fromJavascript(value.value)
  if (value instanceof IonList) return new IonList(value.items.map(floatsAsNumbers))
  if (value instanceof IonStruct && new Set(value.fields.map((field) => field.name)).size === value.fields.length) {
    return new IonStruct(value.fields.map((field) => ({ name: field.name, value: floatsAsNumbers(field.value) })))
  }
  return value
}

it('does not take what is inherited for a field', () => {
  Object.defineProperty(Object.prototype, 'polluted', {
    value: 1,
    enumerable: true,
    configurable: true,
    writable: true,
  })
  let encoded: Uint8Array
  try {
    encoded = encodeJavascript({ a: { b: 1 } }, symbols)
  } finally {
    Reflect.deleteProperty(Object.prototype, 'polluted')
  }
  expect(printText(decodeValue(encoded, symbols))).toBe('{a:{b:1}}')
  const base = Object.assign(Object.create(null), { inherited: 1 })
  const heir = Object.assign(Object.create(base), { own: 2 })
  expect(printText(decodeValue(encodeJavascript({ heir }, symbols), symbols))).toBe('{heir:{own:2}}')
  expect(printText(fromJavascript(heir))).toBe('{own:2}')
})
