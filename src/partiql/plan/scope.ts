import type { PlanExpression } from './expression.ts'
import type { QueryLevel } from './query-level.ts'

/** A name that expressions can use and what it stands for: mostly a slot, for an alias of a select list its expression. */
export interface ScopeVariable {
  readonly name: string
  readonly value: PlanExpression
  /** The slot of a source's row, which may have fields that are named without it; undefined for all else. */
  readonly rowSlot: number | undefined
  /** A query of WITH: in FROM it comes before a table of the same name. */
  readonly isQuery?: boolean
}

/** What a name was found to be: `isHidden` when it belongs to rows that have been grouped, so that it has no one value. */
export interface FoundVariable extends ScopeVariable {
  readonly level: QueryLevel
  readonly isHidden: boolean
  /** Several variables of the query answer to the name as it is written; this is the best of them. */
  readonly isAmbiguous: boolean
}

/**
 * The variables of one query, inside those of the queries around it. Later sources see the earlier ones; names are
 * matched exactly first, then, when unquoted, without regard to case.
 */
export class Scope {
  readonly outer: Scope | undefined
  /** The query that the variables belong to; scopes of one query, as before and after grouping, share it. */
  readonly level: QueryLevel
  readonly variables: ScopeVariable[]
  /** The rows as they were before they were grouped; undefined where nothing is grouped. */
  readonly ungrouped: Scope | undefined

  constructor(
    outer: Scope | undefined,
    level: QueryLevel,
    ungrouped?: Scope | undefined,
    variables: ScopeVariable[] = [],
  ) {
    this.outer = outer
    this.level = level
    this.ungrouped = ungrouped
    this.variables = variables
  }

  /** A source's row: a bare name may be a field of it. */
  addRow(name: string, slot: number): void {
    this.variables.push({ name, value: { kind: 'slot', slot }, rowSlot: slot })
  }

  /** Any other name: a position, a document id, a LET value, a key. */
  add(name: string, value: PlanExpression): void {
    this.variables.push({ name, value, rowSlot: undefined })
  }

  /** A query of WITH. */
  addQuery(name: string, value: PlanExpression): void {
    this.variables.push({ name, value, rowSlot: undefined, isQuery: true })
  }

  /** A name whose expression is bound when somebody uses it: an alias of a select list. */
  addAlias(name: string, bind: () => PlanExpression): void {
    let bound: PlanExpression | undefined
    this.variables.push({
      name,
      get value() {
        bound ??= bind()
        return bound
      },
      rowSlot: undefined,
    })
  }

  /** The innermost variable of this name; undefined when there is none. */
  find(name: string, quoted: boolean): FoundVariable | undefined {
    const [own, ...others] = this.#matches(name, quoted)
    if (own !== undefined) return { ...own, level: this.level, isHidden: false, isAmbiguous: others.length > 0 }
    const hidden = this.ungrouped?.findHere(name, quoted)
    if (hidden !== undefined) return { ...hidden, level: this.level, isHidden: true }
    return this.outer?.find(name, quoted)
  }

  /** The variable of this name in the query of this scope itself. */
  findHere(name: string, quoted: boolean): FoundVariable | undefined {
    const found = this.find(name, quoted)
    return found?.level === this.level ? found : undefined
  }

  /**
   * The rows of the innermost query that has any: where a bare field name belongs. `grouped` when these rows have been
   * grouped.
   */
  rowSlots(): readonly number[] | 'grouped' {
    const slots = this.#rowSlotsHere()
    if (slots.length > 0) return slots
    if (this.ungrouped !== undefined && this.ungrouped.#rowSlotsHere().length > 0) return 'grouped'
    return this.outer?.rowSlots() ?? []
  }

  /** The same names, with the rows of the given query as they were before grouping: what its aggregates fold. */
  beforeGrouping(level: QueryLevel): Scope {
    if (this.level === level && this.ungrouped !== undefined) return this.ungrouped
    if (this.outer === undefined) return this
    return new Scope(this.outer.beforeGrouping(level), this.level, this.ungrouped, this.variables)
  }

  #rowSlotsHere(): readonly number[] {
    const slots = this.variables.map((variable) => variable.rowSlot).filter((slot) => slot !== undefined)
    return slots.length === 0 && this.outer?.level === this.level ? this.outer.#rowSlotsHere() : slots
  }

  /** The own variables that a name can mean: those written exactly so first. */
  #matches(name: string, quoted: boolean): ScopeVariable[] {
    const exact = this.variables.filter((variable) => variable.name === name)
    if (quoted) return exact
    const folded = name.toLowerCase()
    return [
      ...exact,
      ...this.variables.filter((variable) => variable.name !== name && variable.name.toLowerCase() === folded),
    ]
  }
}
