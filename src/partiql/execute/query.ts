import type { QueryPlan, SelectPlan, SetOperationPlan } from '../plan/query.ts'
import { itemsOf } from '../value/compare.ts'
import type { EngineValue } from '../value/engine-value.ts'
import { hashKey } from '../value/hash-key.ts'
import type { Compiler, Evaluate, OpenValues, RowCursor, ValueCursor } from './compiler.ts'
import type { Frame } from './frame.ts'
import { permissivePivot, strictPivot } from './pivot.ts'
import { compileRowCount } from './row-count.ts'

/** The values of a query, computed as they are asked for. */
export function compileQuery(query: QueryPlan, compiler: Compiler): OpenValues {
  switch (query.kind) {
    case 'select':
      return compileSelect(query, compiler)
    case 'set-operation':
      return compileSetOperation(query, compiler)
    case 'expression': {
      const evaluate = compiler.expression(query.value)
      return (frame) => {
        const value = evaluate(frame)
        return new ListedValues(itemsOf(value) ?? [value])
      }
    }
  }
}

function compileSelect(select: SelectPlan, compiler: Compiler): OpenValues {
  const open = compiler.rows(select.input)
  const output = compiler.expression(select.output)
  const rowCount = compileRowCount(compiler)
  const limit = select.limit && rowCount(select.limit, Number.POSITIVE_INFINITY)
  const offset = select.offset && rowCount(select.offset, 0)
  if (select.pivotName !== undefined) {
    const name = compiler.expression(select.pivotName)
    const pivot = compiler.dialect.typing === 'strict' ? strictPivot : permissivePivot
    return (frame) => {
      const rows = new LimitedRows(open(frame), offset?.(frame) ?? 0, limit?.(frame) ?? Number.POSITIVE_INFINITY)
      return new ListedValues([pivot(rows, output, name, frame)])
    }
  }
  const { isDistinct } = select
  return (frame) => {
    const skip = offset === undefined ? 0 : offset(frame)
    const count = limit === undefined ? Number.POSITIVE_INFINITY : limit(frame)
    let values: ValueCursor = new ProjectedValues(open(frame), output, frame)
    if (isDistinct) values = new DistinctValues(values)
    return limit === undefined && offset === undefined ? values : new LimitedValues(values, skip, count)
  }
}

class ProjectedValues implements ValueCursor {
  readonly #rows: RowCursor
  readonly #output: Evaluate
  readonly #frame: Frame

  constructor(rows: RowCursor, output: Evaluate, frame: Frame) {
    this.#rows = rows
    this.#output = output
    this.#frame = frame
  }

  next(): EngineValue | undefined {
    return this.#rows.next() ? this.#output(this.#frame) : undefined
  }

  close(): void {
    this.#rows.close()
  }
}

/** Values that are all there already. */
class ListedValues implements ValueCursor {
  readonly #values: readonly EngineValue[]
  #position = 0

  constructor(values: readonly EngineValue[]) {
    this.#values = values
  }

  next(): EngineValue | undefined {
    return this.#values[this.#position++]
  }

  close(): void {
    this.#position = this.#values.length
  }
}

/** Each value once, by PartiQL's grouping equality. Memory: a key per distinct value. */
class DistinctValues implements ValueCursor {
  readonly #values: ValueCursor
  readonly #seen: Set<unknown> = new Set()

  constructor(values: ValueCursor) {
    this.#values = values
  }

  next(): EngineValue | undefined {
    for (;;) {
      const value = this.#values.next()
      if (value === undefined) return undefined
      const key = hashKey(value)
      if (this.#seen.has(key)) continue
      this.#seen.add(key)
      return value
    }
  }

  close(): void {
    this.#values.close()
  }
}

/** Leaves out the first `skip` values and stops, and closes its input, after `count` more. */
class LimitedValues implements ValueCursor {
  readonly #values: ValueCursor
  #skip: number
  #left: number

  constructor(values: ValueCursor, skip: number, count: number) {
    this.#values = values
    this.#skip = skip
    this.#left = count
  }

  next(): EngineValue | undefined {
    if (this.#left <= 0) {
      this.#values.close()
      return undefined
    }
    for (; this.#skip > 0; this.#skip--) if (this.#values.next() === undefined) return undefined
    this.#left--
    return this.#values.next()
  }

  close(): void {
    this.#values.close()
  }
}

/** As {@link LimitedValues}, over rows. */
class LimitedRows implements RowCursor {
  readonly #rows: RowCursor
  #skip: number
  #left: number

  constructor(rows: RowCursor, skip: number, count: number) {
    this.#rows = rows
    this.#skip = skip
    this.#left = count
  }

  next(): boolean {
    for (; this.#skip > 0; this.#skip--) if (!this.#rows.next()) return false
    return this.#left-- > 0 && this.#rows.next()
  }

  close(): void {
    this.#rows.close()
  }
}

/** UNION streams; INTERSECT and EXCEPT first count the right side. ALL adds, takes the minimum of, or subtracts counts. */
function compileSetOperation(plan: SetOperationPlan, compiler: Compiler): OpenValues {
  const openLeft = compiler.values(plan.left)
  const openRight = compiler.values(plan.right)
  const { operator, isDistinct } = plan
  return (frame) => {
    const values =
      operator === 'union'
        ? new ChainedValues(openLeft(frame), () => openRight(frame))
        : new CountedValues(openLeft(frame), () => openRight(frame), operator === 'intersect', isDistinct)
    return isDistinct ? new DistinctValues(values) : values
  }
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
  #counts: Map<unknown, number> | undefined

  constructor(left: ValueCursor, openRight: () => ValueCursor, isIntersection: boolean, isDistinct: boolean) {
    this.#left = left
    this.#openRight = openRight
    this.#isIntersection = isIntersection
    this.#isDistinct = isDistinct
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
    this.#left.close()
  }

  #countRight(): Map<unknown, number> {
    const counts = new Map<unknown, number>()
    const right = this.#openRight()
    try {
      for (let value = right.next(); value !== undefined; value = right.next()) {
        const key = hashKey(value)
        counts.set(key, (counts.get(key) ?? 0) + 1)
      }
    } finally {
      right.close()
    }
    return counts
  }
}
