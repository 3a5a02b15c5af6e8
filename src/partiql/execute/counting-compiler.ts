import type { Operator } from '../plan/operator.ts'
import type { QueryPlan } from '../plan/query.ts'
import type { EngineValue } from '../value/engine-value.ts'
import type { OpenRows, OpenValues, RowCursor, ValueCursor } from './compiler.ts'
import { StatementCompiler } from './statement-compiler.ts'

/**
 * Compiles as {@link StatementCompiler} does, and counts what each operator and each query gives during a run: for EXPLAIN
 * ANALYZE. A scan or a range that is read together with the filter above it has no count of its own.
 */
export class CountingCompiler extends StatementCompiler {
  /** Rows by operator or query; all readings of a nested part together. Who runs a statement empties it before. */
  readonly counts: Map<Operator | QueryPlan, number> = new Map()

  override rows(operator: Operator): OpenRows {
    const open = super.rows(operator)
    return (frame) => {
      this.#count(operator, 0)
      return new CountedRows(open(frame), () => this.#count(operator, 1))
    }
  }

  override values(query: QueryPlan): OpenValues {
    const open = super.values(query)
    return (frame) => {
      this.#count(query, 0)
      return new CountedValues(open(frame), () => this.#count(query, 1))
    }
  }

  #count(part: Operator | QueryPlan, more: number): void {
    this.counts.set(part, (this.counts.get(part) ?? 0) + more)
  }
}

class CountedRows implements RowCursor {
  readonly #rows: RowCursor
  readonly #count: () => void

  constructor(rows: RowCursor, count: () => void) {
    this.#rows = rows
    this.#count = count
  }

  next(): boolean {
    if (!this.#rows.next()) return false
    this.#count()
    return true
  }

  complete(): void {
    this.#rows.complete?.()
  }

  close(): void {
    this.#rows.close()
  }
}

class CountedValues implements ValueCursor {
  readonly #values: ValueCursor
  readonly #count: () => void

  constructor(values: ValueCursor, count: () => void) {
    this.#values = values
    this.#count = count
  }

  next(): EngineValue | undefined {
    const value = this.#values.next()
    if (value !== undefined) this.#count()
    return value
  }

  close(): void {
    this.#values.close()
  }
}
