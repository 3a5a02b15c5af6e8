import type { Node } from './node.ts'

/** What stands behind MATCH. */
export interface GraphPattern extends Node {
  readonly kind: 'graph-pattern'
}
