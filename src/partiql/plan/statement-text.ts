import { type ErrorCode, StatementError } from '../../errors.ts'
import { locate } from '../syntax/locate.ts'
import type { Location } from '../syntax/nodes.ts'

/** The text of one statement, for errors that say where in it something is. */
export class StatementText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  /** An error for what can be written but not done. */
  unsupported(what: string, at: Location): StatementError {
    return this.error('UNSUPPORTED_STATEMENT', `${what} is not supported yet.`, at)
  }

  /** An error at a place of the statement. */
  error(code: ErrorCode, message: string, at: Location, expected: readonly string[] = []): StatementError {
    return new StatementError(code, message, { location: locate(this.text, at.offset, at.length), expected })
  }
}
