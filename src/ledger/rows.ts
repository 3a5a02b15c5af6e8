import { LimitError, NotFoundError } from '../errors.ts'
import type { Scheduler } from './scheduler.ts'

/** Rows pulled one at a time. `next` answers undefined at the end and ever after; `close` may be called twice. */
export interface RowCursor<T> {
  next(): T | undefined
  close(): void
}

/** Where rows come from: opened at most once, when somebody first asks for a row. */
export interface RowSource<T> {
  /** A cursor at once, or a promise of one when rows exist only after a commit. */
  open(): RowCursor<T> | Promise<RowCursor<T>>
}

/** How long rows are produced before other work of the process gets a turn. */
const BREATH_MS = 8
/** How many rows are produced between two looks at the clock. */
const ROWS_PER_LOOK = 64

/**
 * The rows of one statement. Nothing happens until the rows are asked for, in one of four ways:
 *
 * | asked by | gives | reads |
 * | --- | --- | --- |
 * | `await rows` | an array of all rows | everything |
 * | `for await (const row of rows)` | one row at a time, nothing kept | as far as the loop goes; `break` stops the scan and gives the snapshot back |
 * | `await rows.first()` | the first row, or undefined when there is none | one row |
 * | `await rows.one()` | the only row | two rows at most |
 *
 * The statement runs **at most once**: awaiting the same rows twice gives the same array, looping over awaited rows
 * loops over that array, and rows that were streamed cannot be asked again (a `TypeError` says so). To run a statement
 * again, write it again. Rows that nobody asks for never run, so do not forget the `await`, most of all before
 * an INSERT.
 *
 * Reading is synchronous inside and gives the event loop a turn every 8 ms, so a big result holds up nobody.
 */
export class Rows<T> implements PromiseLike<T[]>, AsyncIterable<T> {
  readonly #source: RowSource<T>
  readonly #scheduler: Scheduler
  #all: Promise<T[]> | undefined
  #isRead = false

  /** @internal made by `ledger.sql`, `execute` and their like */
  constructor(source: RowSource<T>, scheduler: Scheduler) {
    this.#source = source
    this.#scheduler = scheduler
  }

