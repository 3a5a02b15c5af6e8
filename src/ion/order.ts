import { FormatError } from '../errors.ts'
import { Decimal } from './decimal.ts'
import { MAX_DEPTH } from './head.ts'
import { NO_TEXT } from './symbol-table.ts'
import { Timestamp } from './timestamp.ts'
import {
  IonAnnotated,
  type IonBareValue,
  type IonBlob,
  type IonClob,
  type IonField,
  IonFloat,
  IonList,
  IonNull,
  IonSexp,
  IonStruct,
  IonSymbol,
  type IonValue,
} from './value.ts'

/** Where the families of values stand in the order. */
const NULL_FAMILY = 0
const BOOL = 1
const NUMBER = 2
const TIMESTAMP = 3
const TEXT = 4
const BYTES = 5
const LIST = 6
const SEXP = 7
const STRUCT = 8

function familyOf(value: IonBareValue): number {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return NUMBER
    case 'string':
      return TEXT
    case 'boolean':
      return BOOL
  }
  if (value instanceof IonSymbol) return TEXT
  if (value instanceof Decimal || value instanceof IonFloat) return NUMBER
  if (value instanceof Timestamp) return TIMESTAMP
  if (value instanceof IonNull) return NULL_FAMILY
  if (value instanceof IonStruct) return STRUCT
  if (value instanceof IonList) return LIST
  if (value instanceof IonSexp) return SEXP
  return BYTES
}

/**
 * The total order over Ion values that ORDER BY, indexes and grouping share; 0 exactly where PartiQL's grouping equality
 * holds. Annotations do not count.
 *
 * 1. nulls of every type, all equal
 * 2. false, then true
 * 3. numbers: not-a-number, -inf, all finite ones by value whatever their type (1 = 1.0 = 1e0, -0 = 0), +inf
 * 4. timestamps by instant: an unknown offset is UTC, a date its first moment
 * 5. strings and symbols alike, by Unicode code point
 * 6. blobs and clobs alike, by unsigned bytes
 * 7. lists, then 8. S-expressions: item by item, a shorter one before those it begins
 * 9. structs: their fields, sorted by name and then value, as a list of pairs
 *
 * The value of a float is that of its shortest decimal text, the number it prints as: `0.1e0` equals `0.1`, which its
 * binary fraction does not. This keeps the order of floats, and no two floats become equal.
 *
 * Cost: linear in the smaller value, structs n log n. Decodes what is still bytes.
 *
 * @returns a number below, equal to or above 0
 * @throws {FormatError} BAD_VALUE for values nested deeper than 512, BAD_ION for a damaged container over bytes
 *
 * Source: PartiQL specification §12.2 (order-by less-than).
 */
export function compareOrder(a: IonValue, b: IonValue): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return compareAt(a, b, 0)
}

/** The value without its annotations. */
export function withoutAnnotations(value: IonValue): IonBareValue {
  return value instanceof IonAnnotated ? value.value : value
}

function compareAt(annotatedA: IonValue, annotatedB: IonValue, depth: number): number {
  if (annotatedA === annotatedB) return 0
  const a = withoutAnnotations(annotatedA)
  const b = withoutAnnotations(annotatedB)
  const family = familyOf(a)
  const difference = family - familyOf(b)
  if (difference !== 0) return difference
  switch (family) {
    case NULL_FAMILY:
      return 0
    case BOOL:
      return Number(a) - Number(b)
    case NUMBER:
      return compareNumbers(a as Numeric, b as Numeric)
    case TIMESTAMP:
      return (a as Timestamp).compare(b as Timestamp)
    case TEXT:
      return compareText(textOf(a as string | IonSymbol), textOf(b as string | IonSymbol))
    case BYTES:
      return compareBytes((a as IonBlob | IonClob).bytes, (b as IonBlob | IonClob).bytes)
  }
  checkDepth(depth)
  if (family === STRUCT) return compareStructs(a as IonStruct, b as IonStruct, depth + 1)
  return compareItems((a as IonList | IonSexp).items, (b as IonList | IonSexp).items, depth + 1)
}

/** @throws {FormatError} BAD_VALUE when a container lies too deep in others */
export function checkDepth(depth: number): void {
  if (depth >= MAX_DEPTH) {
    throw new FormatError('BAD_VALUE', `Containers are nested deeper than ${MAX_DEPTH}; store the value flatter.`)
  }
}

/** The text of a string or symbol; {@link NO_TEXT} for `$0`. */
export function textOf(value: string | IonSymbol): string {
  return typeof value === 'string' ? value : (value.text ?? NO_TEXT)
}

/** By code point, so not as `<` does it: U+1F600 comes after U+FF5E, although its first UTF-16 unit is smaller. */
function compareText(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  let i = 0
  while (i < length && a.charCodeAt(i) === b.charCodeAt(i)) i++
  if (i === length) return a.length - b.length
  // The units that differ may be the second halves of surrogate pairs.
  const previous = i === 0 ? 0 : a.charCodeAt(i - 1)
  if (previous >= 0xd800 && previous <= 0xdbff) {
    const difference = a.codePointAt(i - 1)! - b.codePointAt(i - 1)!
    if (difference !== 0) return difference
  }
  return a.codePointAt(i)! - b.codePointAt(i)!
}

/** By unsigned bytes, a prefix first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return a.length - b.length
}

type Numeric = number | bigint | IonFloat | Decimal

function compareNumbers(a: Numeric, b: Numeric): number {
  const x = a instanceof IonFloat ? a.value : a
  const y = b instanceof IonFloat ? b.value : b
  if (typeof x === 'number' && !Number.isFinite(x)) return classOf(x) - classOf(y)
  if (typeof y === 'number' && !Number.isFinite(y)) return classOf(x) - classOf(y)
  // Safe integers and floats compare exactly as numbers: the shortest text of a float lies on the same side of every
  // other number as the float does.
  if (typeof x === 'number' && typeof y === 'number') return x < y ? -1 : x > y ? 1 : 0
  if (typeof x === 'bigint' && typeof y === 'bigint') return x < y ? -1 : x > y ? 1 : 0
  return (x instanceof Decimal ? x : new Decimal(x)).compare(y)
}

/** Not-a-number, -inf, finite, +inf. */
function classOf(value: number | bigint | Decimal): number {
  if (typeof value !== 'number' || Number.isFinite(value)) return 2
  return Number.isNaN(value) ? 0 : value < 0 ? 1 : 3
}

function compareItems(a: readonly IonValue[], b: readonly IonValue[], depth: number): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const order = compareAt(a[i]!, b[i]!, depth)
    if (order !== 0) return order
  }
  return a.length - b.length
}

function compareStructs(a: IonStruct, b: IonStruct, depth: number): number {
  const byNameThenValue = (x: IonField, y: IonField): number =>
    compareText(x.name, y.name) || compareAt(x.value, y.value, depth)
  const fieldsOfA = [...a.fields].sort(byNameThenValue)
  const fieldsOfB = [...b.fields].sort(byNameThenValue)
  const length = Math.min(fieldsOfA.length, fieldsOfB.length)
  for (let i = 0; i < length; i++) {
    const order = byNameThenValue(fieldsOfA[i]!, fieldsOfB[i]!)
    if (order !== 0) return order
  }
  return fieldsOfA.length - fieldsOfB.length
}
