import { hash } from 'node:crypto'
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { assert } from '../../errors.ts'
import { LmdbStore } from '../../storage/index.ts'
import { pickIndex } from '../bench-document.ts'
import { judge } from '../bench-row.ts'
import type { Workload } from '../workload.ts'

const putsPerWrite = 1_000

/** What the machine itself can do: nothing of ours can be faster. */
export const floors: Workload = {
  name: 'floors',
  summary: 'what the machine can do: append and fdatasync, SHA-256, LMDB puts',
  run: async (context) => {
    context.progress('floors: append + fdatasync')
    const file = openSync(join(context.newFolder('make'), 'appended'), 'w')
    const bytes = new Uint8Array(1024).fill(0x5a)
    const appendCount = context.size(1_500, 500)
    const [append] = await context.measure([
      {
        name: 'append + fdatasync',
        run: (_round, latencies) => {
          for (let index = 0; index < appendCount; index++) {
            const startMs = context.clock.nowMs()
            writeSync(file, bytes)
            fdatasyncSync(file)
            latencies.record(context.clock.nowMs() - startMs)
          }
          return appendCount
        },
      },
    ])
    closeSync(file)

    context.progress('floors: SHA-256')
    const hashing = (sizeBytes: number, count: number): (() => number) => {
      const message = new Uint8Array(sizeBytes).fill(0x5a)
      return () => {
        for (let index = 0; index < count; index++) hash('sha256', message, 'binary')
        return count
      }
    }
    const [long] = await context.measure([{ name: 'SHA-256', run: hashing(16_384, context.size(20_000, 5_000)) }])
    const [short] = await context.measure([{ name: 'SHA-256', run: hashing(64, context.size(500_000, 100_000)) }])

    context.progress('floors: LMDB')
    const store = LmdbStore.open(context.newFolder())
    const inOrder = store.keyspace('tree')
    const scattered = store.keyspace('index')
    const putCount = context.size(200_000, 50_000)
    const value = new Uint8Array(32).fill(0x5a)
    const putting = (keyspace: typeof inOrder, keyOf: (index: number) => number) => (round: number) => {
      for (let start = round * putCount; start < (round + 1) * putCount; start += putsPerWrite) {
        store.write((batch) => {
          for (let index = start; index < start + putsPerWrite; index++) {
            const key = new Uint8Array(8)
            new DataView(key.buffer).setUint32(0, keyOf(index))
            new DataView(key.buffer).setUint32(4, index)
            batch.put(keyspace, key, value)
          }
        })
      }
      return putCount
    }
    const [putInOrder] = await context.measure([{ name: 'LMDB', run: putting(inOrder, () => 0) }])
    const [putScattered] = await context.measure([
      { name: 'LMDB', run: putting(scattered, (index) => pickIndex(index, 2 ** 32)) },
    ])
    const snapshot = store.snapshot()
    const [get] = await context.measure([
      {
        name: 'LMDB',
        run: (round) => {
          for (let index = 0; index < putCount; index++) {
            const key = new Uint8Array(8)
            new DataView(key.buffer).setUint32(4, pickIndex(round * putCount + index, putCount))
            assert(snapshot.get(inOrder, key) !== undefined, 'what was put is there')
          }
          return putCount
        },
      },
    ])
    snapshot.release()
    await store.close()

    return [
      judge({
        name: 'floor: append 1 KB + fdatasync, p50',
        value: append!.latencies.quantileMs(0.5)!,
        unit: 'ms',
        latencies: append!.latencies,
      }),
      judge({ name: 'floor: SHA-256, messages of 16 KB', value: (long!.perSecond * 16_384) / 1e6, unit: 'MB/s' }),
      judge({ name: 'floor: SHA-256, messages of 64 bytes', value: short!.perSecond, unit: 'hashes/s' }),
      judge({ name: 'floor: LMDB puts in order, 32 bytes, checksummed', value: putInOrder!.perSecond, unit: 'puts/s' }),
      judge({ name: 'floor: LMDB puts at random', value: putScattered!.perSecond, unit: 'puts/s' }),
      judge({ name: 'floor: LMDB gets at random', value: get!.perSecond, unit: 'gets/s' }),
    ]
  },
}
