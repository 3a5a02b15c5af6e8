import { equals, type IonField, IonStruct, type IonValue } from '../../ion/index.ts'
import type { ReturningPlan } from '../plan/returning.ts'
import { MISSING } from '../value/engine-value.ts'
import { storedValue } from '../value/leaving.ts'
import type { Compiler } from './compiler.ts'
import type { Frame } from './frame.ts'

/** The answer for one changed document; undefined when there is nothing to show, as the old state of a new document. */
export type Return = (
  before: IonStruct | undefined,
  after: IonStruct | undefined,
  frame: Frame,
) => IonStruct | undefined

/** Compiles RETURNING: one struct for each document, with what the items ask for one after another. */
export function compileReturning(plan: ReturningPlan, compiler: Compiler): Return {
  const { documentSlot } = plan
  const items = plan.items.map(({ rows, version, field }) => ({
    rows,
    version,
    name: field?.name,
    evaluate: field && compiler.expression(field.value),
  }))
  return (before, after, frame) => {
    const fields: IonField[] = []
    let isAnything = false
    for (const { rows, version, name, evaluate } of items) {
      const [shown, other] = version === 'old' ? [before, after] : [after, before]
      if (shown === undefined) continue
      isAnything = true
      const document = rows === 'all' ? shown : modified(shown, other)
      if (name === undefined || evaluate === undefined) {
        fields.push(...document.fields)
        continue
      }
      frame.slots[documentSlot] = document
      const value = evaluate(frame)
      if (value !== MISSING) fields.push({ name, value: storedValue(value) as IonValue })
    }
    return isAnything ? new IonStruct(fields) : undefined
  }
}

/** The fields at the top of a document that the other state has not, or has with another value. */
function modified(document: IonStruct, other: IonStruct | undefined): IonStruct {
  if (other === undefined) return document
  return new IonStruct(
    document.fields.filter(({ name, value }) => {
      const former = other.get(name)
      return former === undefined || !equals(former, value)
    }),
  )
}
