import { type IonField, IonStruct, type IonValue, NULL } from '../../ion/index.ts'
import type { TableDefinition } from '../plan/catalog-access.ts'
import type { Group } from '../plan/group.ts'
import { Bag, type EngineValue, MISSING } from '../value/engine-value.ts'
import { isAbsent } from '../value/family.ts'
import { hashKey, keyOfAll } from '../value/hash-key.ts'
import { type Accumulator, newAccumulator } from './aggregate.ts'
import type { Compiler, OpenRows } from './compiler.ts'
import { DistinctAccumulator } from './distinct-accumulator.ts'
import type { Frame } from './frame.ts'
import type { HeldMemory } from './memory-budget.ts'
import { typeMismatch } from './type-mismatch.ts'

/**
 * Reads its whole input into one entry per combination of keys; memory grows with the groups, not with the rows
 * (except for GROUP AS and DISTINCT, which keep values). Counted against the budget of the run.
 */
export function compileGroup(group: Group, compiler: Compiler): OpenRows {
  const open = compiler.rows(group.input)
  const keys = group.keys.map((key) => ({ ...key, evaluate: compiler.expression(key.expression) }))
  const folds = group.aggregates.map((aggregate) => {
    const { name, quantifier, slot } = aggregate
    const isDistinct = quantifier === 'distinct'
    const { decimalAggregates } = compiler.dialect
    const mismatch = typeMismatch(compiler, `${name.toUpperCase()} cannot fold a value of this type.`, undefined)
    return {
      slot,
      evaluate: aggregate.argument && compiler.expression(aggregate.argument),
      newAccumulator: (held: HeldMemory): Accumulator => {
        const accumulator = newAccumulator(name, decimalAggregates, mismatch)
        return isDistinct ? new DistinctAccumulator(accumulator, held) : accumulator
      },
    }
  })
  const { groupAs } = group

  const newEntry = (keyValues: readonly EngineValue[], held: HeldMemory): GroupEntry => {
    held.add(keyValues)
    held.addBytes(folds.length * ACCUMULATOR_SIZE)
    return { keyValues, accumulators: folds.map((fold) => fold.newAccumulator(held)), members: [] }
  }
  const addRow = (entry: GroupEntry, held: HeldMemory, frame: Frame): void => {
    for (let index = 0; index < folds.length; index++) {
      const { evaluate } = folds[index]!
      const value = evaluate === undefined ? true : evaluate(frame)
      if (!isAbsent(value)) entry.accumulators[index]!.add(value)
    }
    if (groupAs === undefined) return
    const each = member(groupAs.variables, frame)
    held.add([each])
    entry.members.push(each)
  }
  const readAll = (held: HeldMemory, frame: Frame): GroupEntry[] => {
    const input = open(frame)
    const entries = new Map<unknown, GroupEntry>()
    try {
      if (keys.length === 0) entries.set(undefined, newEntry([], held))
      const [onlyKey] = keys
      let isDecided = false
      while (!isDecided && input.next()) {
        isDecided = group.shortcut === 'first'
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
          entry = newEntry(values ?? [first], held)
          entries.set(key, entry)
        }
        addRow(entry, held, frame)
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

  if (group.shortcut === 'count' && group.input.kind === 'table-scan') {
    return openCount(
      group.input.table,
      group.aggregates.map((aggregate) => aggregate.slot),
    )
  }
  return (frame) => {
    const held = frame.budget.open('GROUP BY')
    let entries: readonly GroupEntry[] | undefined
    let position = 0
    return {
      next: () => {
        entries ??= readAll(held, frame)
        const entry = entries[position]
        if (entry === undefined) return false
        position++
        writeEntry(entry, frame)
        return true
      },
      close: () => {
        entries = []
        held.release()
      },
    }
  }
}

/** COUNT(*) of a whole table: its size, without reading it. */
function openCount(table: TableDefinition, slots: readonly number[]): OpenRows {
  return (frame) => {
    let isDone = false
    return {
      next: () => {
        if (isDone) return false
        isDone = true
        const count = frame.transaction.count(table)
        for (const slot of slots) frame.slots[slot] = count
        return true
      },
      close: () => {
        isDone = true
      },
    }
  }
}

const ACCUMULATOR_SIZE = 128

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
