import type * as syntax from '../syntax/graph-nodes.ts'
import type { Expression, GraphMatch as GraphMatchNode, Identifier, Location } from '../syntax/nodes.ts'
import { type PlanExpression, slotsOf } from './expression.ts'
import type { PlanContext } from './plan-context.ts'
import { QueryLevel } from './query-level.ts'
import { Scope } from './scope.ts'

/**
 * `(graph MATCH pattern)`: a bag of structs, one for each match, with the values of the variables. Every WHERE of the
 * pattern stands in `conditions`, so that whoever rewrites expressions finds them in one place.
 */
export interface GraphMatch {
  readonly kind: 'graph-match'
  readonly graph: PlanExpression
  readonly conditions: readonly PlanExpression[]
  readonly pattern: GraphPattern
  readonly place: Location
}

/** The paths must agree in the variables they share; `where` is an index into the conditions, as all conditions here. */
export interface GraphPattern {
  /** In the order in which they come in the text: the order of the attributes of a match. */
  readonly variables: readonly GraphVariable[]
  readonly selector: GraphSelector | undefined
  readonly paths: readonly GraphPath[]
  readonly where: number | undefined
}

/** `slot` holds the value of the variable while a condition is tested. */
export interface GraphVariable {
  readonly name: string
  readonly slot: number
}

export type GraphSelector = Pick<syntax.GraphSelector, 'keeps' | 'count'>

/** A path or a part of one; `variable` is an index into the variables, as all variables here. */
export interface GraphPath {
  readonly restrictor: syntax.GraphRestrictor
  readonly variable: number | undefined
  readonly parts: readonly GraphPart[]
  readonly where: number | undefined
}

export type GraphPart = NodePart | EdgePart | Repetition

interface ElementPart {
  readonly variable: number | undefined
  readonly label: syntax.GraphLabel | undefined
  readonly where: number | undefined
}

export interface NodePart extends ElementPart {
  readonly kind: 'node'
}

export interface EdgePart extends ElementPart {
  readonly kind: 'edge'
  readonly direction: syntax.GraphDirection
}

/** `path` again and again: once where nothing is quantified. */
export interface Repetition {
  readonly kind: 'repetition'
  readonly min: number
  /** undefined when there is no limit: then a restrictor or a selector is around it. */
  readonly max: number | undefined
  readonly path: GraphPath
  /** What one round binds and the rounds together collect in lists. Empty where nothing is quantified. */
  readonly variables: readonly number[]
}

/**
 * Resolves the names of a pattern. Its variables come before those of the queries around it.
 *
 * The rules are those of GPML (Deutsch et al., SIGMOD 2022, §4 and §5): a variable stands for one kind of element; it
 * is one element inside the quantifier that surrounds all its places, and a list outside; paths share single elements
 * only; a quantifier without a limit needs a restrictor or a selector around it, as there may be endless matches
 * otherwise. A WHERE inside a path sees the variables to its left, the one behind all paths sees all.
 *
 * @throws {StatementError} TYPE_ERROR, UNKNOWN_NAME, UNSUPPORTED_STATEMENT where a rule is broken
 */
export function bindGraphMatch(
  node: GraphMatchNode,
  graph: PlanExpression,
  scope: Scope | undefined,
  context: PlanContext,
): GraphMatch {
  const { pattern, conditions } = new GraphBinder(node.pattern, scope, context).bind()
  return { kind: 'graph-match', graph, conditions, pattern, place: node.location }
}

/** A quantified part of a path. */
interface Loop {
  readonly outer: Loop | undefined
}

interface Declaration {
  readonly index: number
  readonly slot: number
  readonly kind: 'node' | 'edge' | 'path'
  readonly loop: Loop | undefined
}

const KIND_NAMES = { node: 'a node', edge: 'an edge', path: 'a path' } as const

