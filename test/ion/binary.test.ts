import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FormatError } from '../../src/errors.ts'
import {
  Decimal,
  decodeJavascript,
  decodeValue,
  encodeValue,
  equals,
  findField,
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
  readStream,
  SymbolTable,
  Timestamp,
  toJavascript,
  validateValue,
  valueEnd,
  writeStream,
} from '../../src/ion/index.ts'
import { anyValue, ionJsValue } from './any-value.ts'
import { ionJsRead, ionJsWrite } from './ion-js.ts'

/*
 * Reader and writer together: against each other, against ion-js on generated values, and on bytes that are no Ion.
 */

const symbols = SymbolTable.system()

function hex(value: IonValue, table: SymbolTable = SymbolTable.system()): string {
  return Buffer.from(encodeValue(value, table)).toString('hex')
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
}

function expectEqual(found: IonValue, expected: IonValue): void {
  if (!equals(found, expected)) expect(printText(found)).toBe(printText(expected))
  expect(equals(found, expected)).toBe(true)
}

describe('encodeValue', () => {
  // The layouts are those of the Ion 1.0 binary encoding, worked out by hand.
  it.each<[string, IonValue, string]>([
    ['null', IonNull.of('null'), '0f'],
    ['null.int', IonNull.of('int'), '2f'],
    ['null.struct', IonNull.of('struct'), 'df'],
    ['false', false, '10'],
    ['true', true, '11'],
    ['0', 0, '20'],
    ['255', 255, '21ff'],
    ['256', 256, '220100'],
    ['-1', -1, '3101'],
    ['2^32', 2 ** 32, '250100000000'],
    ['2^48', 2 ** 48, '2701000000000000'],
    ['2^53 - 1', Number.MAX_SAFE_INTEGER, '271fffffffffffff'],
    ['2^64', 2n ** 64n, '29010000000000000000'],
    ['-2^104', -(2n ** 104n), '3e8e0100000000000000000000000000'],
    ['0e0', new IonFloat(0), '40'],
    ['-0e0', new IonFloat(-0), '488000000000000000'],
    ['1e0', new IonFloat(1), '483ff0000000000000'],
    ['nan', new IonFloat(Number.NaN), '487ff8000000000000'],
    ['0.', new Decimal('0.'), '50'],
    ['-0.', new Decimal('-0.'), '528080'],
    ['0.00', new Decimal('0.00'), '51c2'],
    ['1.27', new Decimal('1.27'), '52c27f'],
    ['1.28', new Decimal('1.28'), '53c20080'],
    ['-1.28', new Decimal('-1.28'), '53c28080'],
    ['1d3', new Decimal('1d3'), '528301'],
    ['1d-64', new Decimal(1n, -64), '5340c001'],
    ['327.68', new Decimal('327.68'), '54c2008000'],
    ['2^55 d0', new Decimal(2n ** 55n), '5980008000 0000000000'.replace(' ', '')],
    ['2026T', Timestamp.parse('2026T'), '63c00fea'],
    ['2026-11-20', Timestamp.parse('2026-11-20'), '65c00fea8b94'],
    ['2026-11-20T15:02+01:00', Timestamp.parse('2026-11-20T15:02+01:00'), '67bc0fea8b948e82'],
    ['2026-11-20T14:02:07Z', Timestamp.parse('2026-11-20T14:02:07Z'), '68800fea8b948e8287'],
    ['…07.000Z', Timestamp.parse('2026-11-20T14:02:07.000Z'), '69800fea8b948e8287c3'],
    ['…07.120Z', Timestamp.parse('2026-11-20T14:02:07.120Z'), '6a800fea8b948e8287c378'],
    ['…07.999-00:00', Timestamp.parse('2026-11-20T14:02:07.999-00:00'), '6bc00fea8b948e8287c303e7'],
    ['name', new IonSymbol('name'), '7104'],
    ['$0', new IonSymbol(undefined), '70'],
    ['"" ', '', '80'],
    ['13 letters', 'abcdefghijklm', '8d6162636465666768696a6b6c6d'],
    ['14 letters', 'abcdefghijklmn', '8e8e6162636465666768696a6b6c6d6e'],
    ['é😀', 'é😀', '86c3a9f09f9880'],
    ['clob', new IonClob(Uint8Array.of(1, 2)), '920102'],
    ['blob', new IonBlob(Uint8Array.of(1, 2)), 'a20102'],
    ['[]', new IonList([]), 'b0'],
    ['[1,[2]]', new IonList([1, new IonList([2])]), 'b52101b22102'],
    ['(1)', new IonSexp([1]), 'c22101'],
    ['{}', new IonStruct([]), 'd0'],
    [
      '{name:1,name:2}',
      new IonStruct([
        { name: 'name', value: 1 },
        { name: 'name', value: 2 },
      ]),
      'd6842101842102',
    ],
    ['{$0:1}', new IonStruct([{ name: NO_TEXT, value: 1 }]), 'd3802101'],
    ['name::symbols::1', new IonAnnotated(['name', 'symbols'], 1), 'e58284872101'],
    ['name::null', new IonAnnotated(['name'], IonNull.of('null')), 'e381840f'],
    ['a::{}', new IonAnnotated(['a'], new IonStruct([])), 'e3818ad0'],
  ])('writes %s in its shortest form', (_, value, expected) => {
    expect(hex(value)).toBe(expected)
    expectEqual(decodeValue(bytes(expected), tableOf('a')), value)
    validateValue(bytes(expected), tableOf('a'))
  })

  it('appends new names to the table in the order of their appearance', () => {
    const table = SymbolTable.system()
    encodeValue(parseOne('{vin: owner, price: usd::1, vin: 2}'), table)
    expect(table.names(10)).toEqual(['vin', 'owner', 'price', 'usd'])
  })

  it('writes containers of every length class', () => {
    for (const count of [0, 1, 6, 7, 13, 14, 62, 63, 64, 127, 128, 3000, 8190, 8192, 8193, 20_000]) {
      const list = new IonList([new IonList(Array.from({ length: count }, () => true)), 'end'])
      expectEqual(decodeValue(encodeValue(list, symbols), symbols), list)
      const [again] = ionJsRead(writeStream([list]))
      expectEqual(again!, list)
    }
  })

  it('gives results that later calls do not touch', () => {
    const values = Array.from({ length: 3000 }, (_, i) => 'x'.repeat(i % 150) + i)
    const encoded = values.map((value) => encodeValue(value, symbols))
    expect(encoded.map((value) => decodeValue(value, symbols))).toEqual(values)
  })

  it('survives being called while it runs, by a getter of the value', () => {
    const nosy: IonSymbol = Object.create(IonSymbol.prototype, {
      text: {
        get: () => {
          encodeValue('something else entirely', SymbolTable.system())
          return 'name'
        },
      },
    })
    expect(hex(new IonList([1, nosy, 2]))).toBe('b6210171042102')
  })

  it('goes on after a value that it refused', () => {
    expect(() => encodeValue(new IonList(['good', '\ud800']), symbols)).toThrow(FormatError)
    expect(hex('ok')).toBe('826f6b')
  })

  it.each<[string, IonValue]>([
    ['a lone high surrogate', 'a\ud800'],
    ['a lone low surrogate', '\udc00a'],
    ['a lone surrogate in a field name', new IonStruct([{ name: '\ud800', value: 1 }])],
    ['a fractional number', 1.5],
    ['an unsafe number', 2 ** 53],
    ['annotations without a name', new IonAnnotated([], 1)],
    ['annotated annotations', new IonAnnotated(['a'], new IonAnnotated(['b'], 1) as unknown as number)],
  ])('refuses %s', (_, value) => {
    expect(() => writeStream([value])).toThrow(expect.objectContaining({ name: 'FormatError', code: 'BAD_VALUE' }))
  })

  it('refuses what is no Ion value at all', () => {
    expect(() => encodeValue(undefined as unknown as IonValue, symbols)).toThrow(TypeError)
    expect(() => encodeValue({} as unknown as IonValue, symbols)).toThrow(TypeError)
  })

  it('copies a container that was decoded with the same table, and translates one of another table', () => {
    // An int with a leading zero byte shows which of the two happened.
    const padded = bytes('d4 84 22 00 01')
    const struct = decodeValue(padded, symbols)
    expect(Buffer.from(encodeValue(new IonList([struct]), symbols)).toString('hex')).toBe('b5d484220001')
    expect(hex(new IonList([struct]))).toBe('b4d3842101')
  })
})

