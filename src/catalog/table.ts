import { assert } from '../errors.ts'
import { IonList, IonStruct, type IonValue } from '../ion/index.ts'

/** `BUILDING` is only ever seen inside the transaction that creates the index; commit makes it `ONLINE`. */
export type IndexStatus = 'BUILDING' | 'ONLINE'

/** An index for equality over one top-level field of one table. */
export interface Index {
  /** 22 base62 characters. */
  readonly id: string
  /** The indexed field, case-sensitive. */
  readonly field: string
  /** No two documents may have one value of the field; NULL and MISSING are no values. Checked by transactions alone. */
  readonly isUnique: boolean
  readonly status: IndexStatus
  /** Position in the order of creation over the whole ledger, from 0: what the storage keys use. */
  readonly number: number
}

/** `INACTIVE` is a dropped table: its documents and history are kept, its name is free. */
export type TableStatus = 'ACTIVE' | 'INACTIVE'

/** One table as the catalog knows it. Immutable: every DDL statement makes a new one with the next `version`. */
export interface Table {
  /** 22 base62 characters; also the document id of the table's own catalog document. */
  readonly id: string
  readonly name: string
  readonly status: TableStatus
  readonly indexes: readonly Index[]
  /** Version of the catalog document, from 0. */
  readonly version: number
  /** Position in the order of creation, from 0: what the storage keys use. */
  readonly number: number
}

/**
 * The catalog document of a table: what DDL writes into the journal and what a row of
 * `information_schema.user_tables` shows (QLDB guide, "Querying the system catalog").
 *
 * @returns `{tableId, name, indexes: [{indexId, expr: "[field]", status}], status}`; a unique index has `unique: true` too
 */
export function tableToIon(table: Table): IonStruct {
  const indexes: IonValue[] = table.indexes.map(
    (index) =>
      new IonStruct([
        { name: 'indexId', value: index.id },
        { name: 'expr', value: `[${index.field}]` },
        { name: 'status', value: index.status },
        ...(index.isUnique ? [{ name: 'unique', value: true }] : []),
      ]),
  )
  return new IonStruct([
    { name: 'tableId', value: table.id },
    { name: 'name', value: table.name },
    { name: 'indexes', value: new IonList(indexes) },
    { name: 'status', value: table.status },
  ])
}

/**
 * Reads a catalog document back. Numbers are positions in the order of creation, which only the catalog as a whole
 * knows, so the caller gives them.
 *
 * @param indexNumber the number of an index id, known or new
 */
export function tableFromIon(
  document: IonStruct,
  version: number,
  number: number,
  indexNumber: (indexId: string, position: number) => number,
): Table {
  const id = document.get('tableId')
  const name = document.get('name')
  const status = document.get('status')
  const indexes = document.get('indexes')
  assert(
    typeof id === 'string' && typeof name === 'string' && indexes instanceof IonList,
    'a catalog document has tableId, name and indexes',
  )
  assert(status === 'ACTIVE' || status === 'INACTIVE', 'a catalog document is ACTIVE or INACTIVE')
  return {
    id,
    name,
    status,
    version,
    number,
    indexes: indexes.items.map((item, position) => {
      assert(item instanceof IonStruct, 'an index of a catalog document is a struct')
      const indexId = item.get('indexId')
      const expr = item.get('expr')
      assert(typeof indexId === 'string' && typeof expr === 'string', 'an index has indexId and expr')
      return {
        id: indexId,
        field: expr.slice(1, -1),
        isUnique: item.get('unique') === true,
        status: 'ONLINE',
        number: indexNumber(indexId, position),
      }
    }),
  }
}
