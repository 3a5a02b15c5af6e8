import { IonStruct, type IonValue } from '../../ion/index.ts'
import type { DefinitionPlan } from '../plan/definition.ts'
import type { Frame } from './frame.ts'
import type { TransactionAccess } from './transaction-access.ts'

/**
 * Runs a statement that changes the catalog and answers `{tableId}`. What cannot be defined, the transaction refuses.
 *
 * @throws {StatementError} TABLE_EXISTS, INDEX_EXISTS, UNIQUE_VIOLATION
 * @throws {NotFoundError} TABLE_NOT_FOUND, INDEX_NOT_FOUND for ids
 */
export function runDefinition(plan: DefinitionPlan, frame: Frame): readonly IonValue[] {
  return [new IonStruct([{ name: 'tableId', value: define(plan, frame.transaction) }])]
}

/** Answers the id of the table. */
function define(plan: DefinitionPlan, transaction: TransactionAccess): string {
  switch (plan.kind) {
    case 'create-table':
      return transaction.createTable(plan.name).id
    case 'drop-table':
      return transaction.dropTable(plan.table.name).id
    case 'undrop-table':
      return transaction.undropTable(plan.tableId).id
    case 'create-index':
      transaction.createIndex(plan.table, plan.field, plan.isUnique)
      return plan.table.id
    case 'drop-index':
      transaction.dropIndex(plan.table, plan.indexId)
      return plan.table.id
  }
}
