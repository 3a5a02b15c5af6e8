import { CorruptionError, type LedgerError, SessionError, StorageError } from '../errors.ts'
import { fileError } from './node-file-system.ts'

const ENOSPC = 28
const EACCES = 13
const EROFS = 30
const EPERM = 1
// lmdb.h
const MDB_INVALID = -30793
const MDB_VERSION_MISMATCH = -30794
const MDB_CORRUPTED = -30796
const MDB_PAGE_NOTFOUND = -30797
const MDB_CURSOR_FULL = -30787
const MDB_BAD_TXN = -30782

/** Says in our words what LMDB refused. lmdb-js's errors carry LMDB's or the system's number as `code`. */
export function lmdbError(error: unknown, path: string, doing: string): LedgerError {
  if (error instanceof StorageError || error instanceof CorruptionError || error instanceof SessionError) return error
  const { code, message } = error as { code?: unknown; message?: string }
  if (code === ENOSPC) return fileError(Object.assign(new Error(message), { code: 'ENOSPC' }), path, doing)
  if (code === EACCES || code === EROFS || code === EPERM)
    return fileError(Object.assign(new Error(message), { code: 'EACCES' }), path, doing)
  if (code === MDB_PAGE_NOTFOUND || code === MDB_CORRUPTED || code === MDB_VERSION_MISMATCH || code === MDB_INVALID)
    return new CorruptionError('VIEWS_CORRUPT', `LMDB finds ${path} damaged (${message}).`, { cause: error })
  // A tree deeper than any can be, or what follows once a read has met damage.
  if (doing === 'read' && (code === MDB_CURSOR_FULL || code === MDB_BAD_TXN))
    return new CorruptionError('VIEWS_CORRUPT', `LMDB finds ${path} damaged (${message}).`, { cause: error })
  return new StorageError('STORAGE_FAILED', `LMDB could not ${doing} ${path} (${message ?? String(error)}).`, {
    cause: error,
  })
}
