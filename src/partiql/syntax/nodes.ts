/**
 * The shapes a statement is parsed into: plain readonly data told apart by `kind`, nothing resolved and nothing bound.
 * Names keep their case and whether they were quoted; implicit aliases, types of values and the meaning of function
 * names are the planner's. A chain of ANDs or ORs is one node with many operands, so that it never nests deeply.
 */

import type { IonValue } from '../../ion/index.ts'

/** Where a node stands in the statement text, in UTF-16 units; see `locate` for line and column. */
export interface Location {
  readonly offset: number
  readonly length: number
}

interface Node {
  readonly location: Location
}

/** A name as written: `Person`, or `"Person"` with `quoted` true (then `""` is already one quote). */
export interface Identifier extends Node {
  readonly kind: 'identifier'
  readonly name: string
  readonly quoted: boolean
}

// ---------------------------------------------------------------------------------------------------- expressions

export type Expression =
  | Literal
  | MissingLiteral
  | DatetimeLiteral
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

/** A type under its one name: INTEGER is `int`, SMALLINT is `int2`, BOOLEAN is `bool`, DOUBLE PRECISION is `double`. */
export type TypeName =
  | 'any'
  | 'null'
  | 'missing'
  | 'bool'
  | 'tinyint'
  | 'int2'
  | 'int4'
  | 'int8'
  | 'int'
  | 'real'
  | 'float'
  | 'double'
  | 'decimal'
  | 'numeric'
  | 'char'
  | 'varchar'
  | 'string'
  | 'symbol'
  | 'clob'
  | 'blob'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'struct'
  | 'list'
  | 'sexp'
  | 'bag'

/** `DECIMAL(10, 2)`: name and the numbers in parentheses. */
export interface DataType extends Node {
  readonly kind: 'type'
  readonly name: TypeName
  readonly parameters: readonly number[]
  /** TIME and TIMESTAMP only: undefined when neither WITH nor WITHOUT TIME ZONE was written. */
  readonly withTimeZone: boolean | undefined
}

/**
 * `name(a, b)`, `COUNT(*)` (`star`), `COUNT(DISTINCT a)` (`quantifier`). `name` is in lower case unless quoted. A query
 * in the argument list without parentheses of its own is a subquery argument. The spellings `SUBSTRING(s FROM p FOR n)`,
 * `POSITION(x IN s)` and `OVERLAY(s PLACING r FROM p FOR n)` come out as calls with the arguments in this order;
 * `CURRENT_DATE` and `CURRENT_USER` as calls without arguments. `history(T, from, to)` is a call too.
 */
