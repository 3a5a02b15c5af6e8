import type {
  AllElementsStep,
  AllFieldsStep,
  Expression,
  FieldStep,
  IndexStep,
  Path,
  Variable,
  Window,
} from './expression-nodes.ts'
import type { Identifier, Node } from './node.ts'

export type SetQuantifier = 'all' | 'distinct'

/** A query with what belongs to the whole of it. The body may be any expression: `1 + 1` is a query. */
export interface Query extends Node {
  readonly kind: 'query'
  readonly with: With | undefined
  readonly body: QueryBody
  readonly orderBy: OrderBy | undefined
  readonly limit: Expression | undefined
  readonly offset: Expression | undefined
}

export type QueryBody = Select | SetOperation | TableOperand | Expression

/** `WITH [RECURSIVE] name [(columns)] AS (query), …` */
export interface With extends Node {
  readonly kind: 'with'
  readonly isRecursive: boolean
  readonly queries: readonly WithQuery[]
}

export interface WithQuery extends Node {
  readonly kind: 'with-query'
  readonly name: Identifier
  readonly columns: readonly Identifier[] | undefined
  readonly query: Query
}

/** `TABLE name` */
export interface TableOperand extends Node {
  readonly kind: 'table-operand'
  readonly table: Variable | Path
}

/**
 * `left [OUTER] UNION | INTERSECT | EXCEPT [ALL | DISTINCT] [CORRESPONDING [BY (columns)]] right`; DISTINCT when not
 * written.
 */
export interface SetOperation extends Node {
  readonly kind: 'set-operation'
  readonly operator: 'union' | 'intersect' | 'except'
  readonly outer: boolean
  readonly quantifier: SetQuantifier
  readonly corresponding: Corresponding | undefined
  readonly left: QueryBody
  readonly right: QueryBody
}

/** `CORRESPONDING [BY (columns)]`; without columns all that both sides have. */
export interface Corresponding extends Node {
  readonly kind: 'corresponding'
  readonly columns: readonly Identifier[] | undefined
}

/** `SELECT … EXCLUDE … FROM … LET … WHERE … GROUP BY … HAVING … WINDOW …`, or PIVOT in the place of SELECT. */
export interface Select extends Node {
  readonly kind: 'select'
  readonly quantifier: SetQuantifier | undefined
  readonly projection: Projection
  readonly exclude: readonly ExcludePath[]
  readonly from: FromSource | undefined
  readonly lets: readonly LetBinding[]
  readonly where: Expression | undefined
  readonly groupBy: GroupBy | undefined
  readonly having: Expression | undefined
  readonly windows: readonly WindowDefinition[]
}

/** `root.a[*].b` after EXCLUDE; at least one step, and what stands in brackets is an integer or string literal. */
export interface ExcludePath extends Node {
  readonly kind: 'exclude-path'
  readonly root: Identifier
  readonly steps: readonly (FieldStep | IndexStep | AllElementsStep | AllFieldsStep)[]
}

/** `WINDOW name AS window` */
export interface WindowDefinition extends Node {
  readonly kind: 'window-definition'
  readonly name: Identifier
  readonly window: Window
}

export type Projection = SelectAll | SelectValue | SelectItems | Pivot

/** `SELECT *` */
export interface SelectAll extends Node {
  readonly kind: 'select-all'
}

/** `SELECT VALUE e` */
export interface SelectValue extends Node {
  readonly kind: 'select-value'
  readonly value: Expression
}

/** `SELECT a AS x, b.*, …` */
export interface SelectItems extends Node {
  readonly kind: 'select-items'
  readonly items: readonly SelectItem[]
}

export type SelectItem = ExpressionItem | AllOfItem

/** `e [AS alias]` */
export interface ExpressionItem extends Node {
  readonly kind: 'item'
  readonly expression: Expression
  readonly alias: Identifier | undefined
}

/** `e.*` */
export interface AllOfItem extends Node {
  readonly kind: 'all-of'
  readonly source: Expression
}

/** `PIVOT value AT name` */
export interface Pivot extends Node {
  readonly kind: 'pivot'
  readonly value: Expression
  readonly name: Expression
}

/** What stands after FROM. A comma is a cross join; joins nest to the left. */
export type FromSource = Scan | Unpivot | Join

/** `source [FOR SYSTEM_TIME AS OF asOf] [AS alias] [AT at] [BY by]` */
export interface Scan extends Node {
  readonly kind: 'scan'
  readonly source: Expression
  /** A timestamp or a block number: the source as it was then. */
  readonly asOf: Expression | undefined
  readonly alias: Identifier | undefined
  readonly at: Identifier | undefined
  readonly by: Identifier | undefined
}

/** `UNPIVOT source [AS alias] [AT at] [BY by]` */
export interface Unpivot extends Node {
  readonly kind: 'unpivot'
  readonly source: Expression
  readonly alias: Identifier | undefined
  readonly at: Identifier | undefined
  readonly by: Identifier | undefined
}

/** `on` is undefined for a comma or a cross join. The right side sees the variables of the left. */
export interface Join extends Node {
  readonly kind: 'join'
  readonly join: 'inner' | 'left' | 'right' | 'full' | 'cross'
  readonly left: FromSource
  readonly right: FromSource
  readonly on: Expression | undefined
}

/** `LET value AS name` */
export interface LetBinding extends Node {
  readonly kind: 'let'
  readonly value: Expression
  readonly name: Identifier
}

/** `GROUP [PARTIAL] BY keys [GROUP AS groupAs]`, or `GROUP ALL GROUP AS groupAs` without keys. */
export interface GroupBy extends Node {
  readonly kind: 'group-by'
  readonly mode: 'by' | 'partial' | 'all'
  readonly keys: readonly GroupKey[]
  readonly groupAs: Identifier | undefined
}

export interface GroupKey extends Node {
  readonly kind: 'group-key'
  readonly expression: Expression
  readonly alias: Identifier | undefined
}

/** `ORDER BY keys`, or `ORDER BY PRESERVE` without keys. */
export interface OrderBy extends Node {
  readonly kind: 'order-by'
  readonly preserve: boolean
  readonly keys: readonly OrderKey[]
}

/** `nulls` is undefined when not written: last for ascending, first for descending order. */
export interface OrderKey extends Node {
  readonly kind: 'order-key'
  readonly expression: Expression
  readonly direction: 'asc' | 'desc'
  readonly nulls: 'first' | 'last' | undefined
}
