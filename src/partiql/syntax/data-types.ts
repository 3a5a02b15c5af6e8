import type { TypeName } from './nodes.ts'

interface TypeWord {
  readonly name: TypeName
  /** How many numbers may follow in parentheses. */
  readonly maxParameters: number
}

/** Every word for a type, in upper case; two-word types are the grammar's. */
export const TYPE_WORDS: ReadonlyMap<string, TypeWord> = new Map(
  (
    [
      ['any', 0, 'ANY'],
      ['bool', 0, 'BOOL', 'BOOLEAN'],
      ['tinyint', 0, 'TINYINT'],
      ['int2', 0, 'SMALLINT', 'INT2', 'INTEGER2'],
      ['int4', 0, 'INT4', 'INTEGER4'],
      ['int8', 0, 'BIGINT', 'INT8', 'INTEGER8'],
      ['int', 0, 'INT', 'INTEGER'],
      ['real', 0, 'REAL'],
      ['float', 1, 'FLOAT'],
      ['double', 0, 'DOUBLE'],
      ['decimal', 2, 'DECIMAL', 'DEC'],
      ['numeric', 2, 'NUMERIC'],
      ['char', 1, 'CHAR', 'CHARACTER'],
      ['varchar', 1, 'VARCHAR'],
      ['string', 1, 'STRING'],
      ['symbol', 0, 'SYMBOL'],
      ['clob', 1, 'CLOB'],
      ['blob', 1, 'BLOB'],
      ['date', 0, 'DATE'],
      ['time', 1, 'TIME'],
      ['timestamp', 1, 'TIMESTAMP'],
      ['interval', 0, 'INTERVAL'],
      ['struct', 0, 'STRUCT', 'TUPLE'],
      ['list', 0, 'LIST', 'ARRAY'],
      ['sexp', 0, 'SEXP'],
      ['bag', 0, 'BAG'],
    ] as const
  ).flatMap(([name, maxParameters, ...words]) => words.map((word) => [word, { name, maxParameters }] as const)),
)
