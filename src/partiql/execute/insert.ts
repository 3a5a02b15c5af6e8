import { StatementError } from '../../errors.ts'
import { IonList, IonSexp, IonStruct, type IonValue, printText } from '../../ion/index.ts'
import type { InsertPlan } from '../plan/document-change.ts'
import { type EngineValue, MISSING } from '../value/engine-value.ts'
import { storedValue } from '../value/leaving.ts'
import type { Compiler } from './compiler.ts'
import type { Frame } from './frame.ts'

/**
 * Inserts one document, or every element of a list or bag, and answers `{documentId}` for each, in order. All are
 * looked at before the first is written.
 */
export function compileInsert(plan: InsertPlan, compiler: Compiler): (frame: Frame) => readonly IonValue[] {
  const source = compiler.expression(plan.source)
  const { table } = plan
  return (frame) => {
    const value = source(frame)
    const documents = (value instanceof IonList ? value.items : [value]).map(requireDocument)
    return documents.map((document) => documentIdRow(frame.transaction.insert(table, document)))
  }
}

/** What DML answers for a document it wrote. */
export function documentIdRow(documentId: string): IonStruct {
  return new IonStruct([{ name: 'documentId', value: documentId }])
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
