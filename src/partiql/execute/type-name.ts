import { type IonValue, typeOf } from '../../ion/index.ts'
import { DateValue } from '../value/date-value.ts'
import { Bag, type EngineValue, MISSING } from '../value/engine-value.ts'
import { bare } from '../value/family.ts'
import { Graph } from '../value/graph.ts'
import { Interval } from '../value/interval.ts'
import { LocalTimestamp } from '../value/local-timestamp.ts'
import { TimeValue } from '../value/time-value.ts'

/** What a value is, for error messages: `int`, `bag`, `MISSING` … */
export function typeName(value: EngineValue): string {
  if (value === MISSING) return 'MISSING'
  const plain = bare(value)
  if (plain instanceof Bag) return 'bag'
  if (plain instanceof DateValue) return 'date'
  if (plain instanceof TimeValue) return 'time'
  if (plain instanceof LocalTimestamp) return 'timestamp'
  if (plain instanceof Interval) return 'interval'
  if (plain instanceof Graph) return 'graph'
  return typeOf(plain as IonValue)
}
