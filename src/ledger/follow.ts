import { JournalBlock } from './journal-block.ts'
import type { LedgerContext } from './ledger-context.ts'

/** Where to begin, and when to stop. */
export interface FollowOptions {
  /** Sequence number of the first block to give. Default 0: the whole journal. It may lie in the future. */
  readonly from?: number
  /** Ends the loop when it aborts, also while it waits. */
  readonly signal?: AbortSignal
}

/** How often a reader looks for what the writing process has done: nobody tells it. */
const POLL_MS = 100
const BREATH_MS = 8

/**
 * Every block from `from` on, then each new one when it is durable and applied. The next block is read when the loop
 * asks for it, so a slow loop holds up nobody and loses nothing.
 *
 * @throws {SessionError} LEDGER_CLOSED when the ledger is closed
 * @throws {StorageError} when the ledger can write no more, after its last block was given
 */
export async function* followBlocks(
  context: LedgerContext,
  options: FollowOptions,
): AsyncGenerator<JournalBlock, undefined> {
  const { scheduler, core, isReadOnly } = context
  const { from = 0, signal } = options
  let breathDueMs = scheduler.elapsedMs() + BREATH_MS
  for (let sequenceNo = from; ; sequenceNo++) {
    for (;;) {
      if (signal?.aborted) return
      const block = context.read((snapshot) => core.committer.readBlock(snapshot, sequenceNo))
      if (block !== undefined) {
        yield new JournalBlock(block, context)
        break
      }
      if (core.committer.failure !== undefined) throw core.committer.failure
      if (isReadOnly) await scheduler.pause(POLL_MS, signal)
      else await nextApplied(context, signal)
    }
    if (scheduler.elapsedMs() >= breathDueMs) {
      await scheduler.breathe()
      breathDueMs = scheduler.elapsedMs() + BREATH_MS
    }
  }
}

/** Resolves when blocks were applied, when the ledger closes, or when `signal` aborts. */
function nextApplied(context: LedgerContext, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stop()
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const stop = context.core.committer.onApplied(done)
    signal?.addEventListener('abort', done)
  })
}
