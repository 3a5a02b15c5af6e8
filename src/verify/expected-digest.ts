import { FormatError } from '../errors.ts'
import { decodeBase64, HASH_SIZE_BYTES, type Hash } from '../hash/index.ts'
import { type BlockAddress, decodeDigest } from '../journal/index.ts'
import type { Against } from './verdict.ts'

/** The digest that the asker has from somewhere else and believes. Everything but the hash helps to explain. */
export interface ExpectedDigest {
  readonly digest: Hash
  /** The last block it covers; undefined when only the hash is known. */
  readonly digestTipAddress?: BlockAddress | undefined
  readonly ledger?: string | undefined
  /** Epoch milliseconds. */
  readonly savedAt?: number | undefined
  /** The file's name; undefined when it was typed in. */
  readonly origin?: string | undefined
}

/**
 * Reads a digest as a person gives it: 32 bytes in Base64, or the text of a digest file (see `decodeDigest`).
 *
 * @param origin the file's name, for the verdict's words
 * @throws {FormatError} BAD_DIGEST when it is neither
 */
export function parseExpectedDigest(text: string, origin?: string): ExpectedDigest {
  const trimmed = text.trim()
  if (!trimmed.startsWith('{')) return { digest: readBareHash(trimmed), origin }
  return { ...decodeDigest(trimmed), origin }
}

function readBareHash(text: string): Hash {
  let cause: unknown
  try {
    const hash = decodeBase64(text)
    if (hash.length === HASH_SIZE_BYTES) return hash
  } catch (error) {
    cause = error
  }
  const message = 'This is not a digest: expected 32 bytes in Base64 (44 characters), or a file made by tally digest.'
  throw new FormatError('BAD_DIGEST', message, { cause })
}

/** How a verdict names the digest. */
export function againstDigest(expected: ExpectedDigest): Against {
  const tip = expected.digestTipAddress
  return {
    kind: 'digest',
    size: tip === undefined ? undefined : tip.sequenceNo + 1,
    time: expected.savedAt,
    origin: expected.origin,
    keyGivenBy: undefined,
  }
}
