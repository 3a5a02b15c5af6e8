import { type ErrorCode, StatementError } from '../../errors.ts'
import { locate } from '../syntax/locate.ts'
import type { Location } from '../syntax/nodes.ts'

/** The text of one statement, for errors that say where in it something is: while planning, and while it runs. */
export class StatementText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  /** An error for what can be written but not done. */
  unsupported(what: string, at: Location): StatementError {
    return this.error('UNSUPPORTED_STATEMENT', `${what} is not supported yet.`, at)
  }

  /** An error at a place of the statement; of the statement as a whole where no place is given. */
  error(
    code: ErrorCode,
    message: string,
    at: Location | undefined,
    expected: readonly string[] = [],
    cause?: unknown,
  ): StatementError {
    const location = at && locate(this.text, at.offset, at.length)
    return new StatementError(code, message, { location, expected, cause })
  }
}
