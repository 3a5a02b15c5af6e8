import { FormatError } from '../errors.ts'

/**
 * Stands, in field names and annotations, for a symbol whose text is unknown (`$0`). It holds half of a surrogate pair
 * and so is no well-formed text: it equals no name that Ion can spell.
 */
export const NO_TEXT: string = '\ud800$0'

const HALF_OF_PAIR = /\p{Surrogate}/u

const SYSTEM_NAMES: readonly string[] = [
  '$ion',
  '$ion_1_0',
  '$ion_symbol_table',
  'name',
  'version',
  'imports',
  'symbols',
  'max_id',
  '$ion_shared_symbol_table',
]

/**
 * Symbol ids (sids) and their texts, append-only: a sid never changes its text, so bytes encoded with this table stay
 * readable while it grows. Sid 0 is the symbol without text; sids 1 to 9 are Ion's own (`$ion` …), see the Ion 1.0
 * specification, "Symbols", System Symbols.
 *
 * Encoders and lazy containers compare tables by identity: the same object means the same sids.
 */
export class SymbolTable {
  /** By sid; {@link NO_TEXT} where the text is unknown. Read-only outside this class. */
  readonly texts: string[] = [NO_TEXT]
  /**
   * By sid: room for the Ion hash of the symbol, kept by `hash.ts`. Holes are allowed. Safe to keep because a sid never
   * changes its text.
   */
  readonly hashes: (Uint8Array | undefined)[] = []
  /** Whether no text, unknown ones included, has two sids. Always so for tables that grow by {@link intern} alone. */
  isOneToOne = true
  private readonly sids: Map<string, number> = new Map([[NO_TEXT, 0]])

  /** A new table that holds Ion's nine system symbols and nothing else. */
  static system(): SymbolTable {
    const table = new SymbolTable()
    for (const name of SYSTEM_NAMES) table.append(name)
    return table
  }

  private constructor() {}

  /** The greatest sid (`max_id`); sids run from 1 to it. */
  get size(): number {
    return this.texts.length - 1
  }

  /** The text of a sid; undefined when the sid is beyond the table or its text is unknown. */
  text(sid: number): string | undefined {
    const text = this.texts[sid]
    return text === NO_TEXT ? undefined : text
  }

  /** The smallest sid of a name; undefined when the table does not have it. {@link NO_TEXT} is sid 0. */
  sid(name: string): number | undefined {
    return this.sids.get(name)
  }

  /** The sid of a name, which is appended when the table does not have it. */
  intern(name: string): number {
    return this.sids.get(name) ?? this.append(name)
  }

  /**
   * Gives the next sid to `name`, even if the name has one already (as a local symbol table may); undefined makes a sid
   * of unknown text.
   *
   * @throws {FormatError} BAD_VALUE when the name holds half of a surrogate pair, which no encoding can say
   */
  append(name: string | undefined): number {
    const sid = this.texts.length
    if (name !== undefined && HALF_OF_PAIR.test(name)) {
      throw new FormatError('BAD_VALUE', 'A name with half of a surrogate pair cannot be stored.')
    }
    const text = name ?? NO_TEXT
    this.texts.push(text)
    if (this.sids.has(text)) {
      this.isOneToOne = false
    } else {
      this.sids.set(text, sid)
    }
    return sid
  }

  /** The names from `fromSid` up to the newest, in order; sids of unknown text give {@link NO_TEXT}. */
  names(fromSid: number): string[] {
    return this.texts.slice(fromSid)
  }

  /** A copy that grows on its own. Cost: one pass over all names. */
  fork(): SymbolTable {
    const copy = new SymbolTable()
    for (let sid = 1; sid < this.texts.length; sid++) copy.append(this.text(sid))
    return copy
  }
}
