import { closeSync, fdatasync, fdatasyncSync, fstatSync, openSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { assert, CorruptionError, LedgerError, SessionError, StorageError } from '../errors.ts'
import { CursorHandle } from './cursor-handle.ts'
import { FleetingCursor } from './fleeting-cursor.ts'
import { type CursorOwner, LmdbCursor } from './lmdb-cursor.ts'
import { lmdbError } from './lmdb-error.ts'
import { LmdbKeyspace } from './lmdb-keyspace.ts'
import { findKeyBuffer, type LmdbRoot, type LmdbTransaction, openRoot } from './lmdb-native.ts'
import { fileError, nodeFileSystem } from './node-file-system.ts'
import { hasWriter, OpenGate, openBesideWriter } from './open-gate.ts'
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
  type ValuePlace,
  type WriteBatch,
} from './store.ts'
import {
  checkPages,
  checksumFile,
  checkUnclosed,
  checkViews,
  DATA_FILE,
  encodeState,
  readBootId,
  readMetas,
  recoverViews,
  STATE_FILE,
  type SyncPoint,
  type ViewsCheck,
  WHOLE_CHECK_LIMIT_BYTES,
  writeState,
} from './views-state.ts'

const closedCursor: Cursor = new (class implements Cursor {
  next(): boolean {
    return false
  }
  get key(): Uint8Array {
    throw new Error('Internal error: it was believed that a cursor is read only after next() returned true')
  }
  get value(): Uint8Array {
    return this.key
  }
  get keyBytes(): Uint8Array {
    return this.key
  }
  get valueBytes(): Uint8Array {
    return this.key
  }
  readonly keyStart = 0
  readonly keyEnd = 0
  readonly valueStart = 0
  readonly valueEnd = 0
  close(): void {}
})()

/** Cursors of one transaction, and handles of closed ones to use again. */
class Cursors implements CursorOwner {
  readonly options: { transaction: LmdbTransaction } | undefined
  readonly #open = new Set<Cursor>()
  readonly #idle = new Map<LmdbKeyspace, CursorHandle>()

  constructor(transaction: LmdbTransaction | undefined) {
    this.options = transaction === undefined ? undefined : { transaction }
  }

  scan(keyspace: LmdbKeyspace, range: ScanRange): Cursor {
    const { from, to } = range
    if (from !== undefined && from.length > MAX_KEY_SIZE_BYTES) checkKey(from)
    if (to !== undefined && to.length > MAX_KEY_SIZE_BYTES) checkKey(to)
    // LMDB has no empty keys, so it takes an empty bound for none.
    if (to?.length === 0) return closedCursor
    let handle = this.#idle.get(keyspace)
    if (handle === undefined) handle = new CursorHandle(keyspace.database, this.options?.transaction.address ?? 0)
    else this.#idle.delete(keyspace)
    const cursor =
      range.isFleeting === true
        ? new FleetingCursor(keyspace, handle, range, this)
        : new LmdbCursor(keyspace, handle, range, this)
    this.#open.add(cursor)
    return cursor
  }

