/**
 * @module
 * Merkle trees over hashes: append, root, prove, verify. Reads go through a {@link HashReader}, asked once a call.
 *
 * Promises: nodes are stored append-only and never change, so a proof against any earlier size can be made at any
 * time; `verifyLeaf` never throws on what a stranger hands in. The combining function is a parameter: QLDB's `dot` unless
 * told otherwise. Knows nothing of blocks, storage or Ion. Follows golang.org/x/mod/sumdb/tlog for the order of stored
 * hashes and RFC 6962 §2.1 for the shape, which is QLDB's "pair neighbours, carry the odd one up" too.
 */
export { Frontier } from './frontier.ts'
export { merkleProof, merkleRoot } from './list.ts'
export { type Combine, type HashReader, storedHashCount, storedHashIndex } from './stored-hash.ts'
export { appendLeaf, proofLength, proofRoot, proveLeaf, treeRoot, verifyLeaf } from './tree.ts'
