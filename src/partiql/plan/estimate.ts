import type { CatalogAccess, TableDefinition } from './catalog-access.ts'
import type { PlanExpression } from './expression.ts'
import { inputsOf, type Operator } from './operator.ts'
import type { IndexRange } from './table-source.ts'

/*
 * How many rows an operator will give, as far as that can be said before reading: from the counts of documents that the
 * ledger keeps, and from constants for all that is not counted. They serve to compare plans, not to promise anything.
 *
 * Source: the constants are the default selectivities of PostgreSQL (src/include/utils/selfuncs.h) for equality and
 * ranges; SQLite's for one-sided ranges ("The SQLite Query Optimizer", 7).
 */

/** Documents of one value of an index. */
const PER_KEY = 3
const BETWEEN = 0.05
const ONE_SIDED = 0.25
/** Rows that pass one condition that is not an equality. */
const CONDITION = 0.33
const CONDITION_EQUAL = 0.1
/** Elements of a nested collection. */
const NESTED = 10

/** Undefined when a table is read whose documents nobody counts. */
export function estimateRows(operator: Operator, catalog: CatalogAccess): number | undefined {
  const of = (input: Operator): number | undefined => estimateRows(input, catalog)
  const count = (table: TableDefinition): number | undefined => catalog.documentCount?.(table.id)
  switch (operator.kind) {
    case 'once':
      return 1
    case 'table-scan':
    case 'history-scan':
      return operator.kind === 'history-scan' && operator.ids !== undefined ? NESTED : count(operator.table)
    case 'document-lookup':
      return operator.isCollection ? NESTED : operator.ids.length
    case 'index-seek': {
      const keys = operator.isCollection ? NESTED : operator.keys.length
      const documents = count(operator.table)
      return documents === undefined ? undefined : Math.min(documents, keys * (operator.index.isUnique ? 1 : PER_KEY))
    }
    case 'index-range':
      return scale(count(operator.table), shareOf(operator))
    case 'user-tables-scan':
      return catalog.tables().length
    case 'past-scan': {
      const table = operator.name === undefined ? undefined : catalog.activeTable(operator.name)
      return table === undefined ? undefined : count(table)
    }
    case 'unnest':
      return NESTED
    case 'filter': {
      // A condition that already chose the access path is not counted twice.
      const { input } = operator
      const own = operator.conditions.length - (isAccess(input) ? 1 : 0)
      return scale(of(input), selectivityOf(operator.conditions.slice(operator.conditions.length - own)))
    }
    case 'nested-loop': {
      const { join, on } = operator
      const left = of(operator.left)
      const right = of(operator.right)
      if (left === undefined || right === undefined) return undefined
      const others = readsThroughIndex(operator.right) ? on.slice(1) : on
      return Math.max(join === 'inner' ? 0 : left, round(left * right * selectivityOf(others)))
    }
    case 'hash-join': {
      const { join } = operator
      const left = of(operator.left)
      const right = of(operator.right)
      if (left === undefined || right === undefined) return undefined
      // The usual join is of a key with what refers to it: as many keys as the larger table has documents.
      const keys = Math.max(1, largestTable(operator.left, catalog), largestTable(operator.right, catalog))
      return Math.max(join === 'inner' ? 0 : left, round((left * right) / keys))
    }
    case 'group':
      return operator.keys.length === 0 ? 1 : scale(of(operator.input), 0.1)
    case 'sort': {
      const rows = of(operator.input)
      const top = topOf(operator.top)
      return rows === undefined || top === undefined ? (top ?? rows) : Math.min(rows, top)
    }
    case 'let':
    case 'window':
    case 'exclude':
      return of(operator.input)
    default:
      return undefined
  }
}

/** The number of rows that LIMIT and OFFSET name together; undefined when they are not known before the run. */
export function topOf(top: readonly PlanExpression[] | undefined): number | undefined {
  if (top === undefined) return undefined
  let sum = 0
  for (const count of top) {
    if (count.kind !== 'constant' || typeof count.value !== 'number') return undefined
    sum += count.value
  }
  return sum
}

/** Which part of the rows passes conditions. */
export function selectivityOf(conditions: readonly PlanExpression[]): number {
  let share = 1
  for (const condition of conditions) {
    share *= condition.kind === 'binary' && condition.operator === '=' ? CONDITION_EQUAL : CONDITION
  }
  return share
}

function shareOf({ low, high, pattern }: IndexRange): number {
  if (pattern !== undefined || (low !== undefined && high !== undefined)) return BETWEEN
  return low === undefined && high === undefined ? 1 : ONE_SIDED
}

/** A document that is found through an index or by its id costs about so many documents of a scan. */
export const FOUND_COST = 4
/** A row in a hash table, beside reading it. */
const HASHED_COST = 1

/** What running an operator to its end costs, in documents of a scan; undefined as {@link estimateRows}. */
export function estimateCost(operator: Operator, catalog: CatalogAccess): number | undefined {
  const rows = estimateRows(operator, catalog)
  if (rows === undefined) return undefined
  switch (operator.kind) {
    case 'document-lookup':
    case 'index-seek':
    case 'index-range':
      return 2 + rows * FOUND_COST
    case 'filter':
    case 'let':
    case 'window':
    case 'exclude':
    case 'group':
    case 'sort':
      return estimateCost(operator.input, catalog)
    case 'nested-loop': {
      const left = estimateCost(operator.left, catalog)
      const right = estimateCost(operator.right, catalog)
      const times = estimateRows(operator.left, catalog)
      return left === undefined || right === undefined || times === undefined ? undefined : left + times * right + rows
    }
    case 'hash-join': {
      const left = estimateCost(operator.left, catalog)
      const right = estimateCost(operator.right, catalog)
      const held = estimateRows(operator.right, catalog)
      if (left === undefined || right === undefined || held === undefined) return undefined
      return left + right + held * HASHED_COST + rows
    }
    default:
      return rows
  }
}

function largestTable(operator: Operator, catalog: CatalogAccess): number {
  const own = 'table' in operator ? (catalog.documentCount?.(operator.table.id) ?? 0) : 0
  return inputsOf(operator).reduce((most, input) => Math.max(most, largestTable(input, catalog)), own)
}

function readsThroughIndex(operator: Operator): boolean {
  return isAccess(operator) || (operator.kind === 'filter' && isAccess(operator.input))
}

function isAccess(operator: Operator): boolean {
  return operator.kind === 'document-lookup' || operator.kind === 'index-seek' || operator.kind === 'index-range'
}

function scale(rows: number | undefined, share: number): number | undefined {
  return rows === undefined ? undefined : round(rows * share)
}

/** Whole rows, at least one: nothing is known to be empty but an empty table. */
function round(rows: number): number {
  return rows === 0 ? 0 : Math.max(1, Math.round(rows))
}
