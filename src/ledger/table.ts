import { type Revision, RevisionRows } from './revision.ts'
import { Rows } from './rows.ts'
import { type StandardSchema, validateDocument } from './standard-schema.ts'
import { type StatementRunner, StatementSource } from './statement.ts'
import { quoteName, type TableReference } from './table-reference.ts'

/**
 * A table to read from: in a transaction that may only read, or at a moment of the past. Every method is a statement
 * and has its cost: see {@link find}.
 */
export class ReadableTable<Document extends object> {
  /** Case-sensitive. */
  readonly name: string
  protected readonly runner: StatementRunner
  protected readonly schema: StandardSchema | undefined
  /** The name as a statement quotes it. */
  protected readonly quoted: string
  readonly #findTexts: Map<string, string> = new Map()

  /** @internal use `ledger.table` or `tx.table` */
  constructor(reference: TableReference<Document, unknown>, runner: StatementRunner) {
    this.name = reference.name
    this.schema = reference.schema
    this.quoted = quoteName(reference.name)
    this.runner = runner
  }

  /**
   * The first document whose fields equal all of these, in PartiQL's sense (`1` equals `1.0`); undefined when there is
   * none. `null` finds documents where the field is null or missing.
   *
   * Cost: one index look-up when one of the fields is indexed, otherwise a scan up to the first match.
   *
   * @throws {TypeError} when there is no field, or one is undefined: that would match what nobody meant
   */
  async find(fields: Partial<Document>): Promise<Document | undefined> {
    return this.findAll(fields).first()
  }

  /** All documents whose fields equal all of these, see {@link find}. */
  findAll(fields: Partial<Document>): Rows<Document> {
    const names = Object.keys(fields)
    if (names.length === 0)
      throw new TypeError("'fields' expected at least one field. To read every document, use scan().")
    const values: unknown[] = []
    for (const name of names) {
      const value = (fields as Record<string, unknown>)[name]
      if (value === undefined) {
        throw new TypeError(`'fields.${name}' is undefined. Leave the field out, or use null for null or missing.`)
      }
      if (value !== null) values.push(value)
    }
    return this.#rows(this.#findText(names, fields as Record<string, unknown>), values)
  }

  /** The document with this id; undefined when it was never inserted or is deleted. Cost: one read. */
  async get(id: string): Promise<Document | undefined> {
    return this.#rows(`SELECT VALUE d FROM ${this.quoted} AS d BY id WHERE id = ?`, [id]).first()
  }

  /** Every document, in the order of insertion. */
  scan(): Rows<Document> {
    return this.#rows(`SELECT VALUE d FROM ${this.quoted} AS d`, [])
  }

  /**
   * Every committed version of a document, oldest first, its deletion included; nothing when there never was one. Each
   * can say what changed: {@link Revision.diff}.
   *
   * Cost: for each version one read, of the block that holds it.
   */
  history(id: string): Rows<Revision<Document>> {
    const { runner, name } = this
    return new Rows(
      { open: () => new RevisionRows<Document>(runner.openHistory(name, id), runner.strandId) },
      runner.scheduler,
    )
  }

  #rows(text: string, values: readonly unknown[]): Rows<Document> {
    return new Rows(new StatementSource<Document>(this.runner, text, values), this.runner.scheduler)
  }

  /** Texts are kept, so that the plan is found by the identity of its text. */
  #findText(names: readonly string[], fields: Record<string, unknown>): string {
    const first = names[0]!
    const isPlain = names.length === 1 && fields[first] !== null && !first.startsWith('[')
    const key = isPlain ? first : JSON.stringify(names.map((name) => [name, fields[name] === null]))
    let text = this.#findTexts.get(key)
    if (text === undefined) {
      const conditions = names.map((name) => `d.${quoteName(name)} ${fields[name] === null ? 'IS NULL' : '= ?'}`)
      text = `SELECT VALUE d FROM ${this.quoted} AS d WHERE ${conditions.join(' AND ')}`
      this.#findTexts.set(key, text)
    }
    return text
  }
}

/** A table to read from and to write to. */
export class Table<Document extends object, Input = Document> extends ReadableTable<Document> {
  /**
   * Stores a new document and gives its id, 22 characters that the ledger chose. Outside a transaction it is durable
   * when the promise resolves. A table that was declared with a schema checks the document first.
   *
   * @throws {SchemaError} SCHEMA_MISMATCH naming the place that does not fit
   * @throws {UniqueViolationError} UNIQUE_VIOLATION naming the document that has the value
   * @throws {FormatError} BAD_VALUE when a value has no form in Ion
   * @throws {LimitError} DOCUMENT_TOO_LARGE
   */
  async insert(document: Input): Promise<string> {
    const stored = this.schema === undefined ? document : await validateDocument(this.name, this.schema, document)
    const rows = new Rows(
      new StatementSource<{ documentId: string }>(this.runner, `INSERT INTO ${this.quoted} ?`, [stored]),
      this.runner.scheduler,
    )
    return (await rows.one()).documentId
  }
}
