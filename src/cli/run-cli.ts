import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { registerAudit } from './audit-command.ts'
import { registerBench } from './bench-command.ts'
import { CommandContext } from './command-context.ts'
import { registerDemo } from './demo-command.ts'
import { registerDigest } from './digest-command.ts'
import { registerExec } from './exec-command.ts'
import { describeError, EXIT, type ExitCode, exitCodeOf } from './exit-code.ts'
import type { Io } from './io.ts'
import { registerProve } from './prove-command.ts'
import { registerRepl } from './repl-command.ts'
import { registerVerify } from './verify-command.ts'

const REGISTER = [
  registerRepl,
  registerExec,
  registerDigest,
  registerProve,
  registerVerify,
  registerAudit,
  registerBench,
  registerDemo,
]

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
    .addHelpText('after', '\nA first look: tally demo     Every command: tally COMMAND --help')
  for (const register of REGISTER) register(program, context)
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
    io.writeError(`tally: ${describeError(error, context.statement)}\n`)
    return exitCodeOf(error)
  }
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return version
}
