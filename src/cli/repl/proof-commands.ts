import { encodeBase64 } from '../../hash/index.ts'
import { encodeDigest } from '../../journal/index.ts'
import {
  encodeProofFile,
  formatCount,
  parseExpectedDigest,
  renderVerdict,
  verifyProofFile,
} from '../../verify/index.ts'
import { EXIT } from '../exit-code.ts'
import { writeText } from '../text-file.ts'
import { exitCodeOfVerdict, readDigest } from '../verify-command.ts'
import type { ReplSession } from './session.ts'

/** `\digest [FILE]`: the fingerprint of everything up to the last block; kept in a file when one is named. */
export async function showDigest(session: ReplSession, file: string | undefined): Promise<void> {
  const { ledger } = session
  const digest = await ledger.digest()
  session.say(`Fingerprint of ledger "${ledger.name}" up to block ${formatCount(digest.digestTipAddress.sequenceNo)}:`)
  session.say(`  ${encodeBase64(digest.digest)}`)
  if (file === undefined) {
    session.say('Keep it where the ledger’s operator cannot reach it: \\digest FILE')
    return
  }
  writeText(file, encodeDigest({ ...digest, ledger: ledger.name, savedAt: Date.now() }))
  session.say(`Saved in ${file}. Keep it where the ledger’s operator cannot reach it.`)
}

/**
 * `\verify ID [VERSION] [DIGEST]`: asks the ledger for a proof and checks it here, against the digest given or else
 * the ledger's present one.
 */
export async function verifyDocument(
  session: ReplSession,
  documentId: string,
  version: number | undefined,
  digest: string | undefined,
): Promise<void> {
  const { ledger, context } = session
  const expected =
    digest === undefined
      ? parseExpectedDigest(
          encodeDigest({ ...(await ledger.digest()), ledger: ledger.name }),
          'the digest of this moment',
        )
      : readDigest(digest)
  const tip = expected.digestTipAddress
  const proof = await ledger.proveRevision({
    documentId,
    ...(version === undefined ? {} : { version }),
    ...(tip === undefined ? {} : { digestTipAddress: tip }),
  })
  const verdict = verifyProofFile(encodeProofFile(proof), expected, context.checkedBy(false), 'the ledger’s proof')
  session.say(renderVerdict(verdict))
  // In a script the worst verdict is what the shell gets to know: a mismatch, then what was not decided.
  const worst = [EXIT.mismatch, EXIT.couldNotRun].find((code) =>
    [context.exitCode, exitCodeOfVerdict(verdict)].includes(code),
  )
  if (!session.io.isInteractive && worst !== undefined) context.exitCode = worst
}
