import type { IonStruct } from '../ion/index.ts'
import { type Table, tableFromIon } from './table.ts'

/**
 * All tables of a ledger at one moment. Immutable, so that its identity can stand for its state: a plan made for one
 * `Catalog` object is good for exactly that object.
 */
export class Catalog {
  static readonly EMPTY: Catalog = new Catalog([], new Map(), new Map(), 0, () => undefined)

  readonly #tables: readonly Table[]
  readonly #byId: ReadonlyMap<string, Table>
  readonly #activeByName: ReadonlyMap<string, Table>
  /** How many indexes were ever created: the number of the next one. */
  readonly indexCount: number
  readonly #countOf: (table: Table) => number | undefined
  /** True for the tables of a moment that is over. */
  readonly isPast: boolean

  private constructor(
    tables: readonly Table[],
    byId: ReadonlyMap<string, Table>,
    activeByName: ReadonlyMap<string, Table>,
    indexCount: number,
    countOf: (table: Table) => number | undefined,
    isPast = false,
  ) {
    this.#tables = tables
    this.#byId = byId
    this.#activeByName = activeByName
    this.indexCount = indexCount
    this.#countOf = countOf
    this.isPast = isPast
  }

  /** Every table ever created, dropped ones included, in the order of creation. */
  tables(): readonly Table[] {
    return this.#tables
  }

  /** The table with this id, active or dropped; undefined when there never was one. */
  table(tableId: string): Table | undefined {
    return this.#byId.get(tableId)
  }

  /** The active table of this name (case-sensitive); undefined when there is none. */
  activeTable(name: string): Table | undefined {
    return this.#activeByName.get(name)
  }

  /** This catalog with `table` added, or put in the place of its former version. Cost: one copy of the table list. */
  with(table: Table): Catalog {
    const tables = [...this.#tables]
    tables[table.number] = table
    const byId = new Map(this.#byId).set(table.id, table)
    const activeByName = new Map<string, Table>()
    for (const each of tables) if (each.status === 'ACTIVE') activeByName.set(each.name, each)
    let indexCount = this.indexCount
    for (const index of table.indexes) indexCount = Math.max(indexCount, index.number + 1)
    return new Catalog(tables, byId, activeByName, indexCount, this.#countOf)
  }

  /** This catalog, knowing that `indexCount` indexes were ever created: dropped ones leave no other trace. */
  withIndexCount(indexCount: number): Catalog {
    const count = Math.max(indexCount, this.indexCount)
    return new Catalog(this.#tables, this.#byId, this.#activeByName, count, this.#countOf)
  }

  /** This catalog, and every one made of it, asking `countOf` for {@link documentCount}. */
  withCounts(countOf: (table: Table) => number | undefined): Catalog {
    return new Catalog(this.#tables, this.#byId, this.#activeByName, this.indexCount, countOf)
  }

  /**
   * How many documents a table has about now, for estimates: not the state of any snapshot, and the one thing here that
   * changes. Undefined when nobody counts.
   */
  documentCount(tableId: string): number | undefined {
    const table = this.#byId.get(tableId)
    return table && this.#countOf(table)
  }

  /** The same tables as those of a moment that is over: there are no indexes on the past. */
  asPast(): Catalog {
    const plain = this.#tables.reduce((catalog, table) => catalog.with({ ...table, indexes: [] }), Catalog.EMPTY)
    return new Catalog(plain.#tables, plain.#byId, plain.#activeByName, 0, () => undefined, true)
  }

  /**
   * The table that a catalog document of the journal describes, with the numbers it has, or will have, in this
   * catalog. See {@link tableFromIon}.
   *
   * @param indexNumbers the numbers of its indexes in the order of the document, where they are known
   */
  read(document: IonStruct, version: number, indexNumbers?: readonly number[]): Table {
    const id = document.get('tableId')
    const known = typeof id === 'string' ? this.#byId.get(id) : undefined
    let next = this.indexCount
    return tableFromIon(
      document,
      version,
      known?.number ?? this.#tables.length,
      (indexId, position) =>
        indexNumbers?.[position] ?? known?.indexes.find((index) => index.id === indexId)?.number ?? next++,
    )
  }
}
