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
  { pattern: /^CREATE UNIQUE INDEX/, advice: 'Unique indexes do not exist yet.' },
  { pattern: /^CREATE INDEX \S+ ON /, advice: 'Indexes have no name here: CREATE INDEX ON Vehicle (vin).' },
  { pattern: /^CREATE (TABLE|INDEX) IF NOT/, advice: 'Look in information_schema.user_tables first.' },
  { pattern: /^CREATE TABLE \S+ \(/, advice: 'Tables have no columns: CREATE TABLE and a name is all.' },
  { pattern: /^(INSERT|UPDATE|DELETE) .* RETURNING /, advice: 'Every change answers its documentIds by itself.' },
  { pattern: /^INSERT .* ON CONFLICT /, advice: 'ON CONFLICT does not exist yet.' },
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
