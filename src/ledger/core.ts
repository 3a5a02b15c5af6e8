import { CorruptionError, NotFoundError, SessionError, StorageError } from '../errors.ts'
import { equalHashes, type Hash } from '../hash/index.ts'
import { encodeValue, IonStruct, type SymbolTable } from '../ion/index.ts'
import {
  type Block,
  type DocumentRevision,
  decodeBlock,
  GENESIS_PREVIOUS_HASH,
  type LedgerDigest,
  ledgerSymbols,
  newId,
  sealBlock,
} from '../journal/index.ts'
import { merkleProof, merkleRoot, proveLeaf } from '../merkle/index.ts'
import {
  type FileSystem,
  LmdbStore,
  type Lock,
  lockLedger,
  MemoryStore,
  nodeFileSystem,
  type Snapshot,
  type Store,
} from '../storage/index.ts'
import { FileStrand, MemoryStrand, type Strand } from '../strand/index.ts'
import { type BlockLocation, TableViews } from '../tables/index.ts'
import { type BeginOptions, Committer, type Limits, type Transaction } from '../transaction/index.ts'
import { decodeIdentity, encodeIdentity, type LedgerIdentity } from './identity.ts'

/** The seams and choices of a ledger, all given. */
export interface CoreOptions {
  readonly clock: () => Date
  readonly randomness: (sizeBytes: number) => Uint8Array
  readonly limits: Limits
  readonly readOnly: boolean
  /** False loses the last commits in a power failure, but never what a crash of the process leaves. */
  readonly syncsJournal: boolean
  readonly segmentSizeBytes: number | undefined
  readonly breathe: () => Promise<void>
  readonly fileSystem?: FileSystem | undefined
}

/** How many blocks one write to the views takes when catching up: enough to make it cheap, few enough to fit memory. */
const CATCH_UP_BLOCKS = 256

/**
 * An open ledger beneath its API: folder, journal, views and committer, brought into agreement at open.
 *
 * On disk: `ledger.json` (identity), `journal/` (segments: the truth), `views/` (LMDB: a cache), `lock` (while a
 * writer has it open).
 */
export class LedgerCore {
  readonly identity: LedgerIdentity
  readonly symbols: SymbolTable
  readonly strand: Strand
  readonly views: TableViews
  readonly committer: Committer
  /** See {@link Ledger.viewsChecked}. */
  readonly viewsChecked: Promise<void>
  readonly #store: Store
  readonly #lock: Lock | undefined
  readonly #isReader: boolean
  #closing: Promise<void> | undefined

  private constructor(
    identity: LedgerIdentity,
    parts: { strand: Strand; views: TableViews; committer: Committer; store: Store; lock: Lock | undefined },
    viewsChecked: Promise<void>,
    isReader: boolean,
  ) {
    this.identity = identity
    this.strand = parts.strand
    this.views = parts.views
    this.symbols = parts.views.symbols
    this.committer = parts.committer
    this.#store = parts.store
    this.#lock = parts.lock
    this.#isReader = isReader
    this.viewsChecked = viewsChecked
    viewsChecked.catch((error: unknown) => {
      if (error instanceof CorruptionError) this.committer.refuse(error)
    })
  }

  /**
   * Opens a ledger folder, making it if nothing is there, or a ledger in memory.
   *
   * Cost: constant for a ledger that was closed; after a crash, as many blocks as the views had not seen; without
   * views, the whole journal. The pages of a large views file are looked at afterwards, see {@link viewsChecked}.
   *
   * @throws {StorageError} LEDGER_LOCKED, NOT_A_LEDGER, DISK_FULL, STORAGE_FAILED
   * @throws {NotFoundError} LEDGER_NOT_FOUND when it is to be read only and is not there
   * @throws {CorruptionError} JOURNAL_CORRUPT
   */
  static async open(target: string, options: CoreOptions): Promise<LedgerCore> {
    return target === ':memory:' ? LedgerCore.#openMemory(options) : LedgerCore.#openFolder(target, options)
  }

