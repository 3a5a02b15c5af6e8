import { IonList, IonStruct } from '../../ion/index.ts'
import type { TableDefinition } from '../plan/catalog-access.ts'
import type { UserTablesScan } from '../plan/table-source.ts'
import { MISSING } from '../value/engine-value.ts'
import type { OpenRows } from './compiler.ts'

/**
 * `information_schema.user_tables`: `{tableId, name, indexes: [{indexId, expr: "[field]", status}], status}`, dropped
 * tables as `INACTIVE`. QLDB guide, "Querying the system catalog". A unique index has `unique: true` as well.
 */
export function compileUserTablesScan(scan: UserTablesScan): OpenRows {
  const { slots } = scan
  return (frame) => {
    frame.transaction.readCatalog?.()
    const tables = frame.transaction.catalog.tables()
    let position = 0
    return {
      next: () => {
        const table = tables[position++]
        if (table === undefined) return false
        frame.countRead()
        frame.slots[slots.row] = userTable(table)
        if (slots.by !== undefined) frame.slots[slots.by] = table.id
        if (slots.at !== undefined) frame.slots[slots.at] = MISSING
        return true
      },
      close: () => {
        position = tables.length
      },
    }
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
