import { badIon, CONTENT_LENGTHS, head, isPadding, readHead, readVarUInt, TYPE, varEnd } from './head.ts'
import type { SymbolTable } from './symbol-table.ts'

/**
 * Finds the same few fields in one encoded struct after another: one walk over the bytes for all of them, no object
 * made. The first field of a name counts, as in `IonStruct.get`. The walk goes only as far as it is asked to: first to
 * the fields that decide whether anybody wants the others.
 *
 * The symbol table may grow meanwhile. It must give each name one sid, as ledgers' tables do.
 */
export class FieldLocator {
  readonly names: readonly string[]
  /** By position in `names`: where the field's value starts in the struct at hand; -1 when it was not met. */
  readonly starts: Int32Array
  /** By sid: the position in `names`, -1 for every other name. */
  #positions: Int32Array = new Int32Array(0)
  /** By position: 1 for a name that the symbol table has; a struct cannot have the others. */
  readonly #isKnown: Uint8Array
  #symbols: SymbolTable | undefined
  #symbolCount = -1
  /** Where the walk goes on. */
  #at = 0

  constructor(names: readonly string[]) {
    this.names = names
    this.starts = new Int32Array(names.length)
    this.#isKnown = new Uint8Array(names.length)
  }

  /**
   * Takes the struct at `[start, end)`, which carries no annotation, and locates the first `count` of the names in it.
   *
   * @throws {FormatError} BAD_ION when the bytes are no struct, or the walk meets damage
   */
  locate(bytes: Uint8Array, start: number, end: number, symbols: SymbolTable, count: number): void {
    if (symbols !== this.#symbols || symbols.size !== this.#symbolCount) this.#resolve(symbols)
    const { starts } = this
    for (let position = 0; position < starts.length; position++) starts[position] = -1
    readHead(bytes, start, end)
    if (head.descriptor >> 4 !== TYPE.struct || head.descriptor === 0xdf || head.end !== end) {
      throw badIon(start, 'a struct was expected, and nothing behind it')
    }
    this.#at = head.body
    if (count > 0) this.locateMore(bytes, end, count)
  }

  /** Walks on in the same struct until the first `count` of the names are located. Damage behind them is not noticed. */
  locateMore(bytes: Uint8Array, end: number, count: number): void {
    const { starts } = this
    let wanted = 0
    for (let position = 0; position < count; position++) {
      if (starts[position]! < 0 && this.#isKnown[position] === 1) wanted++
    }
    const positions = this.#positions
    const sidLimit = positions.length
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
        if (position < count) wanted--
      }
      at = next
    }
    this.#at = at
  }

  #resolve(symbols: SymbolTable): void {
    const sids = this.names.map((name) => symbols.sid(name) ?? -1)
    this.#positions = new Int32Array(Math.max(-1, ...sids) + 1).fill(-1)
    for (const [position, sid] of sids.entries()) {
      this.#isKnown[position] = sid < 0 ? 0 : 1
      if (sid >= 0) this.#positions[sid] = position
    }
    this.#symbols = symbols
    this.#symbolCount = symbols.size
  }
}
