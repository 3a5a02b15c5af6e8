import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CorruptionError } from '../errors.ts'
import { type Block, decodeBlock, ledgerSymbols } from '../journal/index.ts'
import { LmdbStore, MemoryStore, type Store } from '../storage/index.ts'
import { FileStrand } from '../strand/index.ts'
import { type BlockLocation, compareViews, TableViews, type ViewDifference } from '../tables/index.ts'
import type { Fault } from '../verify/index.ts'
import { readIdentity } from './audit-journal.ts'

/** Journals up to this size are folded in memory, larger ones in a temporary folder. */
const MEMORY_LIMIT_BYTES = 32 * 1024 * 1024
const REBUILD_BLOCKS = 256
/** More differences than this say nothing new. */
const MOST_FAULTS = 1000

/** How the views are audited. */
export interface AuditViewsOptions {
  /** Called now and then with how many blocks of how many are folded. */
  readonly onProgress?: ((doneBlocks: number, totalBlocks: number) => void) | undefined
  readonly breathe?: (() => Promise<void>) | undefined
}

/**
 * Folds the journal anew and compares the result with the stored views, key by key and byte by byte.
 *
 * Reads beside a writer. Damaged LMDB pages can crash native code: who must survive that runs this in a process of its
 * own and counts its death as a finding.
 *
 * @returns the differences; a journal that cannot be read, or ends before the views do, is one
 * @throws {NotFoundError} LEDGER_NOT_FOUND @throws {StorageError} when a file cannot be read
 */
export async function auditViews(folder: string, options: AuditViewsOptions = {}): Promise<Fault[]> {
  const { strandId } = readIdentity(folder)
  const path = `${folder}/views`
  if (LmdbStore.checkFile(path, 0).verdict === 'absent') return []
  const scratch = mkdtempSync(join(tmpdir(), 'tally-audit-'))
  const opened: { close(): Promise<void> }[] = []
  try {
    const strand = await FileStrand.open(`${folder}/journal`, { strandId, readOnly: true })
    opened.push(strand)
    const stored = LmdbStore.open(path, { readOnly: true })
    opened.push(stored)
    const actual = TableViews.load(stored, ledgerSymbols())
    const isLarge = actual.tip !== undefined && sizeUpTo(actual.tip.location) > MEMORY_LIMIT_BYTES
    const store: Store = isLarge ? LmdbStore.open(scratch) : new MemoryStore()
    opened.push(store)
    const rebuilt = TableViews.load(store, ledgerSymbols())

    // A writer may go on meanwhile: the state that is compared is taken when the fold has come up to it.
    for (;;) {
      const snapshot = stored.snapshot()
      actual.refresh(snapshot)
      strand.refresh()
      if (strand.head.sequenceNo + 1 < actual.size) {
        snapshot.release()
        return [
          fault('meta', 'tip', `block ${strand.head.sequenceNo}, the last of the journal`, `block ${actual.size - 1}`),
        ]
      }
      if (rebuilt.size === actual.size) {
        const faults: Fault[] = []
        for (const difference of compareViews(actual, rebuilt, snapshot)) {
          faults.push(faultOf(difference))
          if (faults.length >= MOST_FAULTS) break
        }
        return faults
      }
      const target = actual.size
      snapshot.release()
      await foldUpTo(rebuilt, strand, target, options)
    }
  } catch (error) {
    if (!(error instanceof CorruptionError)) throw error
    const field = error.code === 'VIEWS_CORRUPT' ? 'views' : 'journal'
    return [{ field, expected: 'readable bytes', found: error.message, place: `${field}/` }]
  } finally {
    for (const part of opened.reverse()) await part.close()
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function foldUpTo(
  rebuilt: TableViews,
  strand: FileStrand,
  size: number,
  { onProgress, breathe }: AuditViewsOptions,
): Promise<void> {
  let group: { block: Block; location: BlockLocation }[] = []
  for (const { sequenceNo, bytes, location } of strand.read(rebuilt.size)) {
    if (sequenceNo >= size) break
    group.push({ block: decodeBlock(bytes, rebuilt.symbols), location })
    if (group.length < REBUILD_BLOCKS) continue
    rebuilt.apply(group)
    group = []
    onProgress?.(sequenceNo + 1, size)
    await breathe?.()
  }
  if (group.length > 0) rebuilt.apply(group)
  onProgress?.(size, size)
}

/** About how many bytes of journal lie before the end of this block. */
function sizeUpTo({ segment, offset, length }: BlockLocation): number {
  return segment * 64 * 1024 * 1024 + offset + length
}

const WHAT: Readonly<Record<ViewDifference['kind'], readonly [expected: string, found: string]>> = {
  missing: ['the entry that the journal gives', 'nothing'],
  unexpected: ['no such entry', 'an entry'],
  different: ['the value that the journal gives', 'another value'],
  unreadable: ['a value that fits its checksum', 'one that does not, behind this entry or at the start'],
}

function faultOf({ keyspace, kind, field, table, documentId, version, sequenceNo }: ViewDifference): Fault {
  const [expected, found] = WHAT[kind]
  return { ...fault(keyspace, field ?? '', expected, found), table, documentId, version, sequenceNo }
}

function fault(place: string, field: string, expected: string, found: string): Fault {
  return { field: field === '' ? `views ${place}` : `views ${place} ${field}`, expected, found, place: 'views/' }
}
