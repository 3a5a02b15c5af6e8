import { Decimal, IonFloat } from '../../ion/index.ts'
import type { EngineValue } from './engine-value.ts'
import { bare } from './family.ts'

/** What arithmetic works with once nulls, annotations and wrong types are gone. */
export type EngineNumber = number | bigint | Decimal | IonFloat

/** The number a value is, without annotations; undefined when it is none. */
export function numberOf(value: EngineValue): EngineNumber | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  const plain = bare(value)
  if (typeof plain === 'number' || typeof plain === 'bigint') return plain
  return plain instanceof Decimal || plain instanceof IonFloat ? plain : undefined
}

/** An int in its canonical form: a number where it is safe, else a bigint. */
export function toInt(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value
}

/** A number as a decimal; a float by its shortest text. Infinities and NaN have none: undefined. */
export function toDecimal(value: EngineNumber): Decimal | undefined {
  if (value instanceof Decimal) return value
  if (value instanceof IonFloat) return Number.isFinite(value.value) ? new Decimal(value.value) : undefined
  return Decimal.of(BigInt(value), 0)
}

/** A number as a 64-bit float. */
export function toFloat(value: EngineNumber): number {
  if (typeof value === 'number') return value
  if (value instanceof IonFloat) return value.value
  return value instanceof Decimal ? value.toNumber() : Number(value)
}

/** Whether an int has 64 bits at most. */
export function isInt64(value: number | bigint): boolean {
  return typeof value === 'number' || BigInt.asIntN(64, value) === value
}
