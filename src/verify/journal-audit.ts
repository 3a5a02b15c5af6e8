import { encodeBase64, equalHashes, type Hash } from '../hash/index.ts'
import type { SymbolTable } from '../ion/index.ts'
import {
  type Block,
  checkBlock,
  type DocumentRevision,
  GENESIS_PREVIOUS_HASH,
  LAST_PRELUDE_SYMBOL,
  type RevisionMetadata,
} from '../journal/index.ts'
import { Frontier } from '../merkle/index.ts'
import { DocumentVersions } from './document-versions.ts'
import { againstDigest, type ExpectedDigest } from './expected-digest.ts'
import {
  type CheckedBy,
  type ClaimId,
  type Fault,
  type JournalSubject,
  type MismatchReason,
  NO_WITNESSES,
  type NotShownId,
  type UndecidedReason,
  type Verdict,
} from './verdict.ts'

/** What an audit is told beside the blocks. */
export interface AuditOptions {
  /** Digests that the asker kept; each is compared when the walk passes its tip. They need a `digestTipAddress`. */
  readonly digests?: readonly ExpectedDigest[] | undefined
  /** How many faults are kept in full; all are counted. Default 1000. */
  readonly keptFaults?: number | undefined
}

/** What the asker's side adds to the audit's own findings when the verdict is made. */
export interface AuditContext {
  readonly ledger?: string | undefined
  readonly sizeBytes?: number | undefined
  /** True when the views were compared with a rebuild; their differences were reported with {@link JournalAudit.report}. */
  readonly areViewsCompared?: boolean | undefined
  /** A bare digest, without tip: compared with that of the whole journal. */
  readonly digest?: ExpectedDigest | undefined
}

/** A redacted revision for which no redaction has been seen yet. */
interface PendingRedaction {
  readonly revision: DocumentRevision
  readonly index: number
  readonly place: string | undefined
}

/**
 * Walks a whole journal, block after block, and believes nothing: every hash is recomputed from the content, and what the
 * hashes do not cover is checked for sense. Feed it decoded blocks in journal order; nothing is kept of a block but the
 * newest version of each document (40 bytes) and the right edge of the tree.
 *
 * Checked, beside `checkBlock`: sequence numbers without gap, one strand, the chain of block hashes, timestamps that never
 * run backwards, versions without gap from 0 and nothing after a deletion, documents named by the transaction info
 * against revisions, statement indexes, names of the symbol table, redactions against the blocks that asked for them,
 * and the digests given.
 *
 * Cost: about that of hashing everything once.
 */
export class JournalAudit {
  readonly #symbols: SymbolTable
  readonly #keptFaults: number
  readonly #digests: readonly ExpectedDigest[]
  readonly #faults: Fault[] = []
  #faultCount = 0
  readonly #frontier: Frontier = Frontier.empty()
  readonly #versions: DocumentVersions = new DocumentVersions()
  readonly #pendingRedactions: Map<string, PendingRedaction> = new Map()
  readonly #matchedDigests: ExpectedDigest[] = []
  #otherLedger: ExpectedDigest | undefined
  #wrongDigest: ExpectedDigest | undefined
  #strandId: string | undefined
  #nextSequenceNo = 0
  #nextSymbol: number = LAST_PRELUDE_SYMBOL + 1
  #previousBlockHash: Hash | undefined = GENESIS_PREVIOUS_HASH
  #blockTimestamp = 0
  #revisionCount = 0
  /** True after a block that could not be read: the chain behind it cannot be compared with what came before. */
  #isInterrupted = false

  /** @param symbols the table that the blocks are decoded with, from `ledgerSymbols()` on */
  constructor(symbols: SymbolTable, options: AuditOptions = {}) {
    this.#symbols = symbols
    this.#keptFaults = options.keptFaults ?? 1000
    this.#digests = options.digests ?? []
  }

  /** How many blocks were added, unreadable ones too. */
  get blockCount(): number {
    return this.#nextSequenceNo
  }

  get revisionCount(): number {
    return this.#revisionCount
  }

  /** The first faults, in journal order; see {@link faultCount} for how many there are. */
  get faults(): readonly Fault[] {
    return this.#faults
  }

