import type { Expression } from './expression-nodes.ts'
import type { Identifier, Node } from './node.ts'

/** What stands behind MATCH: `[selector] path, path … [WHERE where]`. */
export interface GraphPattern extends Node {
  readonly kind: 'graph-pattern'
  readonly selector: GraphSelector | undefined
  readonly paths: readonly GraphPath[]
  readonly where: Expression | undefined
}

/**
 * Which of the paths between the same two nodes are kept: `ANY [count]` any, `SHORTEST count` the shortest,
 * `SHORTEST count GROUP` all of the shortest lengths. `ANY SHORTEST` is `SHORTEST 1`, `ALL SHORTEST` is
 * `SHORTEST 1 GROUP`.
 */
export interface GraphSelector extends Node {
  readonly kind: 'graph-selector'
  readonly keeps: 'any' | 'shortest' | 'shortest-groups'
  readonly count: number
}

export type GraphRestrictor = 'walk' | 'trail' | 'acyclic' | 'simple'

/** `[restrictor] [variable =] part part …` */
export interface GraphPath extends Node {
  readonly kind: 'graph-path'
  readonly restrictor: GraphRestrictor | undefined
  readonly variable: Identifier | undefined
  readonly parts: readonly GraphPart[]
}

export type GraphPart = NodePattern | EdgePattern | PathPattern

/** `(variable :label WHERE where)`, each of which may be left out. */
export interface NodePattern extends Node {
  readonly kind: 'node-pattern'
  readonly variable: Identifier | undefined
  readonly label: GraphLabel | undefined
  readonly where: Expression | undefined
}

/** `->`: right, `<-`: left, `~`: undirected, and any mixture: `-` is all three. */
export interface GraphDirection {
  readonly left: boolean
  readonly undirected: boolean
  readonly right: boolean
}

/** `-[variable :label WHERE where]->quantifier`, or the arrow alone. */
export interface EdgePattern extends Node {
  readonly kind: 'edge-pattern'
  readonly direction: GraphDirection
  readonly variable: Identifier | undefined
  readonly label: GraphLabel | undefined
  readonly where: Expression | undefined
  readonly quantifier: GraphQuantifier | undefined
}

/** `(path WHERE where)quantifier` or the same in brackets. */
export interface PathPattern extends Node {
  readonly kind: 'path-pattern'
  readonly path: GraphPath
  readonly where: Expression | undefined
  readonly quantifier: GraphQuantifier | undefined
}

/** `+`, `*`, `{min,max}`, `{min,}` */
export interface GraphQuantifier extends Node {
  readonly kind: 'graph-quantifier'
  readonly min: number
  /** undefined when there is no limit. */
  readonly max: number | undefined
}

/** `name`, `%`, `!label`, `label & label`, `label | label` */
export type GraphLabel =
  | { readonly kind: 'label-name'; readonly name: string }
  | { readonly kind: 'label-any' }
  | { readonly kind: 'label-not'; readonly operand: GraphLabel }
  | { readonly kind: 'label-and' | 'label-or'; readonly operands: readonly GraphLabel[] }
