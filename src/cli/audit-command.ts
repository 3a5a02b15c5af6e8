import { spawn } from 'node:child_process'
import { basename, resolve } from 'node:path'
import type { Command } from 'commander'
import { auditJournal, auditViews } from '../ledger/index.ts'
import { type Fault, formatSize } from '../verify/index.ts'
import type { CommandContext } from './command-context.ts'
import type { Io } from './io.ts'
import { ProgressBar } from './progress-bar.ts'
import { requireFolderTarget } from './target.ts'
import { readDigest, showVerdict } from './verify-command.ts'

interface AuditOptions {
  readonly digest?: string
  readonly views: boolean
  readonly json?: boolean
}

/** `tally audit TARGET`: the whole journal, every hash, and the views against a rebuild. */
export function registerAudit(program: Command, context: CommandContext): void {
  program
    .command('audit')
    .description('recompute the whole journal from its bytes, and compare the views with a rebuild')
    .argument('<target>', 'ledger folder; a process may be writing to it')
    .option('--digest <digest>', 'a digest that you kept: the journal must lead to it')
    .option('--no-views', 'look at the journal only')
    .option('--json', 'the verdict as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  tally audit ./cars --digest march.digest\n\nExit: 0 verified, 1 does not match, 2 bad input, 3 could not check',
    )
    .action(async (target: string, options: AuditOptions) => {
      requireFolderTarget(target)
      const bar = new ProgressBar(context.io, 'audit')
      // The views are read by a process of their own, at the same time: damaged pages may end it, not us.
      const views = options.views ? viewFaults(target, context.io.program) : undefined
      // Waited for below, whatever the journal says.
      views?.catch(() => {})
      const report = await auditJournal(target, {
        checkedBy: context.checkedBy(true),
        digest: options.digest === undefined ? undefined : readDigest(options.digest),
        onProgress: (done, total) => bar.update(done, total, formatSize),
        breathe: () => new Promise((done) => setImmediate(done)),
        viewFaults: views === undefined ? undefined : () => views,
      })
      bar.clear()
      showVerdict(report.verdict, context, {
        isJson: options.json === true,
        evidenceFile: `${basename(resolve(target))}.evidence`,
      })
      if (options.json !== true) for (const remark of report.remarks) context.io.write(`  remark        ${remark}\n`)
    })

  program
    .command('audit-views', { hidden: true })
    .description('compare the views with a rebuild; prints the differences as JSON')
    .argument('<target>')
    .action(async (target: string) => {
      context.io.write(`${JSON.stringify(await auditViews(target))}\n`)
    })
}

/** What `tally audit-views` prints; how it died, when it did not live to print it. */
function viewFaults(target: string, program: Io['program']): Promise<readonly Fault[]> {
  if (program === undefined) return auditViews(target)
  const [executable, ...args] = program
  return new Promise((done, fail) => {
    const child = spawn(executable, [...args, 'audit-views', target], { stdio: ['ignore', 'pipe', 'pipe'] })
    let told = ''
    let complaint = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      told += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text
    })
    child.on('error', fail)
    child.on('close', (code, signal) => {
      if (code === 0) {
        done(JSON.parse(told) as Fault[])
      } else if (signal !== null) {
        done([
          { field: 'views', expected: 'readable pages', found: `reading them ended with ${signal}`, place: 'views/' },
        ])
      } else {
        fail(new Error(`The views could not be compared: ${complaint.trim()}`))
      }
    })
  })
}
