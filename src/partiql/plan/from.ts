import type * as syntax from '../syntax/nodes.ts'
import { bindGlobalPath, bindImplicitField, bindScopeVariable, unknownName } from './bind-name.ts'
import type { TableDefinition } from './catalog-access.ts'
import { type PlanExpression, slotsOf } from './expression.ts'
import { conjunctsOf } from './filter.ts'
import { nearestName } from './nearest-name.ts'
import { expressionsOf, writtenSlots } from './operator.ts'
import type { PlanContext } from './plan-context.ts'
import type { Scope } from './scope.ts'
import type { HistoryScan, PastScan, SourceSlots, TableScan, UserTablesScan } from './table-source.ts'
import type { Unnest } from './unnest.ts'

/** What one FROM item ranges over, before an access path is chosen for it. */
export type Source = TableScan | HistoryScan | UserTablesScan | PastScan | Unnest

/**
 * FROM as a chain that is read from left to right; each step sees the slots of those before it. `on` is only used by a
 * left join: the conditions of inner joins are conditions of the whole.
 */
export interface FromStep {
  readonly join: 'inner' | 'left'
  readonly item: Source | FromStep[] | FullJoin
  readonly on: readonly PlanExpression[]
}

/** Both sides keep the rows that have no partner, so that no condition from outside may be applied inside. */
export interface FullJoin {
  readonly kind: 'full-join'
  readonly left: BoundFrom
  readonly right: BoundFrom
  readonly on: readonly PlanExpression[]
}

/** FROM with its names bound: the chain, and the conditions that its inner joins ask for. */
export interface BoundFrom {
  readonly steps: FromStep[]
  readonly conditions: PlanExpression[]
}

const COMMITTED_PREFIX = '_ql_committed_'

/**
 * Binds the sources of FROM and adds their variables to `scope`, left to right.
 *
 * @param forDml every source also gets slots for position and document id, so that its rows can be changed
 * @throws {StatementError} UNKNOWN_TABLE with the nearest name
 */
export function bindFrom(node: syntax.FromSource, scope: Scope, context: PlanContext, forDml: boolean): BoundFrom {
  if (node.kind !== 'join') {
    const source = bindSource(node, scope, context, forDml)
    return { steps: [{ join: 'inner', item: source, on: [] }], conditions: [] }
  }
  const left = bindFrom(node.left, scope, context, forDml)
  const right = bindFrom(node.right, scope, context, forDml)
  const on = node.on === undefined ? [] : conjunctsOf(context.bindExpression(node.on, scope, context))
  switch (node.join) {
    case 'inner':
    case 'cross':
      return {
        steps: [...left.steps, ...right.steps],
        conditions: [...left.conditions, ...right.conditions, ...on],
      }
    case 'left':
      return {
        steps: [...left.steps, { join: 'left', item: composite(right), on: [...on, ...right.conditions] }],
        conditions: left.conditions,
      }
    case 'right':
      requireIndependent(node, left, right, context)
      return {
        steps: [...right.steps, { join: 'left', item: composite(left), on: [...on, ...left.conditions] }],
        conditions: right.conditions,
      }
    case 'full':
      requireIndependent(node, left, right, context)
      return { steps: [{ join: 'inner', item: { kind: 'full-join', left, right, on }, on: [] }], conditions: [] }
  }
}

/** The right side of RIGHT and FULL JOIN has rows without a row on the left, so it cannot be made from one. */
function requireIndependent(node: syntax.Join, left: BoundFrom, right: BoundFrom, context: PlanContext): void {
  const leftSlots = new Set(sourcesOf(left.steps).flatMap(writtenSlots))
  const parts = [
    ...sourcesOf(right.steps).flatMap(expressionsOf),
    ...right.steps.flatMap((step) => step.on),
    ...right.conditions,
  ]
  if (parts.some((part) => [...slotsOf(part)].some((slot) => leftSlots.has(slot)))) {
    throw context.error(
      'EVALUATION_ERROR',
      `The right side of ${node.join.toUpperCase()} JOIN cannot use names of the left side.`,
      node.right.location,
    )
  }
}

function composite(from: BoundFrom): FromStep['item'] {
  const [first] = from.steps
  return from.steps.length === 1 && first !== undefined ? first.item : from.steps
}

