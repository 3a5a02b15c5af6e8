import type * as syntax from '../syntax/nodes.ts'
import { adviceForOtherDialect } from '../syntax/other-dialect.ts'
import type { PlanExpression } from './expression.ts'
import type { WrittenName } from './globals.ts'
import { nearestName } from './nearest-name.ts'
import type { PlanContext } from './plan-context.ts'
import type { Scope } from './scope.ts'
import { selectFrom } from './select-from.ts'

interface Name {
  readonly name: string
  readonly quoted: boolean
  readonly location: syntax.Location
}

/**
 * What a bare name means: a variable (innermost query first), then a global, then a table or a field of the sources: in
 * QLDB's dialect the field comes first, in PartiQL the table.
 *
 * @throws {StatementError} UNKNOWN_NAME
 */
export function bindVariable(node: syntax.Variable, scope: Scope | undefined, context: PlanContext): PlanExpression {
  const bound = findName(node, scope, context)
  if (bound !== undefined) return bound
  throw unknownName(node, scope, context)
}

function findName(node: syntax.Variable, scope: Scope | undefined, context: PlanContext): PlanExpression | undefined {
  const variable = bindScopeVariable(node, scope, context)
  if (variable !== undefined) return variable
  const bindField = (): PlanExpression | undefined =>
    node.atSign ? undefined : bindImplicitField(node, scope, context)
  if (scope?.level.areFieldsFirst === true) {
    const field = bindField()
    if (field !== undefined) return field
  }
  const global = bindGlobal([node], context)
  if (global !== undefined) return global.value
  const table = context.catalog.activeTable(node.name) === undefined ? undefined : bindTable(node, context)
  return context.dialect.tablesBeforeFields ? (table ?? bindField()) : (bindField() ?? table)
}

/**
 * The variable a name stands for; undefined when no query in scope has it.
 *
 * @throws {StatementError} EVALUATION_ERROR when it belongs to rows that have been grouped, where the dialect refuses that
 */
export function bindScopeVariable(
  node: Name,
  scope: Scope | undefined,
  context: PlanContext,
): PlanExpression | undefined {
  const variable = scope?.find(node.name, node.quoted)
  if (variable?.isAmbiguous === true && context.dialect.typing === 'strict') {
    throw context.error(
      'EVALUATION_ERROR',
      `${JSON.stringify(node.name)} is ambiguous: several variables match it. Write the one that is meant in double quotes.`,
      node.location,
    )
  }
  return variable?.isHidden === true ? ungrouped(node, context) : variable?.value
}

/** A bare name as a field of the sources in scope; undefined when there is no source. */
export function bindImplicitField(
  node: Name,
  scope: Scope | undefined,
  context: PlanContext,
): PlanExpression | undefined {
  const slots = scope?.rowSlots() ?? []
  if (slots === 'grouped') return ungrouped(node, context)
  const foldCase = context.dialect.foldFieldCase && !node.quoted
  if (slots.length === 0) return undefined
  const { name } = node
  const place = placeOf(node, context)
  if (slots.length === 1) return { kind: 'field', place, base: { kind: 'slot', slot: slots[0]! }, name, foldCase }
  return { kind: 'implicit', place, slots, name, foldCase }
}

/** After grouping, a name of the rows has no one value. */
function ungrouped(node: Name, context: PlanContext): PlanExpression {
  if (!context.dialect.refuseUngroupedNames) return { kind: 'missing' }
  throw context.error(
    'EVALUATION_ERROR',
    `After grouping only the GROUP BY keys and aggregate functions can be used. Add ${node.name} to GROUP BY, or fold it with MIN, MAX, COUNT …`,
    node.location,
  )
}

/** A path: its root as a name or any expression, then its steps. */
export function bindPath(node: syntax.Path, scope: Scope | undefined, context: PlanContext): PlanExpression {
  if (node.root.kind === 'variable' && scope?.find(node.root.name, node.root.quoted) === undefined) {
    const global = bindGlobalPath(node, scope, context)
    if (global !== undefined) return global
  }
  const base = context.bindExpression(node.root, scope, context)
  return bindSteps(base, node.steps, scope, context)
}

