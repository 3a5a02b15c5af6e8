import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { cryptoHasherProvider, makeHashReader } from 'ion-hash-js'
import { makeReader } from 'ion-js'
import { describe, expect, it } from 'vitest'
import { FormatError } from '../../src/errors.ts'
import { decodeBase64, dot, encodeBase64, encodeHex, type Hash, sha256Latin1 } from '../../src/hash/index.ts'
import {
  Decimal,
  decodeValue,
  encodeValue,
  fieldName,
  hashBytes,
  hashListWithItems,
  hashValue,
  hashValues,
  IonAnnotated,
  IonClob,
  IonFloat,
  IonHasher,
  IonList,
  IonSexp,
  IonStruct,
  IonSymbol,
  type IonValue,
  NO_TEXT,
  parseOne,
  parseText,
  SymbolTable,
  Timestamp,
  writeEncoded,
  writeStream,
  writeValue,
} from '../../src/ion/index.ts'
import { ionJsValue } from './any-value.ts'

/*
 * Against the specification's own tests (amazon-ion/ion-hash-test: every message that is hashed, byte for byte), against
 * ion-hash-js on generated values and awkward texts, and against hashes that Amazon QLDB printed.
 */

const TESTS = '../shared/ion-hash-tests'

/** What ion-hash-js says about a value; it reads the bytes that we write. */
function oracle(value: IonValue): string {
  const reader = makeHashReader(makeReader(writeStream([value])), cryptoHasherProvider('sha256'))
  reader.next()
  reader.next()
  return encodeHex(reader.digest())
}

