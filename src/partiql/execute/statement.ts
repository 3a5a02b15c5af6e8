import { IonStruct, type IonValue } from '../../ion/index.ts'
import { explainPlan } from '../plan/explain.ts'
import type { QueryPlan } from '../plan/query.ts'
import { takeRowsApart } from '../plan/rows-apart.ts'
import type { Plan, StatementPlan } from '../plan/statement.ts'
import { MISSING } from '../value/engine-value.ts'
import { leavingValue } from '../value/leaving.ts'
import { compileChange } from './change.ts'
import type { Evaluate, OpenValues, ValueCursor } from './compiler.ts'
import { CountingCompiler } from './counting-compiler.ts'
import { runDefinition } from './definition.ts'
import type { ExecutionContext } from './execution-context.ts'
import { Frame } from './frame.ts'
import { compileInsert } from './insert.ts'
import type { ResultCursor } from './result-cursor.ts'
import { StatementCompiler } from './statement-compiler.ts'
import type { TransactionAccess } from './transaction-access.ts'

/**
 * Turns a query into a closure that computes all of it: a list when it is ordered, a bag when it is not, and what an
 * expression or PIVOT gives. Memory: the whole result.
 */
export function compileQueryValue(query: QueryPlan, plan: Plan): Evaluate {
  return new StatementCompiler(plan.dialect, plan.text).expression({ kind: 'subquery', plan: query, as: 'collection' })
}

/** A compiled statement; parameters have been counted before. */
export type RunStatement = (
  transaction: TransactionAccess,
  parameters: readonly IonValue[],
  context: ExecutionContext,
) => ResultCursor

/** Turns a plan into closures, once; each run has a frame of its own. */
export function compileStatement(plan: Plan): RunStatement {
  const { statement, slotCount } = plan.isOptimized ? withRowsApart(plan.statement, plan.slotCount) : plan
  const start = compileStart(statement, plan)
  return (transaction, parameters, context) => start(new Frame(slotCount, parameters, transaction, context))
}

/** An optimized query reads only what it needs of a row; a change has its documents whole. */
function withRowsApart(statement: StatementPlan, slotCount: number): Pick<Plan, 'statement' | 'slotCount'> {
  if (statement.kind === 'explain' && statement.analyze) {
    const explained = withRowsApart(statement.plan, slotCount)
    return { statement: { ...statement, plan: explained.statement }, slotCount: explained.slotCount }
  }
  if (statement.kind !== 'query') return { statement, slotCount }
  const apart = takeRowsApart(statement.query, slotCount)
  return { statement: { ...statement, query: apart.query }, slotCount: apart.slotCount }
}

function compileStart(
  statement: StatementPlan,
  plan: Plan,
  compiler: StatementCompiler = new StatementCompiler(plan.dialect, plan.text),
): (frame: Frame) => ResultCursor {
  switch (statement.kind) {
    case 'query': {
      const open: OpenValues = compiler.values(statement.query)
      return (frame) => new QueryResult(open(frame), frame)
    }
    case 'insert': {
      const run = compileInsert(statement, compiler)
      return (frame) => new DoneResult(run(frame), frame)
    }
    case 'change': {
      const run = compileChange(statement, compiler)
      return (frame) => new DoneResult(run(frame), frame)
    }
    case 'explain': {
      const { plan: explained } = statement
      if (!statement.analyze) {
        return (frame) => new DoneResult(explainPlan(explained, frame.transaction.catalog), frame)
      }
      const counting = new CountingCompiler(plan.dialect, plan.text)
      const run = compileStart(explained, plan, counting)
      return (frame) => {
        counting.counts.clear()
        const total = measured(run(frame))
        const rows = explainPlan(explained, frame.transaction.catalog, (part) => counting.counts.get(part))
        return new DoneResult([...rows, total], frame)
      }
    }
    default:
      return (frame) => new DoneResult(runDefinition(statement, frame), frame)
  }
}

/** EXPLAIN ANALYZE runs the statement to its end and adds a row with what that took. */
function measured(result: ResultCursor): IonStruct {
  let rowCount = 0
  try {
    while (result.next() !== undefined) rowCount++
  } finally {
    result.close()
  }
  return new IonStruct([
    { name: 'step', value: 'result' },
    { name: 'rows', value: rowCount },
    { name: 'documentsRead', value: result.readCount },
  ])
}

/** Rows of a query, computed one by one. After an error or `close` there are none. */
class QueryResult implements ResultCursor {
  readonly #values: ValueCursor
  readonly #frame: Frame
  #isClosed = false

  constructor(values: ValueCursor, frame: Frame) {
    this.#values = values
    this.#frame = frame
  }

  get readCount(): number {
    return this.#frame.readCount
  }

  next(): IonValue | undefined {
    if (this.#isClosed) return undefined
    try {
      for (;;) {
        const value = this.#values.next()
        if (value === undefined) {
          this.close()
          return undefined
        }
        if (value !== MISSING) return leavingValue(value)
      }
    } catch (error) {
      this.close()
      throw error
    }
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#values.close()
  }
}

/** The rows of a statement that has done its work already. */
class DoneResult implements ResultCursor {
  readonly #rows: readonly IonValue[]
  readonly #frame: Frame
  #position = 0

  constructor(rows: readonly IonValue[], frame: Frame) {
    this.#rows = rows
    this.#frame = frame
  }

  get readCount(): number {
    return this.#frame.readCount
  }

  next(): IonValue | undefined {
    return this.#rows[this.#position++]
  }

  close(): void {
    this.#position = this.#rows.length
  }
}
