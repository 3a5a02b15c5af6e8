import { badIon, CONTENT_LENGTHS, head, isPadding, readHead, readVarUInt, TYPE, varEnd } from './head.ts'
import type { SymbolTable } from './symbol-table.ts'

/**
 * Finds the same few fields in one encoded struct after another: one walk over the bytes for all of them, no object
 * made. The first field of a name counts, as in `IonStruct.get`. The walk goes as far as it must: first to the *early*
 * fields, which decide whether anybody wants the others.
 *
 * The symbol table may grow meanwhile. It must give each name one sid, as ledgers' tables do.
 */
export class FieldLocator {
  readonly names: readonly string[]
  /** By position in `names`: where the field's value starts in the struct located last; -1 when it has no such field. */
  readonly starts: Int32Array
  readonly #earlyCount: number
  /** By sid: the position in `names`, -1 for every other name. */
  #positions: Int32Array = new Int32Array(0)
  #symbols: SymbolTable | undefined
  #symbolCount = -1
  /** How many of the names, and of the early ones, the symbol table has: so many fields there can be. */
  #presentCount = 0
  #earlyPresentCount = 0
  /** Where the walk stopped, and how many fields it has not met yet. */
  #at = 0
  #left = 0

  /** @param earlyCount how many of the names, from the first on, {@link locate} looks for */
  constructor(names: readonly string[], earlyCount: number) {
    this.names = names
    this.starts = new Int32Array(names.length)
    this.#earlyCount = earlyCount
  }

  /**
   * Locates the early fields of the struct at `[start, end)`, which carries no annotation. Damage behind the last of them
   * is not noticed.
   *
   * @throws {FormatError} BAD_ION when the bytes are no struct, or the walk meets damage
   */
  locate(bytes: Uint8Array, start: number, end: number, symbols: SymbolTable): void {
    if (symbols !== this.#symbols || symbols.size !== this.#symbolCount) this.#resolve(symbols)
    const { starts } = this
    for (let position = 0; position < starts.length; position++) starts[position] = -1
    readHead(bytes, start, end)
    if (head.descriptor >> 4 !== TYPE.struct || head.descriptor === 0xdf || head.end !== end) {
      throw badIon(start, 'a struct was expected, and nothing behind it')
    }
    this.#at = head.body
    this.#left = this.#presentCount
    if (this.#earlyPresentCount > 0) this.#walk(bytes, end, this.#earlyCount, this.#earlyPresentCount)
  }

  /** Locates the other fields of the same struct. */
  locateRest(bytes: Uint8Array, end: number): void {
    if (this.#left > 0) this.#walk(bytes, end, this.names.length, this.#left)
  }

  /** Walks on until `wanted` fields with positions below `limit` were met. */
  #walk(bytes: Uint8Array, end: number, limit: number, wanted: number): void {
    const { starts } = this
    const positions = this.#positions
    const sidLimit = positions.length
    let left = this.#left
    let at = this.#at
    while (wanted > 0 && at < end) {
      // One-byte sids and lengths, by far the most, are read right here.
      let sid = bytes[at]! - 0x80
      if (sid >= 0) {
        at++
      } else {
        sid = readVarUInt(bytes, at, end)
        at = varEnd
      }
      const descriptor = at < end ? bytes[at]! : 0
      let next = at + 1 + CONTENT_LENGTHS[descriptor]!
      if (next <= at || next > end || at >= end) {
        readHead(bytes, at, end)
        next = head.end
      }
      const position = sid < sidLimit ? positions[sid]! : -1
      if (position >= 0 && starts[position]! < 0 && !isPadding(descriptor)) {
        starts[position] = at
        left--
        if (position < limit) wanted--
      }
      at = next
    }
    this.#at = at
    this.#left = left
  }

  #resolve(symbols: SymbolTable): void {
    const sids = this.names.map((name) => symbols.sid(name) ?? -1)
    this.#positions = new Int32Array(Math.max(-1, ...sids) + 1).fill(-1)
    this.#presentCount = 0
    this.#earlyPresentCount = 0
    for (const [position, sid] of sids.entries()) {
      if (sid < 0) continue
      this.#positions[sid] = position
      this.#presentCount++
      if (position < this.#earlyCount) this.#earlyPresentCount++
    }
    this.#symbols = symbols
    this.#symbolCount = symbols.size
  }
}