/** The value of the global that a name and the steps behind it spell, and how many steps those are. */
function bindGlobal(
  names: readonly WrittenName[],
  context: PlanContext,
): { readonly value: PlanExpression; readonly stepCount: number } | undefined {
  const found = context.globals.find(names)
  if (found === undefined) return undefined
  return { value: { kind: 'global', name: found.name, value: found.value }, stepCount: found.length - 1 }
}

/** A path that starts with a global, by the longest name; undefined when it starts with none. */
export function bindGlobalPath(
  node: syntax.Path,
  scope: Scope | undefined,
  context: PlanContext,
): PlanExpression | undefined {
  if (node.root.kind !== 'variable') return undefined
  const names: WrittenName[] = [node.root]
  for (const step of node.steps) {
    if (step.kind !== 'field') break
    names.push(step)
  }
  const global = bindGlobal(names, context)
  return global && bindSteps(global.value, node.steps.slice(global.stepCount), scope, context)
}

/** One step after another from `base`; `[*]` and `.*` make a bag of what follows them. */
function bindSteps(
  base: PlanExpression,
  steps: readonly syntax.PathStep[],
  scope: Scope | undefined,
  context: PlanContext,
): PlanExpression {
  let bound = base
  for (const [position, step] of steps.entries()) {
    const place = placeOf(step, context)
    switch (step.kind) {
      case 'field':
        bound = {
          kind: 'field',
          place,
          base: bound,
          name: step.name,
          foldCase: context.dialect.foldFieldCase && !step.quoted,
        }
        break
      case 'index':
        bound = { kind: 'element', place, base: bound, index: bindIndex(step.index, scope, context) }
        break
      case 'all-elements':
      case 'all-fields': {
        const slot = context.newSlot()
        const rest = bindSteps({ kind: 'slot', slot }, steps.slice(position + 1), scope, context)
        return {
          kind: 'wildcard',
          place,
          base: bound,
          over: step.kind === 'all-elements' ? 'elements' : 'fields',
          slot,
          rest,
        }
      }
    }
  }
  return bound
}

/** Where a step that strict typing may refuse stands; undefined in permissive typing, where no step fails. */
function placeOf(node: { readonly location: syntax.Location }, context: PlanContext): syntax.Location | undefined {
  return context.dialect.typing === 'strict' ? node.location : undefined
}

/** In permissive PartiQL an unknown name as an index is no error: no element is there. */
function bindIndex(node: syntax.Expression, scope: Scope | undefined, context: PlanContext): PlanExpression {
  const { name, typing } = context.dialect
  if (node.kind === 'variable' && name === 'partiql' && typing === 'permissive') {
    return findName(node, scope, context) ?? { kind: 'missing' }
  }
  return context.bindExpression(node, scope, context)
}

/** A whole table used as a value: a bag of its documents. */
function bindTable(node: syntax.Variable, context: PlanContext): PlanExpression {
  const { location } = node
  const row: syntax.Variable = { kind: 'variable', name: ' row', quoted: true, atSign: true, location }
  const alias: syntax.Identifier = { kind: 'identifier', name: row.name, quoted: true, location }
  const body = selectFrom({ kind: 'select-value', value: row, location }, node, alias)
  const query: syntax.Query = {
    kind: 'query',
    location,
    with: undefined,
    body,
    orderBy: undefined,
    limit: undefined,
    offset: undefined,
  }
  return { kind: 'subquery', plan: context.planQuery(query, undefined, context), as: 'collection' }
}

/** The error for a name that nothing gives a meaning, with the nearest name that has one. */
export function unknownName(node: syntax.Variable, scope: Scope | undefined, context: PlanContext): Error {
  const known: string[] = context.globals.names
  for (let each = scope; each !== undefined; each = each.outer) known.push(...each.variables.map((one) => one.name))
  const near = nearestName(node.name, known)
  const hint = near === undefined ? '' : ` Did you mean ${near}?`
  const habit = adviceForOtherDialect([node.name])
  return context.error(
    'UNKNOWN_NAME',
    `No variable named ${JSON.stringify(node.name)} is in scope here.${hint} ${habit ?? `A text is written in single quotes: '${node.name}'.`}`,
    node.location,
    known,
  )
}
