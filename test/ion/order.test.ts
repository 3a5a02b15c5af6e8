import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FormatError } from '../../src/errors.ts'
import { encodeHex } from '../../src/hash/index.ts'
import {
  compareOrder,
  Decimal,
  decodeValue,
  encodeOrderKey,
  encodeValue,
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
  NULL,
  parseOne,
  SymbolTable,
  Timestamp,
} from '../../src/ion/index.ts'
import { anyText, ionJsValue } from './any-value.ts'

/*
 * compareOrder and encodeOrderKey are two implementations of one order: they are compared with each other, the order
 * with its laws and with plain models (rational numbers, lists of code points), the keys with frozen vectors.
 */

const key = (value: IonValue): string => encodeHex(encodeOrderKey(value))
const sign = (order: number): number => Math.sign(order)
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Values that are often equal or near: few numbers in many types, few texts, small containers of them. */
const nearValue: fc.Arbitrary<IonValue> = fc.letrec<{ value: IonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    {
      weight: 6,
      arbitrary: fc.oneof(
        fc
          .tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 }), fc.nat(4))
          .map(([digits, exponent, kind]): IonValue => {
            const decimal = new Decimal(BigInt(digits * 10), exponent)
            const number = Number(`${digits * 10}e${exponent}`)
            if (kind === 0) return new IonFloat(number)
            if (kind === 1 && Number.isSafeInteger(number)) return number + 0
            if (kind === 2) return decimal.times('1.000')
            if (kind === 3) return new IonAnnotated(['a'], decimal)
            return decimal
          }),
        fc
          .string({ unit: fc.constantFrom('\0', '\x01', 'a', '\uffff', '😀'), maxLength: 3 })
          .map((text) => (text.length % 2 ? text : new IonSymbol(text))),
        fc
          .array(fc.constantFrom(0, 1, 2, 255), { maxLength: 3 })
          .map((bytes) =>
            bytes.length % 2 ? new IonBlob(Uint8Array.from(bytes)) : new IonClob(Uint8Array.from(bytes)),
          ),
        fc.constantFrom<IonValue>(NULL, IonNull.of('int'), false, true, new IonSymbol(undefined)),
        fc
          .tuple(fc.integer({ min: -2, max: 2 }), fc.constantFrom(0, 60, -60), fc.constantFrom('', '.5', '.50', '.05'))
          .map(([second, offset, fraction]) => {
            const {
              year,
              month,
              day,
              hour,
              minute,
              second: seconds,
            } = Timestamp.fromEpochSeconds(second, undefined, offset)
            const digits = fraction.length - 1
            return new Timestamp({
              year,
              month,
              day,
              hour,
              minute,
              second: seconds,
              offsetMinutes: offset,
              fraction: digits < 1 ? undefined : { digits, coefficient: BigInt(fraction.slice(1)) },
            })
          }),
      ),
    },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }).map((items) => new IonList(items)) },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }).map((items) => new IonSexp(items)) },
    {
      weight: 2,
      arbitrary: fc
        .array(
          fc.record({ name: fc.constantFrom('', 'a', 'aa', 'b'), value: tie('value') }, { noNullPrototype: true }),
          { maxLength: 3 },
        )
        .map((fields) => new IonStruct(fields)),
    },
  ),
})).value

const someValue: fc.Arbitrary<IonValue> = fc.oneof(ionJsValue, nearValue)

