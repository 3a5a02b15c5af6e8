import type { Sort } from '../plan/sort.ts'
import { compareValues, isAbsent } from '../value/compare.ts'
import type { EngineValue } from '../value/engine-value.ts'
import type { Compiler, OpenRows } from './compiler.ts'
import { compileRowCount } from './row-count.ts'

/**
 * Reads everything, then gives it back in order. Memory: keys and kept slots of every row, or, under a LIMIT, of about
 * twice as many rows as are asked for.
 */
export function compileSort(sort: Sort, compiler: Compiler): OpenRows {
  const open = compiler.rows(sort.input)
  const keys = sort.keys.map((key) => ({ ...key, evaluate: compiler.expression(key.expression) }))
  const slots = sort.keptSlots

  const compareRows = (a: SortedRow, b: SortedRow): number => {
    for (let index = 0; index < keys.length; index++) {
      const { isDescending, nullsFirst } = keys[index]!
      const left = a.keys[index]!
      const right = b.keys[index]!
      const isLeftAbsent = isAbsent(left)
      const isRightAbsent = isAbsent(right)
      if (isLeftAbsent || isRightAbsent) {
        if (isLeftAbsent && isRightAbsent) continue
        return isLeftAbsent === nullsFirst ? -1 : 1
      }
      const order = compareValues(left, right)
      if (order !== 0) return isDescending ? -order : order
    }
    return 0
  }

  const rowCount = compileRowCount(compiler)
  const top = sort.top?.map((count, index) => rowCount(count, index === 0 ? Number.POSITIVE_INFINITY : 0))

  return (frame) => {
    const wanted = top?.reduce((sum, count) => sum + count(frame), 0) ?? Number.POSITIVE_INFINITY
    const input = open(frame)
    let rows: SortedRow[] | undefined
    let position = 0
    return {
      next: () => {
        if (rows === undefined) {
          rows = []
          while (input.next()) {
            rows.push({ keys: keys.map((key) => key.evaluate(frame)), kept: slots.map((slot) => frame.slots[slot]!) })
            // Sorting is stable, so cutting now and then leaves the same first rows as cutting at the end.
            if (rows.length >= 2 * wanted + MIN_CUT) rows = rows.sort(compareRows).slice(0, wanted)
          }
          input.close()
          rows.sort(compareRows)
        }
        const row = rows[position]
        if (row === undefined) return false
        position++
        for (let index = 0; index < slots.length; index++) frame.slots[slots[index]!] = row.kept[index]!
        return true
      },
      close: () => {
        rows = []
        input.close()
      },
    }
  }
}

/** Fewer rows than this over the wanted ones are not worth a sort of their own. */
const MIN_CUT = 1000

interface SortedRow {
  readonly keys: readonly EngineValue[]
  readonly kept: readonly EngineValue[]
}
