import { encodeHex, equalHashes } from '../hash/index.ts'
import { type Block, checkBlock, decodeBlock, ledgerSymbols } from '../journal/index.ts'
import { storedHashIndex } from '../merkle/index.ts'
import { KEYSPACE_NAMES, type KeyspaceName, MemoryStore, type Snapshot, type Store } from '../storage/index.ts'
import { type BlockLocation, TableViews } from '../tables/index.ts'
import type { LedgerContext } from './ledger-context.ts'

/** One thing that is not as it must be. */
export interface CheckFault {
  /** Where: `journal`, or a keyspace of the views. */
  readonly place: 'journal' | KeyspaceName
  /** The key of the view entry in hexadecimal, or the block; undefined when the place as a whole is meant. */
  readonly key: string | undefined
  /** A sentence. */
  readonly problem: string
}

/** What `ledger.check` found. It is the ledger's own word about itself: a self-check, not a verification. */
export interface CheckReport {
  readonly isSound: boolean
  /** How many blocks the ledger had when the check began. */
  readonly blocks: number
  readonly faults: readonly CheckFault[]
}

/** More faults than this say nothing new. */
const MOST_FAULTS = 100
const BREATH_MS = 8
const REBUILD_BLOCKS = 256

/**
 * Compares the views with the journal. Without `deep`, in constant time: that both end with the same block, that this
 * block fits its hashes, and that the tree's last leaf is its hash. With `deep`, the views are rebuilt in memory from
 * the whole journal and compared key by key and byte by byte; that takes the memory of the views once more.
 */
export async function checkLedger(context: LedgerContext, deep: boolean): Promise<CheckReport> {
  const snapshot = context.snapshot()
  const open = { close: () => release() }
  const release = (): void => {
    if (context.open.delete(open)) snapshot.release()
  }
  context.open.add(open)
  try {
    const faults: CheckFault[] = []
    const { views } = context.core
    const size = views.size
    checkTail(context, snapshot, faults)
    if (deep && faults.length === 0) {
      await compareRebuild(context, snapshot, size, faults)
      context.requireOpen()
    }
    return { isSound: faults.length === 0, blocks: size, faults }
  } finally {
    release()
  }
}

function checkTail(context: LedgerContext, snapshot: Snapshot, faults: CheckFault[]): void {
  const { views, strand, symbols } = context.core
  const { tip } = views
  if (tip === undefined) return
  const key = `block ${tip.sequenceNo}`
  let block: Block
  try {
    block = decodeBlock(strand.readAt(tip.location), symbols)
  } catch (error) {
    faults.push({ place: 'journal', key, problem: (error as Error).message })
    return
  }
  if (block.blockAddress.sequenceNo !== tip.sequenceNo || block.blockAddress.strandId !== strand.strandId) {
    faults.push({ place: 'meta', key: 'tip', problem: `The views end with ${key}, but another block stands there.` })
  }
  for (const fault of checkBlock(block, symbols)) {
    faults.push({ place: 'journal', key: `${key} ${fault.field}`, problem: 'The hash is not that of the content.' })
  }
  if (!equalHashes(block.blockHash, tip.blockHash)) {
    faults.push({ place: 'meta', key: 'tip', problem: `The views have another hash for ${key} than the journal.` })
  }
  if (!equalHashes(views.node(snapshot, storedHashIndex(0, tip.sequenceNo)), tip.blockHash)) {
    faults.push({ place: 'tree', key, problem: 'The leaf of the last block is not its hash.' })
  }
}

async function compareRebuild(
  context: LedgerContext,
  snapshot: Snapshot,
  size: number,
  faults: CheckFault[],
): Promise<void> {
  const { scheduler, core } = context
  let breathDueMs = scheduler.elapsedMs() + BREATH_MS
  const breathe = async (): Promise<void> => {
    if (scheduler.elapsedMs() < breathDueMs) return
    await scheduler.breathe()
    context.requireOpen()
    breathDueMs = scheduler.elapsedMs() + BREATH_MS
  }

  const store = new MemoryStore()
  const rebuilt = TableViews.load(store, ledgerSymbols())
  let group: { block: Block; location: BlockLocation }[] = []
  for (const { sequenceNo, bytes, location } of core.strand.read(0)) {
    if (sequenceNo >= size) break
    group.push({ block: decodeBlock(bytes, rebuilt.symbols), location })
    if (group.length === REBUILD_BLOCKS) {
      rebuilt.apply(group)
      group = []
      await breathe()
    }
  }
  if (group.length > 0) rebuilt.apply(group)

  const expected = store.snapshot()
  try {
    for (const name of KEYSPACE_NAMES) {
      await compareKeyspace(name, core.views.store, snapshot, store, expected, faults, breathe)
    }
  } finally {
    expected.release()
    await store.close()
  }
}

async function compareKeyspace(
  name: KeyspaceName,
  store: Store,
  snapshot: Snapshot,
  rebuiltStore: Store,
  rebuilt: Snapshot,
  faults: CheckFault[],
  breathe: () => Promise<void>,
): Promise<void> {
  const found = snapshot.scan(store.keyspace(name), {})
  const expected = rebuilt.scan(rebuiltStore.keyspace(name), {})
  let hasFound = found.next()
  let hasExpected = expected.next()
  while ((hasFound || hasExpected) && faults.length < MOST_FAULTS) {
    const order = !hasFound ? 1 : !hasExpected ? -1 : compareBytes(found.key, expected.key)
    if (order < 0) {
      faults.push({ place: name, key: encodeHex(found.key), problem: 'The journal gives no such entry.' })
      hasFound = found.next()
    } else if (order > 0) {
      faults.push({ place: name, key: encodeHex(expected.key), problem: 'An entry that the journal gives is missing.' })
      hasExpected = expected.next()
    } else {
      if (compareBytes(found.value, expected.value) !== 0) {
        faults.push({ place: name, key: encodeHex(found.key), problem: 'The journal gives another value.' })
      }
      hasFound = found.next()
      hasExpected = expected.next()
    }
    await breathe()
  }
  found.close()
  expected.close()
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) if (a[index] !== b[index]) return a[index]! - b[index]!
  return a.length - b.length
}
