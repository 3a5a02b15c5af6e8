import { assert } from '../../errors.ts'
import { auditJournal } from '../../ledger/index.ts'
import { benchDocument } from '../bench-document.ts'
import { type BenchRow, judge } from '../bench-row.ts'
import type { BenchContext, Workload } from '../workload.ts'
import { batches, insertMany, openVehicleLedger } from './ledger-under-test.ts'

const checkedBy = { where: 'computer', version: 'tally bench', isOffline: true } as const
const revisionsBudget = { of: 'value', bound: 'at least', limit: 50_000 } as const

/** The audit of a whole journal, on one core: every byte read, every hash recomputed. */
export const audit: Workload = {
  name: 'audit',
  summary: 'audit of a whole journal: small documents in batches, one by one, large ones',
  run: async (context) => {
    const batchCount = context.size(100_000, 20_000)
    const oneCount = context.size(50_000, 10_000)
    const largeCount = context.size(10_000, 2_000)
    const attachment = Uint8Array.from({ length: 8192 }, (_, index) => (index * 167) & 0xff)
    const rows: BenchRow[] = []

    const inBatches = await measureAudit(context, 'small documents in batches', async (insert) => {
      for (const documents of batches(0, batchCount)) await insert(documents)
    })
    rows.push(
      judge({
        name: 'audit, batches of 500 documents',
        value: inBatches.revisionsPerSecond,
        unit: 'revisions/s',
        budget: revisionsBudget,
      }),
      judge({ name: 'audit, batches of 500 documents, bytes', value: inBatches.megabytesPerSecond, unit: 'MB/s' }),
    )

    const oneByOne = await measureAudit(context, 'small documents one by one', async (insert) => {
      for (let start = 0; start < oneCount; start += 500) {
        const transactions = Array.from({ length: 500 }, (_, index) => insert([benchDocument(start + index)]))
        await Promise.all(transactions)
      }
    })
    rows.push(
      judge({
        name: 'audit, one document a transaction',
        value: oneByOne.revisionsPerSecond,
        unit: 'revisions/s',
        budget: revisionsBudget,
      }),
    )

    const large = await measureAudit(context, 'documents with 8 KB of bytes', async (insert) => {
      for (const documents of batches(0, largeCount)) {
        await insert(documents.map((document) => ({ ...document, attachment })))
      }
    })
    rows.push(
      judge({
        name: 'audit, documents with 8 KB of bytes',
        value: large.megabytesPerSecond,
        unit: 'MB/s',
        budget: { of: 'value', bound: 'at least', limit: 100 },
      }),
    )
    return rows
  },
}

async function measureAudit(
  context: BenchContext,
  what: string,
  load: (insert: (documents: readonly object[]) => Promise<void>) => Promise<void>,
): Promise<{ readonly revisionsPerSecond: number; readonly megabytesPerSecond: number }> {
  context.progress(`audit: loading ${what}`)
  const folder = context.newFolder()
  const ledger = await openVehicleLedger(folder, { hasVinIndex: false })
  try {
    await load((documents) => insertMany(ledger, documents))
  } finally {
    await ledger.close()
  }

  context.progress(`audit: ${what}`)
  let bytesPerRevision = 0
  const [measurement] = await context.measure(
    [
      {
        name: 'Tallystick',
        run: async () => {
          const report = await auditJournal(folder, { checkedBy })
          assert(report.verdict.verdict === 'verified', 'an audit finds no fault in a journal that was just written')
          bytesPerRevision = report.sizeBytes / report.revisionCount
          return report.revisionCount
        },
      },
    ],
    { runs: 3 },
  )
  const revisionsPerSecond = measurement!.perSecond
  return { revisionsPerSecond, megabytesPerSecond: (revisionsPerSecond * bytesPerRevision) / 1e6 }
}