describe('any value', () => {
  it('comes back the same from its bytes', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const table = SymbolTable.system()
        const encoded = encodeValue(value, table)
        validateValue(encoded, table)
        const decoded = decodeValue(encoded, table)
        expectEqual(decoded, value)
        expect(Buffer.from(encodeValue(rebuilt(decoded), table))).toEqual(Buffer.from(encoded))
        expect(valueEnd(encoded, 0)).toBe(encoded.length)
      }),
      { numRuns: 2000 },
    )
  })

  it('is read by ion-js as it was written by us', () => {
    fc.assert(
      fc.property(fc.array(ionJsValue, { maxLength: 4 }), (values) => {
        const read = ionJsRead(writeStream(values))
        expect(read.length).toBe(values.length)
        for (const [i, value] of values.entries()) expectEqual(read[i]!, value)
      }),
      { numRuns: 1000 },
    )
  })

  it('is read by us as it was written by ion-js', () => {
    fc.assert(
      fc.property(fc.array(ionJsValue, { maxLength: 4 }), (values) => {
        const read = readStream(ionJsWrite(values))
        expect(read.length).toBe(values.length)
        for (const [i, value] of values.entries()) expectEqual(read[i]!, value)
      }),
      { numRuns: 1000 },
    )
  })

  it('is as long as ion-js makes it, or shorter', () => {
    fc.assert(
      fc.property(anyValue, (value) => writeStream([value]).length <= ionJsWrite([value]).length),
      { numRuns: 500 },
    )
  })
})

