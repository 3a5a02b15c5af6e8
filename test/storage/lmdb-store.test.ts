/**
 * Goal: the views come back from every crash as some state that was committed, damage is noticed before or when it is
 * read, and other processes may read meanwhile. Method: files flipped, cut and mixed; processes killed; a power loss made
 * by hand from what was synced and what may be lost.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { CorruptionError, LedgerError, StorageError } from '../../src/errors.ts'
import { KEYSPACE_NAMES, LmdbStore, type Store } from '../../src/storage/index.ts'
import { decodeState, encodeState } from '../../src/storage/views-state.ts'
import { startChild } from './processes.ts'

const root = mkdtempSync(join(tmpdir(), 'tally-lmdb-'))
let made = 0
const newFolder = (): string => join(root, String(made++))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const bytes = (value: number): Uint8Array => {
  const key = new Uint8Array(8)
  new DataView(key.buffer).setFloat64(0, value)
  return key
}
const dataFile = (folder: string): string => join(folder, 'data.mdb')
const stateFile = (folder: string): string => join(folder, 'state')

/** Every entry of every key space, as one text. */
function contents(store: Store, isFleeting = false): string {
  const snapshot = store.snapshot()
  const lines: string[] = []
  for (const name of KEYSPACE_NAMES) {
    const cursor = snapshot.scan(store.keyspace(name), { isFleeting })
    while (cursor.next())
      lines.push(`${name} ${Buffer.from(cursor.key).toString('hex')} ${Buffer.from(cursor.value).toString('hex')}`)
  }
  snapshot.release()
  return lines.join('\n')
}

/** Commit n, as child.ts writes it. */
function commit(store: Store, count: number, fillerSize = 100): void {
  store.write((batch) => {
    batch.put(store.keyspace('current'), bytes(count), new Uint8Array(fillerSize).fill(count))
    batch.put(store.keyspace('index'), bytes((count * 7919) % 1009), bytes(count))
    batch.put(store.keyspace('meta'), bytes(0), bytes(count))
  })
}

function newestCommit(store: Store): number {
  const snapshot = store.snapshot()
  const stored = snapshot.get(store.keyspace('meta'), bytes(0))
  snapshot.release()
  return stored === undefined ? 0 : new DataView(stored.buffer, stored.byteOffset).getFloat64(0)
}

async function closedFolder(commits: number): Promise<string> {
  const folder = newFolder()
  const store = LmdbStore.open(folder)
  for (let count = 1; count <= commits; count++) commit(store, count)
  await store.close('block 17')
  return folder
}

/** Lets what runs in the thread pool finish. */
async function settle(condition: () => boolean): Promise<void> {
  for (let round = 0; round < 2000 && !condition(); round++) await new Promise((resolve) => setTimeout(resolve, 1))
  expect(condition()).toBe(true)
}

const syncPoint = (folder: string): string | undefined => {
  const state = decodeState(readFileSync(stateFile(folder)))
  if (typeof state === 'string' || state.state !== 'open' || state.syncPoint === undefined) return undefined
  return Buffer.from(state.syncPoint.meta).toString('hex')
}