function throughBytes(value: IonValue): string {
  const symbols = SymbolTable.system()
  return encodeHex(hashBytes(encodeValue(value, symbols), symbols))
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
const printed = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')

describe.skipIf(!existsSync(TESTS))('ion-hash-test (skipped without ../shared/ion-hash-tests)', () => {
  // ion-js cannot read $0: a placeholder goes through it, and becomes $0 again.
  const PLACEHOLDER = 'symbol_without_text'
  const name = (text: string): string => (text === PLACEHOLDER ? NO_TEXT : text)

  function restored(value: IonValue): IonValue {
    if (value instanceof IonAnnotated)
      return new IonAnnotated(value.annotations.map(name), restored(value.value) as never)
    if (value instanceof IonSymbol) return value.text === PLACEHOLDER ? new IonSymbol(undefined) : value
    if (value instanceof IonList) return new IonList(value.items.map(restored))
    if (value instanceof IonSexp) return new IonSexp(value.items.map(restored))
    if (value instanceof IonStruct) {
      return new IonStruct(value.fields.map((field) => ({ name: name(field.name), value: restored(field.value) })))
    }
    return value
  }

  function toBytes(value: IonValue | undefined): Uint8Array {
    if (!(value instanceof IonSexp)) throw new Error('a sequence of bytes was expected')
    return Uint8Array.from(value.items as number[])
  }

  const bare = (value: IonValue | undefined): IonValue | undefined =>
    value instanceof IonAnnotated ? value.value : value

  const text = readFileSync(`${TESTS}/ion_hash_tests.ion`, 'utf8').replaceAll('$0', PLACEHOLDER)
  const tests = parseText(text).map((test, index) => {
    const struct = bare(test) as IonStruct
    const title = test instanceof IonAnnotated ? test.annotations[0]! : ''
    const value = struct.get('ion')
    const encoded = struct.get('10n')
    return {
      title: `${index} ${title}`,
      value: value === undefined ? undefined : restored(value),
      encoded: encoded === undefined ? undefined : toBytes(encoded),
      expect: struct.get('expect') as IonStruct,
    }
  })

  it('is read whole', () => {
    expect(tests.length).toBe(167)
    expect(tests.filter((test) => test.encoded !== undefined).length).toBe(8)
  })

  for (const test of tests) {
    for (const algorithm of ['identity', 'md5']) {
      const expected = test.expect.get(algorithm)
      if (!(expected instanceof IonSexp)) continue
      it(`${test.title} (${algorithm})`, () => {
        const digestOf = (message: Uint8Array): string =>
          algorithm === 'identity' ? latin1(message) : createHash('md5').update(message).digest('binary')
        const digests: string[] = []
        const hasher = new IonHasher((message) => {
          const digest = digestOf(message)
          digests.push(printed(Buffer.from(digest, 'latin1')))
          return digest
        })
        const wanted = (expected.items as IonAnnotated[])
          .filter(({ annotations }) => annotations[0] !== 'update')
          .map(({ annotations, value }) => ({
            isFinal: annotations[0] === 'final_digest',
            digest: printed(toBytes(value)),
          }))
        expect(wanted.length).toBeGreaterThan(0)
        const check = (): void => {
          hasher.digest()
          if (wanted[0]!.isFinal) expect(digests.at(-1)).toBe(wanted[0]!.digest)
          else expect(digests).toEqual(wanted.map(({ digest }) => digest))
          digests.length = 0
        }
        const symbols = SymbolTable.system()
        if (test.value !== undefined) {
          writeValue(hasher, test.value)
          check()
        }
        writeEncoded(hasher, test.encoded ?? encodeValue(test.value!, symbols), symbols)
        check()
        if (test.encoded !== undefined) {
          writeValue(hasher, decodeValue(test.encoded, symbols))
          check()
        }
      })
    }
  }

  it('has a list of naughty strings, which hash as ion-hash-js says', () => {
    const lines = readFileSync(`${TESTS}/big_list_of_naughty_strings.txt`, 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    expect(lines.length).toBeGreaterThan(400)
    for (const line of lines) {
      const isIon = line.startsWith('ion::')
      const naughty = line.replace(/^(invalid_)?ion::/, '')
      const values: IonValue[] = [
        naughty,
        new IonSymbol(naughty),
        new IonClob(new TextEncoder().encode(naughty)),
        new IonAnnotated([naughty], naughty),
        new IonStruct([{ name: naughty, value: naughty }]),
        new IonStruct([{ name: naughty, value: new IonAnnotated([naughty, naughty], new IonSymbol(naughty)) }]),
        new IonList([naughty, new IonSymbol(naughty)]),
        new IonSexp([new IonAnnotated([naughty], new IonSymbol(naughty))]),
      ]
      if (isIon) values.push(...parseText(naughty))
      for (const value of values) {
        const expected = oracle(value)
        expect(encodeHex(hashValue(value)), line).toBe(expected)
        expect(throughBytes(value), line).toBe(expected)
      }
    }
  })
})

describe('any value', () => {
  it('hashes the same as a value, through bytes, decoded again, and in ion-hash-js', () => {
    fc.assert(
      fc.property(ionJsValue, (value) => {
        const expected = encodeHex(hashValue(value))
        const symbols = SymbolTable.system()
        const bytes = encodeValue(value, symbols)
        expect(encodeHex(hashBytes(bytes, symbols))).toBe(expected)
        expect(encodeHex(hashValue(decodeValue(bytes, symbols)))).toBe(expected)
        expect(oracle(value)).toBe(expected)
      }),
      { numRuns: 1500 },
    )
  })

  it('hashes the same inside other bytes and with other sids', () => {
    fc.assert(
      fc.property(ionJsValue, fc.nat(3), fc.nat(3), (value, before, after) => {
        const symbols = SymbolTable.system()
        for (let i = 0; i < 130; i++) symbols.intern(`name ${i}`) // sids of two bytes
        const bytes = encodeValue(value, symbols)
        const surrounded = new Uint8Array(before + bytes.length + after).fill(0xee)
        surrounded.set(bytes, before)
        expect(encodeHex(hashBytes(surrounded, symbols, before, before + bytes.length))).toBe(throughBytes(value))
      }),
    )
  })

  it('has one hash, whatever the order of its fields', () => {
    const fields = Array.from({ length: 100 }, (_, i) => ({ name: `field ${i % 60}`, value: i }))
    const expected = encodeHex(hashValue(new IonStruct(fields)))
    fc.assert(
      fc.property(fc.shuffledSubarray(fields, { minLength: 100 }), (shuffled) => {
        expect(encodeHex(hashValue(new IonStruct(shuffled)))).toBe(expected)
        expect(throughBytes(new IonStruct(shuffled))).toBe(expected)
      }),
      { numRuns: 20 },
    )
    expect(oracle(new IonStruct(fields))).toBe(expected)
  })
})

describe('with the kernel and without', () => {
  const withKernel = new IonHasher()
  const without = new IonHasher((message) => sha256Latin1(message))
  const both = (value: IonValue): string => {
    writeValue(withKernel, value)
    const hash = encodeHex(withKernel.digest())
    writeValue(without, value)
    expect(encodeHex(without.digest())).toBe(hash)
    return hash
  }

  it('hashes any value the same', () => {
    fc.assert(
      fc.property(ionJsValue, (value) => {
        both(value)
      }),
      { numRuns: 1500 },
    )
  })

  it('hashes structs of any number of fields of any length', () => {
    const { struct } = fc.letrec<{ struct: IonStruct; field: IonValue }>((tie) => ({
      struct: fc
        .array(fc.record({ name: fc.string({ maxLength: 4 }), value: tie('field') }), { maxLength: 30, size: 'max' })
        .map((fields) => new IonStruct(fields)),
      field: fc.oneof(
        { maxDepth: 3, depthSize: 'small' },
        fc.nat(300).map((length) => 'x\u000b'.repeat(length).slice(0, length)),
        fc.nat(),
        fc.array(tie('field'), { maxLength: 2 }).map((items) => new IonList(items)),
        tie('struct'),
      ),
    }))
    fc.assert(fc.property(struct, (value) => void both(value)))
  })

  it('hashes a field of every length, alone and among others', () => {
    for (let length = 0; length <= 300; length++) {
      const text = 'y'.repeat(length)
      expect(both(new IonStruct([{ name: 'a', value: text }]))).toBe(
        oracle(new IonStruct([{ name: 'a', value: text }])),
      )
      const fields = [text, 1, text, `${text}z`, 2, 3].map((value, i) => ({ name: `f${i}`, value }))
      both(new IonStruct(fields))
    }
  })

  it('takes a field that was hashed before', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(ionJsValue, fc.boolean()), { maxLength: 9 }), (values) => {
        const fields = values.map(([value], i) => ({ name: `f${i}`, value }))
        const expected = encodeHex(hashValue(new IonStruct(fields)))
        for (const hasher of [withKernel, without]) {
          const hashes = fields.map(({ name, value }) => {
            hasher.fieldNamed(name)
            writeValue(hasher, value)
            return hasher.digest()
          })
          hasher.beginStruct()
          fields.forEach(({ name, value }, i) => {
            if (values[i]![1]) {
              hasher.hashedField(hashes[i]!)
            } else {
              hasher.fieldNamed(name)
              writeValue(hasher, value)
            }
          })
          hasher.endStruct()
          expect(encodeHex(hasher.digest())).toBe(expected)
        }
      }),
    )
    const hash = new Uint8Array(32)
    expect(() => withKernel.hashedField(hash)).toThrow('a struct was begun')
    withKernel.beginStruct()
    expect(() => withKernel.hashedField(hash.subarray(1))).toThrow('a field hash has 32 bytes')
    withKernel.reset()
  })

  it('refuses what is larger than its addresses reach', () => {
    for (const hasher of [withKernel, without]) {
      expect(() => hasher.begin(0xa0, 2 ** 30)).toThrow(RangeError)
      hasher.reset()
    }
    both(new IonStruct([{ name: 'a', value: 1 }]))
  })

  it('forgets what waited when it is reset in the middle of a struct', () => {
    const value = new IonStruct([1, 2, 3, 'x'.repeat(70), 5].map((value, i) => ({ name: `f${i}`, value })))
    const expected = both(value)
    for (let fields = 0; fields < 9; fields++) {
      withKernel.beginStruct()
      for (let i = 0; i < fields; i++) {
        withKernel.fieldNamed(`g${i}`)
        withKernel.string(i % 2 === 0 ? 'short' : 'x'.repeat(100))
      }
      withKernel.reset()
      expect(both(value)).toBe(expected)
    }
  })
})

