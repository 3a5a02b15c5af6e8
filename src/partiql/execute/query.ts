import type { QueryPlan, SelectPlan } from '../plan/query.ts'
import type { EngineValue } from '../value/engine-value.ts'
import { itemsOf } from '../value/family.ts'
import type { Compiler, Evaluate, OpenValues, RowCursor, ValueCursor } from './compiler.ts'
import type { Frame } from './frame.ts'
import { permissivePivot, strictPivot } from './pivot.ts'
import { compileRowCount } from './row-count.ts'
import { compileSetOperation } from './set-operation.ts'
import { DistinctValues, LimitedRows, LimitedValues, ListedValues } from './value-cursors.ts'

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
    if (isDistinct) values = new DistinctValues(values, frame)
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
