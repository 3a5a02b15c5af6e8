import type { Index, Table } from '../catalog/index.ts'
import { compareOrder, encodeOrderKey, type IonValue, NULL, orderKeyFamily, type SymbolTable } from '../ion/index.ts'
import type { Keyspace, Snapshot } from '../storage/index.ts'
import { currentOf } from './index-entries.ts'
import { afterPrefix, compareBytes, ID_SIZE, indexPrefix, ORDER_KEY_LIMIT, prefixRange, writeUint32 } from './layout.ts'
import type { CurrentRevision } from './stored-revision.ts'

/**
 * A stretch of an index. A side without a value ends where the family of the other side's value does: from 5 upwards
 * are all numbers, and no texts. Without both it is every value but null.
 */
export interface IndexBounds {
  readonly low?: IonValue | undefined
  readonly lowInclusive: boolean
  readonly high?: IonValue | undefined
  readonly highInclusive: boolean
  /** The largest value first. Documents of equal values come in the order of their ids either way. */
  readonly reverse: boolean
}

/** A stretch of indexed values as bytes: `from` inclusive, `to` exclusive; undefined where there is no end. */
export interface IndexedRange {
  readonly from: Uint8Array
  readonly to: Uint8Array | undefined
}

/**
 * The bytes between the bounds; undefined when nothing can lie there. Never too narrow; a little too wide for values
 * whose keys are cut, see {@link indexedValue}.
 */
export function indexedRange(bounds: IndexBounds): IndexedRange | undefined {
  const low = bounds.low === undefined ? undefined : encodeOrderKey(bounds.low)
  const high = bounds.high === undefined ? undefined : encodeOrderKey(bounds.high)
  const known = low ?? high
  if (known === undefined) return { from: Uint8Array.of(orderKeyFamily(encodeOrderKey(NULL)).to), to: undefined }
  const family = orderKeyFamily(known)
  if (low !== undefined && high !== undefined && orderKeyFamily(high).from !== family.from) return undefined
  const from = low === undefined ? Uint8Array.of(family.from) : bounds.lowInclusive ? cut(low) : after(low, true)
  const to = high === undefined ? Uint8Array.of(family.to) : bounds.highInclusive ? after(high, false) : exclusive(high)
  return compareBytes(from, to) < 0 ? { from, to } : undefined
}

/** The keys of the entries of a stretch. */
export function entryRange(index: Index, { from, to }: IndexedRange): { from: Uint8Array; to: Uint8Array | undefined } {
  return {
    from: indexPrefix(index.number, from),
    to: to === undefined ? afterPrefix(indexPrefix(index.number, NOTHING)) : indexPrefix(index.number, to),
  }
}

const NOTHING = new Uint8Array(0)
/** Length of the key of an entry whose order key was cut. */
export const CUT_KEY_SIZE: number = 4 + ORDER_KEY_LIMIT + 32

function cut(key: Uint8Array): Uint8Array {
  return key.length <= ORDER_KEY_LIMIT ? key : key.subarray(0, ORDER_KEY_LIMIT)
}

/** Behind a key; keys that are cut at the same place may be on either side of it, so a low bound stays before them. */
function after(key: Uint8Array, isLow: boolean): Uint8Array {
  return isLow && key.length > ORDER_KEY_LIMIT ? cut(key) : afterPrefix(cut(key))!
}

function exclusive(key: Uint8Array): Uint8Array {
  return key.length > ORDER_KEY_LIMIT ? afterPrefix(cut(key))! : key
}

/**
 * The current revisions whose indexed value lies in a range, in the exact order of values, equal values in the order of
 * document ids. A class over generators: a range is read by the thousand, one document by {@link IndexSeek}.
 *
 * Cost: one step of a cursor and one read a document; from the largest, two cursors more for every value that several
 * documents share. Documents whose values agree in the first 400 bytes of their keys are read together and sorted.
 */
export class IndexRangeCursor {
  /** The index key of the value that was read last: all up to it is known. Undefined before the first. */
  position: Uint8Array | undefined
  isAtEnd = false

  readonly #snapshot: Snapshot
  readonly #spaces: { readonly index: Keyspace; readonly current: Keyspace }
  readonly #symbols: SymbolTable
  readonly #table: Table
  readonly #index: Index
  readonly #keys: Generator<Uint8Array, void, void>

