import type { StaticType } from './static-type.ts'

/** What an argument must be; `any` leaves it to the function. */
export type Accepted =
  | 'any'
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

/** The types of a function's arguments, in order; the last goes for all that follow. */
export interface Signature {
  readonly arguments: readonly Accepted[]
  readonly result: StaticType
}

function signature(result: StaticType, ...accepted: Accepted[]): Signature {
  return { arguments: accepted, result }
}

/**
 * The argument types that a constant can be checked against before a statement runs. A function that is not listed is
 * not checked. At run time each function decides for itself; here stands only what it is certain to refuse.
 */
export const SIGNATURES: ReadonlyMap<string, Signature> = new Map([
  ['abs', signature('unknown', 'number or interval')],
  ['bit_length', signature('integer', 'text')],
  ['cardinality', signature('integer', 'collection or struct')],
  ['ceil', signature('number', 'number')],
  ['ceiling', signature('number', 'number')],
  ['char_length', signature('integer', 'text')],
  ['character_length', signature('integer', 'text')],
  ['coll_any', signature('bool', 'collection')],
  ['coll_avg', signature('number', 'collection')],
  ['coll_count', signature('integer', 'collection')],
  ['coll_every', signature('bool', 'collection')],
  ['coll_max', signature('unknown', 'collection')],
  ['coll_min', signature('unknown', 'collection')],
  ['coll_some', signature('bool', 'collection')],
  ['coll_sum', signature('number', 'collection')],
  ['date_add', signature('timestamp', 'integer', 'date or time')],
  ['date_diff', signature('integer', 'date or time', 'date or time')],
  ['exists', signature('bool', 'collection or struct')],
  ['exp', signature('number', 'number')],
  ['extract', signature('number', 'date, time or interval')],
  ['floor', signature('number', 'number')],
  ['ln', signature('number', 'number')],
  ['lower', signature('text', 'text')],
  ['mod', signature('number', 'number', 'number')],
  ['octet_length', signature('integer', 'text')],
  ['overlay', signature('text', 'text', 'text', 'integer', 'integer')],
  ['position', signature('integer', 'text', 'text')],
  ['power', signature('number', 'number', 'number')],
  ['replace', signature('text', 'text', 'text', 'text')],
  ['size', signature('integer', 'collection or struct')],
  ['split', signature('collection', 'text', 'text')],
  ['sqrt', signature('number', 'number')],
  ['substring', signature('text', 'text', 'integer', 'integer')],
  ['text_replace', signature('text', 'text', 'text', 'text')],
  ['to_string', signature('text', 'timestamp', 'text')],
  ['to_timestamp', signature('timestamp', 'text', 'text')],
  ['trim', signature('text', 'text')],
  ['tupleunion', signature('struct', 'struct')],
  ['txid', signature('text')],
  ['upper', signature('text', 'text')],
  ['utcnow', signature('timestamp')],
])
