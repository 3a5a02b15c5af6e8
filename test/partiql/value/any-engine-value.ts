import fc from 'fast-check'
import { IonList, IonStruct, type IonValue } from '../../../src/ion/index.ts'
import { DateValue } from '../../../src/partiql/value/date-value.ts'
import { Bag, type EngineValue, MISSING } from '../../../src/partiql/value/engine-value.ts'
import { Interval } from '../../../src/partiql/value/interval.ts'
import { LocalTimestamp } from '../../../src/partiql/value/local-timestamp.ts'
import { DAY, HOUR, TimeValue } from '../../../src/partiql/value/time-value.ts'
import { anyValue } from '../../ion/any-value.ts'

/* Generated values of the engine: Ion's and PartiQL's own, also inside containers; few days and times, so that some are equal. */

export const anyDate: fc.Arbitrary<DateValue> = fc
  .oneof(fc.integer({ min: -719_162, max: 2_932_896 }), fc.integer({ min: -1, max: 1 }))
  .map((days) => DateValue.fromDays(days)!)

const anyNanos = fc.oneof(
  fc.integer({ min: 0, max: DAY - 1 }),
  fc.integer({ min: 0, max: 23 }).map((hour) => hour * HOUR),
)
const anyOffset = fc.option(fc.constantFrom(0, 60, -60, 330, -1439, 1439), { nil: undefined })

export const anyTime: fc.Arbitrary<TimeValue> = fc
  .tuple(anyNanos, anyOffset)
  .map(([nanos, offset]) => new TimeValue(nanos, offset))

export const anyLocalTimestamp: fc.Arbitrary<LocalTimestamp> = fc
  .tuple(anyDate, fc.oneof(fc.constant(0), anyNanos))
  .map(([date, nanos]) => new LocalTimestamp(date, nanos))

export const anyInterval: fc.Arbitrary<Interval> = fc
  .tuple(
    fc.constantFrom('year-month' as const, 'day-time' as const),
    fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
  )
  .map(([family, amount]) => new Interval(family, family === 'year-month' ? amount % 1200n : amount))

const anyScalar: fc.Arbitrary<EngineValue> = fc.oneof(
  { weight: 4, arbitrary: anyValue },
  anyDate,
  anyTime,
  anyLocalTimestamp,
  // A date beside the timestamps of its midnight.
  anyDate.map((date) => new LocalTimestamp(date, 0)),
  anyDate.map((date) => date.toTimestamp()),
  anyInterval,
  fc.constant(MISSING),
)

/** Anything an expression can give, graphs apart. */
export const anyEngineValue: fc.Arbitrary<EngineValue> = fc.oneof(
  { weight: 3, arbitrary: anyScalar },
  fc.array(anyScalar, { maxLength: 3 }).map((items) => new Bag(items as IonValue[])),
  fc.array(anyScalar, { maxLength: 3 }).map((items) => new IonList(items as IonValue[])),
  fc
    .array(fc.tuple(fc.constantFrom('a', 'b'), anyScalar), { maxLength: 3 })
    .map((pairs) => new IonStruct(pairs.map(([name, value]) => ({ name, value: value as IonValue })))),
)
