/**
 * What test/storage runs in another process: `node --import tsx child.ts <what> <folder> [argument]`. Each task says on
 * standard output how far it got.
 */
import { writeSync } from 'node:fs'
import { LmdbStore, lockLedger } from '../../src/storage/index.ts'

const [what, folder = '', argument = ''] = process.argv.slice(2)

/** At once, whatever happens to this process next. */
function say(text: string): void {
  writeSync(1, `${text}\n`)
}

const bytes = (value: number): Uint8Array => {
  const key = new Uint8Array(8)
  new DataView(key.buffer).setFloat64(0, value)
  return key
}

switch (what) {
  case 'lock': {
    lockLedger(folder)
    say('locked')
    setInterval(() => {}, 1000)
    break
  }
  // Tries to take a lock, once told so; says who got it.
  case 'race': {
    say('ready')
    process.stdin.once('data', () => {
      try {
        lockLedger(folder)
        say('won')
        setInterval(() => {}, 1000)
      } catch (error) {
        say((error as { code?: string }).code ?? String(error))
        process.exit()
      }
    })
    break
  }
  // Writes until it is killed: commit n puts n into every key space, and says so afterwards.
  case 'write': {
    const store = LmdbStore.open(folder, { mapSizeBytes: 1 << 20 })
    const [current, index, meta] = [store.keyspace('current'), store.keyspace('index'), store.keyspace('meta')]
    const filler = new Uint8Array(Number(argument) || 500)
    for (let count = 1; ; count++) {
      store.write((batch) => {
        batch.put(current, bytes(count), filler)
        batch.put(index, bytes((count * 7919) % 1009), bytes(count))
        batch.put(meta, bytes(0), bytes(count))
      })
      say(String(count))
      if (count % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
  }
  // Reads beside a writer: every snapshot is of one commit. Says how many commits it saw.
  case 'read': {
    const seen = new Set<number>()
    let faults = 0
    for (let round = 0; round < Number(argument); round++) {
      const store = LmdbStore.open(folder, { readOnly: true })
      for (let look = 0; look < 20; look++) {
        const snapshot = store.snapshot()
        const stored = snapshot.get(store.keyspace('meta'), bytes(0))
        if (stored !== undefined) {
          const count = new DataView(stored.buffer, stored.byteOffset).getFloat64(0)
          seen.add(count)
          if (snapshot.get(store.keyspace('current'), bytes(count)) === undefined) faults++
          if (snapshot.get(store.keyspace('current'), bytes(count + 1)) !== undefined) faults++
          const last = snapshot.scan(store.keyspace('current'), { reverse: true, limit: 1 })
          if (!last.next() || Buffer.compare(last.key, bytes(count)) !== 0) faults++
        }
        snapshot.release()
        if (look % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
      }
      await store.close()
    }
    say(JSON.stringify({ commits: seen.size, faults }))
    break
  }
  default:
    throw new Error(`unknown task ${what}`)
}
