import { IonAnnotated, IonList, IonSexp, IonStruct, type IonValue } from '../../ion/index.ts'
import { Bag, type EngineValue } from '../value/engine-value.ts'
import { isBeyondIon } from '../value/family.ts'

/** True for what can be the value of a field of a stored document, and so has a place in an index. */
export function isStorable(value: EngineValue): value is IonValue {
  if (typeof value !== 'object') return true
  if (value instanceof Bag || isBeyondIon(value)) return false
  if (value instanceof IonAnnotated) return isStorable(value.value)
  // What lies over bytes came from a document or a parameter.
  if (value instanceof IonList || value instanceof IonSexp) {
    return value.encoded !== undefined || value.items.every(isStorable)
  }
  if (value instanceof IonStruct) {
    return value.encoded !== undefined || value.fields.every((field) => isStorable(field.value))
  }
  return true
}
