import type { Accepted } from '../plan/functions.ts'
import type { EngineValue } from '../value/engine-value.ts'
import {
  BAG,
  BOOLEAN,
  bare,
  DATE,
  DAY_TIME,
  type Family,
  familyOf,
  LIST,
  NUMBER,
  SEXP,
  STRUCT,
  TEXT,
  TIME,
  TIMESTAMP,
  YEAR_MONTH,
} from '../value/family.ts'

const FAMILIES: Readonly<Record<Exclude<Accepted, 'any' | 'integer'>, readonly Family[]>> = {
  bool: [BOOLEAN],
  text: [TEXT],
  number: [NUMBER],
  'number or interval': [NUMBER, YEAR_MONTH, DAY_TIME],
  timestamp: [TIMESTAMP, DATE],
  'date or time': [TIMESTAMP, DATE, TIME],
  'date, time or interval': [TIMESTAMP, DATE, TIME, YEAR_MONTH, DAY_TIME],
  collection: [LIST, SEXP, BAG],
  'collection or struct': [LIST, SEXP, BAG, STRUCT],
  struct: [STRUCT],
}

/** Whether a value that is there has an accepted type; what `mayBe` of the plan is for expressions. */
export function acceptsValue(accepted: Accepted, value: EngineValue): boolean {
  if (accepted === 'any') return true
  if (accepted !== 'integer') return FAMILIES[accepted].includes(familyOf(value))
  const plain = bare(value)
  return typeof plain === 'number' || typeof plain === 'bigint'
}
