import { assert } from '../../errors.ts'
import type { Ledger } from '../../ledger/index.ts'
import { benchRegistration, pickIndex, vinOf } from '../bench-document.ts'
import { type BenchRow, judge } from '../bench-row.ts'
import type { SqlitePeer } from '../sqlite-peer.ts'
import type { BenchContext, Workload } from '../workload.ts'
import { batches, batchSize, insertMany, openVehicleLedger } from './ledger-under-test.ts'
import { type QueryPair, queryPairs } from './query-pair.ts'

const atLeastAsFast = { of: 'ratio', bound: 'at least', limit: 1 } as const

/** Reading: by index, by scan, by group, sorted, joined. Both sides have the same indexes and must give the same answers. */
export const queries: Workload = {
  name: 'queries',
  summary: 'read by indexed field, range, full scan with a filter, GROUP BY, ORDER BY with LIMIT, join',
  run: async (context) => {
    const ledger = await openVehicleLedger(context.newFolder(), { hasVinIndex: true })
    const sqlite = context.openSqlite()?.peer
    try {
      const count = context.documentCount ?? context.size(100_000, 20_000)
      context.progress(`queries: loading ${count} documents`)
      await load(ledger, sqlite, count)

      const rows = [await pointReads(ledger, sqlite, count, context)]
      for (const pair of queryPairs(count, context.isQuick)) {
        context.progress(`queries: ${pair.name}`)
        rows.push(await compare(pair, ledger, sqlite, context))
      }
      return rows
    } finally {
      sqlite?.close()
      await ledger.close()
    }
  },
}

async function load(ledger: Ledger, sqlite: SqlitePeer | undefined, count: number): Promise<void> {
  await ledger.execute('CREATE INDEX ON Vehicle (mileageKm)')
  await ledger.execute('CREATE TABLE Registration')
  await ledger.execute('CREATE INDEX ON Registration (vin)')
  sqlite?.createIndex('vin')
  sqlite?.createIndex('mileageKm')
  for (const documents of batches(0, count)) {
    await insertMany(ledger, documents)
    sqlite?.insertMany(documents)
  }
  const registrations = Array.from({ length: count }, (_, index) => benchRegistration(index, count))
  for (let start = 0; start < count; start += batchSize) {
    await ledger.execute('INSERT INTO Registration ?', registrations.slice(start, start + batchSize))
  }
  sqlite?.loadRegistrations(registrations)
  sqlite?.analyze()
}

async function pointReads(
  ledger: Ledger,
  sqlite: SqlitePeer | undefined,
  count: number,
  context: BenchContext,
): Promise<BenchRow> {
  const { clock } = context
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
          const document = sqlite.findByVin(vin(round, index))
          assert(typeof document?.priceCents === 'number', 'the vehicle is found whole')
        }
        return readCount
      },
    },
  ])
  return judge({
    name: 'read by indexed field',
    value: read!.perSecond,
    unit: 'reads/s',
    latencies: read!.latencies,
    peer: { name: 'SQLite', value: sqliteRead?.perSecond },
    budget: atLeastAsFast,
  })
}

/** Measures both sides of a pair, after making sure that they give the same answer. */
async function compare(
  pair: QueryPair,
  ledger: Ledger,
  sqlite: SqlitePeer | undefined,
  context: BenchContext,
): Promise<BenchRow> {
  const { name, unit, partiql, parameters, isOrdered, repeats, units } = pair
  const query = sqlite?.query(pair.sql)
  if (query !== undefined) {
    const [ours, theirs] = [await ledger.execute(partiql, ...parameters(0)), query(...parameters(0))].map((rows) => {
      const texts = rows.map((row) => JSON.stringify(Object.entries(row).toSorted()))
      return (isOrdered ? texts : texts.toSorted()).join('\n')
    })
    assert(ours === theirs && ours !== '', `both sides give the same answer: ${name}`)
  }
  const [us, peer] = await context.measure([
    {
      name: 'Tallystick',
      run: async (round) => {
        for (let index = 0; index < repeats; index++) {
          await ledger.execute(partiql, ...parameters(round * repeats + index))
        }
        return repeats * units
      },
    },
    query && {
      name: 'SQLite',
      run: (round) => {
        for (let index = 0; index < repeats; index++) query(...parameters(round * repeats + index))
        return repeats * units
      },
    },
  ])
  return judge({
    name,
    value: us!.perSecond,
    unit,
    peer: { name: 'SQLite', value: peer?.perSecond },
    budget: atLeastAsFast,
  })
}
