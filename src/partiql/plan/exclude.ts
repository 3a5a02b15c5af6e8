import type * as syntax from '../syntax/nodes.ts'
import type { PlanExpression } from './expression.ts'
import { nearestName } from './nearest-name.ts'
import type { Operator } from './operator.ts'
import type { PlanContext } from './plan-context.ts'
import { Scope } from './scope.ts'

/** EXCLUDE: each variable without what its paths name, in a slot of its own. What is not there is left out already. */
export interface Exclude {
  readonly kind: 'exclude'
  readonly input: Operator
  readonly variables: readonly ExcludedVariable[]
}

interface ExcludedVariable {
  readonly source: PlanExpression
  readonly paths: readonly (readonly ExcludeStep[])[]
  readonly slot: number
}

export type ExcludeStep =
  | { readonly kind: 'field'; readonly name: string; readonly foldCase: boolean }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all-fields' }
  | { readonly kind: 'all-elements' }

/** EXCLUDE with its names bound, and the names that SELECT then sees. */
export interface BoundExclude {
  readonly variables: readonly ExcludedVariable[]
  readonly scope: Scope
}

/**
 * Binds the paths of EXCLUDE (PartiQL RFC 0051). A path begins with a variable of the query.
 *
 * @throws {StatementError} UNKNOWN_NAME
 */
export function bindExclude(
  paths: readonly syntax.ExcludePath[],
  scope: Scope,
  context: PlanContext,
): BoundExclude | undefined {
  if (paths.length === 0) return undefined
  const excluded = new Map<string, { source: PlanExpression; paths: ExcludeStep[][]; slot: number }>()
  for (const { root, steps } of paths) {
    const variable = scope.findHere(root.name, root.quoted)
    if (variable === undefined || variable.isHidden) throw unknownRoot(root, scope, context)
    let entry = excluded.get(variable.name)
    if (entry === undefined) {
      entry = { source: variable.value, paths: [], slot: context.newSlot() }
      excluded.set(variable.name, entry)
    }
    entry.paths.push(steps.map((step) => bindStep(step, context)))
  }
  const variables = scope.variables.map((variable) => {
    const entry = excluded.get(variable.name)
    if (entry === undefined) return variable
    const rowSlot = variable.rowSlot === undefined ? undefined : entry.slot
    return { name: variable.name, value: { kind: 'slot', slot: entry.slot } as const, rowSlot }
  })
  return {
    variables: [...excluded.values()],
    scope: new Scope(scope.outer, scope.level, scope.ungrouped, variables),
  }
}

function unknownRoot(root: syntax.Identifier, scope: Scope, context: PlanContext): Error {
  const names = scope.variables.map((variable) => variable.name)
  const near = nearestName(root.name, names)
  return context.error(
    'UNKNOWN_NAME',
    `EXCLUDE begins with a variable of the query, such as ${near ?? names[0] ?? 'an alias of FROM'}; ${JSON.stringify(root.name)} is none.`,
    root.location,
    names,
  )
}

function bindStep(step: syntax.ExcludePath['steps'][number], context: PlanContext): ExcludeStep {
  switch (step.kind) {
    case 'field':
      return { kind: 'field', name: step.name, foldCase: context.dialect.foldFieldCase && !step.quoted }
    case 'all-fields':
    case 'all-elements':
      return { kind: step.kind }
    case 'index': {
      const value = step.index.kind === 'literal' ? step.index.value : undefined
      if (typeof value === 'string') return { kind: 'field', name: value, foldCase: false }
      if (typeof value === 'number') return { kind: 'index', index: value }
      throw context.error('TYPE_ERROR', 'EXCLUDE takes an int or a text in brackets.', step.location)
    }
  }
}
