import { NULL } from '../../ion/index.ts'
import type { HashJoin, NestedLoop } from '../plan/join.ts'
import { writtenSlots } from '../plan/operator.ts'
import { isAbsent } from '../value/compare.ts'
import type { EngineValue } from '../value/engine-value.ts'
import { hashKeyOf } from '../value/hash-key.ts'
import type { Compiler, Evaluate, OpenRows, RowCursor, Test } from './compiler.ts'
import type { Frame } from './frame.ts'

/** For every row on the left the rows on the right, opened anew each time. */
export function compileNestedLoop(join: NestedLoop, compiler: Compiler): OpenRows {
  const openLeft = compiler.rows(join.left)
  const openRight = compiler.rows(join.right)
  const test = compiler.conditions(join.on)
  const nullSlots = join.join === 'left' ? writtenSlots(join.right) : undefined
  return (frame) => new NestedLoopCursor(openLeft(frame), openRight, test, nullSlots, frame)
}

class NestedLoopCursor implements RowCursor {
  readonly #left: RowCursor
  readonly #openRight: OpenRows
  readonly #test: Test
  /** The slots to null when a row finds no partner; undefined for an inner join. */
  readonly #nullSlots: readonly number[] | undefined
  readonly #frame: Frame
  #right: RowCursor | undefined
  #isMatched = false

  constructor(
    left: RowCursor,
    openRight: OpenRows,
    test: Test,
    nullSlots: readonly number[] | undefined,
    frame: Frame,
  ) {
    this.#left = left
    this.#openRight = openRight
    this.#test = test
    this.#nullSlots = nullSlots
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
      if (this.#nullSlots !== undefined && !this.#isMatched) {
        for (const slot of this.#nullSlots) this.#frame.slots[slot] = NULL
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

/** Reads the right side once into a map by its keys. Memory: the slots of every row on the right. */
export function compileHashJoin(join: HashJoin, compiler: Compiler): OpenRows {
  const openLeft = compiler.rows(join.left)
  const openRight = compiler.rows(join.right)
  const leftKeys = join.leftKeys.map((key) => compiler.expression(key))
  const rightKeys = join.rightKeys.map((key) => compiler.expression(key))
  const test = compiler.conditions(join.on)
  const slots = writtenSlots(join.right)
  const isLeft = join.join === 'left'
  return (frame) => new HashJoinCursor(openLeft(frame), openRight, leftKeys, rightKeys, test, slots, isLeft, frame)
}

type SavedRow = readonly EngineValue[]

class HashJoinCursor implements RowCursor {
  readonly #left: RowCursor
  readonly #openRight: OpenRows
  readonly #leftKeys: readonly Evaluate[]
  readonly #rightKeys: readonly Evaluate[]
  readonly #test: Test
  readonly #slots: readonly number[]
  readonly #isLeft: boolean
  readonly #frame: Frame
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
    isLeft: boolean,
    frame: Frame,
  ) {
    this.#left = left
    this.#openRight = openRight
    this.#leftKeys = leftKeys
    this.#rightKeys = rightKeys
    this.#test = test
    this.#slots = slots
    this.#isLeft = isLeft
    this.#frame = frame
  }

  next(): boolean {
    const frame = this.#frame
    for (;;) {
      if (this.#partners === undefined) {
        if (!this.#left.next()) return false
        this.#rows ??= this.#build()
        const key = presentKey(this.#leftKeys, frame)
        this.#partners = (key === undefined ? undefined : this.#rows.get(key)) ?? NO_PARTNERS
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
      if (this.#isLeft && !this.#isMatched) {
        for (const slot of this.#slots) frame.slots[slot] = NULL
        return true
      }
    }
  }

  close(): void {
    this.#rows = undefined
    this.#partners = undefined
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

/** The key of a row for the map; undefined when a part is absent, as nothing equals NULL. */
function presentKey(keys: readonly Evaluate[], frame: Frame): unknown {
  const values: EngineValue[] = []
  for (const key of keys) {
    const value = key(frame)
    if (isAbsent(value)) return undefined
    values.push(value)
  }
  return hashKeyOf(values)
}
