import { IonList, IonStruct, type IonValue } from '../../ion/index.ts'
import type { AggregateName } from '../plan/expression.ts'
import { Bag, type EngineValue, MISSING } from '../value/engine-value.ts'
import { bare, isAbsent, itemsOf } from '../value/family.ts'
import { hashKey } from '../value/hash-key.ts'
import { newAccumulator } from './aggregate.ts'
import { type CallContext, type ScalarFunctions, WRONG_TYPE, type WrongType } from './scalar-function.ts'

/** Functions of lists, bags and structs. */
export const COLLECTION_FUNCTIONS: ScalarFunctions = new Map([
  ...(['any', 'avg', 'count', 'every', 'max', 'min', 'some', 'sum'] as const).map(
    (name) =>
      [
        `coll_${name}`,
        ([value]: readonly EngineValue[], context: CallContext) => folded(name, value!, context),
      ] as const,
  ),
  ['cardinality', ([value], context) => sizeOf(value!, context)],
  ['coll_to_scalar', ([value]) => onlyValue(value!)],
  ['filter_distinct', ([value]) => distinct(value!)],
  ['size', ([value], context) => sizeOf(value!, context)],
  ['tupleunion', (structs) => union(structs)],
])

function sizeOf(value: EngineValue, context: CallContext): EngineValue | WrongType {
  const plain = bare(value)
  if (plain instanceof IonStruct) return plain.size
  return itemsOf(plain)?.length ?? context.refuse('SIZE needs a list, a struct or a bag.')
}

/** An aggregate function over the elements that are there. */
function folded(
  name: AggregateName,
  collection: EngineValue,
  { dialect, variant, rules }: CallContext,
): EngineValue | WrongType {
  const items = itemsOf(collection)
  if (items === undefined) return WRONG_TYPE
  const accumulator = newAccumulator(name, dialect.decimalAggregates, rules.mismatch)
  const present = items.filter((item) => !isAbsent(item))
  for (const item of variant === 'distinct' ? withoutRepeats(present) : present) accumulator.add(item)
  return accumulator.result()
}

function distinct(collection: EngineValue): EngineValue | WrongType {
  const items = itemsOf(collection)
  if (items === undefined) return WRONG_TYPE
  const kept = withoutRepeats(items) as readonly IonValue[]
  return bare(collection) instanceof Bag ? new Bag(kept) : new IonList(kept)
}

function withoutRepeats(items: readonly EngineValue[]): EngineValue[] {
  const seen = new Set<unknown>()
  return items.filter((item) => {
    const key = hashKey(item)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** The value of the one field of the one struct; MISSING where there are more or fewer (specification §9.1). */
function onlyValue(collection: EngineValue): EngineValue | WrongType {
  const items = itemsOf(collection)
  if (items === undefined) return WRONG_TYPE
  const row = items.length === 1 ? bare(items[0]!) : undefined
  return row instanceof IonStruct && row.size === 1 ? row.fields[0]!.value : MISSING
}

/** One struct with the fields of all; names may repeat. */
function union(structs: readonly EngineValue[]): EngineValue | WrongType {
  const all = structs.map(bare)
  return all.every((each) => each instanceof IonStruct)
    ? new IonStruct(all.flatMap((struct) => [...struct.fields]))
    : WRONG_TYPE
}
