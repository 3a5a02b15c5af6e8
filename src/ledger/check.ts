import { LedgerError } from '../errors.ts'
import { equalHashes } from '../hash/index.ts'
import { type Block, checkBlock, decodeBlock, ledgerSymbols } from '../journal/index.ts'
import { storedHashIndex } from '../merkle/index.ts'
import { type KeyspaceName, MemoryStore } from '../storage/index.ts'
import { type BlockLocation, compareViews, TableViews, type ViewDifference } from '../tables/index.ts'
import type { LedgerContext } from './ledger-context.ts'

/** One thing that is not as it must be. Members that are undefined are unknown or do not apply. */
export interface CheckFault {
  /** Where: `journal`, or a keyspace of the views. */
  readonly place: 'journal' | KeyspaceName
  /** A sentence. */
  readonly problem: string
  readonly sequenceNo: number | undefined
  readonly table: string | undefined
  readonly documentId: string | undefined
  readonly version: number | undefined
  readonly field: string | undefined
}

/** What `ledger.check` found. It is the ledger's own word about itself: a self-check, not a verification. */
export interface CheckReport {
  readonly isSound: boolean
  /** How many blocks were looked at, or taken as the end of which. */
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
  context.requireOpen()
  const faults: CheckFault[] = []
  checkTail(context, faults)
  let blocks = context.core.views.size
  if (deep && faults.length === 0) blocks = await compareRebuild(context, faults)
  return { isSound: faults.length === 0, blocks, faults }
}

function checkTail(context: LedgerContext, faults: CheckFault[]): void {
  const { views, strand, symbols } = context.core
  context.read((snapshot) => {
    const { tip } = views
    if (tip === undefined) return
    const { sequenceNo } = tip
    const report = (place: CheckFault['place'], problem: string, field?: string): void => {
      faults.push({ ...NOWHERE, place, problem, sequenceNo, field })
    }
    try {
      const block = decodeBlock(strand.readAt(tip.location), symbols)
      if (block.blockAddress.sequenceNo !== sequenceNo || block.blockAddress.strandId !== strand.strandId) {
        report('journal', 'Where the views have the last block, the journal has another one.')
      }
      for (const fault of checkBlock(block, symbols)) {
        report('journal', 'A hash of the last block is not that of its content.', fault.field)
      }
      if (!equalHashes(block.blockHash, tip.blockHash)) {
        report('meta', 'The views have another hash for the last block than the journal.', 'blockHash')
      }
      if (!equalHashes(views.node(snapshot, storedHashIndex(0, sequenceNo)), tip.blockHash)) {
        report('tree', 'The leaf of the last block is not its hash.')
      }
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error
      report(error.code === 'VIEWS_CORRUPT' ? 'tree' : 'journal', error.message)
    }
  })
}

/** @returns how many blocks were applied and compared: what is written while it runs is included */
async function compareRebuild(context: LedgerContext, faults: CheckFault[]): Promise<number> {
  const { scheduler, core } = context
  const store = new MemoryStore()
  try {
    const rebuilt = TableViews.load(store, ledgerSymbols())
    let breathDueMs = scheduler.elapsedMs() + BREATH_MS
    while (rebuilt.size < core.views.size) {
      const group: { block: Block; location: BlockLocation }[] = []
      for (const { bytes, location } of core.strand.read(rebuilt.size)) {
        if (rebuilt.size + group.length >= core.views.size) break
        group.push({ block: decodeBlock(bytes, rebuilt.symbols), location })
        if (group.length === REBUILD_BLOCKS) break
      }
      if (group.length === 0) {
        faults.push({ ...NOWHERE, place: 'journal', problem: 'The journal ends before the views do.' })
        return rebuilt.size
      }
      rebuilt.apply(group)
      if (scheduler.elapsedMs() < breathDueMs) continue
      await scheduler.breathe()
      context.requireOpen()
      breathDueMs = scheduler.elapsedMs() + BREATH_MS
    }
    for (const difference of compareViews(core.views, rebuilt)) {
      faults.push(faultOf(difference))
      if (faults.length >= MOST_FAULTS) break
    }
    return rebuilt.size
  } finally {
    await store.close()
  }
}

const NOWHERE: Omit<CheckFault, 'place' | 'problem'> = {
  sequenceNo: undefined,
  table: undefined,
  documentId: undefined,
  version: undefined,
  field: undefined,
}

const PROBLEMS: Readonly<Record<ViewDifference['kind'], string>> = {
  missing: 'An entry that the journal gives is missing.',
  unexpected: 'The journal gives no such entry.',
  different: 'The journal gives another value.',
  unreadable: 'The entry after this one, or the first, cannot be read.',
}

function faultOf({ keyspace, kind, ...place }: ViewDifference): CheckFault {
  return { place: keyspace, problem: PROBLEMS[kind], ...place }
}
