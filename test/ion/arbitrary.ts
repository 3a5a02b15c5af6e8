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

// Generated Ion values that reach every type, null, precision and length class of the encoding.

const TYPES: readonly IonType[] = [
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

/** Well-formed text: ASCII, other planes, empty, long. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ minLength: 100, maxLength: 300 }),
)

const name = fc.oneof(
  fc.constantFrom('vin', 'owner', 'name', 'version', 'a', 'b', '$ion', '__proto__', 'null', '$10', "it's"),
  text,
)

const int: fc.Arbitrary<number | bigint> = fc
  .oneof(
    fc.integer({ min: -300, max: 300 }).map(BigInt),
    fc.maxSafeInteger().map(BigInt),
    fc.bigInt({ min: -(1n << 70n), max: 1n << 70n }),
    fc.bigInt(-(1n << 600n), 1n << 600n),
    fc.constantFrom((1n << 53n) - 1n, 1n << 53n, -(1n << 53n) + 1n, -(1n << 53n), 255n, 256n, -256n, 1n << 48n),
  )
  .map((value) => {
    const isSafe = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    return isSafe ? Number(value) : value
  })

export const decimal: fc.Arbitrary<Decimal> = fc
  .tuple(
    fc.oneof(fc.bigInt(-1000n, 1000n), fc.bigInt(-(1n << 200n), 1n << 200n), fc.constant(0n)),
    fc.oneof(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -100_000, max: 100_000 })),
    fc.boolean(),
  )
  .map(([coefficient, exponent, isNegativeZero]) => Decimal.of(coefficient, exponent, isNegativeZero))

/** Timestamps of every precision whose UTC year is within 1 to 9999. */
export const timestamp: fc.Arbitrary<Timestamp> = fc
  .tuple(
    fc.integer({ min: 2, max: 9998 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 31 }),
    fc.integer({ min: 0, max: 86_399 }),
    fc.option(fc.stringMatching(/^[0-9]{1,25}$/), { nil: undefined }),
    fc.option(fc.integer({ min: -1439, max: 1439 }), { nil: undefined }),
    fc.integer({ min: 0, max: 4 }),
  )
  .map(([year, month, dayOfMonth, ofDay, digits, offsetMinutes, precision]) => {
    const day = Math.min(dayOfMonth, new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate())
    if (precision === 0) return new Timestamp({ year })
    if (precision === 1) return new Timestamp({ year, month })
    if (precision === 2) return new Timestamp({ year, month, day })
    const hour = Math.floor(ofDay / 3600)
    const minute = Math.floor(ofDay / 60) % 60
    if (precision === 3) return new Timestamp({ year, month, day, hour, minute, offsetMinutes })
    const fraction = digits === undefined ? undefined : { coefficient: BigInt(digits), digits: digits.length }
    return new Timestamp({ year, month, day, hour, minute, second: ofDay % 60, fraction, offsetMinutes })
  })

const float = fc
  .oneof(fc.double(), fc.float(), fc.constantFrom(0, -0, Number.NaN, Infinity, -Infinity, 5e-324, 1.5))
  .map((value) => new IonFloat(value))

const scalar: fc.Arbitrary<IonBareValue> = fc.oneof(
  fc.boolean(),
  int,
  text,
  fc.constantFrom(...TYPES).map((type) => IonNull.of(type)),
  float,
  decimal,
  timestamp,
  name.map((value) => new IonSymbol(value)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => new IonBlob(bytes)),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => new IonClob(bytes)),
)

const trees = fc.letrec<{ value: IonValue; bare: IonBareValue }>((tie) => {
  const items = fc.array(tie('value'), { maxLength: 6 })
  const fields = fc.array(fc.record({ name, value: tie('value') }), { maxLength: 8 })
  return {
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { arbitrary: tie('bare'), weight: 5 },
      {
        arbitrary: fc
          .tuple(fc.array(name, { minLength: 1, maxLength: 4 }), tie('bare'))
          .map(([annotations, value]) => new IonAnnotated(annotations, value)),
        weight: 1,
      },
    ),
    bare: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { arbitrary: scalar, weight: 4 },
      { arbitrary: items.map((list) => new IonList(list)), weight: 1 },
      { arbitrary: items.map((list) => new IonSexp(list)), weight: 1 },
      { arbitrary: fields.map((list) => new IonStruct(list)), weight: 2 },
    ),
  }
})

/** Any Ion value in memory, annotations and repeated field names included; no symbols without text. */
export const ionValue: fc.Arbitrary<IonValue> = trees.value
