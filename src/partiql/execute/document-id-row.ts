import { IonStruct } from '../../ion/index.ts'

/** What DML answers for a document it wrote. */
export function documentIdRow(documentId: string): IonStruct {
  return new IonStruct([{ name: 'documentId', value: documentId }])
}
