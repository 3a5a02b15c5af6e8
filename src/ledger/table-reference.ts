import type { Catalog } from '../catalog/index.ts'
import { type InputOf, isStandardSchema, type OutputOf, type StandardSchema } from './standard-schema.ts'

/** What a table is declared with beside its name. */
export interface TableOptions<Document extends object> {
  /** Top-level fields to index, for `find` and for equality in statements. */
  readonly index?: readonly (keyof Document & string)[]
  /** Top-level fields to index of which no two documents may have one value; null and absent ones apart. */
  readonly unique?: readonly (keyof Document & string)[]
}

/**
 * A table by name, with the type of its documents: what {@link table} makes and `ledger.table` opens. It holds no
 * connection to any ledger, so one reference serves every ledger and every transaction.
 */
export class TableReference<Document extends object, Input = Document> {
  /** Case-sensitive. */
  readonly name: string
  /** The fields that are indexed. */
  readonly index: readonly string[]
  /** The fields that have a unique index. */
  readonly unique: readonly string[]
  /** What documents are compared with before they are inserted; undefined when they are not. */
  readonly schema: StandardSchema | undefined
  /** Only types: never set. */
  declare readonly documentType?: Document
  declare readonly inputType?: Input

  /** @internal use {@link table} */
  constructor(
    name: string,
    options: { readonly index: readonly string[]; readonly unique: readonly string[] },
    schema: StandardSchema | undefined,
  ) {
    this.name = name
    this.index = options.index
    this.unique = options.unique
    this.schema = schema
  }
}

/** The type of the documents of a table reference: `type Vehicle = DocumentOf<typeof Vehicle>`. */
export type DocumentOf<Reference> = Reference extends TableReference<infer Document, unknown> ? Document : never

/**
 * Declares a table: its name, its documents and the fields to index.
 *
 * ```ts
 * export const Vehicle = table('Vehicle', z.object({ vin: z.string(), owner: z.string() }), { unique: ['vin'] })
 * const cars = await ledger.table(Vehicle)
 * ```
 *
 * The schema, of any library that speaks Standard Schema, gives the documents their type, and every `insert` through
 * the table is checked against it; what the schema gives back is what is stored. Statements are not: the ledger itself
 * knows the indexes and nothing of the schema. Without a schema the type is a promise of the program to itself:
 *
 * ```ts
 * export const Vehicle = table<{ vin: string, owner: string }>('Vehicle', { index: ['vin', 'owner'] })
 * ```
 *
 * @param name letters, digits and `_`, not starting with a digit, 128 characters at most; case-sensitive
 * @throws {TypeError} when the name or an index is no such text
 */
export function table<Schema extends StandardSchema>(
  name: string,
  schema: Schema,
  options?: TableOptions<OutputOf<Schema> & object>,
): TableReference<OutputOf<Schema> & object, InputOf<Schema>>
export function table<Document extends object = Record<string, unknown>>(
  name: string,
  options?: TableOptions<Document>,
): TableReference<Document>
export function table(
  name: string,
  schemaOrOptions: StandardSchema | TableOptions<object> = {},
  schemaOptions: TableOptions<object> = {},
): TableReference<object> {
  if (typeof name !== 'string' || !/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name)) {
    throw new TypeError(
      `'name' expected 1 to 128 letters, digits or _, not starting with a digit, got ${JSON.stringify(name)}`,
    )
  }
  const schema = isStandardSchema(schemaOrOptions) ? schemaOrOptions : undefined
  const options = isStandardSchema(schemaOrOptions) ? schemaOptions : schemaOrOptions
  const unique = fieldNames('unique', options.unique ?? [])
  const index = fieldNames('index', options.index ?? []).filter((field) => !unique.includes(field))
  return new TableReference(name, { index, unique }, schema)
}

function fieldNames(option: string, fields: readonly string[]): string[] {
  for (const field of fields) {
    if (typeof field !== 'string' || field === '') {
      throw new TypeError(`'${option}' expected names of top-level fields, got ${JSON.stringify(field)}`)
    }
  }
  return [...new Set(fields)]
}

/** The statements that make what the reference names and the catalog lacks; empty when all is there. */
export function missingDefinitions(
  reference: Pick<TableReference<object, unknown>, 'name' | 'index' | 'unique'>,
  catalog: Catalog,
): readonly string[] {
  const name = quoteName(reference.name)
  const table = catalog.activeTable(reference.name)
  const statements = table === undefined ? [`CREATE TABLE ${name}`] : []
  for (const field of reference.unique) {
    // Where there is an index that is not unique, the statement says what to do about it.
    if (table?.indexes.some((index) => index.field === field && index.isUnique)) continue
    statements.push(`CREATE UNIQUE INDEX ON ${name} (${quoteName(field)})`)
  }
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
