import { IonList, IonSexp, IonStruct, type IonValue } from '../../ion/index.ts'
import type { Exclude, ExcludeStep } from '../plan/exclude.ts'
import { Bag, type EngineValue } from '../value/engine-value.ts'
import { bare } from '../value/family.ts'
import type { Compiler, OpenRows } from './compiler.ts'

/** Writes each variable, without what its paths name, into a slot of its own. Cost: a copy of what the paths go through. */
export function compileExclude(plan: Exclude, compiler: Compiler): OpenRows {
  const open = compiler.rows(plan.input)
  const variables = plan.variables.map(({ source, paths, slot }) => ({
    evaluate: compiler.expression(source),
    paths,
    slot,
  }))
  return (frame) => {
    const input = open(frame)
    return {
      next: () => {
        if (!input.next()) return false
        for (const { evaluate, paths, slot } of variables) frame.slots[slot] = without(evaluate(frame), paths)
        return true
      },
      close: () => input.close(),
    }
  }
}

type Path = readonly ExcludeStep[]

/** All paths at once, so that an index means the place that an element has before anything is taken away. */
function without(value: EngineValue, paths: readonly Path[]): EngineValue {
  const plain = bare(value)
  if (plain instanceof IonStruct) {
    const fields = plain.fields.flatMap((field) => {
      const rest = restOf(paths, (step) => isField(step, field.name))
      if (rest === undefined) return []
      return rest.length === 0 ? field : { name: field.name, value: without(field.value, rest) as IonValue }
    })
    return new IonStruct(fields)
  }
  if (plain instanceof IonList || plain instanceof IonSexp) {
    const isBag = plain instanceof Bag
    const items = plain.items.flatMap((item: IonValue, index: number) => {
      const rest = restOf(
        paths,
        (step) => step.kind === 'all-elements' || (!isBag && step.kind === 'index' && step.index === index),
      )
      if (rest === undefined) return []
      return rest.length === 0 ? item : (without(item, rest) as IonValue)
    })
    if (isBag) return new Bag(items)
    return plain instanceof IonList ? new IonList(items) : new IonSexp(items)
  }
  return value
}

/** What the paths that begin with a step like this go on with; undefined when one of them ends here. */
function restOf(paths: readonly Path[], matches: (step: ExcludeStep) => boolean): Path[] | undefined {
  const rest: Path[] = []
  for (const [step, ...others] of paths) {
    if (step === undefined || !matches(step)) continue
    if (others.length === 0) return undefined
    rest.push(others)
  }
  return rest
}

function isField(step: ExcludeStep, name: string): boolean {
  if (step.kind === 'all-fields') return true
  if (step.kind !== 'field') return false
  return step.name === name || (step.foldCase && step.name.toLowerCase() === name.toLowerCase())
}