export interface Call extends Node {
  readonly kind: 'call'
  readonly name: string
  readonly quoted: boolean
  readonly quantifier: SetQuantifier | undefined
  readonly star: boolean
  readonly args: readonly Expression[]
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

// -------------------------------------------------------------------------------------------------------- queries

export type SetQuantifier = 'all' | 'distinct'

/** A query with what belongs to the whole of it. The body may be any expression: `1 + 1` is a query. */
export interface Query extends Node {
  readonly kind: 'query'
  readonly body: QueryBody
  readonly orderBy: OrderBy | undefined
  readonly limit: Expression | undefined
  readonly offset: Expression | undefined
}

export type QueryBody = Select | SetOperation | Expression

/** `left [OUTER] UNION | INTERSECT | EXCEPT [ALL | DISTINCT] right`; DISTINCT when not written. */
export interface SetOperation extends Node {
  readonly kind: 'set-operation'
  readonly operator: 'union' | 'intersect' | 'except'
  readonly outer: boolean
  readonly quantifier: SetQuantifier
  readonly left: QueryBody
  readonly right: QueryBody
}

/** `SELECT … FROM … LET … WHERE … GROUP BY … HAVING …`, or PIVOT in the place of SELECT. */
export interface Select extends Node {
  readonly kind: 'select'
  readonly quantifier: SetQuantifier | undefined
  readonly projection: Projection
  readonly from: FromSource | undefined
  readonly lets: readonly LetBinding[]
  readonly where: Expression | undefined
  readonly groupBy: GroupBy | undefined
  readonly having: Expression | undefined
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

/** `source [AS alias] [AT at] [BY by]` */
export interface Scan extends Node {
  readonly kind: 'scan'
  readonly source: Expression
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

// ----------------------------------------------------------------------------------------------------- statements

export type Statement =
  | QueryStatement
  | Insert
  | InsertIntoPathStatement
  | Update
  | Delete
  | FromDml
  | CreateTable
  | DropTable
  | UndropTable
  | CreateIndex
  | DropIndex
  | Exec
  | Explain

interface StatementNode extends Node {
  /** How many `?` the whole statement has. */
  readonly parameterCount: number
}

export interface QueryStatement extends StatementNode {
  readonly kind: 'query-statement'
  readonly query: Query
}

/** `INSERT INTO table [AS alias] [(columns)] source` */
export interface Insert extends StatementNode {
  readonly kind: 'insert'
  readonly table: Identifier
  readonly alias: Identifier | undefined
  readonly columns: readonly Identifier[] | undefined
  readonly source: InsertSource
}

export type InsertSource = InsertValue | InsertQuery | InsertDefaultValues

/** `VALUE document`: exactly one document. */
export interface InsertValue extends Node {
  readonly kind: 'insert-value'
  readonly value: Expression
}

/** `document`, `<<document, …>>`, `?`, `VALUES …`, `SELECT …`: one document, or every element of a collection. */
export interface InsertQuery extends Node {
  readonly kind: 'insert-query'
  readonly query: Query
}

/** `DEFAULT VALUES` */
export interface InsertDefaultValues extends Node {
  readonly kind: 'insert-default-values'
}

/** A name and the way from it: `v.Owners.SecondaryOwners[0]`; without steps the name itself. */
export interface Target extends Node {
  readonly kind: 'target'
  readonly root: Identifier
  readonly steps: readonly (FieldStep | IndexStep)[]
}

/** What UPDATE and FROM do to each document, in order. */
export type Operation = SetFields | InsertIntoPath | Remove

/** `SET target = value, …` */
export interface SetFields extends Node {
  readonly kind: 'set'
  readonly assignments: readonly Assignment[]
}

export interface Assignment extends Node {
  readonly kind: 'assignment'
  readonly target: Target
  readonly value: Expression
}

/** `INSERT INTO target VALUE value [AT at]` */
export interface InsertIntoPath extends Node {
  readonly kind: 'insert-into-path'
  readonly target: Target
  readonly value: Expression
  readonly at: Expression | undefined
}

/** `REMOVE target` */
export interface Remove extends Node {
  readonly kind: 'remove'
  readonly target: Target
}

/** `INSERT INTO path VALUE value [AT at]` as a statement of its own, where the path has steps or AT is written. */
export interface InsertIntoPathStatement extends StatementNode {
  readonly kind: 'insert-into-path-statement'
  readonly operation: InsertIntoPath
}

/** `UPDATE source [AS alias] [AT at] [BY by] operations [WHERE where]` */
export interface Update extends StatementNode {
  readonly kind: 'update'
  readonly from: Scan
  readonly operations: readonly Operation[]
  readonly where: Expression | undefined
}

/** `DELETE FROM source [AS alias] [AT at] [BY by] [WHERE where]` */
export interface Delete extends StatementNode {
  readonly kind: 'delete'
  readonly from: Scan
  readonly where: Expression | undefined
}

/** `FROM from [WHERE where] operations` */
export interface FromDml extends StatementNode {
  readonly kind: 'from-dml'
  readonly from: FromSource
  readonly where: Expression | undefined
  readonly operations: readonly Operation[]
}

/** ``CREATE TABLE table [WITH (aws_tags = `{…}`)]`` */
export interface CreateTable extends StatementNode {
  readonly kind: 'create-table'
  readonly table: Identifier
  readonly options: readonly TableOption[]
}

export interface TableOption extends Node {
  readonly kind: 'table-option'
  readonly name: Identifier
  readonly value: Expression
}

/** `DROP TABLE table` */
export interface DropTable extends StatementNode {
  readonly kind: 'drop-table'
  readonly table: Identifier
}

/** `UNDROP TABLE "tableId"` */
export interface UndropTable extends StatementNode {
  readonly kind: 'undrop-table'
  readonly tableId: Identifier
}

/** `CREATE INDEX ON table (paths)` */
export interface CreateIndex extends StatementNode {
  readonly kind: 'create-index'
  readonly table: Identifier
  readonly paths: readonly Target[]
}

/** `DROP INDEX "indexId" ON table WITH (purge = true)`; `purge` is undefined without the WITH clause. */
export interface DropIndex extends StatementNode {
  readonly kind: 'drop-index'
  readonly indexId: Identifier
  readonly table: Identifier
  readonly purge: boolean | undefined
}

/** `EXEC procedure a, b` */
export interface Exec extends StatementNode {
  readonly kind: 'exec'
  readonly procedure: Identifier
  readonly args: readonly Expression[]
}

/** `EXPLAIN [ANALYZE] statement` */
export interface Explain extends StatementNode {
  readonly kind: 'explain'
  readonly analyze: boolean
  readonly statement: Statement
}
