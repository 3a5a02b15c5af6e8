import { closeSync, fdatasync, fdatasyncSync, fstatSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { open as openLmdb, type RootDatabaseOptionsWithPath } from 'lmdb'
import { assert, CorruptionError, SessionError, StorageError } from '../errors.ts'
import { fileError, nodeFileSystem } from './node-file-system.ts'
import { OpenGate, openBesideWriter } from './open-gate.ts'
import {
  type Cursor,
  checkKey,
  KEYSPACE_NAMES,
  type Keyspace,
  type KeyspaceName,
  MAX_KEY_SIZE_BYTES,
  type ScanRange,
  type Snapshot,
  type Store,
  type WriteBatch,
} from './store.ts'
import { checksum } from './value-checksum.ts'
import {
  checksumFile,
  checkViews,
  DATA_FILE,
  encodeState,
  readBootId,
  readMetas,
  recoverViews,
  STATE_FILE,
  type SyncPoint,
  type ViewsCheck,
  writeState,
} from './views-state.ts'

// What we use of lmdb-js beyond its published types (read.js, write.js, open.js of 3.5.6).
interface LmdbTransaction {
  done(): void
}
interface LmdbRangeOptions {
  start: Uint8Array | undefined
  end: Uint8Array | undefined
  reverse: boolean
  exclusiveStart: boolean
  inclusiveEnd: boolean
  limit: number
  transaction?: LmdbTransaction
}
interface LmdbIterator {
  next(): { readonly done?: boolean }
  return(): unknown
}
interface LmdbDatabase {
  readonly lastSize: number
  getBinaryFast(key: Uint8Array, options?: { transaction: LmdbTransaction }): Uint8Array | undefined
  getRange(options: LmdbRangeOptions): { iterate(): LmdbIterator }
  put(key: Uint8Array, value: Uint8Array): unknown
  remove(key: Uint8Array): unknown
}
interface LmdbRoot extends LmdbDatabase {
  openDB(options: object): LmdbDatabase | undefined
  useReadTransaction(): LmdbTransaction
  resetReadTxn(): void
  transactionSync(body: () => void): void
  getWriteTxnId(): number
  close(): Promise<void>
}

const SLAB_SIZE = 32768
/** Larger values get memory of their own, so that keeping a small one never pins a large one. */
const SLAB_VALUE_LIMIT = 4096
/** In front of each value: its checksum, little-endian. */
const PREFIX_SIZE = 4

/**
 * Where entries land when they come out of LMDB.
 *
 * lmdb-js copies an entry into buffers it uses again for the next one. We copy once more, into slabs that are never
 * used again, so that what a cursor hands out stays valid; offsets instead of views, so that an entry nobody looks at
 * costs no object. One landing serves the whole process: an entry is taken out before the next call into lmdb-js.
 */
class Landing {
  #slab: ArrayBuffer = new ArrayBuffer(SLAB_SIZE)
  #slabWords: Int32Array = new Int32Array(this.#slab)
  #used = 0

  buffer: ArrayBuffer = this.#slab
  keyOffset = 0
  keyLength = 0
  valueOffset = 0
  valueLength = 0

  #noted: Uint8Array = new Uint8Array(0)
  #notedStart = 0

  /** lmdb-js shows the key first, in its own buffer; {@link takeEntry} follows at once. */
  noteKey(bytes: Uint8Array, start: number, end: number): void {
    this.#noted = bytes
    this.#notedStart = start
    this.keyLength = end - start
  }

  /** Takes the noted key and this stored value. @returns false when the checksum does not fit */
  takeEntry(seed: number, stored: Uint8Array, storedLength: number): boolean {
    const keyRoom = (this.keyLength + 3) & ~3
    const words = this.#reserve(keyRoom + ((storedLength + 3) & ~3))
    const offset = this.keyOffset
    copy(this.#noted, this.#notedStart, this.keyLength, this.buffer, words, offset)
    copy(stored, 0, storedLength, this.buffer, words, offset + keyRoom)
    this.valueOffset = offset + keyRoom + PREFIX_SIZE
    this.valueLength = storedLength - PREFIX_SIZE
    return (
      storedLength >= PREFIX_SIZE &&
      words[(offset + keyRoom) >>> 2] ===
        checksum(seed, words, offset >>> 2, this.keyLength, words, this.valueOffset >>> 2, this.valueLength)
    )
  }

  /** Takes the value stored under this key. @returns false when the checksum does not fit */
  takeValue(seed: number, key: Uint8Array, stored: Uint8Array, storedLength: number): boolean {
    const words = this.#reserve((storedLength + 3) & ~3)
    const offset = this.keyOffset
    copy(stored, 0, storedLength, this.buffer, words, offset)
    keyBytes.set(key)
    this.valueOffset = offset + PREFIX_SIZE
    this.valueLength = storedLength - PREFIX_SIZE
    return (
      storedLength >= PREFIX_SIZE &&
      words[offset >>> 2] === checksum(seed, keyWords, 0, key.length, words, this.valueOffset >>> 2, this.valueLength)
    )
  }

  /** Makes `keyOffset` the start of so many free bytes of `buffer`; returns the buffer's words. */
  #reserve(size: number): Int32Array {
    if (size > SLAB_VALUE_LIMIT) {
      this.buffer = new ArrayBuffer(size)
      this.keyOffset = 0
      return new Int32Array(this.buffer)
    }
    if (this.#used + size > SLAB_SIZE) {
      this.#slab = new ArrayBuffer(SLAB_SIZE)
      this.#slabWords = new Int32Array(this.#slab)
      this.#used = 0
    }
    this.buffer = this.#slab
    this.keyOffset = this.#used
    this.#used += size
    return this.#slabWords
  }
}

const landing = new Landing()

/** A key, word-aligned, for its checksum. */
const keyBytes: Uint8Array = new Uint8Array((MAX_KEY_SIZE_BYTES + 3) & ~3)
const keyWords: Int32Array = new Int32Array(keyBytes.buffer)

/** Below this many bytes a loop over words is faster than making two views for `set` (measured: break-even at 600). */
const LOOP_LIMIT = 600

let sourceBuffer: ArrayBufferLike | undefined
let sourceWords: Int32Array = new Int32Array(0)

/** Copies `length` bytes to a word-aligned place; bytes up to the next word boundary there are undefined afterwards. */
function copy(
  source: Uint8Array,
  start: number,
  length: number,
  target: ArrayBuffer,
  targetWords: Int32Array,
  targetOffset: number,
): void {
  const from = source.byteOffset + start
  if (length > LOOP_LIMIT || (from & 3) !== 0) {
    new Uint8Array(target, targetOffset, length).set(new Uint8Array(source.buffer, from, length))
    return
  }
  if (source.buffer !== sourceBuffer) {
    sourceBuffer = source.buffer
    sourceWords = new Int32Array(sourceBuffer, 0, sourceBuffer.byteLength >>> 2)
  }
  const words = sourceWords
  const end = (from + length + 3) >>> 2
  for (let read = from >>> 2, write = targetOffset >>> 2; read < end; read++, write++)
    targetWords[write] = words[read] as number
}

/** What lmdb-js reads of a value to store: bytes `start` to `end`. It remembers the buffer's address on the object. */
interface Outgoing extends Uint8Array {
  start: number
  end: number
}

function outgoing(size: number): Outgoing {
  return Object.assign(new Uint8Array(new ArrayBuffer((size + 3) & ~3)), { start: 0, end: 0 })
}

let outgoingBytes: Outgoing = outgoing(65536)
let outgoingWords: Int32Array = new Int32Array(outgoingBytes.buffer)

class LmdbKeyspace implements Keyspace {
  readonly name: KeyspaceName
  readonly seed: number
  readonly database: LmdbDatabase
  /** The key of the put under way, which the checksum covers. */
  putKey: Uint8Array = keyBytes
  /** Whether the entry taken last was whole. */
  isWhole = true

  constructor(root: LmdbRoot, name: KeyspaceName, position: number) {
    this.name = name
    this.seed = Math.imul(position + 1, 0x85ebca6b)
    const database = root.openDB({
      name,
      keyEncoder: {
        writeKey(key: Uint8Array, target: Uint8Array, start: number): number {
          target.set(key, start)
          return start + key.length
        },
        readKey: (bytes: Uint8Array, start: number, end: number): void => landing.noteKey(bytes, start, end),
      },
      encoder: {
        encode: (value: Uint8Array): Outgoing => this.#encode(value),
        decode: (bytes: Uint8Array, length: number): void => {
          this.isWhole = landing.takeEntry(this.seed, bytes, length)
        },
      },
    })
    if (database === undefined) throw new CorruptionError('VIEWS_CORRUPT', `The views have no key space ${name}.`)
    this.database = database
  }

  damaged(): CorruptionError {
    return new CorruptionError(
      'VIEWS_CORRUPT',
      `A stored value does not match its checksum (key space ${this.name}). Delete the views folder and reopen: it is rebuilt from the journal.`,
      { place: { field: this.name } },
    )
  }

  #encode(value: Uint8Array): Outgoing {
    const length = value.length + PREFIX_SIZE
    if (length > outgoingBytes.length) {
      outgoingBytes = outgoing(2 * length)
      outgoingWords = new Int32Array(outgoingBytes.buffer)
    }
    const key = this.putKey
    keyBytes.set(key)
    outgoingBytes.set(value, PREFIX_SIZE)
    outgoingWords[0] = checksum(this.seed, keyWords, 0, key.length, outgoingWords, 1, value.length)
    outgoingBytes.end = length
    return outgoingBytes
  }
}

