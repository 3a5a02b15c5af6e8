import { compareValues, isAbsent } from '../value/compare.ts'
import type { EngineValue } from '../value/engine-value.ts'

/** How one key is ordered. */
export interface KeyOrder {
  readonly isDescending: boolean
  readonly nullsFirst: boolean
}

/**
 * The sign of the order of two rows by the first `count` of their keys. Where NULL stands goes for the inside of lists
 * and structs too.
 */
export function compareKeys(
  a: readonly EngineValue[],
  b: readonly EngineValue[],
  orders: readonly KeyOrder[],
  count: number = orders.length,
): number {
  for (let index = 0; index < count; index++) {
    const { isDescending, nullsFirst } = orders[index]!
    const left = a[index]!
    const right = b[index]!
    const isLeftAbsent = isAbsent(left)
    const isRightAbsent = isAbsent(right)
    if (isLeftAbsent || isRightAbsent) {
      if (isLeftAbsent && isRightAbsent) continue
      return isLeftAbsent === nullsFirst ? -1 : 1
    }
    const order = compareValues(left, right, isDescending === nullsFirst)
    if (order !== 0) return isDescending ? -order : order
  }
  return 0
}
