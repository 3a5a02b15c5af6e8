/** How many arguments a function takes: at least and at most. */
export interface Arity {
  readonly min: number
  readonly max: number
}

const one: Arity = { min: 1, max: 1 }
const two: Arity = { min: 2, max: 2 }
const none: Arity = { min: 0, max: 0 }

/** The scalar functions by name; `execute/functions.ts` has an implementation for each. */
export const FUNCTIONS: ReadonlyMap<string, Arity> = new Map([
  ['abs', one],
  ['cardinality', one],
  ['char_length', one],
  ['character_length', one],
  ['coalesce', { min: 1, max: Number.POSITIVE_INFINITY }],
  ['current_user', none],
  ['date_add', two],
  ['date_diff', two],
  ['exists', one],
  ['extract', one],
  ['lower', one],
  ['mod', two],
  ['nullif', two],
  ['position', two],
  ['size', one],
  ['substring', { min: 2, max: 3 }],
  ['to_string', two],
  ['to_timestamp', { min: 1, max: 2 }],
  ['trim', { min: 1, max: 2 }],
  ['txid', none],
  ['upper', one],
  ['utcnow', none],
])

/** The functions that fold the rows of a group into one value. */
export const AGGREGATES: ReadonlySet<string> = new Set(['count', 'sum', 'avg', 'min', 'max', 'every', 'any', 'some'])

/** Functions whose argument, when it is a nested query, is used as a collection instead of one value. */
export const COLLECTION_FUNCTIONS: ReadonlySet<string> = new Set(['exists', 'size', 'cardinality'])
