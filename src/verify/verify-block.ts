import { FormatError } from '../errors.ts'
import { dot, encodeBase64, equalHashes, HASH_SIZE_BYTES, type Hash } from '../hash/index.ts'
import { equals, hashValue, IonList, IonStruct, type IonValue, NULL } from '../ion/index.ts'
import { merkleRoot } from '../merkle/index.ts'
import { checkParity, checkPlace, checkSystemEntry, Examination, otherDigest, readBlob } from './examination.ts'
import { againstDigest, type ExpectedDigest } from './expected-digest.ts'
import { examineRevision } from './printed-revision.ts'
import type { BlockProof } from './proof-file.ts'
import {
  type BlockSubject,
  type CheckedBy,
  type MismatchReason,
  NO_WITNESSES,
  type NotShownId,
  type Verdict,
} from './verdict.ts'

const BLOCK_FIELDS = [
  'blockAddress',
  'transactionId',
  'blockTimestamp',
  'blockHash',
  'entriesHash',
  'previousBlockHash',
  'entriesHashList',
  'transactionInfo',
  'redactionInfo',
  'revisions',
]

/**
 * Whether a block is in the ledger that a digest is of, exactly as shown. Does what the verifier that AWS published does
 * (every revision, the transaction info, the entries, the block's hash), then the path to the digest. With the system
 * entry, number and time of the block are checked too, and nothing may be left out.
 *
 * Cost: Ion Hash of the whole block, and one SHA-256 a hash of the proof.
 *
 * @param expected the digest that the asker kept: never one from the same source as the proof
 * @param origin where the proof was read, for the verdict's words
 * @throws {FormatError} BAD_PROOF when what is in `block` is no block at all
 */
export function verifyBlock(
  proof: BlockProof,
  expected: ExpectedDigest,
  checkedBy: CheckedBy,
  origin?: string,
): Verdict {
  const examination = new Examination()
  const blockHash = examineBlock(examination, proof)
  const contentFaults = examination.faults.length
  if (checkPlace(examination, proof, 0, 0) !== undefined) {
    checkParity(examination, proof, 0, readBlob(proof.block.get('previousBlockHash')))
  }
  const placeFaults = examination.faults.length - contentFaults
  const reached = examination.fold(blockHash, proof.proof)
  const isReached = equalHashes(reached, expected.digest)
  const subject: BlockSubject = {
    kind: 'block',
    ledger: expected.ledger ?? proof.ledger,
    isLedgerKnown: expected.ledger !== undefined,
    sequenceNo: proof.blockAddress.sequenceNo,
    isPlaceProven: proof.systemEntry !== undefined,
    origin,
  }
  const common = {
    subject,
    checkedBy,
    against: againstDigest(expected),
    witnesses: NO_WITNESSES,
    firstContact: false,
  }
  const other = otherDigest(proof, expected)
  if (examination.faults.length === 0 && other !== undefined) {
    return { verdict: 'undecided', claims: [], notShown: [], reason: other, doThis: ['prove-for-digest'], ...common }
  }
  if (examination.faults.length === 0 && isReached) {
    return { verdict: 'verified', claims: ['included'], notShown: notShown(subject), document: undefined, ...common }
  }
  if (!isReached) examination.fault('digest', encodeBase64(expected.digest), encodeBase64(reached))
  const reason: MismatchReason =
    contentFaults > 0 ? 'block-differs' : placeFaults > 0 ? 'place-differs' : 'another-digest'
  return {
    verdict: 'mismatch',
    claims: [],
    notShown: [],
    reason,
    canMean:
      reason === 'another-digest' ? ['other-moment', 'edited', 'other-ledger'] : ['edited', 'damaged', 'other-ledger'],
    doThis: reason === 'another-digest' ? ['keep-file', 'right-digest'] : ['keep-file', 'prove-again'],
    evidence: examination.evidence,
    ...common,
  }
}

function notShown(subject: BlockSubject): NotShownId[] {
  if (!subject.isPlaceProven) return ['block-number', 'author', 'truth']
  return subject.ledger !== undefined && !subject.isLedgerKnown ? ['names', 'author', 'truth'] : ['author', 'truth']
}

