import type { RowFields } from './table-source.ts'

/**
 * The same plan, each table source knowing which top-level fields of its rows the statement looks at, so that nothing
 * else need be decoded. A row that is used as a whole, by its slot, keeps `all`.
 *
 * Works on the plan as plain data: an operator that this does not know about is taken to use every slot it names.
 * Cost: two walks over the plan.
 */
export function withRowFields<Part>(plan: Part): Part {
  const uses: Uses = new Map()
  note(plan, uses)
  return narrow(plan, uses) as Part
}

type Uses = Map<number, Set<string> | 'all'>
type Node = Readonly<Record<string, unknown>>

/** Parts of nodes that hold no expressions, or slots that are only handed on. */
const SKIPPED: ReadonlySet<string> = new Set(['table', 'index', 'place', 'location', 'keptSlots', 'outerSlots'])
const NAMES_SLOTS = /slots?$/i

function note(part: unknown, uses: Uses): void {
  if (Array.isArray(part)) {
    for (const each of part) note(each, uses)
    return
  }
  if (!isNode(part)) return
  if (part.kind === 'field' && part.foldCase === false && isNode(part.base) && part.base.kind === 'slot') {
    use(part.base.slot as number, part.name as string, uses)
    return
  }
  if (part.kind === 'element' && isNode(part.base) && part.base.kind === 'slot' && isNode(part.index)) {
    if (part.index.kind === 'constant' && typeof part.index.value === 'string') {
      use(part.base.slot as number, part.index.value, uses)
      return
    }
  }
  if (part.kind === 'implicit' && part.foldCase === false) {
    for (const slot of part.slots as readonly number[]) use(slot, part.name as string, uses)
    return
  }
  const isSource = isNode(part.slots)
  for (const [name, value] of Object.entries(part)) {
    if (SKIPPED.has(name) || (isSource && name === 'slots')) continue
    if (NAMES_SLOTS.test(name)) {
      for (const slot of Array.isArray(value) ? value : [value]) if (typeof slot === 'number') uses.set(slot, 'all')
    }
    note(value, uses)
  }
}

function use(slot: number, field: string, uses: Uses): void {
  const known = uses.get(slot)
  if (known === undefined) uses.set(slot, new Set([field]))
  else if (known !== 'all') known.add(field)
}

/** Rebuilds what holds a table source; all else stays the same object. */
function narrow(part: unknown, uses: Uses): unknown {
  if (Array.isArray(part)) {
    const parts = part.map((each) => narrow(each, uses))
    return parts.some((each, index) => each !== part[index]) ? parts : part
  }
  if (!isNode(part)) return part
  let changed: Record<string, unknown> | undefined
  for (const [name, value] of Object.entries(part)) {
    if (SKIPPED.has(name)) continue
    const narrowed =
      name === 'fields' && isNode(part.slots) ? fieldsOf(part.slots.row as number, uses) : narrow(value, uses)
    if (narrowed === value) continue
    changed ??= { ...part }
    changed[name] = narrowed
  }
  return changed ?? part
}

function fieldsOf(row: number, uses: Uses): RowFields {
  const fields = uses.get(row)
  return fields === 'all' ? 'all' : [...(fields ?? [])]
}

/** Plan nodes are plain objects; values, tables and indexes may be anything. */
function isNode(part: unknown): part is Node {
  return typeof part === 'object' && part !== null && Object.getPrototypeOf(part) === Object.prototype
}