  get faultCount(): number {
    return this.#faultCount
  }

  /** The digest of the blocks so far; the empty hash when there are none. */
  get digest(): Hash {
    return this.#frontier.root()
  }

  /**
   * The next block of the journal.
   *
   * @param place where it lies, for the faults: `journal/000001.seg offset 4096`
   */
  add(block: Block, place?: string): void {
    const { sequenceNo } = block.blockAddress
    this.#checkChain(block, place)
    for (const { field, expected, found, revisionIndex } of checkBlock(block, this.#symbols)) {
      this.#fault(block, field, expected, found, place, revisionIndex)
    }
    this.#checkNames(block, place)
    this.#checkDocuments(block, place)
    for (let index = 0; index < block.revisions.length; index++) this.#checkRevision(block, index, place)
    this.#checkRedactions(block)

    this.#nextSequenceNo = sequenceNo + 1
    this.#previousBlockHash = block.blockHash
    this.#blockTimestamp = Math.max(this.#blockTimestamp, block.blockTimestamp)
    this.#revisionCount += block.revisions.length
    this.#isInterrupted = false
    this.#frontier.append(block.blockHash)
    this.#compareDigests(block, place)
  }

  /**
   * Stands for a block whose bytes cannot be read. The walk goes on with the next one; versions of documents that the lost
   * block changed are then reported as gaps.
   *
   * @param problem why, as a sentence
   */
  addUnreadable(problem: string, place?: string): void {
    this.report({
      field: 'block',
      expected: 'a readable block',
      found: problem,
      sequenceNo: this.#nextSequenceNo,
      place,
    })
    this.#nextSequenceNo++
    this.#previousBlockHash = undefined
    this.#isInterrupted = true
  }

  /** Adds a fault found elsewhere: a checksum, a view that differs from the journal. */
  report(fault: Fault): void {
    this.#faultCount++
    if (this.#faults.length < this.#keptFaults) this.#faults.push(fault)
  }

  #fault(
    block: Block,
    field: string,
    expected: string | number,
    found: string | number,
    place: string | undefined,
    revisionIndex?: number,
  ): void {
    const revision = revisionIndex === undefined ? undefined : block.revisions[revisionIndex]
    this.report({
      field,
      expected: String(expected),
      found: String(found),
      sequenceNo: block.blockAddress.sequenceNo,
      table: revision?.kind === 'document' ? tableName(block, revision) : undefined,
      documentId: revision?.metadata.id,
      version: revision?.metadata.version,
      place,
    })
  }

  #checkChain(block: Block, place: string | undefined): void {
    const { strandId, sequenceNo } = block.blockAddress
    this.#strandId ??= strandId
    if (sequenceNo !== this.#nextSequenceNo) {
      this.#fault(block, 'blockAddress.sequenceNo', this.#nextSequenceNo, sequenceNo, place)
    }
    if (strandId !== this.#strandId) this.#fault(block, 'blockAddress.strandId', this.#strandId, strandId, place)
    const previous = this.#previousBlockHash
    if (previous !== undefined && !equalHashes(previous, block.previousBlockHash)) {
      this.#fault(block, 'previousBlockHash', encodeBase64(previous), encodeBase64(block.previousBlockHash), place)
    }
    if (block.blockTimestamp < this.#blockTimestamp) {
      this.#fault(
        block,
        'blockTimestamp',
        `${isoTime(this.#blockTimestamp)} or later`,
        isoTime(block.blockTimestamp),
        place,
      )
    }
  }

