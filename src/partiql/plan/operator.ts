import type { Exclude } from './exclude.ts'
import type { PlanExpression } from './expression.ts'
import type { Filter } from './filter.ts'
import type { Group } from './group.ts'
import type { HashJoin, NestedLoop } from './join.ts'
import type { Let } from './let.ts'
import type { Sort } from './sort.ts'
import type {
  DocumentLookup,
  HistoryScan,
  IndexRange,
  IndexSeek,
  PastScan,
  SourceSlots,
  TableScan,
  UserTablesScan,
} from './table-source.ts'
import type { Unnest } from './unnest.ts'
import { mapWindowFunction, type Window, windowExpressions } from './window.ts'

/**
 * What makes rows: each `next` fills slots of the frame. An operator reads the slots of those before it and of the
 * queries around it.
 */
export type Operator =
  | Once
  | TableScan
  | DocumentLookup
  | IndexSeek
  | IndexRange
  | HistoryScan
  | UserTablesScan
  | PastScan
  | Unnest
  | Filter
  | Let
  | NestedLoop
  | HashJoin
  | Group
  | Window
  | Sort
  | Exclude

/** One row without variables: what a SELECT without FROM runs over. */
interface Once {
  readonly kind: 'once'
}

/** The operators directly below one. */
export function inputsOf(operator: Operator): readonly Operator[] {
  switch (operator.kind) {
    case 'nested-loop':
    case 'hash-join':
      return [operator.left, operator.right]
    case 'filter':
    case 'let':
    case 'group':
    case 'window':
    case 'sort':
    case 'exclude':
      return [operator.input]
    default:
      return []
  }
}

/** The slots an operator and those below it fill. */
export function writtenSlots(operator: Operator): number[] {
  const slots = inputsOf(operator).flatMap(writtenSlots)
  switch (operator.kind) {
    case 'table-scan':
    case 'document-lookup':
    case 'index-seek':
    case 'index-range':
    case 'history-scan':
    case 'user-tables-scan':
    case 'past-scan':
    case 'unnest':
      slots.push(...sourceSlots(operator.slots))
      break
    case 'let':
      slots.push(operator.slot)
      break
    case 'group':
      return groupSlots(operator)
    case 'window':
      slots.push(...operator.functions.map((each) => each.slot))
      break
    case 'exclude':
      slots.push(...operator.variables.map((variable) => variable.slot))
      break
    case 'once':
    case 'filter':
    case 'nested-loop':
    case 'hash-join':
    case 'sort':
      break
  }
  return slots
}

function sourceSlots({ row, apart, at, by }: SourceSlots): number[] {
  const rowSlots = apart === undefined ? [row] : apart.map((field) => field.slot)
  return [...rowSlots, at, by].filter((slot) => slot !== undefined)
}

/** What is left after grouping: keys, aggregates and the group itself. */
function groupSlots(group: Group): number[] {
  const slots = group.aggregates.map((aggregate) => aggregate.slot)
  for (const { slot, firstSlot } of group.keys) slots.push(slot, ...(firstSlot === undefined ? [] : [firstSlot]))
  if (group.groupAs !== undefined) slots.push(group.groupAs.slot)
  return slots
}

