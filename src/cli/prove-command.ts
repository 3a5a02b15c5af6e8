import type { Command } from 'commander'
import { FormatError } from '../errors.ts'
import type { Ledger } from '../ledger/index.ts'
import { encodeProofFile, formatCount, parseExpectedDigest } from '../verify/index.ts'
import type { CommandContext } from './command-context.ts'
import { UsageError } from './exit-code.ts'
import { openTarget } from './target.ts'
import { readText, writeText } from './text-file.ts'

interface ProveOptions {
  readonly document?: string
  readonly version?: number
  readonly block?: number
  readonly digest?: string
  readonly output?: string
  readonly json?: boolean
}

/** `tally prove TARGET --document ID | --block N`: a proof file for somebody who has a digest. */
export function registerProve(program: Command, context: CommandContext): void {
  program
    .command('prove')
    .description('write a proof of one version of a document, or of one block')
    .argument('<target>', 'ledger folder')
    .option('-d, --document <id>', 'the document, by its id')
    .option('--version <n>', 'its version; default the newest', wholeNumber)
    .option('-b, --block <n>', 'the block, by its number', wholeNumber)
    .option('--digest <file>', 'prove against this digest; default the newest one')
    .option('-o, --output <file>', 'where to write the proof; default standard output')
    .option('--json', 'print the proof (it is JSON in any case)')
    .addHelpText('after', '\nExample:\n  tally prove ./cars --document 08gp5TvNKmoKUx1rKNAq4d -o proof.json')
    .action(async (target: string, options: ProveOptions) => {
      const { io } = context
      if ((options.document === undefined) === (options.block === undefined)) {
        throw new UsageError('Say what to prove: either --document ID or --block N.')
      }
      if (options.block !== undefined && options.version !== undefined) {
        throw new UsageError('A block has no version: --version goes with --document.')
      }
      await using ledger = await openTarget(target, 'read')
      const tip = options.digest === undefined ? undefined : tipOf(options.digest, ledger)
      const { text, what } = await proof(ledger, options, tip)
      if (options.output === undefined || options.json === true) io.write(text)
      if (options.output === undefined) return
      writeText(options.output, text)
      const message = `Wrote a proof of ${what} to ${options.output}.\nCheck it anywhere: tally verify ${options.output} --digest DIGEST\n`
      if (options.json !== true) io.write(message)
    })
}

async function proof(
  ledger: Ledger,
  { document, version, block }: ProveOptions,
  tip: number | undefined,
): Promise<{ text: string; what: string }> {
  if (block !== undefined) {
    const proven = await ledger.proveBlock(block, tip)
    return { text: encodeProofFile(proven), what: `block ${formatCount(block)}` }
  }
  const proven = await ledger.proveRevision({
    documentId: document!,
    ...(version === undefined ? {} : { version }),
    ...(tip === undefined ? {} : { digestTipAddress: { strandId: ledger.strandId, sequenceNo: tip } }),
  })
  return { text: encodeProofFile(proven), what: `document ${document}` }
}

function tipOf(file: string, ledger: Ledger): number {
  const { digestTipAddress } = parseExpectedDigest(readText(file), file)
  if (digestTipAddress === undefined) {
    throw new FormatError('BAD_DIGEST', `${file} does not say which block it ends with; proofs need a digest file.`)
  }
  if (digestTipAddress.strandId !== ledger.strandId) {
    throw new FormatError('BAD_DIGEST', `${file} is the digest of another ledger.`)
  }
  return digestTipAddress.sequenceNo
}

export function wholeNumber(text: string): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number
  throw new UsageError(`Expected a whole number from 0 on, got "${text}".`)
}
