import { StatementError } from '../../errors.ts'
import { NO_CATALOG } from '../plan/no-catalog.ts'
import type { TransactionAccess } from './transaction-access.ts'

/**
 * The transaction where there is no ledger: no tables to read, and nothing can be written. No statement should get as
 * far as this, as planning finds no tables; each method refuses with a clear error all the same.
 */
export const NO_TRANSACTION: TransactionAccess = {
  id: '',
  strandId: '',
  catalog: NO_CATALOG,
  get: refuse,
  scan: refuse,
  seek: refuse,
  seekRange: refuse,
  isComplete: refuse,
  count: refuse,
  scanHistory: refuse,
  getHistory: refuse,
  insert: refuse,
  update: refuse,
  delete: refuse,
  createTable: refuse,
  dropTable: refuse,
  undropTable: refuse,
  createIndex: refuse,
  dropIndex: refuse,
}

function refuse(): never {
  throw new StatementError(
    'UNSUPPORTED_STATEMENT',
    'There is no ledger here: evaluate() works on the values of its env. Open one with openLedger() to use tables.',
  )
}
