import { type IonValue, Timestamp } from '../../ion/index.ts'
import type * as syntax from '../syntax/nodes.ts'
import { adviceForOtherDialect } from '../syntax/other-dialect.ts'
import type { AggregateName, PlanExpression } from './expression.ts'
import { AGGREGATES, COLLECTION_FUNCTIONS, FUNCTIONS } from './functions.ts'
import type { WrittenName } from './globals.ts'
import { nearestName } from './nearest-name.ts'
import type { PlanContext } from './plan-context.ts'
import type { Scope } from './scope.ts'

/**
 * Resolves every name of an expression.
 *
 * A bare name is a variable (innermost query first), then a field of the sources, then, only where there is no
 * source, a table. In the pure dialect a table comes before a field.
 *
 * @throws {StatementError} UNKNOWN_NAME, UNKNOWN_FUNCTION, WRONG_ARGUMENT_COUNT, UNSUPPORTED_STATEMENT
 */
export function bindExpression(
  node: syntax.Expression,
  scope: Scope | undefined,
  context: PlanContext,
): PlanExpression {
  const bind = (part: syntax.Expression): PlanExpression => bindExpression(part, scope, context)
  const optional = (part: syntax.Expression | undefined): PlanExpression | undefined => part && bind(part)
  const place = node.location
  switch (node.kind) {
    case 'literal':
      return { kind: 'constant', value: node.value }
    case 'missing':
      return { kind: 'missing' }
    case 'datetime':
      return bindDatetime(node, context)
    case 'parameter':
      return { kind: 'parameter', index: node.index }
    case 'variable':
      return bindVariable(node, scope, context)
    case 'path':
      return bindPath(node, scope, context)
    case 'unary':
      return { kind: 'unary', operator: node.operator, operand: bind(node.operand) }
    case 'binary':
      return {
        kind: 'binary',
        operator: node.operator,
        left: bind(node.left),
        right: bind(node.right),
        place: node.operator === '/' || node.operator === '%' ? place : undefined,
      }
    case 'logical':
      return { kind: 'logical', operator: node.operator, operands: node.operands.map(bind) }
    case 'between':
      return {
        kind: 'between',
        operand: bind(node.operand),
        low: bind(node.low),
        high: bind(node.high),
        negated: node.negated,
      }
    case 'like':
      return {
        kind: 'like',
        operand: bind(node.operand),
        pattern: bind(node.pattern),
        escape: optional(node.escape),
        negated: node.negated,
      }
    case 'in': {
      const { collection } = node
      return {
        kind: 'in',
        operand: bind(node.operand),
        collection:
          collection.kind === 'subquery'
            ? { kind: 'subquery', plan: context.planQuery(collection.query, scope, context), as: 'unwrapped' }
            : bind(collection),
        negated: node.negated,
      }
    }
    case 'is-type':
      return { kind: 'is-type', operand: bind(node.operand), type: node.type, negated: node.negated }
    case 'is-truth':
      return { kind: 'is-truth', operand: bind(node.operand), truth: node.truth, negated: node.negated }
    case 'case':
      return {
        kind: 'case',
        operand: optional(node.operand),
        branches: node.branches.map(({ when, then }) => ({ when: bind(when), result: bind(then) })),
        otherwise: optional(node.otherwise),
      }
    case 'cast':
      return { kind: 'cast', place, mode: node.mode, operand: bind(node.operand), type: node.type }
    case 'extract':
      return { kind: 'call', place, name: 'extract', variant: node.part, args: [bind(node.operand)] }
    case 'date-add':
      return {
        kind: 'call',
        place,
        name: 'date_add',
        variant: node.part,
        args: [bind(node.quantity), bind(node.operand)],
      }
    case 'date-diff':
      return { kind: 'call', place, name: 'date_diff', variant: node.part, args: [bind(node.from), bind(node.to)] }
    case 'trim':
      return {
        kind: 'call',
        place,
        name: 'trim',
        variant: node.side,
        args: node.characters === undefined ? [bind(node.operand)] : [bind(node.operand), bind(node.characters)],
      }
    case 'call':
      return bindCall(node, scope, context)
    case 'struct':
      return {
        kind: 'struct',
        fields: node.fields.map(({ name, value }) => ({
          name: bindFieldName(name, scope, context),
          value: bind(value),
        })),
      }
    case 'list':
    case 'bag':
    case 'sexp':
      return { kind: node.kind, items: node.items.map(bind) }
    case 'subquery':
      return bindSubquery(node, scope, context)
  }
}

