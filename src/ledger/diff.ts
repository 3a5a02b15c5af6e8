import { equals, IonList, IonStruct, type IonValue } from '../ion/index.ts'

/** One place where two versions of a document differ. `before` is absent when the place is new, `after` when it is gone. */
export interface IonChange {
  /** As PartiQL writes it: `owner`, `address.city`, `owners[1].name`, `"two words"`. */
  readonly path: string
  readonly before: IonValue | undefined
  readonly after: IonValue | undefined
}

/**
 * Where two documents differ, in the order of the former document's fields, then the new fields in theirs. Structs are
 * compared by name and lists by index, as deep as both sides have a container; everything else is one value, equal
 * only when it is exactly equal in Ion's data model (`1.0` is not `1.00`, annotations count, the order of fields does
 * not). A struct with a field name twice is one value too.
 *
 * An absent document counts as an empty one: creation lists every field as new, deletion every field as gone.
 */
export function diffDocuments(before: IonStruct | undefined, after: IonStruct | undefined): IonChange[] {
  const changes: IonChange[] = []
  compare(before ?? EMPTY, after ?? EMPTY, '', changes)
  return changes
}

const EMPTY = new IonStruct([])

function compare(before: IonValue | undefined, after: IonValue | undefined, path: string, changes: IonChange[]): void {
  if (before instanceof IonStruct && after instanceof IonStruct) {
    const former = fieldsByName(before)
    const latter = fieldsByName(after)
    if (former !== undefined && latter !== undefined) {
      for (const [name, value] of former) compare(value, latter.get(name), fieldPath(path, name), changes)
      for (const [name, value] of latter) {
        if (!former.has(name)) compare(undefined, value, fieldPath(path, name), changes)
      }
      return
    }
  }
  if (before instanceof IonList && after instanceof IonList) {
    const length = Math.max(before.items.length, after.items.length)
    for (let index = 0; index < length; index++) {
      compare(before.items[index], after.items[index], `${path}[${index}]`, changes)
    }
    return
  }
  if (before === undefined ? after === undefined : after !== undefined && equals(before, after)) return
  changes.push({ path, before, after })
}

/** Undefined when a name stands twice. */
function fieldsByName(struct: IonStruct): Map<string, IonValue> | undefined {
  const fields = new Map<string, IonValue>()
  for (const { name, value } of struct.fields) fields.set(name, value)
  return fields.size === struct.fields.length ? fields : undefined
}

function fieldPath(parent: string, name: string): string {
  const step = /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
  return parent === '' ? step : `${parent}.${step}`
}