describe('damage', () => {
  const everyDoor = (input: Uint8Array, table: SymbolTable): void => {
    const doors: (() => unknown)[] = [
      () => validateValue(input, table),
      () => printText(decodeValue(input, table)),
      () => decodeJavascript(input, table),
      () => encodeValue(decodeValue(input, table), SymbolTable.system()),
      () => findField(input, 0, input.length, 4),
      () => readStream(input),
    ]
    for (const open of doors) {
      try {
        open()
      } catch (error) {
        if (!(error instanceof FormatError && error.code === 'BAD_ION')) throw error
      }
    }
  }

  it('of any kind is refused as BAD_ION and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (input) => everyDoor(input, symbols)),
      { numRuns: 5000 },
    )
  })

  it('of one byte is refused, or makes another value', () => {
    fc.assert(
      fc.property(anyValue, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, place, flip) => {
        const table = SymbolTable.system()
        const encoded = Uint8Array.from(encodeValue(value, table))
        encoded[place % encoded.length]! ^= flip
        everyDoor(encoded, table)
        const stream = writeStream([value])
        stream[place % stream.length]! ^= flip
        everyDoor(stream, table)
      }),
      { numRuns: 2000 },
    )
  })

  it('by cutting is always refused', () => {
    fc.assert(
      fc.property(anyValue, fc.nat(), (value, place) => {
        const table = SymbolTable.system()
        const encoded = encodeValue(value, table)
        const cut = encoded.subarray(0, place % encoded.length)
        expect(() => validateValue(cut, table)).toThrow(FormatError)
        expect(() => decodeJavascript(cut, table)).toThrow(FormatError)
      }),
    )
  })

  it('is what validateValue finds exactly when a full decoding finds it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 24 }), (input) => {
        const isValid = succeeds(() => validateValue(input, symbols))
        expect(succeeds(() => printText(decodeValue(input, symbols)))).toBe(isValid)
      }),
      { numRuns: 5000 },
    )
  })

  it.each([
    ['nothing', ''],
    ['padding instead of a value', '01ff'],
    ['a second value', '2020'],
    ['an unknown symbol', '717f'],
    ['an unknown field name', 'd2ff20'],
    ['an unknown annotation', 'e381ff20'],
    ['a field without a value', 'd184'],
    ['a version marker inside', 'b4e00100ea'],
    ['a length without end', 'be00000000'],
    ['a length of 2^60', '8e1000000000000000 80'],
    ['an exponent beyond 32 bits', '56 08 00 00 00 80 01'],
    ['a time with an hour but no minute', '66 80 0fea 8b 94 8e'],
    ['a minus on zero', '30'],
    ['an offset of a day', '690b a0 0fea 8b 94 8e 82 87'],
    ['a time that is in year 10000 in UTC', '68 80 4e90 81 81 80 80 80'],
  ])('such as %s is refused', (_, text) => {
    expect(() => validateValue(bytes(text), symbols)).toThrow(FormatError)
    expect(() => printText(decodeValue(bytes(text), symbols))).toThrow(FormatError)
  })

  it('inside a container is found when somebody looks', () => {
    const struct = decodeValue(bytes('d6 84 2101 85 717f'), symbols) as IonStruct
    expect(struct.get('name')).toBe(1)
    expect(() => struct.get('version')).toThrow('symbol $127 is not in the symbol table, which ends at $9')
    expect(() => struct.fields).toThrow(FormatError)
  })
})

