import { FormatError } from '../errors.ts'
import { Decimal } from './decimal.ts'
import { MAX_DEPTH } from './head.ts'
import { Timestamp } from './timestamp.ts'
import {
  IonAnnotated,
  IonBlob,
  IonClob,
  type IonField,
  IonFloat,
  IonList,
  IonSexp,
  IonStruct,
  IonSymbol,
  type IonValue,
} from './value.ts'

/**
 * Whether two values are the same value of the Ion data model: types, annotations, precision of decimals and timestamps,
 * offsets, `nan` and negative zeros all count; the order of struct fields does not. `1.0` and `1.00` are different.
 * Equal values have equal Ion hashes.
 *
 * Cost: linear, but for a struct with the same name many times. Decodes what is still bytes.
 *
 * @throws {FormatError} BAD_ION when a container over bytes is damaged or lies deeper than 512
 */
export function equals(a: IonValue, b: IonValue): boolean {
  return equalsAt(a, b, 0)
}

function equalsAt(a: IonValue, b: IonValue, depth: number): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object') return false
  if (a instanceof IonStruct) return b instanceof IonStruct && equalFields(a.fields, b.fields, depth + 1)
  if (a instanceof IonSymbol) return b instanceof IonSymbol && a.text === b.text
  if (a instanceof Decimal) {
    return (
      b instanceof Decimal &&
      a.coefficient === b.coefficient &&
      a.exponent === b.exponent &&
      a.isNegativeZero === b.isNegativeZero
    )
  }
  if (a instanceof Timestamp) return b instanceof Timestamp && equalTimestamps(a, b)
  if (a instanceof IonList) return b instanceof IonList && equalItems(a.items, b.items, depth + 1)
  if (a instanceof IonSexp) return b instanceof IonSexp && equalItems(a.items, b.items, depth + 1)
  if (a instanceof IonFloat) return b instanceof IonFloat && Object.is(a.value, b.value)
  if (a instanceof IonBlob) return b instanceof IonBlob && equalBytes(a.bytes, b.bytes)
  if (a instanceof IonClob) return b instanceof IonClob && equalBytes(a.bytes, b.bytes)
  if (a instanceof IonAnnotated) {
    return (
      b instanceof IonAnnotated &&
      a.annotations.length === b.annotations.length &&
      a.annotations.every((name, i) => name === b.annotations[i]) &&
      equalsAt(a.value, b.value, depth)
    )
  }
  return false // Nulls are interned: equal ones are identical.
}

function equalItems(a: readonly IonValue[], b: readonly IonValue[], depth: number): boolean {
  checkDepth(depth)
  return a.length === b.length && a.every((item, i) => equalsAt(item, b[i]!, depth))
}

/** As multisets: for each field of `a` one of `b` that is still free. */
function equalFields(a: readonly IonField[], b: readonly IonField[], depth: number): boolean {
  checkDepth(depth)
  if (a.length !== b.length) return false
  const free = new Map<string, IonValue[]>()
  for (const { name, value } of b) {
    const values = free.get(name)
    if (values === undefined) {
      free.set(name, [value])
    } else {
      values.push(value)
    }
  }
  for (const { name, value } of a) {
    const values = free.get(name)
    const index = values === undefined ? -1 : values.findIndex((candidate) => equalsAt(value, candidate, depth))
    if (index < 0) return false
    values!.splice(index, 1)
  }
  return true
}

function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH) throw new FormatError('BAD_ION', `Containers lie deeper in one another than ${MAX_DEPTH}.`)
}

function equalTimestamps(a: Timestamp, b: Timestamp): boolean {
  return (
    a.year === b.year &&
    a.month === b.month &&
    a.day === b.day &&
    a.hour === b.hour &&
    a.minute === b.minute &&
    a.second === b.second &&
    a.offsetMinutes === b.offsetMinutes &&
    a.fraction?.digits === b.fraction?.digits &&
    a.fraction?.coefficient === b.fraction?.coefficient
  )
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
