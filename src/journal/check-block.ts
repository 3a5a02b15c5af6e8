import { FormatError } from '../errors.ts'
import { dot, encodeBase64, equalHashes, type Hash } from '../hash/index.ts'
import type { SymbolTable } from '../ion/index.ts'
import { merkleRoot } from '../merkle/index.ts'
import type { Block } from './block.ts'
import { entriesOf, revisionHash } from './entries.ts'
import type { Revision } from './revision.ts'

/** Something in a block that contradicts the rest of it. */
export interface BlockFault {
  /** The path in the printed block: `revisions[0].data`, `entriesHashList[1]`, `blockHash`. */
  readonly field: string
  /** What it must be for the rest to hold, as text; hashes in Base64. */
  readonly expected: string
  readonly found: string
  /** Which of the block's revisions is concerned; undefined when it is none in particular. */
  readonly revisionIndex: number | undefined
}

/**
 * Recomputes every hash of a block from its content and compares. Stored hashes are used only to tell which of two parts
 * was changed when they do not fit: the one that the other hashes do not vouch for.
 *
 * @param symbols the ledger's table, with the names of this block
 * @returns what does not fit, empty when everything does
 */
export function checkBlock(block: Block, symbols: SymbolTable): BlockFault[] {
  const faults: BlockFault[] = []
  const fault = (field: string, expected: string, found: string, revisionIndex?: number): void => {
    faults.push({ field, expected, found, revisionIndex })
  }
  checkOwnership(block, fault)

  const computed = block.revisions.map((revision, index) => computeHash(revision, index, symbols, fault))
  const changed = block.revisions.some((revision, index) => !equalHashes(revision.hash, computed[index]!))
  if (changed) blameRevisions(block, computed, fault)

  const entries = entriesOf(block)
  if (entries.length !== block.entriesHashList.length) {
    fault('entriesHashList', `${entries.length} hashes`, `${block.entriesHashList.length} hashes`)
  } else if (entries.some((entry, index) => !equalHashes(entry, block.entriesHashList[index]!))) {
    blameEntries(block, entries, fault)
  }
  const entriesHash = merkleRoot(block.entriesHashList)
  compare('entriesHash', entriesHash, block.entriesHash, fault)
  compare('blockHash', dot(entriesHash, block.previousBlockHash), block.blockHash, fault)
  return faults
}

type Report = (field: string, expected: string, found: string, revisionIndex?: number) => void

function compare(field: string, expected: Hash, found: Hash, fault: Report): void {
  if (!equalHashes(expected, found)) fault(field, encodeBase64(expected), encodeBase64(found))
}

/** Every revision names the block that holds it, and its transaction. */
function checkOwnership(block: Block, fault: Report): void {
  const { strandId, sequenceNo } = block.blockAddress
  const txTime = block.revisions[0]?.metadata.txTime
  for (let index = 0; index < block.revisions.length; index++) {
    const revision = block.revisions[index]!
    const { metadata } = revision
    if (metadata.txId !== block.transactionId) {
      fault(`revisions[${index}].metadata.txId`, block.transactionId, metadata.txId, index)
    }
    if (metadata.txTime !== txTime) {
      fault(`revisions[${index}].metadata.txTime`, String(txTime), String(metadata.txTime), index)
    }
    if (revision.kind !== 'document') continue
    const address = revision.blockAddress
    if (address.strandId !== strandId || address.sequenceNo !== sequenceNo) {
      fault(
        `revisions[${index}].blockAddress`,
        `${strandId} ${sequenceNo}`,
        `${address.strandId} ${address.sequenceNo}`,
        index,
      )
    }
  }
}

/** The revision's hash; the stored one, with a fault, when the data is so damaged that it has none. */
function computeHash(revision: Revision, index: number, symbols: SymbolTable, fault: Report): Hash {
  try {
    return revisionHash(revision, symbols)
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    fault(`revisions[${index}].data`, 'well-formed Ion', error.message, index)
    return revision.hash
  }
}

/** Either the content of a revision was changed or its stored hash; the block's hash says which. */
function blameRevisions(block: Block, computed: readonly Hash[], fault: Report): void {
  const entries = entriesOf({ ...block, revisions: computed.map((hash) => ({ hash })) })
  const isContentSound = equalHashes(dot(merkleRoot(entries), block.previousBlockHash), block.blockHash)
  for (let index = 0; index < computed.length; index++) {
    const revision = block.revisions[index]!
    if (equalHashes(revision.hash, computed[index]!)) continue
    const field = isContentSound ? 'hash' : contentField(revision)
    fault(`revisions[${index}].${field}`, encodeBase64(revision.hash), encodeBase64(computed[index]!), index)
  }
}

/** The part of a revision that its hash is mostly of. Metadata and data go into one hash: it cannot tell them apart. */
function contentField(revision: Revision): string {
  if (revision.data !== undefined) return 'data or metadata'
  return revision.kind === 'document' && revision.dataHash !== undefined ? 'dataHash or metadata' : 'metadata'
}

const SYSTEM_ENTRY = 'blockAddress, transactionId, blockTimestamp or symbols'
const ENTRY_FIELDS = [SYSTEM_ENTRY, 'revisions', 'transactionInfo', 'redactionInfo']

/** Either an entry's content was changed or its hash in the list; the block's hash says which. */
function blameEntries(block: Block, entries: readonly Hash[], fault: Report): void {
  const isContentSound = equalHashes(dot(merkleRoot(entries), block.previousBlockHash), block.blockHash)
  const names = ENTRY_FIELDS.filter(
    (name) =>
      (name !== SYSTEM_ENTRY || block.systemEntry !== undefined) &&
      (name !== 'revisions' || block.revisions.length > 0) &&
      (name !== 'redactionInfo' || block.redactionInfo !== undefined),
  )
  for (let index = 0; index < entries.length; index++) {
    const found = block.entriesHashList[index]!
    const computed = entries[index]!
    if (equalHashes(found, computed)) continue
    if (isContentSound) fault(`entriesHashList[${index}]`, encodeBase64(computed), encodeBase64(found))
    else fault(names[index]!, encodeBase64(found), encodeBase64(computed))
  }
}
