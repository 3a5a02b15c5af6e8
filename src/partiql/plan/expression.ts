import { Decimal, type IonFloat, IonNull, Timestamp } from '../../ion/index.ts'
import type { BinaryOperator, DataType, DatePart, Location } from '../syntax/nodes.ts'
import type { EngineValue } from '../value/engine-value.ts'
import { printValue } from '../value/print-value.ts'
import type { GraphMatch } from './graph.ts'
import type { QueryPlan } from './query.ts'

/**
 * An expression with every name resolved: a variable is a slot of the frame, an implicit attribute a field of one.
 * Plain readonly data, so that the planner can compare, rewrite and print it.
 */
export type PlanExpression =
  | Constant
  | MissingConstant
  | GlobalValue
  | ParameterSlot
  | Slot
  | Field
  | Element
  | ImplicitField
  | Wildcard
  | Negation
  | Operation
  | LogicalChain
  | Between
  | Like
  | In
  | IsType
  | IsTruth
  | Case
  | Cast
  | FunctionCall
  | StructConstructor
  | CollectionConstructor
  | Tuple
  | Subquery
  | GraphMatch

interface Constant {
  readonly kind: 'constant'
  readonly value: EngineValue
  /** For a number that was written with an exponent: the binary float it also stands for. */
  readonly asFloat?: IonFloat | undefined
}
interface MissingConstant {
  readonly kind: 'missing'
}
/** A value known by name from outside the statement; unlike a constant it was not written there. */
export interface GlobalValue {
  readonly kind: 'global'
  readonly name: string
  readonly value: EngineValue
}
interface ParameterSlot {
  readonly kind: 'parameter'
  readonly index: number
}
/** A register of the frame. */
interface Slot {
  readonly kind: 'slot'
  readonly slot: number
}
/** `base.name`; with `foldCase` a field that differs only in case is taken where none is equal. */
export interface Field {
  readonly kind: 'field'
  /** In strict typing only, where a step can fail; so also on the other steps. */
  readonly place?: Location | undefined
  readonly base: PlanExpression
  readonly name: string
  readonly foldCase: boolean
}
/** `base[index]` */
export interface Element {
  readonly kind: 'element'
  readonly place?: Location | undefined
  readonly base: PlanExpression
  readonly index: PlanExpression
}
/** A bare name that several sources could hold: the first that has it. */
export interface ImplicitField {
  readonly kind: 'implicit'
  readonly place?: Location | undefined
  readonly slots: readonly number[]
  readonly name: string
  readonly foldCase: boolean
}
/** `base[*].rest` or `base.*.rest`: a bag of `rest` over what `slot` runs through. */
export interface Wildcard {
  readonly kind: 'wildcard'
  readonly place?: Location | undefined
  readonly base: PlanExpression
  readonly over: 'elements' | 'fields'
  readonly slot: number
  readonly rest: PlanExpression
}
export interface Negation {
  readonly kind: 'unary'
  readonly place?: Location | undefined
  readonly operator: 'not' | '-' | '+'
  readonly operand: PlanExpression
}
export interface Operation {
  readonly kind: 'binary'
  readonly place?: Location | undefined
  readonly operator: BinaryOperator | 'overlaps'
  readonly left: PlanExpression
  readonly right: PlanExpression
}
export interface LogicalChain {
  readonly kind: 'logical'
  readonly place?: Location | undefined
  readonly operator: 'and' | 'or'
  readonly operands: readonly PlanExpression[]
}
export interface Between {
  readonly kind: 'between'
  readonly place?: Location | undefined
  readonly operand: PlanExpression
  readonly low: PlanExpression
  readonly high: PlanExpression
  readonly negated: boolean
}
export interface Like {
  readonly kind: 'like'
  readonly place?: Location | undefined
  readonly operand: PlanExpression
  readonly pattern: PlanExpression
  readonly escape: PlanExpression | undefined
  readonly negated: boolean
}
export interface In {
  readonly kind: 'in'
  readonly place?: Location | undefined
  readonly operand: PlanExpression
  readonly collection: PlanExpression
  readonly negated: boolean
}
interface IsType {
  readonly kind: 'is-type'
  readonly operand: PlanExpression
  readonly type: DataType
  readonly negated: boolean
}
interface IsTruth {
  readonly kind: 'is-truth'
  readonly operand: PlanExpression
  readonly truth: 'true' | 'false' | 'unknown'
  readonly negated: boolean
}
export interface Case {
  readonly kind: 'case'
  readonly operand: PlanExpression | undefined
  readonly branches: readonly { readonly when: PlanExpression; readonly result: PlanExpression }[]
  readonly otherwise: PlanExpression | undefined
}
export interface Cast {
  readonly kind: 'cast'
  readonly place?: Location | undefined
  readonly mode: 'cast' | 'can_cast' | 'can_lossless_cast'
  readonly operand: PlanExpression
  readonly type: DataType
}
/**
 * A scalar function of {@link FUNCTIONS}. `variant` is the bare word some take: the date part of EXTRACT, DATE_ADD and
 * DATE_DIFF, the side of TRIM, DISTINCT in COLL_SUM and its kin.
 */
