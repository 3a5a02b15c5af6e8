import type { GraphPart, GraphPath } from '../plan/graph.ts'
import type { GraphDirection, GraphLabel, GraphRestrictor } from '../syntax/graph-nodes.ts'
import type { GraphEdge, GraphNode } from '../value/graph.ts'
import type { Frame } from './frame.ts'

/** What a variable stands for in a match: one element, a list of them (quantified, or a path), or nothing so far. */
export type Binding = GraphElement | readonly GraphElement[] | undefined
export type GraphElement = GraphNode | GraphEdge

/** By the index of the variable. */
export type Bindings = readonly Binding[]

export type GraphCondition = (bindings: Bindings, frame: Frame) => boolean

/**
 * A path pattern as a program for {@link GraphSearch}, which runs it like a regular expression: `loop` goes to `body`
 * for another round or to `after`, `again` ends a round and goes back to its loop. The last instruction is `accept`.
 */
export type Instruction =
  | ElementTest<'node'>
  | (ElementTest<'edge'> & { readonly direction: GraphDirection })
  | { readonly kind: 'enter'; readonly loop: Loop }
  | { readonly kind: 'loop'; readonly after: number }
  | { readonly kind: 'again'; readonly head: number }
  | { readonly kind: 'open'; readonly restrictor: GraphRestrictor }
  | { readonly kind: 'close'; readonly variable: number | undefined }
  | { readonly kind: 'condition'; readonly condition: GraphCondition }
  | { readonly kind: 'accept' }

interface ElementTest<Kind> {
  readonly kind: Kind
  readonly variable: number | undefined
  readonly hasLabel: ((labels: ReadonlySet<string>) => boolean) | undefined
  readonly condition: GraphCondition | undefined
}

export interface Loop {
  readonly min: number
  /** Infinity when there is no limit. */
  readonly max: number
  /** What a round binds: collected in lists when it ends. */
  readonly variables: readonly number[]
}

export interface GraphProgram {
  readonly instructions: readonly Instruction[]
  /** Whether one match may be found in several ways: then what was found is compared. */
  readonly isAmbiguous: boolean
}

/** @param conditions those of the whole pattern, which parts of the path know by index */
export function compilePath(path: GraphPath, conditions: readonly GraphCondition[]): GraphProgram {
  const instructions: Instruction[] = []
  const conditionAt = (index: number | undefined): GraphCondition | undefined =>
    index === undefined ? undefined : conditions[index]

  const addPath = ({ restrictor, variable, parts, where }: GraphPath): void => {
    const isScope = restrictor !== 'walk' || variable !== undefined
    if (isScope) instructions.push({ kind: 'open', restrictor })
    for (const part of parts) addPart(part)
    if (isScope) instructions.push({ kind: 'close', variable })
    const condition = conditionAt(where)
    if (condition !== undefined) instructions.push({ kind: 'condition', condition })
  }

  const addPart = (part: GraphPart): void => {
    if (part.kind === 'repetition') {
      const { min, max, variables, path: body } = part
      if (min === 1 && max === 1 && variables.length === 0) {
        addPath(body)
        return
      }
      const loop: Loop = { min, max: max ?? Number.POSITIVE_INFINITY, variables }
      instructions.push({ kind: 'enter', loop })
      const head = instructions.length
      instructions.push({ kind: 'accept' })
      addPath(body)
      instructions.push({ kind: 'again', head })
      instructions[head] = { kind: 'loop', after: instructions.length }
      return
    }
    const { variable, label } = part
    const hasLabel = label && compileLabel(label)
    const test = { variable, hasLabel, condition: conditionAt(part.where) }
    instructions.push(
      part.kind === 'node' ? { kind: 'node', ...test } : { kind: 'edge', ...test, direction: part.direction },
    )
  }

  addPath(path)
  instructions.push({ kind: 'accept' })
  return { instructions, isAmbiguous: instructions.some(({ kind }) => kind === 'loop') }
}

/** `%` asks for any label at all. */
function compileLabel(label: GraphLabel): (labels: ReadonlySet<string>) => boolean {
  switch (label.kind) {
    case 'label-name': {
      const { name } = label
      return (labels) => labels.has(name)
    }
    case 'label-any':
      return (labels) => labels.size > 0
    case 'label-not': {
      const operand = compileLabel(label.operand)
      return (labels) => !operand(labels)
    }
    case 'label-and': {
      const operands = label.operands.map(compileLabel)
      return (labels) => operands.every((operand) => operand(labels))
    }
    case 'label-or': {
      const operands = label.operands.map(compileLabel)
      return (labels) => operands.some((operand) => operand(labels))
    }
  }
}
