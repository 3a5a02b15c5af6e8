import { IonStruct, type IonValue, NULL } from '../../ion/index.ts'
import { inputsOf, type Operator, writtenSlots } from '../plan/operator.ts'
import { columnsOf } from '../plan/query.ts'
import type { Frame } from './frame.ts'

/** A slot and what it is set to. */
export interface SlotValue {
  readonly slot: number
  readonly value: IonValue
}

/**
 * What an outer join gives for a side that has no partner: NULL everywhere, and for a nested query with an explicit
 * select list a struct of NULLs, so that `SELECT *` shows its columns.
 */
export function absentRow(side: Operator): readonly SlotValue[] {
  const rows = new Map<number, IonValue>()
  noteRows(side, rows)
  return writtenSlots(side).map((slot) => ({ slot, value: rows.get(slot) ?? NULL }))
}

export function writeSlots(values: readonly SlotValue[], frame: Frame): void {
  for (const { slot, value } of values) frame.slots[slot] = value
}

function noteRows(operator: Operator, rows: Map<number, IonValue>): void {
  if (operator.kind === 'unnest' && operator.collection.kind === 'subquery') {
    const columns = columnsOf(operator.collection.plan)
    if (columns !== undefined) {
      rows.set(operator.slots.row, new IonStruct(columns.map((name) => ({ name, value: NULL }))))
    }
  }
  for (const input of inputsOf(operator)) noteRows(input, rows)
}
