import { FormatError } from '../errors.ts'
import type { Hash } from '../hash/index.ts'
import { Decimal } from './decimal.ts'
import { writeEncoded } from './hash-bytes.ts'
import { MAX_DEPTH } from './head.ts'
import { IonHasher } from './ion-hasher.ts'
import { Timestamp } from './timestamp.ts'
import {
  IonAnnotated,
  IonBlob,
  IonClob,
  IonFloat,
  IonList,
  IonNull,
  type IonSexp,
  IonStruct,
  IonSymbol,
  type IonType,
  type IonValue,
} from './value.ts'

const NULL_DESCRIPTORS: Readonly<Record<IonType, number>> = {
  null: 0x0f,
  bool: 0x1f,
  int: 0x2f,
  float: 0x4f,
  decimal: 0x5f,
  timestamp: 0x6f,
  symbol: 0x7f,
  string: 0x8f,
  clob: 0x9f,
  blob: 0xaf,
  list: 0xbf,
  sexp: 0xcf,
  struct: 0xdf,
}

const ownHasher: IonHasher = new IonHasher()

/**
 * Ion Hash 1.0 with SHA-256 of a value: equal to `hashBytes` of its encoding. Containers over bytes are hashed from
 * their bytes.
 *
 * @throws {FormatError} BAD_VALUE for half a surrogate pair in a text or for values nested too deep;
 *   BAD_ION for a damaged container over bytes
 */
export function hashValue(value: IonValue): Hash {
  ownHasher.reset()
  writeValue(ownHasher, value)
  return ownHasher.digest()
}

/**
 * The hash of a list together with those of its elements, in one walk: an element's own hash costs one SHA-256 more.
 *
 * @throws {FormatError} as {@link hashValue}
 */
export function hashListWithItems(list: IonList): { readonly hash: Hash; readonly items: readonly Hash[] } {
  ownHasher.reset()
  ownHasher.beginList()
  const items = list.items.map((item) => {
    const start = ownHasher.position
    write(ownHasher, item, 1)
    return ownHasher.digestFrom(start)
  })
  ownHasher.endSequence()
  return { hash: ownHasher.digest(), items }
}

/** Writes a value as the next one of a hasher. @throws {FormatError} as {@link hashValue}; the hasher then needs a reset */
export function writeValue(hasher: IonHasher, value: IonValue): void {
  write(hasher, value, 0)
}

function write(hasher: IonHasher, value: IonValue, depth: number): void {
  switch (typeof value) {
    case 'string':
      hasher.string(value)
      return
    case 'number':
    case 'bigint':
      hasher.int(value)
      return
    case 'boolean':
      hasher.bool(value)
      return
  }
  if (value instanceof IonNull) hasher.bare(NULL_DESCRIPTORS[value.type])
  else if (value instanceof IonSymbol) hasher.symbol(value.text)
  else if (value instanceof Decimal) hasher.decimal(value)
  else if (value instanceof Timestamp) hasher.timestamp(value)
  else if (value instanceof IonFloat) hasher.float(value.value)
  else if (value instanceof IonBlob) hasher.blob(value.bytes)
  else if (value instanceof IonClob) hasher.clob(value.bytes)
  else writeNested(hasher, value, depth)
}

function writeNested(hasher: IonHasher, value: IonStruct | IonList | IonSexp | IonAnnotated, depth: number): void {
  if (depth >= MAX_DEPTH) {
    throw new FormatError('BAD_VALUE', `Containers are nested deeper than ${MAX_DEPTH}; store the value flatter.`)
  }
  if (value instanceof IonAnnotated) {
    hasher.beginAnnotated()
    for (const annotation of value.annotations) hasher.symbol(annotation)
    write(hasher, value.value, depth)
    hasher.endSequence()
    return
  }
  if (value.encoded !== undefined) {
    const { bytes, symbols, start, end } = value.encoded
    writeEncoded(hasher, bytes, symbols, start, end, depth)
    return
  }
  if (value instanceof IonStruct) {
    hasher.beginStruct()
    for (const field of value.fields) {
      hasher.fieldNamed(field.name)
      write(hasher, field.value, depth + 1)
    }
    hasher.endStruct()
    return
  }
  if (value instanceof IonList) hasher.beginList()
  else hasher.beginSexp()
  for (const item of value.items) write(hasher, item, depth + 1)
  hasher.endSequence()
}
