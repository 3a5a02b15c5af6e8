import { NotFoundError, StatementError } from '../../errors.ts'
import { IonStruct, type IonValue } from '../../ion/index.ts'
import type { TableDefinition } from '../plan/catalog-access.ts'
import type { DefinitionPlan } from '../plan/definition.ts'
import type { Frame } from './frame.ts'

/**
 * Runs a statement that changes the catalog and answers `{tableId}`.
 *
 * @throws {StatementError} TABLE_EXISTS, INDEX_EXISTS, UNKNOWN_TABLE
 * @throws {NotFoundError} TABLE_NOT_FOUND, INDEX_NOT_FOUND for ids
 */
export function runDefinition(plan: DefinitionPlan, frame: Frame): readonly IonValue[] {
  return [new IonStruct([{ name: 'tableId', value: define(plan, frame).id }])]
}

function define(plan: DefinitionPlan, { transaction }: Frame): TableDefinition {
  const { catalog } = transaction
  const requireTable = (name: string): TableDefinition => {
    const table = catalog.activeTable(name)
    if (table === undefined) throw new StatementError('UNKNOWN_TABLE', `Table ${JSON.stringify(name)} does not exist.`)
    return table
  }
  const refuseName = (name: string): void => {
    if (catalog.activeTable(name) === undefined) return
    throw new StatementError('TABLE_EXISTS', `Table ${JSON.stringify(name)} already exists.`)
  }
  switch (plan.kind) {
    case 'create-table':
      refuseName(plan.name)
      return transaction.createTable(plan.name)
    case 'drop-table': {
      const table = requireTable(plan.name)
      transaction.dropTable(plan.name)
      return table
    }
    case 'undrop-table': {
      const table = catalog.table(plan.tableId)
      if (table === undefined || table.status === 'ACTIVE') {
        throw new NotFoundError(
          'TABLE_NOT_FOUND',
          `There is no dropped table with the id ${JSON.stringify(plan.tableId)}. List them with SELECT tableId, name FROM information_schema.user_tables WHERE status = 'INACTIVE'.`,
        )
      }
      refuseName(table.name)
      transaction.undropTable(plan.tableId)
      return table
    }
    case 'create-index': {
      const table = requireTable(plan.tableName)
      if (table.indexes.some((index) => index.field === plan.field)) {
        throw new StatementError(
          'INDEX_EXISTS',
          `Table ${JSON.stringify(table.name)} already has an index on ${plan.field}.`,
        )
      }
      transaction.createIndex(table, plan.field)
      return table
    }
    case 'drop-index': {
      const table = requireTable(plan.tableName)
      if (!table.indexes.some((index) => index.id === plan.indexId)) {
        throw new NotFoundError(
          'INDEX_NOT_FOUND',
          `Table ${JSON.stringify(table.name)} has no index with the id ${JSON.stringify(plan.indexId)}. List them with SELECT indexes FROM information_schema.user_tables WHERE name = '${table.name}'.`,
        )
      }
      transaction.dropIndex(table, plan.indexId)
      return table
    }
  }
}
