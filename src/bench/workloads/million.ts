import { openLedger } from '../../ledger/index.ts'
import { judge } from '../bench-row.ts'
import { loadLedger } from '../loaded-ledger.ts'
import type { Workload } from '../workload.ts'

/** A ledger of a million documents: what loading it takes, and how soon it is open again. */
export const million: Workload = {
  name: 'million',
  summary: 'load a million documents: memory while loading, then the time to open',
  run: async (context) => {
    const count = context.size(1_000_000, 100_000)
    const revisions = context.isQuick ? '10⁵' : '10⁶'
    const folder = context.newFolder()
    const loaded = await loadLedger(folder, count, {
      signal: context.signal,
      onProgress: (text) => context.progress(`million: ${text}`),
    })

    context.progress('million: opening')
    const [open] = await context.measure(
      [
        {
          name: 'Tallystick',
          run: async (_round, latencies) => {
            const startMs = context.clock.nowMs()
            const ledger = await openLedger(folder)
            latencies.record(context.clock.nowMs() - startMs)
            await ledger.close()
            return 1
          },
        },
      ],
      { runs: 9 },
    )
    const megabyte = 2 ** 20
    return [
      judge({
        name: `peak memory, loading ${revisions} documents in batches`,
        value: loaded.peakRssBytes / megabyte,
        unit: 'MB',
        budget: { of: 'value', bound: 'at most', limit: 600 },
      }),
      ...(loaded.peakPrivateBytes === 0
        ? []
        : [
            judge({
              name: `peak memory not mapped from files, loading ${revisions} documents`,
              value: loaded.peakPrivateBytes / megabyte,
              unit: 'MB',
            }),
          ]),
      judge({
        name: `loading ${revisions} documents in batches, from first to last`,
        value: count / loaded.seconds,
        unit: 'documents/s',
      }),
      judge({
        name: `open a ledger of ${revisions} revisions, p50`,
        value: open!.latencies.quantileMs(0.5)!,
        unit: 'ms',
        latencies: open!.latencies,
        budget: { of: 'value', bound: 'at most', limit: 100 },
      }),
    ]
  },
}
