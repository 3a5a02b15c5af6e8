import { dot, type Hash } from '../hash/index.ts'
import { hashValue, type IonValue } from '../ion/index.ts'
import { textHash } from './structure-hash.ts'

/**
 * The digest of a statement and its parameters, as QLDB's drivers compute it: H(text as an Ion string), folded by `dot`
 * with H of each parameter in turn. Without parameters this is what QLDB printed as `statementDigest`; with parameters
 * QLDB's own value is published nowhere, and no verifier recomputes it.
 *
 * @param hash where H of a parameter comes from, for a caller who knows some already
 * @throws {FormatError} BAD_VALUE when the text holds half of a surrogate pair
 */
export function statementDigest(
  statement: string,
  parameters: readonly IonValue[],
  hash: (parameter: IonValue) => Hash = hashValue,
): Hash {
  let digest = textHash(statement)
  for (const parameter of parameters) digest = dot(digest, hash(parameter))
  return digest
}