describe('the order', () => {
  // Each line holds values that are equal; lines are in ascending order.
  const ladder = [
    ['null', 'null.null', 'null.int', 'null.struct', 'a::null.string'],
    ['false', 'a::false'],
    ['true'],
    ['nan'],
    ['-inf'],
    ['-1d400'],
    ['-1.7976931348623157e308'],
    ['-10'],
    ['-1.5', '-1.50', '-1.5e0', '-15d-1'],
    ['-1', '-1.0', '-1e0'],
    ['-1d-400'],
    ['0', '0.', '-0.00', '0e0', '-0e0', '0d7', 'a::b::0'],
    ['1d-400'],
    ['5e-324'],
    ['0.1', '0.1e0', '1d-1'],
    ['1', '1.000', '1e0'],
    ['9007199254740991', '9007199254740991.', '9007199254740991e0'],
    ['9007199254740992', '9007199254740992.0', '9007199254740992e0'],
    ['9007199254740993', '9007199254740993.0'],
    ['1d400', '100d398'],
    ['1d1000000', '10d999999'],
    ['1d2147483647'],
    ['+inf'],
    ['1969T'],
    ['1970T', '1970-01T', '1970-01-01', '1970-01-01T00:00Z', '1970-01-01T00:00:00.000-00:00', '1970-01-01T01:00+01:00'],
    ['1970-01-01T00:00:00.0000001Z'],
    ['1970-01-01T00:00:01Z', '1969-12-31T23:30:01.0-00:30'],
    ['""', "''"],
    ['"\\0"'],
    ['"A"', "'A'", 'b::A'],
    ['"B"'],
    ['"a"'],
    ['"a\\0"'],
    ['"aa"'],
    ['"é"'],
    ['"\\uffff"'],
    ['"😀"'],
    ['"😀a"'],
    ['"😁"'],
    ['{{}}', '{{""}}'],
    ['{{AA==}}'],
    ['{{YQ==}}', '{{"a"}}'],
    ['{{/w==}}'],
    ['[]'],
    ['[null]'],
    ['[1]', '[1.0]'],
    ['[1,null]'],
    ['[1,[]]'],
    ['[2]'],
    ['[[]]'],
    ['()'],
    ['(1)'],
    ['{}'],
    ['{a:null}', '{a:null.int}'],
    ['{a:1}', '{a:1.0}'],
    ['{a:1,a:1}'],
    ['{a:1,b:2}', '{b:2.0,a:1}'],
    ['{a:2}'],
    ['{b:0}'],
  ].map((line) => line.map(parseOne))

  it('holds for every pair of a ladder of values, as comparison and as keys', () => {
    for (const [i, low] of ladder.entries()) {
      for (const [j, high] of ladder.entries()) {
        for (const a of low) {
          for (const b of high) {
            expect(sign(compareOrder(a, b)), `rungs ${i} and ${j}`).toBe(sign(i - j))
            expect(compareText(key(a), key(b)), `keys of rungs ${i} and ${j}`).toBe(sign(i - j))
          }
        }
      }
    }
  })

  it('is total: reflexive, antisymmetric, transitive', () => {
    fc.assert(
      fc.property(someValue, someValue, someValue, (a, b, c) => {
        expect(compareOrder(a, a)).toBe(0)
        expect(sign(compareOrder(a, b))).toBe(-sign(compareOrder(b, a)) + 0)
        const [low, middle, high] = [a, b, c].sort(compareOrder) as [IonValue, IonValue, IonValue]
        expect(compareOrder(low, middle)).toBeLessThanOrEqual(0)
        expect(compareOrder(middle, high)).toBeLessThanOrEqual(0)
        expect(compareOrder(low, high)).toBeLessThanOrEqual(0)
        if (compareOrder(low, high) === 0) expect(compareOrder(middle, high)).toBe(0)
      }),
      { numRuns: 3000 },
    )
  })

  it('looks through annotations and does not care whether a value is still bytes', () => {
    fc.assert(
      fc.property(someValue, someValue, (a, b) => {
        const symbols = SymbolTable.system()
        const encoded = decodeValue(encodeValue(b, symbols), symbols)
        const annotated = b instanceof IonAnnotated ? b : new IonAnnotated(['x', 'y'], b)
        expect(sign(compareOrder(a, encoded))).toBe(sign(compareOrder(a, b)))
        expect(sign(compareOrder(a, annotated))).toBe(sign(compareOrder(a, b)))
        expect(key(encoded)).toBe(key(b))
        expect(key(annotated)).toBe(key(b))
      }),
    )
  })
})

