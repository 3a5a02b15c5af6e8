/**
 * @module
 * The embedded API: open a ledger, run statements and transactions, read history and the past, take digests and
 * proofs, follow the journal. Everything above (server, command line, exports) is built on what stands here; a program
 * that embeds a ledger needs nothing else.
 *
 * Values go in and out as plain JavaScript wherever that loses nothing, and as Ion where it would. Every error a caller
 * may expect is a `LedgerError` with a stable `code`. Knows nothing of networks or screens.
 */
export type { BlockAddress, LedgerDigest, TouchedDocument } from '../journal/index.ts'
export { type CommitResult, DEFAULT_LIMITS, type Limits, QLDB_LIMITS } from '../transaction/index.ts'
export type { BlockProof, RevisionProof } from '../verify/index.ts'
export { type AuditJournalOptions, type AuditReport, auditJournal } from './audit-journal.ts'
export { type AuditViewsOptions, auditViews } from './audit-views.ts'
export type { CheckFault, CheckReport } from './check.ts'
export { diffDocuments, type IonChange } from './diff.ts'
export type { FollowOptions } from './follow.ts'
export type { BlockStatement, JournalBlock } from './journal-block.ts'
export {
  type Ledger,
  openLedger,
  type RevisionRequest,
  type TransactOptions,
} from './ledger.ts'
export type { LedgerOptions } from './ledger-options.ts'
export type { LedgerTransaction } from './ledger-transaction.ts'
export type { PastLedger } from './past-ledger.ts'
export type { Change, Revision } from './revision.ts'
export type { Rows } from './rows.ts'
export type { Scheduler } from './scheduler.ts'
export { type Fragment, sql } from './sql.ts'
export type { InputOf, OutputOf, StandardSchema } from './standard-schema.ts'
export type { Row, StatementRows } from './statement.ts'
export type { ReadableTable, Table } from './table.ts'
export { type DocumentOf, type TableOptions, type TableReference, table } from './table-reference.ts'
