/**
 * @module
 * The 32-byte {@link Hash}: SHA-256, QLDB's combining function `dot`, and hashes as text.
 *
 * Promises: the same result in Node (its native crypto), in a browser (@noble/hashes) and in the WebAssembly kernel, which
 * hashes four short messages together; inputs are never changed or kept, but for the kernel's own memory. Knows nothing of Ion, trees or journals. Follows FIPS 180-4 (SHA-256), RFC 4648 (Base64) and, for `dot`, QLDB's
 * published verification procedure.
 */
export { decodeBase64, encodeBase64 } from './base64.ts'
export { compareHashes, dot } from './dot.ts'
export { dotPairs } from './dot-pairs.ts'
export { decodeHex, encodeHex } from './hex.ts'
export { EMPTY_HASH, equalHashes, HASH_SIZE_BYTES, type Hash, hashFromLatin1, sha256, sha256Latin1 } from './sha256.ts'
export { KERNEL_BASE, makeSha256Kernel, type Sha256Kernel } from './sha256-kernel.ts'
