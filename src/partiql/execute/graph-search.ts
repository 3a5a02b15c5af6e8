import { LimitError } from '../../errors.ts'
import type { GraphSelector } from '../plan/graph.ts'
import type { GraphRestrictor } from '../syntax/graph-nodes.ts'
import type { Graph, GraphEdge, GraphNode, GraphStep } from '../value/graph.ts'
import type { Frame } from './frame.ts'
import type { Binding, Bindings, GraphElement, GraphProgram, Instruction, Loop } from './graph-program.ts'

/**
 * How much a MATCH may do before it gives up, counted in edges looked at, now and again when a way is compared with others:
 * some seconds, and some hundred megabytes.
 */
const MAX_EFFORT = 10_000_000

/** The way gone so far, as a list from its end; the first has no edge. */
interface Trail {
  readonly previous: Trail | undefined
  readonly edge: GraphEdge | undefined
  readonly node: GraphNode
  /** In edges. */
  readonly length: number
}

/** A loop being run: rounds done, and what they bound. */
interface LoopFrame {
  readonly outer: LoopFrame | undefined
  readonly loop: Loop
  readonly count: number
  readonly lists: readonly (readonly GraphElement[])[]
}

/** A part of the path that a restrictor holds for, or that a variable names. */
interface PathFrame {
  readonly outer: PathFrame | undefined
  readonly restrictor: GraphRestrictor
  readonly start: Trail
}

/** A partial match: what the program does next, and all it needs to know for it. */
interface State {
  readonly at: number
  readonly trail: Trail
  readonly bindings: Bindings
  readonly loops: LoopFrame | undefined
  readonly paths: PathFrame | undefined
}

/**
 * The paths of a graph that match one path pattern, by the variables they bind.
 *
 * Without a selector depth first. With one, breadth first from each node, so that shorter paths come first, and of the
 * partial matches that have the same future only as many are followed as the selector keeps in the end: every part of
 * one of the k shortest paths is among the k shortest of its kind. That makes the search end in cycles. Partial matches
 * have the same future when they are at the same node and instruction, in the same rounds (of a loop without a limit
 * only the rounds up to its minimum count), with the same single elements bound, and outside every restrictor.
 *
 * Source: semantics by Deutsch et al., "Graph Pattern Matching in GQL and SQL/PGQ", SIGMOD 2022, §4 to §6.
 */
export class GraphSearch {
  readonly #graph: Graph
  readonly #frame: Frame
  #effort = 0

  constructor(graph: Graph, frame: Frame) {
    this.#graph = graph
    this.#frame = frame
  }

