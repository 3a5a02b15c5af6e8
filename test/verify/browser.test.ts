/**
 * Goal: the verifier runs in a browser. Method: bundle its door for one, and run the bundle in a context that has what
 * every browser has and nothing of Node.
 */
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { encodeProofFile } from '../../src/verify/index.ts'
import { sampleJournal } from '../journal/sample-journal.ts'
import { BLOCK_A, DIGEST_A, REVISION_PROOF_A, TIP_A } from '../vectors/qldb.ts'
import { digestAt, proveBlock, proveRevision } from './sample-proofs.ts'

test('the bundle imports nothing of Node and verifies in a bare context', async () => {
  const bundle = await build({
    entryPoints: ['src/verify/index.ts'],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'tally',
    write: false,
    logLevel: 'silent',
  })
  expect(bundle.warnings).toEqual([])
  const [file] = bundle.outputFiles
  const context = createContext({ TextDecoder, TextEncoder })
  runInContext(file!.text, context)

  const run = (code: string, values: Record<string, unknown>): unknown => {
    Object.assign(context, values)
    return runInContext(code, context)
  }
  expect(run('typeof process + typeof Buffer + typeof require', {})).toBe('undefined'.repeat(3))

  const journal = sampleJournal()
  const tip = journal.blocks.length - 1
  const digest = Buffer.from(digestAt(journal, tip)).toString('base64')
  const verify = `
    var verdict = tally.verifyProofFile(proof, tally.parseExpectedDigest(digest), checkedBy, 'proof.json')
    tally.renderVerdict(verdict)`
  const checkedBy = { where: 'browser', version: 'page 0.3.0', isOffline: true }
  for (const proof of [proveRevision(journal, 4, 0, tip), proveBlock(journal, 4, tip)]) {
    const text = encodeProofFile(proof)
    expect(run(verify, { proof: text, digest, checkedBy })).toMatch(/^Verified in this browser\n/)
    expect(run(verify, { proof: text.replace('Ines', 'Otto'), digest, checkedBy })).toMatch(/^Does not match\n/)
  }

  const strandId = 'KmA3ZZca7vAIiJAK9S5Iwl'
  const ofQldb = JSON.stringify({
    format: 'tallystick proof 1',
    kind: 'revision',
    blockAddress: { strandId, sequenceNo: 100 },
    digestTipAddress: { strandId, sequenceNo: TIP_A },
    revision: BLOCK_A.slice(BLOCK_A.indexOf('revisions: [{') + 12, BLOCK_A.lastIndexOf(']')),
    proof: REVISION_PROOF_A,
  })
  expect(run(verify, { proof: ofQldb, digest: DIGEST_A, checkedBy })).toMatch(/^Verified in this browser\n/)
}, 60_000)
