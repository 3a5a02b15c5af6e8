import { hasSubquery, mapParts, type PlanExpression, partsOf, type Subquery, slotsOf } from './expression.ts'
import { expressionsOf, inputsOf, mapOperator, type Operator } from './operator.ts'
import type { QueryPlan, SelectPlan } from './query.ts'
import type { Sort } from './sort.ts'
import type { FieldSlot } from './table-source.ts'

/**
 * The same query, in which each table's row that is only ever used as `row.field` is taken apart: its source writes the
 * fields that somebody reads, each into a slot of its own, and `row.field` becomes that slot. What a row costs then
 * depends on these fields alone, and whatever keeps rows (sorting, joining) keeps no more than them. A row that is used
 * whole somewhere (`SELECT *`, GROUP AS), and the rows of the committed view, stay as they are.
 *
 * @param slotCount how many slots there are before; the answer says how many there are then
 */
export function takeRowsApart(query: QueryPlan, slotCount: number): { query: QueryPlan; slotCount: number } {
  const uses = new RowUses()
  uses.visitQuery(query)
  const rewriting = new Rewriting(uses, slotCount)
  return { query: rewriting.query(query), slotCount: rewriting.slotCount }
}

/** How the rows of tables are used, by the slot of the row. */
class RowUses {
  readonly #rows: Set<number> = new Set()
  readonly #wholes: Set<number> = new Set()
  readonly #fields: Map<number, Set<string>> = new Map()
  readonly #visited: Set<QueryPlan> = new Set()
  #isUnsure = false

