import { type IonField, IonStruct, type IonValue, NULL } from '../../ion/index.ts'
import type { Group } from '../plan/group.ts'
import { isAbsent } from '../value/compare.ts'
import { Bag, type EngineValue, MISSING } from '../value/engine-value.ts'
import { hashKey, keyOfAll } from '../value/hash-key.ts'
import { type Accumulator, newAccumulator } from './aggregate.ts'
import type { Compiler, OpenRows } from './compiler.ts'
import type { Frame } from './frame.ts'

/**
 * Reads its whole input into one entry per combination of keys; memory grows with the groups, not with the rows
 * (except for GROUP AS and DISTINCT, which keep values).
 */
export function compileGroup(group: Group, compiler: Compiler): OpenRows {
  const open = compiler.rows(group.input)
  const keys = group.keys.map((key) => ({ ...key, evaluate: compiler.expression(key.expression) }))
  const folds = group.aggregates.map((aggregate) => {
    const { name, quantifier, slot } = aggregate
    const isDistinct = quantifier === 'distinct'
    const { decimalAggregates } = compiler.dialect
    return {
      slot,
      evaluate: aggregate.argument && compiler.expression(aggregate.argument),
      newAccumulator: (): Accumulator => {
        const accumulator = newAccumulator(name, decimalAggregates)
        return isDistinct ? new DistinctValues(accumulator) : accumulator
      },
    }
  })
  const { groupAs } = group

  const newEntry = (keyValues: readonly EngineValue[]): GroupEntry => ({
    keyValues,
    accumulators: folds.map((fold) => fold.newAccumulator()),
    members: [],
  })
  const addRow = (entry: GroupEntry, frame: Frame): void => {
    for (let index = 0; index < folds.length; index++) {
      const { evaluate } = folds[index]!
      const value = evaluate === undefined ? true : evaluate(frame)
      if (!isAbsent(value)) entry.accumulators[index]!.add(value)
    }
    if (groupAs !== undefined) entry.members.push(member(groupAs.variables, frame))
  }
  const readAll = (frame: Frame): GroupEntry[] => {
    const input = open(frame)
    const entries = new Map<unknown, GroupEntry>()
    try {
      if (keys.length === 0) entries.set(undefined, newEntry([]))
      const [onlyKey] = keys
      while (input.next()) {
        let key: unknown
        let values: readonly EngineValue[] | undefined
        let first: EngineValue = MISSING
        if (onlyKey === undefined) key = undefined
        else if (keys.length === 1) {
          first = onlyKey.evaluate(frame)
          key = hashKey(first)
        } else {
          values = keys.map((each) => each.evaluate(frame))
          key = keyOfAll(values, hashKey)
        }
        let entry = entries.get(key)
        if (entry === undefined) {
          entry = newEntry(values ?? [first])
          entries.set(key, entry)
        }
        addRow(entry, frame)
      }
    } finally {
      input.close()
    }
    return [...entries.values()]
  }
  const writeEntry = (entry: GroupEntry, frame: Frame): void => {
    for (let index = 0; index < keys.length; index++) {
      const { slot, firstSlot } = keys[index]!
      const value = entry.keyValues[index]!
      frame.slots[slot] = value === MISSING ? NULL : value
      if (firstSlot !== undefined) frame.slots[firstSlot] = value
    }
    for (let index = 0; index < folds.length; index++) {
      frame.slots[folds[index]!.slot] = entry.accumulators[index]!.result()
    }
    if (groupAs !== undefined) frame.slots[groupAs.slot] = new Bag(entry.members)
  }

  return (frame) => {
    let entries: readonly GroupEntry[] | undefined
    let position = 0
    return {
      next: () => {
        entries ??= readAll(frame)
        const entry = entries[position]
        if (entry === undefined) return false
        position++
        writeEntry(entry, frame)
        return true
      },
      close: () => {
        entries = []
      },
    }
  }
}

interface GroupEntry {
  readonly keyValues: readonly EngineValue[]
  readonly accumulators: readonly Accumulator[]
  readonly members: IonStruct[]
}

function member(variables: readonly { readonly name: string; readonly slot: number }[], frame: Frame): IonStruct {
  const fields: IonField[] = []
  for (const { name, slot } of variables) {
    const value = frame.slots[slot]!
    if (value !== MISSING) fields.push({ name, value: value as IonValue })
  }
  return new IonStruct(fields)
}

/** Lets each value through once. */
class DistinctValues implements Accumulator {
  readonly #inner: Accumulator
  readonly #seen: Set<unknown> = new Set()

  constructor(inner: Accumulator) {
    this.#inner = inner
  }

  add(value: EngineValue): void {
    const key = hashKey(value)
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    this.#inner.add(value)
  }

  result(): EngineValue {
    return this.#inner.result()
  }
}
