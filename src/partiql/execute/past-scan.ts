import { NotFoundError } from '../../errors.ts'
import { Timestamp } from '../../ion/index.ts'
import type { PastScan } from '../plan/table-source.ts'
import { bare } from '../value/family.ts'
import type { Compiler, OpenRows } from './compiler.ts'
import type { Frame } from './frame.ts'
import { RevisionRows } from './revision-rows.ts'
import type { Moment, TransactionAccess } from './transaction-access.ts'
import { UserTableRows } from './user-tables-scan.ts'

/**
 * `FROM T FOR SYSTEM_TIME AS OF moment`: the documents of then, of the table that had the name then.
 *
 * @throws {StatementError} UNKNOWN_TABLE when there was no such table; EVALUATION_ERROR when the moment is in the future
 *   or there is no block of that number; TYPE_ERROR when it is neither a timestamp nor the number of a block
 */
export function compilePastScan(scan: PastScan, compiler: Compiler): OpenRows {
  const { name, view, slots, place, momentPlace } = scan
  const evaluate = compiler.expression(scan.moment)
  const { text } = compiler

  const momentOf = (frame: Frame): Moment => {
    const value = bare(evaluate(frame))
    if (value instanceof Timestamp) {
      const timeMs = value.epochMillis()
      const { now } = frame.context
      if (timeMs <= now) return { kind: 'time', timeMs }
      throw text.error(
        'EVALUATION_ERROR',
        `${value} is after now (${new Date(now).toISOString()}): what will be then is not known. Leave FOR SYSTEM_TIME out to read the present.`,
        momentPlace,
      )
    }
    const sequenceNo = typeof value === 'bigint' ? Number(value) : value
    if (typeof sequenceNo === 'number' && Number.isInteger(sequenceNo) && sequenceNo >= 0) {
      return { kind: 'block', sequenceNo }
    }
    throw text.error(
      'TYPE_ERROR',
      'FOR SYSTEM_TIME AS OF takes a timestamp, such as `2026-01-31T00:00:00Z`, or the number of a block.',
      momentPlace,
    )
  }

  return (frame) => {
    const past = pastOf(frame, momentOf(frame))
    if (name === undefined) return new UserTableRows(past.catalog.tables(), slots, frame)
    const table = past.catalog.activeTable(name)
    if (table === undefined) {
      throw text.error(
        'UNKNOWN_TABLE',
        `Table ${JSON.stringify(name)} did not exist at that time. The tables of then are in ` +
          'information_schema.user_tables FOR SYSTEM_TIME AS OF the same moment.',
        place,
      )
    }
    return new RevisionRows(past.scan(table), slots, view, frame)
  }

  function pastOf(frame: Frame, moment: Moment): TransactionAccess {
    const { transaction } = frame
    if (transaction.asOf === undefined) {
      throw text.error('UNSUPPORTED_STATEMENT', 'There is no past here to read.', momentPlace)
    }
    // Several sources may ask for one moment, and a nested loop asks for it again and again.
    const key = moment.kind === 'block' ? `b${moment.sequenceNo}` : `t${moment.timeMs}`
    let pasts = frame.memo.get(compilePastScan) as Map<string, TransactionAccess> | undefined
    if (pasts === undefined) {
      pasts = new Map()
      frame.memo.set(compilePastScan, pasts)
    }
    let past = pasts.get(key)
    if (past === undefined) {
      try {
        past = transaction.asOf(moment)
      } catch (error) {
        if (!(error instanceof NotFoundError)) throw error
        throw text.error('EVALUATION_ERROR', error.message, momentPlace, [], error)
      }
      pasts.set(key, past)
    }
    return past
  }
}