/** The variable a name stands for; undefined when no query in scope has it. */
export function bindScopeVariable(
  node: { readonly name: string; readonly quoted: boolean },
  scope: Scope | undefined,
): PlanExpression | undefined {
  return scope?.find(node.name, node.quoted)?.value
}

/** A bare name as a field of the sources in scope; undefined when there is no source. */
export function bindImplicitField(
  node: { readonly name: string; readonly quoted: boolean },
  scope: Scope | undefined,
  context: PlanContext,
): PlanExpression | undefined {
  const slots = scope?.rowSlots() ?? []
  const foldCase = context.dialect.foldFieldCase && !node.quoted
  if (slots.length === 0) return undefined
  if (slots.length === 1) return { kind: 'field', base: { kind: 'slot', slot: slots[0]! }, name: node.name, foldCase }
  return { kind: 'implicit', slots, name: node.name, foldCase }
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
    switch (step.kind) {
      case 'field':
        bound = { kind: 'field', base: bound, name: step.name, foldCase: context.dialect.foldFieldCase && !step.quoted }
        break
      case 'index':
        bound = { kind: 'element', base: bound, index: bindExpression(step.index, scope, context) }
        break
      case 'all-elements':
      case 'all-fields': {
        const slot = context.newSlot()
        const rest = bindSteps({ kind: 'slot', slot }, steps.slice(position + 1), scope, context)
        return { kind: 'wildcard', base: bound, over: step.kind === 'all-elements' ? 'elements' : 'fields', slot, rest }
      }
    }
  }
  return bound
}

function bindVariable(node: syntax.Variable, scope: Scope | undefined, context: PlanContext): PlanExpression {
  const variable = bindScopeVariable(node, scope)
  if (variable !== undefined) return variable
  const global = bindGlobal([node], context)
  if (global !== undefined) return global.value
  const table = context.catalog.activeTable(node.name) === undefined ? undefined : bindTable(node, context)
  const field = node.atSign ? undefined : bindImplicitField(node, scope, context)
  const bound = context.dialect.tablesBeforeFields ? (table ?? field) : (field ?? table)
  if (bound !== undefined) return bound
  throw unknownName(node, scope, context)
}

