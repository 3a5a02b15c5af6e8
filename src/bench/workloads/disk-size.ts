import { benchDocument } from '../bench-document.ts'
import { judge } from '../bench-row.ts'
import { diskSizeBytes, type Workload } from '../workload.ts'
import { batches, insertMany, openVehicleLedger } from './ledger-under-test.ts'

/** Bytes on disk: documents loaded in batches, and documents that came one by one. One index, everything closed. */
export const diskSize: Workload = {
  name: 'size',
  summary: 'bytes on disk per revision, loaded in batches and one by one',
  run: async (context) => {
    const measureSize = async (
      count: number,
      perTransaction: 'batch' | 'one',
    ): Promise<[number, number | undefined]> => {
      const folder = context.newFolder()
      const ledger = await openVehicleLedger(folder, { hasVinIndex: true })
      const sqlite = context.openSqlite()
      sqlite?.peer.createVinIndex()
      try {
        if (perTransaction === 'batch') {
          for (const documents of batches(0, count)) {
            await insertMany(ledger, documents)
            sqlite?.peer.insertMany(documents)
          }
        } else {
          const documents = Array.from({ length: count }, (_, index) => benchDocument(index))
          for (let start = 0; start < count; start += 500) {
            await Promise.all(documents.slice(start, start + 500).map((one) => insertMany(ledger, [one])))
          }
          for (const one of documents) sqlite?.peer.insertMany([one])
        }
      } finally {
        sqlite?.peer.close()
        await ledger.close()
      }
      return [diskSizeBytes(folder) / count, sqlite && diskSizeBytes(sqlite.folder) / count]
    }

    context.progress('size: loading in batches')
    const [inBatches, sqliteInBatches] = await measureSize(context.size(100_000, 50_000), 'batch')
    context.progress('size: loading one by one')
    const [oneByOne, sqliteOneByOne] = await measureSize(context.size(20_000, 10_000), 'one')
    return [
      judge({
        name: 'bytes on disk per revision, batches of 500',
        value: inBatches,
        unit: 'bytes',
        peer: { name: 'SQLite', value: sqliteInBatches },
        budget: { of: 'ratio', bound: 'at most', limit: 1.5 },
      }),
      judge({
        name: 'bytes on disk per revision, one a transaction',
        value: oneByOne,
        unit: 'bytes',
        peer: { name: 'SQLite', value: sqliteOneByOne },
        budget: { of: 'ratio', bound: 'at most', limit: 1.5 },
      }),
    ]
  },
}
