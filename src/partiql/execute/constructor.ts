import { type IonField, IonList, IonSexp, IonStruct, type IonValue } from '../../ion/index.ts'
import type * as plan from '../plan/expression.ts'
import { Bag, type EngineValue, MISSING } from '../value/engine-value.ts'
import { bare, textOf } from '../value/family.ts'
import type { Compiler, Evaluate } from './compiler.ts'
import type { Frame } from './frame.ts'
import { typeMismatch } from './type-mismatch.ts'

/** A pair without a text as its name, or with MISSING as its value, vanishes. */
export function compileStruct(struct: plan.StructConstructor, compiler: Compiler): Evaluate {
  const fields = struct.fields.map(({ name, value }) => ({
    name: compiler.expression(name),
    value: compiler.expression(value),
  }))
  const mismatch = typeMismatch(compiler, 'The name of a field is a text.', struct.place)
  return (frame) => {
    const made: IonField[] = []
    for (const field of fields) {
      const name = textOf(field.name(frame))
      if (name === undefined) mismatch()
      const value = field.value(frame)
      if (name !== undefined && value !== MISSING) made.push({ name, value: value as IonValue })
    }
    return new IonStruct(made)
  }
}

/** Elements that are MISSING stay, as long as the collection is inside the engine. */
export function compileCollection(collection: plan.CollectionConstructor, compiler: Compiler): Evaluate {
  const items = collection.items.map((item) => compiler.expression(item))
  switch (collection.kind) {
    case 'bag':
      return (frame) => new Bag(items.map((item) => item(frame) as IonValue))
    case 'list':
      return (frame) => new IonList(items.map((item) => item(frame) as IonValue))
    case 'sexp':
      return (frame) => new IonSexp(items.map((item) => item(frame) as IonValue))
  }
}

/** The struct of a select list. */
export function compileTuple(tuple: plan.Tuple, compiler: Compiler): Evaluate {
  const items = tuple.items.map((item) => ({
    isSpread: item.kind === 'spread',
    name: item.name,
    value: compiler.expression(item.value),
  }))
  const [only] = items
  if (only !== undefined && items.length === 1 && only.isSpread) {
    // `SELECT *` over one source: the document itself, still undecoded.
    const { value, name } = only
    return (frame) => {
      const row = value(frame)
      if (row instanceof IonStruct) return row
      const fields: IonField[] = []
      spread(row, name, fields)
      return new IonStruct(fields)
    }
  }
  return (frame) => tupleOf(items, frame)
}

interface CompiledItem {
  readonly isSpread: boolean
  readonly name: string
  readonly value: Evaluate
}

function tupleOf(items: readonly CompiledItem[], frame: Frame): IonStruct {
  const fields: IonField[] = []
  for (let index = 0; index < items.length; index++) {
    const item = items[index]!
    const value = item.value(frame)
    if (item.isSpread) spread(value, item.name, fields)
    else if (value !== MISSING) fields.push({ name: item.name, value: value as IonValue })
  }
  return new IonStruct(fields)
}

function spread(value: EngineValue, name: string, into: IonField[]): void {
  const plain = bare(value)
  if (plain instanceof IonStruct) into.push(...plain.fields)
  else if (value !== MISSING) into.push({ name, value: value as IonValue })
}
