import { type Window, type WindowFunction, windowExpressions } from '../plan/window.ts'
import { type EngineValue, MISSING } from '../value/engine-value.ts'
import { hashKey, keyOfAll } from '../value/hash-key.ts'
import type { Compiler, Evaluate, OpenRows } from './compiler.ts'
import type { Frame } from './frame.ts'
import type { HeldMemory } from './memory-budget.ts'
import { compareKeys, type KeyOrder, keyOrders } from './sort-order.ts'
import { type CalculateWindow, compileWindowFunction } from './window-functions.ts'
import { Partition, type WindowRow } from './window-partition.ts'

/**
 * Reads everything, sorts each partition, calculates the functions for all its rows, and gives the rows back in the order
 * they came in. Memory: kept slots, keys and arguments of every row, counted against the budget of
 * the run.
 */
export function compileWindow(window: Window, compiler: Compiler): OpenRows {
  const open = compiler.rows(window.input)
  const partitionBy = window.partitionBy.map((part) => compiler.expression(part))
  const orderBy = window.orderBy.map((key) => ({ ...key, evaluate: compiler.expression(key.expression) }))
  const orders = keyOrders(window.orderBy, compiler.dialect)
  const functions = window.functions.map((each) => compileFunction(each, orders, compiler))
  const slots = window.keptSlots

  const readRow = (frame: Frame): WindowRow => ({
    kept: slots.map((slot) => frame.slots[slot]!),
    keys: orderBy.map((key) => key.evaluate(frame)),
    inputs: functions.map((each) => each.inputs.map((input) => input(frame))),
    results: new Array<EngineValue>(functions.length).fill(MISSING),
  })
  const readAll = (held: HeldMemory, frame: Frame): WindowRow[] => {
    const rows: WindowRow[] = []
    const partitions = new Map<unknown, WindowRow[]>()
    const input = open(frame)
    try {
      while (input.next()) {
        const row = readRow(frame)
        rows.push(row)
        held.add(row.kept)
        held.add(row.keys)
        for (const inputs of row.inputs) held.add(inputs)
        const key =
          partitionBy.length === 0
            ? undefined
            : keyOfAll(
                partitionBy.map((part) => part(frame)),
                hashKey,
              )
        const partition = partitions.get(key)
        if (partition === undefined) partitions.set(key, [row])
        else partition.push(row)
      }
    } finally {
      input.close()
    }
    for (const members of partitions.values()) {
      members.sort((a, b) => compareKeys(a.keys, b.keys, orders))
      const partition = new Partition(members, orders)
      for (const [index, { calculate }] of functions.entries()) calculate(partition, index, held)
    }
    return rows
  }

  return (frame) => {
    const held = frame.budget.open('A window')
    let rows: readonly WindowRow[] | undefined
    let position = 0
    return {
      next: () => {
        rows ??= readAll(held, frame)
        const row = rows[position]
        if (row === undefined) return false
        position++
        for (let index = 0; index < slots.length; index++) frame.slots[slots[index]!] = row.kept[index]!
        for (let index = 0; index < functions.length; index++) frame.slots[functions[index]!.slot] = row.results[index]!
        return true
      },
      close: () => {
        rows = []
        held.release()
      },
    }
  }
}

interface CompiledFunction {
  /** What is evaluated for each row: the arguments, then the distances of the frame. */
  readonly inputs: readonly Evaluate[]
  readonly calculate: CalculateWindow
  readonly slot: number
}

function compileFunction(each: WindowFunction, orders: readonly KeyOrder[], compiler: Compiler): CompiledFunction {
  return {
    inputs: windowExpressions(each).map((expression) => compiler.expression(expression)),
    calculate: compileWindowFunction(each, orders, compiler),
    slot: each.slot,
  }
}
