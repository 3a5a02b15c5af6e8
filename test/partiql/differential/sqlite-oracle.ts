import { createRequire } from 'node:module'
import { join } from 'node:path'
import { peersFolder } from '../../../src/bench/sqlite-peer.ts'
import { type Cell, COLUMNS, type RandomQuery, type Row, sqliteText, type Tables } from './random-query.ts'

/** What both better-sqlite3 and Node's own SQLite have. */
interface Database {
  exec(sql: string): unknown
  prepare(sql: string): { all(): unknown[]; run(...parameters: readonly Cell[]): unknown }
  close(): void
}

/** Opens a database in memory; or why there is no SQLite. */
export function findSqlite(): { readonly open: () => Database } | { readonly absent: string } {
  try {
    const Constructor = createRequire(join(peersFolder, 'package.json'))('better-sqlite3') as new (
      path: string,
    ) => Database
    new Constructor(':memory:').close()
    return { open: () => new Constructor(':memory:') }
  } catch (error) {
    const builtIn = process.getBuiltinModule?.('node:sqlite' as 'fs') as unknown as
      | { readonly DatabaseSync: new (path: string) => Database }
      | undefined
    if (builtIn !== undefined) return { open: () => new builtIn.DatabaseSync(':memory:') }
    return { absent: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) }
  }
}

/** What SQLite answers to queries over some rows. */
export class SqliteOracle {
  readonly #database: Database

  constructor(database: Database, tables: Tables) {
    this.#database = database
    database.exec('PRAGMA case_sensitive_like = ON')
    for (const [name, rows] of Object.entries(tables)) {
      database.exec(`CREATE TABLE ${name} (id INTEGER, a INTEGER, b INTEGER, s TEXT, c TEXT)`)
      const insert = database.prepare(`INSERT INTO ${name} VALUES (${COLUMNS.map(() => '?').join()})`)
      for (const row of rows) insert.run(...COLUMNS.map((column) => row[column]!))
    }
  }

  rows(query: RandomQuery): string[] {
    return comparableRows(this.#database.prepare(sqliteText(query.text)).all() as Row[], query)
  }

  close(): void {
    this.#database.close()
  }
}

/** Rows as texts to compare, in their order where they have one. NULL and MISSING are the same; averages are rounded. */
export function comparableRows(rows: readonly Readonly<Record<string, unknown>>[], query: RandomQuery): string[] {
  const texts = rows.map((row) => JSON.stringify(query.columns.map((column) => comparableCell(row[column]))))
  return query.isOrdered ? texts : texts.sort()
}

function comparableCell(value: unknown): unknown {
  if (value === undefined || value === null) return null
  if (typeof value === 'string') return value
  // A Decimal knows its number; a boolean would be an error.
  if (typeof value === 'boolean') return `${value}`
  const number = Number(String(value))
  return Math.round(number * 1e9) / 1e9 + 0
}
