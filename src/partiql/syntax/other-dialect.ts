/** A beginning of statements that other databases know, and what is said here instead. */
interface Habit {
  /** Matches the statement's words and symbols in upper case, one space between, quoted ones as `'`. */
  readonly pattern: RegExp
  readonly advice: string
}

const HABITS: readonly Habit[] = [
  { pattern: /^(SHOW|DESCRIBE) /, advice: 'List tables with SELECT * FROM information_schema.user_tables.' },
  { pattern: /^ALTER TABLE/, advice: 'Tables have no columns: every document may have other fields.' },
  { pattern: /^TRUNCATE /, advice: 'Empty a table with DELETE FROM and its name.' },
  {
    pattern: /^(BEGIN|START|COMMIT|ROLLBACK|ABORT|END)( TRANSACTION| WORK)?( ;)*$/,
    advice:
      'A transaction is no statement: use ledger.transact() or ledger.begin(); in tally repl begin, commit, abort.',
  },
  { pattern: /^CREATE (UNIQUE )?INDEX \S+ ON /, advice: 'Indexes have no name here: CREATE INDEX ON Vehicle (vin).' },
  {
    pattern: /^(INSERT|UPSERT|REPLACE|UPDATE|DELETE|FROM) .* RETURNING (?!MODIFIED|ALL)/,
    advice: 'Say which documents in which state: RETURNING MODIFIED NEW *, or ALL OLD *.',
  },
  {
    pattern: /^(CREATE|DROP) (TABLE|(UNIQUE )?INDEX) IF /,
    advice: 'Look in information_schema.user_tables first.',
  },
  { pattern: /^EXPLAIN QUERY PLAN /, advice: 'Write EXPLAIN in front of the statement.' },
  { pattern: /^INSERT (OR )?IGNORE /, advice: 'Write ON CONFLICT DO NOTHING behind the documents.' },
  { pattern: /^INSERT OR REPLACE /, advice: 'Write REPLACE INTO, or UPSERT INTO to keep the other fields.' },
  { pattern: /^SELECT TOP \d/, advice: 'Write LIMIT and the number at the end of the query.' },
  { pattern: / FETCH (FIRST|NEXT) /, advice: 'Write LIMIT and the number.' },
  { pattern: / LIMIT \d+ , \d/, advice: 'Write LIMIT and how many, then OFFSET and how many to skip.' },
  {
    pattern: / FOR UPDATE/,
    advice: 'Nothing is locked: a transaction that others were in the way of fails at commit.',
  },
  { pattern: / JOIN .* USING \(/, advice: 'Write ON a.vin = b.vin.' },
  { pattern: / NATURAL /, advice: 'Write JOIN and ON a.vin = b.vin.' },
  {
    pattern: / EXCLUDE (\( )?\S+ (,|FROM )/,
    advice: 'Paths begin with a variable: SELECT * EXCLUDE v.price FROM Vehicle AS v.',
  },
  { pattern: / = = /, advice: 'Write a single =.' },
  { pattern: / : : /, advice: 'Write CAST(value AS TYPE).' },
]

/** How many words of a statement are looked at. */
const MAX_WORDS = 200

/**
 * What to write instead of a statement that other SQL databases know and this one does not; undefined for any other.
 *
 * @param words the statement's tokens as written
 */
export function adviceForOtherDialect(words: readonly string[]): string | undefined {
  const text = words
    .slice(0, MAX_WORDS)
    .map((word) => (/^['"`]/.test(word) ? "'" : word.toUpperCase()))
    .join(' ')
  return HABITS.find(({ pattern }) => pattern.test(text))?.advice
}

/** What types are called elsewhere, and here. */
const TYPES_ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['TEXT', 'STRING'],
  ['VARCHAR2', 'VARCHAR'],
  ['NVARCHAR', 'VARCHAR'],
  ['NCHAR', 'CHAR'],
  ['NUMBER', 'DECIMAL'],
  ['MONEY', 'DECIMAL'],
  ['LONG', 'BIGINT'],
  ['DATETIME', 'TIMESTAMP'],
  ['TIMESTAMPTZ', 'TIMESTAMP WITH TIME ZONE'],
  ['BINARY', 'BLOB'],
  ['VARBINARY', 'BLOB'],
  ['BYTEA', 'BLOB'],
  ['JSON', 'STRUCT'],
  ['JSONB', 'STRUCT'],
  ['OBJECT', 'STRUCT'],
])

/** The type that other databases call `word`; undefined when none does, or none that exists here. */
export function typeElsewhere(word: string): string | undefined {
  return TYPES_ELSEWHERE.get(word.toUpperCase())
}
