import type { IonValue } from '../../ion/index.ts'
import type { GraphPattern } from './graph-nodes.ts'
import type { Identifier, Node } from './node.ts'
import type { OrderBy, Query, SetQuantifier } from './query-nodes.ts'
import type { DataType, IntervalQualifier } from './type-nodes.ts'

export type Expression =
  | Literal
  | MissingLiteral
  | DatetimeLiteral
  | IntervalLiteral
  | Parameter
  | Variable
  | Path
  | Unary
  | Binary
  | Logical
  | Between
  | Like
  | In
  | IsType
  | IsTruth
  | Overlaps
  | GraphMatch
  | Case
  | Cast
  | Call
  | Extract
  | Trim
  | DateAdd
  | DateDiff
  | StructConstructor
  | ListConstructor
  | BagConstructor
  | SexpConstructor
  | Subquery

/** `12`, `12.5`, `'text'`, `TRUE`, `NULL`, or one Ion value in backticks (`isIon` true, annotations kept). */
export interface Literal extends Node {
  readonly kind: 'literal'
  readonly value: IonValue
  readonly isIon: boolean
}

export interface MissingLiteral extends Node {
  readonly kind: 'missing'
}

/** `DATE '2026-01-31'`, `TIME (3) WITH TIME ZONE '…'`, `TIMESTAMP '…'`; the calendar and the ranges are checked. */
export interface DatetimeLiteral extends Node {
  readonly kind: 'datetime'
  readonly type: 'date' | 'time' | 'timestamp'
  readonly text: string
  /** Digits of the fraction of a second to round to; undefined when not written. */
  readonly precision: number | undefined
  /** undefined when neither WITH nor WITHOUT TIME ZONE was written. */
  readonly withTimeZone: boolean | undefined
}

/** `INTERVAL [-] '1-6' YEAR TO MONTH`: the text as written, not looked into. */
export interface IntervalLiteral extends Node {
  readonly kind: 'interval'
  /** The sign in front of the quotes; one inside them is part of the text. */
  readonly sign: '+' | '-' | undefined
  readonly text: string
  readonly qualifier: IntervalQualifier
}

/** `?`; `index` counts from 0 in the order of the text. */
export interface Parameter extends Node {
  readonly kind: 'parameter'
  readonly index: number
}

/** `name`, `"name"` or, with `atSign`, `@name`: a variable is looked up before a table even in FROM. */
export interface Variable extends Node {
  readonly kind: 'variable'
  readonly name: string
  readonly quoted: boolean
  readonly atSign: boolean
}

/** `root.a."b"[0][*].*`; never without steps. */
export interface Path extends Node {
  readonly kind: 'path'
  readonly root: Expression
  readonly steps: readonly PathStep[]
}

export type PathStep = FieldStep | IndexStep | AllElementsStep | AllFieldsStep

/** `.name`, `."name"` or `.'name'` (the last two quoted). */
export interface FieldStep extends Node {
  readonly kind: 'field'
  readonly name: string
  readonly quoted: boolean
}

/** `[e]`: an element by number, or a field when `e` is a string literal or a parameter that holds one. */
export interface IndexStep extends Node {
  readonly kind: 'index'
  readonly index: Expression
}

/** `[*]` */
export interface AllElementsStep extends Node {
  readonly kind: 'all-elements'
}

/** `.*` */
export interface AllFieldsStep extends Node {
  readonly kind: 'all-fields'
}

