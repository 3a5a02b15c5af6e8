import { type Command, InvalidArgumentError } from 'commander'
import { renderReport, runBench, workloads } from '../bench/index.ts'
import type { CommandContext } from './command-context.ts'

interface BenchCommandOptions {
  readonly quick?: boolean
  readonly json?: boolean
  readonly documents?: number
}

/** `tally bench [workload…]`: the ledger beside SQLite and the floors of the machine. */
export function registerBench(program: Command, context: CommandContext): void {
  const names = workloads.map((workload) => workload.name)
  program
    .command('bench')
    .description('measure this machine: the ledger beside SQLite, in turns, as ratios')
    .argument('[workload...]', `which: ${names.join(', ')}; default all`)
    .option('--quick', 'smaller sizes, fewer runs')
    .option('--documents <count>', 'how many documents queries range over; default 100000', documentCountOf)
    .option('--json', 'the report as JSON')
    .addHelpText('after', '\nExample:\n  tally bench commits queries --quick')
    .action(async (chosen: string[], options: BenchCommandOptions) => {
      const report = await runBench({
        workloads: chosen.length === 0 ? names : chosen,
        quick: options.quick === true,
        documentCount: options.documents,
        onProgress: (text: string) => {
          if (context.io.isTerminal) context.io.writeError(`${text}\n`)
        },
      })
      context.io.write(
        options.json === true ? `${JSON.stringify(report, undefined, 2)}\n` : `${renderReport(report)}\n`,
      )
    })
}

function documentCountOf(text: string): number {
  const count = Number(text)
  if (!Number.isSafeInteger(count) || count < 1000) throw new InvalidArgumentError('A whole number from 1000 on.')
  return count
}
