/** What a statement may know of the world outside its transaction. */
export interface ExecutionContext {
  /** `UTCNOW()` of this statement, and the latest moment `history` may be asked for, in epoch milliseconds. */
  readonly now: number
}