  /** What `await` calls: runs the statement unless it ran already, and gives all rows. */
  // biome-ignore lint/suspicious/noThenProperty: being awaited is what rows are for
  then<Fulfilled = T[], Rejected = never>(
    onFulfilled?: ((rows: T[]) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((error: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    return this.#collect().then(onFulfilled, onRejected)
  }

  /**
   * The one row there must be.
   *
   * @throws {NotFoundError} DOCUMENT_NOT_FOUND when there is no row
   * @throws {LimitError} TOO_MANY_ROWS when there is more than one
   */
  async one(): Promise<T> {
    const rows = await this.#take(2)
    if (rows.length === 1) return rows[0]!
    if (rows.length === 0) {
      throw new NotFoundError(
        'DOCUMENT_NOT_FOUND',
        'The statement gave no row, and one() asks for exactly one. Use first() when there may be none.',
      )
    }
    throw new LimitError(
      'TOO_MANY_ROWS',
      'The statement gave more than one row, and one() asks for exactly one. Narrow the WHERE, or use first().',
    )
  }

  /** The first row; undefined when there is none. The scan stops there. */
  async first(): Promise<T | undefined> {
    return (await this.#take(1))[0]
  }

  /** What `for await` calls. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    if (this.#all !== undefined) return iterateCollected(this.#all)
    this.#claim()
    return new RowStream(this.#source, this.#scheduler)
  }

  #collect(): Promise<T[]> {
    const wasRead = this.#isRead
    if (this.#all !== undefined) return this.#all
    const all = this.#start(Number.POSITIVE_INFINITY)
    if (!wasRead) this.#all = all
    return all
  }

  /** At most `limit` rows, from the array when the rows were awaited before. */
  #take(limit: number): Promise<T[]> {
    return this.#all ?? this.#start(limit)
  }

  #start(limit: number): Promise<T[]> {
    try {
      this.#claim()
      const opened = this.#source.open()
      if (opened instanceof Promise) return opened.then((cursor) => this.#drain(cursor, [], limit))
      const rows = this.#drain(opened, [], limit)
      return rows instanceof Promise ? rows : Promise.resolve(rows)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #claim(): void {
    if (this.#isRead) {
      throw new TypeError('These rows were read already: a statement runs once. Write it again to run it again.')
    }
    this.#isRead = true
  }

  /** Reads on into `rows` until the end, `limit` rows, or a breath is due; then it goes on after the breath. */
  #drain(cursor: RowCursor<T>, rows: T[], limit: number): T[] | Promise<T[]> {
    let breathDueMs = Number.NaN
    try {
      while (rows.length < limit) {
        const value = cursor.next()
        if (value === undefined) break
        rows.push(value)
        if (rows.length % ROWS_PER_LOOK === 0) {
          const nowMs = this.#scheduler.elapsedMs()
          if (nowMs >= breathDueMs) return this.#scheduler.breathe().then(() => this.#drain(cursor, rows, limit))
          if (Number.isNaN(breathDueMs)) breathDueMs = nowMs + BREATH_MS
        }
      }
    } catch (error) {
      cursor.close()
      throw error
    }
    cursor.close()
    return rows
  }
}

async function* iterateCollected<T>(rows: Promise<T[]>): AsyncGenerator<T, undefined> {
  yield* await rows
}

/**
 * One pass over a source, row by row. Written out instead of an async generator: a generator costs two more turns of
 * the microtask queue for each row.
 */
class RowStream<T> implements AsyncIterableIterator<T> {
  readonly #scheduler: Scheduler
  readonly #source: RowSource<T>
  #cursor: RowCursor<T> | undefined
  #isDone = false
  #untilLook = ROWS_PER_LOOK
  #breathDueMs = Number.NaN
  /** Set while a cursor is awaited or the event loop has its turn; every step asked for meanwhile comes after it. */
  #waiting: Promise<void> | undefined

  constructor(source: RowSource<T>, scheduler: Scheduler) {
    this.#source = source
    this.#scheduler = scheduler
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return this
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#waiting !== undefined) return this.#waiting.then(() => this.next())
    if (this.#isDone) return Promise.resolve({ done: true, value: undefined })
    try {
      if (this.#cursor === undefined) {
        const opened = this.#source.open()
        if (opened instanceof Promise) return this.#after(opened.then((cursor) => this.#setCursor(cursor)))
        this.#cursor = opened
      }
      if (this.#isBreathDue()) return this.#after(this.#scheduler.breathe())
      const value = this.#cursor.next()
      if (value !== undefined) return Promise.resolve({ done: false, value })
      this.#end()
      return Promise.resolve({ done: true, value: undefined })
    } catch (error) {
      this.#end()
      return Promise.reject(error)
    }
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#end()
    return Promise.resolve({ done: true, value: undefined })
  }

  #after(waited: Promise<void>): Promise<IteratorResult<T, undefined>> {
    this.#waiting = waited.finally(() => {
      this.#waiting = undefined
    })
    return this.#waiting.then(
      () => this.next(),
      (error: unknown) => {
        this.#end()
        throw error
      },
    )
  }

  #isBreathDue(): boolean {
    if (--this.#untilLook > 0) return false
    this.#untilLook = ROWS_PER_LOOK
    const nowMs = this.#scheduler.elapsedMs()
    const isDue = nowMs >= this.#breathDueMs
    if (isDue || Number.isNaN(this.#breathDueMs)) this.#breathDueMs = nowMs + BREATH_MS
    return isDue
  }

  #setCursor(cursor: RowCursor<T>): void {
    if (this.#isDone) cursor.close()
    this.#cursor = cursor
  }

  #end(): void {
    this.#isDone = true
    this.#cursor?.close()
  }
}
