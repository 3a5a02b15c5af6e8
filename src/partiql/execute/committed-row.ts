import { IonBlob, type IonField, IonStruct, NULL, Timestamp } from '../../ion/index.ts'
import type { Frame } from './frame.ts'
import type { RevisionAccess } from './transaction-access.ts'

/**
 * A revision as the committed view and `history` show it: `{blockAddress, hash, data, metadata: {id, version, txTime,
 * txId}}`. A delete revision has no `data`, a redacted one `dataHash` in its place. What the own transaction has
 * written has no block and no hash yet: both are null. QLDB guide, "Querying revision history".
 */
export function committedRow(revision: RevisionAccess, frame: Frame): IonStruct {
  const isCommitted = revision.sequenceNo >= 0
  const fields: IonField[] = [
    {
      name: 'blockAddress',
      value: isCommitted
        ? new IonStruct([
            { name: 'strandId', value: frame.transaction.strandId },
            { name: 'sequenceNo', value: revision.sequenceNo },
          ])
        : NULL,
    },
    { name: 'hash', value: isCommitted && revision.hash !== undefined ? new IonBlob(revision.hash) : NULL },
  ]
  if (revision.data !== undefined) fields.push({ name: 'data', value: revision.data })
  else if (revision.dataHash !== undefined) fields.push({ name: 'dataHash', value: new IonBlob(revision.dataHash) })
  fields.push({
    name: 'metadata',
    value: new IonStruct([
      { name: 'id', value: revision.documentId },
      { name: 'version', value: revision.version },
      { name: 'txTime', value: Timestamp.fromMillis(revision.txTime) },
      { name: 'txId', value: revision.txId },
    ]),
  })
  return new IonStruct(fields)
}