describe('opening and closing', () => {
  test('keeps what was written, and says that it was closed', async () => {
    const folder = await closedFolder(30)
    expect(LmdbStore.checkFile(folder)).toEqual({ verdict: 'clean', whole: true, tip: 'block 17' })
    const store = LmdbStore.open(folder)
    expect(newestCommit(store)).toBe(30)
    expect(LmdbStore.checkFile(folder)).toMatchObject({ verdict: 'unclean', machineRestarted: false })
    commit(store, 31)
    await store.close()
    expect(LmdbStore.checkFile(folder)).toEqual({ verdict: 'clean', whole: true, tip: undefined })
  })

  test('a large file is compared by size and meta pages, unless asked otherwise', async () => {
    const folder = await closedFolder(3)
    expect(LmdbStore.checkFile(folder, 1000)).toMatchObject({ verdict: 'clean', whole: false })
  })

  test('there is nothing to read where nothing is', () => {
    const folder = newFolder()
    expect(LmdbStore.checkFile(folder)).toEqual({ verdict: 'absent' })
    expect(() => LmdbStore.open(folder, { readOnly: true })).toThrow(StorageError)
    expect(existsSync(folder)).toBe(false)
  })

  test('a place that is a file is refused', () => {
    const folder = newFolder()
    writeFileSync(folder, 'a file')
    expect(() => LmdbStore.open(folder)).toThrow(LedgerError)
  })

  test('too many snapshots are refused, and the store goes on', async () => {
    const store = LmdbStore.open(newFolder(), { maxReaders: 5 })
    const taken: ReturnType<Store['snapshot']>[] = []
    expect(() => {
      for (let count = 1; count < 20; count++) {
        commit(store, count)
        taken.push(store.snapshot())
      }
    }).toThrow(expect.objectContaining({ code: 'STORAGE_FAILED' }))
    expect(taken.length).toBeGreaterThan(2)
    for (const snapshot of taken) snapshot.release()
    commit(store, 20)
    expect(newestCommit(store)).toBe(20)
    await store.close()
  })

  test('two stores in two folders do not meet', async () => {
    const [a, b] = [LmdbStore.open(newFolder()), LmdbStore.open(newFolder())]
    commit(a, 1)
    commit(b, 2)
    const [first, second] = [a.snapshot(), b.snapshot()]
    const cursors = [first.scan(a.keyspace('current')), second.scan(b.keyspace('current'))] as const
    expect(cursors[0].next() && cursors[1].next()).toBe(true)
    expect(cursors[0].key).toEqual(bytes(1))
    expect(cursors[1].key).toEqual(bytes(2))
    await a.close()
    expect(second.get(b.keyspace('current'), bytes(2))).toBeDefined()
    await b.close()
  })
})

