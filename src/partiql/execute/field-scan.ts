import { decodeDetached, FieldLocator } from '../../ion/index.ts'
import { type PlanExpression, slotsOf } from '../plan/expression.ts'
import type { FieldSlot, TableScan } from '../plan/table-source.ts'
import { MISSING } from '../value/engine-value.ts'
import { type ByteCondition, byteConditionsOf, DROPS, PASSES } from './byte-condition.ts'
import type { Compiler, OpenRows, RowCursor, Test } from './compiler.ts'
import { FilterCursor } from './filter-cursor.ts'
import type { Frame } from './frame.ts'
import { RevisionRows } from './revision-rows.ts'
import type { DocumentCursor } from './transaction-access.ts'

/**
 * The rows of a table that pass `conditions`, taken apart: only the fields that are read are looked for in a document's
 * bytes, conditions on them are tried on the bytes first, and what drops out there is never decoded.
 *
 * A condition that bytes decide may be tried before one that stands in front of it; a row that it drops then causes no
 * error there.
 */
export function compileFieldScan(
  scan: TableScan,
  fields: readonly FieldSlot[],
  conditions: readonly PlanExpression[],
  compiler: Compiler,
): OpenRows {
  const { table, slots } = scan
  const test = compiler.conditions(conditions)
  const { onBytes, others } = byteConditionsOf(conditions, fields)
  const tests: FieldTests = {
    all: test,
    others: others.length === 0 ? undefined : compiler.conditions(others),
    earlyForAll: readBy(conditions, fields),
    earlyForOthers: readBy(others, fields),
  }
  const names = fields.map((field) => field.name)
  const fieldSlots = fields.map((field) => field.slot)
  return (frame) => {
    const documents = frame.transaction.scanDocuments?.(table)
    // Where a name may have several numbers, documents look their fields up by name.
    if (documents === undefined || !documents.symbols.isOneToOne) {
      documents?.close()
      return new FilterCursor(new RevisionRows(frame.transaction.scan(table), slots, 'user', frame), test, frame)
    }
    const ready = onBytes.map((condition) => condition.ready(frame))
    const known = ready.filter((condition) => condition !== undefined)
    return new FieldScanRows(
      documents,
      names,
      fieldSlots,
      slots.by,
      slots.at,
      known,
      {
        ...tests,
        others: known.length < ready.length ? test : tests.others,
        earlyForOthers: known.length < ready.length ? tests.earlyForAll : tests.earlyForOthers,
      },
      frame,
    )
  }
}

interface FieldTests {
  /** Every condition. */
  readonly all: Test
  /** Those that bytes do not decide; undefined when there are none. */
  readonly others: Test | undefined
  /** Positions of the fields that `all` reads, and of those that `others` reads. */
  readonly earlyForAll: readonly number[]
  readonly earlyForOthers: readonly number[]
}

/** The positions of the fields that expressions read. */
function readBy(expressions: readonly PlanExpression[], fields: readonly FieldSlot[]): number[] {
  const read = new Set<number>()
  for (const expression of expressions) slotsOf(expression, read)
  return fields.flatMap((field, position) => (read.has(field.slot) ? [position] : []))
}

class FieldScanRows implements RowCursor {
  readonly #documents: DocumentCursor
  readonly #locator: FieldLocator
  readonly #fieldSlots: readonly number[]
  readonly #by: number | undefined
  readonly #at: number | undefined
  readonly #conditions: readonly ByteCondition[]
  readonly #tests: FieldTests
  readonly #frame: Frame

  constructor(
    documents: DocumentCursor,
    names: readonly string[],
    fieldSlots: readonly number[],
    by: number | undefined,
    at: number | undefined,
    conditions: readonly ByteCondition[],
    tests: FieldTests,
    frame: Frame,
  ) {
    this.#documents = documents
    this.#locator = new FieldLocator(names)
    this.#fieldSlots = fieldSlots
    this.#by = by
    this.#at = at
    this.#conditions = conditions
    this.#tests = tests
    this.#frame = frame
  }

  next(): boolean {
    const documents = this.#documents
    const locator = this.#locator
    const frame = this.#frame
    while (documents.next()) {
      frame.readCount++
      locator.locate(documents.bytes, documents.start, documents.end, documents.symbols)
      if (!this.#passes()) continue
      for (let position = 0; position < this.#fieldSlots.length; position++) this.#write(position)
      if (this.#by !== undefined) frame.slots[this.#by] = documents.documentId
      if (this.#at !== undefined) frame.slots[this.#at] = MISSING
      return true
    }
    return false
  }

  close(): void {
    this.#documents.close()
  }

  #passes(): boolean {
    const { bytes, end } = this.#documents
    const { starts } = this.#locator
    const tests = this.#tests
    for (const condition of this.#conditions) {
      const verdict = condition.tryOn(bytes, starts, end)
      if (verdict === PASSES) continue
      if (verdict === DROPS) return false
      return this.#holds(tests.all, tests.earlyForAll)
    }
    return tests.others === undefined || this.#holds(tests.others, tests.earlyForOthers)
  }

  #holds(test: Test, early: readonly number[]): boolean {
    for (let index = 0; index < early.length; index++) this.#write(early[index]!)
    return test(this.#frame)
  }

  #write(position: number): void {
    const start = this.#locator.starts[position]!
    const { bytes, symbols, end } = this.#documents
    this.#frame.slots[this.#fieldSlots[position]!] = start < 0 ? MISSING : decodeDetached(bytes, symbols, start, end)
  }
}