describe('depth', () => {
  /** `depth` lists in one another. */
  const nested = (depth: number): Uint8Array => {
    let value: number[] = []
    for (let i = 0; i < depth; i++) {
      const length = value.length
      const head =
        length < 14
          ? [0xb0 | length]
          : length < 128
            ? [0xbe, 0x80 | length]
            : [0xbe, length >> 7, 0x80 | (length & 127)]
      value = [...head, ...value]
    }
    return Uint8Array.from(value)
  }

  it('is fine up to 512 containers', () => {
    const input = nested(512)
    validateValue(input, symbols)
    const value = decodeValue(input, symbols)
    const copy = decodeValue(encodeValue(value, SymbolTable.system()), symbols)
    expect(equals(value, copy)).toBe(true)
    expect(printText(value)).toBe('['.repeat(512) + ']'.repeat(512))
    expect(equals(parseOne(printText(value)), value)).toBe(true)
    expect(JSON.stringify(decodeJavascript(input, symbols))).toBe('['.repeat(512) + ']'.repeat(512))
    expect(JSON.stringify(toJavascript(value))).toBe('['.repeat(512) + ']'.repeat(512))
  })

  it.each([513, 5000])('of %i containers is refused everywhere', (depth) => {
    const input = nested(depth)
    const value = decodeValue(input, symbols)
    expect(() => validateValue(input, symbols)).toThrow(FormatError)
    expect(() => printText(value)).toThrow(FormatError)
    expect(() => toJavascript(value)).toThrow(FormatError)
    expect(() => decodeJavascript(input, symbols)).toThrow(FormatError)
    expect(() => equals(value, decodeValue(nested(depth), symbols))).toThrow(FormatError)
    expect(() => encodeValue(value, SymbolTable.system())).toThrow(FormatError)
    expect(() => parseOne('['.repeat(depth) + ']'.repeat(depth))).toThrow(FormatError)
  })
})