export interface FunctionCall {
  readonly kind: 'call'
  readonly place?: Location | undefined
  readonly name: string
  readonly variant: DatePart | 'leading' | 'trailing' | 'both' | 'distinct' | undefined
  readonly args: readonly PlanExpression[]
}
export interface StructConstructor {
  readonly kind: 'struct'
  readonly place?: Location | undefined
  readonly fields: readonly { readonly name: PlanExpression; readonly value: PlanExpression }[]
}
export interface CollectionConstructor {
  readonly kind: 'list' | 'bag' | 'sexp'
  readonly items: readonly PlanExpression[]
}
/**
 * The struct a select list makes. A `field` is left out where it is MISSING. A `spread` gives its fields when it is a
 * struct; anything else becomes one field called `name`, MISSING nothing.
 */
export interface Tuple {
  readonly kind: 'tuple'
  readonly items: readonly TupleItem[]
}
export interface TupleItem {
  readonly kind: 'field' | 'spread'
  readonly name: string
  readonly value: PlanExpression
}
/**
 * A nested query: as `scalar` one row with one attribute is that value, as `row` one row is the list of its values, as
 * `collection` it is all its rows.
 */
export interface Subquery {
  readonly kind: 'subquery'
  readonly plan: QueryPlan
  readonly as: 'scalar' | 'row' | 'collection' | 'unwrapped'
  /** Given when several such expressions are the same query of WITH: its result is calculated once and kept. */
  readonly share?: object | undefined
  /** In strict typing only, where a query that gives no one value is an error. */
  readonly place?: Location | undefined
}
export type AggregateName = 'count' | 'sum' | 'avg' | 'min' | 'max' | 'every' | 'any' | 'some'

/** The same expression with each direct part replaced by what `map` makes of it. Subqueries are not entered. */
export function mapParts(expression: PlanExpression, map: (part: PlanExpression) => PlanExpression): PlanExpression {
  const optional = (part: PlanExpression | undefined): PlanExpression | undefined => part && map(part)
  switch (expression.kind) {
    case 'constant':
    case 'missing':
    case 'global':
    case 'parameter':
    case 'slot':
    case 'implicit':
    case 'subquery':
      return expression
    case 'field':
      return { ...expression, base: map(expression.base) }
    case 'element':
      return { ...expression, base: map(expression.base), index: map(expression.index) }
    case 'wildcard':
      return { ...expression, base: map(expression.base), rest: map(expression.rest) }
    case 'unary':
    case 'is-type':
    case 'is-truth':
    case 'cast':
      return { ...expression, operand: map(expression.operand) }
    case 'binary':
      return { ...expression, left: map(expression.left), right: map(expression.right) }
    case 'logical':
      return { ...expression, operands: expression.operands.map(map) }
    case 'between':
      return { ...expression, operand: map(expression.operand), low: map(expression.low), high: map(expression.high) }
    case 'like':
      return {
        ...expression,
        operand: map(expression.operand),
        pattern: map(expression.pattern),
        escape: optional(expression.escape),
      }
    case 'in':
      return { ...expression, operand: map(expression.operand), collection: map(expression.collection) }
    case 'case':
      return {
        ...expression,
        operand: optional(expression.operand),
        branches: expression.branches.map(({ when, result }) => ({ when: map(when), result: map(result) })),
        otherwise: optional(expression.otherwise),
      }
    case 'call':
      return { ...expression, args: expression.args.map(map) }
    case 'struct':
      return {
        ...expression,
        fields: expression.fields.map(({ name, value }) => ({ name: map(name), value: map(value) })),
      }
    case 'list':
    case 'bag':
    case 'sexp':
      return { ...expression, items: expression.items.map(map) }
    case 'tuple':
      return { ...expression, items: expression.items.map((item) => ({ ...item, value: map(item.value) })) }
    case 'graph-match':
      return { ...expression, graph: map(expression.graph), conditions: expression.conditions.map(map) }
  }
}

