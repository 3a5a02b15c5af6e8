import { indexedField } from './access-path.ts'
import type { CatalogAccess } from './catalog-access.ts'
import { estimateRows, FOUND_COST, selectivityOf, topOf } from './estimate.ts'
import type { Operator } from './operator.ts'
import type { Sort, SortKey } from './sort.ts'
import { indexOn, wholeIndex } from './table-source.ts'

/** More rows than this are not held in memory to be sorted when an index has them in order. */
const MANY = 500_000
/** The LIMIT that a parameter will give. */
const LIKELY_TOP = 100

/**
 * The rows of a sort in its order: straight from an index where the only key is an indexed field of the source that is
 * read first, so that a LIMIT ends the reading; else by sorting. Rows of equal keys come in the same order either way.
 */
export function planSort(sort: Sort, catalog: CatalogAccess, newSlot: () => number): Operator {
  const [key] = sort.keys
  const ordered = key === undefined || sort.keys.length > 1 ? undefined : inOrder(sort.input, key, sort, catalog)
  return ordered ?? withTieBreak(sort, newSlot)
}

/** What is looked up comes in the order of keys; a scan comes in the order of document ids, and so shall equal rows. */
function withTieBreak(sort: Sort, newSlot: () => number): Sort {
  const named = withDocumentId(sort.input, newSlot)
  if (named === undefined) return sort
  const { input, slot } = named
  const last = { expression: { kind: 'slot', slot }, isDescending: false, nullsFirst: false, isTieBreak: true } as const
  return { ...sort, input, keys: [...sort.keys, last] }
}

/** The rows of one table that are looked up, with a slot for the document id; undefined for any others. */
function withDocumentId(
  operator: Operator,
  newSlot: () => number,
): { readonly input: Operator; readonly slot: number } | undefined {
  switch (operator.kind) {
    case 'filter':
    case 'let': {
      const named = withDocumentId(operator.input, newSlot)
      return named && { input: { ...operator, input: named.input }, slot: named.slot }
    }
    case 'document-lookup':
    case 'index-seek':
    case 'index-range': {
      const slot = operator.slots.by ?? newSlot()
      return { input: { ...operator, slots: { ...operator.slots, by: slot } }, slot }
    }
    default:
      return undefined
  }
}

function inOrder(operator: Operator, key: SortKey, sort: Sort, catalog: CatalogAccess): Operator | undefined {
  switch (operator.kind) {
    case 'filter':
    case 'let': {
      const input = inOrder(operator.input, key, sort, catalog)
      return input && { ...operator, input }
    }
    case 'nested-loop':
    case 'hash-join': {
      if (operator.join !== 'inner' && operator.join !== 'left') return undefined
      const left = inOrder(operator.left, key, sort, catalog)
      return left && { ...operator, left }
    }
    case 'index-range': {
      // The range leaves out what has no value, and so do the conditions it was chosen for.
      if (indexedField(key.expression, operator) !== operator.index.field) return undefined
      return { ...operator, isReverse: key.isDescending, isOrdered: true }
    }
    case 'table-scan': {
      const index = indexOn(operator.table, indexedField(key.expression, operator))
      if (index === undefined || !isWorthwhile(sort, catalog)) return undefined
      return {
        ...wholeIndex(operator, index),
        isReverse: key.isDescending,
        isOrdered: true,
        absent: key.nullsFirst ? 'first' : 'last',
      }
    }
    default:
      return undefined
  }
}

/** Whether walking the index until enough rows have passed costs less than reading all rows once. */
function isWorthwhile({ top, input }: Sort, catalog: CatalogAccess): boolean {
  if (top === undefined) return (estimateRows(input, catalog) ?? 0) > MANY
  let share = 1
  let leaf = input
  while (leaf.kind === 'filter' || leaf.kind === 'let' || leaf.kind === 'nested-loop' || leaf.kind === 'hash-join') {
    if (leaf.kind === 'filter') share *= selectivityOf(leaf.conditions)
    leaf = leaf.kind === 'filter' || leaf.kind === 'let' ? leaf.input : leaf.left
  }
  const rows = estimateRows(leaf, catalog)
  return rows === undefined || ((topOf(top) ?? LIKELY_TOP) / share) * FOUND_COST <= Math.max(rows, 1000)
}
