import type * as syntax from '../syntax/nodes.ts'
import { bindExpression } from './bind.ts'
import type { IndexDefinition, TableDefinition } from './catalog-access.ts'
import { bindAssignment } from './change.ts'
import type { InsertConflict, InsertPlan } from './document-change.ts'
import type { PlanExpression } from './expression.ts'
import { requireTable } from './from.ts'
import type { PlanContext } from './plan-context.ts'
import { QueryLevel } from './query-level.ts'
import { planReturning } from './returning.ts'
import { Scope } from './scope.ts'

/**
 * Plans INSERT, UPSERT and REPLACE INTO.
 *
 * @throws {StatementError} UNKNOWN_TABLE; INDEX_NOT_FOUND when a conflict is to be met and no unique index can have one
 */
export function planInsert(statement: syntax.Insert, context: PlanContext): InsertPlan {
  const table = requireTable(statement.table, context)
  const scope = new Scope(undefined, new QueryLevel())
  const documentSlot = context.newSlot()
  scope.addRow(statement.alias?.name ?? table.name, documentSlot)
  const { returning, columns } = statement
  return {
    kind: 'insert',
    table,
    source: bindSource(statement.source, context),
    columns: columns?.map((column) => column.name),
    documentSlot,
    conflict: planConflict(statement, table, scope, documentSlot, context),
    returning: returning && planReturning(returning, documentSlot, scope, context),
  }
}

function bindSource(source: syntax.InsertSource, context: PlanContext): PlanExpression | undefined {
  switch (source.kind) {
    case 'insert-default-values':
      return undefined
    case 'insert-value':
      return bindExpression(source.value, undefined, context)
    case 'insert-query': {
      const plan = context.planQuery(source.query, undefined, context)
      return plan.kind === 'expression' ? plan.value : { kind: 'subquery', plan, as: 'collection' }
    }
  }
}

function planConflict(
  statement: syntax.Insert,
  table: TableDefinition,
  scope: Scope,
  documentSlot: number,
  context: PlanContext,
): InsertConflict | undefined {
  const { mode, onConflict } = statement
  if (mode !== 'insert') {
    if (onConflict !== undefined) {
      throw context.error(
        'UNSUPPORTED_STATEMENT',
        `${mode.toUpperCase()} INTO says itself what happens on a conflict. Write INSERT INTO … ON CONFLICT for another action.`,
        onConflict.location,
      )
    }
    const indexes = conflictIndexes(table, undefined, statement.table.location, context)
    const action = mode === 'upsert' ? 'merge' : 'replace'
    return { indexes, action, excludedSlot: context.newSlot(), changes: [], value: undefined, where: undefined }
  }
  if (onConflict === undefined) return undefined
  if (onConflict.where !== undefined) throw context.unsupported('ON CONFLICT WHERE', onConflict.where.location)
  const { target, action } = onConflict
  if (target?.kind === 'conflict-constraint') {
    throw context.error(
      'UNSUPPORTED_STATEMENT',
      'Unique indexes have no names to refer to. Name the field: ON CONFLICT (vin) DO ….',
      target.location,
    )
  }
  const indexes = conflictIndexes(table, target, onConflict.location, context)
  const excludedSlot = context.newSlot()
  scope.add('EXCLUDED', { kind: 'slot', slot: excludedSlot })
  const common = { indexes, excludedSlot, changes: [], value: undefined, where: undefined }
  if (action.kind === 'do-nothing') return { ...common, action: 'nothing' }
  const where = action.where && bindExpression(action.where, scope, context)
  const { change } = action
  switch (change.kind) {
    case 'excluded':
      return { ...common, action: action.kind === 'do-update' ? 'merge' : 'replace', where }
    case 'insert-value':
      return { ...common, action: 'replace', value: bindExpression(change.value, scope, context), where }
    case 'set': {
      if (action.kind === 'do-replace') throw context.unsupported('DO REPLACE SET', change.location)
      const changes = change.assignments.map((each) => bindAssignment(each, documentSlot, scope, context))
      return { ...common, action: 'change', changes, where }
    }
  }
}

/** The unique indexes that can be in conflict. */
function conflictIndexes(
  table: TableDefinition,
  target: syntax.ConflictFields | undefined,
  place: syntax.Location,
  context: PlanContext,
): readonly IndexDefinition[] {
  const unique = table.indexes.filter((index) => index.isUnique)
  const [field] = target?.fields ?? []
  const found =
    target === undefined
      ? unique
      : target.fields.length === 1
        ? unique.filter((index) => index.field === field!.name)
        : []
  if (found.length > 0) return found
  const name = field?.name ?? 'field'
  throw context.error(
    'INDEX_NOT_FOUND',
    `Table ${JSON.stringify(table.name)} has no unique index${target === undefined ? '' : ` on ${target.fields.map((each) => each.name).join(', ')}`}, ` +
      `so nothing can be in conflict. Make one with CREATE UNIQUE INDEX ON ${table.name} (${name}).`,
    target?.location ?? place,
  )
}
