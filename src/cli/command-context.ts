import { EXIT, type ExitCode } from './exit-code.ts'
import type { Io } from './io.ts'

/** What the commands of one run share. */
export class CommandContext {
  readonly io: Io
  readonly version: string
  /** What the run will answer to the shell, unless an error decides. */
  exitCode: ExitCode = EXIT.done
  /** The statement under way, for the place in error messages. */
  statement: string | undefined

  constructor(io: Io, version: string) {
    this.io = io
    this.version = version
  }

  /** Who checks, in the words of a verdict. */
  checkedBy(isOffline: boolean): { where: 'computer'; version: string; isOffline: boolean } {
    return { where: 'computer', version: `tally ${this.version}`, isOffline }
  }
}
