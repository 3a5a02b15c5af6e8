import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { judge } from '../bench-row.ts'
import type { Contender } from '../measure.ts'
import { projectFolder } from '../project-folder.ts'
import type { BenchContext, Workload } from '../workload.ts'
import { batches, insertMany, openVehicleLedger } from './ledger-under-test.ts'

/** The built program. */
const program = join(projectFolder, 'dist/cli/main.js')

/** From `tally repl` to its first output, on a small ledger, beside a Node process that does nothing else. */
export const start: Workload = {
  name: 'start',
  summary: 'tally repl, from start to its first output',
  run: async (context) => {
    if (!existsSync(program)) {
      context.progress('start: left out, because there is nothing built to start; run: npm run build')
      return []
    }
    const folder = context.newFolder()
    const ledger = await openVehicleLedger(folder, { hasVinIndex: true })
    for (const documents of batches(0, 1_000)) await insertMany(ledger, documents)
    await ledger.close()

    context.progress('start: tally repl')
    const [us, node] = await context.measure(
      [
        starting(context, 'tally', [program, 'repl', folder], 'SELECT COUNT(*) AS n FROM Vehicle;\n'),
        starting(context, 'node', ['--eval', 'process.stdout.write("> ")'], ''),
      ],
      { runs: context.size(9, 5) },
    )
    return [
      judge({
        name: 'tally repl, from start to first output, p50',
        value: us!.latencies.quantileMs(0.5)!,
        unit: 'ms',
        latencies: us!.latencies,
        peer: { name: 'node alone', value: node!.latencies.quantileMs(0.5) },
        budget: { of: 'value', bound: 'at most', limit: 200 },
      }),
    ]
  },
}

function starting(context: BenchContext, name: string, parameters: readonly string[], input: string): Contender {
  return {
    name,
    run: (_round, latencies) =>
      new Promise((resolve, reject) => {
        const startMs = context.clock.nowMs()
        const child = spawn(process.execPath, parameters, { stdio: ['pipe', 'pipe', 'ignore'] })
        let hasSpoken = false
        child.stdout.on('data', () => {
          if (!hasSpoken) latencies.record(context.clock.nowMs() - startMs)
          hasSpoken = true
        })
        child.on('error', reject)
        child.on('close', (code) => {
          if (hasSpoken) resolve(1)
          else reject(new Error(`${name} ended with ${code} and said nothing.`))
        })
        child.stdin.on('error', () => {}) // it may end without reading
        child.stdin.end(input)
      }),
  }
}
