/**
 * @module
 * `tallystick/partiql`: PartiQL over values in memory, without a ledger.
 *
 * ```ts
 * import { evaluate } from 'tallystick/partiql'
 *
 * const cars = [{ vin: '1N4AL11D75C109151', year: 2021 }, { vin: 'KM8SRDHF6EU074761', year: 1988 }]
 * evaluate('SELECT VALUE c.vin FROM cars AS c WHERE c.year < ?', { env: { cars }, parameters: [2000] })
 * // ['KM8SRDHF6EU074761']
 * ```
 *
 * The language is PartiQL by its specification, in both typing modes; how much of the official conformance suite it
 * passes is in docs/CONFORMANCE.md. Statements that change something need a ledger: `openLedger` of `tallystick`.
 */
export {
  type ErrorCode,
  FormatError,
  LedgerError,
  LimitError,
  StatementError,
  type StatementLocation,
} from '../errors.ts'
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
} from '../ion/index.ts'
export { analyze, type EvaluateOptions, evaluate } from './evaluate.ts'
export { DateValue } from './value/date-value.ts'
export { Bag, type EngineValue, MISSING, type Missing } from './value/engine-value.ts'
export {
  Graph,
  type GraphDefinition,
  type GraphEdgeDefinition,
  type GraphElementDefinition,
  readGraph,
} from './value/graph.ts'
export { Interval, type IntervalField, type IntervalFields } from './value/interval.ts'
export { LocalTimestamp } from './value/local-timestamp.ts'
export { TimeValue } from './value/time-value.ts'
