import { dot, EMPTY_HASH, equalHashes, type Hash } from '../hash/index.ts'
import { hashBytes, type SymbolTable } from '../ion/index.ts'
import { merkleProof, merkleRoot } from '../merkle/index.ts'
import type { Block } from './block.ts'
import type { Revision } from './revision.ts'
import { metadataHash, redactionInfoHash, systemEntryHash, transactionInfoHash } from './structure-hash.ts'

/**
 * The hash of a revision, recomputed from metadata and data; a stored hash is not looked at.
 *
 * @throws {FormatError} BAD_ION when the data cannot be read
 */
export function revisionHash(revision: Revision, symbols: SymbolTable): Hash {
  const { data } = revision
  const dataHash =
    data !== undefined ? hashBytes(data, symbols) : revision.kind === 'document' ? revision.dataHash : undefined
  return dot(metadataHash(revision.metadata), dataHash ?? EMPTY_HASH)
}

/** The Merkle root over the revisions' stored hashes; undefined when there are no revisions. */
function revisionsRoot(revisions: readonly Pick<Revision, 'hash'>[]): Hash | undefined {
  const first = revisions[0]
  if (first === undefined) return undefined
  return revisions.length === 1 ? first.hash : merkleRoot(revisions.map((revision) => revision.hash))
}

/** What the entries of a block are computed from. */
export interface BlockParts extends Pick<Block, 'blockAddress' | 'transactionId' | 'blockTimestamp' | 'systemEntry'> {
  readonly revisions: readonly Pick<Revision, 'hash'>[]
  readonly transactionInfo: Block['transactionInfo']
  readonly redactionInfo: Block['redactionInfo']
}

/** The entries of a block in their order, computed from its parts; revisions by their stored hashes. */
export function entriesOf(block: BlockParts): Hash[] {
  const entries: Hash[] = []
  const systemEntry = systemEntryHash(block)
  const revisions = revisionsRoot(block.revisions)
  if (systemEntry !== undefined) entries.push(systemEntry)
  if (revisions !== undefined) entries.push(revisions)
  entries.push(transactionInfoHash(block.transactionInfo))
  if (block.redactionInfo !== undefined) entries.push(redactionInfoHash(block.redactionInfo))
  return entries
}

/**
 * The path from a revision's hash up to the hash of its block: siblings among the revisions, siblings among the entries,
 * then `previousBlockHash`. Followed by the block's path in the ledger's tree this is QLDB's proof of a revision.
 *
 * @param revisionIndex which of the block's revisions, system revisions counted
 */
export function proveRevisionInBlock(block: Block, revisionIndex: number): Hash[] {
  const revisionHashes = block.revisions.map((revision) => revision.hash)
  const root = merkleRoot(revisionHashes)
  const entryIndex = block.entriesHashList.findIndex((entry) => equalHashes(entry, root))
  return [
    ...merkleProof(revisionHashes, revisionIndex),
    ...merkleProof(block.entriesHashList, entryIndex),
    block.previousBlockHash,
  ]
}
