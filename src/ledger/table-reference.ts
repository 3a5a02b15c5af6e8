import type { Catalog } from '../catalog/index.ts'

/** What a table is declared with beside its name. */
export interface TableOptions<Document extends object> {
  /** Top-level fields to index, for `find` and for equality in statements. */
  readonly index?: readonly (keyof Document & string)[]
}

/**
 * A table by name, with the type of its documents: what {@link table} makes and `ledger.table` opens. It holds no
 * connection to any ledger, so one reference serves every ledger and every transaction.
 */
export class TableReference<Document extends object> {
  /** Case-sensitive. */
  readonly name: string
  /** The fields that are indexed. */
  readonly index: readonly string[]
  /** Only a type: never set. */
  declare readonly documentType?: Document

  /** @internal use {@link table} */
  constructor(name: string, index: readonly string[]) {
    this.name = name
    this.index = index
  }
}

/** The type of the documents of a table reference: `type Vehicle = DocumentOf<typeof Vehicle>`. */
export type DocumentOf<Reference> = Reference extends TableReference<infer Document> ? Document : never

/**
 * Declares a table: its name, the TypeScript type of its documents and the fields to index.
 *
 * ```ts
 * export const Vehicle = table<{ vin: string, owner: string, year: number }>('Vehicle', { index: ['vin', 'owner'] })
 * const cars = await ledger.table(Vehicle)
 * ```
 *
 * The type is a promise of the program to itself: documents are not compared with it when they are stored.
 *
 * @param name letters, digits and `_`, not starting with a digit, 128 characters at most; case-sensitive
 * @throws {TypeError} when the name or an index is no such text
 */
export function table<Document extends object = Record<string, unknown>>(
  name: string,
  options: TableOptions<Document> = {},
): TableReference<Document> {
  if (typeof name !== 'string' || !/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name)) {
    throw new TypeError(
      `'name' expected 1 to 128 letters, digits or _, not starting with a digit, got ${JSON.stringify(name)}`,
    )
  }
  const index = options.index ?? []
  for (const field of index) {
    if (typeof field !== 'string' || field === '') {
      throw new TypeError(`'index' expected names of top-level fields, got ${JSON.stringify(field)}`)
    }
  }
  return new TableReference<Document>(name, [...new Set(index)])
}

/** The statements that make what the reference names and the catalog lacks; empty when all is there. */
export function missingDefinitions(
  reference: Pick<TableReference<object>, 'name' | 'index'>,
  catalog: Catalog,
): readonly string[] {
  const name = quoteName(reference.name)
  const table = catalog.activeTable(reference.name)
  const statements = table === undefined ? [`CREATE TABLE ${name}`] : []
  for (const field of reference.index) {
    if (table?.indexes.some((index) => index.field === field)) continue
    statements.push(`CREATE INDEX ON ${name} (${quoteName(field)})`)
  }
  return statements
}

/** A name as a statement writes it, whatever characters it has. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