describe('values far from small', () => {
  const cases: [string, IonValue][] = [
    ['a decimal of 400 digits', new Decimal(-(7n ** 500n), -123_456)],
    ['a text of 100 000 bytes', 'ab\x0b€'.repeat(20_000)],
    ['a struct of 5000 fields', new IonStruct(Array.from({ length: 5000 }, (_, i) => ({ name: `f${i}`, value: i })))],
    ['an int of 3000 digits', 7n ** 3500n],
    ['a long field name', new IonStruct([{ name: 'n\x0e'.repeat(3000), value: new IonFloat(1) }])],
    [
      'a struct in a struct in …',
      Array.from({ length: 60 }).reduce<IonValue>(
        (inner) =>
          new IonStruct([
            { name: 'a', value: inner },
            { name: 'b', value: 'x'.repeat(300) },
          ]),
        1,
      ),
    ],
  ]
  for (const [title, value] of cases) {
    it(title, () => {
      const expected = oracle(value)
      expect(encodeHex(hashValue(value))).toBe(expected)
      expect(throughBytes(value)).toBe(expected)
    })
  }
})

it('hashes every digit of a fraction of a second', () => {
  // ion-js rounds such fractions, so there is no oracle: the serialization is written out.
  const messages: string[] = []
  const hasher = new IonHasher((message) => {
    messages.push(printed(message))
    return latin1(message)
  })
  writeValue(hasher, Timestamp.parse('2001-02-03T04:05:06.000000000000000000000011Z'))
  hasher.digest()
  expect(messages).toEqual(['0b 60 80 0f d1 82 83 84 85 86 d8 0c 0b 0e'])
})

