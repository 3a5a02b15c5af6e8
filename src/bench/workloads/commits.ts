import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { benchDocument } from '../bench-document.ts'
import { judge } from '../bench-row.ts'
import type { Contender } from '../measure.ts'
import type { Workload } from '../workload.ts'
import { openVehicleLedger } from './ledger-under-test.ts'

const clientCount = 64
/** About the size of a block with one document. */
const appendSizeBytes = 1024

/** Durable single-document transactions: many clients for throughput, one client for latency. */
export const commits: Workload = {
  name: 'commits',
  summary: 'durable single-document transactions, 64 clients at once and one alone',
  run: async (context) => {
    const { clock } = context
    const ledger = await openVehicleLedger(context.newFolder(), { hasVinIndex: false })
    const sqlite = context.openSqlite()
    const file = openSync(join(context.newFolder('make'), 'appended'), 'w')
    try {
      const insert = (index: number): PromiseLike<unknown> =>
        ledger.execute('INSERT INTO Vehicle ?', benchDocument(index))

      context.progress('commits: 64 clients at once')
      const count = context.size(10_000, 3_000)
      const us: Contender = {
        name: 'Tallystick',
        run: async (round, latencies) => {
          let next = round * count
          const end = next + count
          const client = async (): Promise<void> => {
            while (next < end) {
              const startMs = clock.nowMs()
              await insert(next++)
              latencies.record(clock.nowMs() - startMs)
            }
          }
          await Promise.all(Array.from({ length: clientCount }, client))
          return count
        },
      }
      // SQLite has one writer at a time and its calls are synchronous: the clients stand in line anyway.
      const peer: Contender | undefined = sqlite && {
        name: 'SQLite',
        run: (round) => {
          for (let index = round * count; index < (round + 1) * count; index++) {
            sqlite.peer.insertMany([benchDocument(index)])
          }
          return count
        },
      }
      const [together, sqliteTogether] = await context.measure([us, peer])

      context.progress('commits: one client')
      const aloneCount = context.size(1_500, 500)
      const bytes = new Uint8Array(appendSizeBytes).fill(0x5a)
      const [alone, raw] = await context.measure([
        {
          name: 'Tallystick',
          run: async (round, latencies) => {
            for (let index = 0; index < aloneCount; index++) {
              const startMs = clock.nowMs()
              await insert(10_000_000 + round * aloneCount + index)
              latencies.record(clock.nowMs() - startMs)
            }
            return aloneCount
          },
        },
        {
          name: 'append + fdatasync',
          run: (_round, latencies) => {
            for (let index = 0; index < aloneCount; index++) {
              const startMs = clock.nowMs()
              writeSync(file, bytes)
              fdatasyncSync(file)
              latencies.record(clock.nowMs() - startMs)
            }
            return aloneCount
          },
        },
      ])

      return [
        judge({
          name: 'single-document transactions, 64 at once',
          value: together!.perSecond,
          unit: 'transactions/s',
          latencies: together!.latencies,
          peer: { name: 'SQLite', value: sqliteTogether?.perSecond },
          budget: { of: 'ratio', bound: 'at least', limit: 4 },
        }),
        judge({
          name: 'one client, durable commit, p50',
          value: alone!.latencies.quantileMs(0.5)!,
          unit: 'ms',
          latencies: alone!.latencies,
          peer: { name: raw!.name, value: raw!.latencies.quantileMs(0.5) },
          budget: { of: 'ratio', bound: 'at most', limit: 2 },
        }),
      ]
    } finally {
      closeSync(file)
      sqlite?.peer.close()
      await ledger.close()
    }
  },
}
