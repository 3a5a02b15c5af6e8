/**
 * @module
 * PartiQL over sources of rows: statement text → syntax nodes → a plan with names resolved and access paths chosen →
 * compiled operators that are pulled row by row.
 *
 * The language is PartiQL by its specification, in QLDB's dialect for ledgers and in its own for values in memory
 * (`plan/dialect.ts` lists all that differs). Nothing here knows how documents are stored: a transaction is whatever has
 * the shape of {@link TransactionAccess}. This is the door for the rooms above; `public.ts` is the one for programs
 * (`tallystick/partiql`).
 *
 * Four folders, each importing only from those before it:
 *
 * - `value/`: what an expression gives, beyond Ion's own values (MISSING, bags, dates, intervals, graphs). What kind of
 *   value it is: `family.ts`; equality and the one total order: `compare.ts`; as a key of a map: `hash-key.ts`; what
 *   becomes of it in a result or a document: `leaving.ts`.
 * - `syntax/`: `scanner.ts` makes tokens, `*-parser.ts` are the grammar, `*-nodes.ts` what it gives, `syntax-error.ts` says
 *   what was expected. It has a door of its own, `syntax/index.ts`.
 * - `plan/`: data, printed by EXPLAIN. Starts in `statement.ts`, for queries in `select.ts`. `bind*.ts` resolve names in a
 *   `Scope`. `operator.ts` and `expression.ts` list what a plan is made of; each operator stands under its noun here and in
 *   `execute/`. What is chosen: `access-path.ts` (how a table is read), `join-order.ts`, `sort-by-index.ts`,
 *   `group-shortcut.ts`, by `estimate.ts`; last, `rows-apart.ts` (only the fields that somebody reads). `analyze*.ts`
 *   are the checks of `analyze()` alone.
 * - `execute/`: closures. Starts in `statement.ts`; `compiler.ts` says what the parts are to each other,
 *   `statement-compiler.ts` which file compiles which operator, `expression.ts` which one which expression, `functions.ts`
 *   which function. A run has one `Frame`; it reads through `transaction-access.ts` and holds memory by
 *   `memory-budget.ts`. What a wrong type gives is decided in `type-mismatch.ts`.
 *
 * Held by tests: a result never depends on the plan (`plan/` made the plain way, with `optimize: false`, is the judge), nor
 * on an index.
 */
export type { ExecutionContext } from './execute/execution-context.ts'
export type { ResultCursor } from './execute/result-cursor.ts'
export type { IndexBounds, RevisionAccess, RevisionCursor, TransactionAccess } from './execute/transaction-access.ts'
export type { CatalogAccess, IndexDefinition, TableDefinition } from './plan/catalog-access.ts'
export { AGGREGATES, FUNCTIONS, WINDOW_FUNCTIONS } from './plan/functions.ts'
export { prepare } from './prepare.ts'
export type { PreparedStatement, StatementKind } from './prepared-statement.ts'
export {
  expectedNext,
  KEYWORDS,
  type Piece,
  RESERVED_WORDS,
  type StatementState,
  statementState,
  tokenize,
} from './syntax/index.ts'
export { readableValue } from './value/leaving.ts'
