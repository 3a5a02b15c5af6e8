import { assert } from '../../errors.ts'
import { colors, pickIndex, vinOf } from '../bench-document.ts'
import { judge } from '../bench-row.ts'
import type { Workload } from '../workload.ts'
import { batches, insertMany, openVehicleLedger } from './ledger-under-test.ts'

const atLeastAsFast = { of: 'ratio', bound: 'at least', limit: 1 } as const

/** Reading: by index, by scan with a filter, by group. Both sides must give the same answers. */
export const queries: Workload = {
  name: 'queries',
  summary: 'read by indexed field, full scan with a filter, GROUP BY',
  run: async (context) => {
    const { clock } = context
    const ledger = await openVehicleLedger(context.newFolder(), { hasVinIndex: true })
    const sqlite = context.openSqlite()
    sqlite?.peer.createVinIndex()
    try {
      const count = context.size(100_000, 20_000)
      context.progress(`queries: loading ${count} documents`)
      for (const documents of batches(0, count)) {
        await insertMany(ledger, documents)
        sqlite?.peer.insertMany(documents)
      }

      context.progress('queries: reads by indexed field')
      const readCount = context.size(50_000, 10_000)
      const vin = (round: number, read: number): string => vinOf(pickIndex(round * readCount + read, count))
      const [read, sqliteRead] = await context.measure([
        {
          name: 'Tallystick',
          run: async (round, latencies) => {
            for (let index = 0; index < readCount; index++) {
              const startMs = clock.nowMs()
              const rows = await ledger.execute('SELECT * FROM Vehicle WHERE vin = ?', vin(round, index))
              latencies.record(clock.nowMs() - startMs)
              assert(rows.length === 1 && typeof rows[0]!['priceCents'] === 'number', 'the vehicle is found whole')
            }
            return readCount
          },
        },
        sqlite && {
          name: 'SQLite',
          run: (round) => {
            for (let index = 0; index < readCount; index++) {
              const document = sqlite.peer.findByVin(vin(round, index))
              assert(typeof document?.priceCents === 'number', 'the vehicle is found whole')
            }
            return readCount
          },
        },
      ])

      context.progress('queries: full scan with a filter')
      const filtered = new Set<number>()
      const [scan, sqliteScan] = await context.measure([
        {
          name: 'Tallystick',
          run: async () => {
            const text = 'SELECT vin, city FROM Vehicle WHERE year >= ? AND color = ?'
            filtered.add((await ledger.execute(text, 2020, colors[0])).length)
            return count
          },
        },
        sqlite && {
          name: 'SQLite',
          run: () => {
            filtered.add(sqlite.peer.countFiltered(2020, colors[0]!))
            return count
          },
        },
      ])
      assert(filtered.size === 1, `both sides find the same vehicles, not ${[...filtered].join(' and ')}`)

      context.progress('queries: GROUP BY')
      const grouped = new Set<string>()
      const remember = (groups: readonly { make?: unknown; n?: unknown; total?: unknown }[]): void => {
        grouped.add(
          groups
            .map(({ make, n, total }) => `${make} ${n} ${total}`)
            .toSorted()
            .join(),
        )
      }
      const [group, sqliteGroup] = await context.measure([
        {
          name: 'Tallystick',
          run: async () => {
            const text = 'SELECT make, COUNT(*) AS n, SUM(priceCents) AS total FROM Vehicle GROUP BY make'
            remember(await ledger.execute(text))
            return count
          },
        },
        sqlite && {
          name: 'SQLite',
          run: () => {
            remember(sqlite.peer.groupByMake())
            return count
          },
        },
      ])
      assert(grouped.size === 1, 'both sides find the same groups')

      return [
        judge({
          name: 'read by indexed field',
          value: read!.perSecond,
          unit: 'reads/s',
          latencies: read!.latencies,
          peer: { name: 'SQLite', value: sqliteRead?.perSecond },
          budget: atLeastAsFast,
        }),
        judge({
          name: `full scan with a filter, ${count / 1000} 000 documents`,
          value: scan!.perSecond,
          unit: 'documents/s',
          peer: { name: 'SQLite', value: sqliteScan?.perSecond },
          budget: atLeastAsFast,
        }),
        judge({
          name: `GROUP BY, ${count / 1000} 000 documents`,
          value: group!.perSecond,
          unit: 'documents/s',
          peer: { name: 'SQLite', value: sqliteGroup?.perSecond },
          budget: atLeastAsFast,
        }),
      ]
    } finally {
      sqlite?.peer.close()
      await ledger.close()
    }
  },
}
