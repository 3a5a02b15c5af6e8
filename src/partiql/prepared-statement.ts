import type { IonValue } from '../ion/index.ts'
import type { ExecutionContext } from './execute/execution-context.ts'
import type { ResultCursor } from './execute/result-cursor.ts'
import type { TransactionAccess } from './execute/transaction-access.ts'

/** What a statement does: `query` reads, `dml` writes documents, `ddl` changes the catalog. */
export type StatementKind = 'query' | 'dml' | 'ddl' | 'exec' | 'explain'

/** A statement parsed, planned and compiled; it may be run many times, in any transaction. */
export interface PreparedStatement {
  readonly kind: StatementKind
  /** How many `?` the statement has. */
  readonly parameterCount: number
  /** True when running it changes neither documents nor catalog. */
  readonly isReadOnly: boolean
  /**
   * Runs the statement in `transaction`. The caller runs it as a statement of the transaction (`runStatement`).
   * A transaction with another catalog than the one prepared for is noticed and planned for.
   *
   * @throws {StatementError} WRONG_PARAMETER_COUNT and whatever the statement's own mistakes are
   */
  run(transaction: TransactionAccess, parameters: readonly IonValue[], context: ExecutionContext): ResultCursor
}
