/** What a statement may know of the world outside its transaction. */
export interface ExecutionContext {
  /** `UTCNOW()` of this statement, and the latest moment `history` may be asked for, in epoch milliseconds. */
  readonly now: number
  /** What a run may hold in memory at a time, about; 256 MiB unless given. */
  readonly memoryLimitBytes?: number | undefined
  /**
   * Called after every thousand or so documents that were read, so that somebody can stop a long statement: an error
   * that it throws ends the run.
   */
  readonly onProgress?: ((readCount: number) => void) | undefined
}
