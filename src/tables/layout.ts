/**
 * Keys and values of the views, byte by byte. All numbers are unsigned big-endian, so that the order of keys is the
 * order of numbers; ids are their 22 ASCII characters, whose byte order is the order of ids.
 *
 * | keyspace | key                                             | value                                              |
 * | -------- | ----------------------------------------------- | -------------------------------------------------- |
 * | current  | table number (4), document id (22)              | header (78, below), the document in Ion            |
 * | history  | table number (4), document id (22), version (4) | sequence number (8), ordinal (4), txTime (8); of versions that are not current |
 * | history  | ff ff ff ff, table id (22), version (4)         | the same; of every version of the table's definition |
 * | index    | index number (4), order key (…)                 | 1 when more documents follow, else 0 (1), id of the first document (22) |
 * | index    | the same, document id (22)                      | empty: one more document with this value           |
 * | catalog  | table number (4)                                | version (4), index numbers (4 each, in the order of the document), catalog document in Ion |
 * | symbols  | symbol id (4)                                   | the name in UTF-8                                  |
 * | blocks   | sequence number (8)                             | segment (4), offset (4), length (4)                |
 * | tree     | storage index (8)                               | node (32)                                          |
 * | meta     | `format`, `strand`, `tip`, `indexes`, `count` + table number (4), `entries` + index number (4) | see `views.ts` |
 *
 * Header of a current revision: version (4), sequence number (8), ordinal in the block (4), txTime in epoch
 * milliseconds (8), transaction id (22), revision hash (32).
 */

import { sha256 } from '../hash/index.ts'
import { encodeOrderKey, type IonValue } from '../ion/index.ts'

const NO_BYTES = new Uint8Array(0)
export const ID_SIZE = 22
export const HEADER_SIZE = 78

/** Stands in the history in the place of a table's number: what follows are definitions of tables. */
export const DEFINITIONS = 0xffff_ffff

/** Order keys longer than this are cut here and get their SHA-256 appended: equality stays exact, order only nearly. */
export const ORDER_KEY_LIMIT = 400

export function writeUint32(target: Uint8Array, offset: number, value: number): void {
  target[offset] = value >>> 24
  target[offset + 1] = value >>> 16
  target[offset + 2] = value >>> 8
  target[offset + 3] = value
}

export function readUint32(source: Uint8Array, offset: number): number {
  return (
    (source[offset]! * 0x1000000 + ((source[offset + 1]! << 16) | (source[offset + 2]! << 8) | source[offset + 3]!)) >>>
    0
  )
}

/** Eight bytes for an integer in [0, 2^53). */
export function writeUint53(target: Uint8Array, offset: number, value: number): void {
  writeUint32(target, offset, Math.floor(value / 0x1_0000_0000))
  writeUint32(target, offset + 4, value >>> 0)
}

export function readUint53(source: Uint8Array, offset: number): number {
  return readUint32(source, offset) * 0x1_0000_0000 + readUint32(source, offset + 4)
}

export function writeId(target: Uint8Array, offset: number, id: string): void {
  for (let index = 0; index < ID_SIZE; index++) target[offset + index] = id.charCodeAt(index)
}

export function readId(source: Uint8Array, offset: number): string {
  return String.fromCharCode.apply(null, source.subarray(offset, offset + ID_SIZE) as unknown as number[])
}

/** Key of a table in `catalog`, and the prefix of its keys in `current` and `history`. */
export function tableKey(tableNumber: number): Uint8Array {
  return uint32Key(tableNumber)
}

export function uint32Key(value: number): Uint8Array {
  const key = new Uint8Array(4)
  writeUint32(key, 0, value)
  return key
}

export function uint53Key(value: number): Uint8Array {
  const key = new Uint8Array(8)
  writeUint53(key, 0, value)
  return key
}

export function currentKey(tableNumber: number, documentId: string): Uint8Array {
  const key = new Uint8Array(4 + ID_SIZE)
  writeUint32(key, 0, tableNumber)
  writeId(key, 4, documentId)
  return key
}

export function historyKey(tableNumber: number, documentId: string, version: number): Uint8Array {
  const key = new Uint8Array(8 + ID_SIZE)
  writeUint32(key, 0, tableNumber)
  writeId(key, 4, documentId)
  writeUint32(key, 4 + ID_SIZE, version)
  return key
}

/**
 * The order key as the index holds it: whole up to {@link ORDER_KEY_LIMIT} bytes, cut and hashed beyond. No such key
 * is a prefix of another, because order keys delimit themselves.
 */
export function indexedValue(value: IonValue): Uint8Array {
  const key = encodeOrderKey(value)
  if (key.length <= ORDER_KEY_LIMIT) return key
  const cut = new Uint8Array(ORDER_KEY_LIMIT + 32)
  cut.set(key.subarray(0, ORDER_KEY_LIMIT))
  cut.set(sha256(key), ORDER_KEY_LIMIT)
  return cut
}

/** The common start of all entries of one value in one index. */
export function indexPrefix(indexNumber: number, indexed: Uint8Array): Uint8Array {
  const key = new Uint8Array(4 + indexed.length)
  writeUint32(key, 0, indexNumber)
  key.set(indexed, 4)
  return key
}

export function indexKey(indexNumber: number, indexed: Uint8Array, documentId: string): Uint8Array {
  const key = new Uint8Array(4 + indexed.length + ID_SIZE)
  writeUint32(key, 0, indexNumber)
  key.set(indexed, 4)
  writeId(key, 4 + indexed.length, documentId)
  return key
}

/** The first key after every key that starts with `prefix`; undefined when there is none (all bytes are 0xff). */
export function afterPrefix(prefix: Uint8Array): Uint8Array | undefined {
  for (let index = prefix.length - 1; index >= 0; index--) {
    if (prefix[index] !== 0xff) {
      const next = prefix.slice(0, index + 1)
      next[index] = next[index]! + 1
      return next
    }
  }
  return undefined
}

/** Keys that start with `prefix`; with a `suffix`, those from prefix and suffix on. */
export function prefixRange(prefix: Uint8Array, suffix: Uint8Array = NO_BYTES): { from: Uint8Array; to?: Uint8Array } {
  const from = suffix.length === 0 ? prefix : new Uint8Array(prefix.length + suffix.length)
  if (suffix.length > 0) {
    from.set(prefix)
    from.set(suffix, prefix.length)
  }
  const to = afterPrefix(prefix)
  return to === undefined ? { from } : { from, to }
}

/** Unsigned byte order, a prefix first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const size = Math.min(a.length, b.length)
  for (let index = 0; index < size; index++) if (a[index] !== b[index]) return a[index]! - b[index]!
  return a.length - b.length
}