  /** New names have the next symbol ids, and no name comes twice. */
  #checkNames(block: Block, place: string | undefined): void {
    const names = block.systemEntry?.symbols ?? []
    for (let index = 0; index < names.length; index++) {
      const name = names[index]!
      const symbol = this.#symbols.sid(name)
      if (symbol !== this.#nextSymbol && !this.#isInterrupted) {
        this.#fault(block, `symbols[${index}]`, `symbol ${this.#nextSymbol}`, `"${name}" is symbol ${symbol}`, place)
      }
      this.#nextSymbol = (symbol ?? this.#nextSymbol) + 1
    }
  }

  /** The transaction info and the revisions speak of the same documents, each once. */
  #checkDocuments(block: Block, place: string | undefined): void {
    const { statements, documents } = block.transactionInfo
    const tables = new Map<string, string>()
    for (const { documentId, tableId, statements: indexes } of documents) {
      const path = `transactionInfo.documents.${documentId}`
      if (tables.has(documentId)) this.#fault(block, path, 'the document once', 'twice', place)
      tables.set(documentId, tableId)
      for (let at = 0; at < indexes.length; at++) {
        if (indexes[at]! < statements.length && (at === 0 || indexes[at]! > indexes[at - 1]!)) continue
        const expected = `rising, below ${statements.length}`
        this.#fault(block, `${path}.statements`, expected, indexes.join(), place)
        break
      }
    }
    for (let index = 0; index < block.revisions.length; index++) {
      const revision = block.revisions[index]!
      if (revision.kind === 'system') continue
      const { id } = revision.metadata
      const tableId = tables.get(id)
      if (tableId !== revision.tableId) {
        const path = `transactionInfo.documents.${id}`
        this.#fault(
          block,
          path,
          `table ${revision.tableId}`,
          tableId === undefined ? 'not there' : `table ${tableId}`,
          place,
          index,
        )
      }
      tables.delete(id)
    }
    // A redaction is asked for by naming documents without changing them.
    if (block.redactionInfo !== undefined) return
    for (const id of tables.keys()) {
      this.#fault(block, `transactionInfo.documents.${id}`, 'a revision of it in the block', 'none', place)
    }
  }

  #checkRevision(block: Block, index: number, place: string | undefined): void {
    const revision = block.revisions[index]!
    const { metadata } = revision
    if (metadata.txTime > block.blockTimestamp) {
      const path = `revisions[${index}].metadata.txTime`
      this.#fault(block, path, `${isoTime(block.blockTimestamp)} or earlier`, isoTime(metadata.txTime), place, index)
    }
    const isDeletion = revision.data === undefined && revision.kind === 'document' && revision.dataHash === undefined
    this.#checkVersion(block, index, metadata, isDeletion, place)
    if (revision.kind === 'document' && revision.dataHash !== undefined) {
      this.#pendingRedactions.set(redactionKey(metadata.id, metadata.version), { revision, index, place })
    }
  }

  #checkVersion(
    block: Block,
    index: number,
    metadata: RevisionMetadata,
    isDeletion: boolean,
    place: string | undefined,
  ): void {
    const { id, version } = metadata
    const known = this.#versions.get(id)
    const expected = known === undefined ? 0 : known.version + 1
    if (known?.isDeleted === true) {
      const path = `revisions[${index}].metadata.id`
      this.#fault(block, path, 'no revision after the deletion', `version ${version}`, place, index)
    } else if (version !== expected) {
      this.#fault(block, `revisions[${index}].metadata.version`, expected, version, place, index)
    }
    this.#versions.set(id, version, isDeletion)
  }

  #checkRedactions(block: Block): void {
    for (const { documentId, version } of block.redactionInfo?.revisions ?? []) {
      this.#pendingRedactions.delete(redactionKey(documentId, version))
    }
  }

  #compareDigests(block: Block, place: string | undefined): void {
    for (const expected of this.#digests) {
      if (expected.digestTipAddress?.sequenceNo === block.blockAddress.sequenceNo) {
        this.#compareDigest(expected, block.blockAddress.sequenceNo, place)
      }
    }
  }

  #compareDigest(expected: ExpectedDigest, sequenceNo: number, place: string | undefined): void {
    const strandId = expected.digestTipAddress?.strandId
    if (strandId !== undefined && strandId !== this.#strandId) {
      this.#otherLedger ??= expected
      return
    }
    const digest = this.#frontier.root()
    if (equalHashes(digest, expected.digest)) {
      this.#matchedDigests.push(expected)
      return
    }
    this.#wrongDigest ??= expected
    const field = `digest of blocks 0 to ${sequenceNo}`
    this.report({ field, expected: encodeBase64(expected.digest), found: encodeBase64(digest), sequenceNo, place })
  }

  /**
   * The verdict, when the last block was added. Call it once.
   */
  finish(checkedBy: CheckedBy, context: AuditContext = {}): Verdict {
    for (const { revision, index, place } of this.#pendingRedactions.values()) {
      this.report({
        field: `revisions[${index}].data`,
        expected: 'the document, or a later block that asks for its redaction',
        found: 'neither',
        sequenceNo: revision.blockAddress.sequenceNo,
        documentId: revision.metadata.id,
        version: revision.metadata.version,
        place,
      })
    }
    if (context.digest !== undefined) {
      this.#compareDigest({ ...context.digest, digestTipAddress: undefined }, this.#nextSequenceNo - 1, undefined)
    }
    const compared = context.digest === undefined ? this.#digests : [...this.#digests, context.digest]
    const oldest = this.#oldestMatch()
    const blockCount = this.#nextSequenceNo
    const subject: JournalSubject = {
      kind: 'journal',
      ledger: context.ledger,
      blockCount,
      revisionCount: this.#revisionCount,
      sizeBytes: context.sizeBytes,
      areViewsCompared: context.areViewsCompared ?? false,
      blocksSinceDigest: oldest === undefined ? undefined : blockCount - 1 - oldest.sequenceNo,
    }
    const shown = this.#wrongDigest ?? this.#otherLedger ?? oldest?.digest ?? compared[0]
    const common = {
      subject,
      checkedBy,
      against: shown === undefined ? undefined : againstDigest(shown),
      witnesses: NO_WITNESSES,
      firstContact: false,
    }
    if (this.#faultCount > 0) {
      const evidence = { faults: this.#faults, faultCount: this.#faultCount, steps: [] }
      const isOnlyDigest = this.#faultCount === 1 && this.#wrongDigest !== undefined
      const reason: MismatchReason = isOnlyDigest ? 'journal-of-another-digest' : 'journal-differs'
      return {
        verdict: 'mismatch',
        claims: [],
        notShown: [],
        reason,
        canMean: isOnlyDigest ? ['rewritten', 'other-ledger'] : ['edited', 'damaged'],
        doThis: isOnlyDigest ? ['keep-journal', 'right-digest', 'compare-copies'] : ['keep-journal', 'compare-copies'],
        evidence,
        ...common,
      }
    }
    const undecided = this.#undecided(compared.length)
    if (undecided !== undefined) {
      const doThis = undecided === 'digest-of-another-ledger' ? ['right-digest' as const] : ['whole-journal' as const]
      return { verdict: 'undecided', claims: [], notShown: [], reason: undecided, doThis, ...common }
    }
    const claims: ClaimId[] = compared.length === 0 ? ['whole'] : ['whole', 'unchanged-since']
    const notShown: NotShownId[] = [compared.length === 0 ? 'rewritten' : 'before-digest']
    if (!subject.areViewsCompared) notShown.push('views')
    notShown.push('truth')
    return { verdict: 'verified', claims, notShown, document: undefined, ...common }
  }

  #undecided(comparedCount: number): UndecidedReason | undefined {
    if (this.#otherLedger !== undefined) return 'digest-of-another-ledger'
    if (this.#nextSequenceNo === 0) return 'journal-empty'
    return this.#matchedDigests.length < comparedCount ? 'journal-too-short' : undefined
  }

  /** Of the digests that were found again the one that covers least. */
  #oldestMatch(): { readonly digest: ExpectedDigest; readonly sequenceNo: number } | undefined {
    let oldest: { readonly digest: ExpectedDigest; readonly sequenceNo: number } | undefined
    for (const digest of this.#matchedDigests) {
      const sequenceNo = digest.digestTipAddress?.sequenceNo ?? this.#nextSequenceNo - 1
      if (oldest === undefined || sequenceNo < oldest.sequenceNo) oldest = { digest, sequenceNo }
    }
    return oldest
  }
}

function redactionKey(documentId: string, version: number): string {
  return `${documentId} ${version}`
}

function tableName(block: Block, revision: DocumentRevision): string | undefined {
  return block.transactionInfo.documents.find(({ tableId }) => tableId === revision.tableId)?.tableName
}

function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString()
}
