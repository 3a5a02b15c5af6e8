import { decodeDetached, FieldLocator } from '../../ion/index.ts'
import { type PlanExpression, slotsOf } from '../plan/expression.ts'
import type { FieldSlot, SourceSlots, TableScan } from '../plan/table-source.ts'
import { MISSING } from '../value/engine-value.ts'
import { type ByteCondition, byteConditionsOf, DROPS, PASSES } from './byte-condition.ts'
import type { Compiler, OpenRows, RowCursor, Test } from './compiler.ts'
import { FilterCursor } from './filter-cursor.ts'
import type { Frame } from './frame.ts'
import { RevisionRows } from './revision-rows.ts'
import type { DocumentCursor, RevisionCursor } from './transaction-access.ts'

/** The rows of a table that pass `conditions`, see {@link compileFieldRows}. */
export function compileFieldScan(
  scan: TableScan,
  fields: readonly FieldSlot[],
  conditions: readonly PlanExpression[],
  compiler: Compiler,
): OpenRows {
  const { table, slots } = scan
  const open = compileFieldRows(slots, fields, conditions, compiler)
  return (frame) => {
    const { transaction } = frame
    return open(transaction.scanDocuments?.(table), () => transaction.scan(table), frame)
  }
}

/** Rows over documents; where there are none as bytes, over revisions. */
export type OpenFieldRows = (
  documents: DocumentCursor | undefined,
  revisions: () => RevisionCursor,
  frame: Frame,
) => RowCursor

/**
 * The rows that pass `conditions`, taken apart: only the fields that are read are looked for in a document's
 * bytes, conditions on them are tried on the bytes first, and what drops out there is never decoded.
 *
 * A condition that bytes decide may be tried before one that stands in front of it; a row that it drops then causes no
 * error there.
 */
export function compileFieldRows(
  slots: SourceSlots,
  fields: readonly FieldSlot[],
  conditions: readonly PlanExpression[],
  compiler: Compiler,
): OpenFieldRows {
  const read = slotsOfAll(conditions)
  const early = fields.filter((field) => read.has(field.slot))
  const others = fields.filter((field) => !read.has(field.slot))
  const soon = [...early, ...others.filter((field) => field.isLate !== true)]
  const ordered = [...soon, ...others.filter((field) => field.isLate === true)]
  const { onBytes, undecided } = byteConditionsOf(conditions, ordered)
  const readByUndecided = slotsOfAll(undecided)
  const test = compiler.conditions(conditions)
  const all: FieldTest = { test, positions: [...early.keys()] }
  const rest: FieldTest = {
    test: compiler.conditions(undecided),
    positions: all.positions.filter((position) => readByUndecided.has(early[position]!.slot)),
  }
  const layout: FieldLayout = { slots, fields: ordered, earlyCount: early.length, soonCount: soon.length }
  return (documents, revisions, frame) => {
    // Where a name may have several numbers, documents look their fields up by name.
    if (documents === undefined || !documents.symbols.isOneToOne) {
      documents?.close()
      return new FilterCursor(new RevisionRows(revisions(), slots, 'user', frame), test, frame)
    }
    const ready = onBytes.map((condition) => condition.ready(frame))
    const known = ready.filter((condition) => condition !== undefined)
    const left = known.length < ready.length ? all : undecided.length === 0 ? undefined : rest
    return new FieldRows(documents, layout, known, all, left, frame)
  }
}

/** Conditions, compiled, and the positions of the fields they read. */
interface FieldTest {
  readonly test: Test
  readonly positions: readonly number[]
}

/** Where the fields go. Those that conditions read come first, those that may be left for later last. */
interface FieldLayout {
  readonly slots: SourceSlots
  readonly fields: readonly FieldSlot[]
  readonly earlyCount: number
  readonly soonCount: number
}

function slotsOfAll(expressions: readonly PlanExpression[]): Set<number> {
  const slots = new Set<number>()
  for (const expression of expressions) slotsOf(expression, slots)
  return slots
}

class FieldRows implements RowCursor {
  readonly #documents: DocumentCursor
  readonly #locator: FieldLocator
  readonly #fieldSlots: readonly number[]
  readonly #earlyCount: number
  readonly #soonCount: number
  #isComplete = true
  readonly #by: number | undefined
  readonly #at: number | undefined
  readonly #conditions: readonly ByteCondition[]
  readonly #all: FieldTest
  readonly #left: FieldTest | undefined
  readonly #frame: Frame

  /**
   * @param conditions what is tried on the bytes
   * @param all every condition: decides where bytes do not
   * @param left the conditions that bytes never decide; undefined when there are none
   */
  constructor(
    documents: DocumentCursor,
    { slots, fields, earlyCount, soonCount }: FieldLayout,
    conditions: readonly ByteCondition[],
    all: FieldTest,
    left: FieldTest | undefined,
    frame: Frame,
  ) {
    this.#documents = documents
    this.#locator = new FieldLocator(fields.map((field) => field.name))
    this.#fieldSlots = fields.map((field) => field.slot)
    this.#earlyCount = earlyCount
    this.#soonCount = soonCount
    this.#by = slots.by
    this.#at = slots.at
    this.#conditions = conditions
    this.#all = all
    this.#left = left
    this.#frame = frame
  }

  next(): boolean {
    const documents = this.#documents
    const locator = this.#locator
    const frame = this.#frame
    while (documents.next()) {
      frame.countRead()
      const { bytes, start, end, symbols } = documents
      locator.locate(bytes, start, end, symbols, this.#earlyCount)
      if (!this.#passes()) continue
      locator.locateMore(bytes, end, this.#soonCount)
      for (let position = 0; position < this.#soonCount; position++) this.#write(position)
      this.#writePlace()
      this.#isComplete = false
      return true
    }
    return false
  }

  complete(): void {
    if (this.#isComplete) return
    this.#isComplete = true
    const { bytes, end } = this.#documents
    this.#locator.locateMore(bytes, end, this.#fieldSlots.length)
    for (let position = this.#soonCount; position < this.#fieldSlots.length; position++) this.#write(position)
  }

  close(): void {
    this.#documents.close()
  }

  #passes(): boolean {
    const { bytes, end } = this.#documents
    const { starts } = this.#locator
    const conditions = this.#conditions
    for (let index = 0; index < conditions.length; index++) {
      const verdict = conditions[index]!.tryOn(bytes, starts, end)
      if (verdict === PASSES) continue
      return verdict === DROPS ? false : this.#holds(this.#all)
    }
    return this.#left === undefined || this.#holds(this.#left)
  }

  #holds({ test, positions }: FieldTest): boolean {
    for (let index = 0; index < positions.length; index++) this.#write(positions[index]!)
    this.#writePlace()
    return test(this.#frame)
  }

  #writePlace(): void {
    const { slots } = this.#frame
    if (this.#by !== undefined) slots[this.#by] = this.#documents.documentId
    if (this.#at !== undefined) slots[this.#at] = MISSING
  }

  #write(position: number): void {
    const start = this.#locator.starts[position]!
    const { bytes, symbols, end } = this.#documents
    this.#frame.slots[this.#fieldSlots[position]!] = start < 0 ? MISSING : decodeDetached(bytes, symbols, start, end)
  }
}
