/**
 * PartiQL values as the suite writes them in Ion: the last annotation decides, as in `$bag::[1, $missing::null]`; an
 * s-expression reads as an array, `$ion::v` as `v`. Other annotations stay what they are in Ion.
 */
import { IonAnnotated, type IonField, IonList, IonSexp, IonStruct, type IonValue } from '../../src/ion/index.ts'
import { Bag, type EngineValue, MISSING, readGraph } from '../../src/partiql/public.ts'

/** @throws {Error} when an annotation of the suite is on something that it does not fit */
export function suiteValue(value: IonValue): EngineValue {
  if (!(value instanceof IonAnnotated)) return plainValue(value)
  const marker = value.annotations.at(-1)!
  const bare = value.value
  switch (marker) {
    case '$missing':
      return MISSING
    case '$bag':
      if (!(bare instanceof IonList)) throw new Error('$bag is on no list')
      return new Bag(items(bare.items))
    case '$graph':
      return readGraph(bare, suiteValue)
    case '$ion':
      return plainValue(bare)
    default: {
      if (marker.startsWith('$')) throw new Error(`${marker} values cannot be read yet`)
      const plain = plainValue(bare)
      return new IonAnnotated(value.annotations, plain as Exclude<IonValue, IonAnnotated>)
    }
  }
}

function plainValue(value: IonValue): EngineValue {
  if (value instanceof IonList || value instanceof IonSexp) return new IonList(items(value.items))
  if (value instanceof IonStruct) {
    const fields: IonField[] = []
    for (const field of value.fields) {
      const each = suiteValue(field.value)
      if (each !== MISSING) fields.push({ name: field.name, value: each as IonValue })
    }
    return new IonStruct(fields)
  }
  return value
}

function items(values: readonly IonValue[]): readonly IonValue[] {
  return values.map(suiteValue) as readonly IonValue[]
}
