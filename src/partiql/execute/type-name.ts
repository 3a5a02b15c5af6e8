import { type IonValue, typeOf } from '../../ion/index.ts'
import { bare } from '../value/compare.ts'
import { Bag, type EngineValue, MISSING } from '../value/engine-value.ts'
import { Graph } from '../value/graph.ts'

/** What a value is, for error messages: `int`, `bag`, `MISSING` … */
export function typeName(value: EngineValue): string {
  if (value === MISSING) return 'MISSING'
  if (value instanceof Graph) return 'graph'
  const plain = bare(value)
  return plain instanceof Bag ? 'bag' : typeOf(plain as IonValue)
}