class LmdbCursor implements Cursor {
  readonly #keyspace: LmdbKeyspace
  readonly #onClose: (cursor: LmdbCursor) => void
  #iterator: LmdbIterator | undefined
  #buffer: ArrayBuffer = landing.buffer
  #keyOffset = 0
  #keyLength = 0
  #valueOffset = 0
  #valueLength = 0

  constructor(keyspace: LmdbKeyspace, iterator: LmdbIterator, onClose: (cursor: LmdbCursor) => void) {
    this.#keyspace = keyspace
    this.#iterator = iterator
    this.#onClose = onClose
  }

  next(): boolean {
    if (this.#iterator === undefined) return false
    if (this.#iterator.next().done) {
      this.#iterator = undefined
      this.#onClose(this)
      return false
    }
    if (!this.#keyspace.isWhole) {
      this.close()
      throw this.#keyspace.damaged()
    }
    this.#buffer = landing.buffer
    this.#keyOffset = landing.keyOffset
    this.#keyLength = landing.keyLength
    this.#valueOffset = landing.valueOffset
    this.#valueLength = landing.valueLength
    return true
  }

  get key(): Uint8Array {
    return new Uint8Array(this.#buffer, this.#keyOffset, this.#keyLength)
  }

  get value(): Uint8Array {
    return new Uint8Array(this.#buffer, this.#valueOffset, this.#valueLength)
  }

  close(): void {
    if (this.#iterator === undefined) return
    this.#iterator.return()
    this.#iterator = undefined
    this.#onClose(this)
  }
}

function rangeOptions(range: ScanRange): LmdbRangeOptions {
  const reverse = range.reverse ?? false
  return {
    start: reverse ? range.to : range.from,
    end: reverse ? range.from : range.to,
    reverse,
    // LMDB walks [start, end) in its own direction; backwards that would be (from, to].
    exclusiveStart: reverse && range.to !== undefined,
    inclusiveEnd: reverse,
    limit: range.limit ?? Number.POSITIVE_INFINITY,
  }
}

/** An empty bound: before all keys. LMDB has no empty keys, so it needs a word of its own. */
function isEmptyRange(range: ScanRange): boolean {
  return range.to?.length === 0 || range.limit === 0
}

const closedCursor: Cursor = {
  next: () => false,
  get key(): Uint8Array {
    throw new Error('Internal error: it was believed that a cursor is read only after next() returned true')
  },
  get value(): Uint8Array {
    throw new Error('Internal error: it was believed that a cursor is read only after next() returned true')
  },
  close() {},
}

/** `from` of no bytes is no bound. */
function scan(
  keyspace: LmdbKeyspace,
  range: ScanRange,
  transaction: LmdbTransaction | undefined,
  cursors: Set<LmdbCursor>,
): Cursor {
  if (isEmptyRange(range)) return closedCursor
  const options = rangeOptions(range.from?.length === 0 ? { ...range, from: undefined } : range)
  if (transaction !== undefined) options.transaction = transaction
  const cursor = new LmdbCursor(keyspace, keyspace.database.getRange(options).iterate(), (closed) =>
    cursors.delete(closed),
  )
  cursors.add(cursor)
  return cursor
}

class LmdbSnapshot implements Snapshot {
  readonly #store: LmdbStore
  readonly #transaction: LmdbTransaction
  readonly #options: { transaction: LmdbTransaction }
  readonly #cursors = new Set<LmdbCursor>()
  readonly #onEnd: (snapshot: LmdbSnapshot) => void
  #holders = 1

  constructor(store: LmdbStore, transaction: LmdbTransaction, onEnd: (snapshot: LmdbSnapshot) => void) {
    this.#store = store
    this.#transaction = transaction
    this.#options = { transaction }
    this.#onEnd = onEnd
  }

  retain(): void {
    this.#check()
    this.#holders++
  }

  release(): void {
    this.#check()
    if (this.#holders === 1) this.end()
    else this.#holders--
  }

  get(keyspace: Keyspace, key: Uint8Array): Uint8Array | undefined {
    this.#check()
    checkKey(key)
    const space = keyspace as LmdbKeyspace
    // While a write transaction is open, lmdb-js answers every plain get from it; only cursors keep their own view.
    if (this.#store.isWriting) return this.#getBesideWrite(space, key)
    const { database } = space
    const stored = database.getBinaryFast(key, this.#options)
    if (stored === undefined) return undefined
    if (!landing.takeValue(space.seed, key, stored, database.lastSize)) throw space.damaged()
    return new Uint8Array(landing.buffer, landing.valueOffset, landing.valueLength)
  }

  scan(keyspace: Keyspace, range: ScanRange = {}): Cursor {
    this.#check()
    return scan(keyspace as LmdbKeyspace, range, this.#transaction, this.#cursors)
  }

  /** Ends it whoever holds it. Cursors first: LMDB must not lose the transaction under them. */
  end(): void {
    for (const cursor of [...this.#cursors]) cursor.close()
    this.#holders = 0
    this.#transaction.done()
    this.#onEnd(this)
  }

  #getBesideWrite(keyspace: LmdbKeyspace, key: Uint8Array): Uint8Array | undefined {
    const cursor = this.scan(keyspace, { from: key, limit: 1 })
    if (!cursor.next() || Buffer.compare(cursor.key, key) !== 0) {
      cursor.close()
      return undefined
    }
    const { value } = cursor
    cursor.close()
    return value
  }

  #check(): void {
    if (this.#holders <= 0) throw new SessionError('LEDGER_CLOSED', 'This snapshot was released. Take a new one.')
  }
}

class LmdbBatch implements WriteBatch {
  readonly #cursors = new Set<LmdbCursor>()
  #isOpen = true
  #hasPut = false

  /** Whether anything was put; a batch of deletes alone may have changed nothing. */
  get hasPut(): boolean {
    return this.#hasPut
  }

  get(keyspace: Keyspace, key: Uint8Array): Uint8Array | undefined {
    assert(this.#isOpen, 'a write batch is used only inside its body')
    checkKey(key)
    const space = keyspace as LmdbKeyspace
    const stored = space.database.getBinaryFast(key)
    if (stored === undefined) return undefined
    if (!landing.takeValue(space.seed, key, stored, space.database.lastSize)) throw space.damaged()
    return new Uint8Array(landing.buffer, landing.valueOffset, landing.valueLength)
  }

  scan(keyspace: Keyspace, range: ScanRange = {}): Cursor {
    assert(this.#isOpen, 'a write batch is used only inside its body')
    return scan(keyspace as LmdbKeyspace, range, undefined, this.#cursors)
  }

  put(keyspace: Keyspace, key: Uint8Array, value: Uint8Array): void {
    assert(this.#isOpen, 'a write batch is used only inside its body')
    checkKey(key)
    const space = keyspace as LmdbKeyspace
    space.putKey = key
    space.database.put(key, value)
    this.#hasPut = true
  }

  delete(keyspace: Keyspace, key: Uint8Array): void {
    assert(this.#isOpen, 'a write batch is used only inside its body')
    checkKey(key)
    ;(keyspace as LmdbKeyspace).database.remove(key)
  }

  end(): void {
    for (const cursor of [...this.#cursors]) cursor.close()
    this.#isOpen = false
  }
}

/** lmdb-js's errors carry LMDB's or the system's number as `code` (lmdb.h; ENOSPC is 28 everywhere). */
function lmdbError(error: unknown, path: string, doing: string): Error {
  if (error instanceof StorageError || error instanceof CorruptionError) return error
  const { code, message } = error as { code?: unknown; message?: string }
  if (code === 28) return fileError(Object.assign(new Error(message), { code: 'ENOSPC' }), path, doing)
  if (code === 13 || code === 30 || code === 1)
    return fileError(Object.assign(new Error(message), { code: 'EACCES' }), path, doing)
  // MDB_PAGE_NOTFOUND, MDB_CORRUPTED, MDB_VERSION_MISMATCH, MDB_INVALID
  if (code === -30797 || code === -30796 || code === -30794 || code === -30793)
    return new CorruptionError('VIEWS_CORRUPT', `LMDB finds ${path} damaged (${message}).`, { cause: error })
  return new StorageError('STORAGE_FAILED', `LMDB could not ${doing} ${path} (${message ?? String(error)}).`, {
    cause: error,
  })
}

/** How to open an {@link LmdbStore}. */
export interface LmdbStoreOptions {
  /** For a process that reads beside the writer. The folder must exist. */
  readonly readOnly?: boolean
  /** Address space set aside for the data file; LMDB takes more when it needs it. Costs no memory. */
  readonly mapSizeBytes?: number
  /** How many snapshots may be open at once, over all processes. */
  readonly maxReaders?: number
}

const MAP_SIZE: number = 16 * 2 ** 30
const MAX_READERS = 1024

/** A new sync point when the file has grown by an eighth since the last one, and by this at least. */
const SYNC_GROWTH: number = 32 << 20
/** How often the growth is looked at, in writes. */
const SYNC_INTERVAL = 16
/** Up to this size the closed file's checksum is recorded: 0.1 s. */
const CHECKSUM_LIMIT: number = 256 << 20

/**
 * A store in a folder, on LMDB (lmdb-js 3.5.6, the only module that imports it).
 *
 * **Durability.** The views are a cache behind a synced journal, so a commit here is not synced (`noSync`,
 * `overlappingSync` off): 30 µs instead of 300. Killing the process loses nothing of that. A power loss may lose any
 * page; with plain `noSync` that can leave a tree that native code crashes on (lmdb.h, MDB_NOSYNC). lmdb-js's own
 * answer, `overlappingSync`, syncs each synchronous transaction on the calling thread (mdb.c, mdb_txn_commit).
 * Instead the store keeps a *sync point*, by LMDB's own rules:
 * 1. A read transaction stays open on the state of some commit: no page of that state is reused (mdb_find_oldest).
 * 2. The data file is synced in the thread pool, then that commit's meta page is recorded in the file `state`.
 * 3. Only then the sync point before is let go.
 * After a restart of the machine that meta page is put back, and the views are what they were at the sync point:
 * consistent, never ahead of the journal, a few thousand blocks behind. New sync points follow the file's growth.
 *
 * **Damage.** Each value carries a checksum over key and value ({@link checksum}). A file that is no LMDB file, was
 * cut, or is not the one that was closed is refused before native code sees it ({@link checkViews}).
 *
 * **Reading processes.** Any number may open the folder read-only while one writes. Opening an LMDB environment
 * resets the shared number of the newest transaction from the file (mdb.c, mdb_env_open2 sets mti_txnid), which may
 * lose a commit that ends at that moment; we saw it about once in a thousand openings under full load. So a
 * reader announces itself by the file `gate`, the writer says in the file `busy` when it writes, and neither begins
 * while the other is at it ({@link OpenGate}). As a last line the writer compares each transaction's id with the one
 * that must follow.
 */
export class LmdbStore implements Store {
  readonly path: string
  readonly #root: LmdbRoot
  readonly #keyspaces = new Map<KeyspaceName, LmdbKeyspace>()
  readonly #isReadOnly: boolean
  readonly #gate: OpenGate | undefined
  readonly #snapshots = new Set<LmdbSnapshot>()
  /** The newest snapshot, handed out again until the next write. */
  #newest: LmdbSnapshot | undefined
  #isOpen = true
  #isWriting = false
  #failure: Error | undefined
  /** The id LMDB must give the next write transaction; undefined when it is not known. */
  #nextTransactionId: number | undefined

  readonly #dataFile: number
  readonly #bootId = readBootId()
  #writes = 0
  #syncedSize = 0
  #syncing: Promise<void> | undefined
  #pin: LmdbTransaction | undefined

  private constructor(path: string, root: LmdbRoot, isReadOnly: boolean) {
    this.path = path
    this.#root = root
    this.#isReadOnly = isReadOnly
    for (const [position, name] of KEYSPACE_NAMES.entries())
      this.#keyspaces.set(name, new LmdbKeyspace(root, name, position))
    this.#dataFile = openSync(join(path, DATA_FILE), isReadOnly ? 'r' : 'r+')
    this.#gate = isReadOnly ? undefined : new OpenGate(path)
  }

  /**
   * Opens the views in a folder, making it when there is none. Cost: a few milliseconds; up to 30 more for the
   * checksum of a file of at most 64 MiB.
   *
   * @throws {CorruptionError} VIEWS_CORRUPT: delete the folder and fill it again from the journal
   * @throws {StorageError} when the disk refuses, or there is nothing to open read-only
   */
  static open(path: string, options: LmdbStoreOptions = {}): LmdbStore {
    const isReadOnly = options.readOnly ?? false
    if (!isReadOnly) nodeFileSystem.makeDirectory(path)
    const check = checkViews(path)
    if (check.verdict === 'corrupt')
      throw new CorruptionError(
        'VIEWS_CORRUPT',
        `The views cannot be used: ${check.reason}. Delete ${path}; it is rebuilt from the journal.`,
      )
    if (check.verdict === 'absent' && isReadOnly)
      throw new StorageError('STORAGE_FAILED', `There are no views at ${path}. Open the ledger for writing once.`)
    if (check.verdict === 'unclean' && check.machineRestarted) {
      if (isReadOnly)
        throw new CorruptionError(
          'VIEWS_CORRUPT',
          `${path} was in use when the machine stopped. Open the ledger for writing once; that repairs it.`,
        )
      recoverViews(path)
    }
    const open = (): LmdbStore => {
      try {
        const root = openLmdb({
          path: join(path, DATA_FILE),
          noSubdir: true,
          maxDbs: KEYSPACE_NAMES.length,
          mapSize: options.mapSizeBytes ?? MAP_SIZE,
          maxReaders: options.maxReaders ?? MAX_READERS,
          readOnly: isReadOnly,
          overlappingSync: false,
          noSync: !isReadOnly,
          cache: false,
        } as RootDatabaseOptionsWithPath) as unknown as LmdbRoot
        return new LmdbStore(path, root, isReadOnly)
      } catch (error) {
        throw lmdbError(error, path, 'open')
      }
    }
    if (isReadOnly) return openBesideWriter(path, open)
    // From here on the folder counts as in use. What was closed in order is its own first sync point.
    writeState(path, { state: 'open', bootId: readBootId(), syncPoint: undefined })
    const store = open()
    if (check.verdict !== 'absent') store.#startSyncPoint()
    return store
  }

  /** Looks at a folder without opening it, as {@link open} does first. See {@link checkViews}. */
  static checkFile(path: string, limitBytes?: number): ViewsCheck {
    return checkViews(path, limitBytes)
  }

  /** True inside the body of {@link write}. */
  get isWriting(): boolean {
    return this.#isWriting
  }

  keyspace(name: KeyspaceName): Keyspace {
    const found = this.#keyspaces.get(name)
    if (found === undefined) throw new RangeError(`'name' expected one of ${KEYSPACE_NAMES.join(', ')}, got ${name}`)
    return found
  }

  snapshot(): Snapshot {
    this.#check()
    if (this.#newest !== undefined && !this.#isReadOnly) {
      this.#newest.retain()
      return this.#newest
    }
    // lmdb-js shares one read transaction within a turn of the event loop; another process may have written meanwhile.
    if (this.#isReadOnly) this.#root.resetReadTxn()
    const snapshot = new LmdbSnapshot(this, this.#root.useReadTransaction(), (ended) => {
      this.#snapshots.delete(ended)
      if (this.#newest === ended) this.#newest = undefined
    })
    this.#snapshots.add(snapshot)
    this.#newest = snapshot
    return snapshot
  }

  write(body: (batch: WriteBatch) => void): void {
    this.#check()
    if (this.#gate === undefined) throw new SessionError('READ_ONLY', 'This store was opened read-only.')
    if (this.#failure !== undefined)
      throw new StorageError('LEDGER_POISONED', 'An earlier write to the views failed. Open the ledger again.', {
        cause: this.#failure,
      })
    assert(!this.#isWriting, 'writes do not nest')
    this.#isWriting = true
    const batch = new LmdbBatch()
    let transactionId = 0
    let refused = false
    this.#gate.enter()
    try {
      this.#root.transactionSync(() => {
        transactionId = this.#root.getWriteTxnId()
        if (this.#nextTransactionId !== undefined && transactionId !== this.#nextTransactionId)
          throw new StorageError(
            'STORAGE_FAILED',
            `LMDB lost a commit of ${this.path}: transaction ${transactionId} came where ${this.#nextTransactionId} must. Open the ledger again.`,
          )
        try {
          body(batch)
        } catch (error) {
          refused = true
          throw error
        } finally {
          batch.end()
        }
      })
      // A batch of deletes alone may have changed nothing; LMDB then gives its number again.
      this.#nextTransactionId = batch.hasPut ? transactionId + 1 : undefined
      this.#newest = undefined
    } catch (error) {
      if (refused) throw error
      this.#failure = lmdbError(error, this.path, 'write to')
      throw this.#failure
    } finally {
      this.#gate.leave()
      this.#isWriting = false
    }
    if (++this.#writes % SYNC_INTERVAL === 0 && this.#hasGrown()) this.#startSyncPoint()
  }

  /**
   * Closes the store. A writer syncs the file and records that it was closed in order.
   *
   * @param tip recorded beside it, for whoever checks the folder ({@link checkFile})
   */
  async close(tip?: string): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    for (const snapshot of [...this.#snapshots]) snapshot.end()
    await this.#syncing
    this.#pin?.done()
    await this.#root.close()
    try {
      if (!this.#isReadOnly && this.#failure === undefined) this.#recordClose(tip)
    } finally {
      closeSync(this.#dataFile)
      this.#gate?.close()
    }
  }

  #recordClose(tip: string | undefined): void {
    try {
      fdatasyncSync(this.#dataFile)
    } catch (error) {
      throw fileError(error, this.path, 'sync')
    }
    const sizeBytes = fstatSync(this.#dataFile).size
    const checksum = sizeBytes <= CHECKSUM_LIMIT ? checksumFile(join(this.path, DATA_FILE)) : undefined
    writeState(this.path, { state: 'clean', sizeBytes, checksum, tip })
  }

  #hasGrown(): boolean {
    if (this.#syncing !== undefined) return false
    return fstatSync(this.#dataFile).size - this.#syncedSize > Math.max(SYNC_GROWTH, this.#syncedSize / 8)
  }

  /** See the class: rules 1 to 3. A failure makes the store refuse writes, as any failed sync must. */
  #startSyncPoint(): void {
    const metas = readMetas(this.#dataFile)
    if (typeof metas === 'string') {
      this.#failure = new CorruptionError('VIEWS_CORRUPT', `${this.path}: ${metas}.`)
      return
    }
    const pin = this.#root.useReadTransaction()
    const point: SyncPoint = { sizeBytes: metas.sizeBytes, meta: metas.newest.bytes }
    this.#syncedSize = metas.sizeBytes
    this.#syncing = this.#sync()
      .then(() =>
        nodeFileSystem.writeFileDurably(
          join(this.path, STATE_FILE),
          encodeState({ state: 'open', bootId: this.#bootId, syncPoint: point }),
        ),
      )
      .then(
        () => {
          this.#pin?.done()
          this.#pin = pin
        },
        (error: unknown) => {
          pin.done()
          this.#failure ??= fileError(error, this.path, 'sync')
        },
      )
      .finally(() => {
        this.#syncing = undefined
      })
  }

  #sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      fdatasync(this.#dataFile, (error) => (error ? reject(fileError(error, this.path, 'sync')) : resolve()))
    })
  }

  #check(): void {
    if (!this.#isOpen) throw new SessionError('LEDGER_CLOSED', 'The store is closed. Open the ledger again.')
  }
}
