import type { SetQuantifier, WindowDefinition } from '../syntax/nodes.ts'
import { type AggregateName, expressionKey, type PlanExpression, planKey } from './expression.ts'
import type { GroupAggregate } from './group.ts'
import type { WindowFunction, WindowOrder } from './window.ts'

/** A key of GROUP BY, for finding its expression again in SELECT, HAVING and ORDER BY. */
export interface GroupKeyName {
  /** The kind of the syntax node: only such a node can repeat the key. */
  readonly nodeKind: string
  readonly expressionKey: string
  readonly slot: number
}

/**
 * What is collected while the names of one query are bound: aggregate functions are found inside expressions, also of
 * nested queries, and calculated by the query whose rows they fold.
 */
export class QueryLevel {
  /**
   * What is being bound: FROM, LET, WHERE and the keys of GROUP BY (`rows`), the argument of an aggregate function; then,
   * after grouping, HAVING, SELECT and ORDER BY (`output`), and the parts of a window function.
   */
  phase: 'rows' | 'argument' | 'having' | 'window' | 'output' = 'rows'
  /** WINDOW: the windows that functions can name. */
  windowDefinitions: readonly WindowDefinition[] = []
  /** The window functions by their order; each order is one operator. */
  readonly windows: Map<string, { readonly order: WindowOrder; readonly functions: WindowFunction[] }> = new Map()
  /** ORDER BY over a set operation sees nothing but its rows: a bare name is a field of them before all else. */
  readonly areFieldsFirst: boolean
  readonly aggregates: GroupAggregate[] = []
  groupKeys: readonly GroupKeyName[] = []
  readonly #slotsByKey: Map<string, number> = new Map()

  constructor(areFieldsFirst = false) {
    this.areFieldsFirst = areFieldsFirst
  }

  /** The slot that holds the result of an aggregate function; the same function is calculated once. */
  slotOfAggregate(
    name: AggregateName,
    quantifier: SetQuantifier,
    argument: PlanExpression | undefined,
    newSlot: () => number,
  ): number {
    const key = `${name} ${quantifier} ${argument === undefined ? '*' : expressionKey(argument)}`
    let slot = this.#slotsByKey.get(key)
    if (slot === undefined) {
      slot = newSlot()
      this.#slotsByKey.set(key, slot)
      this.aggregates.push({ name, quantifier, argument, slot })
    }
    return slot
  }

  /** The slot that holds the result of a window function; the same function over the same window is calculated once. */
  slotOfWindowFunction(order: WindowOrder, call: Omit<WindowFunction, 'slot'>, newSlot: () => number): number {
    const orderKey = planKey(order)
    let window = this.windows.get(orderKey)
    if (window === undefined) {
      window = { order, functions: [] }
      this.windows.set(orderKey, window)
    }
    const key = planKey(call)
    const known = window.functions.find(({ slot: _, ...each }) => planKey(each) === key)
    if (known !== undefined) return known.slot
    const slot = newSlot()
    window.functions.push({ ...call, slot })
    return slot
  }
}