  /** The fields that are read of each row that is not used whole. */
  rowsApart(): ReadonlyMap<number, readonly string[]> {
    const rows = this.#isUnsure ? [] : [...this.#rows].filter((slot) => !this.#wholes.has(slot))
    return new Map(rows.map((slot) => [slot, [...(this.#fields.get(slot) ?? [])]]))
  }

  /** A query of WITH stands in many places; it is visited once. */
  visitQuery(query: QueryPlan): void {
    if (this.#visited.has(query)) return
    this.#visited.add(query)
    switch (query.kind) {
      case 'select':
        this.#visitOperator(query.input)
        for (const each of [query.output, query.limit, query.offset, query.pivotName]) {
          if (each !== undefined) this.#visitExpression(each)
        }
        break
      case 'set-operation':
        this.visitQuery(query.left)
        this.visitQuery(query.right)
        break
      case 'expression':
        this.#visitExpression(query.value)
        break
      default:
        this.#isUnsure = true
    }
  }

  #visitOperator(operator: Operator): void {
    switch (operator.kind) {
      case 'table-scan':
      case 'document-lookup':
      case 'index-seek':
      case 'index-range':
        if (operator.view === 'user') this.#rows.add(operator.slots.row)
        break
      case 'group':
        for (const { slot } of operator.groupAs?.variables ?? []) this.#wholes.add(slot)
        break
      case 'once':
      case 'history-scan':
      case 'user-tables-scan':
      case 'past-scan':
      case 'unnest':
      case 'filter':
      case 'let':
      case 'nested-loop':
      case 'hash-join':
      case 'window':
      case 'sort':
      case 'exclude':
        break
      default:
        // It may read slots in ways that are not known here.
        this.#isUnsure = true
        return
    }
    for (const expression of expressionsOf(operator)) this.#visitExpression(expression)
    for (const input of inputsOf(operator)) this.#visitOperator(input)
  }

  #visitExpression(expression: PlanExpression): void {
    switch (expression.kind) {
      case 'slot':
        this.#wholes.add(expression.slot)
        break
      case 'implicit':
        for (const slot of expression.slots) this.#wholes.add(slot)
        break
      case 'subquery':
        this.visitQuery(expression.plan)
        break
      case 'field': {
        const { base, name, foldCase } = expression
        if (base.kind !== 'slot' || foldCase) {
          this.#visitExpression(base)
          break
        }
        const fields = this.#fields.get(base.slot)
        if (fields === undefined) this.#fields.set(base.slot, new Set([name]))
        else fields.add(name)
        break
      }
      default:
        for (const part of partsOf(expression)) this.#visitExpression(part)
    }
  }
}

/**
 * The input of an operator that drops most rows by looking at `keys` alone: of a scan, the fields that they do not read
 * can wait.
 */
function withLateFields(input: Operator, keys: readonly PlanExpression[]): Operator {
  const scan = input.kind === 'filter' ? input.input : input
  if (scan.kind !== 'table-scan' || scan.slots.apart === undefined) return input
  // A nested query reads other documents: then it is too late.
  if ([...keys, ...(input.kind === 'filter' ? input.conditions : [])].some(hasSubquery)) return input
  const read = new Set<number>()
  for (const key of keys) slotsOf(key, read)
  const apart = scan.slots.apart.map((field) => ({ ...field, isLate: !read.has(field.slot) }))
  const changed: Operator = { ...scan, slots: { ...scan.slots, apart } }
  return input.kind === 'filter' ? { ...input, input: changed } : changed
}

class Rewriting {
  slotCount: number
  readonly #fields: Map<number, readonly FieldSlot[]> = new Map()
  readonly #fieldSlots: Set<number> = new Set()
  readonly #subqueries: Map<Subquery, Subquery> = new Map()

  constructor(uses: RowUses, slotCount: number) {
    this.slotCount = slotCount
    for (const [row, names] of uses.rowsApart()) {
      this.#fields.set(
        row,
        names.map((name) => {
          this.#fieldSlots.add(this.slotCount)
          return { name, slot: this.slotCount++ }
        }),
      )
    }
  }

  query(query: QueryPlan): QueryPlan {
    if (this.#fields.size === 0) return query
    const outerSlots = this.#slots(query.outerSlots)
    switch (query.kind) {
      case 'select':
        return this.#select(query, outerSlots)
      case 'set-operation':
        return { ...query, left: this.query(query.left), right: this.query(query.right), outerSlots }
      case 'expression':
        return { ...query, value: this.#expression(query.value), outerSlots }
    }
  }

  #select(select: SelectPlan, outerSlots: readonly number[]): SelectPlan {
    const optional = (part: PlanExpression | undefined): PlanExpression | undefined => part && this.#expression(part)
    const output = this.#expression(select.output)
    const pivotName = optional(select.pivotName)
    let input = this.#operator(select.input)
    if (input.kind === 'sort') {
      // Fields that only conditions and sort keys read need not wait with the row.
      const read = slotsOf(output)
      if (pivotName !== undefined) slotsOf(pivotName, read)
      const keptSlots = input.keptSlots.filter((slot) => !this.#fieldSlots.has(slot) || read.has(slot))
      input = { ...input, keptSlots, input: input.top === undefined ? input.input : this.#topInput(input) }
    }
    const { limit, offset } = select
    return { ...select, input, output, pivotName, limit: optional(limit), offset: optional(offset), outerSlots }
  }

  /** Only the first key is looked at in every row; behind it must be no other reading of documents either. */
  #topInput({ input, keys }: Sort): Operator {
    const expressions = keys.map((key) => key.expression)
    return expressions.some(hasSubquery) ? input : withLateFields(input, expressions.slice(0, 1))
  }

  #operator(operator: Operator): Operator {
    const mapped = mapOperator(
      operator,
      (input) => this.#operator(input),
      (expression) => this.#expression(expression),
    )
    switch (mapped.kind) {
      case 'table-scan':
      case 'document-lookup':
      case 'index-seek':
      case 'index-range': {
        const { slots } = mapped
        return { ...mapped, slots: { ...slots, apart: this.#fields.get(slots.row) } }
      }
      case 'window':
      case 'sort':
        return { ...mapped, keptSlots: this.#slots(mapped.keptSlots) }
      case 'hash-join':
        return { ...mapped, left: withLateFields(mapped.left, mapped.leftKeys) }
      default:
        return mapped
    }
  }

  /** One that stands in two places, as a condition and as the key of an index, stays one: it is computed once. */
  #subquery(subquery: Subquery): Subquery {
    let rewritten = this.#subqueries.get(subquery)
    if (rewritten === undefined) {
      rewritten = { ...subquery, plan: this.query(subquery.plan) }
      this.#subqueries.set(subquery, rewritten)
    }
    return rewritten
  }

  #expression(expression: PlanExpression): PlanExpression {
    switch (expression.kind) {
      case 'subquery':
        return this.#subquery(expression)
      case 'field': {
        const { base, name } = expression
        const fields = base.kind === 'slot' ? this.#fields.get(base.slot) : undefined
        const field = fields?.find((each) => each.name === name)
        return field === undefined
          ? mapParts(expression, (part) => this.#expression(part))
          : { kind: 'slot', slot: field.slot }
      }
      default:
        return mapParts(expression, (part) => this.#expression(part))
    }
  }

  /** The slots of the fields in the place of those of their rows. */
  #slots(slots: readonly number[]): number[] {
    return slots.flatMap((slot) => this.#fields.get(slot)?.map((field) => field.slot) ?? [slot])
  }
}