  static async #openMemory(options: CoreOptions): Promise<LedgerCore> {
    const identity = newIdentity('memory', options)
    const strand = new MemoryStrand(identity.strandId)
    const store = new MemoryStore()
    const views = TableViews.load(store, ledgerSymbols())
    return LedgerCore.#start(identity, strand, store, views, undefined, options)
  }

  static async #openFolder(folder: string, options: CoreOptions): Promise<LedgerCore> {
    const fileSystem = options.fileSystem ?? nodeFileSystem
    const identityPath = `${folder}/ledger.json`
    if (!fileSystem.exists(identityPath)) {
      if (options.readOnly) {
        throw new NotFoundError('LEDGER_NOT_FOUND', `There is no ledger at "${folder}" to read.`)
      }
      if (fileSystem.exists(folder) && fileSystem.list(folder).length > 0) {
        throw new StorageError(
          'NOT_A_LEDGER',
          `"${folder}" is not a ledger: it holds other files and no ledger.json. Choose an empty or a new folder.`,
        )
      }
      await fileSystem.makeDirectory(folder)
    }
    const lock = options.readOnly ? undefined : lockLedger(folder)
    const opened: { close(): unknown }[] = []
    try {
      if (!fileSystem.exists(identityPath)) {
        const name =
          folder
            .replace(/[/\\]+$/, '')
            .split(/[/\\]/)
            .at(-1) || 'ledger'
        await fileSystem.writeFileDurably(identityPath, encodeIdentity(newIdentity(name, options)))
      }
      const identity = decodeIdentity(fileSystem.readFile(identityPath) ?? new Uint8Array(0), identityPath)

      let { store, views } = await openViews(folder, fileSystem, options)
      opened.push(store)
      const strand = await FileStrand.open(`${folder}/journal`, {
        strandId: identity.strandId,
        fileSystem,
        readOnly: options.readOnly,
        syncs: options.syncsJournal,
        ...(options.segmentSizeBytes === undefined ? {} : { segmentSizeBytes: options.segmentSizeBytes }),
        ...(views.tip === undefined
          ? {}
          : { hint: { sequenceNo: views.tip.sequenceNo, location: views.tip.location } }),
        // A block is applied after the journal was synced: what our own views have seen was acknowledged.
        ...(options.syncsJournal && views.strandId === identity.strandId ? { leastTip: views.tip?.sequenceNo } : {}),
      })
      opened.push(strand)
      const isBehind = (views.tip?.sequenceNo ?? -1) < strand.head.sequenceNo
      const isLeftBehind =
        isBehind && options.readOnly && store instanceof LmdbStore && !LmdbStore.hasWriter(viewsFolder(folder))
      if (isLeftBehind || !agrees(views, strand)) {
        // The views are of another journal, ahead of one that is not synced, or behind and nobody there to catch them up
        // for a reader: they are a cache and are made again.
        await store.close()
        opened.shift()
        ;({ store, views } = await emptyViews(folder, fileSystem, options))
        opened.push(store)
      }
      return await LedgerCore.#start(identity, strand, store, views, lock, options)
    } catch (error) {
      for (const part of opened) await part.close()
      lock?.release()
      throw error
    }
  }

  static async #start(
    identity: LedgerIdentity,
    strand: Strand,
    store: Store,
    views: TableViews,
    lock: Lock | undefined,
    options: CoreOptions,
  ): Promise<LedgerCore> {
    // A reader has the writer's views, which follow the journal by themselves, or makes its own.
    if (!(options.readOnly && store instanceof LmdbStore)) catchUp(views, strand)
    if (store instanceof ReaderStore) {
      store.follow = () => {
        strand.refresh()
        if (strand.head.sequenceNo > (views.tip?.sequenceNo ?? -1)) catchUp(views, strand)
      }
    }
    const committer = new Committer({
      strand,
      views,
      symbols: views.symbols,
      clock: options.clock,
      randomness: options.randomness,
      limits: options.limits,
      isReader: options.readOnly,
      breathe: options.breathe,
    })
    if (views.tip === undefined && !options.readOnly) await committer.append(genesis(identity, views.symbols, options))
    const isUnchecked = store instanceof LmdbStore && store.isUnchecked
    const viewsChecked = isUnchecked ? store.checkPages(options.breathe) : Promise.resolve()
    return new LedgerCore(identity, { strand, views, committer, store, lock }, viewsChecked, options.readOnly)
  }

  get strandId(): string {
    return this.identity.strandId
  }

  begin(options?: BeginOptions): Transaction {
    return this.committer.begin(options)
  }

  /**
   * The digest over every applied block.
   *
   * @throws {NotFoundError} BLOCK_NOT_FOUND while a reader sees a ledger whose first block is not written yet
   */
  digest(): LedgerDigest {
    return this.#read(() => {
      const { tip } = this.views
      if (tip === undefined) throw new NotFoundError('BLOCK_NOT_FOUND', 'The ledger has no block yet.')
      return {
        digest: this.views.root(),
        digestTipAddress: { strandId: this.strandId, sequenceNo: tip.sequenceNo },
      }
    })
  }

  /** @throws {NotFoundError} BLOCK_NOT_FOUND */
  block(sequenceNo: number): Block {
    return this.#read((snapshot) => this.#block(snapshot, sequenceNo))
  }

  /**
   * The sibling hashes that lead from a block's hash to the digest of `tip`. Cost: log₂ n reads.
   *
   * @throws {NotFoundError} BLOCK_NOT_FOUND when the block or the tip is not there, or the block is after the tip
   */
  proveBlock(sequenceNo: number, tip?: number): Hash[] {
    return this.#read((snapshot) => this.#proveBlock(snapshot, sequenceNo, tip))
  }

  /** The revision of a document in a block. @throws {NotFoundError} BLOCK_NOT_FOUND, REVISION_NOT_FOUND */
  revision(sequenceNo: number, documentId: string): DocumentRevision {
    return this.#read((snapshot) => this.#revision(this.#block(snapshot, sequenceNo), documentId).revision)
  }

  /**
   * The sibling hashes that lead from a revision's hash to the digest of `tip`: through the revisions of its block,
   * the entries of its block, the previous block's hash, and the tree of blocks.
   *
   * @throws {NotFoundError} BLOCK_NOT_FOUND, REVISION_NOT_FOUND
   */
  proveRevision(sequenceNo: number, documentId: string, tip?: number): Hash[] {
    return this.#read((snapshot) => {
      const block = this.#block(snapshot, sequenceNo)
      const { ordinal } = this.#revision(block, documentId)
      const hashes = block.revisions.map((revision) => revision.hash)
      const root = merkleRoot(hashes)
      const entry = block.entriesHashList.findIndex((hash) => equalHashes(hash, root))
      return [
        ...merkleProof(hashes, ordinal),
        ...merkleProof(block.entriesHashList, entry),
        block.previousBlockHash,
        ...this.#proveBlock(snapshot, sequenceNo, tip),
      ]
    })
  }

  #block(snapshot: Snapshot, sequenceNo: number): Block {
    const block = this.committer.readBlock(snapshot, sequenceNo)
    if (block === undefined) throw noBlock(sequenceNo, this.views.tip?.sequenceNo)
    return block
  }

  #revision(block: Block, documentId: string): { revision: DocumentRevision; ordinal: number } {
    for (let ordinal = 0; ordinal < block.revisions.length; ordinal++) {
      const revision = block.revisions[ordinal]!
      if (revision.kind === 'document' && revision.metadata.id === documentId) return { revision, ordinal }
    }
    throw new NotFoundError(
      'REVISION_NOT_FOUND',
      `Block ${block.blockAddress.sequenceNo} holds no revision of document ${documentId}. ` +
        "Find its blocks with SELECT blockAddress FROM history(table) AS h WHERE h.metadata.id = '…'.",
    )
  }

  #proveBlock(snapshot: Snapshot, sequenceNo: number, tip = this.views.tip?.sequenceNo ?? -1): Hash[] {
    const last = this.views.tip?.sequenceNo ?? -1
    if (tip > last || tip < 0) throw noBlock(tip, last)
    if (sequenceNo > tip || sequenceNo < 0) throw noBlock(sequenceNo, tip)
    return proveLeaf(tip + 1, sequenceNo, (indexes) => indexes.map((index) => this.views.node(snapshot, index)))
  }

  #read<T>(body: (snapshot: Snapshot) => T): T {
    if (this.#closing !== undefined) {
      throw new SessionError('LEDGER_CLOSED', 'The ledger is closed. Open it again with openLedger().')
    }
    const snapshot = this.#store.snapshot()
    try {
      if (this.#isReader && this.views.refresh(snapshot)) this.strand.refresh()
      return body(snapshot)
    } finally {
      snapshot.release()
    }
  }

  /** Ends every wait, writes what was asked for, frees the folder. May be called twice. */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      // A disk that refuses the last bytes of one part must not keep the others open, or the folder locked.
      try {
        await this.committer.close()
      } finally {
        try {
          await this.strand.close()
        } finally {
          try {
            await this.#store.close()
          } finally {
            this.#lock?.release()
          }
        }
      }
    })()
    return this.#closing
  }
}

