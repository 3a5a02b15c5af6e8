import type * as syntax from '../syntax/nodes.ts'
import { bindExpression } from './bind.ts'
import type { ChangePlan, ChangeStep, DocumentChange } from './document-change.ts'
import type { PlanExpression } from './expression.ts'
import { conjunctsOf } from './filter.ts'
import { bindFrom, sourcesOf } from './from.ts'
import { planFrom } from './join-order.ts'
import type { PlanContext } from './plan-context.ts'
import { QueryLevel } from './query-level.ts'
import { planReturning } from './returning.ts'
import { Scope } from './scope.ts'

type ChangeStatement = syntax.Update | syntax.Delete | syntax.FromDml | syntax.InsertIntoPathStatement

/**
 * Plans UPDATE, DELETE and FROM-first statements: they read one table, perhaps with nested collections of its
 * documents beside it, and change the documents of that table.
 *
 * @throws {StatementError} UNSUPPORTED_STATEMENT when FROM is not one table and what its documents hold
 */
export function planChange(statement: ChangeStatement, context: PlanContext): ChangePlan {
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
  const origins = new Origins(target.slots.row)
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
    returning: statement.returning && planReturning(statement.returning, target.slots.row, scope, context),
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

/** An assignment to a part of the document in a slot. */
export function bindAssignment(
  { target, value }: syntax.Assignment,
  documentSlot: number,
  scope: Scope,
  context: PlanContext,
): DocumentChange {
  const steps = bindTarget(target, new Origins(documentSlot), scope, context)
  return { kind: 'set', steps, value: bindExpression(value, scope, context) }
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

  constructor(documentSlot: number) {
    this.#bySlot.set(documentSlot, [])
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
