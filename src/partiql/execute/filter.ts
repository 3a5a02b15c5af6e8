import type { Filter } from '../plan/filter.ts'
import type { Compiler, OpenRows } from './compiler.ts'
import { compileFieldScan } from './field-scan.ts'
import { FilterCursor } from './filter-cursor.ts'
import { compileFilteredRange } from './index-range.ts'

/** Passes the rows for which every condition is true. */
export function compileFilter(filter: Filter, compiler: Compiler): OpenRows {
  const { input, conditions } = filter
  if (input.kind === 'table-scan' && input.slots.apart !== undefined) {
    return compileFieldScan(input, input.slots.apart, conditions, compiler)
  }
  if (input.kind === 'index-range' && !input.isOrdered) return compileFilteredRange(filter, input, compiler)
  const open = compiler.rows(input)
  const test = compiler.conditions(conditions)
  return (frame) => new FilterCursor(open(frame), test, frame)
}