function noBlock(sequenceNo: number, tip: number | undefined): NotFoundError {
  return new NotFoundError(
    'BLOCK_NOT_FOUND',
    tip === undefined || tip < 0
      ? `Block ${sequenceNo} does not exist: the ledger has no block yet.`
      : `Block ${sequenceNo} does not exist among blocks 0 to ${tip}.`,
  )
}

function newIdentity(name: string, options: CoreOptions): LedgerIdentity {
  const createdMs = options.clock().getTime()
  return { format: 1, strandId: newId(createdMs, options.randomness), name, createdMs }
}

/** Block 0: the ledger's own document, so that the chain begins with which ledger it is. */
function genesis(identity: LedgerIdentity, symbols: SymbolTable, options: CoreOptions): Block {
  const now = Math.max(identity.createdMs, options.clock().getTime())
  const transactionId = newId(now, options.randomness)
  const from = symbols.size + 1
  const data = encodeValue(
    new IonStruct([
      { name: 'ledgerId', value: identity.strandId },
      { name: 'name', value: identity.name },
      { name: 'format', value: identity.format },
    ]),
    symbols,
  )
  return sealBlock(
    {
      blockAddress: { strandId: identity.strandId, sequenceNo: 0 },
      transactionId,
      blockTimestamp: now,
      previousBlockHash: GENESIS_PREVIOUS_HASH,
      statements: [],
      documents: [],
      revisions: [
        { kind: 'system', metadata: { id: identity.strandId, version: 0, txTime: now, txId: transactionId }, data },
      ],
      symbols: symbols.names(from),
    },
    symbols,
  )
}