/** The direct parts of an expression, in the order of evaluation. */
export function partsOf(expression: PlanExpression): PlanExpression[] {
  const parts: PlanExpression[] = []
  mapParts(expression, (part) => {
    parts.push(part)
    return part
  })
  return parts
}

/** True when some part, the expression itself included, is as asked. Subqueries are not entered. */
export function contains(expression: PlanExpression, asked: (part: PlanExpression) => boolean): boolean {
  return asked(expression) || partsOf(expression).some((part) => contains(part, asked))
}

/** True when a nested query is part of the expression: evaluating it may read documents. */
export function hasSubquery(expression: PlanExpression): boolean {
  return contains(expression, (part) => part.kind === 'subquery')
}

/**
 * The slots an expression reads from outside itself: those a subquery or a wildcard fills for itself are not counted.
 */
export function slotsOf(expression: PlanExpression, into: Set<number> = new Set()): Set<number> {
  switch (expression.kind) {
    case 'slot':
      into.add(expression.slot)
      break
    case 'implicit':
      for (const slot of expression.slots) into.add(slot)
      break
    case 'subquery':
      for (const slot of expression.plan.outerSlots) into.add(slot)
      break
    case 'graph-match':
      slotsOf(expression.graph, into)
      for (const slot of slotsOfConditions(expression)) into.add(slot)
      break
    case 'wildcard': {
      slotsOf(expression.base, into)
      const rest = slotsOf(expression.rest)
      rest.delete(expression.slot)
      for (const slot of rest) into.add(slot)
      break
    }
    default:
      for (const part of partsOf(expression)) slotsOf(part, into)
  }
  return into
}

/** A pattern fills the slots of its variables itself. */
function slotsOfConditions({ conditions, pattern }: GraphMatch): Set<number> {
  const read = new Set<number>()
  for (const condition of conditions) slotsOf(condition, read)
  for (const { slot } of pattern.variables) read.delete(slot)
  return read
}

/**
 * Two expressions are the same computation exactly when their keys are equal. Subqueries and constants that are
 * containers are never the same as another.
 */
export function expressionKey(expression: PlanExpression): string {
  return planKey(expression)
}

/** As {@link expressionKey}, for anything that is made of expressions. */
export function planKey(node: object): string {
  return JSON.stringify(node, (name, part: unknown) => {
    if (name === 'place') return undefined
    if (typeof part !== 'object' || part === null || !('kind' in part)) return part
    if (part.kind === 'constant') return constantKey((part as Constant).value)
    if (part.kind === 'global') return { global: (part as GlobalValue).name }
    if (part.kind === 'field' && (part as Field).foldCase) {
      return { ...part, name: (part as Field).name.toLowerCase() }
    }
    if (part.kind === 'subquery') return `unlike ${unlikeCount++}`
    if (part.kind === 'type') return { ...part, location: undefined }
    return part
  })
}
let unlikeCount = 0

function constantKey(value: EngineValue): unknown {
  if (typeof value === 'bigint') return { int: `${value}` }
  if (typeof value !== 'object') return { [typeof value]: value }
  if (value instanceof Decimal) return { decimal: value.toString() }
  if (value instanceof Timestamp) return { timestamp: value.toString() }
  if (value instanceof IonNull) return { null: value.type }
  if ('kind' in value) return { [value.kind]: printValue(value) }
  return `unlike ${unlikeCount++}`
}
