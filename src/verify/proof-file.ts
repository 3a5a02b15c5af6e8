import { FormatError } from '../errors.ts'
import { decodeBase64, encodeBase64, HASH_SIZE_BYTES, type Hash } from '../hash/index.ts'
import { IonStruct, parseOne, printText } from '../ion/index.ts'
import type { BlockAddress } from '../journal/index.ts'

/** What the proofs of a revision and of a block have in common. Nothing in it is believed. */
interface AnyProof {
  /** The ledger's name, as whoever made the proof calls it. */
  readonly ledger: string | undefined
  /** The block that is proven, or that holds the revision. */
  readonly blockAddress: BlockAddress
  /** The last block of the digest that the proof leads to. */
  readonly digestTipAddress: BlockAddress
  /** Sibling hashes, in the order in which they are combined. */
  readonly proof: readonly Hash[]
  /** What the block's system entry was computed from: it fixes the block's number and time. Absent in proofs by QLDB. */
  readonly systemEntry: IonStruct | undefined
  /** The digest as the server told it. For orientation only: never what the proof is checked against. */
  readonly statedDigest: Hash | undefined
}

/** A revision in its printed form, and the hashes that lead from it to a digest. */
export interface RevisionProof extends AnyProof {
  readonly kind: 'revision'
  /** The table's name, as whoever made the proof calls it. */
  readonly table: string | undefined
  readonly revision: IonStruct
}

/** A block in its printed form, and the hashes that lead from it to a digest. */
export interface BlockProof extends AnyProof {
  readonly kind: 'block'
  readonly block: IonStruct
}

export type Proof = RevisionProof | BlockProof

const FORMAT = 'tallystick proof 1'
const MEMBERS = new Set([
  'format',
  'kind',
  'ledger',
  'table',
  'blockAddress',
  'digestTipAddress',
  'statedDigest',
  'systemEntry',
  'revision',
  'block',
  'proof',
])

/**
 * A proof as a file, JSON:
 *
 *     { "format": "tallystick proof 1", "kind": "revision", "ledger": "cars", "table": "Vehicle",
 *       "blockAddress": { "strandId": "…", "sequenceNo": 1042 },
 *       "digestTipAddress": { "strandId": "…", "sequenceNo": 1199 },
 *       "statedDigest": "<Base64>",
 *       "systemEntry": "<Ion text>", "revision": "<Ion text>", "proof": ["<Base64>", …] }
 *
 * A block's proof has `"kind": "block"` and `block` in place of `table` and `revision`. `ledger`, `table`, `statedDigest` and
 * `systemEntry` may be absent. Ion is text, exactly as printed: JSON itself could not hold a document without loss.
 */
export function encodeProofFile(proof: Proof): string {
  const { kind, ledger, blockAddress, digestTipAddress, statedDigest, systemEntry } = proof
  const file = {
    format: FORMAT,
    kind,
    ledger,
    table: proof.kind === 'revision' ? proof.table : undefined,
    blockAddress: { strandId: blockAddress.strandId, sequenceNo: blockAddress.sequenceNo },
    digestTipAddress: { strandId: digestTipAddress.strandId, sequenceNo: digestTipAddress.sequenceNo },
    statedDigest: statedDigest === undefined ? undefined : encodeBase64(statedDigest),
    systemEntry: systemEntry === undefined ? undefined : printText(systemEntry),
    revision: proof.kind === 'revision' ? printText(proof.revision) : undefined,
    block: proof.kind === 'block' ? printText(proof.block) : undefined,
    proof: proof.proof.map(encodeBase64),
  }
  return `${JSON.stringify(file, undefined, 2)}\n`
}

/**
 * Reads what {@link encodeProofFile} wrote.
 *
 * @throws {FormatError} BAD_PROOF naming the member that is missing or unreadable
 */
export function decodeProofFile(text: string): Proof {
  const file = new Members(readJson(text))
  if (file.text('format') !== FORMAT) {
    throw badProof(`"format" is not "${FORMAT}"; it may come from a newer version`)
  }
  file.requireOnly(MEMBERS)
  const kind = file.text('kind')
  const shared = {
    ledger: file.optionalText('ledger'),
    blockAddress: file.address('blockAddress'),
    digestTipAddress: file.address('digestTipAddress'),
    proof: file.hashes('proof'),
    systemEntry: file.has('systemEntry') ? file.ion('systemEntry') : undefined,
    statedDigest: file.has('statedDigest') ? readHash(file.text('statedDigest'), 'statedDigest') : undefined,
  }
  if (kind === 'revision') {
    return { kind, ...shared, table: file.optionalText('table'), revision: file.ion('revision') }
  }
  if (kind === 'block') return { kind, ...shared, block: file.ion('block') }
  throw badProof(`"kind" must be "revision" or "block", not "${kind}"`)
}

function readJson(text: string): object {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new FormatError('BAD_PROOF', 'This is not a proof: it is not JSON. Make one with: tally prove', { cause })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw badProof('expected an object')
}

/** The members of a JSON object, each read as what it must be. */
class Members {
  readonly #members: ReadonlyMap<string, unknown>

  constructor(object: object) {
    this.#members = new Map(Object.entries(object))
  }

  has(name: string): boolean {
    return this.#members.has(name)
  }

  /** A member of another name is refused: a misspelt one would be left out of the check. */
  requireOnly(names: ReadonlySet<string>): void {
    for (const name of this.#members.keys()) if (!names.has(name)) throw badProof(`"${name}" is no member of a proof`)
  }

  text(name: string): string {
    const value = this.#members.get(name)
    if (typeof value === 'string') return value
    throw badProof(`"${name}" must be a text`)
  }

  optionalText(name: string): string | undefined {
    return this.has(name) ? this.text(name) : undefined
  }

  address(name: string): BlockAddress {
    const value = this.#members.get(name)
    if (typeof value === 'object' && value !== null && 'strandId' in value && 'sequenceNo' in value) {
      const { strandId, sequenceNo } = value
      if (typeof strandId === 'string' && typeof sequenceNo === 'number' && Number.isSafeInteger(sequenceNo)) {
        if (sequenceNo >= 0) return { strandId, sequenceNo }
      }
    }
    throw badProof(`"${name}" must hold a strandId and a sequenceNo`)
  }

  hashes(name: string): Hash[] {
    const value = this.#members.get(name)
    if (!Array.isArray(value)) throw badProof(`"${name}" must be a list of hashes in Base64`)
    return value.map((item: unknown) => readHash(item, name))
  }

  ion(name: string): IonStruct {
    const text = this.text(name)
    try {
      const value = parseOne(text)
      if (value instanceof IonStruct) return value
    } catch (cause) {
      throw new FormatError('BAD_PROOF', `This is not a proof: "${name}" is not Ion text.`, { cause })
    }
    throw badProof(`"${name}" must hold an Ion struct`)
  }
}

function readHash(value: unknown, name: string): Hash {
  let hash: Hash | undefined
  try {
    hash = typeof value === 'string' ? decodeBase64(value) : undefined
  } catch (cause) {
    throw new FormatError('BAD_PROOF', `This is not a proof: a hash in "${name}" is not Base64.`, { cause })
  }
  if (hash?.length === HASH_SIZE_BYTES) return hash
  throw badProof(`each hash in "${name}" must have 32 bytes`)
}

function badProof(why: string): FormatError {
  return new FormatError('BAD_PROOF', `This is not a proof: ${why}. Make one with: tally prove`)
}
