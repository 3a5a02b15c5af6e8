import type { Hash } from '../hash/index.ts'

/** One statement of a transaction, in the order it was run. Parameters are not kept: the text keeps its `?`. */
export interface StatementInfo {
  readonly statement: string
  /** Epoch milliseconds. */
  readonly startTime: number
  /** See {@link statementDigest}. */
  readonly statementDigest: Hash
}

/** A document that the transaction changed. A document touched by several statements appears once. */
export interface TouchedDocument {
  readonly documentId: string
  readonly tableId: string
  /** The name that the table had at the time. */
  readonly tableName: string
  /** Indexes into the statements of the transaction, rising. */
  readonly statements: readonly number[]
}

/**
 * What a transaction did: its statements, SELECTs included, and the documents it changed. Printed as
 * `{statements:[{statement,startTime,statementDigest}],documents:{'<documentId>':{tableName,tableId,statements}}}`.
 *
 * `documents` is left out of the printed and hashed form when no user document changed (DDL only); published verifiers
 * hash exactly the fields they find.
 */
export interface TransactionInfo {
  readonly statements: readonly StatementInfo[]
  readonly documents: readonly TouchedDocument[]
}
