import type { EngineValue } from '../value/engine-value.ts'
import { hashKey } from '../value/hash-key.ts'
import type { Accumulator } from './aggregate.ts'
import type { HeldMemory } from './memory-budget.ts'

/** Lets each value through once: `SUM(DISTINCT x)`. Memory: a key per distinct value. */
export class DistinctAccumulator implements Accumulator {
  readonly #inner: Accumulator
  readonly #held: HeldMemory
  readonly #seen: Set<unknown> = new Set()

  constructor(inner: Accumulator, held: HeldMemory) {
    this.#inner = inner
    this.#held = held
  }

  add(value: EngineValue): void {
    const key = hashKey(value)
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    this.#held.add([value])
    this.#inner.add(value)
  }

  result(): EngineValue {
    return this.#inner.result()
  }
}
