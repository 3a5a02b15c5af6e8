import { readdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  AGGREGATES,
  expectedNext,
  FUNCTIONS,
  KEYWORDS,
  RESERVED_WORDS,
  tokenize,
  WINDOW_FUNCTIONS,
} from '../../partiql/index.ts'
import { COMMANDS } from './commands.ts'
import { fieldsSeen, listTables, quoteName } from './describe.ts'
import type { ReplSession } from './session.ts'

/** How many documents are looked at for the fields of a table. */
const SAMPLE_SIZE = 100

const FUNCTION_NAMES: readonly string[] = [...FUNCTIONS.keys(), ...AGGREGATES, ...WINDOW_FUNCTIONS.keys()]
  .map((name) => name.toUpperCase())
  .sort()
const SYSTEM_TABLE = 'information_schema.user_tables'

/** What may stand at the end of a text: whole words, and the part of the text that they replace. */
export interface Completion {
  readonly words: readonly string[]
  readonly replaced: string
}

/** Completes what a person types, from the grammar and from what the ledger holds. */
export class Completer {
  readonly #session: ReplSession
  #tables: readonly string[] | undefined
  readonly #fields: Map<string, readonly string[]> = new Map()

  constructor(session: ReplSession) {
    this.#session = session
  }

  /** Forgets tables and fields: a statement may have changed them. */
  forget(): void {
    this.#tables = undefined
    this.#fields.clear()
  }

  /**
   * @param before the lines above, when a statement goes over several
   * @param line up to the cursor
   */
  async complete(before: string, line: string): Promise<Completion> {
    if (before === '' && /^\s*[\\.]/.test(line)) return this.#completeCommand(line.trimStart())
    const replaced = /(?:"[^"]*|[\p{L}_$][\p{L}\p{N}_$]*)?$/u.exec(line)![0]
    const beginning = `${before}${line.slice(0, line.length - replaced.length)}`
    const last = tokenize(beginning).at(-1)
    if (last?.kind === 'unclosed' || last?.kind === 'comment') return { words: [], replaced: '' }
    const words = /\.\s*$/.test(beginning) ? await this.#fieldsAfter(beginning) : await this.#wordsAfter(beginning)
    return { words: fitting(words, replaced), replaced }
  }

  async #completeCommand(line: string): Promise<Completion> {
    const [, name, argument] = /^(\S+)\s+(.*)$/.exec(line) ?? []
    if (name === undefined) {
      const names = COMMANDS.flatMap(({ names: all }) => all).filter((each) => each.startsWith(line.charAt(0)))
      return { words: names.filter((each) => each.startsWith(line.toLowerCase())).sort(), replaced: line }
    }
    const replaced = argument!
    if (/^(?:\\dt?|\.schema)$/.test(name)) return { words: fitting(await this.#tableNames(), replaced), replaced }
    if (/^(?:\\f(?:ormat)?|\.mode)$/.test(name))
      return { words: fitting(['table', 'ion', 'json', 'csv'], replaced), replaced }
    if (/^(?:\\i(?:nclude)?|\\digest|\.read)$/.test(name)) return { words: filesFrom(replaced), replaced }
    if (name === '\\explain') return this.complete('', replaced)
    return { words: [], replaced: '' }
  }

  /** Keywords that the grammar allows there, and names where it allows names. */
  async #wordsAfter(beginning: string): Promise<string[]> {
    const expected = expectedNext(beginning)
    const keywords = expected.filter((label) => /^[A-Z_]+$/.test(label))
    if (expectsTable(beginning)) return [...(await this.#tableNames()).map(nameInText), SYSTEM_TABLE, ...keywords]
    if (!expected.includes('an expression')) return keywords
    const fields = await this.#fieldsOf(tablesIn(beginning, await this.#tableNames()))
    const starters =
      beginning.trim() === '' ? [] : [...fields.map(nameInText), ...FUNCTION_NAMES, 'NOT', 'NULL', 'CASE', 'CAST']
    return [...starters, ...keywords]
  }

  /** The fields of the table, or of the table behind the alias, in front of the dot. */
  async #fieldsAfter(beginning: string): Promise<string[]> {
    const owner = /(?:"([^"]*)"|([\p{L}_$][\p{L}\p{N}_$]*))\s*\.\s*$/u.exec(beginning)
    const name = owner?.[1] ?? owner?.[2]
    if (name === undefined) return []
    const tables = await this.#tableNames()
    const named = tables.filter((table) => table === name)
    return (await this.#fieldsOf(named.length > 0 ? named : tablesIn(beginning, tables))).map(nameInText)
  }

  async #tableNames(): Promise<readonly string[]> {
    this.#tables ??= (await listTables(this.#session))
      .filter(({ status }) => status === 'ACTIVE')
      .map(({ name }) => name)
    return this.#tables
  }

  async #fieldsOf(tables: readonly string[]): Promise<string[]> {
    const fields = new Set<string>()
    for (const table of tables) {
      let known = this.#fields.get(table)
      if (known === undefined) {
        known = [...(await fieldsSeen(this.#session, table, SAMPLE_SIZE)).keys()]
        this.#fields.set(table, known)
      }
      for (const field of known) fields.add(field)
    }
    return [...fields].sort()
  }
}

/** True behind FROM, INTO and their like, where only a table makes sense. */
function expectsTable(beginning: string): boolean {
  const pieces = tokenize(beginning).filter(({ kind }) => kind !== 'comment')
  const [last, second] = [pieces.at(-1)?.text.toUpperCase(), pieces.at(-2)?.text.toUpperCase()]
  if (last === undefined) return false
  if (['FROM', 'INTO', 'JOIN', 'UPDATE'].includes(last)) return true
  return (last === 'ON' && second === 'INDEX') || (last === 'TABLE' && second === 'DROP')
}

/** The tables that a text mentions; all of them when it mentions none. */
function tablesIn(text: string, tables: readonly string[]): readonly string[] {
  const names = new Set(tokenize(text).map((piece) => piece.text.replace(/^"(.*)"$/, '$1')))
  const mentioned = tables.filter((table) => names.has(table))
  return mentioned.length === 0 ? tables : mentioned
}

/** Words that begin as typed, upper or lower case; keywords and functions in the case that is being typed. */
function fitting(words: readonly string[], typed: string): string[] {
  const isLower = typed !== '' && typed === typed.toLowerCase()
  const upper = typed.toUpperCase()
  const found = words
    .filter((word) => word.toUpperCase().startsWith(upper))
    .map((word) => (isLower && CASELESS.has(word) ? word.toLowerCase() : word))
  return [...new Set(found)]
}

const CASELESS: ReadonlySet<string> = new Set([...KEYWORDS, ...FUNCTION_NAMES])

/** A name as it is written: quoted when it must be. */
function nameInText(name: string): string {
  const isPlain = /^[A-Za-z_$][\w$]*$/.test(name) && !RESERVED_WORDS.includes(name.toUpperCase())
  return isPlain ? name : quoteName(name)
}

/** Paths that begin as typed; folders end in a slash. */
function filesFrom(typed: string): string[] {
  const folder = typed.endsWith('/') ? typed : typed.includes('/') ? `${dirname(typed)}/` : ''
  try {
    return readdirSync(folder === '' ? '.' : folder)
      .map((name) => `${folder}${name}`)
      .filter((path) => path.startsWith(typed))
      .map((path) => (statSync(path).isDirectory() ? `${path}/` : path))
  } catch {
    return []
  }
}
