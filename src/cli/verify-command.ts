import { existsSync, writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import {
  type ExpectedDigest,
  encodeVerdict,
  parseExpectedDigest,
  renderVerdict,
  type Verdict,
  verifyProofFile,
} from '../verify/index.ts'
import type { CommandContext } from './command-context.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { readText } from './text-file.ts'

/** `tally verify FILE --digest D`: offline, with nothing but the two files. */
export function registerVerify(program: Command, context: CommandContext): void {
  program
    .command('verify')
    .description('check a proof against a digest that you kept; needs no ledger and no network')
    .argument('<file>', 'proof made by tally prove')
    .requiredOption('--digest <digest>', 'digest file, or the 44 characters of the digest itself')
    .option('--json', 'the verdict as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  tally verify proof.json --digest march.digest\n\nExit: 0 verified, 1 does not match, 2 bad input, 3 could not check',
    )
    .action((file: string, options: { readonly digest: string; readonly json?: boolean }) => {
      const expected = readDigest(options.digest)
      const verdict = verifyProofFile(readText(file), expected, context.checkedBy(true), file)
      showVerdict(verdict, context, { isJson: options.json === true, evidenceFile: `${file}.evidence` })
    })
}

/** A digest as somebody gives it on the command line. @throws {FormatError} BAD_DIGEST */
export function readDigest(digest: string): ExpectedDigest {
  return existsSync(digest) ? parseExpectedDigest(readText(digest), digest) : parseExpectedDigest(digest)
}

/** 0 verified, 1 does not match, 3 not decided. */
export function exitCodeOfVerdict({ verdict }: Verdict): ExitCode {
  return verdict === 'verified' ? EXIT.done : verdict === 'mismatch' ? EXIT.mismatch : EXIT.couldNotRun
}

/** Prints a verdict, keeps the evidence of a mismatch, and sets the exit code. */
export function showVerdict(
  verdict: Verdict,
  context: CommandContext,
  options: { readonly isJson: boolean; readonly evidenceFile: string },
): void {
  const { io } = context
  context.exitCode = exitCodeOfVerdict(verdict)
  const encoded = encodeVerdict(verdict)
  if (options.isJson) {
    io.write(`${JSON.stringify(encoded, undefined, 2)}\n`)
    return
  }
  if (verdict.verdict !== 'mismatch') {
    io.write(`${renderVerdict(verdict)}\n`)
    return
  }
  let evidenceFile: string | undefined = options.evidenceFile
  try {
    writeFileSync(evidenceFile, `${JSON.stringify(encoded, undefined, 2)}\n`)
  } catch (error) {
    io.writeError(`The evidence could not be written to ${evidenceFile}: ${(error as Error).message}\n`)
    evidenceFile = undefined
  }
  io.write(`${renderVerdict(verdict, { evidenceFile })}\n`)
}