describe('bytes that are not in normal form', () => {
  const symbols = SymbolTable.system()
  const a = symbols.intern('a')
  const b = symbols.intern('b')
  const normal = (text: string): string => encodeHex(hashValue(parseOne(text)))
  const cases: [string, number[], string][] = [
    ['an int with leading zeros', [0x23, 0, 0, 5], '5'],
    ['an int of zero with a byte', [0x21, 0], '0'],
    ['a length written apart', [0x2e, 0x81, 5], '5'],
    ['a length written apart, at length', [0x2e, 0x00, 0x00, 0x81, 5], '5'],
    ['a negative int with leading zeros', [0x32, 0, 5], '-5'],
    ['a float of 4 bytes', [0x44, 0x3f, 0xc0, 0, 0], '1.5e0'],
    ['a float of 4 zero bytes', [0x44, 0, 0, 0, 0], '0e0'],
    ['a float of 8 zero bytes', [0x48, 0, 0, 0, 0, 0, 0, 0, 0], '0e0'],
    ['a negative zero of 4 bytes', [0x44, 0x80, 0, 0, 0], '-0e0'],
    ['another not-a-number', [0x48, 0xff, 0xf8, 0, 0, 0, 0, 0, 1], 'nan'],
    ['a not-a-number of 4 bytes', [0x44, 0x7f, 0xc0, 0, 0], 'nan'],
    ['0. with an exponent', [0x51, 0x80], '0.'],
    ['0. with an exponent of -0', [0x51, 0xc0], '0.'],
    ['0. with exponent and coefficient', [0x52, 0x80, 0], '0.'],
    ['-0. with an exponent of -0', [0x52, 0xc0, 0x80], '-0.'],
    ['a long negative zero', [0x53, 0xc1, 0x80, 0], '-0.0'],
    ['a coefficient with leading zeros', [0x54, 0xc2, 0, 0, 5], '0.05'],
    ['a negative coefficient with leading zeros', [0x54, 0xc2, 0x80, 0, 5], '-0.05'],
    ['a coefficient that keeps its zero', [0x53, 0xc2, 0, 0x85], '1.33'],
    ['a negative coefficient that keeps its sign', [0x53, 0xc2, 0x80, 0x85], '-1.33'],
    ['an exponent written at length', [0x54, 0x40, 0x00, 0x82, 5], '0.05'],
    ['a year with an offset', [0x63, 0x80, 0x0f, 0xe1], '2017T'],
    ['a day with an offset', [0x65, 0x81, 0x0f, 0xe1, 0x81, 0x82], '2017-01-02'],
    ['a year written at length', [0x64, 0xc0, 0x00, 0x0f, 0xe1], '2017T'],
    ['a month written at length', [0x65, 0xc0, 0x0f, 0xe1, 0x00, 0x81], '2017-01T'],
    [
      'an offset written at length',
      [0x69, 0x40, 0x80, 0x0f, 0xe1, 0x81, 0x82, 0x83, 0x84, 0x85],
      '2017-01-02T03:04:05-00:00',
    ],
    [
      'a fraction with leading zeros',
      [0x6b, 0x80, 0x0f, 0xe1, 0x81, 0x82, 0x83, 0x84, 0x85, 0xc2, 0, 5],
      '2017-01-02T03:04:05.05Z',
    ],
    [
      'a fraction of explicit zero',
      [0x6a, 0x80, 0x0f, 0xe1, 0x81, 0x82, 0x83, 0x84, 0x85, 0xc3, 0],
      '2017-01-02T03:04:05.000Z',
    ],
    [
      'a fraction of zero, negative',
      [0x6a, 0x80, 0x0f, 0xe1, 0x81, 0x82, 0x83, 0x84, 0x85, 0xc3, 0x80],
      '2017-01-02T03:04:05.000Z',
    ],
    [
      'a fraction that keeps its zero',
      [0x6b, 0x80, 0x0f, 0xe1, 0x81, 0x82, 0x83, 0x84, 0x85, 0xc3, 0, 0x85],
      '2017-01-02T03:04:05.133Z',
    ],
    ['null of a negative int', [0x3f], 'null.int'],
    ['a symbol id with leading zeros', [0x72, 0, (0x80 & 0) | 4], 'name'],
    ['a list with padding', [0xb4, 0x00, 0x21, 0x01, 0x00], '[1]'],
    ['a list with long padding', [0xbe, 0x86, 0x03, 1, 2, 3, 0x21, 0x01], '[1]'],
    ['a struct with ordered fields', [0xd1, 0x86, 0x80 | a, 0x21, 1, 0x80 | b, 0x21, 2], '{b:2,a:1}'],
    ['a struct with padding', [0xd5, 0x80, 0x00, 0x80 | a, 0x21, 1], '{a:1}'],
    ['a field id written at length', [0xd5, 0x00, 0x00, 0x80 | a, 0x21, 1], '{a:1}'],
    ['an empty struct of length apart', [0xde, 0x80], '{}'],
    ['an annotation with length apart', [0xee, 0x84, 0x81, 0x84, 0x21, 1], 'name::1'],
    ['an annotation id written at length', [0xe5, 0x82, 0x00, 0x84, 0x21, 1], 'name::1'],
  ]
  for (const [title, bytes, text] of cases) {
    it(`${title} hashes as ${text}`, () => {
      expect(encodeHex(hashBytes(Uint8Array.from(bytes), symbols))).toBe(normal(text))
      expect(encodeHex(hashValue(decodeValue(Uint8Array.from(bytes), symbols)))).toBe(normal(text))
    })
  }
})

