import { StatementError } from '../../errors.ts'
import { IonList, IonSexp, IonStruct, type IonValue, NULL } from '../../ion/index.ts'
import type { Element, Field, ImplicitField, Wildcard } from '../plan/expression.ts'
import { Bag, type EngineValue, MISSING } from '../value/engine-value.ts'
import { bare, isAbsent, textOf } from '../value/family.ts'
import type { Compiler, Evaluate } from './compiler.ts'
import { typeName } from './type-name.ts'

/** `base.name`. A field of a slot, by far the most common expression, reads the document's bytes with no step between. */
export function compileField(field: Field, compiler: Compiler): Evaluate {
  const { name, foldCase } = field
  if (compiler.dialect.typing === 'strict') {
    const base = compiler.expression(field.base)
    return (frame) => strictFieldOf(base(frame), name, foldCase)
  }
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

/** @throws {StatementError} TYPE_ERROR where there is no such field, several, or no struct */
function strictFieldOf(base: EngineValue, name: string, foldCase: boolean): EngineValue {
  const plain = bare(base)
  if (isAbsent(plain)) return plain === MISSING ? MISSING : NULL
  if (!(plain instanceof IonStruct)) throw wrongStep(`field ${JSON.stringify(name)}`, 'a struct', plain)
  const folded = name.toLowerCase()
  const found = plain.fields.filter((field) => (foldCase ? field.name.toLowerCase() === folded : field.name === name))
  const [only] = found
  if (only === undefined) throw new StatementError('TYPE_ERROR', `There is no field ${JSON.stringify(name)} here.`)
  if (found.length > 1) {
    throw new StatementError('TYPE_ERROR', `${JSON.stringify(name)} is ambiguous: ${found.length} fields match it.`)
  }
  return only.value
}

function wrongStep(step: string, wanted: string, found: EngineValue): StatementError {
  return new StatementError('TYPE_ERROR', `A ${step} needs ${wanted}, found ${typeName(found)}.`)
}

/** A bare name over several sources: the field of the first source that has it; in strict typing of the only one. */
export function compileImplicitField(field: ImplicitField, compiler: Compiler): Evaluate {
  const { slots, name, foldCase } = field
  if (compiler.dialect.typing === 'strict') {
    return (frame) => {
      const holders = slots.filter((slot) => {
        const row = bare(frame.slots[slot]!)
        return row instanceof IonStruct && fieldOf(row, name, foldCase) !== MISSING
      })
      const [only] = holders
      if (only !== undefined && holders.length === 1) return strictFieldOf(frame.slots[only]!, name, foldCase)
      const problem = only === undefined ? 'no source has such a field' : 'several sources have such a field'
      throw new StatementError('TYPE_ERROR', `${JSON.stringify(name)} has no one meaning here: ${problem}.`)
    }
  }
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
  const isStrict = compiler.dialect.typing === 'strict'
  return (frame) => {
    const container = bare(base(frame))
    const at = bare(index(frame))
    if (container instanceof IonList || container instanceof IonSexp) {
      if (!(container instanceof Bag) && typeof at === 'number') {
        const item = container.items[at]
        if (item !== undefined) return item
      }
    } else if (container instanceof IonStruct && mayBeName) {
      const name = textOf(at)
      const value = name === undefined ? undefined : container.get(name)
      if (value !== undefined) return value
    } else if (isAbsent(container)) return container === MISSING ? MISSING : NULL
    if (isStrict && at !== MISSING) throw wrongIndex(container, at)
    return MISSING
  }
}

function wrongIndex(container: EngineValue, at: EngineValue): StatementError {
  if (container instanceof Bag || !(container instanceof IonList || container instanceof IonSexp)) {
    return container instanceof IonStruct && textOf(at) !== undefined
      ? new StatementError('TYPE_ERROR', `There is no field ${JSON.stringify(textOf(at))} here.`)
      : wrongStep('place in brackets', 'a list', container)
  }
  return typeof at === 'number'
    ? new StatementError('TYPE_ERROR', `There is no element ${at}: the list has ${container.items.length}.`)
    : new StatementError('TYPE_ERROR', `A place in a list is an int from 0, found ${typeName(at)}.`)
}

/** `base[*].rest` and `base.*.rest`; a wildcard inside `rest` adds its elements, not bags of them. */
export function compileWildcard(wildcard: Wildcard, compiler: Compiler): Evaluate {
  const base = compiler.expression(wildcard.base)
  const rest = compiler.expression(wildcard.rest)
  const { slot, over } = wildcard
  const isNested = wildcard.rest.kind === 'wildcard'
  const elementsOf = over === 'fields' ? fieldValues : compiler.dialect.rangesOverMissing ? allItems : presentItems
  const isStrict = compiler.dialect.typing === 'strict'
  return (frame) => {
    const container = base(frame)
    if (isStrict && !isIterable(container, over)) {
      throw wrongStep('wildcard', over === 'fields' ? 'a struct' : 'a list or bag', container)
    }
    const collected: EngineValue[] = []
    for (const element of elementsOf(container)) {
      frame.slots[slot] = element
      const value = rest(frame)
      if (isNested && value instanceof Bag) collected.push(...value.items)
      else collected.push(value)
    }
    return new Bag(collected as IonValue[])
  }
}

function isIterable(value: EngineValue, over: 'elements' | 'fields'): boolean {
  const plain = bare(value)
  return over === 'fields' ? plain instanceof IonStruct : plain instanceof IonList || plain instanceof IonSexp
}

function fieldValues(value: EngineValue): readonly EngineValue[] {
  const plain = bare(value)
  if (plain === MISSING) return []
  return plain instanceof IonStruct ? plain.fields.map((field) => field.value) : [value]
}

function allItems(value: EngineValue): readonly EngineValue[] {
  const plain = bare(value)
  return plain instanceof IonList || plain instanceof IonSexp ? plain.items : [value]
}

function presentItems(value: EngineValue): readonly EngineValue[] {
  return value === MISSING ? [] : allItems(value)
}