class GraphBinder {
  readonly #pattern: syntax.GraphPattern
  readonly #scope: Scope
  readonly #context: PlanContext
  readonly #declarations = new Map<string, Declaration>()
  readonly #variables: GraphVariable[] = []
  readonly #conditions: PlanExpression[] = []
  readonly #loops = new Map<syntax.GraphPart, Loop>()
  /** The variables that a condition may read at the place that is being bound. */
  readonly #bound = new Set<number>()
  #readsLists = false

  constructor(pattern: syntax.GraphPattern, scope: Scope | undefined, context: PlanContext) {
    this.#pattern = pattern
    this.#scope = new Scope(scope, new QueryLevel())
    this.#context = context
  }

  bind(): { pattern: GraphPattern; conditions: PlanExpression[] } {
    const { selector, paths, where } = this.#pattern
    for (const path of paths) this.#declarePath(path, undefined)
    for (const { name, slot } of this.#variables) this.#scope.add(name, { kind: 'slot', slot })
    const bound: GraphPath[] = []
    for (const path of paths) {
      // What a selector keeps of one path must not depend on the others.
      if (selector !== undefined) this.#bound.clear()
      this.#readsLists = false
      const isBounded = this.#checkBounds(path, selector !== undefined)
      bound.push(this.#bindPath(path, undefined, undefined))
      if (!isBounded && this.#readsLists) {
        throw this.#context.error(
          'UNSUPPORTED_STATEMENT',
          'A WHERE inside a path without a limit cannot look at the list of a quantified variable. Limit the quantifier, name a restrictor (TRAIL, ACYCLIC, SIMPLE), or move the condition to the WHERE behind the pattern.',
          path.location,
        )
      }
    }
    for (const index of this.#variables.keys()) this.#bound.add(index)
    const condition = where && this.#condition(where, undefined)
    return {
      pattern: {
        variables: this.#variables,
        selector: selector && { keeps: selector.keeps, count: selector.count },
        paths: bound,
        where: condition,
      },
      conditions: this.#conditions,
    }
  }

  // Variables.

  #declarePath(path: syntax.GraphPath, loop: Loop | undefined): void {
    if (path.variable !== undefined) this.#declare(path.variable, 'path', loop)
    for (const part of path.parts) {
      const inner = part.kind === 'node-pattern' || part.quantifier === undefined ? loop : { outer: loop }
      if (inner !== undefined) this.#loops.set(part, inner)
      if (part.kind === 'path-pattern') this.#declarePath(part.path, inner)
      else if (part.variable !== undefined)
        this.#declare(part.variable, part.kind === 'node-pattern' ? 'node' : 'edge', inner)
    }
  }

  #declare(variable: Identifier, kind: Declaration['kind'], loop: Loop | undefined): void {
    const known = this.#declarations.get(variable.name)
    if (known === undefined) {
      const index = this.#variables.length
      const slot = this.#context.newSlot()
      this.#declarations.set(variable.name, { index, slot, kind, loop })
      this.#variables.push({ name: variable.name, slot })
      return
    }
    const name = JSON.stringify(variable.name)
    if (known.kind !== kind || kind === 'path') {
      const both = known.kind === kind ? 'two paths' : `${KIND_NAMES[known.kind]} and ${KIND_NAMES[kind]}`
      throw this.#context.error('TYPE_ERROR', `The variable ${name} cannot stand for ${both}.`, variable.location)
    }
    if (known.loop !== loop) {
      throw this.#context.error(
        'TYPE_ERROR',
        `The variable ${name} is repeated by a quantifier in one place and not in another, so it is a list and a single element at once. Use two names.`,
        variable.location,
      )
    }
  }

  #index(variable: Identifier | undefined): number | undefined {
    if (variable === undefined) return undefined
    const { index } = this.#declarations.get(variable.name)!
    this.#bound.add(index)
    return index
  }

  // Paths.

  #bindPath(path: syntax.GraphPath, where: Expression | undefined, loop: Loop | undefined): GraphPath {
    const parts = path.parts.map((part) => this.#bindPart(part))
    return {
      restrictor: path.restrictor ?? 'walk',
      variable: this.#index(path.variable),
      parts,
      where: where && this.#condition(where, loop),
    }
  }

  #bindPart(part: syntax.GraphPart): GraphPart {
    const loop = this.#loops.get(part)
    switch (part.kind) {
      case 'node-pattern':
        return {
          kind: 'node',
          variable: this.#index(part.variable),
          label: part.label,
          where: part.where && this.#condition(part.where, loop),
        }
      case 'edge-pattern': {
        const edge: EdgePart = {
          kind: 'edge',
          direction: part.direction,
          variable: this.#index(part.variable),
          label: part.label,
          where: part.where && this.#condition(part.where, loop),
        }
        if (part.quantifier === undefined) return edge
        const path: GraphPath = { restrictor: 'walk', variable: undefined, parts: [edge], where: undefined }
        return this.#repetition(part.quantifier, path, loop)
      }
      case 'path-pattern': {
        const path = this.#bindPath(part.path, part.where, loop)
        if (part.quantifier !== undefined) return this.#repetition(part.quantifier, path, loop)
        return { kind: 'repetition', min: 1, max: 1, path, variables: [] }
      }
    }
  }

  #repetition(quantifier: syntax.GraphQuantifier, path: GraphPath, loop: Loop | undefined): Repetition {
    const variables: number[] = []
    for (const { index, loop: inner } of this.#declarations.values()) if (isInside(inner, loop)) variables.push(index)
    return { kind: 'repetition', min: quantifier.min, max: quantifier.max, path, variables }
  }

  /** @returns whether only a selector bounds some quantifier */
  #checkBounds(path: syntax.GraphPath, isSelected: boolean, isRestricted = false): boolean {
    const restricted = isRestricted || (path.restrictor !== undefined && path.restrictor !== 'walk')
    let isBounded = true
    for (const part of path.parts) {
      if (part.kind === 'node-pattern') continue
      if (part.quantifier !== undefined) {
        if (part.kind === 'path-pattern' && minimumLength(part.path) === 0) {
          throw this.#context.error(
            'UNSUPPORTED_STATEMENT',
            'What is repeated must hold an edge that cannot be left out.',
            part.location,
          )
        }
        if (part.quantifier.max === undefined && !restricted) {
          if (!isSelected) {
            throw this.#context.error(
              'UNSUPPORTED_STATEMENT',
              'A quantifier without a limit can match endless paths. Limit it, as in {1,5}, or name a restrictor (TRAIL, ACYCLIC, SIMPLE) or a selector (ANY, ANY SHORTEST, ALL SHORTEST, SHORTEST 3).',
              part.quantifier.location,
            )
          }
          isBounded = false
        }
      }
      if (part.kind === 'path-pattern' && !this.#checkBounds(part.path, isSelected, restricted)) isBounded = false
    }
    return isBounded
  }

  // Conditions.

  #condition(where: Expression, loop: Loop | undefined): number {
    const condition = this.#context.bindExpression(where, this.#scope, this.#context)
    const slots = slotsOf(condition)
    for (const [name, declaration] of this.#declarations) {
      if (!slots.has(declaration.slot)) continue
      if (!this.#bound.has(declaration.index)) {
        throw this.#context.error(
          'UNKNOWN_NAME',
          `${JSON.stringify(name)} is not matched yet where this condition stands. Move it to the WHERE behind the pattern.`,
          where.location,
        )
      }
      if (declaration.loop !== undefined && !isInside(loop, declaration.loop)) this.#readsLists = true
    }
    return this.#conditions.push(condition) - 1
  }
}

function isInside(loop: Loop | undefined, around: Loop | undefined): boolean {
  for (let each = loop; each !== undefined; each = each.outer) if (each === around) return true
  return false
}

/** How many edges the shortest match has. */
function minimumLength(path: syntax.GraphPath): number {
  let length = 0
  for (const part of path.parts) {
    if (part.kind === 'node-pattern') continue
    length += (part.kind === 'edge-pattern' ? 1 : minimumLength(part.path)) * (part.quantifier?.min ?? 1)
  }
  return length
}