describe('bytes that are not Ion', () => {
  const symbols = SymbolTable.system()
  const cases: [string, number[]][] = [
    ['nothing', []],
    ['padding alone', [0x00]],
    ['a version marker', [0xe0, 0x01, 0x00, 0xea]],
    ['two values', [0x21, 1, 0x21, 1]],
    ['a value that ends early', [0x22, 1]],
    ['a length that ends early', [0x2e]],
    ['a length beyond memory', [0x2e, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0xff]],
    ['an element longer than its list', [0xb2, 0x22, 1, 1]],
    ['an int of negative zero', [0x31, 0]],
    ['an int of negative zero without bytes', [0x30]],
    ['a bool of two', [0x12]],
    ['a float of 5 bytes', [0x45, 0, 0, 0, 0, 0]],
    ['a timestamp without year', [0x61, 0x80]],
    ['a timestamp with hour but no minute', [0x66, 0x80, 0x0f, 0xe1, 0x81, 0x81, 0x81]],
    ['a timestamp with hour but no minute, unknown offset', [0x66, 0xc0, 0x0f, 0xe1, 0x81, 0x81, 0x81]],
    ['a fraction of a whole second', [0x6a, 0x80, 0x0f, 0xe1, 0x81, 0x81, 0x81, 0x81, 0x81, 0x80, 0x01]],
    ['a negative fraction', [0x6a, 0x80, 0x0f, 0xe1, 0x81, 0x81, 0x81, 0x81, 0x81, 0xc1, 0x81]],
    ['a symbol that the table does not have', [0x71, 10]],
    ['a field name that the table does not have', [0xd2, 0x8a, 0x20]],
    ['a field without a value', [0xd1, 0x81, 0x84]],
    ['an ordered struct without fields', [0xd1, 0x80]],
    ['annotations without annotations', [0xe3, 0x80, 0x21, 1]],
    ['annotations without a value', [0xe3, 0x82, 0x84, 0x84]],
    ['annotations of padding', [0xe3, 0x81, 0x84, 0x00]],
    ['annotations of an annotated value', [0xe6, 0x81, 0x84, 0xe3, 0x81, 0x84, 0x20]],
    ['annotations of a value and more', [0xe4, 0x81, 0x84, 0x20, 0x20]],
    ['an unknown type', [0xf0]],
    ['an unknown null', [0xef]],
  ]
  for (const [title, bytes] of cases) {
    it(`refuses ${title}`, () => {
      expect(() => hashBytes(Uint8Array.from(bytes), symbols)).toThrow(FormatError)
    })
  }

  it('refuses what is nested too deep, and hashes the next value all the same', () => {
    for (const open of [0xbe, 0xce]) {
      let bytes = Uint8Array.of(0x20)
      for (let i = 0; i < 513; i++) {
        const size = bytes.length
        const length = [(size >> 14) & 0x7f, (size >> 7) & 0x7f, 0x80 | (size & 0x7f)]
        bytes = Uint8Array.of(open, ...length, ...bytes)
      }
      expect(() => hashBytes(bytes, symbols)).toThrow('nested deeper than 512')
    }
    const struct = (depth: number): IonValue =>
      Array.from({ length: depth }).reduce<IonValue>((inner) => new IonStruct([{ name: 'a', value: inner }]), 1)
    expect(() => hashValue(struct(513))).toThrow(FormatError)
    expect(() => hashValue('half \ud83d')).toThrow(FormatError)
    expect(encodeBase64(hashValue('CREATE TABLE VehicleRegistration'))).toBe(
      '3jeSdejOgp6spJ8huZxDRUtp2fRXRqpOMtG43V0nXg8=',
    )
    expect(encodeHex(hashBytes(Uint8Array.of(0x21, 5), symbols))).toBe(encodeHex(hashValue(5)))
    expect(encodeHex(hashValue(struct(512)))).toBe(throughBytes(struct(512)))
  })

  it('gives any bytes a hash or a FormatError', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 40 }),
          ionJsValue.map((value) => encodeValue(value, SymbolTable.system())),
        ),
        fc.nat(),
        fc.nat(255),
        (bytes, at, byte) => {
          if (bytes.length > 0) bytes[at % bytes.length] = byte
          let hash: Hash
          try {
            hash = hashBytes(bytes, symbols)
          } catch (error) {
            expect(error).toBeInstanceOf(FormatError)
            return
          }
          expect(hash.length).toBe(32)
          // What the reader accepts too is the same value to both.
          let value: IonValue
          try {
            value = decodeValue(bytes, symbols)
            void encodeValue(value, SymbolTable.system())
          } catch (error) {
            expect(error).toBeInstanceOf(FormatError)
            return
          }
          expect(throughBytes(value)).toBe(encodeHex(hash))
        },
      ),
      { numRuns: 3000 },
    )
  })
})

