/**
 * Where QLDB's language and pure PartiQL part ways. One object is passed down. What matters in several places has a member
 * that says what it is; the name of the language is asked where something matters once.
 */
export interface Dialect {
  readonly name: 'qldb' | 'partiql'
  /**
   * What a value of the wrong type gives. Permissive: MISSING. Strict: a TYPE_ERROR, and so do a path step into what
   * is not there and a source in FROM that is no collection.
   */
  readonly typing: 'permissive' | 'strict'
  /**
   * Values are those that documents hold: ints of any size, dates that are Ion timestamps, decimals as they are written.
   * PartiQL: ints of 64 bits, dates and local timestamps of their own, decimals of 38 digits.
   */
  readonly hasIonTypes: boolean
  /** An unquoted name also matches a field that differs in case only. QLDB: never. */
  readonly foldFieldCase: boolean
  /** Outside FROM a bare name is a table before it is a field of a source. QLDB here: only when there is no source. */
  readonly tablesBeforeFields: boolean
  /** A function with a null or missing argument gives NULL, whatever the others are. PartiQL: MISSING stays MISSING. */
  readonly missingArgumentGivesNull: boolean
  /** A function refuses what it cannot do (`SIZE(1)`, a failing CAST) with an error. PartiQL, permissive: MISSING. */
  readonly functionsThrow: boolean
  /** SUM of floats, and AVG of anything, is a decimal. */
  readonly decimalAggregates: boolean
  /** FROM over MISSING gives one row of MISSING. QLDB: no row. */
  readonly rangesOverMissing: boolean
  /** A select item without a name is `_n`, counting items without a name only. QLDB: counting all. */
  readonly countsUnnamedItems: boolean
  /** LIMIT and OFFSET that are no whole number from 0 are left out, unless they are written so. QLDB: an error. */
  readonly ignoresBadLimits: boolean
  /** UNION, INTERSECT and EXCEPT without OUTER want rows of one shape, as in SQL. QLDB, where rows are documents: any. */
  readonly checksSetOperands: boolean
  /** NULLS FIRST and LAST go for the inside of lists and structs too. QLDB: not, an index has one order alone. */
  readonly ordersInnerNulls: boolean
  /** A name in SELECT that is neither grouped nor aggregated is an error. PartiQL, permissive: MISSING. */
  readonly refuseUngroupedNames: boolean
}

/** The ledger's language. */
export const QLDB: Dialect = {
  name: 'qldb',
  typing: 'permissive',
  hasIonTypes: true,
  foldFieldCase: false,
  tablesBeforeFields: false,
  missingArgumentGivesNull: true,
  functionsThrow: true,
  decimalAggregates: true,
  rangesOverMissing: false,
  countsUnnamedItems: false,
  ignoresBadLimits: false,
  checksSetOperands: false,
  ordersInnerNulls: false,
  refuseUngroupedNames: true,
}

/** PartiQL as its specification has it, permissive typing. */
export const PARTIQL: Dialect = {
  name: 'partiql',
  typing: 'permissive',
  hasIonTypes: false,
  foldFieldCase: true,
  tablesBeforeFields: true,
  missingArgumentGivesNull: false,
  functionsThrow: false,
  decimalAggregates: true,
  rangesOverMissing: true,
  countsUnnamedItems: true,
  ignoresBadLimits: true,
  checksSetOperands: true,
  ordersInnerNulls: true,
  refuseUngroupedNames: false,
}

/** PartiQL as its specification has it, strict typing. */
export const PARTIQL_STRICT: Dialect = {
  ...PARTIQL,
  typing: 'strict',
  ignoresBadLimits: false,
  refuseUngroupedNames: true,
}
