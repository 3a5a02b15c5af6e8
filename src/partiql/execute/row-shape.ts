import { IonStruct } from '../../ion/index.ts'
import type { EngineValue } from '../value/engine-value.ts'
import { ABSENT, type Family, familyOf } from '../value/family.ts'
import { typeName } from './type-name.ts'

/** Throws an error that says what is wrong. */
export type Refuse = (problem: string) => void

/** What SQL asks of the rows on both sides of UNION: one number of columns, and one kind of value in each. */
export class RowShape {
  #columnCount: number | undefined
  readonly #families: Map<string, Family> = new Map()
  readonly #refuse: Refuse

  /** @param columnCount undefined: as many as the first row has */
  constructor(columnCount: number | undefined, refuse: Refuse) {
    this.#columnCount = columnCount
    this.#refuse = refuse
  }

  /**
   * The row, when it fits.
   *
   * @param isListed the row comes from an explicit select list: a field that it lacks is MISSING, the number is right
   */
  check(row: EngineValue, isListed: boolean): EngineValue {
    if (!(row instanceof IonStruct)) {
      this.#refuse(`Without OUTER every row must be a struct, found ${typeName(row)}.`)
      return row
    }
    this.#columnCount ??= row.size
    if (!isListed && row.size !== this.#columnCount) {
      this.#refuse(
        `The rows have different numbers of columns, ${this.#columnCount} and ${row.size}. Name the columns, or write OUTER before the operator.`,
      )
    }
    for (const { name, value } of row.fields) {
      const family = familyOf(value)
      if (family === ABSENT) continue
      const known = this.#families.get(name)
      if (known === undefined) this.#families.set(name, family)
      else if (known !== family) {
        this.#refuse(`Column ${JSON.stringify(name)} has values of different types. Write OUTER before the operator.`)
      }
    }
    return row
  }
}