describe('IonHasher', () => {
  it('hashes structs of known shape as hashValue hashes the struct', () => {
    const A = fieldName('a')
    const B = fieldName('b\x0c')
    const hasher = new IonHasher()
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.maxSafeInteger(),
        fc.integer({ min: Date.parse('0001-01-01T00:00:00Z'), max: Date.parse('9999-12-31T23:59:59.999Z') }),
        fc.uint8Array(),
        fc.bigInt(),
        (text, int, ms, bytes, big) => {
          hasher.beginStruct()
          hasher.field(B)
          hasher.string(text)
          hasher.fieldNamed(text)
          hasher.beginStruct()
          hasher.field(A)
          hasher.int(int)
          hasher.field(A)
          hasher.beginList()
          hasher.blob(bytes)
          hasher.beginStruct()
          hasher.endStruct()
          hasher.int(big)
          hasher.endSequence()
          hasher.endStruct()
          hasher.field(A)
          hasher.timestampMillis(ms)
          hasher.endStruct()
          const list = new IonList([parseOne(`{{${encodeBase64(bytes)}}}`), new IonStruct([]), big])
          const inner = new IonStruct([
            { name: 'a', value: int },
            { name: 'a', value: list },
          ])
          const value = new IonStruct([
            { name: 'a', value: Timestamp.fromMillis(ms) },
            { name: 'b\x0c', value: text },
            { name: text, value: inner },
          ])
          expect(encodeHex(hasher.digest())).toBe(encodeHex(hashValue(value)))
        },
      ),
    )
  })

  it('writes each kind of value as ion-hash-js does', () => {
    const hasher = new IonHasher()
    const cases: [() => void, string][] = [
      [() => hasher.null(), 'null'],
      [() => hasher.bool(true), 'true'],
      [() => hasher.bool(false), 'false'],
      [() => hasher.int(-0), '0'],
      [() => hasher.int(-256), '-256'],
      [() => hasher.int(Number.MAX_SAFE_INTEGER), '9007199254740991'],
      [() => hasher.int(-(2n ** 64n)), '-18446744073709551616'],
      [() => hasher.float(-0), '-0e0'],
      [() => hasher.float(Number.NaN), 'nan'],
      [() => hasher.decimal(new Decimal('-0.00')), '-0.00'],
      [() => hasher.symbol('a\x0b'), "'a\\x0b'"],
      [() => hasher.clob(Uint8Array.of(97)), '{{"a"}}'],
      [() => hasher.timestampMillis(0), '1970-01-01T00:00:00.000Z'],
      [() => hasher.timestampMillis(-1), '1969-12-31T23:59:59.999Z'],
      [() => hasher.timestampMillis(Date.UTC(2024, 1, 29, 12, 11, 14, 12)), '2024-02-29T12:11:14.012Z'],
    ]
    for (const [write, text] of cases) {
      write()
      expect(encodeHex(hasher.digest()), text).toBe(oracle(parseOne(text)))
    }
  })

  it('refuses to be used out of turn', () => {
    const hasher = new IonHasher()
    expect(() => hasher.digest()).toThrow('a hash is taken of one whole value')
    expect(() => hasher.endStruct()).toThrow('a struct was begun')
    hasher.beginStruct()
    expect(() => hasher.digest()).toThrow('a hash is taken of one whole value')
    hasher.reset()
    expect(() => hasher.int(0.5)).toThrow('an Ion int is a safe integer or a bigint')
    expect(() => hasher.timestampMillis(1e18)).toThrow('years 1 to 9999')
    expect(() => hasher.timestampMillis(0.5)).toThrow('whole milliseconds')
  })
})

