import { IonList, IonStruct } from '../../ion/index.ts'
import type { TableDefinition } from '../plan/catalog-access.ts'
import type { SourceSlots, UserTablesScan } from '../plan/table-source.ts'
import { MISSING } from '../value/engine-value.ts'
import type { OpenRows, RowCursor } from './compiler.ts'
import type { Frame } from './frame.ts'

/**
 * `information_schema.user_tables`: `{tableId, name, indexes: [{indexId, expr: "[field]", status}], status}`, dropped
 * tables as `INACTIVE`. QLDB guide, "Querying the system catalog". A unique index has `unique: true` as well.
 */
export function compileUserTablesScan(scan: UserTablesScan): OpenRows {
  const { slots } = scan
  return (frame) => {
    frame.transaction.readCatalog?.()
    return new UserTableRows(frame.transaction.catalog.tables(), slots, frame)
  }
}

/** The rows of a list of tables. */
export class UserTableRows implements RowCursor {
  readonly #tables: readonly TableDefinition[]
  readonly #slots: SourceSlots
  readonly #frame: Frame
  #position = 0

  constructor(tables: readonly TableDefinition[], slots: SourceSlots, frame: Frame) {
    this.#tables = tables
    this.#slots = slots
    this.#frame = frame
  }

  next(): boolean {
    const table = this.#tables[this.#position++]
    if (table === undefined) return false
    const { slots } = this.#frame
    this.#frame.countRead()
    slots[this.#slots.row] = userTable(table)
    if (this.#slots.by !== undefined) slots[this.#slots.by] = table.id
    if (this.#slots.at !== undefined) slots[this.#slots.at] = MISSING
    return true
  }

  close(): void {
    this.#position = this.#tables.length
  }
}

function userTable(table: TableDefinition): IonStruct {
  const indexes = table.indexes.map(
    ({ id, field, isUnique, status }) =>
      new IonStruct([
        { name: 'indexId', value: id },
        { name: 'expr', value: `[${field}]` },
        { name: 'status', value: status },
        ...(isUnique ? [{ name: 'unique', value: true }] : []),
      ]),
  )
  return new IonStruct([
    { name: 'tableId', value: table.id },
    { name: 'name', value: table.name },
    { name: 'indexes', value: new IonList(indexes) },
    { name: 'status', value: table.status },
  ])
}