  /**
   * The bindings of every match that agrees with `known`.
   *
   * @throws {LimitError} TOO_MANY_ROWS when the search takes too long
   */
  find({ instructions, isAmbiguous }: GraphProgram, known: Bindings): Bindings[] {
    const found: Bindings[] = []
    const seen = isAmbiguous ? new Set<string>() : undefined
    for (const start of this.#starts(instructions, known)) {
      const waiting = [start]
      for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
        if (instructions[state.at]!.kind !== 'accept') this.#advance(state, instructions, waiting)
        else {
          this.#spend(1 + state.trail.length)
          if (seen === undefined || isNew(seen, pathKey(state))) found.push(state.bindings)
        }
      }
    }
    return found
  }

  /**
   * The bindings of the matches that a selector keeps, out of all matches with the same first and last node.
   *
   * @throws {LimitError} TOO_MANY_ROWS when the search takes too long
   */
  select({ instructions }: GraphProgram, none: Bindings, selector: GraphSelector): Bindings[] {
    const found: Bindings[] = []
    for (const start of this.#starts(instructions, none)) {
      const kept = new Map<string, Kept>()
      let waiting = [start]
      while (waiting.length > 0) {
        const longer: State[] = []
        for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
          this.#spend(1 + state.trail.length)
          const instruction = instructions[state.at]!
          if (instruction.kind === 'accept') {
            if (keeps(kept, `${state.trail.node.index}`, state, selector)) found.push(state.bindings)
          } else if (instruction.kind === 'edge') {
            if (isRestricted(state) || keeps(kept, futureKey(state), state, selector)) {
              this.#advance(state, instructions, longer)
            }
          } else {
            this.#advance(state, instructions, waiting)
          }
        }
        waiting = longer
      }
    }
    return found
  }

  *#starts(instructions: readonly Instruction[], bindings: Bindings): Generator<State> {
    const first = instructions.find(({ kind }) => kind !== 'open')
    const bound = first?.kind === 'node' && first.variable !== undefined ? bindings[first.variable] : undefined
    for (const node of bound === undefined ? this.#graph.nodes : [bound as GraphNode]) {
      const trail: Trail = { previous: undefined, edge: undefined, node, length: 0 }
      yield { at: 0, trail, bindings, loops: undefined, paths: undefined }
    }
  }

  /** @throws {LimitError} TOO_MANY_ROWS */
  #spend(effort: number): void {
    this.#effort += effort
    if (this.#effort <= MAX_EFFORT) return
    throw new LimitError(
      'TOO_MANY_ROWS',
      'The pattern has too many matches in this graph. Limit its quantifiers, or keep fewer with a selector such as ANY SHORTEST.',
    )
  }

  /** Adds the states that follow; none where the pattern does not match. */
  #advance(state: State, instructions: readonly Instruction[], into: State[]): void {
    const instruction = instructions[state.at]!
    const at = state.at + 1
    const { trail } = state
    switch (instruction.kind) {
      case 'node': {
        const bindings = this.#test(instruction, trail.node, state)
        if (bindings !== undefined) into.push({ ...state, at, bindings })
        break
      }
      case 'edge': {
        const steps = this.#graph.stepsFrom(trail.node)
        this.#spend(1 + steps.length * (state.paths === undefined ? 1 : 1 + trail.length / 16))
        for (const step of steps) {
          if (!leads(step, instruction.direction) || !mayGo(step, state)) continue
          const bindings = this.#test(instruction, step.edge, state)
          if (bindings === undefined) continue
          const next: Trail = { previous: trail, edge: step.edge, node: step.target, length: trail.length + 1 }
          into.push({ ...state, at, trail: next, bindings })
        }
        break
      }
      case 'enter': {
        const { loop } = instruction
        const loops: LoopFrame = { outer: state.loops, loop, count: 0, lists: loop.variables.map(() => []) }
        into.push({ ...state, at, loops })
        break
      }
      case 'loop': {
        const { count, lists, outer, loop } = state.loops!
        const { min, max, variables } = loop
        if (count < max) into.push({ ...state, at, bindings: withBindings(state.bindings, variables, undefined) })
        if (count >= min) {
          const bindings = withBindings(state.bindings, variables, lists)
          into.push({ ...state, at: instruction.after, bindings, loops: outer })
        }
        break
      }
      case 'again': {
        const { count, lists, outer, loop } = state.loops!
        const longer = loop.variables.map((variable, index) => lists[index]!.concat(state.bindings[variable] ?? []))
        into.push({ ...state, at: instruction.head, loops: { outer, loop, count: count + 1, lists: longer } })
        break
      }
      case 'open':
        into.push({ ...state, at, paths: { outer: state.paths, restrictor: instruction.restrictor, start: trail } })
        break
      case 'close': {
        const { start, outer } = state.paths!
        const { variable } = instruction
        const bindings =
          variable === undefined ? state.bindings : withBindings(state.bindings, [variable], [elementsOf(trail, start)])
        into.push({ ...state, at, bindings, paths: outer })
        break
      }
      case 'condition':
        if (instruction.condition(state.bindings, this.#frame)) into.push({ ...state, at })
        break
      case 'accept':
        break
    }
  }

  /** The bindings with this element among them; undefined when it does not match. */
  #test(
    { variable, hasLabel, condition }: Instruction & { readonly kind: 'node' | 'edge' },
    element: GraphElement,
    { bindings }: State,
  ): Bindings | undefined {
    if (hasLabel !== undefined && !hasLabel(element.labels)) return undefined
    let bound = bindings
    if (variable !== undefined) {
      const known = bindings[variable]
      if (known === undefined) bound = withBindings(bindings, [variable], [element])
      else if (known !== element) return undefined
    }
    return condition === undefined || condition(bound, this.#frame) ? bound : undefined
  }
}

