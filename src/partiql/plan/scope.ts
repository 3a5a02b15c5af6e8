import type { PlanExpression } from './expression.ts'

/** A name that expressions can use and what it stands for: mostly a slot, for an alias of a select list its expression. */
export interface ScopeVariable {
  readonly name: string
  readonly value: PlanExpression
  /** The slot of a source's row, which may have fields that are named without it; undefined for all else. */
  readonly rowSlot: number | undefined
}

/**
 * The variables of one query, inside those of the queries around it. Later sources see the earlier ones; names are
 * matched exactly first, then, when unquoted, without regard to case.
 */
export class Scope {
  readonly outer: Scope | undefined
  readonly variables: ScopeVariable[] = []
  /** What the arguments of aggregate functions see, where it is not this scope: the rows before they were grouped. */
  readonly beforeGrouping: Scope | undefined

  constructor(outer: Scope | undefined, beforeGrouping?: Scope) {
    this.outer = outer
    this.beforeGrouping = beforeGrouping
  }

  /** A source's row: a bare name may be a field of it. */
  addRow(name: string, slot: number): void {
    this.variables.push({ name, value: { kind: 'slot', slot }, rowSlot: slot })
  }

  /** Any other name: a position, a document id, a LET value, a key, an alias. */
  add(name: string, value: PlanExpression): void {
    this.variables.push({ name, value, rowSlot: undefined })
  }

  /** The innermost variable of this name; undefined when there is none. */
  find(name: string, quoted: boolean): ScopeVariable | undefined {
    const exact = this.variables.find((variable) => variable.name === name)
    if (exact !== undefined) return exact
    if (!quoted) {
      const folded = name.toLowerCase()
      const near = this.variables.find((variable) => variable.name.toLowerCase() === folded)
      if (near !== undefined) return near
    }
    return this.outer?.find(name, quoted)
  }

  /** The rows of the innermost query that has any: where a bare field name belongs. */
  rowSlots(): readonly number[] {
    const slots = this.variables.map((variable) => variable.rowSlot).filter((slot) => slot !== undefined)
    return slots.length > 0 || this.outer === undefined ? slots : this.outer.rowSlots()
  }
}
