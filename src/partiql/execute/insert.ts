import { StatementError } from '../../errors.ts'
import { type IonField, IonList, IonSexp, IonStruct, type IonValue, printText } from '../../ion/index.ts'
import type { InsertConflict, InsertPlan } from '../plan/document-change.ts'
import { type EngineValue, MISSING } from '../value/engine-value.ts'
import { storedValue } from '../value/leaving.ts'
import { compileEdit } from './change.ts'
import type { Compiler } from './compiler.ts'
import { editDocument } from './document-edit.ts'
import { documentIdRow } from './document-id-row.ts'
import type { Frame } from './frame.ts'
import { compileReturning } from './returning.ts'
import type { RevisionAccess } from './transaction-access.ts'

/**
 * Inserts one document, or every element of a list or bag, and answers `{documentId}` for each that was inserted or
 * changed, in order, or what RETURNING asks for. All are looked at before the first is written.
 */
export function compileInsert(plan: InsertPlan, compiler: Compiler): (frame: Frame) => readonly IonValue[] {
  const source = plan.source && compiler.expression(plan.source)
  const { table, columns } = plan
  const answer = plan.returning && compileReturning(plan.returning, compiler)
  const resolve = plan.conflict && compileConflict(plan, plan.conflict, compiler)
  return (frame) => {
    const value = source === undefined ? EMPTY : source(frame)
    const rows = value instanceof IonList ? value.items : [value]
    const documents =
      columns === undefined || source === undefined
        ? rows.map(requireDocument)
        : rows.map((row) => documentOf(columns, row))
    const results: IonValue[] = []
    const touched = new Set<string>()
    const add = (documentId: string, before: IonStruct | undefined, after: IonStruct): void => {
      touched.add(documentId)
      const row = answer === undefined ? documentIdRow(documentId) : answer(before, after, frame)
      if (row !== undefined) results.push(row)
    }
    for (const document of documents) {
      const other = resolve?.find(document, frame)
      if (other === undefined) {
        add(frame.transaction.insert(table, document), undefined, document)
        continue
      }
      const after = resolve!.change(other, document, frame, touched)
      if (after === undefined) continue
      frame.transaction.update(table, other.documentId, after)
      add(other.documentId, other.data, after)
    }
    return results
  }
}

interface ConflictResolution {
  /** The document that has a value of a unique index which this one brings; undefined when there is none. */
  find(document: IonStruct, frame: Frame): RevisionAccess | undefined
  /** What becomes of it; undefined when it stays as it is. */
  change(other: RevisionAccess, document: IonStruct, frame: Frame, touched: ReadonlySet<string>): IonStruct | undefined
}

function compileConflict(plan: InsertPlan, conflict: InsertConflict, compiler: Compiler): ConflictResolution {
  const { table, documentSlot } = plan
  const { indexes, action, excludedSlot } = conflict
  const where = conflict.where && compiler.condition(conflict.where)
  const value = conflict.value && compiler.expression(conflict.value)
  const edits = conflict.changes.map((change) => compileEdit(change, compiler))
  return {
    find: (document, frame) => {
      for (const index of indexes) {
        const field = document.get(index.field)
        const owner = field === undefined ? undefined : frame.transaction.findUnique?.(table, index, field)
        if (owner !== undefined) return owner
      }
      return undefined
    },
    change: (other, document, frame, touched) => {
      if (action === 'nothing') return undefined
      if (touched.has(other.documentId)) {
        throw new StatementError(
          'EVALUATION_ERROR',
          `Document ${other.documentId} would be written twice by one statement: two of the documents have the same unique value.`,
        )
      }
      const before = other.data!
      frame.slots[documentSlot] = before
      frame.slots[excludedSlot] = document
      if (where !== undefined && !where(frame)) return undefined
      switch (action) {
        case 'merge':
          return merged(before, document)
        case 'replace':
          return value === undefined ? document : requireDocument(value(frame))
        case 'change':
          return editDocument(
            before,
            edits.map((edit) => edit(frame)),
          )
      }
    },
  }
}

/** The document with the fields of another one, which replace its own of the same name or come behind. */
function merged(document: IonStruct, other: IonStruct): IonStruct {
  const names = new Set(document.fields.map((field) => field.name))
  return new IonStruct([
    ...document.fields.map((field): IonField => ({ name: field.name, value: other.get(field.name) ?? field.value })),
    ...other.fields.filter((field) => !names.has(field.name)),
  ])
}

const EMPTY: IonStruct = new IonStruct([])

/** A row of values under the names of a column list; MISSING leaves its field out. */
function documentOf(columns: readonly string[], row: EngineValue): IonStruct {
  if (!(row instanceof IonList)) {
    throw new StatementError(
      'NOT_A_DOCUMENT',
      'With a list of columns come rows of values: INSERT INTO T (a, b) VALUES (1, 2). Documents bring their own names; leave the columns out.',
    )
  }
  const values = row.items as readonly EngineValue[]
  if (values.length !== columns.length) {
    throw new StatementError(
      'NOT_A_DOCUMENT',
      `A row has ${values.length} value${values.length === 1 ? '' : 's'} for ${columns.length} column${columns.length === 1 ? '' : 's'}.`,
    )
  }
  const fields: IonField[] = []
  for (const [index, name] of columns.entries()) {
    const value = values[index]!
    if (value !== MISSING) fields.push({ name, value: storedValue(value) as IonValue })
  }
  return new IonStruct(fields)
}

function requireDocument(value: EngineValue): IonStruct {
  if (value instanceof IonStruct) return storedValue(value) as IonStruct
  const kind =
    value === MISSING
      ? 'MISSING'
      : value instanceof IonSexp
        ? 'an s-expression'
        : printText(value as IonValue).slice(0, 80)
  throw new StatementError(
    'NOT_A_DOCUMENT',
    `Only structs can be stored as documents, such as {'field': value}; got ${kind}. Annotations belong inside the document.`,
  )
}
