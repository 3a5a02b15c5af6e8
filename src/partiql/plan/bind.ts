import { StatementError } from '../../errors.ts'
import type * as syntax from '../syntax/nodes.ts'
import { bindAggregate } from './bind-aggregate.ts'
import { bindDatetime, bindInterval, bindLiteral, bindNegativeLiteral } from './bind-literal.ts'
import { bindPath, bindScopeVariable, bindVariable } from './bind-name.ts'
import { bindWindowFunction } from './bind-window.ts'
import { checkArity, unknownFunction } from './call.ts'
import { type AggregateName, expressionKey, type PlanExpression } from './expression.ts'
import { AGGREGATES, COLLECTION_FUNCTIONS, FUNCTIONS, takesQuantifier, WINDOW_FUNCTIONS } from './functions.ts'
import { bindGraphMatch } from './graph.ts'
import type { PlanContext } from './plan-context.ts'
import type { Scope } from './scope.ts'

/**
 * Resolves every name of an expression.
 *
 * What a bare name means is decided by {@link bindVariable}.
 *
 * @throws {StatementError} UNKNOWN_NAME, UNKNOWN_FUNCTION, WRONG_ARGUMENT_COUNT, UNSUPPORTED_STATEMENT
 */
export function bindExpression(
  node: syntax.Expression,
  scope: Scope | undefined,
  context: PlanContext,
): PlanExpression {
  return (scope && bindGroupKey(node, scope, context)) ?? bindNode(node, scope, context)
}