describe('a container over bytes', () => {
  const table = tableOf('vin', 'owner', 'year')
  const encoded = encodeValue(parseOne('{vin: "X", owner: {name: "Maria"}, year: 2021, vin: "Y"}'), table)
  const read = () => decodeValue(encoded, table) as IonStruct

  it('finds the first field of a name', () => {
    expect(read().get('vin')).toBe('X')
    expect((read().get('owner') as IonStruct).get('name')).toBe('Maria')
    expect(read().get('year')).toBe(2021)
    expect(read().get('colour')).toBeUndefined()
    expect(read().get('symbols')).toBeUndefined()
  })

  it('answers the same before and after all fields were decoded', () => {
    const struct = read()
    expect(struct.size).toBe(4)
    expect(struct.fields.map((field) => field.name)).toEqual(['vin', 'owner', 'year', 'vin'])
    expect(struct.fields).toBe(struct.fields)
    expect([struct.size, struct.get('vin'), struct.get('year'), struct.get('colour')]).toEqual([
      4,
      'X',
      2021,
      undefined,
    ])
  })

  it('skips padding', () => {
    const padded = decodeValue(bytes('d9 84 02ffff 84 2107 84 00'), symbols) as IonStruct
    expect([padded.size, padded.get('name'), padded.fields.length]).toEqual([1, 7, 1])
    expect((decodeValue(bytes('b6 01ff 2107 00 0f'), symbols) as IonList).items.length).toBe(2)
  })

  it('finds names that have several sids, in tables of strangers', () => {
    const twice = tableOf('a', 'b')
    twice.append('a')
    const struct = decodeValue(bytes('d6 8c2101 8a2102'), twice) as IonStruct
    expect(struct.get('a')).toBe(1)
    expect(struct.get('b')).toBeUndefined()
  })

  it('gives its field to findField without objects', () => {
    const find = (name: string) => {
      const at = findField(encoded, 0, encoded.length, table.sid(name)!)
      return at < 0 ? undefined : decodeValue(encoded, table, at, valueEnd(encoded, at))
    }
    expect([find('vin'), find('year'), find('version')]).toEqual(['X', 2021, undefined])
    expect(findField(bytes('e5 8184 d2 8410'), 0, 6, 4)).toBe(5)
    expect(findField(bytes('b22101'), 0, 3, 1)).toBe(-1)
    expect(findField(bytes('df'), 0, 1, 1)).toBe(-1)
    expect(() => findField(encoded, 0, encoded.length + 1, 1)).toThrow(RangeError)
  })

  it('reads a part of larger bytes', () => {
    const larger = Uint8Array.from([0xff, ...encoded, 0xff])
    expectEqual(decodeValue(larger, table, 1, larger.length - 1), read())
    expect(() => decodeValue(larger, table, 1)).toThrow(FormatError)
    expect(() => decodeValue(larger, table, 1, larger.length + 1)).toThrow(RangeError)
    expect(() => decodeValue(larger, table, 3, 2)).toThrow(RangeError)
  })

  it('reads floats of 32 bits', () => {
    expect(decodeValue(bytes('443fc00000'), symbols)).toEqual(new IonFloat(1.5))
  })
})

/** The same value with every container made from its members, so that nothing is copied as bytes. */
function rebuilt(value: IonValue): IonValue {
  if (value instanceof IonStruct) {
    return new IonStruct(value.fields.map((field) => ({ name: field.name, value: rebuilt(field.value) })))
  }
  if (value instanceof IonList) return new IonList(value.items.map(rebuilt))
  if (value instanceof IonSexp) return new IonSexp(value.items.map(rebuilt))
  if (value instanceof IonAnnotated) {
    return new IonAnnotated(value.annotations, rebuilt(value.value) as IonAnnotated['value'])
  }
  return value
}

function tableOf(...names: string[]): SymbolTable {
  const table = SymbolTable.system()
  for (const name of names) table.intern(name)
  return table
}

function succeeds(action: () => unknown): boolean {
  try {
    action()
    return true
  } catch {
    return false
  }
}