describe('hashes that Amazon QLDB printed', () => {
  const hashText = (text: string): string => encodeBase64(hashValue(parseOne(text)))
  const revisionHash = (metadata: string, data: string): string =>
    encodeBase64(dot(hashValue(parseOne(metadata)), hashValue(parseOne(data))))

  it('of a revision of 2019', () => {
    const metadata =
      '{id:"JUJgkIcNbhS2goq8RqLuZ4",version:3,txTime:2019-09-16T19:37:05.344Z,txId:"FnQeJBAicTX0Ah32ZnVtSX"}'
    const data = `{VIN:"1N4AL11D75C109151",LicensePlateNumber:"LEWISR261LL",State:"WA",PendingPenaltyTicketAmount:90.25,
      ValidFromDate:2017-08-21,ValidToDate:2020-05-11,Owners:{PrimaryOwner:{PersonId:"BFJKdXhnLRT27sXBnojNGW"},
      SecondaryOwners:[{PersonId:"CMVdR77XP8zAglmmFDGTvt"}]},City:"Everett"}`
    expect(revisionHash(metadata, data)).toBe('mHVex/yjHAWjFPpwhBuH2GKXmKJjK2FBa9faqoUVNtg=')
  })

  it('of the statement and the transaction that wrote it', () => {
    const statement =
      "FROM VehicleRegistration AS r \nWHERE r.VIN = '1N4AL11D75C109151'\nINSERT INTO r.Owners.SecondaryOwners\n" +
      "    VALUE { 'PersonId' : 'CMVdR77XP8zAglmmFDGTvt' }"
    const digest = 'jcgPX2vsOJ0waum4qmDYtn1pCAT9xKNIzA+2k4R+mxA='
    expect(encodeBase64(hashValue(statement))).toBe(digest)
    const transactionInfo = new IonStruct([
      {
        name: 'statements',
        value: new IonList([
          new IonStruct([
            { name: 'statement', value: statement },
            { name: 'startTime', value: Timestamp.parse('2019-09-16T19:37:05.302Z') },
            { name: 'statementDigest', value: parseOne(`{{${digest}}}`) },
          ]),
        ]),
      },
      {
        name: 'documents',
        value: parseOne(
          '{JUJgkIcNbhS2goq8RqLuZ4:{tableName:"VehicleRegistration",tableId:"BFJKdXgzt9oF4wjMbuxy4G",statements:[0]}}',
        ),
      },
    ])
    expect(encodeBase64(hashValue(transactionInfo))).toBe('TvTXygML1bMe6NvEZtGkX+KR+W/EJl4qD1mmV77KZQg=')
  })

  it('of a revision of 2019 in another ledger', () => {
    const metadata =
      '{id:"D35qd3e2prnJYmtKW6kok1",version:0,txTime:2019-12-11T07:20:51.245Z,txId:"0007KbqoyqAIch6XRbQ4iA"}'
    const data = `{FirstName:"Testing new 600",LastName:"Lewis",DOB:1963-08-19T,GovId:"LEWISR261LL",
      GovIdType:"Driver License",Address:"1719 University Street, Seattle, WA, 98109"}`
    expect(revisionHash(metadata, data)).toBe('vJFOcsNRM14gsIBSEnwPhMVgRAWf/4EUW5gPYbtmDv0=')
  })

  it('of a delete revision, which is the hash of its metadata', () => {
    expect(
      hashText('{id:"IiPTRxLGJZa342zHFCFT15",version:1,txTime:2022-06-08T18:46:46.492Z,txId:"3gtB8Q8dfIMA8lQ5pzHAMo"}'),
    ).toBe('ZVF/f1uSqd5DIMqzI04CCHaCGFK/J0Jf5AFzSEk0l90=')
  })

  it('of statements', () => {
    expect(hashText('"CREATE TABLE VehicleRegistration"')).toBe('3jeSdejOgp6spJ8huZxDRUtp2fRXRqpOMtG43V0nXg8=')
    expect(hashText('"CREATE INDEX ON VehicleRegistration (VIN)"')).toBe('099D+5ZWDgA7r+aWeNUrWhc8ebBTXjgscq+mZ2dVibI=')
  })

  it('of a commit, folded over its statements (made with ion-hash-js)', () => {
    const statement = (text: string, ...parameters: IonValue[]): Hash =>
      parameters.reduce<Hash>((hash, parameter) => dot(hash, hashValue(parameter)), hashValue(text))
    const empty = hashValue('0007KbqoyqAIch6XRbQ4iA')
    const select = statement('SELECT * FROM Person AS p WHERE p.GovId = ?', 'LEWISR261LL')
    const update = statement('UPDATE Person AS p SET p.Age = ? WHERE p.GovId = ?', 42, 'LEWISR261LL')
    expect(encodeBase64(empty)).toBe('hHu2SOcCAjiJoOahYd9CGFHcoNGkMlzh49L/UdiyP5s=')
    expect(encodeBase64(select)).toBe('3EEl9eJ8nVbXEUPpBOz9qE+VpYBvMjD92bFET/lBGrs=')
    expect(encodeBase64(update)).toBe('j2D4wXZ0VR4VQvnqgG8clacCQgxuiuRbG2QIL0pX5OY=')
    expect(dot(dot(empty, select), update)).toEqual(decodeBase64('1uPtLfceWn8g/KazY9Ew5aD6qkG1hlQSI0FuOe5t31w='))
  })

  it('tells apart what QLDB tells apart', () => {
    const differ = [
      ['90.25', '90.250'],
      ['"a"', 'a'],
      ['2020-01-01T00:00:05.360Z', '2020-01-01T00:00:05.36Z'],
      ['2020-01-01T00:00Z', '2020-01-01T00:00-00:00'],
      ['1', '1.'],
      ['1', '1e0'],
      ['null', 'null.int'],
      ['a::1', '1'],
    ]
    for (const [one, other] of differ) expect(hashText(one!), `${one} and ${other}`).not.toBe(hashText(other!))
    expect(hashText('2020-01-01T00:00Z')).toBe(hashText('2020-01-01T00:00+00:00'))
    expect(hashText('1963-08-19T')).toBe(hashText('1963-08-19'))
  })
})

