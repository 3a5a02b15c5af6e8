/**
 * @module
 * PartiQL over sources of rows: statement text → syntax nodes (`syntax/`) → a plan with names resolved and access
 * paths chosen (`plan/`) → compiled operators that are pulled row by row (`execute/`).
 *
 * The language is QLDB's dialect and, beyond it, ORDER BY, LIMIT, OFFSET, DISTINCT, GROUP BY, HAVING, CASE, outer
 * joins and set operators. Nothing here knows how documents are stored: a transaction is whatever has the shape of
 * {@link TransactionAccess}.
 */
export type { ExecutionContext } from './execute/execution-context.ts'
export type { ResultCursor } from './execute/result-cursor.ts'
export type { IndexBounds, RevisionAccess, RevisionCursor, TransactionAccess } from './execute/transaction-access.ts'
export type { CatalogAccess, IndexDefinition, TableDefinition } from './plan/catalog-access.ts'
export { AGGREGATES, FUNCTIONS } from './plan/functions.ts'
export { prepare } from './prepare.ts'
export type { PreparedStatement, StatementKind } from './prepared-statement.ts'
export {
  expectedNext,
  KEYWORDS,
  type Piece,
  RESERVED_WORDS,
  type StatementState,
  statementState,
  tokenize,
} from './syntax/index.ts'
export { readableValue } from './value/leaving.ts'
