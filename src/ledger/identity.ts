import { StorageError } from '../errors.ts'
import { isId } from '../journal/index.ts'

/** Which ledger a folder is. Written once, when the ledger is made. */
export interface LedgerIdentity {
  /** Version of the layout of the folder. */
  readonly format: 1
  readonly strandId: string
  /** The folder's name when the ledger was made; what proofs call it. */
  readonly name: string
  /** Epoch milliseconds. */
  readonly createdMs: number
}

export function encodeIdentity(identity: LedgerIdentity): Uint8Array {
  const { format, strandId, name, createdMs } = identity
  const text = JSON.stringify({ format, strandId, name, created: new Date(createdMs).toISOString() }, undefined, 2)
  return new TextEncoder().encode(`${text}\n`)
}

/** @throws {StorageError} NOT_A_LEDGER when the file is not an identity, or of a format this version does not know */
export function decodeIdentity(bytes: Uint8Array, path: string): LedgerIdentity {
  let parsed: unknown
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw new StorageError('NOT_A_LEDGER', `"${path}" cannot be read as JSON.`, { cause: error })
  }
  const { format, strandId, name, created } = (parsed ?? {}) as Record<string, unknown>
  if (format !== 1) {
    throw new StorageError('NOT_A_LEDGER', `"${path}" is of format ${String(format)}; this version reads format 1.`)
  }
  const createdMs = typeof created === 'string' ? Date.parse(created) : Number.NaN
  if (typeof strandId !== 'string' || !isId(strandId) || typeof name !== 'string' || Number.isNaN(createdMs)) {
    throw new StorageError('NOT_A_LEDGER', `"${path}" names no strand, name or time of creation.`)
  }
  return { format, strandId, name, createdMs }
}