describe('hashValues', () => {
  it('gives the hash of each value', () => {
    const symbols = SymbolTable.system()
    const values: IonValue[] = [1, 'two', new IonStruct([{ name: 'three', value: 3 }])]
    const many = values.map((value) => ({ bytes: encodeValue(value, symbols), symbols }))
    expect(hashValues(many)).toEqual(values.map(hashValue))
    expect(hashValues([])).toEqual([])
  })
})

describe('digestEach', () => {
  const hashers = [new IonHasher(), new IonHasher((message) => sha256Latin1(message))]

  it('gives the hash of each value, however many and long', () => {
    fc.assert(
      fc.property(fc.array(ionJsValue, { maxLength: 150, size: 'max' }), (values) => {
        const expected = values.map((value) => encodeHex(hashValue(value)))
        for (const hasher of hashers) {
          const hashes = hasher.digestEach(values.length, (index) => writeValue(hasher, values[index]!))
          expect(hashes.map(encodeHex)).toEqual(expected)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('keeps messages of every length apart from those of the structs among them', () => {
    const values: IonValue[] = []
    for (let length = 0; length <= 300; length++) {
      const text = 'z'.repeat(length)
      values.push(text, new IonStruct([text, 1, text, length].map((value, i) => ({ name: `f${i}`, value }))))
    }
    const expected = values.map((value) => encodeHex(hashValue(value)))
    for (const hasher of hashers) {
      const hashes = hasher.digestEach(values.length, (index) => writeValue(hasher, values[index]!))
      expect(hashes.map(encodeHex)).toEqual(expected)
    }
  })

  it('forgets what waited when a value cannot be written', () => {
    const half = '\ud800'
    for (const hasher of hashers) {
      const values: IonValue[] = ['a', 'b', half]
      expect(() => hasher.digestEach(3, (index) => writeValue(hasher, values[index]!))).toThrow(FormatError)
      const [hash] = hasher.digestEach(1, () => hasher.string('c'))
      expect(encodeHex(hash!)).toBe(encodeHex(hashValue('c')))
    }
  })
})

describe('a list hashed with its elements', () => {
  it('gives the hashes that list and elements have alone', () => {
    fc.assert(
      fc.property(fc.array(ionJsValue, { maxLength: 6 }), (items) => {
        const list = new IonList(items)
        const { hash, items: hashes } = hashListWithItems(list)
        expect(encodeHex(hash)).toBe(encodeHex(hashValue(list)))
        expect(hashes.map(encodeHex)).toEqual(items.map((item) => encodeHex(hashValue(item))))
      }),
    )
  })
})
