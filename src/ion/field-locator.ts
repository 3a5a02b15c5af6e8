import { badIon, CONTENT_LENGTHS, head, isPadding, readHead, readVarUInt, TYPE, varEnd } from './head.ts'
import type { SymbolTable } from './symbol-table.ts'

/**
 * Finds the same few fields in one encoded struct after another: one walk over the bytes for all of them, no object
 * made. The first field of a name counts, as in `IonStruct.get`.
 *
 * The symbol table may grow meanwhile. It must give each name one sid, as ledgers' tables do.
 */
export class FieldLocator {
  readonly names: readonly string[]
  /** By position in `names`: where the field's value starts in the struct located last; -1 when it has no such field. */
  readonly starts: Int32Array
  /** By sid: the position in `names`, -1 for every other name. */
  #positions: Int32Array = new Int32Array(0)
  #symbols: SymbolTable | undefined
  #symbolCount = -1
  /** How many of the names the symbol table has: so many fields there can be. */
  #presentCount = 0

  constructor(names: readonly string[]) {
    this.names = names
    this.starts = new Int32Array(names.length)
  }

  /**
   * Locates the fields of the struct at `[start, end)`, which carries no annotation. The walk ends with the last field
   * found; a damaged rest is not noticed.
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
    const positions = this.#positions
    let left = this.#presentCount
    let at = head.body
    while (left > 0 && at < end) {
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
      if (sid < positions.length) {
        const position = positions[sid]!
        if (position >= 0 && starts[position]! < 0 && !isPadding(descriptor)) {
          starts[position] = at
          left--
        }
      }
      at = next
    }
  }

  #resolve(symbols: SymbolTable): void {
    const sids = this.names.map((name) => symbols.sid(name) ?? -1)
    this.#positions = new Int32Array(Math.max(-1, ...sids) + 1).fill(-1)
    this.#presentCount = 0
    for (const [position, sid] of sids.entries()) {
      if (sid < 0) continue
      this.#positions[sid] = position
      this.#presentCount++
    }
    this.#symbols = symbols
    this.#symbolCount = symbols.size
  }
}