/** A whole table used as a value: a bag of its documents. */
function bindTable(node: syntax.Variable, context: PlanContext): PlanExpression {
  const { location } = node
  const row: syntax.Variable = { kind: 'variable', name: ' row', quoted: true, atSign: true, location }
  const query: syntax.Query = {
    kind: 'query',
    location,
    orderBy: undefined,
    limit: undefined,
    offset: undefined,
    body: {
      kind: 'select',
      location,
      quantifier: undefined,
      projection: { kind: 'select-value', value: row, location },
      from: {
        kind: 'scan',
        source: node,
        alias: { kind: 'identifier', name: ' row', quoted: true, location },
        at: undefined,
        by: undefined,
        location,
      },
      lets: [],
      where: undefined,
      groupBy: undefined,
      having: undefined,
    },
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

function bindPath(node: syntax.Path, scope: Scope | undefined, context: PlanContext): PlanExpression {
  if (node.root.kind === 'variable' && bindScopeVariable(node.root, scope) === undefined) {
    const global = bindGlobalPath(node, scope, context)
    if (global !== undefined) return global
  }
  const base = bindExpression(node.root, scope, context)
  return bindSteps(base, node.steps, scope, context)
}

/** `{a: 1}`: a bare name that is no variable is the name itself. */
function bindFieldName(node: syntax.Expression, scope: Scope | undefined, context: PlanContext): PlanExpression {
  if (node.kind !== 'variable' || node.atSign) return bindExpression(node, scope, context)
  return bindScopeVariable(node, scope) ?? { kind: 'constant', value: node.name }
}

function bindSubquery(node: syntax.Subquery, scope: Scope | undefined, context: PlanContext): PlanExpression {
  const plan = context.planQuery(node.query, scope, context)
  // `(1 + 1)` is no query at all, and its value is not a row.
  if (plan.kind === 'expression') return plan.value
  const { body } = node.query
  const isScalar = body.kind === 'select' && body.projection.kind === 'select-items'
  return { kind: 'subquery', plan, as: isScalar ? 'scalar' : 'collection' }
}

function bindCall(node: syntax.Call, scope: Scope | undefined, context: PlanContext): PlanExpression {
  const name = node.quoted ? node.name : node.name.toLowerCase()
  if (AGGREGATES.has(name)) return bindAggregate(node, name as AggregateName, scope, context)
  const arity = FUNCTIONS.get(name)
  if (arity === undefined) {
    const near = nearestName(name, [...FUNCTIONS.keys(), ...AGGREGATES])
    const hint = near === undefined ? '' : ` Did you mean ${near.toUpperCase()}?`
    throw context.error('UNKNOWN_FUNCTION', `There is no function ${name.toUpperCase()}.${hint}`, node.location)
  }
  if (node.star || node.quantifier !== undefined) {
    throw context.error(
      'WRONG_ARGUMENT_COUNT',
      `${name.toUpperCase()} takes neither * nor DISTINCT nor ALL: it is no aggregate function.`,
      node.location,
    )
  }
  checkArity(node, name, arity.min, arity.max, context)
  const asCollection = COLLECTION_FUNCTIONS.has(name)
  const args = node.args.map((argument): PlanExpression => {
    if (asCollection && argument.kind === 'subquery') {
      return { kind: 'subquery', plan: context.planQuery(argument.query, scope, context), as: 'collection' }
    }
    return bindExpression(argument, scope, context)
  })
  return { kind: 'call', place: node.location, name, variant: undefined, args }
}

function bindAggregate(
  node: syntax.Call,
  name: AggregateName,
  scope: Scope | undefined,
  context: PlanContext,
): PlanExpression {
  const quantifier = node.quantifier ?? 'all'
  if (node.star) {
    if (name !== 'count') {
      throw context.error(
        'WRONG_ARGUMENT_COUNT',
        `Only COUNT takes *; ${name.toUpperCase()} needs an expression.`,
        node.location,
      )
    }
    return { kind: 'aggregate', name, quantifier, argument: undefined }
  }
  checkArity(node, name, 1, 1, context)
  return {
    kind: 'aggregate',
    name,
    quantifier,
    argument: bindExpression(node.args[0]!, scope?.beforeGrouping ?? scope, context),
  }
}

function checkArity(node: syntax.Call, name: string, min: number, max: number, context: PlanContext): void {
  const count = node.args.length
  if (count >= min && count <= max) return
  const wanted = min === max ? `${min}` : max === Number.POSITIVE_INFINITY ? `at least ${min}` : `${min} to ${max}`
  throw context.error(
    'WRONG_ARGUMENT_COUNT',
    `${name.toUpperCase()} takes ${wanted} argument${wanted === '1' ? '' : 's'}, got ${count}.`,
    node.location,
  )
}

/** `DATE '…'` is an Ion timestamp of a day, `TIMESTAMP '…'` one of a second; Ion has no time without a date. */
function bindDatetime(node: syntax.DatetimeLiteral, context: PlanContext): PlanExpression {
  if (node.type === 'time') {
    throw context.error(
      'UNSUPPORTED_STATEMENT',
      'TIME values cannot be stored or compared yet: Ion has no such type.',
      node.location,
    )
  }
  const text = node.type === 'date' ? node.text : node.text.trim().replace(' ', 'T').replace(/\s+/g, '')
  const zoned = node.type === 'date' || /(?:Z|[+-]\d\d:\d\d)$/i.test(text) ? text : `${text}-00:00`
  let value: IonValue
  try {
    value = Timestamp.parse(zoned)
  } catch (cause) {
    throw context.error('TYPE_ERROR', `${node.text} is not a ${node.type}. ${(cause as Error).message}`, node.location)
  }
  return { kind: 'constant', value }
}
