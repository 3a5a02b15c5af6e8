/**
 * @module
 * Snapshot, buffered writes, read set, the optimistic check, commit. A transaction sees the state of one block with its
 * own writes on top; the committer gives it its place in the chain, makes it durable together with whatever else
 * arrives, and applies it to the views. Serializable. Knows nothing of statements but their text.
 */
export { type BeginOptions, type CommitResult, Committer, type CommitterOptions } from './committer.ts'
export { DEFAULT_LIMITS, type Limits, QLDB_LIMITS } from './limits.ts'
export { type Moment, type PastTransaction, readOnlyPast } from './past-transaction.ts'
export { type RevisionCursor, Transaction } from './transaction.ts'
