import type * as syntax from '../syntax/nodes.ts'
import { bindExpression } from './bind.ts'
import type { ChangePlan, ChangeStep, DocumentChange, InsertPlan } from './document-change.ts'
import type { PlanExpression } from './expression.ts'
import { conjunctsOf } from './filter.ts'
import { bindFrom, requireTable, sourcesOf } from './from.ts'
import { planFrom } from './join-order.ts'
import type { PlanContext } from './plan-context.ts'
import { QueryLevel } from './query-level.ts'
import { Scope } from './scope.ts'
import type { TableScan } from './table-source.ts'

/** @throws {StatementError} UNKNOWN_TABLE, UNSUPPORTED_STATEMENT for column lists and DEFAULT VALUES */
export function planInsert(statement: syntax.Insert, context: PlanContext): InsertPlan {
  const table = requireTable(statement.table, context)
  const { source, mode, onConflict, returning } = statement
  if (mode !== 'insert') throw context.unsupported(`${mode.toUpperCase()} INTO`, statement.location)
  if (onConflict !== undefined) throw context.unsupported('ON CONFLICT', onConflict.location)
  if (returning !== undefined) throw context.unsupported('RETURNING', returning.location)
  if (statement.columns !== undefined || source.kind === 'insert-default-values') {
    throw context.error(
      'UNSUPPORTED_STATEMENT',
      `Documents have no fixed columns. Write INSERT INTO ${table.name} {'field': value, …}.`,
      statement.location,
    )
  }
  if (source.kind === 'insert-value') {
    return { kind: 'insert', table, source: bindExpression(source.value, undefined, context) }
  }
  const plan = context.planQuery(source.query, undefined, context)
  return {
    kind: 'insert',
    table,
    source: plan.kind === 'expression' ? plan.value : { kind: 'subquery', plan, as: 'collection' },
  }
}

type ChangeStatement = syntax.Update | syntax.Delete | syntax.FromDml | syntax.InsertIntoPathStatement

/**
 * Plans UPDATE, DELETE and FROM-first statements: they read one table, perhaps with nested collections of its
 * documents beside it, and change the documents of that table.
 *
 * @throws {StatementError} UNSUPPORTED_STATEMENT when FROM is not one table and what its documents hold
 */
export function planChange(statement: ChangeStatement, context: PlanContext): ChangePlan {
  if (statement.returning !== undefined) throw context.unsupported('RETURNING', statement.returning.location)
  const scope = new Scope(undefined, new QueryLevel())
  const from = bindFrom(sourceOf(statement), scope, context, true)
  const tables = sourcesOf(from.steps).filter((source) => source.kind !== 'unnest')
  const [target] = tables
  if (target === undefined || tables.length > 1 || target.kind !== 'table-scan' || target.view !== 'user') {
    throw context.error(
      'UNSUPPORTED_STATEMENT',
      'A statement changes the documents of exactly one table: name it first, and only collections of its documents beside it.',
      statement.location,
    )
  }
  const origins = new Origins(target)
  for (const source of sourcesOf(from.steps)) {
    if (source.kind === 'unnest') origins.add(source.slots.row, source.slots.at!, source.collection)
  }
  const where =
    'where' in statement && statement.where !== undefined ? bindExpression(statement.where, scope, context) : undefined
  const changes = operationsOf(statement).flatMap((operation) => planOperation(operation, origins, scope, context))
  const assignmentCount = changes.filter((change) => change.kind === 'set').length
  return {
    kind: 'change',
    table: target.table,
    input: planFrom(from.steps, [...from.conditions, ...conjunctsOf(where)], context),
    documentSlot: target.slots.row,
    idSlot: target.slots.by!,
    changes: statement.kind === 'delete' ? [{ kind: 'remove', steps: [] }] : changes,
    rowsPerDocument: Math.max(1, assignmentCount),
  }
}

function sourceOf(statement: ChangeStatement): syntax.FromSource {
  if (statement.kind !== 'insert-into-path-statement') return statement.from
  const { root } = statement.operation.target
  return {
    kind: 'scan',
    location: root.location,
    source: { kind: 'variable', name: root.name, quoted: root.quoted, atSign: false, location: root.location },
    asOf: undefined,
    alias: undefined,
    at: undefined,
    by: undefined,
  }
}

function operationsOf(statement: ChangeStatement): readonly syntax.Operation[] {
  switch (statement.kind) {
    case 'update':
    case 'from-dml':
      return statement.operations
    case 'delete':
      return []
    case 'insert-into-path-statement':
      return [statement.operation]
  }
}

function planOperation(
  operation: syntax.Operation,
  origins: Origins,
  scope: Scope,
  context: PlanContext,
): DocumentChange[] {
  const stepsTo = (target: syntax.Target): ChangeStep[] => bindTarget(target, origins, scope, context)
  switch (operation.kind) {
    case 'set':
      return operation.assignments.map(({ target, value }) => ({
        kind: 'set',
        steps: stepsTo(target),
        value: bindExpression(value, scope, context),
      }))
    case 'insert-into-path':
      return [
        {
          kind: 'insert',
          steps: stepsTo(operation.target),
          value: bindExpression(operation.value, scope, context),
          at: operation.at && bindExpression(operation.at, scope, context),
        },
      ]
    case 'remove':
      return [{ kind: 'remove', steps: stepsTo(operation.target) }]
  }
}

/** A target's root is a source's alias, or else a field of the document. */
function bindTarget(target: syntax.Target, origins: Origins, scope: Scope, context: PlanContext): ChangeStep[] {
  const variable = scope.find(target.root.name, target.root.quoted)
  let steps: readonly ChangeStep[] | undefined
  if (variable === undefined) {
    steps = [{ kind: 'field', name: target.root.name }]
  } else {
    steps = origins.stepsTo(variable.value)
    if (steps === undefined) {
      throw context.error(
        'UNSUPPORTED_STATEMENT',
        `${JSON.stringify(target.root.name)} is not a part of the documents of the table, so it cannot be changed.`,
        target.root.location,
      )
    }
  }
  return [
    ...steps,
    ...target.steps.map((step): ChangeStep => {
      if (step.kind === 'field') return { kind: 'field', name: step.name }
      const index = bindExpression(step.index, scope, context)
      return index.kind === 'constant' && typeof index.value === 'string'
        ? { kind: 'field', name: index.value }
        : { kind: 'index', index }
    }),
  ]
}

/** Where in the document each source's row comes from. */
class Origins {
  readonly #bySlot: Map<number, readonly ChangeStep[]> = new Map()

  constructor(table: TableScan) {
    this.#bySlot.set(table.slots.row, [])
  }

  /** Notes a nested source; one over something that is no part of the document is not noted. */
  add(row: number, at: number, collection: PlanExpression): void {
    const steps = this.stepsTo(collection)
    if (steps !== undefined) this.#bySlot.set(row, [...steps, { kind: 'position', slot: at }])
  }

  /** The way to what an expression names; undefined when it is no part of the document. */
  stepsTo(expression: PlanExpression): readonly ChangeStep[] | undefined {
    switch (expression.kind) {
      case 'slot':
        return this.#bySlot.get(expression.slot)
      case 'field': {
        const steps = this.stepsTo(expression.base)
        return steps && [...steps, { kind: 'field', name: expression.name }]
      }
      case 'element': {
        const steps = this.stepsTo(expression.base)
        return steps && [...steps, { kind: 'index', index: expression.index }]
      }
      default:
        return undefined
    }
  }
}