export interface Unary extends Node {
  readonly kind: 'unary'
  readonly operator: 'not' | '-' | '+'
  readonly operand: Expression
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '||' | '=' | '<>' | '<' | '<=' | '>' | '>='

/** Left-associative; `!=` is written down as `<>`. */
export interface Binary extends Node {
  readonly kind: 'binary'
  readonly operator: BinaryOperator
  readonly left: Expression
  readonly right: Expression
}

/** `a AND b AND c`: a whole chain of one operator, two operands or more. */
export interface Logical extends Node {
  readonly kind: 'logical'
  readonly operator: 'and' | 'or'
  readonly operands: readonly Expression[]
}

/** `operand [NOT] BETWEEN low AND high` */
export interface Between extends Node {
  readonly kind: 'between'
  readonly operand: Expression
  readonly low: Expression
  readonly high: Expression
  readonly negated: boolean
}

/** `operand [NOT] LIKE pattern [ESCAPE escape]` */
export interface Like extends Node {
  readonly kind: 'like'
  readonly operand: Expression
  readonly pattern: Expression
  readonly escape: Expression | undefined
  readonly negated: boolean
}

/**
 * `operand [NOT] IN collection`. `IN (a, b)` and also `IN (a)` hold a list constructor, `IN (SELECT …)` a subquery that
 * is used as a collection (not coerced to one value), anything else the expression itself.
 */
export interface In extends Node {
  readonly kind: 'in'
  readonly operand: Expression
  readonly collection: Expression
  readonly negated: boolean
}

/** `operand IS [NOT] type`, with `IS NULL` and `IS MISSING` among the types. */
export interface IsType extends Node {
  readonly kind: 'is-type'
  readonly operand: Expression
  readonly type: DataType
  readonly negated: boolean
}

/** `operand IS [NOT] TRUE | FALSE | UNKNOWN` */
export interface IsTruth extends Node {
  readonly kind: 'is-truth'
  readonly operand: Expression
  readonly truth: 'true' | 'false' | 'unknown'
  readonly negated: boolean
}

/** `left OVERLAPS right`, where both are periods: `(start, end)` or `(start, duration)`. */
export interface Overlaps extends Node {
  readonly kind: 'overlaps'
  readonly left: Expression
  readonly right: Expression
}

/** `graph MATCH pattern` */
export interface GraphMatch extends Node {
  readonly kind: 'graph-match'
  readonly graph: Expression
  readonly pattern: GraphPattern
}

/** With an operand `WHEN` compares with `=`, without one `WHEN` is a condition. */
export interface Case extends Node {
  readonly kind: 'case'
  readonly operand: Expression | undefined
  readonly branches: readonly CaseBranch[]
  readonly otherwise: Expression | undefined
}

export interface CaseBranch {
  readonly when: Expression
  readonly then: Expression
}

/** `CAST(operand AS type)`, or the question whether it would succeed (`can_cast`, `can_lossless_cast`). */
export interface Cast extends Node {
  readonly kind: 'cast'
  readonly mode: 'cast' | 'can_cast' | 'can_lossless_cast'
  readonly operand: Expression
  readonly type: DataType
}

/**
 * `name(a, b)`, `COUNT(*)` (`star`), `COUNT(DISTINCT a)` (`quantifier`). `name` is in lower case unless quoted. A query
 * in the argument list without parentheses of its own is a subquery argument. The spellings `SUBSTRING(s FROM p FOR n)`,
 * `POSITION(x IN s)` and `OVERLAY(s PLACING r FROM p FOR n)` come out as calls with the arguments in this order;
 * `CURRENT_DATE`, `CURRENT_TIMESTAMP` and `CURRENT_USER` as calls without arguments. `history(T, from, to)` is a call too. With `OVER` it is
 * calculated over a window of rows.
 */
export interface Call extends Node {
  readonly kind: 'call'
  readonly name: string
  readonly quoted: boolean
  readonly quantifier: SetQuantifier | undefined
  readonly star: boolean
  readonly args: readonly Expression[]
  readonly over: Window | undefined
}

/** `w`, or `([w] [PARTITION BY …] [ORDER BY …] [frame])`: what a window function looks at. `OVER w` is the name alone. */
export interface Window extends Node {
  readonly kind: 'window'
  /** The window of the WINDOW clause that this one is, or adds to. */
  readonly name: Identifier | undefined
  readonly partitionBy: readonly Expression[]
  readonly orderBy: OrderBy | undefined
  readonly frame: WindowFrame | undefined
}

/** `ROWS BETWEEN start AND end [EXCLUDE …]`; `end` is undefined when only the start was written (then the current row). */
export interface WindowFrame extends Node {
  readonly kind: 'window-frame'
  readonly unit: 'rows' | 'range' | 'groups'
  readonly start: FrameBound
  readonly end: FrameBound | undefined
  readonly exclude: 'current-row' | 'group' | 'ties' | 'no-others' | undefined
}

/** `UNBOUNDED PRECEDING`, `distance PRECEDING`, `CURRENT ROW`, `distance FOLLOWING`, `UNBOUNDED FOLLOWING` */
export type FrameBound = UnboundedBound | CurrentRowBound | DistanceBound

interface UnboundedBound extends Node {
  readonly kind: 'unbounded-preceding' | 'unbounded-following'
}

interface CurrentRowBound extends Node {
  readonly kind: 'current-row'
}

interface DistanceBound extends Node {
  readonly kind: 'preceding' | 'following'
  readonly distance: Expression
}

export type DatePart = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'timezone_hour' | 'timezone_minute'

/** `EXTRACT(part FROM operand)` */
export interface Extract extends Node {
  readonly kind: 'extract'
  readonly part: DatePart
  readonly operand: Expression
}

/** `TRIM([side] [characters] FROM operand)`; the side is `both` when not written. */
export interface Trim extends Node {
  readonly kind: 'trim'
  readonly side: 'leading' | 'trailing' | 'both'
  readonly characters: Expression | undefined
  readonly operand: Expression
}

/** `DATE_ADD(part, quantity, operand)` */
export interface DateAdd extends Node {
  readonly kind: 'date-add'
  readonly part: DatePart
  readonly quantity: Expression
  readonly operand: Expression
}

/** `DATE_DIFF(part, from, to)` */
export interface DateDiff extends Node {
  readonly kind: 'date-diff'
  readonly part: DatePart
  readonly from: Expression
  readonly to: Expression
}

/** `{ 'name': value, … }`; names are expressions, usually string literals, and may repeat. */
export interface StructConstructor extends Node {
  readonly kind: 'struct'
  readonly fields: readonly StructField[]
}

export interface StructField {
  readonly name: Expression
  readonly value: Expression
}

/** `[a, b]`, `(a, b)`, `LIST(a, b)`, `ROW(a, b)` */
export interface ListConstructor extends Node {
  readonly kind: 'list'
  readonly items: readonly Expression[]
}

/** `<<a, b>>`, `VALUES (a), (b)` */
export interface BagConstructor extends Node {
  readonly kind: 'bag'
  readonly items: readonly Expression[]
}

/** `SEXP(a, b)` */
export interface SexpConstructor extends Node {
  readonly kind: 'sexp'
  readonly items: readonly Expression[]
}

/** `(SELECT …)` in the place of an expression; whether it is coerced to one value depends on where it stands. */
export interface Subquery extends Node {
  readonly kind: 'subquery'
  readonly query: Query
}
