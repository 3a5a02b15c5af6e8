import type { PlanExpression } from '../plan/expression.ts'
import type { DocumentLookup, IndexSeek, TableScan } from '../plan/table-source.ts'
import type { EngineValue } from '../value/engine-value.ts'
import { isAbsent, itemsOf, textOf } from '../value/family.ts'
import { hashKey } from '../value/hash-key.ts'
import type { Compiler, Evaluate, OpenRows, RowCursor } from './compiler.ts'
import { compileFieldScan } from './field-scan.ts'
import type { Frame } from './frame.ts'
import { NO_ROWS } from './once.ts'
import { RevisionRows, writeRow } from './revision-rows.ts'
import { isStorable } from './storable.ts'

/** Every current document of a table, in storage order. */
export function compileTableScan(scan: TableScan, compiler: Compiler): OpenRows {
  const { table, slots, view } = scan
  if (slots.apart !== undefined) return compileFieldScan(scan, slots.apart, [], compiler)
  return (frame) => new RevisionRows(frame.transaction.scan(table), slots, view, frame)
}

/** The documents of given ids. Cost: one `get` each. */
export function compileDocumentLookup(lookup: DocumentLookup, compiler: Compiler): OpenRows {
  const { table, slots, view } = lookup
  const ids = compileKeys(lookup.ids, lookup.isCollection, compiler)
  return (frame) => {
    const wanted = ids(frame)
    let position = 0
    return {
      next: () => {
        while (position < wanted.length) {
          const id = textOf(wanted[position++]!)
          const revision = id === undefined ? undefined : frame.transaction.get(table, id)
          if (revision?.data !== undefined) {
            writeRow(revision, slots, view, frame)
            return true
          }
        }
        return false
      },
      close: () => {
        position = wanted.length
      },
    }
  }
}

/** The documents that an index has under given keys. Cost: one `seek` each. */
export function compileIndexSeek(seek: IndexSeek, compiler: Compiler): OpenRows {
  const { table, index, slots, view } = seek
  const [only] = seek.keys
  if (only !== undefined && seek.keys.length === 1 && !seek.isCollection) {
    const evaluate = compiler.expression(only)
    return (frame) => {
      const key = evaluate(frame)
      if (isAbsent(key)) return NO_ROWS
      const { transaction } = frame
      const found = isStorable(key) ? transaction.seek(table, index, key) : transaction.scan(table)
      return new RevisionRows(found, slots, view, frame)
    }
  }
  const keys = compileKeys(seek.keys, seek.isCollection, compiler)
  return (frame) => {
    const wanted = keys(frame)
    if (!wanted.every(isStorable)) return new RevisionRows(frame.transaction.scan(table), slots, view, frame)
    let position = 0
    let current: RowCursor = NO_ROWS
    return {
      next: () => {
        for (;;) {
          if (current.next()) return true
          current.close()
          if (position === wanted.length) return false
          const key = wanted[position++]!
          current = new RevisionRows(frame.transaction.seek(table, index, key), slots, view, frame)
        }
      },
      close: () => {
        position = wanted.length
        current.close()
        current = NO_ROWS
      },
    }
  }
}

/** The keys to look up: present values only, equal ones once. */
export function compileKeys(
  keys: readonly PlanExpression[],
  isCollection: boolean,
  compiler: Compiler,
): (frame: Frame) => readonly EngineValue[] {
  const evaluates: readonly Evaluate[] = keys.map((key) => compiler.expression(key))
  return (frame) => {
    const values = evaluates.flatMap((evaluate) => {
      const value = evaluate(frame)
      return isCollection ? (itemsOf(value) ?? []) : [value]
    })
    const distinct: EngineValue[] = []
    const seen = new Set<unknown>()
    for (const value of values) {
      if (isAbsent(value)) continue
      const key = hashKey(value)
      if (seen.has(key)) continue
      seen.add(key)
      distinct.push(value)
    }
    return distinct
  }
}
