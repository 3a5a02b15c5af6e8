/**
 * @module
 * Ion values: in memory, as binary, as text and as plain JavaScript; equal, ordered and hashed.
 *
 * - *Exact.* Everything Ion can say survives a round trip: typed nulls, annotations, the precision of decimals and
 *   timestamps, repeated field names. Where a function loses something, it says what.
 * - *Lazy.* Containers over bytes stay bytes until somebody looks inside; `struct.get(name)` decodes that field only.
 * - *Safe.* Bytes and text from anywhere give a value or a `FormatError`; containers may lie 512 deep in one another.
 *
 * Bare values are encoded against a {@link SymbolTable} that is kept elsewhere (a ledger's); streams carry their own.
 * Follows the Amazon Ion 1.0 specification (binary encoding, symbols) and Ion Hash 1.0. Knows nothing of ledgers, disks or
 * Node.
 */
export { decodeDetached, decodeValue, findField, validateValue, valueEnd } from './binary-reader.ts'
export { BinaryWriter, encodeValue, encodeWith } from './binary-writer.ts'
export { Decimal, type DecimalLike } from './decimal.ts'
export { EncodedProbe } from './encoded-probe.ts'
export { equals } from './equals.ts'
export { FieldLocator } from './field-locator.ts'
export { type EncodedValue, hashBytes, hashValues, writeEncoded } from './hash-bytes.ts'
export { hashListWithItems, hashValue, writeValue } from './hash-value.ts'
export { MAX_DEPTH } from './head.ts'
export { showAsText } from './inspect.ts'
export { type FieldName, fieldName, IonHasher } from './ion-hasher.ts'
export { decodeJavascript, encodeJavascript, fromJavascript, type MoreValues, toJavascript } from './javascript.ts'
export { compareOrder } from './order.ts'
export { encodeOrderKey, orderKeyFamily } from './order-key.ts'
export { readStream, writeStream } from './stream.ts'
export { NO_TEXT, SymbolTable } from './symbol-table.ts'
export { type PrintOptions, parseOne, parseText, printText } from './text.ts'
export {
  civilFromDays,
  daysFromCivil,
  Timestamp,
  type TimestampFields,
  type TimestampFraction,
  type TimestampPrecision,
} from './timestamp.ts'
export { decodeUtf8, encodeUtf8, utf8Size } from './utf8.ts'
export {
  type ContainerReader,
  type EncodedContainer,
  IonAnnotated,
  type IonBareValue,
  IonBlob,
  IonClob,
  type IonField,
  IonFloat,
  IonList,
  IonNull,
  IonSexp,
  IonStruct,
  IonSymbol,
  type IonType,
  type IonValue,
  NULL,
  typeOf,
} from './value.ts'