interface OpenedViews {
  readonly store: Store
  readonly views: TableViews
}

/** The views of the folder; empty ones where they are damaged, foreign or of another format: the journal has everything. */
async function openViews(folder: string, fileSystem: FileSystem, options: CoreOptions): Promise<OpenedViews> {
  const path = viewsFolder(folder)
  if (options.readOnly && LmdbStore.checkFile(path, 0).verdict === 'absent') return viewsOf(new ReaderStore())
  let store: Store | undefined
  try {
    store = LmdbStore.open(path, { readOnly: options.readOnly })
    return viewsOf(store)
  } catch (error) {
    if (!(error instanceof CorruptionError)) throw error
    await store?.close()
    return emptyViews(folder, fileSystem, options)
  }
}

/** Empty views in the place of what is there; in memory for a reader, who changes nothing on disk. */
async function emptyViews(folder: string, fileSystem: FileSystem, options: CoreOptions): Promise<OpenedViews> {
  if (options.readOnly) return viewsOf(new ReaderStore())
  const path = viewsFolder(folder)
  for (const name of fileSystem.list(path)) await fileSystem.remove(`${path}/${name}`)
  return viewsOf(LmdbStore.open(path))
}

function viewsOf(store: Store): OpenedViews {
  return { store, views: TableViews.load(store, ledgerSymbols()) }
}

function viewsFolder(folder: string): string {
  return `${folder}/views`
}

/** True when the views are those of a block that this journal has, with the same hash. Cost: one block read. */
function agrees(views: TableViews, strand: Strand): boolean {
  const { tip } = views
  if (tip === undefined) return true
  if (views.strandId !== strand.strandId || tip.sequenceNo > strand.head.sequenceNo) return false
  try {
    const block = decodeBlock(strand.readAt(tip.location), views.symbols)
    return block.blockAddress.sequenceNo === tip.sequenceNo && equalHashes(block.blockHash, tip.blockHash)
  } catch {
    return false
  }
}

/** The views of a reader that could not use those of the folder: its own, brought up to the journal at every look. */
class ReaderStore extends MemoryStore {
  follow: (() => void) | undefined

  override snapshot(): Snapshot {
    this.follow?.()
    return super.snapshot()
  }
}

/** Applies every block of the journal that the views do not have yet. */
function catchUp(views: TableViews, strand: Strand): void {
  const { tip } = views
  let group: { block: Block; location: BlockLocation }[] = []
  for (const { sequenceNo, bytes, location } of strand.read(tip?.sequenceNo ?? 0, tip?.location)) {
    if (sequenceNo === tip?.sequenceNo) continue
    group.push({ block: decodeBlock(bytes, views.symbols), location })
    if (group.length === CATCH_UP_BLOCKS) {
      views.apply(group)
      group = []
    }
  }
  if (group.length > 0) views.apply(group)
}
