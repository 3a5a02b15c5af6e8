import type { Command } from 'commander'
import { renderReport, runBench, workloads } from '../bench/index.ts'
import type { CommandContext } from './command-context.ts'

/** `tally bench [workload…]`: the ledger beside SQLite and the floors of the machine. */
export function registerBench(program: Command, context: CommandContext): void {
  const names = workloads.map((workload) => workload.name)
  program
    .command('bench')
    .description('measure this machine: the ledger beside SQLite, in turns, as ratios')
    .argument('[workload...]', `which: ${names.join(', ')}; default all`)
    .option('--quick', 'smaller sizes, fewer runs')
    .option('--json', 'the report as JSON')
    .addHelpText('after', '\nExample:\n  tally bench commits queries --quick')
    .action(async (chosen: string[], options: { readonly quick?: boolean; readonly json?: boolean }) => {
      const report = await runBench({
        workloads: chosen.length === 0 ? names : chosen,
        quick: options.quick === true,
        onProgress: (text: string) => {
          if (context.io.isTerminal) context.io.writeError(`${text}\n`)
        },
      })
      context.io.write(
        options.json === true ? `${JSON.stringify(report, undefined, 2)}\n` : `${renderReport(report)}\n`,
      )
    })
}
