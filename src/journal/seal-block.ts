import { assert } from '../errors.ts'
import { dot, dotPairs, EMPTY_HASH, HASH_SIZE_BYTES, type Hash } from '../hash/index.ts'
import { hashBytes, type SymbolTable } from '../ion/index.ts'
import { merkleRoot } from '../merkle/index.ts'
import type { Block, BlockDraft, RevisionDraft } from './block.ts'
import type { BlockAddress } from './block-address.ts'
import { entriesOf } from './entries.ts'
import type { Revision } from './revision.ts'
import { metadataHashes } from './structure-hash.ts'

/**
 * Turns a draft into a block by computing every hash. The draft's parts become parts of the block, data is not copied.
 *
 * @param symbols the ledger's table, in which the data and the draft's new names stand
 * @throws {FormatError} BAD_ION when a revision's data cannot be read
 */
export function sealBlock(draft: BlockDraft, symbols: SymbolTable): Block {
  checkDraft(draft, symbols)
  const { blockAddress, transactionId, blockTimestamp, previousBlockHash } = draft
  const parts = {
    blockAddress,
    transactionId,
    blockTimestamp,
    systemEntry: { symbols: draft.symbols },
    revisions: sealRevisions(draft.revisions, blockAddress, symbols),
    transactionInfo: { statements: draft.statements, documents: draft.documents },
    redactionInfo: draft.redactionInfo,
  }
  const entriesHashList = entriesOf(parts)
  const entriesHash = merkleRoot(entriesHashList)
  return {
    blockAddress,
    transactionId,
    blockTimestamp,
    blockHash: dot(entriesHash, previousBlockHash),
    entriesHash,
    previousBlockHash,
    entriesHashList,
    transactionInfo: parts.transactionInfo,
    revisions: parts.revisions,
    systemEntry: parts.systemEntry,
    redactionInfo: parts.redactionInfo,
  }
}

/** All at once, as hashing many together costs half. */
function sealRevisions(drafts: readonly RevisionDraft[], blockAddress: BlockAddress, symbols: SymbolTable): Revision[] {
  const metadata = metadataHashes(drafts.map((draft) => draft.metadata))
  const pairs: Hash[] = []
  for (let index = 0; index < drafts.length; index++) pairs.push(metadata[index]!, dataHash(drafts[index]!, symbols))
  const hashes = dotPairs(pairs)
  return drafts.map((draft, index) => sealRevision(draft, hashes[index]!, blockAddress))
}

function dataHash(draft: RevisionDraft, symbols: SymbolTable): Hash {
  if (draft.data === undefined) return EMPTY_HASH
  return (draft.kind === 'document' ? draft.dataHash : undefined) ?? hashBytes(draft.data, symbols)
}

function sealRevision(draft: RevisionDraft, hash: Hash, blockAddress: BlockAddress): Revision {
  const { metadata, data } = draft
  if (draft.kind === 'system') return { kind: 'system', hash, metadata, data: draft.data }
  return { kind: 'document', blockAddress, tableId: draft.tableId, metadata, hash, data, dataHash: undefined }
}

/** What the form at rest takes for granted, and what makes the difference between a block and a mistake. */
function checkDraft(draft: BlockDraft, symbols: SymbolTable): void {
  assert(draft.previousBlockHash.length === HASH_SIZE_BYTES, 'previousBlockHash has 32 bytes')
  const txTime = draft.revisions[0]?.metadata.txTime
  for (const { metadata } of draft.revisions) {
    assert(metadata.txId === draft.transactionId, 'every revision carries the id of its transaction')
    assert(metadata.txTime === txTime, 'all revisions of a transaction carry one txTime')
  }
  const firstSymbol = symbols.sid(draft.symbols[0] ?? '')
  for (let index = 0; index < draft.symbols.length; index++) {
    assert(symbols.sid(draft.symbols[index]!) === firstSymbol! + index, 'new names have consecutive symbol ids')
  }
}
