import { IonStruct, NULL } from '../../ion/index.ts'
import { columnsOf, type QueryPlan, type SetOperationPlan } from '../plan/query.ts'
import type { EngineValue } from '../value/engine-value.ts'
import { isAbsent, itemsOf } from '../value/family.ts'
import { hashKey } from '../value/hash-key.ts'
import type { Compiler, OpenValues, ValueCursor } from './compiler.ts'
import type { Frame } from './frame.ts'
import type { HeldMemory } from './memory-budget.ts'
import { type Refuse, RowShape } from './row-shape.ts'
import { typeName } from './type-name.ts'
import { DistinctValues, ListedValues, MappedValues, readAll } from './value-cursors.ts'

/**
 * UNION, INTERSECT and EXCEPT. UNION streams; the others first count the right side. ALL adds, takes the minimum of, or
 * subtracts counts.
 *
 * Under OUTER the operands are any values: what is no collection is a bag of itself, and NULL or MISSING beside a
 * collection an empty one. Without it, where the dialect checks that, the rows of both sides must be structs of one
 * shape.
 */
export function compileSetOperation(plan: SetOperationPlan, compiler: Compiler): OpenValues {
  const openOperands = compileOperands(plan, compiler)
  const { operator, isDistinct } = plan
  return (frame) => {
    const { left, right } = openOperands(frame)
    const values =
      operator === 'union'
        ? new ChainedValues(left(), right)
        : new CountedValues(left(), right, operator === 'intersect', isDistinct, frame)
    return isDistinct ? new DistinctValues(values, frame) : values
  }
}

interface Operands {
  readonly left: () => ValueCursor
  readonly right: () => ValueCursor
}

function compileOperands(plan: SetOperationPlan, compiler: Compiler): (frame: Frame) => Operands {
  const { place } = plan
  const refuse: Refuse = (problem) => {
    throw compiler.text.error('TYPE_ERROR', problem, place)
  }
  const coerceBoth = plan.isOuter ? compileOuterOperands(plan, compiler, refuse) : undefined
  const openLeft = compileOperand(plan.left, compiler, refuse)
  const openRight = compileOperand(plan.right, compiler, refuse)
  const open = coerceBoth ?? ((frame) => ({ left: () => openLeft(frame), right: () => openRight(frame) }))
  const withColumns = plan.columns === undefined ? open : restrict(open, plan.columns)
  if (plan.isOuter || !compiler.dialect.checksSetOperands) return withColumns
  const isListed = { left: columnsOf(plan.left) !== undefined, right: columnsOf(plan.right) !== undefined }
  return (frame) => {
    const shape = new RowShape(plan.columnCount, refuse)
    const operands = withColumns(frame)
    return {
      left: () => new MappedValues(operands.left(), (row) => shape.check(row, isListed.left)),
      right: () => new MappedValues(operands.right(), (row) => shape.check(row, isListed.right)),
    }
  }
}

/** An operand without OUTER: a query, or an expression that gives a list or a bag. */
function compileOperand(plan: QueryPlan, compiler: Compiler, refuse: Refuse): OpenValues {
  if (plan.kind !== 'expression') return compiler.values(plan)
  const evaluate = compiler.expression(plan.value)
  const { checksSetOperands } = compiler.dialect
  return (frame) => {
    const value = evaluate(frame)
    const items = itemsOf(value)
    if (items === undefined && checksSetOperands) refuse(`A side must be a list or a bag, found ${typeName(value)}.`)
    return new ListedValues(items ?? [value])
  }
}

/** Operands under OUTER. Two that are absent are each a bag of NULL. */
function compileOuterOperands(plan: SetOperationPlan, compiler: Compiler, refuse: Refuse): (frame: Frame) => Operands {
  const isStrict = compiler.dialect.typing === 'strict'
  const openLeft = compileOuterOperand(plan.left, compiler)
  const openRight = compileOuterOperand(plan.right, compiler)
  const valuesOf = (operand: OuterOperand, isOtherAbsent: boolean): (() => ValueCursor) => {
    if (typeof operand === 'function') return operand
    const { value } = operand
    const items = itemsOf(value)
    if (items !== undefined) return () => new ListedValues(items)
    const isEmpty = isAbsent(value) && !isOtherAbsent
    if (isStrict && !isEmpty) refuse(`A side must be a list or a bag, found ${typeName(value)}.`)
    return () => new ListedValues(isEmpty ? [] : [isAbsent(value) ? NULL : value])
  }
  return (frame) => {
    const left = openLeft(frame)
    const right = openRight(frame)
    return { left: valuesOf(left, isAbsentOperand(right)), right: valuesOf(right, isAbsentOperand(left)) }
  }
}

