import { IonList, IonStruct, type IonValue, printText } from '../../ion/index.ts'
import { DateValue } from './date-value.ts'
import { Bag, type EngineValue, MISSING } from './engine-value.ts'
import { Graph } from './graph.ts'
import { Interval } from './interval.ts'
import { LocalTimestamp } from './local-timestamp.ts'
import { TimeValue } from './time-value.ts'

/** A value as text for people: Ion, with bags, MISSING, dates, times and intervals as PartiQL writes them. */
export function printValue(value: EngineValue): string {
  if (value === MISSING) return 'MISSING'
  if (value instanceof DateValue) return `DATE '${value.toString()}'`
  if (value instanceof TimeValue) return `TIME '${value.toString()}'`
  if (value instanceof LocalTimestamp) return `TIMESTAMP '${value.toString()}'`
  if (value instanceof Interval) return value.toString()
  if (value instanceof Bag) return `<<${value.items.map(printValue).join()}>>`
  if (value instanceof IonList) return `[${value.items.map(printValue).join()}]`
  if (value instanceof IonStruct) {
    const pairs = value.fields.map((field) => `${printText(field.name)}:${printValue(field.value)}`)
    return `{${pairs.join()}}`
  }
  if (value instanceof Graph) return `a graph of ${value.nodes.length} nodes and ${value.edges.length} edges`
  return printText(value as IonValue)
}
