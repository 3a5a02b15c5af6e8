import type { Command } from 'commander'
import { encodeBase64 } from '../hash/index.ts'
import { encodeDigest } from '../journal/index.ts'
import { formatCount } from '../verify/index.ts'
import type { CommandContext } from './command-context.ts'
import { openTarget } from './target.ts'
import { writeText } from './text-file.ts'

/** `tally digest TARGET`: the fingerprint of the whole ledger, to be kept elsewhere. */
export function registerDigest(program: Command, context: CommandContext): void {
  program
    .command('digest')
    .description('print the fingerprint of the whole ledger up to its last block')
    .argument('<target>', 'ledger folder')
    .option('-o, --output <file>', 'write the digest file there')
    .option('--json', 'print the digest file (the default in a pipe)')
    .addHelpText('after', '\nExample:\n  tally digest ./cars -o march.digest')
    .action(async (target: string, options: { readonly output?: string; readonly json?: boolean }) => {
      const { io } = context
      await using ledger = await openTarget(target, 'read')
      const digest = await ledger.digest()
      const file = encodeDigest({ ...digest, ledger: ledger.name, savedAt: Date.now() })
      if (options.output !== undefined) writeText(options.output, file)
      if (options.json === true || (!io.isTerminal && options.output === undefined)) {
        io.write(file)
        return
      }
      const { sequenceNo } = digest.digestTipAddress
      io.write(`Fingerprint of ledger "${ledger.name}" up to block ${formatCount(sequenceNo)}:\n\n`)
      io.write(`  ${encodeBase64(digest.digest)}\n\n`)
      io.write(
        options.output === undefined
          ? `Keep it where the ledger's operator cannot reach it: tally digest ${target} -o FILE\n`
          : `Saved in ${options.output}. Keep it where the ledger's operator cannot reach it.\n`,
      )
    })
}
