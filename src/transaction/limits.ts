/** Bounds that keep one mistake from becoming everyone's problem. All are inclusive. */
export interface Limits {
  /** Size of one document in Ion binary. */
  readonly documentSizeBytes: number
  /** Sum of the documents a transaction writes, in Ion binary. */
  readonly transactionSizeBytes: number
  /** How many documents one transaction may change. */
  readonly documentsPerTransaction: number
  readonly activeTables: number
  /** Active and dropped ones together. */
  readonly totalTables: number
  readonly indexesPerTable: number
  /** Distinct field names, symbols and annotations over the life of the ledger. */
  readonly names: number
  /** What one statement may hold in memory at a time for sorting, joining, grouping; about. */
  readonly statementMemoryBytes: number
  /** From begin to commit; Infinity for none. */
  readonly transactionTimeoutMs: number
}

/** What holds when nobody says otherwise. */
export const DEFAULT_LIMITS: Limits = {
  documentSizeBytes: 16 * 1024 * 1024,
  transactionSizeBytes: 256 * 1024 * 1024,
  documentsPerTransaction: 1_000_000,
  activeTables: 10_000,
  totalTables: 100_000,
  indexesPerTable: 64,
  names: 1_000_000,
  statementMemoryBytes: 256 * 1024 * 1024,
  transactionTimeoutMs: Number.POSITIVE_INFINITY,
}

/** The fixed quotas of Amazon QLDB (developer guide, "Quotas and limits"). */
export const QLDB_LIMITS: Limits = {
  documentSizeBytes: 128 * 1024,
  transactionSizeBytes: 4 * 1024 * 1024,
  documentsPerTransaction: 40,
  activeTables: 20,
  totalTables: 40,
  indexesPerTable: 5,
  names: 1_000_000,
  statementMemoryBytes: 256 * 1024 * 1024,
  transactionTimeoutMs: 30_000,
}
