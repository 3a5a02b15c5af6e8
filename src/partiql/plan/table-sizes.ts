import type { CatalogAccess, TableDefinition } from './catalog-access.ts'

/** Below this many documents every plan is good. */
const SMALL = 1000
/** A table that grew or shrank by so much may want another plan. */
const FACTOR = 8

/** A catalog that remembers which sizes of tables a plan was chosen for. */
export class TableSizes implements CatalogAccess {
  readonly #catalog: CatalogAccess
  readonly #sizes: Map<string, number> = new Map()

  constructor(catalog: CatalogAccess) {
    this.#catalog = catalog
  }

  get isPast(): boolean {
    return this.#catalog.isPast === true
  }

  activeTable(name: string): TableDefinition | undefined {
    return this.#catalog.activeTable(name)
  }

  table(tableId: string): TableDefinition | undefined {
    return this.#catalog.table(tableId)
  }

  tables(): readonly TableDefinition[] {
    return this.#catalog.tables()
  }

  documentCount(tableId: string): number | undefined {
    const size = this.#catalog.documentCount?.(tableId)
    if (size !== undefined) this.#sizes.set(tableId, size)
    return size
  }

  /** True when a table that mattered is now of another order of size. Cost: a look-up for each of them, mostly none. */
  haveChanged(): boolean {
    for (const [tableId, then] of this.#sizes) {
      const now = this.#catalog.documentCount?.(tableId) ?? then
      if (Math.max(now, then) > SMALL && (now > FACTOR * then || then > FACTOR * now)) return true
    }
    return false
  }
}
