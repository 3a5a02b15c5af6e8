import { Decimal } from './decimal.ts'
import type { SymbolTable } from './symbol-table.ts'
import { Timestamp } from './timestamp.ts'

/** The thirteen types of Ion, as Ion text spells them. */
export type IonType =
  | 'null'
  | 'bool'
  | 'int'
  | 'float'
  | 'decimal'
  | 'timestamp'
  | 'symbol'
  | 'string'
  | 'clob'
  | 'blob'
  | 'list'
  | 'sexp'
  | 'struct'

/** An Ion value that carries no annotation. */
export type IonBareValue =
  | boolean
  /** An Ion int in the safe range: an integer, never -0. */
  | number
  /** An Ion int outside the safe range; an int that fits a number is never a bigint. */
  | bigint
  | string
  | IonNull
  | IonFloat
  | Decimal
  | Timestamp
  | IonSymbol
  | IonBlob
  | IonClob
  | IonList
  | IonSexp
  | IonStruct

/** Any Ion value, as the smallest natural JavaScript thing: tell them apart with `typeof` and `instanceof`. */
export type IonValue = IonBareValue | IonAnnotated

/** `null`, `null.int` and so on: thirteen objects in all, so `===` compares them. */
export class IonNull {
  private static readonly interned: Map<IonType, IonNull> = new Map()

  readonly type: IonType

  /** The null of a type: always the same object. */
  static of(type: IonType): IonNull {
    let value = IonNull.interned.get(type)
    if (value === undefined) {
      value = new IonNull(type)
      IonNull.interned.set(type, value)
    }
    return value
  }

  private constructor(type: IonType) {
    this.type = type
  }
}

/** Ion's untyped `null`. */
export const NULL: IonNull = IonNull.of('null')

/** A 64-bit float; `nan`, infinities and `-0e0` included. */
export class IonFloat {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

/** A symbol; its text is undefined for `$0` and for symbols of shared tables that are not at hand. */
export class IonSymbol {
  readonly text: string | undefined

  constructor(text: string | undefined) {
    this.text = text
  }
}

/** Bytes. The array is not copied: do not change it afterwards. */
export class IonBlob {
  readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }
}

/** Text in an unknown encoding, kept as bytes. The array is not copied: do not change it afterwards. */
export class IonClob {
  readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }
}

/** A name and a value in a struct. A name without text (`$0`) is `NO_TEXT` of symbol-table.ts. */
export interface IonField {
  readonly name: string
  readonly value: IonValue
}

/**
 * A container that is still Ion binary: one value without annotations at `[start, end)` of `bytes`, its content from
 * `bodyStart`. The bytes must not change while the container lives.
 */
export interface EncodedContainer {
  readonly bytes: Uint8Array
  /** Where the type descriptor is. */
  readonly start: number
  readonly bodyStart: number
  readonly end: number
  readonly symbols: SymbolTable
  readonly reader: ContainerReader
}

/** Decodes containers on demand; binary-reader.ts has the one implementation. */
export interface ContainerReader {
  readItems(encoded: EncodedContainer): readonly IonValue[]
  readFields(encoded: EncodedContainer): readonly IonField[]
  readField(encoded: EncodedContainer, name: string): IonValue | undefined
  countFields(encoded: EncodedContainer): number
}

/**
 * What list, sexp and struct share: made from values, or over bytes and then decoded when somebody looks. A damaged
 * container over bytes throws {@link FormatError} BAD_ION when it is looked at, not before; `validateValue` looks at
 * everything at once.
 */
abstract class IonSequence {
  /** The bytes this was made over; undefined when it was made from values. */
  readonly encoded: EncodedContainer | undefined
  private decoded: readonly IonValue[] | undefined

  constructor(items: readonly IonValue[] | undefined, encoded?: EncodedContainer) {
    this.decoded = items
    this.encoded = encoded
  }

  /** All items; decoded on first use and then kept. */
  get items(): readonly IonValue[] {
    if (this.decoded === undefined) this.decoded = this.encoded!.reader.readItems(this.encoded!)
    return this.decoded
  }
}

/** An ordered list, `[1, two, "three"]`. */
export class IonList extends IonSequence {
  // Keeps lists and sexps apart for the type checker.
  declare private readonly brand: 'list'
}

/** An S-expression, `(plus 1 2)`. */
export class IonSexp extends IonSequence {
  declare private readonly brand: 'sexp'
}

/**
 * Fields in the order they were written; names may repeat. Over bytes, {@link get} decodes one field only.
 */
export class IonStruct {
  /** The bytes this was made over; undefined when it was made from fields. */
  readonly encoded: EncodedContainer | undefined
  private decoded: readonly IonField[] | undefined

  constructor(fields: readonly IonField[] | undefined, encoded?: EncodedContainer) {
    this.decoded = fields
    this.encoded = encoded
  }

  /** All fields; decoded on first use and then kept. */
  get fields(): readonly IonField[] {
    if (this.decoded === undefined) this.decoded = this.encoded!.reader.readFields(this.encoded!)
    return this.decoded
  }

  /** How many fields there are. Decodes none. */
  get size(): number {
    return this.decoded === undefined ? this.encoded!.reader.countFields(this.encoded!) : this.decoded.length
  }

  /** The value of the first field of that name; undefined when there is none. Walks the fields, decodes only that one. */
  get(name: string): IonValue | undefined {
    const fields = this.decoded
    if (fields === undefined) return this.encoded!.reader.readField(this.encoded!, name)
    for (const field of fields) if (field.name === name) return field.value
    return undefined
  }
}

/** A value with one or more annotations, outermost first: `usd::12.50`. */
export class IonAnnotated {
  readonly annotations: readonly string[]
  readonly value: IonBareValue

  constructor(annotations: readonly string[], value: IonBareValue) {
    this.annotations = annotations
    this.value = value
  }
}

/** The Ion type; typed nulls and annotated values have that of what they hold. */
export function typeOf(value: IonValue): IonType {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return 'int'
    case 'string':
      return 'string'
    case 'boolean':
      return 'bool'
  }
  if (value instanceof IonStruct) return 'struct'
  if (value instanceof IonSymbol) return 'symbol'
  if (value instanceof IonNull) return value.type
  if (value instanceof Decimal) return 'decimal'
  if (value instanceof Timestamp) return 'timestamp'
  if (value instanceof IonList) return 'list'
  if (value instanceof IonFloat) return 'float'
  if (value instanceof IonBlob) return 'blob'
  if (value instanceof IonClob) return 'clob'
  if (value instanceof IonSexp) return 'sexp'
  return typeOf(value.value)
}
