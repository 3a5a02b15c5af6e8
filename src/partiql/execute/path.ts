import { IonList, IonSexp, IonStruct, type IonValue, NULL } from '../../ion/index.ts'
import type { Element, Field, ImplicitField, Wildcard } from '../plan/expression.ts'
import { bare, isAbsent } from '../value/compare.ts'
import { Bag, type EngineValue, MISSING } from '../value/engine-value.ts'
import type { Compiler, Evaluate } from './compiler.ts'
import { textOf } from './table-source.ts'

/** `base.name`. A field of a slot, by far the most common expression, reads the document's bytes with no step between. */
export function compileField(field: Field, compiler: Compiler): Evaluate {
  const { name, foldCase } = field
  if (field.base.kind === 'slot' && !foldCase) {
    const { slot } = field.base
    return (frame) => {
      const base = frame.slots[slot]
      return base instanceof IonStruct ? (base.get(name) ?? MISSING) : fieldOf(base!, name, false)
    }
  }
  const base = compiler.expression(field.base)
  return (frame) => fieldOf(base(frame), name, foldCase)
}

/** MISSING where there is no such field or no struct, NULL of NULL. */
function fieldOf(base: EngineValue, name: string, foldCase: boolean): EngineValue {
  const plain = bare(base)
  if (plain instanceof IonStruct) {
    const exact = plain.get(name)
    if (exact !== undefined || !foldCase) return exact ?? MISSING
    const folded = name.toLowerCase()
    return plain.fields.find((field) => field.name.toLowerCase() === folded)?.value ?? MISSING
  }
  return plain !== MISSING && isAbsent(plain) ? NULL : MISSING
}

/** A bare name over several sources: the field of the first source that has it. */
export function compileImplicitField(field: ImplicitField): Evaluate {
  const { slots, name, foldCase } = field
  return (frame) => {
    for (const slot of slots) {
      const value = fieldOf(frame.slots[slot]!, name, foldCase)
      if (value !== MISSING && bare(frame.slots[slot]!) instanceof IonStruct) return value
    }
    return MISSING
  }
}

/** `base[index]`: an element by its place from 0, or a field by its name. */
export function compileElement(element: Element, compiler: Compiler): Evaluate {
  const base = compiler.expression(element.base)
  const index = compiler.expression(element.index)
  const mayBeName =
    element.index.kind === 'constant' || element.index.kind === 'parameter' || element.index.kind === 'cast'
  return (frame) => {
    const container = bare(base(frame))
    const at = bare(index(frame))
    if (container instanceof IonList || container instanceof IonSexp) {
      if (container instanceof Bag || typeof at !== 'number') return MISSING
      return container.items[at] ?? MISSING
    }
    if (container instanceof IonStruct && mayBeName) {
      const name = textOf(at)
      return name === undefined ? MISSING : (container.get(name) ?? MISSING)
    }
    return container !== MISSING && isAbsent(container) ? NULL : MISSING
  }
}

/** `base[*].rest` and `base.*.rest`; a wildcard inside `rest` adds its elements, not bags of them. */
export function compileWildcard(wildcard: Wildcard, compiler: Compiler): Evaluate {
  const base = compiler.expression(wildcard.base)
  const rest = compiler.expression(wildcard.rest)
  const { slot, over } = wildcard
  const isNested = wildcard.rest.kind === 'wildcard'
  return (frame) => {
    const collected: EngineValue[] = []
    for (const element of elementsOf(base(frame), over)) {
      frame.slots[slot] = element
      const value = rest(frame)
      if (isNested && value instanceof Bag) collected.push(...value.items)
      else if (value !== MISSING) collected.push(value)
    }
    return new Bag(collected as IonValue[])
  }
}

function elementsOf(value: EngineValue, over: 'elements' | 'fields'): readonly EngineValue[] {
  const plain = bare(value)
  if (plain === MISSING) return []
  if (over === 'fields') return plain instanceof IonStruct ? plain.fields.map((field) => field.value) : [value]
  return plain instanceof IonList || plain instanceof IonSexp ? plain.items : [value]
}
