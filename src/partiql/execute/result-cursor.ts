import type { IonValue } from '../../ion/index.ts'

/**
 * The result of a statement, pulled row by row.
 *
 * A query computes each row when it is asked for, so LIMIT and an early {@link ResultCursor.close} save work. Every
 * other statement has done all its work before the cursor exists; its rows only report. Rows are Ion values: what a
 * query builds as a bag is a list here.
 */
export interface ResultCursor {
  /** The next row, or undefined at the end and ever after. @throws {StatementError} when evaluation fails */
  next(): IonValue | undefined
  /** Gives back what storage holds open. May be called at any time and more than once. */
  close(): void
  /** How many documents storage handed over so far: QLDB's ReadIOs counts the same way. */
  readonly readCount: number
}
