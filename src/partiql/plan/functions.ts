import type { StaticType } from './static-type.ts'

/** What an argument must be; `any` leaves it to the function. */
export type Accepted =
  | 'any'
  | 'bool'
  | 'text'
  | 'number'
  | 'integer'
  | 'number or interval'
  | 'timestamp'
  | 'date or time'
  | 'date, time or interval'
  | 'collection'
  | 'collection or struct'
  | 'struct'

/** How a function is called: how many arguments at least and at most, of which types, and what it gives. */
export interface Signature {
  readonly min: number
  readonly max: number
  /** In order; the last goes for all that follow. */
  readonly arguments: readonly Accepted[]
  readonly result: StaticType
}

/** `optional` of the arguments may be left out, from the last. */
function signature(result: StaticType, accepted: readonly Accepted[], optional = 0): Signature {
  return { min: accepted.length - optional, max: accepted.length, arguments: accepted, result }
}

/**
 * The scalar functions by name; `execute/functions.ts` has an implementation for each. The types are what a function is
 * certain to refuse otherwise: constants are checked before a statement runs, and at run time each decides for itself.
 */
export const FUNCTIONS: ReadonlyMap<string, Signature> = new Map([
  ['abs', signature('unknown', ['number or interval'])],
  ['bit_length', signature('integer', ['text'])],
  ['cardinality', signature('integer', ['collection or struct'])],
  ['ceil', signature('number', ['number'])],
  ['ceiling', signature('number', ['number'])],
  ['char_length', signature('integer', ['text'])],
  ['character_length', signature('integer', ['text'])],
  ['coalesce', { min: 1, max: Number.POSITIVE_INFINITY, arguments: ['any'], result: 'unknown' }],
  ['coll_any', signature('bool', ['collection'])],
  ['coll_avg', signature('number', ['collection'])],
  ['coll_count', signature('integer', ['collection'])],
  ['coll_every', signature('bool', ['collection'])],
  ['coll_max', signature('unknown', ['collection'])],
  ['coll_min', signature('unknown', ['collection'])],
  ['coll_some', signature('bool', ['collection'])],
  ['coll_sum', signature('number', ['collection'])],
  ['coll_to_scalar', signature('unknown', ['collection'])],
  ['current_date', signature('date', [])],
  ['current_timestamp', signature('timestamp', [])],
  ['current_user', signature('unknown', [])],
  ['date_add', signature('unknown', ['integer', 'date or time'])],
  ['date_diff', signature('integer', ['date or time', 'date or time'])],
  ['exists', signature('bool', ['collection or struct'])],
  ['exp', signature('number', ['number'])],
  ['extract', signature('number', ['date, time or interval'])],
  ['filter_distinct', signature('collection', ['collection'])],
  ['floor', signature('number', ['number'])],
  ['from_unixtime', signature('timestamp', ['number'])],
  ['ln', signature('number', ['number'])],
  ['lower', signature('text', ['text'])],
  ['make_date', signature('date', ['integer', 'integer', 'integer'])],
  ['make_time', signature('unknown', ['integer', 'integer', 'number', 'integer'], 1)],
  ['mod', signature('number', ['number', 'number'])],
  ['nullif', signature('unknown', ['any', 'any'])],
  ['octet_length', signature('integer', ['text'])],
  ['overlay', signature('text', ['text', 'text', 'integer', 'integer'], 1)],
  ['position', signature('integer', ['text', 'text'])],
  ['power', signature('number', ['number', 'number'])],
  ['replace', signature('text', ['text', 'text', 'text'])],
  ['size', signature('integer', ['collection or struct'])],
  ['split', signature('collection', ['text', 'text'])],
  ['sqrt', signature('number', ['number'])],
  ['substring', signature('text', ['text', 'integer', 'integer'], 1)],
  ['text_replace', signature('text', ['text', 'text', 'text'])],
  ['to_string', signature('text', ['timestamp', 'text'])],
  ['to_timestamp', signature('timestamp', ['text', 'text'], 1)],
  ['trim', signature('text', ['text', 'text'], 1)],
  ['tupleunion', { min: 1, max: Number.POSITIVE_INFINITY, arguments: ['struct'], result: 'struct' }],
  ['txid', signature('text', [])],
  ['unix_timestamp', signature('number', ['timestamp'], 1)],
  ['upper', signature('text', ['text'])],
  ['utcnow', signature('timestamp', [])],
])

/** The functions that fold the rows of a group into one value. */
export const AGGREGATES: ReadonlySet<string> = new Set(['count', 'sum', 'avg', 'min', 'max', 'every', 'any', 'some'])

/** The functions that can only be called with OVER, with how many arguments they take; aggregates can be, too. */
export const WINDOW_FUNCTIONS: ReadonlyMap<string, Pick<Signature, 'min' | 'max'>> = new Map([
  ['cume_dist', { min: 0, max: 0 }],
  ['dense_rank', { min: 0, max: 0 }],
  ['first_value', { min: 1, max: 1 }],
  ['lag', { min: 1, max: 3 }],
  ['last_value', { min: 1, max: 1 }],
  ['lead', { min: 1, max: 3 }],
  ['nth_value', { min: 2, max: 2 }],
  ['ntile', { min: 1, max: 1 }],
  ['percent_rank', { min: 0, max: 0 }],
  ['rank', { min: 0, max: 0 }],
  ['row_number', { min: 0, max: 0 }],
])

/** Functions whose argument, when it is a nested query, is used as a collection instead of one value. */
export const COLLECTION_FUNCTIONS: ReadonlySet<string> = new Set([
  'cardinality',
  'coll_to_scalar',
  'exists',
  'filter_distinct',
  'size',
  ...[...AGGREGATES].map((name) => `coll_${name}`),
])

/** Functions of a collection that take ALL or DISTINCT in front of it, as their namesakes among the aggregates do. */
export function takesQuantifier(name: string): boolean {
  return name.startsWith('coll_') && AGGREGATES.has(name.slice('coll_'.length))
}
