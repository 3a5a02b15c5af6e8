import fc from 'fast-check'
import {
  Decimal,
  IonAnnotated,
  type IonBareValue,
  IonBlob,
  IonClob,
  IonFloat,
  IonList,
  IonNull,
  IonSexp,
  IonStruct,
  IonSymbol,
  type IonType,
  type IonValue,
  Timestamp,
} from '../../src/ion/index.ts'

/*
 * Generated Ion values: every type, with the awkward ones (bytes that Ion Hash escapes, negative zeros, long integers,
 * duplicate fields, equal numbers of different types, text beyond the basic plane) much more often than chance would.
 */

const NULL_TYPES: readonly IonType[] = [
  'null',
  'bool',
  'int',
  'float',
  'decimal',
  'timestamp',
  'symbol',
  'string',
  'clob',
  'blob',
  'list',
  'sexp',
  'struct',
]

const asInt = (value: bigint): number | bigint => (Number.isSafeInteger(Number(value)) ? Number(value) : value)

const anyBigInt: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: -20n, max: 20n }),
  fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }),
  fc.bigInt({ min: -(2n ** 300n), max: 2n ** 300n }),
  fc.maxSafeInteger().map(BigInt),
  fc.constantFrom(
    0x0bn,
    0x0cn,
    0x0en,
    0x0b0c0en,
    127n,
    128n,
    255n,
    256n,
    -128n,
    32767n,
    32768n,
    2n ** 53n,
    2n ** 53n - 1n,
    10n ** 38n,
  ),
)

/** Well-formed text: ASCII, other planes, characters that encodings trip over, empty, long. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ maxLength: 10 }),
  fc.string({ minLength: 100, maxLength: 300 }),
  fc.string({
    unit: fc.constantFrom('\0', '\x01', '\x0b', '\x0c', '\x0e', 'a', 'ÿ', '€', '\uffff', '😀'),
    maxLength: 5,
  }),
)

export const anyInt: fc.Arbitrary<number | bigint> = anyBigInt.map(asInt)

export const anyFloat: fc.Arbitrary<IonFloat> = fc
  .oneof(
    fc.double(),
    fc.float(),
    fc.integer({ min: -20, max: 20 }),
    fc.constantFrom(0, -0, 0.5, 1e23, 2 ** 53, 2 ** 64, 5e-324, 0.1, Number.NaN, Infinity, -Infinity),
  )
  .map((value) => new IonFloat(value))

/** Exponents up to 27 bits: ion-js reads no others. */
export const anyDecimal: fc.Arbitrary<Decimal> = fc
  .tuple(
    anyBigInt,
    fc.oneof(
      fc.integer({ min: -5, max: 5 }),
      fc.integer({ min: -400, max: 400 }),
      fc.integer({ min: -(2 ** 27) + 1, max: 2 ** 27 - 1 }),
    ),
    fc.boolean(),
  )
  .map(([coefficient, exponent, isNegativeZero]) => Decimal.of(coefficient, exponent, isNegativeZero))

const anyDate = fc
  .tuple(
    fc.oneof(fc.integer({ min: 2, max: 9998 }), fc.constantFrom(2000, 2024, 1970, 1536)),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 31 }),
  )
  .map(([year, month, day]): [number, number, number] => {
    // 2000 to 2399 have the leap years of every four centuries.
    const lastDay = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
    return [year, month, Math.min(day, lastDay)]
  })