describe('numbers', () => {
  const exact = (value: IonValue): { coefficient: bigint; exponent: number } => {
    if (value instanceof IonAnnotated) return exact(value.value)
    if (value instanceof Decimal) return value
    if (typeof value === 'bigint') return { coefficient: value, exponent: 0 }
    return new Decimal(String(value instanceof IonFloat ? value.value : value).replace('Infinity', ''))
  }

  it('compare as fractions do, whatever their types', () => {
    const anyNumber = fc.oneof(
      fc.maxSafeInteger(),
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => new IonFloat(value)),
      fc.integer({ min: -30, max: 30 }).map((value) => new IonFloat(value / 10)),
      fc
        .tuple(fc.bigInt({ min: -1000n, max: 1000n }), fc.integer({ min: -330, max: 330 }))
        .map(([c, e]) => new Decimal(c, e)),
      fc.tuple(fc.bigInt(), fc.integer({ min: -60, max: 20 })).map(([c, e]) => new Decimal(c, e)),
    )
    fc.assert(
      fc.property(anyNumber, anyNumber, (a, b) => {
        const x = exact(a)
        const y = exact(b)
        const scale = Math.min(x.exponent, y.exponent)
        const difference =
          x.coefficient * 10n ** BigInt(x.exponent - scale) - y.coefficient * 10n ** BigInt(y.exponent - scale)
        const expected = difference < 0n ? -1 : difference > 0n ? 1 : 0
        expect(sign(compareOrder(a, b))).toBe(expected)
        expect(compareText(key(a), key(b))).toBe(expected)
      }),
      { numRuns: 5000 },
    )
  })

  it('that are neighbouring floats stay apart, and in order', () => {
    const view = new DataView(new ArrayBuffer(8))
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        view.setFloat64(0, Math.abs(value))
        view.setBigUint64(0, view.getBigUint64(0) + 1n)
        const [low, high] = [new IonFloat(Math.abs(value)), new IonFloat(view.getFloat64(0))]
        expect(compareOrder(low, high)).toBeLessThan(0)
        expect(compareText(key(low), key(high))).toBe(-1)
        const [negative, positive] = [new IonFloat(-Math.abs(value)), new IonFloat(-view.getFloat64(0))]
        expect(compareText(key(positive), key(negative))).toBe(-1)
      }),
    )
  })

  it('with enormous exponents take neither time nor room', () => {
    const exponents = [
      -(2 ** 31),
      -1_000_001,
      -1_000_000,
      -97,
      -96,
      -95,
      95,
      96,
      97,
      255,
      256,
      65_536,
      1_000_000,
      2 ** 31 - 1,
    ]
    for (const [i, low] of exponents.entries()) {
      for (const [j, high] of exponents.entries()) {
        const a = new Decimal(7n, low)
        const b = new Decimal(7n, high)
        expect(sign(compareOrder(a, b))).toBe(sign(i - j))
        expect(compareText(key(a), key(b))).toBe(sign(i - j))
        expect(compareText(key(a.negate()), key(b.negate()))).toBe(sign(j - i))
        expect(encodeOrderKey(a).length).toBeLessThanOrEqual(7)
      }
      expect(sign(compareOrder(new Decimal(7n, low), 7))).toBe(sign(low))
      expect(sign(compareOrder(2n ** 100n, new Decimal(7n, low)))).toBe(low < 31 ? 1 : -1)
    }
  })
})

