/**
 * @module
 * Every error class and every error code of Tallystick. Imports nothing; every room may import it.
 *
 * Codes are part of the public API: a code never changes its meaning, texts may improve. A refused proof is not an
 * error but an answer (`verify/`); an impossible internal state is an {@link assert}, which nobody catches.
 */

/**
 * Stable machine-readable error codes. The part before the first underscore names no class: look at the class of the
 * error for what to do, at the code for what happened.
 */
export type ErrorCode =
  // StatementError
  | 'SYNTAX_ERROR'
  | 'UNKNOWN_NAME'
  | 'UNKNOWN_TABLE'
  | 'UNKNOWN_FUNCTION'
  | 'WRONG_ARGUMENT_COUNT'
  | 'WRONG_PARAMETER_COUNT'
  | 'TYPE_ERROR'
  | 'UNSUPPORTED_STATEMENT'
  | 'NOT_A_DOCUMENT'
  | 'TABLE_EXISTS'
  | 'BAD_NAME'
  | 'INDEX_EXISTS'
  | 'UNIQUE_VIOLATION'
  | 'EVALUATION_ERROR'
  // ConflictError
  | 'OCC_CONFLICT'
  // NotFoundError
  | 'TABLE_NOT_FOUND'
  | 'INDEX_NOT_FOUND'
  | 'DOCUMENT_NOT_FOUND'
  | 'REVISION_NOT_FOUND'
  | 'BLOCK_NOT_FOUND'
  | 'LEDGER_NOT_FOUND'
  // LimitError
  | 'DOCUMENT_TOO_LARGE'
  | 'TRANSACTION_TOO_LARGE'
  | 'STATEMENT_TOO_LONG'
  | 'STATEMENT_TOO_DEEP'
  | 'TOO_MANY_TABLES'
  | 'TOO_MANY_INDEXES'
  | 'TOO_MANY_NAMES'
  | 'INDEX_KEY_TOO_LARGE'
  | 'TOO_MANY_ROWS'
  | 'TOO_MUCH_MEMORY'
  // SessionError
  | 'LEDGER_CLOSED'
  | 'TRANSACTION_ENDED'
  | 'TRANSACTION_EXPIRED'
  | 'READ_ONLY'
  | 'CANCELLED'
  // StorageError
  | 'LEDGER_LOCKED'
  | 'STORAGE_FAILED'
  | 'DISK_FULL'
  | 'NOT_A_LEDGER'
  | 'LEDGER_POISONED'
  // CorruptionError
  | 'JOURNAL_CORRUPT'
  | 'VIEWS_CORRUPT'
  // FormatError
  | 'BAD_ION'
  | 'BAD_PROOF'
  | 'BAD_DIGEST'
  | 'BAD_VALUE'
  | 'BAD_TARGET'
  // SchemaError
  | 'SCHEMA_MISMATCH'

/** What every error of this project carries beside its message. */
export interface LedgerErrorOptions {
  readonly cause?: unknown
}

/** Someone asked for what cannot be. The base of every error a caller may expect; `code` is stable. */
export class LedgerError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options: LedgerErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = code
  }
}

/** Where in a statement something is: `line` and `column` start at 1, `offset` and `length` count UTF-16 units. */
export interface StatementLocation {
  readonly line: number
  readonly column: number
  readonly offset: number
  readonly length: number
}

/** A statement cannot be parsed, planned or evaluated. `location` is absent when no single place is to blame. */
export class StatementError extends LedgerError {
  readonly location: StatementLocation | undefined
  /** What would have been accepted at `location`; empty when that is not known. */
  readonly expected: readonly string[]

  constructor(
    code: ErrorCode,
    message: string,
    options: LedgerErrorOptions & {
      readonly location?: StatementLocation | undefined
      readonly expected?: readonly string[] | undefined
    } = {},
  ) {
    super(code, message, options)
    this.location = options.location
    this.expected = options.expected ?? []
  }
}

/** Two documents of a table would have one value in a field with a unique index. */
export class UniqueViolationError extends StatementError {
  readonly table: string
  readonly field: string
  /** The value as plain JavaScript. */
  readonly value: unknown
  /** The document that has the value already. */
  readonly documentId: string

  constructor(
    message: string,
    what: { readonly table: string; readonly field: string; readonly value: unknown; readonly documentId: string },
  ) {
    super('UNIQUE_VIOLATION', message)
    this.table = what.table
    this.field = what.field
    this.value = what.value
    this.documentId = what.documentId
  }
}

/** Another transaction committed first; running the transaction again may help. */
export class ConflictError extends LedgerError {
  readonly table: string | undefined
  readonly documentId: string | undefined
  /** The transaction that was first. */
  readonly winnerTransactionId: string | undefined

  constructor(
    message: string,
    options: LedgerErrorOptions & {
      readonly table?: string | undefined
      readonly documentId?: string | undefined
      readonly winnerTransactionId?: string | undefined
    } = {},
  ) {
    super('OCC_CONFLICT', message, options)
    this.table = options.table
    this.documentId = options.documentId
    this.winnerTransactionId = options.winnerTransactionId
  }
}

/** The named table, document, revision or block does not exist. */
export class NotFoundError extends LedgerError {}

/** One place of a document that does not fit a schema. */
export interface SchemaIssue {
  /** `owner`, `address.city`, `owners[1].name`; empty for the document as a whole. */
  readonly path: string
  /** What the schema says. */
  readonly message: string
}

/** A document does not fit the schema that its table was declared with; nothing was written. */
export class SchemaError extends LedgerError {
  readonly table: string
  /** The first place that does not fit. */
  readonly path: string
  readonly issues: readonly SchemaIssue[]

  constructor(table: string, issues: readonly SchemaIssue[]) {
    const [first] = issues
    const others = issues.length > 1 ? ` (and ${issues.length - 1} more)` : ''
    const where = first === undefined || first.path === '' ? 'the document' : `"${first.path}"`
    super(
      'SCHEMA_MISMATCH',
      `${where} does not fit the schema of table "${table}": ${first?.message ?? 'refused'}${others}`,
    )
    this.table = table
    this.path = first?.path ?? ''
    this.issues = issues
  }
}

/** A configured limit was reached; nothing was changed. */
export class LimitError extends LedgerError {}

/** A handle (ledger, transaction, cursor) is closed, ended or may not do this. */
export class SessionError extends LedgerError {}

/** Disk or environment refused; the handle may need to be opened again. */
export class StorageError extends LedgerError {}

/** Where stored bytes do not say what they must. Absent members are unknown. */
export interface CorruptionPlace {
  readonly segment?: string | undefined
  readonly offset?: number | undefined
  readonly sequenceNo?: number | undefined
  readonly field?: string | undefined
}

/** Stored data contradicts itself. `place` names segment, byte offset, block and field as far as they are known. */
export class CorruptionError extends LedgerError {
  readonly place: CorruptionPlace

  constructor(
    code: 'JOURNAL_CORRUPT' | 'VIEWS_CORRUPT',
    message: string,
    options: LedgerErrorOptions & { readonly place?: CorruptionPlace | undefined } = {},
  ) {
    super(code, message, options)
    this.place = options.place ?? {}
  }
}

/** Bytes or text handed in cannot be read as what they should be (Ion, a proof, a digest, a value). */
export class FormatError extends LedgerError {}

/**
 * Holds or the program is wrong. Nobody catches what this throws.
 *
 * @param believed what was believed to be true, as a statement
 */
export function assert(condition: unknown, believed: string): asserts condition {
  if (!condition) throw new Error(`Internal error: it was believed that ${believed}`)
}
