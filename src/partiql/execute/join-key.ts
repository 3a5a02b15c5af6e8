import type { EngineValue } from '../value/engine-value.ts'
import { isAbsent } from '../value/family.ts'
import { comparisonKey, keyOfAll } from '../value/hash-key.ts'
import type { Evaluate } from './compiler.ts'
import type { Frame } from './frame.ts'

/** The key of a row for the map; undefined when a part is absent, as nothing equals NULL. */
export function presentKey(keys: readonly Evaluate[], frame: Frame): unknown {
  if (keys.length === 1) {
    const value = keys[0]!(frame)
    return isAbsent(value) ? undefined : comparisonKey(value)
  }
  const values: EngineValue[] = []
  for (const key of keys) {
    const value = key(frame)
    if (isAbsent(value)) return undefined
    values.push(value)
  }
  return keyOfAll(values, comparisonKey)
}
