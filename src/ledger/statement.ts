import {
  decodeValue,
  encodeJavascript,
  fromJavascript,
  type IonValue,
  type SymbolTable,
  toJavascript,
} from '../ion/index.ts'
import { readableValue } from '../partiql/index.ts'
import type { StoredRevision } from '../tables/index.ts'
import { type RowCursor, type RowSource, Rows } from './rows.ts'
import type { Scheduler } from './scheduler.ts'

/** A statement whose parameters are documents to be stored. Taken for one by mistake it only interns a few names. */
const STORES_DOCUMENTS = /^\s*(?:insert|upsert|replace)\b/i

/** What a row is when nobody says more: a struct as a plain object. */
export type Row = Record<string, unknown>

/**
 * Where statements run: the ledger (each for itself), one transaction, or a past state. Everything public is built on
 * these two.
 */
export interface StatementRunner {
  readonly scheduler: Scheduler
  readonly strandId: string
  /** A cursor at once when the statement only reads or belongs to a transaction, otherwise after its commit. */
  openStatement(text: string, parameters: readonly IonValue[]): RowCursor<IonValue> | Promise<RowCursor<IonValue>>
  /** The committed revisions of one document, oldest first. @throws {NotFoundError} TABLE_NOT_FOUND */
  openHistory(tableName: string, documentId: string): RowCursor<StoredRevision>
  /** The ledger's symbol table where statements may store documents; undefined where they only read. */
  readonly symbols: SymbolTable | undefined
  /** Statements that were written but not run yet; kept where a forgotten `await` must not pass unnoticed. */
  readonly waiting: Set<StatementSource<unknown>> | undefined
}

/** {@link Rows} of a statement, which can also be had as Ion values. */
export class StatementRows<T> extends Rows<T> {
  readonly #statement: StatementSource<T>

  /** @internal made by `ledger.sql` and its like */
  constructor(statement: StatementSource<T>) {
    super(statement, statement.runner.scheduler)
    this.#statement = statement
  }

  /**
   * The same statement with its rows as Ion values instead of plain JavaScript: nothing is lost, not the precision of a
   * timestamp, the type of a null or the order and repetition of fields.
   *
   * ```ts
   * const [car] = await ledger.sql`SELECT * FROM Vehicle`.with({ ion: true })      // IonStruct
   * ```
   *
   * Call it before the rows are asked for: it takes their place.
   */
  with(options: { readonly ion: true }): StatementRows<IonValue> {
    if (options?.ion !== true) throw new TypeError(`'options' expected { ion: true }`)
    return new StatementRows(this.#statement.asIon())
  }
}

/** A statement with its parameters, about to run. */
export class StatementSource<T> implements RowSource<T> {
  readonly runner: StatementRunner
  readonly text: string
  readonly #values: readonly unknown[]
  readonly #isIon: boolean

  constructor(runner: StatementRunner, text: string, values: readonly unknown[], isIon = false) {
    this.runner = runner
    this.text = text
    this.#values = values
    this.#isIon = isIon
    runner.waiting?.add(this)
  }

  asIon(): StatementSource<IonValue> {
    this.runner.waiting?.delete(this)
    return new StatementSource<IonValue>(this.runner, this.text, this.#values, true)
  }

  open(): RowCursor<T> | Promise<RowCursor<T>> {
    this.runner.waiting?.delete(this)
    const symbols = STORES_DOCUMENTS.test(this.text) ? this.runner.symbols : undefined
    const parameters: IonValue[] = []
    for (let index = 0; index < this.#values.length; index++) {
      parameters.push(parameter(this.#values[index], index, symbols))
    }
    const opened = this.runner.openStatement(this.text, parameters)
    return opened instanceof Promise ? opened.then((cursor) => this.#decoding(cursor)) : this.#decoding(opened)
  }

  /** Whether rows are decoded is decided here once; `T` is what the caller said a row is. */
  #decoding(cursor: RowCursor<IonValue>): RowCursor<T> {
    return (this.#isIon ? cursor : new JavascriptCursor(cursor)) as RowCursor<T>
  }
}

class JavascriptCursor implements RowCursor<unknown> {
  readonly #ion: RowCursor<IonValue>

  constructor(ion: RowCursor<IonValue>) {
    this.#ion = ion
  }

  next(): unknown {
    const value = this.#ion.next()
    return value === undefined ? undefined : toJavascript(readableValue(value))
  }

  close(): void {
    this.#ion.close()
  }
}

/** Rows that are there already: the result of a statement after its commit. */
export class ArrayCursor<T> implements RowCursor<T> {
  readonly #rows: readonly T[]
  #position = 0

  constructor(rows: readonly T[]) {
    this.#rows = rows
  }

  next(): T | undefined {
    return this.#rows[this.#position++]
  }

  close(): void {
    this.#position = this.#rows.length
  }
}

/**
 * A value for a `?`.
 *
 * @param index which one, from 0
 * @param symbols where documents are encoded at once in the form in which they are stored: half the work, and a tenth of
 *   the objects, of making Ion values of them first
 * @throws {TypeError} for undefined, and for rows or a promise that somebody forgot to await
 * @throws {FormatError} BAD_VALUE when Ion has no such value
 */
function parameter(value: unknown, index: number, symbols: SymbolTable | undefined): IonValue {
  if (typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function') {
    throw new TypeError(`Parameter ${index + 1} is a promise: await it first.`)
  }
  if (value === undefined) {
    throw new TypeError(`Parameter ${index + 1} is undefined. Use null, or leave the condition out with a fragment.`)
  }
  if (symbols !== undefined && (isPlainObject(value) || (Array.isArray(value) && isPlainObject(value[0])))) {
    return decodeValue(encodeJavascript(value, symbols), symbols)
  }
  return fromJavascript(value)
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