function withBindings(bindings: Bindings, variables: readonly number[], values: Bindings | undefined): Bindings {
  if (variables.length === 0) return bindings
  const changed = [...bindings]
  for (const [index, variable] of variables.entries()) changed[variable] = values?.[index]
  return changed
}

/** A loop that may be gone in both ways is gone once: that is the same path. */
function leads({ edge, sense }: GraphStep, direction: (Instruction & { readonly kind: 'edge' })['direction']): boolean {
  switch (sense) {
    case 'forward':
      return direction.right
    case 'backward':
      return direction.left && !(direction.right && edge.from === edge.to)
    case 'undirected':
      return direction.undirected
  }
}

/** Whether the restrictors around allow this step. */
function mayGo({ edge, target }: GraphStep, { trail, paths }: State): boolean {
  for (let path = paths; path !== undefined; path = path.outer) {
    const { restrictor, start } = path
    switch (restrictor) {
      case 'walk':
        break
      case 'trail':
        for (let each = trail; each !== start; each = each.previous!) if (each.edge === edge) return false
        break
      case 'acyclic':
        if (target === start.node) return false
        for (let each = trail; each !== start; each = each.previous!) if (each.node === target) return false
        break
      case 'simple':
        // A path that is back at its first node is at its end.
        if (trail !== start && trail.node === start.node) return false
        for (let each = trail; each !== start; each = each.previous!) if (each.node === target) return false
        break
    }
  }
  return true
}

/** From a place of the way to its end: node, edge, node … */
function elementsOf(trail: Trail, start: Trail): GraphElement[] {
  const elements: GraphElement[] = []
  for (let each = trail; each !== start; each = each.previous!) elements.push(each.node, each.edge!)
  elements.push(start.node)
  return elements.reverse()
}

// ------------------------------------------------------------------------------------------------------- what is kept

interface Kept {
  length: number
  count: number
  readonly seen: Set<string>
}

/** Whether a selector keeps one more partial match of this kind; they come in the order of their length. */
function keeps(kept: Map<string, Kept>, key: string, state: State, { keeps: what, count }: GraphSelector): boolean {
  const { length } = state.trail
  const known = kept.get(key)
  if (known === undefined) {
    kept.set(key, { length, count: 1, seen: new Set([pathKey(state)]) })
    return true
  }
  const isCounted = what !== 'shortest-groups' || length > known.length
  if ((isCounted && known.count >= count) || !isNew(known.seen, pathKey(state))) return false
  if (isCounted) known.count += 1
  known.length = length
  return true
}

function isNew(seen: Set<string>, key: string): boolean {
  if (seen.has(key)) return false
  seen.add(key)
  return true
}

/** True where a restrictor looks at the way gone. */
function isRestricted({ trail, paths }: State): boolean {
  for (let path = paths; path !== undefined; path = path.outer) {
    if (path.restrictor !== 'walk' && path.start !== trail) return true
  }
  return false
}

/** What the future of a partial match depends on. */
function futureKey({ at, trail, bindings, loops }: State): string {
  let key = `${at}|${trail.node.index}`
  for (let each = loops; each !== undefined; each = each.outer) {
    const { count, loop } = each
    key += `|${loop.max === Number.POSITIVE_INFINITY ? Math.min(count, loop.min) : count}`
  }
  for (const binding of bindings) key += `|${isList(binding) ? '' : indexesOf(binding)}`
  return key
}

/** One for each match: the way and what the variables stand for on it. */
function pathKey({ trail, bindings, loops }: State): string {
  let key = ''
  for (let each: Trail | undefined = trail; each !== undefined; each = each.previous) {
    key += `${each.node.index},${each.edge?.index},`
  }
  for (const binding of bindings) key += `|${indexesOf(binding)}`
  for (let loop = loops; loop !== undefined; loop = loop.outer) {
    for (const list of loop.lists) key += `|${indexesOf(list)}`
  }
  return key
}

function indexesOf(binding: Binding): string {
  if (binding === undefined) return '-'
  return isList(binding) ? binding.map(({ index }) => index).join() : `${binding.index}`
}

export function isList(binding: Binding): binding is readonly GraphElement[] {
  return Array.isArray(binding)
}
