import { FormatError } from '../errors.ts'
import { dot, encodeBase64, equalHashes, HASH_SIZE_BYTES, type Hash } from '../hash/index.ts'
import { hashValue, IonBlob, type IonStruct, type IonValue } from '../ion/index.ts'
import { type BlockAddress, blockAddressFromIon } from '../journal/index.ts'
import { proofLength } from '../merkle/index.ts'
import type { ExpectedDigest } from './expected-digest.ts'
import type { Proof } from './proof-file.ts'
import type { Evidence, EvidenceStep, Fault } from './verdict.ts'

/** Collects what does not fit and every hash that was computed on the way. */
export class Examination {
  readonly faults: Fault[] = []
  readonly steps: EvidenceStep[] = []

  get evidence(): Evidence {
    return { faults: this.faults, faultCount: this.faults.length, steps: this.steps }
  }

  fault(field: string, expected: string, found: string): void {
    this.faults.push({ field, expected, found })
  }

  /** Notes a computed hash and returns it. */
  step(step: string, hash: Hash): Hash {
    this.steps.push({ step, hash: encodeBase64(hash) })
    return hash
  }

  hashOf(name: string, value: IonValue): Hash {
    return this.step(`H(${name})`, hashValue(value))
  }

  /** Compares a stated hash, which need not even be one, with the computed one. */
  compare(field: string, stated: IonValue | undefined, computed: Hash): void {
    const hash = readBlob(stated)
    if (hash !== undefined && equalHashes(hash, computed)) return
    this.fault(field, encodeBase64(computed), hash === undefined ? 'no hash' : encodeBase64(hash))
  }

  compareAddress(field: string, stated: IonValue | undefined, expected: BlockAddress): void {
    const address = blockAddressFromIon(stated)
    if (address !== undefined && isSameAddress(address, expected)) return
    this.fault(field, addressText(expected), address === undefined ? 'no block address' : addressText(address))
  }

  /** Fields that no hash covers, and fields that stand there twice, would be shown without being proven. */
  checkFields(path: string, struct: IonStruct, allowed: readonly string[]): void {
    const seen = new Set<string>()
    for (const { name } of struct.fields) {
      if (seen.has(name)) this.fault(`${path}.${name}`, 'one field of that name', 'several')
      else if (!allowed.includes(name)) this.fault(`${path}.${name}`, 'no such field', 'a field that no hash covers')
      seen.add(name)
    }
  }

  /**
   * Folds the proof over the leaf, noting each step.
   *
   * @throws {FormatError} BAD_PROOF when a hash has not 32 bytes
   */
  fold(leaf: Hash, proof: readonly Hash[]): Hash {
    let hash = leaf
    for (let index = 0; index < proof.length; index++) {
      const size = proof[index]!.length
      if (size !== HASH_SIZE_BYTES) {
        throw new FormatError('BAD_PROOF', `This is not a proof: its hash ${index} has ${size} bytes, not 32.`)
      }
      hash = this.step(`combined with proof[${index}]`, dot(hash, proof[index]!))
    }
    return hash
  }
}

/**
 * The part of a proof above the block: whether its addresses make sense, and whether its length is that of the path of
 * that block in a tree up to that tip.
 *
 * @param leastBelow how many hashes the proof must at least have below the block's own hash
 * @returns how many hashes it has below the block's hash; undefined when it does not fit
 */
export function checkPlace(
  examination: Examination,
  proof: Proof,
  leastBelow: number,
  mostBelow: number,
): number | undefined {
  const { blockAddress, digestTipAddress } = proof
  if (digestTipAddress.strandId !== blockAddress.strandId) {
    examination.fault('digestTipAddress.strandId', blockAddress.strandId, digestTipAddress.strandId)
    return undefined
  }
  if (digestTipAddress.sequenceNo < blockAddress.sequenceNo) {
    const expected = `${blockAddress.sequenceNo} or more`
    examination.fault('digestTipAddress.sequenceNo', expected, String(digestTipAddress.sequenceNo))
    return undefined
  }
  const pathLength = proofLength(digestTipAddress.sequenceNo + 1, blockAddress.sequenceNo)
  const below = proof.proof.length - pathLength
  if (below >= leastBelow && below <= mostBelow) return below
  const least = pathLength + leastBelow
  const expected = leastBelow === mostBelow ? `${least} hashes` : `${least} hashes or more`
  examination.fault('proof', expected, `${proof.proof.length} hashes`)
  return undefined
}

/**
 * In the tree the block before a block of odd number is its sibling, so its hash stands first in the path. One of two
 * things that `dot`, which forgets left and right, lets us check about the place; the system entry is the other.
 */
export function checkParity(
  examination: Examination,
  proof: Proof,
  pathStart: number,
  previousBlockHash: Hash | undefined,
): void {
  if (proof.blockAddress.sequenceNo % 2 === 0) return
  const sibling = proof.proof[pathStart]
  if (sibling === undefined || previousBlockHash === undefined || equalHashes(sibling, previousBlockHash)) return
  examination.fault(`proof[${pathStart}]`, encodeBase64(previousBlockHash), encodeBase64(sibling))
}

/**
 * The system entry that came with a proof: whether it speaks of this block, and its hash.
 *
 * @param transactionId what it must say; undefined when nothing else says it
 */
export function checkSystemEntry(
  examination: Examination,
  proof: Proof & { readonly systemEntry: IonStruct },
  transactionId: string | undefined,
): Hash {
  const { systemEntry, blockAddress } = proof
  examination.checkFields('systemEntry', systemEntry, ['blockAddress', 'transactionId', 'blockTimestamp', 'symbols'])
  examination.compareAddress('systemEntry.blockAddress', systemEntry.get('blockAddress'), blockAddress)
  const stated = systemEntry.get('transactionId')
  if (transactionId !== undefined && stated !== transactionId) {
    examination.fault('systemEntry.transactionId', transactionId, typeof stated === 'string' ? stated : 'no id')
  }
  return examination.hashOf('systemEntry', systemEntry)
}

/** Whether the digest given is one that this proof can be checked against; undefined when it is. */
export function otherDigest(
  proof: Proof,
  expected: ExpectedDigest,
): 'digest-of-another-ledger' | 'digest-of-another-length' | undefined {
  const tip = expected.digestTipAddress
  if (tip === undefined) return undefined
  if (tip.strandId !== proof.digestTipAddress.strandId) return 'digest-of-another-ledger'
  return tip.sequenceNo === proof.digestTipAddress.sequenceNo ? undefined : 'digest-of-another-length'
}

export function readBlob(value: IonValue | undefined): Hash | undefined {
  return value instanceof IonBlob ? value.bytes : undefined
}

function isSameAddress(a: BlockAddress, b: BlockAddress): boolean {
  return a.strandId === b.strandId && a.sequenceNo === b.sequenceNo
}

function addressText(address: BlockAddress): string {
  return `block ${address.sequenceNo} of strand ${address.strandId}`
}
