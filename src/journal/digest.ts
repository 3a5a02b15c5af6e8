import { FormatError } from '../errors.ts'
import { decodeBase64, encodeBase64, HASH_SIZE_BYTES, type Hash } from '../hash/index.ts'
import { IonBlob, IonStruct, type IonValue, parseOne, Timestamp } from '../ion/index.ts'
import type { BlockAddress } from './block-address.ts'

/** The fingerprint of a whole ledger: the root of the tree over the hashes of blocks 0 to the tip. */
export interface LedgerDigest {
  readonly digest: Hash
  /** The last block that the digest covers. */
  readonly digestTipAddress: BlockAddress
}

/** A digest as somebody keeps it, with what helps to recognise it later. */
export interface SavedDigest extends LedgerDigest {
  /** The ledger's name, where the digest was taken. */
  readonly ledger?: string | undefined
  /** When it was saved, epoch milliseconds, by the clock of whoever saved it. */
  readonly savedAt?: number | undefined
}

/**
 * A digest as text: JSON that is Ion too, `{"ledger":…,"digest":"<base64>","digestTipAddress":{"strandId":…,"sequenceNo":…},
 * "savedAt":"<ISO time>"}`, without the members that are undefined.
 */
export function encodeDigest(digest: SavedDigest): string {
  const { ledger, digestTipAddress, savedAt } = digest
  const text = {
    ledger,
    digest: encodeBase64(digest.digest),
    digestTipAddress: { strandId: digestTipAddress.strandId, sequenceNo: digestTipAddress.sequenceNo },
    savedAt: savedAt === undefined ? undefined : new Date(savedAt).toISOString(),
  }
  return `${JSON.stringify(text, undefined, 2)}\n`
}

/**
 * Reads what {@link encodeDigest} wrote, and what QLDB's own tools print: `{"Digest":"<base64>","DigestTipAddress":
 * {"IonText":"{strandId:…,sequenceNo:…}"}}`, or the same members as Ion.
 *
 * @throws {FormatError} BAD_DIGEST when it is neither
 */
export function decodeDigest(text: string): SavedDigest {
  const struct = readStruct(text)
  const digest = readHash(struct.get('digest') ?? struct.get('Digest'))
  const digestTipAddress = readAddress(struct.get('digestTipAddress') ?? struct.get('DigestTipAddress'))
  const ledger = struct.get('ledger')
  const savedAt = struct.get('savedAt')
  return {
    digest,
    digestTipAddress,
    ...(typeof ledger === 'string' ? { ledger } : {}),
    ...(savedAt === undefined ? {} : { savedAt: readTime(savedAt) }),
  }
}

function readStruct(text: string): IonStruct {
  let value: IonValue
  try {
    value = parseOne(text)
  } catch (cause) {
    throw new FormatError('BAD_DIGEST', 'This is not a digest: it can be read neither as JSON nor as Ion.', { cause })
  }
  if (value instanceof IonStruct) return value
  throw badDigest('expected an object with the members "digest" and "digestTipAddress"')
}

function readHash(value: IonValue | undefined): Hash {
  let hash: Hash | undefined
  if (value instanceof IonBlob) hash = value.bytes
  if (typeof value === 'string') {
    try {
      hash = decodeBase64(value)
    } catch (cause) {
      throw new FormatError('BAD_DIGEST', 'This is not a digest: its "digest" is not Base64.', { cause })
    }
  }
  if (hash?.length === HASH_SIZE_BYTES) return hash
  throw badDigest('"digest" must hold 32 bytes in Base64')
}

function readAddress(value: IonValue | undefined): BlockAddress {
  let address = value
  if (address instanceof IonStruct && typeof address.get('IonText') === 'string') {
    address = readStruct(address.get('IonText') as string)
  }
  const read = address instanceof IonStruct ? blockAddressFromIon(address) : undefined
  if (read !== undefined) return read
  throw badDigest('"digestTipAddress" must hold a strandId and a sequenceNo')
}

function readTime(value: IonValue): number {
  const time =
    value instanceof Timestamp ? value.epochMillis() : typeof value === 'string' ? Date.parse(value) : Number.NaN
  if (Number.isNaN(time)) throw badDigest('"savedAt" must hold a time')
  return time
}

/** The address behind `{strandId:"…",sequenceNo:49}`; undefined when the value is anything else, or has more fields. */
export function blockAddressFromIon(value: IonValue | undefined): BlockAddress | undefined {
  if (!(value instanceof IonStruct) || value.size !== 2) return undefined
  const strandId = value.get('strandId')
  const sequenceNo = value.get('sequenceNo')
  if (typeof strandId !== 'string' || typeof sequenceNo !== 'number' || sequenceNo < 0) return undefined
  return { strandId, sequenceNo }
}

function badDigest(why: string): FormatError {
  return new FormatError('BAD_DIGEST', `This is not a digest: ${why}. Make one with: tally digest TARGET > my.digest`)
}
