/** The program that `loadLedger` runs in a process of its own: FOLDER COUNT. Speaks to its parent in messages. */
import { readFileSync } from 'node:fs'
import { machineClock } from './clock.ts'
import type { LoadResult } from './loaded-ledger.ts'
import { batches, batchSize, insertMany, openVehicleLedger } from './workloads/ledger-under-test.ts'

const [folder, countText] = process.argv.slice(2)
const count = Number(countText)
if (folder === undefined || !Number.isSafeInteger(count)) throw new TypeError('Expected FOLDER COUNT.')

const startMs = machineClock.nowMs()
const ledger = await openVehicleLedger(folder, { hasVinIndex: true })
let done = 0
let peakPrivateBytes = 0
for (const documents of batches(0, count)) {
  await insertMany(ledger, documents)
  done += documents.length
  if (done % (20 * batchSize) === 0) peakPrivateBytes = Math.max(peakPrivateBytes, privateBytes())
  if (done % (200 * batchSize) === 0) process.send?.(done)
}
await ledger.close()
const result: LoadResult = {
  peakRssBytes: process.resourceUsage().maxRSS * 1024,
  peakPrivateBytes: Math.max(peakPrivateBytes, privateBytes()),
  seconds: (machineClock.nowMs() - startMs) / 1000,
}
process.send?.(result)
process.disconnect?.()

/** Resident memory that is not mapped from files; only Linux tells. */
function privateBytes(): number {
  try {
    return Number(/^RssAnon:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}
