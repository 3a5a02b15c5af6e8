import type { HashJoin, NestedLoop } from '../plan/join.ts'
import { writtenSlots } from '../plan/operator.ts'
import type { EngineValue } from '../value/engine-value.ts'
import { absentRow, type SlotValue, writeSlots } from './absent-row.ts'
import type { Compiler, Evaluate, OpenRows, RowCursor, Test } from './compiler.ts'
import type { Frame } from './frame.ts'
import { compileFullJoin } from './full-join.ts'
import { presentKey } from './join-key.ts'
import type { HeldMemory } from './memory-budget.ts'

/** For every row on the left the rows on the right, opened anew each time. */
export function compileNestedLoop(join: NestedLoop, compiler: Compiler): OpenRows {
  if (join.join === 'full') return compileFullJoin(join, compiler)
  const openLeft = compiler.rows(join.left)
  const openRight = compiler.rows(join.right)
  const test = compiler.conditions(join.on)
  const absent = join.join === 'left' ? absentRow(join.right) : undefined
  return (frame) => new NestedLoopCursor(openLeft(frame), openRight, test, absent, frame)
}

class NestedLoopCursor implements RowCursor {
  readonly #left: RowCursor
  readonly #openRight: OpenRows
  readonly #test: Test
  /** What the right side has when a row finds no partner; undefined for an inner join. */
  readonly #absent: readonly SlotValue[] | undefined
  readonly #frame: Frame
  #right: RowCursor | undefined
  #isMatched = false

  constructor(
    left: RowCursor,
    openRight: OpenRows,
    test: Test,
    absent: readonly SlotValue[] | undefined,
    frame: Frame,
  ) {
    this.#left = left
    this.#openRight = openRight
    this.#test = test
    this.#absent = absent
    this.#frame = frame
  }

  next(): boolean {
    for (;;) {
      if (this.#right === undefined) {
        if (!this.#left.next()) return false
        this.#right = this.#openRight(this.#frame)
        this.#isMatched = false
      }
      while (this.#right.next()) {
        if (!this.#test(this.#frame)) continue
        this.#isMatched = true
        return true
      }
      this.#right.close()
      this.#right = undefined
      if (this.#absent !== undefined && !this.#isMatched) {
        writeSlots(this.#absent, this.#frame)
        return true
      }
    }
  }

  close(): void {
    this.#right?.close()
    this.#right = undefined
    this.#left.close()
  }
}
/**
 * Reads the right side once into a map by its keys. Memory: the slots of every row on the right, counted against the
 * budget of the run.
 */
export function compileHashJoin(join: HashJoin, compiler: Compiler): OpenRows {
  if (join.join === 'full') return compileFullJoin(join, compiler)
  const openLeft = compiler.rows(join.left)
  const openRight = compiler.rows(join.right)
  const leftKeys = join.leftKeys.map((key) => compiler.expression(key))
  const rightKeys = join.rightKeys.map((key) => compiler.expression(key))
  const test = compiler.conditions(join.on)
  const slots = writtenSlots(join.right)
  const absent = join.join === 'left' ? absentRow(join.right) : undefined
  return (frame) => new HashJoinCursor(openLeft(frame), openRight, leftKeys, rightKeys, test, slots, absent, frame)
}

type SavedRow = readonly EngineValue[]

class HashJoinCursor implements RowCursor {
  readonly #left: RowCursor
  readonly #openRight: OpenRows
  readonly #leftKeys: readonly Evaluate[]
  readonly #rightKeys: readonly Evaluate[]
  readonly #test: Test
  readonly #slots: readonly number[]
  readonly #absent: readonly SlotValue[] | undefined
  readonly #frame: Frame
  readonly #held: HeldMemory
  #rows: Map<unknown, SavedRow[]> | undefined
  #partners: readonly SavedRow[] | undefined
  #position = 0
  #isMatched = false

  constructor(
    left: RowCursor,
    openRight: OpenRows,
    leftKeys: readonly Evaluate[],
    rightKeys: readonly Evaluate[],
    test: Test,
    slots: readonly number[],
    absent: readonly SlotValue[] | undefined,
    frame: Frame,
  ) {
    this.#left = left
    this.#openRight = openRight
    this.#leftKeys = leftKeys
    this.#rightKeys = rightKeys
    this.#test = test
    this.#slots = slots
    this.#absent = absent
    this.#frame = frame
    this.#held = frame.budget.open('JOIN')
  }

  next(): boolean {
    const frame = this.#frame
    for (;;) {
      if (this.#partners === undefined) {
        if (!this.#left.next()) return false
        if (this.#rows === undefined) {
          this.#left.complete?.()
          this.#rows = this.#build()
        }
        const key = presentKey(this.#leftKeys, frame)
        this.#partners = (key === undefined ? undefined : this.#rows.get(key)) ?? NO_PARTNERS
        if (this.#partners !== NO_PARTNERS || this.#absent !== undefined) this.#left.complete?.()
        this.#position = 0
        this.#isMatched = false
      }
      while (this.#position < this.#partners.length) {
        const row = this.#partners[this.#position++]!
        for (let index = 0; index < row.length; index++) frame.slots[this.#slots[index]!] = row[index]!
        if (!this.#test(frame)) continue
        this.#isMatched = true
        return true
      }
      this.#partners = undefined
      if (this.#absent !== undefined && !this.#isMatched) {
        writeSlots(this.#absent, frame)
        return true
      }
    }
  }

  close(): void {
    this.#rows = undefined
    this.#partners = undefined
    this.#held.release()
    this.#left.close()
  }

  #build(): Map<unknown, SavedRow[]> {
    const rows = new Map<unknown, SavedRow[]>()
    const right = this.#openRight(this.#frame)
    try {
      while (right.next()) {
        const key = presentKey(this.#rightKeys, this.#frame)
        if (key === undefined) continue
        const row = this.#slots.map((slot) => this.#frame.slots[slot]!)
        this.#held.add(row)
        const same = rows.get(key)
        if (same === undefined) rows.set(key, [row])
        else same.push(row)
      }
    } finally {
      right.close()
    }
    return rows
  }
}

const NO_PARTNERS: readonly SavedRow[] = []
