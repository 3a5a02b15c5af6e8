import { hash } from 'node:crypto'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { BenchDocument, BenchRegistration } from './bench-document.ts'
import { projectFolder } from './project-folder.ts'

/** The part of better-sqlite3 that is used here. It is no dependency of the product, so its types are not either. */
interface SqliteDatabase {
  prepare(sql: string): SqliteStatement
  exec(sql: string): void
  pragma(text: string): unknown
  transaction<A extends unknown[], R>(body: (...parameters: A) => R): { immediate(...parameters: A): R }
  close(): void
}
interface SqliteStatement {
  run(...parameters: unknown[]): { readonly lastInsertRowid: number | bigint }
  get(...parameters: unknown[]): unknown
  all(...parameters: unknown[]): unknown[]
  iterate(...parameters: unknown[]): IterableIterator<unknown>
  pluck(): this
}
type SqliteConstructor = new (path: string) => SqliteDatabase

/** Either the way to open a peer, or why there is none. */
export type SqliteAvailability =
  | { readonly kind: 'installed'; readonly version: string; readonly open: (path: string) => SqlitePeer }
  | { readonly kind: 'absent'; readonly reason: string }

/** The folder whose package.json names the peers: `bench/` beside `src/` and `dist/`. */
export const peersFolder: string = join(projectFolder, 'bench')

/** Epoch milliseconds from which the links count. */
const firstTime = 1_790_000_000_000

/** What a person types to get the peers. */
export const installPeers = 'npm ci --prefix bench'

/**
 * Looks for better-sqlite3 in a folder's node_modules and opens a database in memory with it, so that a package whose
 * native half is missing counts as absent.
 */
export function findSqlite(folder: string = peersFolder): SqliteAvailability {
  try {
    const Database = createRequire(join(folder, 'package.json'))('better-sqlite3') as SqliteConstructor
    const database = new Database(':memory:')
    const version = String(database.prepare('SELECT sqlite_version()').pluck().get())
    database.close()
    return { kind: 'installed', version, open: (path) => new SqlitePeer(new Database(path)) }
  } catch (error) {
    return { kind: 'absent', reason: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) }
  }
}

/**
 * What a careful engineer builds on SQLite to get an auditable table: the current documents, an append-only history of
 * every version with its SHA-256, and one SHA-256 link a transaction over the link before it and the hashes of what the
 * transaction wrote. All three change in one SQLite transaction, durable when it returns (WAL, synchronous = FULL).
 *
 * It is given what helps it: integer keys, prepared statements, a history that clusters by its key, a 64 MB page cache and
 * memory-mapped reads. It does not record statements, and it proves nothing to anyone who
 * does not get the whole database: it does less than a ledger, and that is the comparison.
 */
export class SqlitePeer {
  readonly #database: SqliteDatabase
  readonly #insertMany: (documents: readonly BenchDocument[]) => void
  readonly #update: (id: number, document: BenchDocument) => void
  readonly #findByVin: SqliteStatement