/** Either the rows of a query or the value of an expression. */
type OuterOperand = (() => ValueCursor) | { readonly value: EngineValue }

function isAbsentOperand(operand: OuterOperand): boolean {
  return typeof operand !== 'function' && isAbsent(operand.value)
}

function compileOuterOperand(plan: QueryPlan, compiler: Compiler): (frame: Frame) => OuterOperand {
  if (plan.kind === 'expression') {
    const evaluate = compiler.expression(plan.value)
    return (frame) => ({ value: evaluate(frame) })
  }
  const open = compiler.values(plan)
  return (frame) => () => open(frame)
}

/** CORRESPONDING: rows keep these columns only; as `common` those that some row of either side has. */
function restrict(open: (frame: Frame) => Operands, columns: readonly string[] | 'common'): (frame: Frame) => Operands {
  return (frame) => {
    let operands = open(frame)
    let kept = columns
    if (kept === 'common') {
      const held = frame.budget.open('CORRESPONDING')
      const left = readAll(operands.left(), held)
      const right = readAll(operands.right(), held)
      const rightNames = namesOf(right)
      kept = [...namesOf(left)].filter((name) => rightNames.has(name))
      operands = { left: () => new ListedValues(left), right: () => new ListedValues(right) }
    }
    const keep = keepColumns(kept)
    return {
      left: () => new MappedValues(operands.left(), keep),
      right: () => new MappedValues(operands.right(), keep),
    }
  }
}

function keepColumns(columns: readonly string[]): (row: EngineValue) => EngineValue {
  return (row) => {
    if (!(row instanceof IonStruct)) return row
    const fields = columns.flatMap((name) => {
      const value = row.get(name)
      return value === undefined ? [] : { name, value }
    })
    return new IonStruct(fields)
  }
}

function namesOf(rows: readonly EngineValue[]): Set<string> {
  return new Set(rows.flatMap((row) => (row instanceof IonStruct ? row.fields.map((field) => field.name) : [])))
}

class ChainedValues implements ValueCursor {
  #current: ValueCursor
  #openSecond: (() => ValueCursor) | undefined

  constructor(first: ValueCursor, openSecond: () => ValueCursor) {
    this.#current = first
    this.#openSecond = openSecond
  }

  next(): EngineValue | undefined {
    const value = this.#current.next()
    if (value !== undefined || this.#openSecond === undefined) return value
    this.#current.close()
    this.#current = this.#openSecond()
    this.#openSecond = undefined
    return this.#current.next()
  }

  close(): void {
    this.#openSecond = undefined
    this.#current.close()
  }
}

class CountedValues implements ValueCursor {
  readonly #left: ValueCursor
  readonly #openRight: () => ValueCursor
  readonly #isIntersection: boolean
  readonly #isDistinct: boolean
  readonly #held: HeldMemory
  #counts: Map<unknown, number> | undefined

  constructor(
    left: ValueCursor,
    openRight: () => ValueCursor,
    isIntersection: boolean,
    isDistinct: boolean,
    frame: Frame,
  ) {
    this.#left = left
    this.#openRight = openRight
    this.#isIntersection = isIntersection
    this.#isDistinct = isDistinct
    this.#held = frame.budget.open(isIntersection ? 'INTERSECT' : 'EXCEPT')
  }

  next(): EngineValue | undefined {
    this.#counts ??= this.#countRight()
    for (;;) {
      const value = this.#left.next()
      if (value === undefined) return undefined
      const key = hashKey(value)
      const count = this.#counts.get(key) ?? 0
      if (!this.#isDistinct && count > 0) this.#counts.set(key, count - 1)
      if (count > 0 === this.#isIntersection) return value
    }
  }

  close(): void {
    this.#held.release()
    this.#left.close()
  }

  #countRight(): Map<unknown, number> {
    const counts = new Map<unknown, number>()
    const right = this.#openRight()
    try {
      for (let value = right.next(); value !== undefined; value = right.next()) {
        const key = hashKey(value)
        const count = counts.get(key) ?? 0
        if (count === 0) this.#held.add([value])
        counts.set(key, count + 1)
      }
    } finally {
      right.close()
    }
    return counts
  }
}