/** The row slots of every source, in the order of the chain. */
export function sourcesOf(steps: readonly FromStep[]): Source[] {
  return steps.flatMap(({ item }) => {
    if (Array.isArray(item)) return sourcesOf(item)
    return item.kind === 'full-join' ? [...sourcesOf(item.left.steps), ...sourcesOf(item.right.steps)] : [item]
  })
}

function bindSource(node: syntax.Scan | syntax.Unpivot, scope: Scope, context: PlanContext, forDml: boolean): Source {
  const source =
    node.kind === 'unpivot'
      ? bindCollection(node.source, scope, context)
      : node.asOf === undefined
        ? bindScan(node.source, scope, context)
        : bindPastScan(node.source, node.asOf, context)
  const position = scope.variables.filter((variable) => variable.rowSlot !== undefined).length + 1
  const name = node.alias?.name ?? implicitName(node.source) ?? `_${position}`
  const slots: SourceSlots = {
    name,
    row: context.newSlot(),
    at: node.at === undefined && !forDml ? undefined : context.newSlot(),
    by: node.by === undefined && !forDml ? undefined : context.newSlot(),
  }
  scope.addRow(name, slots.row)
  if (node.at !== undefined) scope.add(node.at.name, { kind: 'slot', slot: slots.at! })
  if (node.by !== undefined) scope.add(node.by.name, { kind: 'slot', slot: slots.by! })
  return node.kind === 'unpivot' && source.kind === 'unnest'
    ? { ...source, over: 'fields', slots }
    : { ...source, slots }
}

/** The name a source or a select item has without AS: its last step. */
export function implicitName(node: syntax.Expression): string | undefined {
  if (node.kind === 'variable') return node.name
  if (node.kind !== 'path') return undefined
  const last = node.steps.at(-1)
  return last?.kind === 'field' ? last.name : undefined
}

type Unplaced =
  | Omit<TableScan, 'slots'>
  | Omit<HistoryScan, 'slots'>
  | Omit<UserTablesScan, 'slots'>
  | Omit<PastScan, 'slots'>
  | Omit<Unnest, 'slots'>

function bindScan(node: syntax.Expression, scope: Scope, context: PlanContext): Unplaced {
  const root = node.kind === 'path' ? node.root : node
  // A query of WITH comes before tables and globals of its name.
  if (root.kind === 'variable' && scope.find(root.name, root.quoted)?.isQuery === true) {
    return bindCollection(node, scope, context)
  }
  if (node.kind === 'variable') {
    if (node.atSign) {
      const variable = bindScopeVariable(node, scope, context)
      if (variable !== undefined)
        return { kind: 'unnest', over: 'elements', place: node.location, collection: variable }
    }
    const global = context.globals.find([node])
    if (global !== undefined) {
      return {
        kind: 'unnest',
        over: 'elements',
        place: node.location,
        collection: { kind: 'global', name: global.name, value: global.value },
      }
    }
    const table = findTable(node.name, context)
    if (table !== undefined) return { kind: 'table-scan', ...table }
    const collection = bindScopeVariable(node, scope, context) ?? bindImplicitField(node, scope, context)
    if (collection === undefined) {
      throw context.dialect.name === 'qldb' ? unknownTable(node, context) : unknownName(node, scope, context)
    }
    return { kind: 'unnest', over: 'elements', place: node.location, collection }
  }
  if (node.kind === 'path' && isUserTables(node) && scope.find('information_schema', false) === undefined) {
    return { kind: 'user-tables-scan' }
  }
  if (node.kind === 'path') {
    const collection = bindGlobalPath(node, scope, context)
    if (collection !== undefined) return { kind: 'unnest', over: 'elements', place: node.location, collection }
  }
  if (node.kind === 'call' && node.name.toLowerCase() === 'history') return bindHistory(node, context)
  return bindCollection(node, scope, context)
}

/** `source FOR SYSTEM_TIME AS OF moment`; the moment is the same for every row. */
function bindPastScan(
  source: syntax.Expression,
  asOf: syntax.Expression,
  context: PlanContext,
): Omit<PastScan, 'slots'> {
  const isList = source.kind === 'path' && isUserTables(source)
  if (!isList && source.kind !== 'variable') {
    throw context.error(
      'UNSUPPORTED_STATEMENT',
      'FOR SYSTEM_TIME AS OF stands behind the name of a table, its committed view, or information_schema.user_tables.',
      source.location,
    )
  }
  const name = isList ? undefined : (source as syntax.Variable).name
  const isCommitted = name?.startsWith(COMMITTED_PREFIX) === true
  return {
    kind: 'past-scan',
    name: isCommitted ? name.slice(COMMITTED_PREFIX.length) : name,
    view: isCommitted ? 'committed' : 'user',
    moment: context.bindExpression(asOf, undefined, context),
    place: source.location,
    momentPlace: asOf.location,
  }
}

