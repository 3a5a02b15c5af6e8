import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import type { IonValue } from '../ion/index.ts'
import type { CommandContext } from './command-context.ts'
import { parseParameter } from './parameter.ts'
import { chooseFormat, writeRows } from './result-output.ts'
import { openTarget } from './target.ts'

interface ExecOptions {
  readonly param?: readonly IonValue[]
  readonly ion?: boolean
  readonly json?: boolean
  readonly csv?: boolean
  readonly readOnly?: boolean
}

/** `tally exec TARGET STATEMENT`: one statement, its rows on standard output. */
export function registerExec(program: Command, context: CommandContext): void {
  program
    .command('exec')
    .description('run one statement; "-" reads it from standard input')
    .argument('<target>', 'ledger folder, made if it is not there; or :memory:')
    .argument('<statement>', 'PartiQL')
    .option('-p, --param <ion>', 'value for the next ?, as Ion or JSON (repeat it)', collect)
    .option('--ion', 'rows as Ion text')
    .option('--json', 'rows as JSON lines (the default in a pipe)')
    .option('--csv', 'rows as CSV')
    .option('--read-only', 'refuse to change anything; works beside a process that writes')
    .addHelpText('after', `\nExample:\n  tally exec ./cars 'SELECT * FROM Vehicle WHERE owner = ?' --param '"Maria"'`)
    .action(async (target: string, text: string, options: ExecOptions) => {
      const { io } = context
      const statement = text === '-' ? await io.readInput() : text
      context.statement = statement
      const isNew = target !== ':memory:' && !existsSync(target)
      await using ledger = await openTarget(target, options.readOnly === true ? 'read' : 'create')
      // Said aloud, because a mistyped folder would otherwise pass for an empty ledger.
      if (isNew) io.writeError(`tally: new ledger "${ledger.name}" in ${target}\n`)
      const rows = ledger.execute(statement, ...(options.param ?? [])).with({ ion: true })
      await writeRows(rows, chooseFormat(options, io), io)
    })
}

function collect(text: string, values: readonly IonValue[] = []): readonly IonValue[] {
  return [...values, parseParameter(text)]
}
