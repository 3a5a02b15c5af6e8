import { indexedField } from './access-path.ts'
import type { Group } from './group.ts'
import type { Operator } from './operator.ts'
import { indexOn, wholeIndex } from './table-source.ts'

/**
 * A group over all rows that need not read all rows: COUNT(*) of a whole table asks for its size, MIN or MAX of an
 * indexed field takes the first row in the order of the index.
 */
export function withShortcut(group: Group): Group {
  const { keys, aggregates, groupAs, input } = group
  if (keys.length > 0 || groupAs !== undefined) return group
  const [only] = aggregates
  if (only === undefined) return group
  if (input.kind === 'table-scan' && aggregates.every((each) => each.argument === undefined)) {
    return { ...group, shortcut: 'count' }
  }
  const { argument, name } = only
  if (aggregates.length > 1 || argument === undefined || (name !== 'min' && name !== 'max')) return group
  const ordered = inOrder(input, (source) => indexedField(argument, source), name === 'max')
  return ordered === undefined ? group : { ...group, input: ordered, shortcut: 'first' }
}

/** The input from the smallest, or largest, value on; undefined when it has no such order. */
function inOrder(
  input: Operator,
  fieldIn: (source: Parameters<typeof indexedField>[1]) => string | undefined,
  isReverse: boolean,
): Operator | undefined {
  switch (input.kind) {
    case 'table-scan': {
      const index = indexOn(input.table, fieldIn(input))
      return index && { ...wholeIndex(input, index), isReverse, isOrdered: true }
    }
    case 'index-range':
      return fieldIn(input) === input.index.field ? { ...input, isReverse, isOrdered: true } : undefined
    case 'filter': {
      // Conditions on other fields might let the index be walked to its end.
      if (input.input.kind !== 'index-range') return undefined
      const ordered = inOrder(input.input, fieldIn, isReverse)
      return ordered && { ...input, input: ordered }
    }
    default:
      return undefined
  }
}
