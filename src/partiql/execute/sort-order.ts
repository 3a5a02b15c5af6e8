import type { Dialect } from '../plan/dialect.ts'
import type { SortKey } from '../plan/sort.ts'
import { compareValues } from '../value/compare.ts'
import type { EngineValue } from '../value/engine-value.ts'
import { isAbsent } from '../value/family.ts'

/** How one key is ordered. */
export interface KeyOrder {
  readonly isDescending: boolean
  readonly nullsFirst: boolean
  /** Inside lists and structs NULL is the largest value; else the smallest, as in the keys of an index. */
  readonly areInnerNullsLargest: boolean
}

/** Where NULL stands among the keys goes for the inside of lists and structs too, where the dialect says so. */
export function keyOrders(keys: readonly SortKey[], dialect: Dialect): KeyOrder[] {
  return keys.map(({ isDescending, nullsFirst }) => ({
    isDescending,
    nullsFirst,
    areInnerNullsLargest: dialect.ordersInnerNulls && isDescending === nullsFirst,
  }))
}

/** The sign of the order of two rows by the first `count` of their keys. */
export function compareKeys(
  a: readonly EngineValue[],
  b: readonly EngineValue[],
  orders: readonly KeyOrder[],
  count: number = orders.length,
): number {
  for (let index = 0; index < count; index++) {
    const { isDescending, nullsFirst, areInnerNullsLargest } = orders[index]!
    const left = a[index]!
    const right = b[index]!
    const isLeftAbsent = isAbsent(left)
    const isRightAbsent = isAbsent(right)
    if (isLeftAbsent || isRightAbsent) {
      if (isLeftAbsent && isRightAbsent) continue
      return isLeftAbsent === nullsFirst ? -1 : 1
    }
    const order = compareValues(left, right, areInnerNullsLargest)
    if (order !== 0) return isDescending ? -order : order
  }
  return 0
}
