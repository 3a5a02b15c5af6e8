import type { EngineValue } from '../value/engine-value.ts'

/** One name as it was written: an unquoted one also means a global that differs in case only. */
export interface WrittenName {
  readonly name: string
  readonly quoted: boolean
}

/** The global that the first `length` of the written names stand for. */
export interface FoundGlobal {
  readonly name: string
  readonly value: EngineValue
  readonly length: number
}

/**
 * Values that a statement knows by name without a catalog: the `env` of `evaluate`. A name may hold dots
 * (`information_schema.user_tables`): what is written as a path then finds the longest name that its steps spell.
 */
export class Globals {
  readonly #values: ReadonlyMap<string, EngineValue>
  readonly #folded: ReadonlyMap<string, string>
  readonly #maxLength: number

  constructor(values: ReadonlyMap<string, EngineValue>) {
    this.#values = values
    const folded = new Map<string, string>()
    let maxLength = 0
    for (const name of values.keys()) {
      const key = name.toLowerCase()
      // Of names that differ in case only, an unquoted spelling that is equal to none of them means the first.
      if (!folded.has(key)) folded.set(key, name)
      maxLength = Math.max(maxLength, name.split('.').length)
    }
    this.#folded = folded
    this.#maxLength = maxLength
  }

  /** All names, for error messages. */
  get names(): string[] {
    return [...this.#values.keys()]
  }

  /** The longest global that the names spell from the first on; undefined when there is none. */
  find(written: readonly WrittenName[]): FoundGlobal | undefined {
    for (let length = Math.min(written.length, this.#maxLength); length > 0; length--) {
      const name = this.#match(written.slice(0, length))
      if (name !== undefined) return { name, value: this.#values.get(name)!, length }
    }
    return undefined
  }

  #match(written: readonly WrittenName[]): string | undefined {
    const exact = written.map(({ name }) => name).join('.')
    if (this.#values.has(exact)) return exact
    if (written.some(({ quoted }) => quoted)) return undefined
    return this.#folded.get(exact.toLowerCase())
  }
}

/** No globals: what a statement over a ledger knows. */
export const NO_GLOBALS: Globals = new Globals(new Map())