  giveBack(cursor: Cursor, keyspace: LmdbKeyspace, handle: CursorHandle): void {
    this.#open.delete(cursor)
    if (this.#idle.has(keyspace)) handle.close()
    else this.#idle.set(keyspace, handle)
  }

  /** LMDB must not lose the transaction under a cursor. */
  closeAll(): void {
    for (const cursor of [...this.#open]) cursor.close()
    for (const handle of this.#idle.values()) handle.close()
    this.#idle.clear()
  }
}

class LmdbSnapshot implements Snapshot {
  readonly #store: LmdbStore
  readonly #transaction: LmdbTransaction
  readonly #cursors: Cursors
  #holders = 1

  constructor(store: LmdbStore, transaction: LmdbTransaction) {
    this.#store = store
    this.#transaction = transaction
    this.#cursors = new Cursors(transaction)
  }

  retain(): void {
    this.#check()
    this.#holders++
  }

  release(): void {
    this.#requireHeld()
    if (--this.#holders === 0) this.end()
  }

  get(keyspace: Keyspace, key: Uint8Array): Uint8Array | undefined {
    this.#check()
    checkKey(key)
    // While a write transaction is open, lmdb-js answers every plain get from it; only cursors keep their own view.
    if (this.#store.isWriting) return this.#getBesideWrite(keyspace as LmdbKeyspace, key)
    return (keyspace as LmdbKeyspace).get(key, this.#cursors.options)
  }

  find(keyspace: Keyspace, key: Uint8Array): ValuePlace | undefined {
    this.#check()
    checkKey(key)
    if (!this.#store.isWriting) return (keyspace as LmdbKeyspace).find(key, this.#cursors.options)
    const bytes = this.#getBesideWrite(keyspace as LmdbKeyspace, key)
    return bytes && { bytes, start: 0, end: bytes.length }
  }

  peek(keyspace: Keyspace, key: Uint8Array): ValuePlace | undefined {
    this.#check()
    checkKey(key)
    const { options } = this.#cursors
    const peeked =
      this.#store.isWriting || options === undefined
        ? undefined
        : (keyspace as LmdbKeyspace).peek(key, options.transaction)
    // It is not there, or does not lie where it can be shown.
    return peeked ?? this.find(keyspace, key)
  }

  scan(keyspace: Keyspace, range: ScanRange = {}): Cursor {
    this.#check()
    return this.#cursors.scan(keyspace as LmdbKeyspace, range)
  }

  /** Ends it whoever holds it. */
  end(): void {
    this.#holders = 0
    this.#cursors.closeAll()
    this.#transaction.done()
    this.#store.forget(this)
  }

  #getBesideWrite(keyspace: LmdbKeyspace, key: Uint8Array): Uint8Array | undefined {
    const cursor = this.scan(keyspace, { from: key })
    const value = cursor.next() && Buffer.compare(cursor.key, key) === 0 ? cursor.value : undefined
    cursor.close()
    return value
  }

  #check(): void {
    this.#requireHeld()
    if (this.#store.damage !== undefined) throw this.#store.damage
  }

  #requireHeld(): void {
    if (this.#holders <= 0) throw new SessionError('LEDGER_CLOSED', 'This snapshot was released. Take a new one.')
  }
}

class LmdbBatch implements WriteBatch {
  readonly #cursors = new Cursors(undefined)
  #isOpen = true
  #hasPut = false

  /** Whether anything was put; a batch of deletes alone may have changed nothing. */
  get hasPut(): boolean {
    return this.#hasPut
  }

  get(keyspace: Keyspace, key: Uint8Array): Uint8Array | undefined {
    this.#check()
    checkKey(key)
    return (keyspace as LmdbKeyspace).get(key)
  }

  scan(keyspace: Keyspace, range: ScanRange = {}): Cursor {
    this.#check()
    return this.#cursors.scan(keyspace as LmdbKeyspace, range)
  }

  put(keyspace: Keyspace, key: Uint8Array, value: Uint8Array): void {
    this.#check()
    checkKey(key)
    ;(keyspace as LmdbKeyspace).put(key, value)
    this.#hasPut = true
  }

  add(keyspace: Keyspace, key: Uint8Array, value: Uint8Array): boolean {
    this.#check()
    checkKey(key)
    const isAdded = (keyspace as LmdbKeyspace).add(key, value)
    if (isAdded) this.#hasPut = true
    return isAdded
  }

  delete(keyspace: Keyspace, key: Uint8Array): void {
    this.#check()
    checkKey(key)
    ;(keyspace as LmdbKeyspace).database.remove(key)
  }

  end(): void {
    this.#cursors.closeAll()
    this.#isOpen = false
  }

  #check(): void {
    assert(this.#isOpen, 'a write batch is used only inside its body')
  }
}

/** How to open an {@link LmdbStore}. */
export interface LmdbStoreOptions {
  /** For a process that reads beside the writer. The folder must exist. */
  readonly readOnly?: boolean
  /** Address space set aside for the data file; LMDB takes more when it needs it. Costs no memory. */
  readonly mapSizeBytes?: number
  /** How many snapshots may be open at once, over all processes. */
  readonly maxReaders?: number
  /**
   * How much the data file grows until what was written is synced in the background. A file smaller than this is not:
   * after a power loss it is filled again from the journal, which takes a minute at most.
   */
  readonly syncGrowthBytes?: number
}

const MAP_SIZE: number = 16 * 2 ** 30
const MAX_READERS = 1024

/** A new sync point when the file has grown by a quarter since the last one, and by this at least. */
const SYNC_GROWTH: number = 2 ** 30
/** How often the growth is looked at, in writes. */
const SYNC_INTERVAL = 16
/** How long pages are looked at before other work of the process gets a turn. */
const BREATH_MS = 4
/** How many pages are looked at between two looks at the clock. */
const PAGES_PER_LOOK = 8

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
 * consistent, never ahead of the journal, some thousand blocks behind. New sync points follow the file's growth. They
 * have a price: the space of replaced pages is not used again before the next one, 30 KB a small commit, four times the
 * file when an index is filled at random. So a file of less than 1 GiB has none.
 *
 * **Damage.** Each value carries a checksum over key and value ({@link checksum}). A file that is no LMDB file, was
 * cut, or is not the one that was closed is refused before native code sees it ({@link checkViews}); of one that was
 * not closed, every page is looked at ({@link checkUnclosed}). Of a file that is too large for that at open, or that
 * another process is writing to, the pages are looked at while the store is in use ({@link LmdbStore.checkPages}).
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
  /** The newest state, held until the next write. */
  #newest: LmdbSnapshot | undefined
  #isOpen = true
  #isWriting = false
  #failure: LedgerError | undefined
  /** The id LMDB must give the next write transaction; undefined when it is not known. */
  #nextTransactionId: number | undefined

  /** True when open looked at the ends of the data file only. */
  readonly isUnchecked: boolean
  #damage: CorruptionError | undefined
  #checking: Promise<void> | undefined

  readonly #dataFile: number
  readonly #bootId = readBootId()
  readonly #syncGrowthBytes: number
  #writes = 0
  #syncedSize = 0
  #syncing: Promise<void> | undefined
  #pin: LmdbTransaction | undefined

  private constructor(
    path: string,
    root: LmdbRoot,
    isReadOnly: boolean,
    isUnchecked: boolean,
    syncGrowthBytes: number,
  ) {
    this.path = path
    this.isUnchecked = isUnchecked
    this.#root = root
    this.#isReadOnly = isReadOnly
    this.#syncGrowthBytes = syncGrowthBytes
    findKeyBuffer(root, KEYSPACE_NAMES[0] as string)
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
    let isUnchecked = check.verdict === 'clean' && !check.whole
    if (check.verdict === 'unclean' && isReadOnly && hasWriter(path)) {
      isUnchecked = true
    } else if (check.verdict === 'unclean') {
      isUnchecked = statSync(join(path, DATA_FILE)).size > WHOLE_CHECK_LIMIT_BYTES
      const problem = checkUnclosed(path)
      if (problem !== undefined)
        throw new CorruptionError(
          'VIEWS_CORRUPT',
          `The views cannot be used: ${problem}. Delete ${path}; it is rebuilt from the journal.`,
        )
    }
    const open = (): LmdbStore => {
      try {
        const root = openRoot({
          path: join(path, DATA_FILE),
          noSubdir: true,
          maxDbs: KEYSPACE_NAMES.length,
          mapSize: options.mapSizeBytes ?? MAP_SIZE,
          maxReaders: options.maxReaders ?? MAX_READERS,
          readOnly: isReadOnly,
          overlappingSync: false,
          noSync: !isReadOnly,
          encoding: 'binary',
          keyEncoding: 'binary',
        })
        return new LmdbStore(path, root, isReadOnly, isUnchecked, options.syncGrowthBytes ?? SYNC_GROWTH)
      } catch (error) {
        throw lmdbError(error, path, 'open')
      }
    }
    if (isReadOnly) return openBesideWriter(path, open)
    // From here on the folder counts as in use. What was closed in order is its own first sync point.
    writeState(path, { state: 'open', bootId: readBootId(), syncPoint: undefined })
    const store = open()
    if (store.#hasGrown()) store.#startSyncPoint()
    return store
  }

  /** Looks at a folder without opening it, as {@link open} does first. See {@link checkViews}. */
  static checkFile(path: string, limitBytes?: number): ViewsCheck {
    return checkViews(path, limitBytes)
  }

  /** Whether a process lives that has the folder open for writing, as far as a reader can tell. */
  static hasWriter(path: string): boolean {
    return hasWriter(path)
  }

  /** True inside the body of {@link write}. */
  get isWriting(): boolean {
    return this.#isWriting
  }

  /** What the check of the pages has found; undefined while it has found nothing. */
  get damage(): CorruptionError | undefined {
    return this.#damage
  }

  /**
   * Looks at every page of the state that is the newest now, in pieces of a few milliseconds, while the store is read and
   * written: a read transaction keeps LMDB from using the pages of that state again, so the file grows meanwhile by what
   * is written. Costs one second of computing for 250 MB.
   *
   * Until it is done, what is read comes through pages that nobody has looked at: each value fits its key, but a
   * damaged page on the way may hide entries. Once it has found damage, the store refuses everything; opened for writing
   * again, it counts as damaged, so that the views are made anew.
   *
   * @param breathe resolves after other work of the process had its turn
   * @throws {CorruptionError} VIEWS_CORRUPT
   * @throws {SessionError} LEDGER_CLOSED when the store is closed before the end
   */
  checkPages(breathe: () => Promise<void>): Promise<void> {
    this.#check()
    this.#checking ??= this.#lookAtPages(breathe)
    return this.#checking
  }

  async #lookAtPages(breathe: () => Promise<void>): Promise<void> {
    // lmdb-js shares one read transaction within a turn of the event loop; another process may have written meanwhile.
    if (this.#isReadOnly) this.#root.resetReadTxn()
    const pin = this.#root.useReadTransaction()
    let problem: string | undefined
    try {
      const steps = checkPages(this.#dataFile, join(this.path, DATA_FILE))
      for (let isDone = false; !isDone; ) {
        await breathe()
        if (!this.#isOpen) throw closedStore()
        const dueMs = performance.now() + BREATH_MS
        while (!isDone && performance.now() < dueMs) {
          for (let count = 0; count < PAGES_PER_LOOK && !isDone; count++) {
            const step = steps.next()
            if (step.done !== true) continue
            isDone = true
            problem = step.value
          }
        }
      }
    } catch (error) {
      throw error instanceof LedgerError ? error : fileError(error, this.path, 'read')
    } finally {
      pin.done()
    }
    if (problem === undefined) return
    this.#damage = new CorruptionError(
      'VIEWS_CORRUPT',
      `The views cannot be used: ${problem}. Close the ledger and open it again: they are rebuilt from the journal, which has everything.`,
    )
    this.#failure ??= this.#damage
    this.#disown()
    throw this.#damage
  }

  keyspace(name: KeyspaceName): Keyspace {
    const found = this.#keyspaces.get(name)
    if (found === undefined) throw new RangeError(`'name' expected one of ${KEYSPACE_NAMES.join(', ')}, got ${name}`)
    return found
  }

  snapshot(): Snapshot {
    this.#check()
    if (this.#newest !== undefined) {
      this.#newest.retain()
      return this.#newest
    }
    // lmdb-js shares one read transaction within a turn of the event loop; another process may have written meanwhile.
    if (this.#isReadOnly) this.#root.resetReadTxn()
    let transaction: LmdbTransaction
    try {
      transaction = this.#root.useReadTransaction()
    } catch (error) {
      throw lmdbError(error, this.path, 'read (too many snapshots at once?)')
    }
    const snapshot = new LmdbSnapshot(this, transaction)
    this.#snapshots.add(snapshot)
    if (!this.#isReadOnly && !this.#isWriting) {
      // Kept for the next who asks, with its cursors, until the next write.
      snapshot.retain()
      this.#newest = snapshot
    }
    return snapshot
  }

  /** A snapshot ended. */
  forget(snapshot: Snapshot): void {
    this.#snapshots.delete(snapshot as LmdbSnapshot)
  }

  write(body: (batch: WriteBatch) => void): void {
    this.#check()
    if (this.#gate === undefined) throw new SessionError('READ_ONLY', 'This store was opened read-only.')
    if (this.#failure !== undefined)
      throw new StorageError('LEDGER_POISONED', 'An earlier write to the views failed. Open the ledger again.', {
        cause: this.#failure,
      })
    assert(!this.#isWriting, 'writes do not nest')
    this.#newest?.release()
    this.#newest = undefined
    this.#gate.enter()
    this.#isWriting = true
    const batch = new LmdbBatch()
    let transactionId = 0
    let refused = false
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
    } catch (error) {
      if (refused) throw error
      this.#failure = lmdbError(error, this.path, 'write to')
      throw this.#failure
    } finally {
      this.#isWriting = false
      this.#gate.leave()
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
    await this.#checking?.catch(() => undefined)
    await this.#syncing
    this.#pin?.done()
    await this.#root.close()
    try {
      if (this.#damage !== undefined) this.#disown()
      if (!this.#isReadOnly && this.#failure === undefined) this.#recordClose(tip)
    } finally {
      closeSync(this.#dataFile)
      this.#gate?.close()
    }
  }

  /** Without its state file the folder is refused when it is opened next. A reader changes nothing. */
  #disown(): void {
    if (!this.#isReadOnly) rmSync(join(this.path, STATE_FILE), { force: true })
  }

  #recordClose(tip: string | undefined): void {
    try {
      fdatasyncSync(this.#dataFile)
    } catch (error) {
      throw fileError(error, this.path, 'sync')
    }
    const sizeBytes = fstatSync(this.#dataFile).size
    const checksum = sizeBytes <= WHOLE_CHECK_LIMIT_BYTES ? checksumFile(join(this.path, DATA_FILE)) : undefined
    writeState(this.path, { state: 'clean', sizeBytes, checksum, tip })
  }

  #hasGrown(): boolean {
    if (this.#syncing !== undefined) return false
    return fstatSync(this.#dataFile).size - this.#syncedSize > Math.max(this.#syncGrowthBytes, this.#syncedSize / 4)
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
    if (!this.#isOpen) throw closedStore()
    if (this.#damage !== undefined) throw this.#damage
  }
}

function closedStore(): SessionError {
  return new SessionError('LEDGER_CLOSED', 'The store is closed. Open the ledger again.')
}
