import { IonList, IonSexp, IonStruct } from '../../ion/index.ts'
import type { SourceSlots } from '../plan/table-source.ts'
import type { Unnest } from '../plan/unnest.ts'
import { bare } from '../value/compare.ts'
import { Bag, type EngineValue, MISSING } from '../value/engine-value.ts'
import type { Compiler, OpenRows, RowCursor, ValueCursor } from './compiler.ts'
import type { Frame } from './frame.ts'

/**
 * The elements of a collection. A nested query streams; a list gives positions; what is no collection is one row of
 * itself, MISSING none.
 */
export function compileUnnest(unnest: Unnest, compiler: Compiler): OpenRows {
  const { slots, collection } = unnest
  if (unnest.over === 'fields') {
    const evaluate = compiler.expression(collection)
    return (frame) => {
      const { values, names } = pairsOf(evaluate(frame))
      return new ElementRows(values, (index) => names[index]!, slots, frame)
    }
  }
  if (collection.kind === 'subquery' && collection.as === 'collection') {
    const open = compiler.values(collection.plan)
    const { isOrdered } = collection.plan
    return (frame) => new StreamedRows(open(frame), isOrdered, slots, frame)
  }
  const evaluate = compiler.expression(collection)
  return (frame) => {
    const value = bare(evaluate(frame))
    if (value instanceof Bag) return new ElementRows(value.items, noPosition, slots, frame)
    if (value instanceof IonList || value instanceof IonSexp)
      return new ElementRows(value.items, asPosition, slots, frame)
    return new ElementRows(value === MISSING ? [] : [value], noPosition, slots, frame)
  }
}

function noPosition(): EngineValue {
  return MISSING
}

function asPosition(index: number): EngineValue {
  return index
}

/** UNPIVOT: the pairs of a struct; anything else is one pair named `_1`, MISSING none. */
function pairsOf(value: EngineValue): { values: EngineValue[]; names: string[] } {
  const plain = bare(value)
  if (plain instanceof IonStruct) {
    return { values: plain.fields.map((field) => field.value), names: plain.fields.map((field) => field.name) }
  }
  return plain === MISSING ? { values: [], names: [] } : { values: [value], names: ['_1'] }
}

class ElementRows implements RowCursor {
  readonly #elements: readonly EngineValue[]
  readonly #positionOf: (index: number) => EngineValue
  readonly #slots: SourceSlots
  readonly #frame: Frame
  #index = 0

  constructor(
    elements: readonly EngineValue[],
    positionOf: (index: number) => EngineValue,
    slots: SourceSlots,
    frame: Frame,
  ) {
    this.#elements = elements
    this.#positionOf = positionOf
    this.#slots = slots
    this.#frame = frame
  }

  next(): boolean {
    const index = this.#index
    if (index >= this.#elements.length) return false
    this.#index = index + 1
    const { row, at, by } = this.#slots
    this.#frame.slots[row] = this.#elements[index]!
    if (at !== undefined) this.#frame.slots[at] = this.#positionOf(index)
    if (by !== undefined) this.#frame.slots[by] = MISSING
    return true
  }

  close(): void {
    this.#index = this.#elements.length
  }
}

class StreamedRows implements RowCursor {
  readonly #values: ValueCursor
  readonly #isOrdered: boolean
  readonly #slots: SourceSlots
  readonly #frame: Frame
  #index = 0

  constructor(values: ValueCursor, isOrdered: boolean, slots: SourceSlots, frame: Frame) {
    this.#values = values
    this.#isOrdered = isOrdered
    this.#slots = slots
    this.#frame = frame
  }

  next(): boolean {
    const value = this.#values.next()
    if (value === undefined) return false
    const { row, at, by } = this.#slots
    this.#frame.slots[row] = value
    if (at !== undefined) this.#frame.slots[at] = this.#isOrdered ? this.#index : MISSING
    if (by !== undefined) this.#frame.slots[by] = MISSING
    this.#index++
    return true
  }

  close(): void {
    this.#values.close()
  }
}
