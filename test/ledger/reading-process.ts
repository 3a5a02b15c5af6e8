/**
 * A process that reads a ledger while another one writes, and says in lines of JSON what it saw, until its standard input
 * ends.
 *
 *   node reading-process.mjs FOLDER
 */
import { writeSync } from 'node:fs'
import { LedgerError, openLedger } from '../../src/index.ts'

/** One look at the ledger. */
export interface Sight {
  /** What the counter said, and the numbers of all entries, in one transaction. */
  readonly count: number
  readonly entries: readonly number[]
  /** Versions of the counter's document in its history, in the same transaction. */
  readonly versions: readonly number[]
  /** Asked for after it. */
  readonly tip: number
  readonly digest: string
}

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new TypeError('usage: reading-process FOLDER')

let isEnding = false
process.stdin.on('end', () => {
  isEnding = true
})
process.stdin.resume()

// There is one writer, whoever asks.
const refused = await openLedger(folder).then(
  () => 'opened',
  (error: unknown) => (error instanceof LedgerError ? error.code : String(error)),
)
writeSync(1, `${JSON.stringify({ refused })}\n`)

while (!isEnding) {
  // Opening beside the writer is part of the test.
  await using ledger = await openLedger(folder, { readOnly: true })
  for (let look = 0; look < 20 && !isEnding; look++) {
    const { entries, counts, versions } = await ledger.transact(async (tx) => ({
      entries: await tx.execute<number>('SELECT VALUE n FROM Entry'),
      counts: await tx.execute<number>('SELECT VALUE count FROM Counter WHERE id = ?', 'c'),
      versions: await tx.execute<number>('SELECT VALUE h.data.count FROM history(Counter) AS h'),
    }))
    const { digest, digestTipAddress } = await ledger.digest()
    const sight: Sight = {
      count: counts[0] ?? -1,
      entries: [...entries],
      versions: [...versions],
      tip: digestTipAddress.sequenceNo,
      digest: Buffer.from(digest).toString('hex'),
    }
    writeSync(1, `${JSON.stringify(sight)}\n`)
    await new Promise((resume) => setTimeout(resume, 1))
  }
  // The pages are looked at beside the writer, which must not look like damage.
  await ledger.viewsChecked
}