describe('texts', () => {
  it('compare by code point, also with half surrogate pairs', () => {
    const anyUnits = fc.string({
      unit: fc.constantFrom('\0', '\x01', 'a', '\ud7ff', '\ud83d', '\ude00', '\ude01', '\ue000', '\uffff', '😀'),
    })
    fc.assert(
      fc.property(fc.oneof(anyUnits, anyText), fc.oneof(anyUnits, anyText), (a, b) => {
        const [x, y] = [a, b].map((text) => [...text].map((character) => character.codePointAt(0)!)) as [
          number[],
          number[],
        ]
        const i = x.findIndex((point, index) => point !== y[index])
        const expected = i === -1 ? sign(x.length - y.length) : y[i] === undefined ? 1 : sign(x[i]! - y[i]!)
        expect(sign(compareOrder(a, b))).toBe(expected)
        expect(sign(compareOrder(new IonSymbol(a), b))).toBe(expected)
        expect(compareText(key(a), key(b))).toBe(expected)
      }),
      { numRuns: 3000 },
    )
  })

  it('have a place for the symbol without text', () => {
    expect(compareOrder(new IonSymbol(undefined), NO_TEXT)).toBe(0)
    expect(key(new IonSymbol(undefined))).toBe('50eda080243000')
    expect(compareOrder(new IonSymbol(undefined), '')).toBeGreaterThan(0)
  })
})

describe('keys', () => {
  it('have the order of the values, are equal where values are, and none begins another', () => {
    fc.assert(
      fc.property(someValue, someValue, (a, b) => {
        const [x, y] = [key(a), key(b)]
        const order = sign(compareOrder(a, b))
        expect(compareText(x, y)).toBe(order)
        if (order !== 0) expect(x.startsWith(y) || y.startsWith(x)).toBe(false)
      }),
      { numRuns: 10_000 },
    )
  })

  it('may be followed by anything without changing places', () => {
    fc.assert(
      fc.property(someValue, someValue, fc.uint8Array(), fc.uint8Array(), (a, b, afterA, afterB) => {
        const order = sign(compareOrder(a, b))
        if (order !== 0) expect(compareText(key(a) + encodeHex(afterA), key(b) + encodeHex(afterB))).toBe(order)
      }),
    )
  })

  it('are those that were frozen', () => {
    const { keys } = JSON.parse(readFileSync('test/vectors/order-keys.json', 'utf8')) as {
      keys: { ion: string; key: string }[]
    }
    expect(keys.length).toBe(123)
    for (const [i, vector] of keys.entries()) {
      expect(key(parseOne(vector.ion)), vector.ion).toBe(vector.key)
      const previous = keys[i - 1]
      if (previous === undefined) continue
      expect(compareText(previous.key, vector.key), vector.ion).toBe(
        sign(compareOrder(parseOne(previous.ion), parseOne(vector.ion))),
      )
    }
  })

  it('of long values grow as the values do', () => {
    expect(encodeOrderKey('\0'.repeat(10_000)).length).toBe(20_002)
    expect(encodeOrderKey('€'.repeat(10_000)).length).toBe(30_002)
    expect(encodeOrderKey(new IonBlob(new Uint8Array(10_000))).length).toBe(20_002)
    expect(encodeOrderKey(10n ** 5000n - 1n).length).toBe(1 + 3 + 2500)
    expect(encodeOrderKey(new IonList(Array.from({ length: 5000 }, () => 1))).length).toBe(2 + 3 * 5000)
    const fields = Array.from({ length: 2000 }, (_, i) => ({ name: `f${i % 1000}`, value: i }))
    expect(key(new IonStruct(fields))).toBe(key(new IonStruct(fields.toReversed())))
  })

  it('are refused for what is nested too deep, and made for the next value all the same', () => {
    const nested = (depth: number): IonValue =>
      Array.from({ length: depth }).reduce<IonValue>((inner) => new IonList([inner]), 1)
    expect(encodeOrderKey(nested(512)).length).toBe(2 * 512 + 3)
    expect(compareOrder(nested(512), nested(512))).toBe(0)
    expect(() => encodeOrderKey(nested(513))).toThrow(FormatError)
    expect(() => compareOrder(nested(513), nested(513))).toThrow(FormatError)
    expect(key(2021)).toBe('2484292a')
  })
})
