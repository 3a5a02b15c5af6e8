import {
  fromJavascript,
  IonAnnotated,
  IonList,
  IonSexp,
  IonStruct,
  type IonValue,
  type MoreValues,
  toJavascript,
} from '../ion/index.ts'
import { type EngineValue, MISSING } from './value/engine-value.ts'
import { isBeyondIon } from './value/family.ts'

const PARTIQL_VALUES: MoreValues = {
  absent: MISSING,
  // Inside the engine Ion's containers hold them too; their types do not say so.
  valueOf: (value) => (isBeyondIon(value) ? (value as unknown as IonValue) : undefined),
}

/**
 * The engine's value of a JavaScript value: what {@link fromJavascript} makes of it, and PartiQL's own values (a bag,
 * MISSING, a date …) wherever they stand. A field that is MISSING is left out.
 *
 * @throws {FormatError} BAD_VALUE as {@link fromJavascript}, with the path
 */
export function engineValueOf(value: unknown): EngineValue {
  return fromJavascript(value, PARTIQL_VALUES)
}

/**
 * Plain JavaScript of an engine value by the rules of {@link toJavascript}. A bag is an array like a list, and MISSING is
 * undefined. What JavaScript has no type for stays what it is: dates, times, intervals, graphs, Ion's own objects, and a
 * struct that repeats a name.
 */
export function javascriptOf(value: EngineValue): unknown {
  if (value === MISSING) return undefined
  if (isBeyondIon(value)) return value
  if (value instanceof IonList) return (value.items as readonly EngineValue[]).map(javascriptOf)
  if (value instanceof IonStruct) {
    const { fields } = value
    if (new Set(fields.map(({ name }) => name)).size < fields.length) return value
    return Object.fromEntries(fields.map((field) => [field.name, javascriptOf(field.value)]))
  }
  if (value instanceof IonSexp || value instanceof IonAnnotated) return value
  return toJavascript(value)
}
