import type { Expression, FieldStep, IndexStep } from './expression-nodes.ts'
import type { Identifier, Node } from './node.ts'
import type { FromSource, Query, Scan } from './query-nodes.ts'
import type { FieldDefinition } from './type-nodes.ts'

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

/** `INSERT | UPSERT | REPLACE INTO table [AS alias] [(columns)] source [ON CONFLICT …] [RETURNING …]` */
export interface Insert extends StatementNode {
  readonly kind: 'insert'
  readonly mode: 'insert' | 'upsert' | 'replace'
  readonly table: Identifier
  readonly alias: Identifier | undefined
  readonly columns: readonly Identifier[] | undefined
  readonly source: InsertSource
  readonly onConflict: OnConflict | undefined
  readonly returning: Returning | undefined
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

/** `ON CONFLICT [target] [WHERE where] DO action` */
export interface OnConflict extends Node {
  readonly kind: 'on-conflict'
  readonly target: ConflictTarget | undefined
  /** The old form `ON CONFLICT WHERE where DO NOTHING`. */
  readonly where: Expression | undefined
  readonly action: ConflictAction
}

export type ConflictTarget = ConflictFields | ConflictConstraint

/** `(a, b)` */
export interface ConflictFields extends Node {
  readonly kind: 'conflict-fields'
  readonly fields: readonly Identifier[]
}

/** `ON CONSTRAINT name` */
export interface ConflictConstraint extends Node {
  readonly kind: 'conflict-constraint'
  readonly name: Identifier
}

export type ConflictAction = DoNothing | DoUpdate | DoReplace

export interface DoNothing extends Node {
  readonly kind: 'do-nothing'
}

/** `DO UPDATE EXCLUDED | SET … [WHERE where]` */
export interface DoUpdate extends Node {
  readonly kind: 'do-update'
  readonly change: ExcludedDocument | SetFields
  readonly where: Expression | undefined
}

/** `DO REPLACE EXCLUDED | SET … | VALUE document [WHERE where]` */
export interface DoReplace extends Node {
  readonly kind: 'do-replace'
  readonly change: ExcludedDocument | SetFields | InsertValue
  readonly where: Expression | undefined
}

/** `EXCLUDED`: the document that was to be inserted. */
export interface ExcludedDocument extends Node {
  readonly kind: 'excluded'
}

/** `RETURNING items` */
export interface Returning extends Node {
  readonly kind: 'returning'
  readonly items: readonly ReturningItem[]
}

/** `MODIFIED | ALL OLD | NEW * | expression`; the expression is undefined for `*`. */
export interface ReturningItem extends Node {
  readonly kind: 'returning-item'
  readonly rows: 'modified' | 'all'
  readonly version: 'old' | 'new'
  readonly expression: Expression | undefined
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

/** `INSERT INTO path VALUE value [AT at] [RETURNING …]` as a statement of its own, where the path has steps or AT is written. */
export interface InsertIntoPathStatement extends StatementNode {
  readonly kind: 'insert-into-path-statement'
  readonly operation: InsertIntoPath
  readonly returning: Returning | undefined
}

/** `UPDATE source [AS alias] [AT at] [BY by] operations [WHERE where] [RETURNING …]` */
export interface Update extends StatementNode {
  readonly kind: 'update'
  readonly from: Scan
  readonly operations: readonly Operation[]
  readonly where: Expression | undefined
  readonly returning: Returning | undefined
}

/** `DELETE FROM source [AS alias] [AT at] [BY by] [WHERE where] [RETURNING …]` */
export interface Delete extends StatementNode {
  readonly kind: 'delete'
  readonly from: Scan
  readonly where: Expression | undefined
  readonly returning: Returning | undefined
}

/** `FROM from [WHERE where] operations [RETURNING …]` */
export interface FromDml extends StatementNode {
  readonly kind: 'from-dml'
  readonly from: FromSource
  readonly where: Expression | undefined
  readonly operations: readonly Operation[]
  readonly returning: Returning | undefined
}

/** ``CREATE TABLE table [(elements)] [WITH (aws_tags = `{…}`)] [PARTITION BY (…)] [TBLPROPERTIES (…)]`` */
export interface CreateTable extends StatementNode {
  readonly kind: 'create-table'
  readonly table: Identifier
  /** Empty when no list was written: documents may have any fields. */
  readonly elements: readonly TableElement[]
  readonly options: readonly TableOption[]
  readonly partitionBy: readonly Identifier[]
  readonly properties: readonly TableProperty[]
}

export type TableElement = FieldDefinition | TableConstraint

/** `[CONSTRAINT name] UNIQUE | PRIMARY KEY (fields)`, `[CONSTRAINT name] CHECK (condition)` */
export type TableConstraint = KeyConstraint | TableCheck

export interface KeyConstraint extends Node {
  readonly kind: 'unique-key' | 'primary-key'
  readonly name: Identifier | undefined
  readonly fields: readonly Identifier[]
}

export interface TableCheck extends Node {
  readonly kind: 'table-check'
  readonly name: Identifier | undefined
  readonly condition: Expression
}

/** `'key' = 'value'` of TBLPROPERTIES */
export interface TableProperty extends Node {
  readonly kind: 'table-property'
  readonly key: string
  readonly value: string
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

/** `CREATE [UNIQUE] INDEX ON table (paths)` */
export interface CreateIndex extends StatementNode {
  readonly kind: 'create-index'
  readonly isUnique: boolean
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

/** `EXPLAIN [ANALYZE | (options)] statement`; the option ANALYZE is the word ANALYZE. */
export interface Explain extends StatementNode {
  readonly kind: 'explain'
  readonly analyze: boolean
  readonly options: readonly ExplainOption[]
  readonly statement: Statement
}

/** `name value`, as in `EXPLAIN (type logical, format json) …` */
export interface ExplainOption extends Node {
  readonly kind: 'explain-option'
  readonly name: Identifier
  readonly value: Identifier | undefined
}
