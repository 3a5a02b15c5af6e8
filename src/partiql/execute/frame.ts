import type { IonValue } from '../../ion/index.ts'
import { type EngineValue, MISSING } from '../value/engine-value.ts'
import type { ExecutionContext } from './execution-context.ts'
import { MemoryBudget } from './memory-budget.ts'
import type { TransactionAccess } from './transaction-access.ts'

const PROGRESS = 1024

/**
 * The registers of one run of one statement: operators write rows into slots, expressions read them. Nested queries
 * use slots of the same frame. One frame per run; nothing in it outlives the run.
 */
export class Frame {
  readonly slots: EngineValue[]
  readonly parameters: readonly IonValue[]
  readonly transaction: TransactionAccess
  readonly context: ExecutionContext
  /** Documents that storage handed over so far. */
  readCount = 0
  #budget: MemoryBudget | undefined
  #memo: Map<object, unknown> | undefined

  constructor(
    slotCount: number,
    parameters: readonly IonValue[],
    transaction: TransactionAccess,
    context: ExecutionContext,
  ) {
    const slots: EngineValue[] = []
    for (let slot = 0; slot < slotCount; slot++) slots.push(MISSING)
    this.slots = slots
    this.parameters = parameters
    this.transaction = transaction
    this.context = context
  }

  /** What is the same for every row of a run, by the plan that computes it: results of uncorrelated subqueries. */
  get memo(): Map<object, unknown> {
    this.#memo ??= new Map()
    return this.#memo
  }

  /** What this run may hold in memory. */
  get budget(): MemoryBudget {
    this.#budget ??= new MemoryBudget(this.context.memoryLimitBytes)
    return this.#budget
  }

  /** Counts a document that was read. */
  countRead(): void {
    this.readCount++
    if (this.readCount % PROGRESS === 0) this.context.onProgress?.(this.readCount)
  }
}