/** The block's hash, recomputed from its content. */
function examineBlock(examination: Examination, proof: BlockProof): Hash {
  const { block } = proof
  const entries = readHashes(block.get('entriesHashList'), 'entriesHashList')
  const previousBlockHash = readBlob(block.get('previousBlockHash'))
  if (
    previousBlockHash === undefined ||
    (previousBlockHash.length !== 0 && previousBlockHash.length !== HASH_SIZE_BYTES)
  ) {
    throw notABlock('previousBlockHash')
  }
  examination.checkFields('block', block, BLOCK_FIELDS)
  examination.compareAddress('block.blockAddress', block.get('blockAddress'), proof.blockAddress)

  const explained: Hash[] = []
  if (proof.systemEntry !== undefined) explained.push(examineSystemEntry(examination, proof, proof.systemEntry))
  const revisionsRoot = examineRevisions(examination, proof)
  if (revisionsRoot !== undefined) explained.push(revisionsRoot)
  explained.push(examination.hashOf('block.transactionInfo', block.get('transactionInfo') ?? NULL))
  const redactionInfo = block.get('redactionInfo')
  if (redactionInfo !== undefined) explained.push(examination.hashOf('block.redactionInfo', redactionInfo))
  compareEntries(examination, explained, entries, proof.systemEntry !== undefined)

  const entriesHash = examination.step('block.entriesHash, recomputed', merkleRoot(entries))
  examination.compare('block.entriesHash', block.get('entriesHash'), entriesHash)
  const blockHash = examination.step('block.blockHash, recomputed', dot(entriesHash, previousBlockHash))
  examination.compare('block.blockHash', block.get('blockHash'), blockHash)
  return blockHash
}

function examineSystemEntry(examination: Examination, proof: BlockProof, systemEntry: IonStruct): Hash {
  const { block } = proof
  const transactionId = block.get('transactionId')
  const hash = checkSystemEntry(
    examination,
    { ...proof, systemEntry },
    typeof transactionId === 'string' ? transactionId : 'no id',
  )
  const stated = block.get('blockTimestamp') ?? NULL
  const sealed = systemEntry.get('blockTimestamp') ?? NULL
  if (!equals(stated, sealed)) {
    examination.fault('block.blockTimestamp', encodeBase64(hashValue(sealed)), encodeBase64(hashValue(stated)))
  }
  return hash
}

function examineRevisions(examination: Examination, proof: BlockProof): Hash | undefined {
  const revisions = proof.block.get('revisions')
  if (revisions === undefined) return undefined
  if (!(revisions instanceof IonList)) throw notABlock('revisions')
  const transactionId = proof.block.get('transactionId')
  const hashes = revisions.items.map((item, index) => {
    const path = `block.revisions[${index}]`
    if (!(item instanceof IonStruct)) throw notABlock(`revisions[${index}]`)
    const opaque = item.size === 1 ? readBlob(item.get('hash')) : undefined
    // QLDB printed revisions of its own catalog as a hash and nothing else.
    if (opaque?.length === HASH_SIZE_BYTES) return opaque
    const revision = examineRevision(examination, path, item, proof.blockAddress)
    if (revision.transactionId !== transactionId) {
      const expected = typeof transactionId === 'string' ? transactionId : 'no id'
      examination.fault(`${path}.metadata.txId`, expected, revision.transactionId)
    }
    return revision.hash
  })
  return hashes.length === 0 ? undefined : examination.step('root of block.revisions', merkleRoot(hashes))
}

/**
 * Each part of the block must stand in the list. When the system entry is known every entry is known, so the list must
 * hold these and no other: else a part could be hidden from what is shown.
 */
function compareEntries(
  examination: Examination,
  explained: readonly Hash[],
  entries: readonly Hash[],
  isComplete: boolean,
): void {
  for (const hash of explained) {
    if (entries.some((entry) => equalHashes(entry, hash))) continue
    examination.fault('block.entriesHashList', `${encodeBase64(hash)} in the list`, 'not in the list')
  }
  if (isComplete && entries.length !== explained.length) {
    examination.fault('block.entriesHashList', `${explained.length} hashes`, `${entries.length} hashes`)
  }
}

function readHashes(value: IonValue | undefined, field: string): Hash[] {
  if (!(value instanceof IonList)) throw notABlock(field)
  return value.items.map((item) => {
    const hash = readBlob(item)
    if (hash?.length === HASH_SIZE_BYTES) return hash
    throw notABlock(field)
  })
}

function notABlock(field: string): FormatError {
  return new FormatError('BAD_PROOF', `This is not a block: "${field}" is missing or not what it must be.`)
}
