import { type IonField, IonList, IonStruct, type IonValue, NULL } from '../../ion/index.ts'
import { type PlanExpression, slotsOf } from '../plan/expression.ts'
import type { GraphMatch, GraphSelector, GraphVariable } from '../plan/graph.ts'
import { Bag, type EngineValue, MISSING } from '../value/engine-value.ts'
import { isAbsent } from '../value/family.ts'
import { Graph } from '../value/graph.ts'
import type { Compiler, Evaluate } from './compiler.ts'
import { type Binding, type Bindings, compilePath, type GraphCondition, type GraphProgram } from './graph-program.ts'
import { GraphSearch, isList } from './graph-search.ts'
import { typeMismatch } from './type-mismatch.ts'

/**
 * `(graph MATCH pattern)`: every path is searched for, what agrees in the shared variables is joined, and what is left
 * after WHERE becomes one struct each. An element without a value gives no attribute, in a list it is NULL. Elements differ
 * in what they hold, so a condition is not an error where its field is missing (GPML §3: the property is null), in strict
 * typing neither.
 */
export function compileGraphMatch(match: GraphMatch, compiler: Compiler): Evaluate {
  const { variables, selector, paths, where } = match.pattern
  const graphOf = compiler.expression(match.graph)
  const conditions = match.conditions.map((condition) => compileCondition(condition, variables, compiler.permissive()))
  const programs = paths.map((path) => compilePath(path, conditions))
  const holds = where === undefined ? undefined : conditions[where]
  const notAGraph = typeMismatch(compiler, 'MATCH needs a graph on its left.', match.place)
  const none: Bindings = variables.map(() => undefined)
  return (frame) => {
    const graph = graphOf(frame)
    if (!(graph instanceof Graph)) {
      if (isAbsent(graph)) return graph === MISSING ? MISSING : NULL
      return notAGraph()
    }
    const search = new GraphSearch(graph, frame)
    let matches: readonly Bindings[] = [none]
    for (const program of programs) matches = joinPath(matches, program, selector, none, search)
    if (holds !== undefined) matches = matches.filter((bindings) => holds(bindings, frame))
    return new Bag(matches.map((bindings) => structOf(bindings, variables)))
  }
}

/** The variables that a condition reads are laid into their slots before it is tested. */
function compileCondition(
  condition: PlanExpression,
  variables: readonly GraphVariable[],
  compiler: Compiler,
): GraphCondition {
  const test = compiler.condition(condition)
  const slots = slotsOf(condition)
  const read = variables.flatMap(({ slot }, index) => (slots.has(slot) ? [{ slot, index }] : []))
  return (bindings, frame) => {
    for (const { slot, index } of read) frame.slots[slot] = bindingValue(bindings[index])
    return test(frame)
  }
}

function joinPath(
  matches: readonly Bindings[],
  program: GraphProgram,
  selector: GraphSelector | undefined,
  none: Bindings,
  search: GraphSearch,
): Bindings[] {
  if (selector === undefined) return matches.flatMap((bindings) => search.find(program, bindings))
  // What is kept of a path must not depend on the paths before it, so they are joined afterwards.
  const selected = search.select(program, none, selector)
  return matches.flatMap((bindings) => selected.flatMap((other) => merged(bindings, other) ?? []))
}

/** Both together; undefined when they disagree. */
function merged(a: Bindings, b: Bindings): Bindings[] | undefined {
  const both: Binding[] = []
  for (const [index, binding] of a.entries()) {
    const other = b[index]
    if (binding !== undefined && other !== undefined && binding !== other) return undefined
    both.push(binding ?? other)
  }
  return [both]
}

function structOf(bindings: Bindings, variables: readonly GraphVariable[]): IonStruct {
  const fields: IonField[] = []
  for (const [index, { name }] of variables.entries()) {
    const value = bindingValue(bindings[index])
    if (value !== MISSING) fields.push({ name, value: value as IonValue })
  }
  return new IonStruct(fields)
}

function bindingValue(binding: Binding): EngineValue {
  if (binding === undefined) return MISSING
  if (!isList(binding)) return binding.payload
  return new IonList(binding.map(({ payload }) => (payload === MISSING ? NULL : (payload as IonValue))))
}
