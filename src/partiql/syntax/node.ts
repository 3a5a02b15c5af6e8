/** Where a node stands in the statement text, in UTF-16 units; see `locate` for line and column. */
export interface Location {
  readonly offset: number
  readonly length: number
}

/** What every node of a statement has. */
export interface Node {
  readonly location: Location
}

/** A name as written: `Person`, or `"Person"` with `quoted` true (then `""` is already one quote). */
export interface Identifier extends Node {
  readonly kind: 'identifier'
  readonly name: string
  readonly quoted: boolean
}
