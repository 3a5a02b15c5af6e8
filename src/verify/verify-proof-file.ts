import type { ExpectedDigest } from './expected-digest.ts'
import { decodeProofFile, type Proof } from './proof-file.ts'
import type { CheckedBy, Verdict } from './verdict.ts'
import { verifyBlock } from './verify-block.ts'
import { verifyRevision } from './verify-revision.ts'

/**
 * Checks a proof of either kind against the asker's digest. See {@link verifyRevision} and {@link verifyBlock}.
 *
 * @param proof the text of a proof file, or a proof that was read already
 * @param origin the file's name, for the verdict's words
 * @throws {FormatError} BAD_PROOF when it is no proof
 */
export function verifyProofFile(
  proof: string | Proof,
  expected: ExpectedDigest,
  checkedBy: CheckedBy,
  origin?: string,
): Verdict {
  const decoded = typeof proof === 'string' ? decodeProofFile(proof) : proof
  return decoded.kind === 'revision'
    ? verifyRevision(decoded, expected, checkedBy, origin)
    : verifyBlock(decoded, expected, checkedBy, origin)
}