/** Timestamps of every precision, with fractions of up to so many digits; ion-js cannot follow into the years 1 and 9999. */
function timestamps(maxFractionDigits: number): fc.Arbitrary<Timestamp> {
  const anyFraction = fc
    .tuple(
      fc.integer({ min: 1, max: maxFractionDigits }),
      fc.bigInt({ min: 0n, max: 10n ** BigInt(maxFractionDigits) }),
    )
    .map(([digits, number]) => {
      const coefficient = number % 10n ** BigInt(digits)
      // ion-js reads 01.0000 as second 0.
      return { digits, coefficient: coefficient === 0n && digits > 3 ? 1n : coefficient }
    })
  const anyTime = fc.record({
    hour: fc.integer({ min: 0, max: 23 }),
    minute: fc.integer({ min: 0, max: 59 }),
    second: fc.option(fc.integer({ min: 0, max: 59 }), { nil: undefined }),
    fraction: fc.option(anyFraction, { nil: undefined }),
    offsetMinutes: fc.oneof(fc.constantFrom(undefined, 0, 60, -754, 1439), fc.integer({ min: -1439, max: 1439 })),
  })
  return fc.oneof(
    anyDate.map(([year]) => new Timestamp({ year })),
    anyDate.map(([year, month]) => new Timestamp({ year, month })),
    anyDate.map(([year, month, day]) => new Timestamp({ year, month, day })),
    fc.tuple(anyDate, anyTime).map(
      ([[year, month, day], { hour, minute, second, fraction, offsetMinutes }]) =>
        new Timestamp({
          year,
          month,
          day,
          hour,
          minute,
          second,
          fraction: second === undefined ? undefined : fraction,
          offsetMinutes,
        }),
    ),
  )
}

/** With fractions of any length. */
export const anyTimestamp: fc.Arbitrary<Timestamp> = timestamps(25)

const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.array(fc.constantFrom(0, 0x0b, 0x0c, 0x0e, 0xff), { maxLength: 6 }).map((bytes) => Uint8Array.from(bytes)),
)

const scalarsWith = (timestamp: fc.Arbitrary<Timestamp>): fc.Arbitrary<IonBareValue> =>
  fc.oneof(
    fc.boolean(),
    anyInt,
    anyFloat,
    anyDecimal,
    timestamp,
    anyText,
    anyText.map((text) => new IonSymbol(text)),
    anyBytes.map((bytes) => new IonBlob(bytes)),
    anyBytes.map((bytes) => new IonClob(bytes)),
    fc.constantFrom(...NULL_TYPES).map((type) => IonNull.of(type)),
  )

const anyName = fc.oneof(
  fc.constantFrom('a', 'b', 'c', '', 'name', 'version', '$ion', '__proto__', 'null', '$10', "it's"),
  anyText,
)

const valuesWith = (timestamp: fc.Arbitrary<Timestamp>): fc.Arbitrary<IonValue> =>
  fc.letrec<{ value: IonValue; bare: IonBareValue }>((tie) => ({
    bare: fc.oneof(
      { maxDepth: 5, depthSize: 'small' },
      { arbitrary: scalarsWith(timestamp), weight: 4 },
      { arbitrary: fc.array(tie('value'), { maxLength: 5 }).map((items) => new IonList(items)), weight: 1 },
      { arbitrary: fc.array(tie('value'), { maxLength: 4 }).map((items) => new IonSexp(items)), weight: 1 },
      {
        arbitrary: fc
          .array(fc.record({ name: anyName, value: tie('value') }, { noNullPrototype: true }), { maxLength: 6 })
          .map((fields) => new IonStruct(fields)),
        weight: 2,
      },
    ),
    value: fc.oneof(
      { arbitrary: tie('bare'), weight: 5 },
      {
        arbitrary: fc
          .tuple(fc.array(anyName, { minLength: 1, maxLength: 3 }), tie('bare'))
          .map(([annotations, value]) => new IonAnnotated(annotations, value)),
        weight: 1,
      },
    ),
  })).value

/** Any Ion value, nested up to five deep: annotations and repeated field names included, no symbols without text. */
export const anyValue: fc.Arbitrary<IonValue> = valuesWith(anyTimestamp)

/** The same with fractions of a second of up to 12 digits: ion-js, which some tests compare with, rounds longer ones. */
export const ionJsValue: fc.Arbitrary<IonValue> = valuesWith(timestamps(12))
