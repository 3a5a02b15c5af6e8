import { CorruptionError, FormatError, NotFoundError } from '../errors.ts'
import { decodeBlock, ledgerSymbols } from '../journal/index.ts'
import { type FileSystem, nodeFileSystem } from '../storage/index.ts'
import {
  decodeSegmentHeader,
  isUnfinishedSegment,
  parseSegmentName,
  type SegmentHeader,
  salvageFrames,
} from '../strand/index.ts'
import { type CheckedBy, type ExpectedDigest, type Fault, JournalAudit, type Verdict } from '../verify/index.ts'
import { decodeIdentity, type LedgerIdentity } from './identity.ts'

/** How an audit is run. */
export interface AuditJournalOptions {
  /** Whose code runs where, for the verdict's words. */
  readonly checkedBy: CheckedBy
  /** A digest that the asker kept. */
  readonly digest?: ExpectedDigest | undefined
  /** Called now and then with how many bytes of how many are done. */
  readonly onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined
  /** Lets others run; called after every few megabytes. */
  readonly breathe?: (() => Promise<void>) | undefined
  /** Faults found elsewhere, in the views; their number decides the verdict as those of the journal do. */
  readonly viewFaults?: (() => Promise<readonly Fault[]>) | undefined
  readonly fileSystem?: FileSystem | undefined
}

/** What an audit found, beside its verdict. */
export interface AuditReport {
  readonly verdict: Verdict
  readonly ledger: string
  readonly blockCount: number
  readonly revisionCount: number
  readonly sizeBytes: number
  /** In journal order, then those of the views; at most 1000 are kept. */
  readonly faults: readonly Fault[]
  readonly faultCount: number
  /** What is not wrong but worth knowing: bytes of a commit that was never acknowledged. */
  readonly remarks: readonly string[]
}

/** How many bytes are read between two breaths. */
const BREATH_SIZE_BYTES = 4 * 1024 * 1024
/** A gap of more blocks than this is reported once. */
const LARGEST_NAMED_GAP = 1000

/**
 * Reads a whole journal from its files and recomputes every hash: headers and checksums of the segments, then each
 * block with {@link JournalAudit}. Damage does not end it: the walk goes on behind, so that every fault is named.
 *
 * Opens nothing and changes nothing: a ledger that another process writes to can be audited; what is appended
 * meanwhile is seen or not.
 *
 * Cost: about 16 µs a single-document block. Memory: one segment.
 *
 * @throws {NotFoundError} LEDGER_NOT_FOUND @throws {StorageError} NOT_A_LEDGER, or when a file cannot be read
 */
