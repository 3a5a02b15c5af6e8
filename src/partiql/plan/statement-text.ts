import { type ErrorCode, StatementError } from '../../errors.ts'
import { locate } from '../syntax/locate.ts'
import type { Location } from '../syntax/nodes.ts'

/** The text of one statement, for errors that say where in it something is. */
export class StatementText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  /** An error at a place of the statement. */
  error(code: ErrorCode, message: string, at: Location, expected: readonly string[] = []): StatementError {
    return new StatementError(code, message, { location: locate(this.text, at.offset, at.length), expected })
  }
}
