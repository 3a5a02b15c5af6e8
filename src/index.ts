/**
 * @module
 * Tallystick, a verifiable ledger database, embedded: `openLedger` and what comes with it.
 *
 * ```ts
 * import { openLedger } from 'tallystick'
 *
 * await using ledger = await openLedger('./cars')
 * await ledger.sql`CREATE TABLE Vehicle`
 * await ledger.sql`INSERT INTO Vehicle ${{ vin: '1N4AL11D75C109151', owner: 'Maria' }}`
 * const { digest } = await ledger.digest()
 * ```
 */
export {
  ConflictError,
  CorruptionError,
  type ErrorCode,
  FormatError,
  LedgerError,
  LimitError,
  NotFoundError,
  SchemaError,
  type SchemaIssue,
  SessionError,
  StatementError,
  StorageError,
  UniqueViolationError,
} from './errors.ts'
export {
  Decimal,
  IonAnnotated,
  IonBlob,
  IonClob,
  IonFloat,
  IonList,
  IonNull,
  IonSexp,
  IonStruct,
  IonSymbol,
  type IonValue,
  Timestamp,
} from './ion/index.ts'
export * from './ledger/index.ts'