  constructor(database: SqliteDatabase) {
    this.#database = database
    for (const pragma of [
      'journal_mode = WAL',
      'synchronous = FULL',
      'cache_size = -65536',
      'mmap_size = 1073741824',
    ]) {
      database.pragma(pragma)
    }
    database.exec(`
      CREATE TABLE IF NOT EXISTS vehicle (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, document TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS vehicle_history (
        id INTEGER, version INTEGER, link INTEGER NOT NULL, hash BLOB NOT NULL, document TEXT NOT NULL,
        PRIMARY KEY (id, version)
      ) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS chain (link INTEGER PRIMARY KEY, time INTEGER NOT NULL, hash BLOB NOT NULL);
    `)
    const insertCurrent = database.prepare('INSERT INTO vehicle (version, document) VALUES (0, ?)')
    const updateCurrent = database
      .prepare('UPDATE vehicle SET version = version + 1, document = ? WHERE id = ? RETURNING version')
      .pluck()
    const insertHistory = database.prepare('INSERT INTO vehicle_history VALUES (?, ?, ?, ?, ?)')
    const insertLink = database.prepare('INSERT INTO chain VALUES (?, ?, ?)')
    const selectTip = database.prepare('SELECT link, hash FROM chain ORDER BY link DESC LIMIT 1')
    this.#findByVin = database.prepare(`SELECT document FROM vehicle WHERE ${at('vin')} = ?`).pluck()

    // The tip is kept in memory, as a process that is the only writer may; it is read back when the database is opened.
    let tip = (selectTip.get() ?? { link: 0, hash: new Uint8Array(0) }) as {
      readonly link: number
      readonly hash: Uint8Array
    }
    const addLink = (revisionHashes: readonly Uint8Array[]): void => {
      const link = tip.link + 1
      const time = firstTime + link // the benchmark wants the bytes of a time, not the time
      const linkHash = hashLink(tip.hash, link, time, revisionHashes)
      insertLink.run(link, time, linkHash)
      tip = { link, hash: linkHash }
    }
    const durably = <A extends unknown[]>(body: (...parameters: A) => void): ((...parameters: A) => void) => {
      const transaction = database.transaction(body)
      return (...parameters) => {
        const before = tip
        try {
          transaction.immediate(...parameters)
        } catch (error) {
          tip = before
          throw error
        }
      }
    }
    this.#insertMany = durably((documents: readonly BenchDocument[]) => {
      const revisionHashes: Uint8Array[] = []
      for (const document of documents) {
        const json = JSON.stringify(document)
        const id = Number(insertCurrent.run(json).lastInsertRowid)
        const revisionHash = hashRevision(id, 0, json)
        insertHistory.run(id, 0, tip.link + 1, revisionHash, json)
        revisionHashes.push(revisionHash)
      }
      addLink(revisionHashes)
    })
    this.#update = durably((id: number, document: BenchDocument) => {
      const json = JSON.stringify(document)
      const version = updateCurrent.get(json, id)
      if (typeof version !== 'number') throw new RangeError(`There is no document ${id} to update.`)
      const revisionHash = hashRevision(id, version, json)
      insertHistory.run(id, version, tip.link + 1, revisionHash, json)
      addLink([revisionHash])
    })
  }

  /** Makes the index on `vin`. Made before loading, as a ledger's user would. */
  createVinIndex(): void {
    this.createIndex('vin')
  }

  /** Makes an index on a field: an expression index, as SQLite's manual advises for JSON. */
  createIndex(field: keyof BenchDocument): void {
    this.#database.exec(`CREATE INDEX IF NOT EXISTS vehicle_${field} ON vehicle (${at(field)})`)
  }

  /** Makes the second table, with an index on `vin`, and fills it. It has no history: it is only read. */
  loadRegistrations(registrations: readonly BenchRegistration[]): void {
    this.#database.exec(`
      CREATE TABLE IF NOT EXISTS registration (id INTEGER PRIMARY KEY, document TEXT NOT NULL);
      CREATE INDEX IF NOT EXISTS registration_vin ON registration (json_extract(document, '$.vin'));
    `)
    const insert = this.#database.prepare('INSERT INTO registration (document) VALUES (?)')
    const load = this.#database.transaction(() => {
      for (const registration of registrations) insert.run(JSON.stringify(registration))
    })
    load.immediate()
  }

  /** Lets SQLite look at its tables, so that it plans joins well. */
  analyze(): void {
    this.#database.exec('ANALYZE')
  }

  /** Prepares a query; what comes back runs it and gives its rows. */
  query(sql: string): (...parameters: readonly unknown[]) => readonly Record<string, unknown>[] {
    const statement = this.#database.prepare(sql)
    return (...parameters) => statement.all(...parameters) as Record<string, unknown>[]
  }

  /** Inserts documents in one durable transaction. */
  insertMany(documents: readonly BenchDocument[]): void {
    this.#insertMany(documents)
  }

  /** Replaces one document in one durable transaction. @throws {RangeError} when there is no such document */
  update(id: number, document: BenchDocument): void {
    this.#update(id, document)
  }

  /** Reads one document by its `vin`; undefined when there is none. Uses the index when it was made. */
  findByVin(vin: string): BenchDocument | undefined {
    const json = this.#findByVin.get(vin)
    return typeof json === 'string' ? (JSON.parse(json) as BenchDocument) : undefined
  }

  /** Recomputes every link from the history. @returns the first link that does not fit; undefined when all do */
  checkChain(): number | undefined {
    const revisionHashes = new Map<number, Uint8Array[]>()
    const history = this.#database.prepare('SELECT id, version, link, document FROM vehicle_history ORDER BY link, id')
    for (const row of history.iterate()) {
      const { id, version, link, document } = row as { id: number; version: number; link: number; document: string }
      const ofLink = revisionHashes.get(link) ?? []
      if (ofLink.push(hashRevision(id, version, document)) === 1) revisionHashes.set(link, ofLink)
    }
    let previous: Uint8Array = new Uint8Array(0)
    for (const row of this.#database.prepare('SELECT link, time, hash FROM chain ORDER BY link').iterate()) {
      const { link, time, hash: found } = row as { link: number; time: number; hash: Uint8Array }
      if (!hashLink(previous, link, time, revisionHashes.get(link) ?? []).equals(found)) return link
      previous = found
    }
    return undefined
  }

  /** Runs one statement of the caller's own; for tests that damage things. */
  exec(sql: string): void {
    this.#database.exec(sql)
  }

  /** Moves the write-ahead log into the database file and closes it. */
  close(): void {
    this.#database.pragma('wal_checkpoint(TRUNCATE)')
    this.#database.close()
  }
}

/** A field of a document, as the indexes have it; `alias` says of which table where there are two. */
export function at(field: keyof BenchDocument | keyof BenchRegistration, alias?: string): string {
  return `json_extract(${alias === undefined ? '' : `${alias}.`}document, '$.${field}')`
}

/** The link's hash: over the link before it, its own number and time, and the hashes of its transaction's revisions. */
function hashLink(previous: Uint8Array, link: number, time: number, revisionHashes: readonly Uint8Array[]): Buffer {
  return hash('sha256', Buffer.concat([previous, Buffer.from(`${link} ${time} `), ...revisionHashes]), 'buffer')
}

function hashRevision(id: number, version: number, json: string): Buffer {
  return hash('sha256', `${id} ${version} ${json}`, 'buffer')
}
