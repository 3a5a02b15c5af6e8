import { judge } from '../bench-row.ts'
import type { Workload } from '../workload.ts'
import { batches, batchSize, insertMany, openVehicleLedger } from './ledger-under-test.ts'

/** Loading: one statement inserts 500 documents, one index is kept. */
export const batch: Workload = {
  name: 'batch',
  summary: 'transactions of 500 documents with one index',
  run: async (context) => {
    const ledger = await openVehicleLedger(context.newFolder(), { hasVinIndex: true })
    const sqlite = context.openSqlite()
    sqlite?.peer.createVinIndex()
    try {
      context.progress('batch: transactions of 500 documents')
      const count = context.size(100, 20) * batchSize
      const [us, peer] = await context.measure([
        {
          name: 'Tallystick',
          run: async (round, latencies) => {
            for (const documents of batches(round * count, (round + 1) * count)) {
              const startMs = context.clock.nowMs()
              await insertMany(ledger, documents)
              latencies.record(context.clock.nowMs() - startMs)
            }
            return count
          },
        },
        sqlite && {
          name: 'SQLite',
          run: (round) => {
            for (const documents of batches(round * count, (round + 1) * count)) sqlite.peer.insertMany(documents)
            return count
          },
        },
      ])
      return [
        judge({
          name: 'batches of 500 documents, one index',
          value: us!.perSecond,
          unit: 'documents/s',
          latencies: us!.latencies,
          peer: { name: 'SQLite', value: peer?.perSecond },
          budget: { of: 'ratio', bound: 'at least', limit: 2.5 },
        }),
      ]
    } finally {
      sqlite?.peer.close()
      await ledger.close()
    }
  },
}
