/** Random expressions over values of all types, mostly of types that do not fit: what they mean is for the laws to say. */

import fc from 'fast-check'

export const LITERALS: readonly string[] = [
  ...['NULL', 'MISSING', 'TRUE', 'FALSE', '0', '1', '2', '-1', '1.0', '2.50', '1e0', '9007199254740993', '0.1'],
  ...[
    "''",
    "'a'",
    "'ab'",
    "'A'",
    "'1'",
    "'%'",
    "'2020-01-01'",
    '`a`',
    '`1e0`',
    '`nan`',
    '`null.int`',
    '`x::1`',
    '`{{YQ==}}`',
  ],
  ...["DATE '2020-01-31'", "TIMESTAMP '2020-01-31 00:00:00'", "TIMESTAMP '2020-01-31 00:00:00+00:00'", '`2020-01-31T`'],
  ...["TIME '01:02:03'", "INTERVAL '1' DAY", "INTERVAL '13' MONTH", "INTERVAL '24' HOUR"],
  ...['[]', '[1, 2]', '[1.0, 2]', '<<>>', '<<1, 2>>', '<<2, 1>>', '<<NULL, MISSING, 1>>', '(1, 2)', '[[1], MISSING]'],
  ...["{'a': 1}", "{'a': 1, 'b': NULL}", "{'b': NULL, 'a': 1.0}", "{'a': 1, 'a': 2}", '{}', "{'a': {'b': [1]}}"],
]

/** The fields of the row `r`, among others that it does not have. */
const fields = fc.constantFrom('r.x', 'r.y', 'r.z', 'r.a', 'r.x.a', 'r.y[0]', 'r["x"]', 'r.z.*', 'r.y[*]')

const literal = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...LITERALS) }, { weight: 2, arbitrary: fields })

const types = fc.constantFrom(
  ...[
    'INT',
    'INT8',
    'SMALLINT',
    'DECIMAL',
    'DECIMAL(5,2)',
    'DOUBLE PRECISION',
    'STRING',
    'VARCHAR(2)',
    'BOOL',
    'SYMBOL',
  ],
  ...['DATE', 'TIME', 'TIMESTAMP', 'LIST', 'BAG', 'STRUCT', 'ANY'],
)
const comparisons = fc.constantFrom('=', '<>', '<', '<=', '>', '>=')

const made = fc.letrec<{ expression: string; condition: string }>((tie) => {
  const value = tie('expression')
  const truth = tie('condition')
  return {
    expression: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'expression' },
      { weight: 6, arbitrary: literal },
      fc.tuple(value, fc.constantFrom('+', '-', '*', '/', '%', '||'), value).map(([a, by, b]) => `(${a} ${by} ${b})`),
      fc.tuple(fc.constantFrom('-', '+'), value).map(([sign, a]) => `(${sign} ${a})`),
      fc.tuple(value, types).map(([a, type]) => `CAST(${a} AS ${type})`),
      fc.tuple(value, types).map(([a, type]) => `CAN_CAST(${a} AS ${type})`),
      fc
        .tuple(
          fc.constantFrom(
            'ABS',
            'CHAR_LENGTH',
            'UPPER',
            'LOWER',
            'CARDINALITY',
            'EXISTS',
            'SIZE',
            'TRIM',
            'BIT_LENGTH',
          ),
          value,
        )
        .map(([name, a]) => `${name}(${a})`),
      fc
        .tuple(fc.constantFrom('COALESCE', 'NULLIF', 'SUBSTRING', 'POSITION', 'MOD'), value, value)
        .map(([name, a, b]) => `${name}(${a}, ${b})`),
      fc
        .tuple(fc.constantFrom('COLL_SUM', 'COLL_COUNT', 'COLL_MAX', 'COLL_AVG'), value)
        .map(([name, a]) => `${name}(${a})`),
      fc.tuple(fc.constantFrom('YEAR', 'DAY', 'HOUR'), value).map(([part, a]) => `EXTRACT(${part} FROM ${a})`),
      fc
        .tuple(fc.constantFrom('YEAR', 'MONTH', 'SECOND'), value, value)
        .map(([part, n, a]) => `DATE_ADD(${part}, ${n}, ${a})`),
      fc.tuple(truth, value, value).map(([p, a, b]) => `CASE WHEN ${p} THEN ${a} ELSE ${b} END`),
      fc.tuple(value, value, value).map(([a, b, c]) => `CASE ${a} WHEN ${b} THEN ${c} END`),
      fc.tuple(value, fc.constantFrom('.a', '[0]', '["a"]', '[*]', '.*', '.a.b')).map(([a, step]) => `(${a})${step}`),
      fc.array(value, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
      fc.array(value, { maxLength: 3 }).map((items) => `<<${items.join(', ')}>>`),
      fc.tuple(value, value).map(([a, b]) => `{'a': ${a}, 'b': ${b}}`),
      fc.tuple(value, value).map(([a, b]) => `(SELECT VALUE v FROM ${a} AS v WHERE v = ${b})`),
      // In a list it is one value; beside a list constructor it would be a row.
      fc.tuple(value, value).map(([a, b]) => `[(SELECT v AS n, ${b} AS m FROM ${a} AS v)][0]`),
      fc
        .tuple(fc.constantFrom('UNION', 'INTERSECT ALL', 'EXCEPT'), value, value)
        .map(([by, a, b]) => `(${a} OUTER ${by} ${b})`),
      { weight: 2, arbitrary: truth },
    ),
    /** TRUE, FALSE, NULL or MISSING, and nothing else. */
    condition: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'expression' },
      { weight: 4, arbitrary: fc.tuple(value, comparisons, value).map(([a, by, b]) => `(${a} ${by} ${b})`) },
      fc.constantFrom('TRUE', 'FALSE', 'NULL', 'MISSING'),
      fc.tuple(truth, fc.constantFrom('AND', 'OR'), truth).map(([p, by, q]) => `(${p} ${by} ${q})`),
      truth.map((p) => `(NOT ${p})`),
      fc
        .tuple(value, fc.constantFrom('NULL', 'MISSING', 'NOT NULL', 'INT', 'STRING', 'NOT LIST', 'TIMESTAMP'))
        .map(([a, type]) => `(${a} IS ${type})`),
      fc.tuple(truth, fc.constantFrom('TRUE', 'NOT FALSE', 'UNKNOWN')).map(([a, what]) => `(${a} IS ${what})`),
      fc.tuple(value, value).map(([a, b]) => `(${a} LIKE ${b})`),
      fc.tuple(value, value, value).map(([a, b, c]) => `(${a} IN (${b}, ${c}))`),
      fc.tuple(value, value).map(([a, b]) => `(${a} IN ${b})`),
      fc.tuple(value, value, value).map(([a, b, c]) => `(${a} BETWEEN ${b} AND ${c})`),
    ),
  }
})

export const expression: fc.Arbitrary<string> = made.expression
export const condition: fc.Arbitrary<string> = made.condition

/** Rows as PartiQL text: structs, now and then something else. */
export const rows: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      {
        weight: 9,
        arbitrary: fc
          .tuple(fc.constantFrom(...LITERALS), fc.constantFrom(...LITERALS), fc.constantFrom(...LITERALS))
          .map(([x, y, z]) => `{'x': ${x}, 'y': ${y}, 'z': ${z}}`),
      },
      { weight: 1, arbitrary: fc.constantFrom(...LITERALS) },
    ),
    { maxLength: 6 },
  )
  .map((items) => `<<${items.join(', ')}>>`)
