import type { HashJoin, NestedLoop } from '../plan/join.ts'
import { writtenSlots } from '../plan/operator.ts'
import type { EngineValue } from '../value/engine-value.ts'
import { absentRow, writeSlots } from './absent-row.ts'
import type { Compiler, OpenRows, RowCursor } from './compiler.ts'
import type { Frame } from './frame.ts'
import { presentKey } from './join-key.ts'
import type { HeldMemory } from './memory-budget.ts'

/**
 * FULL JOIN: reads the right side once, gives every row of the left side with its partners, and then the rows on the
 * right that were nobody's partner. Memory: the slots of every row on the right, counted
 * against the budget of the run.
 */
export function compileFullJoin(join: NestedLoop | HashJoin, compiler: Compiler): OpenRows {
  const openLeft = compiler.rows(join.left)
  const openRight = compiler.rows(join.right)
  const test = compiler.conditions(join.on)
  const slots = writtenSlots(join.right)
  const absentLeft = absentRow(join.left)
  const absentRight = absentRow(join.right)
  const leftKeys = join.kind === 'hash-join' ? join.leftKeys.map((key) => compiler.expression(key)) : undefined
  const rightKeys = join.kind === 'hash-join' ? join.rightKeys.map((key) => compiler.expression(key)) : undefined

  const readRight = (held: HeldMemory, frame: Frame): RightSide => {
    const rows: RightRow[] = []
    const byKey = new Map<unknown, RightRow[]>()
    const right = openRight(frame)
    try {
      while (right.next()) {
        const row: RightRow = { values: slots.map((slot) => frame.slots[slot]!), isMatched: false }
        rows.push(row)
        held.add(row.values)
        const key = rightKeys && presentKey(rightKeys, frame)
        if (key === undefined) continue
        const same = byKey.get(key)
        if (same === undefined) byKey.set(key, [row])
        else same.push(row)
      }
    } finally {
      right.close()
    }
    return { rows, byKey }
  }

  return (frame) => {
    const left = openLeft(frame)
    const held = frame.budget.open('FULL JOIN')
    let right: RightSide | undefined
    /** The rows that may be partners of the current row on the left; undefined before there is one. */
    let candidates: readonly RightRow[] | undefined
    let position = 0
    let isMatched = false
    let isLeftDone = false
    const writeRight = (row: RightRow): void => {
      for (let index = 0; index < slots.length; index++) frame.slots[slots[index]!] = row.values[index]!
    }
    const nextOfLeft = (all: RightSide): boolean => {
      for (;;) {
        if (candidates === undefined) {
          if (!left.next()) return false
          candidates = leftKeys === undefined ? all.rows : (all.byKey.get(presentKey(leftKeys, frame)) ?? [])
          left.complete?.()
          position = 0
          isMatched = false
        }
        while (position < candidates.length) {
          const row = candidates[position++]!
          writeRight(row)
          if (!test(frame)) continue
          isMatched = true
          row.isMatched = true
          return true
        }
        candidates = undefined
        if (isMatched) continue
        writeSlots(absentRight, frame)
        return true
      }
    }
    const cursor: RowCursor = {
      next: () => {
        right ??= readRight(held, frame)
        if (!isLeftDone) {
          if (nextOfLeft(right)) return true
          isLeftDone = true
          position = 0
          writeSlots(absentLeft, frame)
        }
        while (position < right.rows.length) {
          const row = right.rows[position++]!
          if (row.isMatched) continue
          // What reads the rows may have written into these slots.
          writeSlots(absentLeft, frame)
          writeRight(row)
          return true
        }
        return false
      },
      close: () => {
        right = { rows: [], byKey: new Map() }
        candidates = undefined
        isLeftDone = true
        left.close()
        held.release()
      },
    }
    return cursor
  }
}

interface RightRow {
  readonly values: readonly EngineValue[]
  isMatched: boolean
}

interface RightSide {
  readonly rows: readonly RightRow[]
  /** Rows whose keys are present, for a join on equalities. */
  readonly byKey: ReadonlyMap<unknown, readonly RightRow[]>
}
