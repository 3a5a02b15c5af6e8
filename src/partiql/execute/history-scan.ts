import { StatementError } from '../../errors.ts'
import { Timestamp } from '../../ion/index.ts'
import type { HistoryScan } from '../plan/table-source.ts'
import { bare, textOf } from '../value/family.ts'
import type { Compiler, Evaluate, OpenRows, RowCursor } from './compiler.ts'
import type { Frame } from './frame.ts'
import { writeRow } from './revision-rows.ts'
import { compileKeys } from './table-source.ts'
import type { RevisionAccess, RevisionCursor } from './transaction-access.ts'

/**
 * Revisions that were active at some moment of [start, end]. To know when a revision ceased, the cursor is always one
 * revision ahead: revisions come in (document, version) order.
 *
 * @throws {StatementError} EVALUATION_ERROR when start is after end, or end in the future
 */
export function compileHistoryScan(scan: HistoryScan, compiler: Compiler): OpenRows {
  const { table, slots } = scan
  const start = scan.start && compiler.expression(scan.start)
  const end = scan.end && compiler.expression(scan.end)
  const ids = scan.ids && compileKeys(scan.ids, scan.isCollection, compiler)
  return (frame) => {
    const { fromMs, toMs } = rangeOf(start, end, frame)
    const { transaction } = frame
    const revisions =
      ids === undefined
        ? transaction.scanHistory(table)
        : new DocumentHistories(
            ids(frame).flatMap((id) => textOf(id) ?? []),
            (id) => transaction.getHistory(table, id),
          )
    let upcoming = revisions.next()
    return {
      next: () => {
        while (upcoming !== undefined) {
          const revision = upcoming
          upcoming = revisions.next()
          const isReplaced = upcoming !== undefined && upcoming.documentId === revision.documentId
          if (revision.txTime > toMs || (isReplaced && upcoming!.txTime <= fromMs)) continue
          writeRow(revision, slots, 'committed', frame)
          return true
        }
        return false
      },
      close: () => {
        upcoming = undefined
        revisions.close()
      },
    } satisfies RowCursor
  }
}

function rangeOf(
  start: Evaluate | undefined,
  end: Evaluate | undefined,
  frame: Frame,
): { fromMs: number; toMs: number } {
  const { now } = frame.context
  const fromMs = start === undefined ? Number.NEGATIVE_INFINITY : millisOf(start, 'start', frame)
  const toMs = end === undefined ? Number.POSITIVE_INFINITY : millisOf(end, 'end', frame)
  if (end !== undefined && toMs > now) {
    throw new StatementError(
      'EVALUATION_ERROR',
      `The end of history(…) is ${new Date(toMs).toISOString()}, which is after now (${new Date(now).toISOString()}). Leave it out to read up to now.`,
    )
  }
  if (fromMs > (end === undefined ? now : toMs)) {
    throw new StatementError(
      'EVALUATION_ERROR',
      `The start of history(…) is ${new Date(fromMs).toISOString()}, which is after its end. Start and end are both included and in this order.`,
    )
  }
  return { fromMs, toMs }
}

function millisOf(evaluate: Evaluate, which: string, frame: Frame): number {
  const value = bare(evaluate(frame))
  if (value instanceof Timestamp) return value.epochMillis()
  throw new StatementError(
    'TYPE_ERROR',
    `The ${which} of history(…) must be a timestamp, such as \`2026-01-31T00:00:00Z\`.`,
  )
}

/** The histories of several documents, one after another. */
class DocumentHistories implements RevisionCursor {
  readonly #ids: readonly string[]
  readonly #open: (documentId: string) => RevisionCursor
  #position = 0
  #current: RevisionCursor | undefined

  constructor(ids: readonly string[], open: (documentId: string) => RevisionCursor) {
    this.#ids = ids
    this.#open = open
  }

  next(): RevisionAccess | undefined {
    for (;;) {
      const revision = this.#current?.next()
      if (revision !== undefined) return revision
      this.#current?.close()
      this.#current = undefined
      const id = this.#ids[this.#position++]
      if (id === undefined) return undefined
      this.#current = this.#open(id)
    }
  }

  close(): void {
    this.#position = this.#ids.length
    this.#current?.close()
    this.#current = undefined
  }
}
