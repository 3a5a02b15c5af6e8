import type { Expression } from './expression-nodes.ts'
import type { Identifier, Node } from './node.ts'

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
  | 'interval'
  | 'struct'
  | 'list'
  | 'sexp'
  | 'bag'

/**
 * `DECIMAL(10, 2)`, `TIME (3) WITH TIME ZONE`, `LIST<INT>`, `STRUCT<a: INT, b: STRING>`, `INTERVAL DAY TO SECOND`: the
 * name, and what it is written with.
 */
export interface DataType extends Node {
  readonly kind: 'type'
  readonly name: TypeName
  /** The numbers in parentheses. */
  readonly parameters: readonly number[]
  /** TIME and TIMESTAMP only: undefined when neither WITH nor WITHOUT TIME ZONE was written. */
  readonly withTimeZone: boolean | undefined
  /** INTERVAL only; undefined when no field was written. */
  readonly interval: IntervalQualifier | undefined
  /** LIST, BAG and SEXP: what every element is; undefined when not written. */
  readonly element: DataType | undefined
  /** STRUCT: its fields; undefined when not written. */
  readonly fields: readonly FieldDefinition[] | undefined
}

export type IntervalField = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'

/** `DAY(3) TO SECOND(6)`, `MONTH`, `SECOND(2, 6)`: which fields an interval has, and with how many digits. */
export interface IntervalQualifier extends Node {
  readonly kind: 'interval-qualifier'
  readonly from: IntervalField
  /** The last field; undefined when there is one field only. Never larger than `from`, never of the other family. */
  readonly to: IntervalField | undefined
  /** Digits of the first field; undefined when not written (2 by the standard). */
  readonly precision: number | undefined
  /** Digits of the fraction of a second; undefined when not written (6 by the standard). */
  readonly fractionPrecision: number | undefined
}

/**
 * `name [OPTIONAL] type [NOT NULL] [UNIQUE] … [COMMENT 'text']`: a field of a typed table or, with a colon behind its
 * name, of `STRUCT<…>`.
 */
export interface FieldDefinition extends Node {
  readonly kind: 'field-definition'
  readonly name: Identifier
  /** May be missing from a document. */
  readonly isOptional: boolean
  readonly type: DataType
  readonly constraints: readonly FieldConstraint[]
  readonly comment: string | undefined
}

/** `[CONSTRAINT name] NOT NULL | NULL | UNIQUE | PRIMARY KEY | CHECK (condition)` */
export type FieldConstraint = PlainConstraint | Check

interface PlainConstraint extends Node {
  readonly kind: 'not-null' | 'null' | 'unique' | 'primary-key'
  readonly name: Identifier | undefined
}

export interface Check extends Node {
  readonly kind: 'check'
  readonly name: Identifier | undefined
  readonly condition: Expression
}
