import { IonList, IonSexp, IonStruct } from '../../ion/index.ts'
import type { Subquery } from '../plan/expression.ts'
import type { SourceSlots } from '../plan/table-source.ts'
import type { Unnest } from '../plan/unnest.ts'
import { Bag, type EngineValue, MISSING } from '../value/engine-value.ts'
import { bare } from '../value/family.ts'
import type { Compiler, OpenRows, RowCursor, ValueCursor } from './compiler.ts'
import type { Frame } from './frame.ts'
import { typeName } from './type-name.ts'

/**
 * The elements of a collection. A nested query streams; a list gives positions; what is no collection is one row of
 * itself. In strict typing what is no collection is refused, and so is AT over what has no order.
 */
export function compileUnnest(unnest: Unnest, compiler: Compiler): OpenRows {
  const { slots, collection, over, place } = unnest
  const isStrict = compiler.dialect.typing === 'strict'
  const refuse = (problem: string): never => {
    throw compiler.text.error('TYPE_ERROR', problem, place)
  }
  const withoutOrder = (): void => {
    if (isStrict && slots.at !== undefined) refuse('AT needs a list: a bag has no positions.')
  }
  if (over === 'fields') {
    const evaluate = compiler.expression(collection)
    return (frame) => {
      const value = bare(evaluate(frame))
      if (value instanceof IonStruct) {
        const { fields } = value
        const values = fields.map((field) => field.value)
        return new ElementRows(values, (index) => fields[index]!.name, slots, frame)
      }
      if (isStrict) refuse(`UNPIVOT needs a struct, found ${typeName(value)}.`)
      return new ElementRows(value === MISSING ? [] : [value], () => '_1', slots, frame)
    }
  }
  if (collection.kind === 'subquery' && collection.as === 'collection' && isStreamed(collection)) {
    const open = compiler.values(collection.plan)
    const { isOrdered } = collection.plan
    return (frame) => {
      if (!isOrdered) withoutOrder()
      return new StreamedRows(open(frame), isOrdered, slots, frame)
    }
  }
  const evaluate = compiler.expression(collection)
  const { rangesOverMissing } = compiler.dialect
  return (frame) => {
    const value = bare(evaluate(frame))
    if (value instanceof Bag) {
      withoutOrder()
      return new ElementRows(value.items, noPosition, slots, frame)
    }
    if (value instanceof IonList || value instanceof IonSexp)
      return new ElementRows(value.items, asPosition, slots, frame)
    if (isStrict) refuse(`FROM needs a list or a bag, found ${typeName(value)}.`)
    return new ElementRows(value === MISSING && !rangesOverMissing ? [] : [value], noPosition, slots, frame)
  }
}

/**
 * PIVOT makes one struct, an expression whatever it likes: neither is a row of values. A query that several places read
 * is read to its end first: its slots are the same in all of them.
 */
function isStreamed({ plan, share }: Subquery): boolean {
  return share === undefined && plan.kind !== 'expression' && !(plan.kind === 'select' && plan.pivotName !== undefined)
}

function noPosition(): EngineValue {
  return MISSING
}

function asPosition(index: number): EngineValue {
  return index
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
