import type { Decimal } from '../../ion/index.ts'

/** Significant digits of decimal results, as PartiQL's reference implementations keep them. */
export const DECIMAL_DIGITS = 38

/** Rounded half to even to {@link DECIMAL_DIGITS} significant digits. */
export function limitDigits(value: Decimal): Decimal {
  const magnitude = value.coefficient < 0n ? -value.coefficient : value.coefficient
  if (magnitude < LIMIT) return value
  const extra = magnitude.toString().length - DECIMAL_DIGITS
  return value.round(-(value.exponent + extra))
}
const LIMIT = 10n ** BigInt(DECIMAL_DIGITS)
