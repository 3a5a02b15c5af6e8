import {
  Decimal,
  IonAnnotated,
  IonBlob,
  IonClob,
  IonFloat,
  IonList,
  IonNull,
  IonSexp,
  IonStruct,
  IonSymbol,
  type IonValue,
  Timestamp,
} from '../../ion/index.ts'
import type * as syntax from '../syntax/nodes.ts'
import { type Accepted, FUNCTIONS } from './functions.ts'

/**
 * What is known of an expression's value before anything runs. `absent` is NULL or MISSING written down; a value of any
 * other type may also turn out absent. `number` is an integer, decimal or float.
 */
export type StaticType =
  | 'unknown'
  | 'absent'
  | 'bool'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'number'
  | 'text'
  | 'lob'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'interval'
  | 'collection'
  | 'struct'

/** The type of an expression as far as constants, operators and functions tell it. Names and parameters are unknown. */
export function staticType(node: syntax.Expression): StaticType {
  switch (node.kind) {
    case 'literal':
      return typeOfConstant(node.value)
    case 'missing':
      return 'absent'
    case 'datetime':
      return node.type
    case 'list':
    case 'bag':
    case 'sexp':
      return 'collection'
    case 'struct':
      return 'struct'
    case 'unary':
      return node.operator === 'not' ? 'bool' : staticType(node.operand)
    case 'binary':
      return typeOfOperation(node)
    case 'logical':
    case 'between':
    case 'like':
    case 'in':
    case 'is-type':
    case 'is-truth':
      return 'bool'
    case 'cast':
      return node.mode === 'cast' ? typeOfTarget(node.type) : 'bool'
    case 'extract':
      return 'number'
    case 'trim':
      return 'text'
    case 'date-diff':
      return 'integer'
    case 'call':
      return node.quoted ? 'unknown' : (FUNCTIONS.get(node.name)?.result ?? 'unknown')
    default:
      return 'unknown'
  }
}

function typeOfConstant(value: IonValue): StaticType {
  switch (typeof value) {
    case 'string':
      return 'text'
    case 'boolean':
      return 'bool'
    case 'number':
    case 'bigint':
      return 'integer'
  }
  if (value instanceof IonAnnotated) return typeOfConstant(value.value)
  if (value instanceof IonNull) return 'absent'
  if (value instanceof IonSymbol) return 'text'
  if (value instanceof Decimal) return 'decimal'
  if (value instanceof IonFloat) return 'float'
  if (value instanceof Timestamp) return 'timestamp'
  if (value instanceof IonList || value instanceof IonSexp) return 'collection'
  if (value instanceof IonStruct) return 'struct'
  if (value instanceof IonBlob || value instanceof IonClob) return 'lob'
  return 'unknown'
}

function typeOfOperation({ operator, left, right }: syntax.Binary): StaticType {
  switch (operator) {
    case '||':
      return 'text'
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return isNumber(staticType(left)) && isNumber(staticType(right)) ? 'number' : 'unknown'
    default:
      return 'bool'
  }
}

function typeOfTarget(type: syntax.DataType): StaticType {
  switch (type.name) {
    case 'bool':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'struct':
      return type.name
    case 'tinyint':
    case 'int2':
    case 'int4':
    case 'int8':
    case 'int':
      return 'integer'
    case 'real':
    case 'float':
    case 'double':
      return 'float'
    case 'decimal':
    case 'numeric':
      return 'decimal'
    case 'char':
    case 'varchar':
    case 'string':
    case 'symbol':
      return 'text'
    case 'clob':
    case 'blob':
      return 'lob'
    case 'list':
    case 'sexp':
    case 'bag':
      return 'collection'
    case 'null':
    case 'missing':
      return 'absent'
    default:
      return 'unknown'
  }
}

/** Whether a value of this type is certainly a number, if it is there at all. */
export function isNumber(type: StaticType): boolean {
  return type === 'integer' || type === 'decimal' || type === 'float' || type === 'number'
}

/** Whether a value of this type can be what is accepted; true when nothing is known. */
export function mayBe(type: StaticType, accepted: Accepted): boolean {
  if (type === 'unknown' || type === 'absent') return true
  switch (accepted) {
    case 'any':
      return true
    case 'bool':
      return type === 'bool'
    case 'text':
      return type === 'text' || type === 'lob'
    case 'number':
      return isNumber(type)
    case 'integer':
      return type === 'integer' || type === 'number'
    case 'number or interval':
      return isNumber(type) || type === 'interval'
    case 'timestamp':
      return type === 'timestamp' || type === 'date'
    case 'date or time':
      return type === 'date' || type === 'time' || type === 'timestamp'
    case 'date, time or interval':
      return type === 'date' || type === 'time' || type === 'timestamp' || type === 'interval'
    case 'collection':
      return type === 'collection'
    case 'collection or struct':
      return type === 'collection' || type === 'struct'
    case 'struct':
      return type === 'struct'
  }
}

/** With its article, for messages. */
export function describeType(type: StaticType | Accepted): string {
  switch (type) {
    case 'integer':
    case 'interval':
      return `an ${type}`
    case 'bool':
      return 'a boolean'
    case 'lob':
      return 'a blob or clob'
    case 'absent':
      return 'absent'
    default:
      return `a ${type}`
  }
}
