import type { Command } from 'commander'
import type { CommandContext } from './command-context.ts'

export interface ReplOptions {
  readonly readOnly?: boolean
}

export function registerRepl(program: Command, context: CommandContext): void {
  program
    .command('repl')
    .argument('[target]')
    .action((target: string) => runRepl(target, {}, context))
}

export async function runRepl(_target: string, _options: ReplOptions, _context: CommandContext): Promise<void> {}