/** The expressions an operator itself evaluates, those below it not included. */
export function expressionsOf(operator: Operator): readonly PlanExpression[] {
  switch (operator.kind) {
    case 'once':
    case 'table-scan':
    case 'user-tables-scan':
      return []
    case 'document-lookup':
      return operator.ids
    case 'index-seek':
      return operator.keys
    case 'index-range': {
      const { low, high, pattern } = operator
      return [low?.value, high?.value, pattern?.pattern, pattern?.escape].filter((value) => value !== undefined)
    }
    case 'history-scan':
      return [...(operator.ids ?? []), operator.start, operator.end].filter((expression) => expression !== undefined)
    case 'past-scan':
      return [operator.moment]
    case 'unnest':
      return [operator.collection]
    case 'filter':
      return operator.conditions
    case 'let':
      return [operator.value]
    case 'nested-loop':
      return operator.on
    case 'hash-join':
      return [...operator.leftKeys, ...operator.rightKeys, ...operator.on]
    case 'group':
      return [
        ...operator.keys.map((key) => key.expression),
        ...operator.aggregates.flatMap((aggregate) => aggregate.argument ?? []),
      ]
    case 'window':
      return [
        ...operator.partitionBy,
        ...operator.orderBy.map((key) => key.expression),
        ...operator.functions.flatMap(windowExpressions),
      ]
    case 'sort':
      return [...operator.keys.map((key) => key.expression), ...(operator.top ?? [])]
    case 'exclude':
      return operator.variables.map((variable) => variable.source)
  }
}

/** The same operator over inputs that `mapInput` makes of its own, with expressions that `mapExpression` makes of its. */
export function mapOperator(
  operator: Operator,
  mapInput: (input: Operator) => Operator,
  mapExpression: (expression: PlanExpression) => PlanExpression,
): Operator {
  const optional = (expression: PlanExpression | undefined): PlanExpression | undefined =>
    expression && mapExpression(expression)
  switch (operator.kind) {
    case 'once':
    case 'table-scan':
    case 'user-tables-scan':
      return operator
    case 'past-scan':
      return { ...operator, moment: mapExpression(operator.moment) }
    case 'document-lookup':
      return { ...operator, ids: operator.ids.map(mapExpression) }
    case 'index-seek':
      return { ...operator, keys: operator.keys.map(mapExpression) }
    case 'index-range': {
      const { low, high, pattern } = operator
      return {
        ...operator,
        low: low && { ...low, value: mapExpression(low.value) },
        high: high && { ...high, value: mapExpression(high.value) },
        pattern: pattern && { pattern: mapExpression(pattern.pattern), escape: optional(pattern.escape) },
      }
    }
    case 'history-scan':
      return {
        ...operator,
        ids: operator.ids?.map(mapExpression),
        start: optional(operator.start),
        end: optional(operator.end),
      }
    case 'unnest':
      return { ...operator, collection: mapExpression(operator.collection) }
    case 'filter':
      return { ...operator, input: mapInput(operator.input), conditions: operator.conditions.map(mapExpression) }
    case 'let':
      return { ...operator, input: mapInput(operator.input), value: mapExpression(operator.value) }
    case 'nested-loop':
      return {
        ...operator,
        left: mapInput(operator.left),
        right: mapInput(operator.right),
        on: operator.on.map(mapExpression),
      }
    case 'hash-join':
      return {
        ...operator,
        left: mapInput(operator.left),
        right: mapInput(operator.right),
        leftKeys: operator.leftKeys.map(mapExpression),
        rightKeys: operator.rightKeys.map(mapExpression),
        on: operator.on.map(mapExpression),
      }
    case 'group':
      return {
        ...operator,
        input: mapInput(operator.input),
        keys: operator.keys.map((key) => ({ ...key, expression: mapExpression(key.expression) })),
        aggregates: operator.aggregates.map((each) => ({ ...each, argument: optional(each.argument) })),
      }
    case 'window':
      return {
        ...operator,
        input: mapInput(operator.input),
        partitionBy: operator.partitionBy.map(mapExpression),
        orderBy: operator.orderBy.map((key) => ({ ...key, expression: mapExpression(key.expression) })),
        functions: operator.functions.map((each) => mapWindowFunction(each, mapExpression)),
      }
    case 'exclude':
      return {
        ...operator,
        input: mapInput(operator.input),
        variables: operator.variables.map((each) => ({ ...each, source: mapExpression(each.source) })),
      }
    case 'sort':
      return {
        ...operator,
        input: mapInput(operator.input),
        keys: operator.keys.map((key) => ({ ...key, expression: mapExpression(key.expression) })),
        top: operator.top?.map(mapExpression),
      }
  }
}