describe('a damaged file', () => {
  test('is refused wherever a byte flipped, in a folder that was closed', async () => {
    const folder = await closedFolder(60)
    const original = readFileSync(dataFile(folder))
    for (let at = 0; at < original.length; at += 331) {
      writeFileSync(dataFile(folder), original.with(at, original[at]! ^ 0x20))
      expect(LmdbStore.checkFile(folder).verdict).toBe('corrupt')
      expect(() => LmdbStore.open(folder)).toThrow(CorruptionError)
    }
    writeFileSync(dataFile(folder), original)
    await LmdbStore.open(folder).close()
  })

  test('is refused when it was cut or grew, in a folder that was closed', async () => {
    const folder = await closedFolder(60)
    const original = readFileSync(dataFile(folder))
    for (const changed of [
      new Uint8Array(0),
      original.subarray(0, 100),
      original.subarray(0, 4096),
      original.subarray(0, 8192),
      original.subarray(0, -4096),
      original.subarray(0, -1),
      Buffer.concat([original, new Uint8Array(4096)]),
    ]) {
      writeFileSync(dataFile(folder), changed)
      expect(() => LmdbStore.open(folder)).toThrow(expect.objectContaining({ code: 'VIEWS_CORRUPT' }))
      expect(() => LmdbStore.open(folder, { readOnly: true })).toThrow(CorruptionError)
    }
  })

  test('that is no LMDB file never reaches LMDB, closed or not', async () => {
    const folder = await closedFolder(5)
    const clean = readFileSync(stateFile(folder))
    await LmdbStore.open(folder).close()
    const store = LmdbStore.open(folder)
    const open = readFileSync(stateFile(folder))
    await store.close()
    const original = readFileSync(dataFile(folder))
    const zeroed = (from: number, to: number): Buffer => Buffer.from(original).fill(0, from, to)
    const garbage = Buffer.from(original.map((_, index) => (index * 2_654_435_761) >>> 13))
    const otherVersion = Buffer.from(original)
    otherVersion.writeUInt32LE(1, 28)
    const pageSize = Buffer.from(original)
    pageSize.writeUInt32LE(4095, 48)
    const root = Buffer.from(original)
    root.writeBigUInt64LE(1n << 40n, 24 + 24 + 48 + 40)
    root.writeBigUInt64LE(1n << 40n, 4096 + 24 + 24 + 48 + 40)
    const foreign = [
      new Uint8Array(0),
      Buffer.from('SQLite format 3\0'),
      garbage,
      zeroed(0, 4096),
      zeroed(4096, 8192),
      otherVersion,
      pageSize,
      root,
      original.subarray(0, 8191),
    ]
    for (const state of [clean, open]) {
      for (const content of foreign) {
        writeFileSync(stateFile(folder), state)
        writeFileSync(dataFile(folder), content)
        expect(() => LmdbStore.open(folder)).toThrow(CorruptionError)
      }
    }
  })

  test('without its state file, or with a damaged one, is refused', async () => {
    const folder = await closedFolder(5)
    const state = readFileSync(stateFile(folder))
    for (let at = 0; at < state.length; at++) {
      writeFileSync(stateFile(folder), state.with(at, state[at]! ^ 1))
      expect(LmdbStore.checkFile(folder).verdict).toBe('corrupt')
    }
    for (const content of ['', '{}', state.subarray(0, -1), Buffer.concat([state, state])]) {
      writeFileSync(stateFile(folder), content)
      expect(() => LmdbStore.open(folder)).toThrow(CorruptionError)
    }
    rmSync(stateFile(folder))
    expect(() => LmdbStore.open(folder)).toThrow(/state/)
  })

  test('never gives a wrong value: a flipped value, or one under another key, is noticed when it is read', async () => {
    const folder = newFolder()
    const store = LmdbStore.open(folder)
    const [current, history] = [store.keyspace('current'), store.keyspace('history')]
    const value = (index: number): Uint8Array => new TextEncoder().encode(`value number ${1000 + index} of the test`)
    store.write((batch) => {
      for (let index = 0; index < 20; index++) batch.put(current, bytes(index), value(index))
      batch.put(history, bytes(3), value(3))
    })
    await store.close()
    const original = readFileSync(dataFile(folder))
    const places = (text: Uint8Array): number[] => {
      const found: number[] = []
      for (let at = original.indexOf(text); at >= 0; at = original.indexOf(text, at + 1)) found.push(at)
      return found
    }
    // The file is damaged while the folder counts as in use, as after a crash: nothing but the checksums can tell.
    const inUse = encodeState({ state: 'open', bootId: bootId(), syncPoint: undefined })
    const open = (content: Uint8Array): LmdbStore => {
      const copy = newFolder()
      cpSync(folder, copy, { recursive: true })
      writeFileSync(dataFile(copy), content)
      writeFileSync(stateFile(copy), inUse)
      return LmdbStore.open(copy)
    }
    const [at] = places(value(3)) as [number]
    for (let index = -4; index < value(3).length; index += 3) {
      let damaged: LmdbStore
      try {
        damaged = open(original.with(at + index, original[at + index]! ^ 4))
      } catch (error) {
        expect(error).toBeInstanceOf(CorruptionError)
        continue
      }
      expect(() => contents(damaged)).toThrow(CorruptionError)
      expect(() => contents(damaged, true)).toThrow(CorruptionError)
      const snapshot = damaged.snapshot()
      const found = [damaged.keyspace('current'), damaged.keyspace('history')].map((space) => {
        try {
          return Buffer.from(snapshot.get(space, bytes(3))!).toString()
        } catch (error) {
          expect(error).toMatchObject({ code: 'VIEWS_CORRUPT' })
          expect(() => snapshot.find(space, bytes(3))).toThrow(CorruptionError)
          expect(() => snapshot.peek(space, bytes(3))).toThrow(CorruptionError)
          return 'damaged'
        }
      })
      expect(found.toSorted()).toEqual(['damaged', Buffer.from(value(3)).toString()])
      snapshot.release()
      await damaged.close()
    }
  })
})

function bootId(): string {
  const state = (folder: string): string => {
    const decoded = decodeState(readFileSync(stateFile(folder)))
    return typeof decoded === 'object' && decoded.state === 'open' ? decoded.bootId : ''
  }
  const folder = newFolder()
  const store = LmdbStore.open(folder)
  const found = state(folder)
  void store.close()
  return found
}

