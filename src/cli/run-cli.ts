import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { CommandContext } from './command-context.ts'
import { describeError, EXIT, type ExitCode, exitCodeOf } from './exit-code.ts'
import type { Io } from './io.ts'
import { printableLines } from './text-table.ts'

type Register = (program: Command, context: CommandContext) => void

/** Each command is loaded when it is asked for: some bring half of the program along. In the order of the help. */
const COMMANDS: ReadonlyMap<string, () => Promise<Register>> = new Map([
  ['repl', async () => (await import('./repl-command.ts')).registerRepl],
  ['exec', async () => (await import('./exec-command.ts')).registerExec],
  ['digest', async () => (await import('./digest-command.ts')).registerDigest],
  ['prove', async () => (await import('./prove-command.ts')).registerProve],
  ['verify', async () => (await import('./verify-command.ts')).registerVerify],
  ['audit', async () => (await import('./audit-command.ts')).registerAudit],
  ['bench', async () => (await import('./bench-command.ts')).registerBench],
  ['demo', async () => (await import('./demo-command.ts')).registerDemo],
])

/** Commands that stand in the same file as another one. */
const BESIDE: ReadonlyMap<string, string> = new Map([['audit-views', 'audit']])

/**
 * Runs one command line.
 *
 * @param args without the names of node and script
 * @returns what to tell the shell: 0 done, 1 something does not match, 2 bad usage or input, 3 could not run or decide
 */
export async function runCli(args: readonly string[], io: Io): Promise<ExitCode> {
  const context = new CommandContext(io, readVersion())
  const program = new Command('tally')
  program
    .description('Tallystick: a ledger database whose history can be proved.')
    .version(context.version)
    // Behind a command --version belongs to the command: tally prove has one.
    .enablePositionalOptions()
    .addHelpText('after', '\nA first look: tally demo     Every command: tally COMMAND --help')
  const [name = ''] = args
  const asked = COMMANDS.get(BESIDE.get(name) ?? name)
  const isVersion = name === '--version' || name === '-V'
  const needed = asked !== undefined ? [asked] : isVersion ? [] : COMMANDS.values()
  for (const load of needed) (await load())(program, context)
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .showSuggestionAfterError()
      .configureOutput({ writeOut: (text) => io.write(text), writeErr: (text) => io.writeError(text) })
  }
  if (args.length === 0) {
    io.write(program.helpInformation())
    return EXIT.badInput
  }
  try {
    await program.parseAsync([...args], { from: 'user' })
    return context.exitCode
  } catch (error) {
    // Commander has already written its message; --help and --version end this way too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.badInput
    io.writeError(`tally: ${printableLines(describeError(error, context.statement))}\n`)
    return exitCodeOf(error)
  }
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return version
}