  constructor(
    snapshot: Snapshot,
    spaces: { readonly index: Keyspace; readonly current: Keyspace },
    symbols: SymbolTable,
    table: Table,
    index: Index,
    range: IndexedRange,
    isReverse: boolean,
  ) {
    this.#snapshot = snapshot
    this.#spaces = spaces
    this.#symbols = symbols
    this.#table = table
    this.#index = index
    const { from, to } = entryRange(index, range)
    this.#keys = isReverse ? this.#backward(from, to) : this.#forward(from, to)
  }

  next(): CurrentRevision | undefined {
    const key = this.nextKey()
    return key && this.#revision(key)
  }

  /** The next document's key in the current view, in the place of its revision. */
  nextKey(): Uint8Array | undefined {
    const { value: key, done } = this.#keys.next()
    if (key !== undefined && done !== true) return key
    this.isAtEnd = true
    return undefined
  }

  close(): void {
    this.#keys.return()
  }

  /** Keys of the current view. */
  *#forward(start: Uint8Array, to: Uint8Array | undefined): Generator<Uint8Array, void, void> {
    let from: Uint8Array = start
    for (;;) {
      let cutPrefix: Uint8Array | undefined
      // The document in the entry of the value itself, which need not be the one with the smallest id.
      let first: Uint8Array | undefined
      const entries = this.#snapshot.scan(this.#spaces.index, { from, to })
      try {
        while (entries.next()) {
          const { key, value } = entries
          if (value.length === 0) {
            const other = this.#currentKey(key, key.length - ID_SIZE)
            if (first !== undefined && compareBytes(first, other) < 0) {
              yield first
              first = undefined
            }
            yield other
            continue
          }
          if (first !== undefined) yield first
          first = undefined
          if (key.length === CUT_KEY_SIZE) {
            cutPrefix = key.slice(0, 4 + ORDER_KEY_LIMIT)
            break
          }
          this.position = key
          first = this.#currentKey(value, 1)
          if (value[0] === 0) {
            yield first
            first = undefined
          }
        }
        if (first !== undefined) yield first
      } finally {
        entries.close()
      }
      if (cutPrefix === undefined) return
      this.position = cutPrefix
      yield* this.#sorted(cutPrefix, false)
      from = afterPrefix(cutPrefix)!
      if (to !== undefined && compareBytes(from, to) >= 0) return
    }
  }

  *#backward(from: Uint8Array, end: Uint8Array | undefined): Generator<Uint8Array, void, void> {
    let to = end
    for (;;) {
      let shared: Uint8Array | undefined
      const entries = this.#snapshot.scan(this.#spaces.index, { from, to, reverse: true })
      try {
        while (entries.next()) {
          const { key, value } = entries
          const size = value.length === 0 ? key.length - ID_SIZE : key.length
          if (value.length === 0 || size === CUT_KEY_SIZE) {
            shared = key.slice(0, size === CUT_KEY_SIZE ? 4 + ORDER_KEY_LIMIT : size)
            break
          }
          this.position = key
          yield this.#currentKey(value, 1)
        }
      } finally {
        entries.close()
      }
      if (shared === undefined) return
      this.position = shared
      if (shared.length === 4 + ORDER_KEY_LIMIT) yield* this.#sorted(shared, true)
      else yield* this.#forward(shared, afterPrefix(shared))
      to = shared
    }
  }

  /** The documents of all values whose cut keys begin alike, sorted by what they really hold. */
  #sorted(prefix: Uint8Array, isReverse: boolean): Uint8Array[] {
    const found: { readonly key: Uint8Array; readonly value: IonValue }[] = []
    const entries = this.#snapshot.scan(this.#spaces.index, prefixRange(prefix))
    while (entries.next()) {
      const { key: entry, value: first } = entries
      const key = first.length > 0 ? this.#currentKey(first, 1) : this.#currentKey(entry, entry.length - ID_SIZE)
      found.push({ key, value: this.#revision(key).data.get(this.#index.field) ?? NULL })
    }
    entries.close()
    const direction = isReverse ? -1 : 1
    found.sort((a, b) => direction * compareOrder(a.value, b.value) || compareBytes(a.key, b.key))
    return found.map(({ key }) => key)
  }

  /** The key in the current view of the document whose id stands in `source` at `offset`. */
  #currentKey(source: Uint8Array, offset: number): Uint8Array {
    const key = new Uint8Array(4 + ID_SIZE)
    writeUint32(key, 0, this.#table.number)
    for (let index = 0; index < ID_SIZE; index++) key[4 + index] = source[offset + index]!
    return key
  }

  #revision(key: Uint8Array): CurrentRevision {
    return currentOf(this.#snapshot, this.#spaces.current, this.#symbols, this.#table, this.#index, key)
  }
}