describe('a power loss', () => {
  /**
   * A folder whose store went on after a sync point, and the folder as the disk surely has it: `data.mdb` copied when
   * the sync point was recorded.
   */
  async function interrupted(): Promise<{ folder: string; synced: Buffer; expected: string }> {
    const folder = newFolder()
    const first = LmdbStore.open(folder)
    for (let count = 1; count <= 200; count++) commit(first, count)
    await first.close()
    const store = LmdbStore.open(folder, { syncGrowthBytes: 1000 })
    await settle(() => syncPoint(folder) !== undefined)
    // Until the store knows it, too: what it does on recording is part of what is tested.
    await new Promise((resolve) => setTimeout(resolve, 20))
    const synced = readFileSync(dataFile(folder))
    const expected = contents(store)
    for (let count = 201; count <= 500; count++) commit(store, count)
    const crashed = newFolder()
    cpSync(folder, crashed, { recursive: true })
    await store.close()
    return { folder: crashed, synced, expected }
  }

  /** The machine started again: the state file is of another boot. */
  function restart(folder: string): void {
    const state = decodeState(readFileSync(stateFile(folder)))
    if (typeof state === 'string' || state.state !== 'open') throw new Error('the folder is not in use')
    writeFileSync(stateFile(folder), encodeState({ ...state, bootId: 'before' }))
  }

  test('comes back as at the sync point, whichever pages reached the disk', async () => {
    const { folder, synced, expected } = await interrupted()
    const newer = readFileSync(dataFile(folder))
    restart(folder)
    let seed = 1
    const chance = (): boolean => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      return seed >>> 31 === 1
    }
    for (let round = 0; round < 25; round++) {
      const mixed = Buffer.from(newer)
      for (let page = 0; page * 4096 < newer.length; page++) {
        const start = page * 4096
        if (round > 0 && chance()) continue
        mixed.fill(0, start, start + 4096)
        if (start < synced.length) synced.copy(mixed, start, start, start + 4096)
      }
      const crashed = newFolder()
      cpSync(folder, crashed, { recursive: true })
      writeFileSync(dataFile(crashed), round % 5 === 1 ? mixed.subarray(0, synced.length) : mixed)
      expect(LmdbStore.checkFile(crashed)).toMatchObject({ verdict: 'unclean', machineRestarted: true })
      expect(() => LmdbStore.open(crashed, { readOnly: true })).toThrow(/for writing/)
      const store = LmdbStore.open(crashed)
      expect(contents(store)).toBe(expected)
      for (let count = 201; count <= 260; count++) commit(store, count)
      expect(newestCommit(store)).toBe(260)
      await store.close()
      const again = LmdbStore.open(crashed)
      expect(newestCommit(again)).toBe(260)
      expect(
        contents(again)
          .split('\n')
          .filter((line) => line.startsWith('current')),
      ).toHaveLength(260)
      await again.close()
    }
  })

  test('without a sync point is not trusted', async () => {
    const folder = newFolder()
    const store = LmdbStore.open(folder)
    commit(store, 1)
    const crashed = newFolder()
    cpSync(folder, crashed, { recursive: true })
    await store.close()
    restart(crashed)
    expect(() => LmdbStore.open(crashed)).toThrow(expect.objectContaining({ code: 'VIEWS_CORRUPT' }))
  })

  test('that cut the file below the sync point is noticed', async () => {
    const { folder, synced } = await interrupted()
    restart(folder)
    writeFileSync(dataFile(folder), synced.subarray(0, -4096))
    expect(() => LmdbStore.open(folder)).toThrow(CorruptionError)
  })

  test('sync points follow the growth of the file, and hold no more than they need', async () => {
    const folder = newFolder()
    const store = LmdbStore.open(folder, { syncGrowthBytes: 1 << 20 })
    const points = new Set<string>()
    for (let count = 1; count <= 1200; count++) {
      commit(store, count, 5000)
      if (count % 20 === 0) {
        await new Promise((resolve) => setTimeout(resolve, 2))
        const point = syncPoint(folder)
        if (point !== undefined) points.add(point)
      }
    }
    await settle(() => syncPoint(folder) !== undefined)
    points.add(syncPoint(folder)!)
    expect(points.size).toBeGreaterThan(1)
    const full = statSync(dataFile(folder)).size
    // Replacing everything uses the space of what is replaced again, after a sync point or two.
    for (let count = 1; count <= 2400; count++) {
      commit(store, count % 1200, 5000)
      if (count % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 2))
    }
    expect(statSync(dataFile(folder)).size).toBeLessThan(3 * full)
    await store.close()
  })
})

