import type { Sort } from '../plan/sort.ts'
import { type EngineValue, MISSING } from '../value/engine-value.ts'
import type { Compiler, OpenRows, RowCursor } from './compiler.ts'
import type { Frame } from './frame.ts'
import type { HeldMemory } from './memory-budget.ts'
import { compileRowCount } from './row-count.ts'
import { compareKeys, keyOrders } from './sort-order.ts'
import { type CompareKeys, type SortedRow, TopRows } from './top-rows.ts'

/**
 * Reads everything, then gives it back in order. Memory: keys and kept slots of every row, or, under a LIMIT, of as many
 * rows as are asked for; counted against the budget of the run.
 */
export function compileSort(sort: Sort, compiler: Compiler): OpenRows {
  const open = compiler.rows(sort.input)
  const keys = sort.keys.map((key) => ({ ...key, evaluate: compiler.expression(key.expression) }))
  const slots = sort.keptSlots

  const orders = keyOrders(sort.keys, compiler.dialect)
  const compare: CompareKeys = (a, b, count) => compareKeys(a, b, orders, count)
  const keptOf = (input: RowCursor, frame: Frame): EngineValue[] => {
    input.complete?.()
    return slots.map((slot) => frame.slots[slot]!)
  }
  const readAll = (input: RowCursor, held: HeldMemory, frame: Frame): SortedRow[] => {
    const rows: SortedRow[] = []
    while (input.next()) {
      const row = { keys: keys.map((key) => key.evaluate(frame)), kept: keptOf(input, frame) }
      held.add(row.keys)
      held.add(row.kept)
      rows.push(row)
    }
    return rows.sort((a, b) => compare(a.keys, b.keys, keys.length))
  }
  const readTop = (input: RowCursor, wanted: number, held: HeldMemory, frame: Frame): SortedRow[] => {
    const first = new TopRows(wanted, keys.length, compare)
    const now: EngineValue[] = keys.map(() => MISSING)
    while (input.next()) {
      now[0] = keys[0]!.evaluate(frame)
      // Of most rows nothing but the first key is ever needed.
      if (!first.mayAdmit(now)) continue
      input.complete?.()
      for (let index = 1; index < keys.length; index++) now[index] = keys[index]!.evaluate(frame)
      if (!first.admits(now)) continue
      const kept = keptOf(input, frame)
      // A row that takes the place of another is taken to be as large.
      if (first.size < wanted) {
        held.add(now)
        held.add(kept)
      }
      first.add([...now], kept)
    }
    return first.inOrder()
  }

  const rowCount = compileRowCount(compiler)
  const top = sort.top?.map((count, index) => rowCount(count, index === 0 ? Number.POSITIVE_INFINITY : 0))

  return (frame) => {
    const wanted = top?.reduce((sum, count) => sum + count(frame), 0) ?? Number.POSITIVE_INFINITY
    const input = open(frame)
    const held = frame.budget.open('ORDER BY')
    let rows: SortedRow[] | undefined
    let position = 0
    return {
      next: () => {
        if (rows === undefined) {
          rows = wanted === Number.POSITIVE_INFINITY ? readAll(input, held, frame) : readTop(input, wanted, held, frame)
          input.close()
        }
        const row = rows[position]
        if (row === undefined) return false
        position++
        for (let index = 0; index < slots.length; index++) frame.slots[slots[index]!] = row.kept[index]!
        return true
      },
      close: () => {
        rows = []
        held.release()
        input.close()
      },
    }
  }
}