export async function auditJournal(folder: string, options: AuditJournalOptions): Promise<AuditReport> {
  const fileSystem = options.fileSystem ?? nodeFileSystem
  const identity = readIdentity(folder, fileSystem)
  const directory = `${folder}/journal`
  const names = fileSystem.list(directory).filter((name) => parseSegmentName(name) !== undefined)
  const sizes = names.map((name) => sizeOf(fileSystem, `${directory}/${name}`))
  const totalBytes = sizes.reduce((sum, size) => sum + size, 0)

  const digest = options.digest
  const hasTip = digest?.digestTipAddress !== undefined
  const symbols = ledgerSymbols()
  const audit = new JournalAudit(symbols, hasTip && digest !== undefined ? { digests: [digest] } : {})
  const remarks: string[] = []
  let unfinished: { readonly place: string; readonly message: string; readonly isOurs: boolean } | undefined
  let doneBytes = 0
  let dueBytes = BREATH_SIZE_BYTES

  for (let position = 0; position < names.length; position++) {
    const name = names[position]!
    const place = `journal/${name}`
    const bytes = fileSystem.readFile(`${directory}/${name}`)
    if (bytes === undefined) {
      audit.report({ field: 'segment', expected: 'a segment', found: 'it has vanished', place })
      continue
    }
    if (position > 0 && position === names.length - 1 && isUnfinishedSegment(bytes)) {
      remarks.push(`${place}: a segment was begun and holds nothing yet; a crash at that moment leaves this.`)
      continue
    }
    const expected: SegmentHeader = {
      strandId: identity.strandId,
      segment: position,
      firstSequenceNo: parseSegmentName(name)!,
      previousSizeBytes: position === 0 ? 0 : sizes[position - 1]!,
    }
    const isOurs = checkHeader(audit, bytes, expected, name, place)
    for (const frame of salvageFrames(bytes, expected)) {
      const framePlace = `${place} offset ${frame.offset}`
      if (frame.kind === 'damaged') {
        if (frame.isLast && position === names.length - 1 && frame.bytes === undefined) {
          unfinished = { place: framePlace, message: frame.message, isOurs }
          continue
        }
        addDamaged(audit, frame.bytes, frame.message, framePlace)
        continue
      }
      addMissing(audit, frame.sequenceNo, framePlace)
      addBlock(audit, frame.bytes, framePlace)
      doneBytes += frame.bytes.length
      if (doneBytes >= dueBytes) {
        options.onProgress?.(doneBytes, totalBytes)
        await options.breathe?.()
        dueBytes = doneBytes + BREATH_SIZE_BYTES
      }
    }
  }
  options.onProgress?.(totalBytes, totalBytes)
  if (unfinished !== undefined) {
    if ((digest?.digestTipAddress?.sequenceNo ?? -1) >= audit.blockCount) {
      // The digest proves that a whole block stood there.
      audit.addUnreadable(unfinished.message, unfinished.place)
    } else if (unfinished.isOurs) {
      remarks.push(`${unfinished.place}: the rest is no whole block; a commit that was never acknowledged leaves this.`)
    } else {
      // Checksums start from the header, so behind one of another strand nothing can be told apart.
      remarks.push(`${unfinished.place}: no block can be read under a header that does not fit.`)
    }
  }

  function addBlock(to: JournalAudit, bytes: Uint8Array, place: string): void {
    try {
      to.add(decodeBlock(bytes, symbols), place)
    } catch (error) {
      if (!(error instanceof FormatError)) throw error
      to.addUnreadable(error.message, place)
    }
  }

  function addDamaged(to: JournalAudit, bytes: Uint8Array | undefined, message: string, place: string): void {
    if (bytes === undefined) {
      to.addUnreadable(message, place)
      return
    }
    to.report({
      field: 'checksum',
      expected: 'the checksum of the frame',
      found: message,
      sequenceNo: to.blockCount,
      place,
    })
    addBlock(to, bytes, place)
  }

  const viewFaults = (await options.viewFaults?.()) ?? []
  // A journal that the fold could not read either is one finding, not two.
  const hasJournalFaults = audit.faultCount > 0
  for (const fault of viewFaults) if (fault.field !== 'journal' || !hasJournalFaults) audit.report(fault)
  const verdict = audit.finish(options.checkedBy, {
    ledger: identity.name,
    sizeBytes: totalBytes,
    areViewsCompared: options.viewFaults !== undefined,
    digest: hasTip ? undefined : digest,
  })
  return {
    verdict,
    ledger: identity.name,
    blockCount: audit.blockCount,
    revisionCount: audit.revisionCount,
    sizeBytes: totalBytes,
    faults: audit.faults,
    faultCount: audit.faultCount,
    remarks,
  }
}

/** Blocks that should stand before this one and do not. */
function addMissing(audit: JournalAudit, sequenceNo: number, place: string): void {
  const missing = sequenceNo - audit.blockCount
  if (missing <= 0) return
  if (missing > LARGEST_NAMED_GAP) {
    audit.report({
      field: 'blockAddress.sequenceNo',
      expected: String(audit.blockCount),
      found: String(sequenceNo),
      sequenceNo,
      place,
    })
    return
  }
  for (let count = 0; count < missing; count++) audit.addUnreadable('the block is not there', place)
}

/** Reports what does not fit in a segment's header; whether all of it fits. */
function checkHeader(
  audit: JournalAudit,
  bytes: Uint8Array,
  expected: SegmentHeader,
  name: string,
  place: string,
): boolean {
  let found: SegmentHeader
  try {
    found = decodeSegmentHeader(bytes, name)
  } catch (error) {
    if (!(error instanceof CorruptionError)) throw error
    audit.report({ field: 'segment header', expected: 'a whole header', found: error.message, place })
    return false
  }
  let fits = true
  for (const field of ['strandId', 'segment', 'firstSequenceNo', 'previousSizeBytes'] as const) {
    if (found[field] === expected[field]) continue
    fits = false
    audit.report({
      field: `segment header ${field}`,
      expected: String(expected[field]),
      found: String(found[field]),
      place,
    })
  }
  return fits
}

/** Which ledger a folder is. @throws {NotFoundError} LEDGER_NOT_FOUND @throws {StorageError} NOT_A_LEDGER */
export function readIdentity(folder: string, fileSystem: FileSystem = nodeFileSystem): LedgerIdentity {
  const path = `${folder}/ledger.json`
  const bytes = fileSystem.readFile(path)
  if (bytes === undefined) {
    throw new NotFoundError('LEDGER_NOT_FOUND', `There is no ledger at "${folder}": it has no ledger.json.`)
  }
  return decodeIdentity(bytes, path)
}

function sizeOf(fileSystem: FileSystem, path: string): number {
  const file = fileSystem.openRead(path)
  try {
    return file.sizeBytes()
  } finally {
    file.close()
  }
}
