import { StatementError } from '../../errors.ts'
import { IonAnnotated, IonList, IonSexp, IonStruct, type IonValue } from '../../ion/index.ts'

/** A change of one document with everything computed: where (field names and element places from 0) and what. */
export type DocumentEdit =
  /** `value` undefined: MISSING was assigned, so the field goes away. */
  | { readonly kind: 'set'; readonly path: readonly PathPart[]; readonly value: IonValue | undefined }
  | {
      readonly kind: 'insert'
      readonly path: readonly PathPart[]
      readonly value: IonValue
      readonly at: PathPart | undefined
    }
  | { readonly kind: 'remove'; readonly path: readonly PathPart[] }

export type PathPart = string | number

/**
 * The document after all edits; undefined when it was removed itself. Values are set and inserted in the order given,
 * then removals are made from the end of each list, so that one does not move the place of another.
 *
 * @throws {StatementError} TYPE_ERROR when a path leads through something that has no such part
 */
export function editDocument(document: IonStruct, edits: readonly DocumentEdit[]): IonStruct | undefined {
  let value: IonValue | undefined = document
  for (const edit of edits) {
    if (edit.kind === 'set') value = changeAt(value, edit.path, 0, () => edit.value)
    if (edit.kind === 'insert') value = changeAt(value, edit.path, 0, (target) => inserted(target, edit))
  }
  const removals = edits.filter((edit) => edit.kind === 'remove').map((edit) => edit.path)
  for (const path of distinctFromTheEnd(removals)) {
    if (path.length === 0) return undefined
    if (isThere(value, path)) value = changeAt(value, path, 0, () => undefined)
  }
  if (value instanceof IonStruct) return value
  throw new StatementError('NOT_A_DOCUMENT', "A document must stay a struct, such as {'field': value}.")
}

function distinctFromTheEnd(paths: readonly (readonly PathPart[])[]): (readonly PathPart[])[] {
  const byText = new Map(paths.map((path) => [JSON.stringify(path), path]))
  return [...byText.values()].sort((a, b) => -comparePaths(a, b))
}

function comparePaths(a: readonly PathPart[], b: readonly PathPart[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const left = a[index]!
    const right = b[index]!
    if (left === right) continue
    if (typeof left === 'number' && typeof right === 'number') return left - right
    return String(left) < String(right) ? -1 : 1
  }
  return a.length - b.length
}

/** A copy of `container` in which the part at `path` from `depth` on is what `change` makes of it; undefined takes it away. */
function changeAt(
  container: IonValue | undefined,
  path: readonly PathPart[],
  depth: number,
  change: (current: IonValue | undefined) => IonValue | undefined,
): IonValue | undefined {
  const part = path[depth]
  if (part === undefined) return change(container)
  if (container instanceof IonAnnotated) {
    const changed = changeAt(container.value, path, depth, change)
    return changed === undefined || changed instanceof IonAnnotated
      ? changed
      : new IonAnnotated(container.annotations, changed)
  }
  if (typeof part === 'string') {
    if (container !== undefined && !(container instanceof IonStruct)) throw notAPath(path, depth, 'is no struct')
    const current = container?.get(part)
    return withField(container, part, changeAt(current, path, depth + 1, change))
  }
  if (!(container instanceof IonList) && !(container instanceof IonSexp)) throw notAPath(path, depth, 'is no list')
  const { items } = container
  if (part < 0 || part >= items.length) throw notAPath(path, depth, `has ${items.length} elements, counted from 0`)
  const changed = changeAt(items[part], path, depth + 1, change)
  return remade(container, changed === undefined ? items.toSpliced(part, 1) : items.with(part, changed))
}

function notAPath(path: readonly PathPart[], depth: number, what: string): StatementError {
  const whole = depth === 0 ? 'the document' : path.slice(0, depth).map(printPart).join('').replace(/^\./, '')
  return new StatementError('TYPE_ERROR', `${printPart(path[depth]!)} cannot be reached: ${whole} ${what}.`)
}

function printPart(part: PathPart): string {
  return typeof part === 'number' ? `[${part}]` : `.${part}`
}

function remade(container: IonList | IonSexp, items: readonly IonValue[]): IonList | IonSexp {
  return container instanceof IonList ? new IonList(items) : new IonSexp(items)
}

/** A field replaced where it stands, added at the end, or, with undefined, taken away under all its occurrences. */
function withField(struct: IonStruct | undefined, name: string, value: IonValue | undefined): IonStruct {
  const fields = struct?.fields ?? []
  if (value === undefined) return new IonStruct(fields.filter((field) => field.name !== name))
  const index = fields.findIndex((field) => field.name === name)
  return new IonStruct(index < 0 ? [...fields, { name, value }] : fields.with(index, { name, value }))
}

function isThere(value: IonValue | undefined, path: readonly PathPart[]): boolean {
  let current = value
  for (const part of path) {
    if (current instanceof IonAnnotated) current = current.value
    if (typeof part === 'string') current = current instanceof IonStruct ? current.get(part) : undefined
    else current = current instanceof IonList || current instanceof IonSexp ? current.items[part] : undefined
    if (current === undefined) return false
  }
  return true
}

/** `INSERT INTO target VALUE value AT at`: into a list at a place or its end, into a struct under a new name. */
function inserted(
  target: IonValue | undefined,
  edit: { readonly path: readonly PathPart[]; readonly value: IonValue; readonly at: PathPart | undefined },
): IonValue {
  const { value, at } = edit
  const where = edit.path.map(printPart).join('').replace(/^\./, '') || 'the document'
  if (target instanceof IonAnnotated) {
    const changed = inserted(target.value, edit)
    return changed instanceof IonAnnotated ? changed : new IonAnnotated(target.annotations, changed)
  }
  if (target instanceof IonList || target instanceof IonSexp) {
    const place = at ?? target.items.length
    if (typeof place !== 'number' || place < 0 || place > target.items.length) {
      throw new StatementError(
        'TYPE_ERROR',
        `INSERT INTO ${where} needs AT a place from 0 to ${target.items.length}, got ${JSON.stringify(place)}.`,
      )
    }
    return remade(target, target.items.toSpliced(place, 0, value))
  }
  if (target instanceof IonStruct) {
    if (typeof at !== 'string') {
      throw new StatementError('TYPE_ERROR', `INSERT INTO ${where}, a struct, needs AT 'name'.`)
    }
    if (target.get(at) !== undefined) {
      throw new StatementError(
        'EVALUATION_ERROR',
        `INSERT INTO ${where}: the field ${at} is there already. Change it with SET.`,
      )
    }
    return withField(target, at, value)
  }
  throw new StatementError(
    'TYPE_ERROR',
    `INSERT INTO ${where}: there is no list or struct. Make one with SET ${where} = [].`,
  )
}
