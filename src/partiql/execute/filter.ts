import { hasSubquery } from '../plan/expression.ts'
import type { Filter } from '../plan/filter.ts'
import type { Compiler, OpenRows } from './compiler.ts'
import { compileFieldScan } from './field-scan.ts'
import { FilterCursor } from './filter-cursor.ts'
import { compileFilteredRange } from './index-range.ts'

/** Passes the rows for which every condition is true. */
export function compileFilter(filter: Filter, compiler: Compiler): OpenRows {
  const { input, conditions } = filter
  if (input.kind === 'index-range' || (input.kind === 'table-scan' && input.slots.apart !== undefined)) {
    // A nested query reads other documents, and then what a source looks at is gone: it is asked about whole rows.
    const nested = conditions.filter(hasSubquery)
    const simple = conditions.filter((condition) => !nested.includes(condition))
    const open =
      input.kind === 'index-range'
        ? compileFilteredRange(input, simple, compiler)
        : compileFieldScan(input, input.slots.apart ?? [], simple, compiler)
    if (nested.length === 0) return open
    const test = compiler.conditions(nested)
    return (frame) => new FilterCursor(open(frame), test, frame)
  }
  const open = compiler.rows(input)
  const test = compiler.conditions(conditions)
  return (frame) => new FilterCursor(open(frame), test, frame)
}