function bindNode(node: syntax.Expression, scope: Scope | undefined, context: PlanContext): PlanExpression {
  const bind = (part: syntax.Expression): PlanExpression => bindExpression(part, scope, context)
  const optional = (part: syntax.Expression | undefined): PlanExpression | undefined => part && bind(part)
  // Compared with a row, a query gives a row: `(a, b) = (SELECT x, y FROM …)`.
  const bindOperand = (part: syntax.Expression, other: syntax.Expression): PlanExpression =>
    part.kind === 'subquery' && other.kind === 'list' ? bindSubquery(part, scope, context, 'row') : bind(part)
  const place = node.location
  switch (node.kind) {
    case 'literal':
      return bindLiteral(node, context)
    case 'missing':
      return { kind: 'missing' }
    case 'datetime':
      return bindDatetime(node, context)
    case 'interval':
      return bindInterval(node, context)
    case 'overlaps':
      return { kind: 'binary', operator: 'overlaps', left: bind(node.left), right: bind(node.right), place }
    case 'graph-match':
      return bindGraphMatch(node, bind(node.graph), scope, context)
    case 'parameter':
      return { kind: 'parameter', index: node.index }
    case 'variable':
      return bindVariable(node, scope, context)
    case 'path':
      return bindPath(node, scope, context)
    case 'unary':
      return (
        bindNegativeLiteral(node, context) ?? {
          kind: 'unary',
          operator: node.operator,
          operand: bind(node.operand),
          place,
        }
      )
    case 'binary':
      return {
        kind: 'binary',
        operator: node.operator,
        left: bindOperand(node.left, node.right),
        right: bindOperand(node.right, node.left),
        place,
      }
    case 'logical':
      return { kind: 'logical', operator: node.operator, operands: node.operands.map(bind), place }
    case 'between':
      return {
        kind: 'between',
        place,
        operand: bind(node.operand),
        low: bind(node.low),
        high: bind(node.high),
        negated: node.negated,
      }
    case 'like':
      return {
        kind: 'like',
        place,
        operand: bind(node.operand),
        pattern: bind(node.pattern),
        escape: optional(node.escape),
        negated: node.negated,
      }
    case 'in': {
      const { collection } = node
      return {
        kind: 'in',
        place,
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
      checkPart(node, 'DATE_ADD', context)
      return {
        kind: 'call',
        place,
        name: 'date_add',
        variant: node.part,
        args: [bind(node.quantity), bind(node.operand)],
      }
    case 'date-diff':
      checkPart(node, 'DATE_DIFF', context)
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
      return node.over !== undefined
        ? bindWindowFunction(node, node.over, scope, context)
        : bindCall(node, scope, context)
    case 'struct':
      return {
        kind: 'struct',
        place,
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

/**
 * A key of GROUP BY that the expression repeats, of the innermost grouped query; undefined when it repeats none. The
 * expression is bound as it would be before grouping, and compared with the keys.
 */
function bindGroupKey(node: syntax.Expression, scope: Scope, context: PlanContext): PlanExpression | undefined {
  for (let each: Scope | undefined = scope; each !== undefined; each = each.outer) {
    const { level } = each
    if (each.ungrouped === undefined) continue
    const candidates = level.groupKeys.filter((key) => isKeyLike(key.nodeKind, node.kind))
    if (candidates.length === 0) continue
    try {
      const before = expressionKey(bindNode(node, scope.beforeGrouping(level), context))
      const key = candidates.find((candidate) => candidate.expressionKey === before)
      if (key !== undefined) return { kind: 'slot', slot: key.slot }
    } catch (error) {
      // What only has a meaning after grouping, such as the alias of a key, is no repeated key.
      if (!(error instanceof StatementError)) throw error
    }
  }
  return undefined
}

/** `a` may repeat the key `t.a`; beyond that only the same kind of expression can be equal. */
function isKeyLike(keyKind: string, nodeKind: string): boolean {
  const kindOf = (kind: string): string => (kind === 'variable' ? 'path' : kind)
  return kindOf(keyKind) === kindOf(nodeKind)
}

/** `{a: 1}`: a bare name that is no variable is the name itself. */
function bindFieldName(node: syntax.Expression, scope: Scope | undefined, context: PlanContext): PlanExpression {
  if (node.kind !== 'variable' || node.atSign) return bindExpression(node, scope, context)
  return bindScopeVariable(node, scope, context) ?? { kind: 'constant', value: node.name }
}

/** A nested query in the place of a value; one with an explicit select list is coerced to one, or to a row. */
function bindSubquery(
  node: syntax.Subquery,
  scope: Scope | undefined,
  context: PlanContext,
  as: 'scalar' | 'row' = 'scalar',
): PlanExpression {
  const plan = context.planQuery(node.query, scope, context)
  // `(1 + 1)` is no query at all, and its value is not a row.
  if (plan.kind === 'expression') return plan.value
  const { body } = node.query
  const isScalar = body.kind === 'select' && body.projection.kind === 'select-items'
  if (!isScalar) return { kind: 'subquery', plan, as: 'collection' }
  return { kind: 'subquery', plan, as, place: context.dialect.typing === 'strict' ? node.location : undefined }
}

/** A zone is nothing to count in. */
function checkPart(
  node: { readonly part: syntax.DatePart; readonly location: syntax.Location },
  name: string,
  context: PlanContext,
): void {
  if (node.part !== 'timezone_hour' && node.part !== 'timezone_minute') return
  throw context.error(
    'TYPE_ERROR',
    `${name} counts in YEAR, MONTH, DAY, HOUR, MINUTE or SECOND, not in ${node.part.toUpperCase()}.`,
    node.location,
  )
}

/** What a misspelt call may have meant. */
const CALLED: readonly string[] = [...FUNCTIONS.keys(), ...AGGREGATES, ...WINDOW_FUNCTIONS.keys(), 'history']

function bindCall(node: syntax.Call, scope: Scope | undefined, context: PlanContext): PlanExpression {
  const name = node.quoted ? node.name : node.name.toLowerCase()
  if (AGGREGATES.has(name)) return bindAggregate(node, name as AggregateName, scope, context)
  const arity = FUNCTIONS.get(name)
  if (arity === undefined) {
    throw unknownFunction(node, name, 'function', CALLED, context)
  }
  if (node.star || (node.quantifier !== undefined && !takesQuantifier(name))) {
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
  return {
    kind: 'call',
    place: node.location,
    name,
    variant: node.quantifier === 'distinct' ? 'distinct' : undefined,
    args,
  }
}
