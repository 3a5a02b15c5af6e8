import { StatementError } from '../../errors.ts'
import type { IonStruct, IonValue } from '../../ion/index.ts'
import type { ChangePlan, ChangeStep, DocumentChange } from '../plan/document-change.ts'
import { MISSING } from '../value/engine-value.ts'
import { bare, textOf } from '../value/family.ts'
import { storedValue } from '../value/leaving.ts'
import type { Compiler, Evaluate } from './compiler.ts'
import { type DocumentEdit, editDocument, type PathPart } from './document-edit.ts'
import { documentIdRow } from './document-id-row.ts'
import type { Frame } from './frame.ts'
import { compileReturning } from './returning.ts'

/**
 * UPDATE, DELETE and FROM-first DML. Answers one row `{documentId}` per changed document and assignment.
 *
 * First every row is read and every value computed, then documents are changed: a statement never sees its own
 * changes, however its rows are found. A document that several rows matched is written once.
 */
export function compileChange(plan: ChangePlan, compiler: Compiler): (frame: Frame) => readonly IonValue[] {
  const open = compiler.rows(plan.input)
  const changes = plan.changes.map((change) => compileEdit(change, compiler))
  const { table, documentSlot, idSlot, rowsPerDocument } = plan
  const answer = plan.returning && compileReturning(plan.returning, compiler)
  return (frame) => {
    const matched = new Map<string, { document: IonStruct; edits: DocumentEdit[] }>()
    const rows = open(frame)
    try {
      while (rows.next()) {
        const id = frame.slots[idSlot] as string
        let match = matched.get(id)
        if (match === undefined) {
          match = { document: frame.slots[documentSlot] as IonStruct, edits: [] }
          matched.set(id, match)
        }
        for (const change of changes) match.edits.push(change(frame))
      }
    } finally {
      rows.close()
    }
    const changed = [...matched].map(([id, { document, edits }]) => ({
      id,
      before: document,
      after: editDocument(document, edits),
    }))
    const results: IonValue[] = []
    for (const { id, before, after } of changed) {
      if (after === undefined) frame.transaction.delete(table, id)
      else frame.transaction.update(table, id, after)
      if (answer !== undefined) {
        const returned = answer(before, after, frame)
        if (returned !== undefined) results.push(returned)
        continue
      }
      const row = documentIdRow(id)
      for (let count = 0; count < rowsPerDocument; count++) results.push(row)
    }
    return results
  }
}

/** A change with everything computed for the row that stands. */
export function compileEdit(change: DocumentChange, compiler: Compiler): (frame: Frame) => DocumentEdit {
  const path = compilePath(change.steps, compiler)
  switch (change.kind) {
    case 'set': {
      const value = compiler.expression(change.value)
      const isComputed = COMPUTED.has(change.value.kind)
      return (frame) => {
        const assigned = value(frame)
        if (assigned !== MISSING) return { kind: 'set', path: path(frame), value: storedValue(assigned) }
        if (isComputed) throw failedComputation(path(frame))
        return { kind: 'set', path: path(frame), value: undefined }
      }
    }
    case 'insert': {
      const value = compiler.expression(change.value)
      const at = change.at && compiler.expression(change.at)
      return (frame) => ({
        kind: 'insert',
        path: path(frame),
        value: storedValue(value(frame)),
        at: at && placeOf(at, frame),
      })
    }
    case 'remove':
      return (frame) => ({ kind: 'remove', path: path(frame) })
  }
}

/**
 * What computes, so that MISSING means a wrong type or an absent operand. Assigning that would take the field away
 * without a word; `SET a = MISSING` and `SET a = b` where there is no b say what they want.
 */
const COMPUTED: ReadonlySet<string> = new Set(['unary', 'binary', 'logical', 'between', 'like', 'in', 'subquery'])

function failedComputation(path: readonly PathPart[]): StatementError {
  return new StatementError(
    'TYPE_ERROR',
    `The value for SET ${path.join('.')} cannot be computed: an operand is MISSING or of a type the operator cannot use. To take the field away, write REMOVE.`,
  )
}

function compilePath(steps: readonly ChangeStep[], compiler: Compiler): (frame: Frame) => PathPart[] {
  const parts = steps.map((step) => compileStep(step, compiler))
  return (frame) => parts.map((part) => part(frame)).filter((part) => part !== undefined)
}

/** undefined where a nested source is no list, so that its one row is the value itself. */
function compileStep(step: ChangeStep, compiler: Compiler): (frame: Frame) => PathPart | undefined {
  switch (step.kind) {
    case 'field':
      return () => step.name
    case 'index': {
      const index = compiler.expression(step.index)
      return (frame) => placeOf(index, frame)
    }
    case 'position':
      return (frame) => {
        const position = frame.slots[step.slot]
        return typeof position === 'number' ? position : undefined
      }
  }
}

/** A place in a list or the name of a field. */
function placeOf(evaluate: Evaluate, frame: Frame): PathPart {
  const value = bare(evaluate(frame))
  const place = typeof value === 'number' ? value : textOf(value)
  if (place === undefined) {
    throw new StatementError('TYPE_ERROR', 'A place in a list is an int from 0, a place in a struct a text.')
  }
  return place
}