function bindCollection(node: syntax.Expression, scope: Scope, context: PlanContext): Omit<Unnest, 'slots'> {
  const collection: PlanExpression =
    node.kind === 'subquery'
      ? { kind: 'subquery', plan: context.planQuery(node.query, scope, context), as: 'collection' }
      : context.bindExpression(node, scope, context)
  return { kind: 'unnest', over: 'elements', place: node.location, collection }
}

function isUserTables(node: syntax.Path): boolean {
  const [step] = node.steps
  return (
    node.root.kind === 'variable' &&
    node.root.name.toLowerCase() === 'information_schema' &&
    node.steps.length === 1 &&
    step?.kind === 'field' &&
    step.name.toLowerCase() === 'user_tables'
  )
}

function findTable(name: string, context: PlanContext): Pick<TableScan, 'table' | 'view'> | undefined {
  const table = context.catalog.activeTable(name)
  if (table !== undefined) return { table, view: 'user' }
  if (!name.startsWith(COMMITTED_PREFIX)) return undefined
  const committed = context.catalog.activeTable(name.slice(COMMITTED_PREFIX.length))
  return committed && { table: committed, view: 'committed' }
}

/** The active table of this name. @throws {StatementError} UNKNOWN_TABLE */
export function requireTable(
  node: { readonly name: string; readonly location: syntax.Location },
  context: PlanContext,
): TableDefinition {
  const table = context.catalog.activeTable(node.name)
  if (table === undefined) throw unknownTable(node, context)
  return table
}

function unknownTable(
  node: { readonly name: string; readonly location: syntax.Location },
  context: PlanContext,
): Error {
  const names = context.catalog
    .tables()
    .filter((table) => table.status === 'ACTIVE')
    .map((table) => table.name)
  const isCommitted = node.name.startsWith(COMMITTED_PREFIX)
  const near = nearestName(isCommitted ? node.name.slice(COMMITTED_PREFIX.length) : node.name, names)
  if (context.catalog.isPast === true && near === undefined) {
    return context.error(
      'UNKNOWN_TABLE',
      `Table ${JSON.stringify(node.name)} did not exist at that time. The tables of then are in SELECT * FROM information_schema.user_tables.`,
      node.location,
      names,
    )
  }
  const hint =
    near === undefined
      ? `Create it with CREATE TABLE ${isCommitted ? node.name.slice(COMMITTED_PREFIX.length) : node.name}, or list tables with SELECT * FROM information_schema.user_tables.`
      : `Did you mean ${isCommitted ? COMMITTED_PREFIX : ''}${near}? Table names are case-sensitive.`
  return context.error(
    'UNKNOWN_TABLE',
    `Table ${JSON.stringify(node.name)} does not exist. ${hint}`,
    node.location,
    names,
  )
}

/** `history(T [, start [, end]])`; T a name, or a table id as text, which also reaches dropped tables. */
function bindHistory(node: syntax.Call, context: PlanContext): Omit<HistoryScan, 'slots'> {
  const [target, start, end] = node.args
  if (target === undefined || node.args.length > 3) {
    throw context.error(
      'WRONG_ARGUMENT_COUNT',
      `history takes a table and optionally a start and an end time, got ${node.args.length} arguments.`,
      node.location,
    )
  }
  let table: TableDefinition | undefined
  if (target.kind === 'variable') {
    table = requireTable(target, context)
  } else if (target.kind === 'literal' && typeof target.value === 'string') {
    table = context.catalog.table(target.value)
    if (table === undefined) {
      throw context.error(
        'UNKNOWN_TABLE',
        `There is no table with the id ${JSON.stringify(target.value)}. Ids are in SELECT * FROM information_schema.user_tables.`,
        target.location,
      )
    }
  } else {
    throw context.error('UNKNOWN_TABLE', 'history needs a table name, or a table id in single quotes.', target.location)
  }
  return {
    kind: 'history-scan',
    table,
    start: start && context.bindExpression(start, undefined, context),
    end: end && context.bindExpression(end, undefined, context),
    ids: undefined,
    isCollection: false,
  }
}
