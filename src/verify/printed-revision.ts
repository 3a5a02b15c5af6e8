import { FormatError } from '../errors.ts'
import { dot, EMPTY_HASH, type Hash } from '../hash/index.ts'
import { IonStruct, Timestamp } from '../ion/index.ts'
import type { BlockAddress } from '../journal/index.ts'
import { type Examination, readBlob } from './examination.ts'

/** What a printed revision says about itself, and its hash recomputed from that. */
export interface PrintedRevision {
  readonly hash: Hash
  readonly documentId: string
  readonly version: number
  readonly transactionId: string
  readonly form: 'live' | 'deleted' | 'redacted'
  readonly document: IonStruct | undefined
}

/**
 * Recomputes a printed revision's hash from its metadata and data. Its stated hash is compared, never used; its block
 * address must be the given one; what no hash covers is a fault.
 *
 * @param path how faults name it: `revision`, `block.revisions[0]`
 * @throws {FormatError} BAD_PROOF when it is no revision at all
 */
export function examineRevision(
  examination: Examination,
  path: string,
  revision: IonStruct,
  blockAddress: BlockAddress,
): PrintedRevision {
  const metadata = revision.get('metadata')
  if (!(metadata instanceof IonStruct)) throw notARevision(path, 'metadata')
  const documentId = metadata.get('id')
  const version = metadata.get('version')
  const transactionId = metadata.get('txId')
  if (typeof documentId !== 'string') throw notARevision(path, 'metadata.id')
  if (typeof version !== 'number' || version < 0) throw notARevision(path, 'metadata.version')
  if (typeof transactionId !== 'string') throw notARevision(path, 'metadata.txId')
  if (!(metadata.get('txTime') instanceof Timestamp)) throw notARevision(path, 'metadata.txTime')

  const data = revision.get('data')
  const form = data !== undefined ? 'live' : revision.get('dataHash') !== undefined ? 'redacted' : 'deleted'
  examination.checkFields(path, revision, [
    'blockAddress',
    'hash',
    'metadata',
    ...(form === 'live' ? ['data'] : form === 'redacted' ? ['dataHash'] : []),
  ])
  examination.checkFields(`${path}.metadata`, metadata, ['id', 'version', 'txTime', 'txId'])
  examination.compareAddress(`${path}.blockAddress`, revision.get('blockAddress'), blockAddress)

  const metadataHash = examination.hashOf(`${path}.metadata`, metadata)
  const dataHash =
    data !== undefined
      ? examination.hashOf(`${path}.data`, data)
      : form === 'redacted'
        ? readDataHash(path, revision)
        : EMPTY_HASH
  const hash = examination.step(`${path}.hash, recomputed`, dot(metadataHash, dataHash))
  examination.compare(`${path}.hash`, revision.get('hash'), hash)
  return { hash, documentId, version, transactionId, form, document: data instanceof IonStruct ? data : undefined }
}

function readDataHash(path: string, revision: IonStruct): Hash {
  const hash = readBlob(revision.get('dataHash'))
  if (hash?.length === 32) return hash
  throw notARevision(path, 'dataHash')
}

function notARevision(path: string, field: string): FormatError {
  return new FormatError('BAD_PROOF', `This is not a revision: "${path}.${field}" is missing or not what it must be.`)
}
