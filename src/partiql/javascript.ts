import { fromJavascript, IonAnnotated, IonList, IonSexp, IonStruct, type IonValue, toJavascript } from '../ion/index.ts'
import { Bag, type EngineValue, MISSING } from './value/engine-value.ts'
import { Graph } from './value/graph.ts'

/**
 * The engine's value of a JavaScript value: what {@link fromJavascript} makes of it, and PartiQL's own values (bags,
 * MISSING) wherever they stand. A MISSING in an object leaves its field out.
 *
 * @throws {FormatError} BAD_VALUE as {@link fromJavascript}
 */
export function engineValueOf(value: unknown): EngineValue {
  if (value === MISSING) return MISSING
  if (value instanceof Graph) return value
  if (Array.isArray(value)) return new IonList(value.map(engineValueOf) as IonValue[])
  if (isPlainObject(value)) {
    const fields = Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([name, each]) => ({ name, value: engineValueOf(each) }))
    return new IonStruct(fields.filter((field) => field.value !== MISSING) as { name: string; value: IonValue }[])
  }
  return fromJavascript(value)
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/**
 * Plain JavaScript of an engine value by the rules of {@link toJavascript}: a bag is an array like a list, MISSING is
 * undefined. A struct that repeats a name stays an `IonStruct`.
 */
export function javascriptOf(value: EngineValue): unknown {
  if (value === MISSING) return undefined
  if (value instanceof Bag || value instanceof IonList) return (value.items as readonly EngineValue[]).map(javascriptOf)
  if (value instanceof IonStruct) {
    const { fields } = value
    if (new Set(fields.map(({ name }) => name)).size < fields.length) return value
    return Object.fromEntries(fields.map((field) => [field.name, javascriptOf(field.value)]))
  }
  if (value instanceof IonSexp || value instanceof IonAnnotated || value instanceof Graph) return value
  return toJavascript(value as IonValue)
}
