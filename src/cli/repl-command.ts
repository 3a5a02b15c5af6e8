import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import { UsageError } from './exit-code.ts'
import { chooseFormat } from './result-output.ts'

/** How the shell starts. */
export interface ReplOptions {
  readonly readOnly?: boolean
  readonly ion?: boolean
  readonly json?: boolean
  readonly csv?: boolean
  /** Refuse what Amazon QLDB's quotas refused. */
  readonly qldbLimits?: boolean
}

/** `tally repl [TARGET]`: statements and commands, from a person or from a pipe. */
export function registerRepl(program: Command, context: CommandContext): void {
  program
    .command('repl')
    .description('run statements one after the other, from a terminal or a pipe')
    .argument('[target]', 'ledger folder, made if it is not there; default :memory:')
    .option('--ion', 'rows as Ion text')
    .option('--json', 'rows as JSON lines (the default in a pipe)')
    .option('--csv', 'rows as CSV')
    .option('--read-only', 'refuse to change anything; works beside a process that writes')
    .option('--qldb-limits', 'refuse what Amazon QLDB refused; a transaction ends after 30 seconds')
    .addHelpText(
      'after',
      "\nExamples:\n  tally repl ./cars\n  echo 'SELECT * FROM Vehicle' | tally repl ./cars --read-only\n" +
        '\nInside, \\? lists the commands. TALLY_HISTORY names the history file; empty for none.',
    )
    .action((target: string | undefined, options: ReplOptions) => runRepl(target, options, context))
}

/**
 * Runs the shell on a ledger until its input ends: a conversation on a terminal, a script from a pipe.
 *
 * @param target a folder, made if it is not there; undefined for a ledger in memory
 */
export async function runRepl(
  target: string | undefined,
  options: ReplOptions,
  context: CommandContext,
): Promise<void> {
  const { io } = context
  const path = target ?? ':memory:'
  if (path === ':memory:' && options.readOnly === true) {
    throw new UsageError('A ledger in memory is empty, so there is nothing to read. Name a ledger folder.')
  }
  // Loaded here, so that the other commands start without the language.
  const [{ openTarget }, { DEFAULT_LIMITS, QLDB_LIMITS }, { ReplSession }] = await Promise.all([
    import('./target.ts'),
    import('../ledger/index.ts'),
    import('./repl/session.ts'),
  ])
  const limits = options.qldbLimits === true ? QLDB_LIMITS : DEFAULT_LIMITS
  const isNew = path !== ':memory:' && !existsSync(path)
  await using ledger = await openTarget(path, options.readOnly === true ? 'read' : 'create', { limits })
  const session = new ReplSession({
    ledger,
    target: path,
    context,
    format: chooseFormat(options, io),
    timeoutMs: limits.transactionTimeoutMs,
  })
  if (io.isInteractive) {
    const { converse, greet } = await import('./repl/conversation.ts')
    await greet(session, isNew)
    await converse(session)
  } else {
    if (target === undefined)
      io.writeError('tally: no target given, so this is a ledger in memory: it ends with this program\n')
    const { runInput } = await import('./repl/script.ts')
    await runInput(session)
  }
}