describe('a killed writer', () => {
  test('leaves the last commit or the one before, whole', async () => {
    const folder = newFolder()
    let before = 0
    for (let round = 0; round < 8; round++) {
      const child = startChild('write', folder, '2000')
      let said = 0
      while (said < 40 + 30 * round) said = Number(await child.line())
      await child.kill()
      for (const line of await child.rest()) said = Number(line)
      expect(LmdbStore.checkFile(folder)).toMatchObject({ verdict: 'unclean', machineRestarted: false })
      const store = LmdbStore.open(folder)
      const found = newestCommit(store)
      // Every round writes from commit 1 on.
      expect(Math.max(found, before)).toBeGreaterThanOrEqual(said)
      const snapshot = store.snapshot()
      for (let count = 1; count <= found; count++)
        expect(snapshot.get(store.keyspace('current'), bytes(count))).toBeDefined()
      snapshot.release()
      contents(store)
      before = found
      await store.close()
    }
  })
})

describe('processes that read beside the writer', () => {
  test('open again and again while it commits, and see whole commits only', async () => {
    const folder = newFolder()
    const store = LmdbStore.open(folder, { mapSizeBytes: 1 << 20 })
    let count = 0
    commit(store, ++count)
    const readers = [startChild('read', folder, '40'), startChild('read', folder, '40')]
    let running = readers.length
    for (const reader of readers)
      void reader
        .rest()
        .then((lines) => {
          expect(lines).toHaveLength(1)
          expect(JSON.parse(lines[0]!)).toMatchObject({ faults: 0 })
          expect(JSON.parse(lines[0]!).commits).toBeGreaterThan(1)
        })
        .finally(() => running--)
    while (running > 0) {
      for (let step = 0; step < 20; step++) commit(store, ++count, 300)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    expect(newestCommit(store)).toBe(count)
    await store.close()
    const again = LmdbStore.open(folder)
    expect(newestCommit(again)).toBe(count)
    await again.close()
  })

  test('may not write', async () => {
    const folder = await closedFolder(3)
    const store = LmdbStore.open(folder, { readOnly: true })
    expect(() => store.write(() => {})).toThrow(expect.objectContaining({ code: 'READ_ONLY' }))
    expect(newestCommit(store)).toBe(3)
    await store.close()
    expect(LmdbStore.checkFile(folder)).toEqual({ verdict: 'clean', whole: true, tip: 'block 17' })
  })

  test('a reader that died while it opened holds nobody up', async () => {
    const folder = newFolder()
    const store = LmdbStore.open(folder)
    const child = startChild('lock', root)
    const pid = child.process.pid
    await child.kill()
    writeFileSync(join(folder, 'gate'), String(pid))
    commit(store, 1)
    expect(existsSync(join(folder, 'gate'))).toBe(false)
    writeFileSync(join(folder, 'gate'), String(pid))
    const reader = LmdbStore.open(newFolderLike(folder), { readOnly: true })
    expect(newestCommit(reader)).toBe(1)
    await reader.close()
    await store.close()
  })

  test('a writer that died while it wrote holds nobody up', async () => {
    const folder = newFolder()
    const child = startChild('write', folder)
    expect(await child.line()).toBe('1')
    await child.kill()
    const busy = readFileSync(join(folder, 'busy'))
    busy[0] = 1
    writeFileSync(join(folder, 'busy'), busy)
    const reader = LmdbStore.open(folder, { readOnly: true })
    expect(newestCommit(reader)).toBeGreaterThan(0)
    await reader.close()
  })
})

/** A copy of a folder in use, as another process would see it: LMDB opens a file once in a process. */
function newFolderLike(folder: string): string {
  const copy = newFolder()
  cpSync(folder, copy, { recursive: true })
  return copy
}
