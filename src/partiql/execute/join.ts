import type { HashJoin, NestedLoop } from '../plan/join.ts'
import { writtenSlots } from '../plan/operator.ts'
import { absentRow, type SlotValue, writeSlots } from './absent-row.ts'
import type { Compiler, Evaluate, OpenRows, RowCursor, Test } from './compiler.ts'
import type { Frame } from './frame.ts'
import { compileFullJoin } from './full-join.ts'
import { presentKey } from './join-key.ts'
import { JoinTable, NO_ROW } from './join-table.ts'
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
  #right: JoinTable | undefined
  /** The partner to try next; {@link NO_ROW} behind the last one. */
  #partner: number = NO_ROW
  #hasLeft = false
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
      if (!this.#hasLeft) {
        if (!this.#left.next()) return false
        if (this.#right === undefined) {
          this.#left.complete?.()
          this.#right = this.#build()
        }
        const key = presentKey(this.#leftKeys, frame)
        this.#partner = key === undefined ? NO_ROW : this.#right.first(key)
        if (this.#partner !== NO_ROW || this.#absent !== undefined) this.#left.complete?.()
        this.#hasLeft = true
        this.#isMatched = false
      }
      while (this.#partner !== NO_ROW) {
        this.#right!.write(this.#partner, frame)
        this.#partner = this.#right!.following(this.#partner)
        if (!this.#test(frame)) continue
        this.#isMatched = true
        return true
      }
      this.#hasLeft = false
      if (this.#absent !== undefined && !this.#isMatched) {
        writeSlots(this.#absent, frame)
        return true
      }
    }
  }

  close(): void {
    this.#right = undefined
    this.#partner = NO_ROW
    this.#held.release()
    this.#left.close()
  }

  #build(): JoinTable {
    const rows = new JoinTable(this.#slots, this.#held)
    const right = this.#openRight(this.#frame)
    try {
      while (right.next()) {
        const key = presentKey(this.#rightKeys, this.#frame)
        if (key !== undefined) rows.add(key, this.#frame)
      }
    } finally {
      right.close()
    }
    return rows
  }
}
