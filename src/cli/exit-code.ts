import { ConflictError, CorruptionError, LedgerError, SessionError, StatementError, StorageError } from '../errors.ts'

/** What a command tells the shell. 1 means that something does not match, and nothing else, so that it may wake somebody. */
export const EXIT = { done: 0, mismatch: 1, badInput: 2, couldNotRun: 3 } as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** A mistake in how a command was called. */
export class UsageError extends Error {}

/** The exit code for an error that ended a command. */
export function exitCodeOf(error: unknown): ExitCode {
  if (
    error instanceof StorageError ||
    error instanceof CorruptionError ||
    error instanceof ConflictError ||
    error instanceof SessionError
  ) {
    return EXIT.couldNotRun
  }
  if (error instanceof LedgerError || error instanceof UsageError || error instanceof TypeError) return EXIT.badInput
  return EXIT.couldNotRun
}

/**
 * An error in words. For a statement, its line with a caret under the place.
 *
 * @param statement the text that was run, when there was one
 */
export function describeError(error: unknown, statement?: string): string {
  if (!(error instanceof Error)) return String(error)
  if (!(error instanceof StatementError) || error.location === undefined || statement === undefined) {
    return error.message
  }
  const { line, column, length } = error.location
  const text = statement.split('\n')[line - 1] ?? ''
  const start = Math.max(0, column - 60)
  const shown = text.slice(start, column + 60)
  const [before, after] = [start > 0 ? '…' : '', column + 60 < text.length ? '…' : '']
  const indent = `${before}${shown.slice(0, column - 1 - start)}`.replace(/[^\t]/g, ' ')
  const carets = '^'.repeat(Math.max(1, Math.min(length, shown.length - (column - 1 - start))))
  return `${error.message}\n\n  ${before}${shown}${after}\n  ${indent}${carets}`
}
