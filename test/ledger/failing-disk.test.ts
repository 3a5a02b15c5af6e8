/**
 * Goal: when the disk refuses, whoever waits is told, nothing false is acknowledged, the handle refuses from then on, and
 * opening again finds exactly what was acknowledged. Method: a file system that refuses the n-th append or sync.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openLedger, StorageError } from '../../src/index.ts'
import { LedgerCore } from '../../src/ledger/core.ts'
import { Ledger } from '../../src/ledger/ledger.ts'
import { LedgerContext } from '../../src/ledger/ledger-context.ts'
import { resolveOptions } from '../../src/ledger/ledger-options.ts'
import { type AppendFile, type FileSystem, nodeFileSystem } from '../../src/storage/index.ts'

/** The real disk until `refuse` is set; then every append, or every sync, fails. */
class FailingDisk {
  refuse: 'append' | 'half an append' | 'sync' | undefined
  readonly fileSystem: FileSystem

  constructor() {
    const full = (): StorageError => new StorageError('DISK_FULL', 'No space left on the device.')
    this.fileSystem = Object.assign(Object.create(nodeFileSystem) as FileSystem, {
      openAppend: (path: string, options?: { readonly create?: boolean }): AppendFile => {
        const file = nodeFileSystem.openAppend(path, options)
        return Object.assign(Object.create(file) as AppendFile, {
          append: async (chunks: readonly Uint8Array[]): Promise<void> => {
            if (this.refuse === 'append') throw full()
            if (this.refuse === 'half an append') {
              const bytes = chunks[0]!
              await file.append([bytes.subarray(0, bytes.length >> 1)])
              throw full()
            }
            return file.append(chunks)
          },
          sync: async (): Promise<void> => {
            if (this.refuse === 'sync') throw new StorageError('STORAGE_FAILED', 'Input/output error.')
            return file.sync()
          },
          read: (offset: number, length: number) => file.read(offset, length),
          truncate: (sizeBytes: number) => file.truncate(sizeBytes),
          close: () => file.close(),
        })
      },
    })
  }

  async open(path: string): Promise<Ledger> {
    const { core, scheduler } = resolveOptions({})
    const options = { ...core, fileSystem: this.fileSystem }
    return new Ledger(new LedgerContext(await LedgerCore.open(path, options), options, scheduler))
  }
}

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tally-disk-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe.each(['append', 'half an append', 'sync'] as const)('a disk that refuses %s', (refuse) => {
  test('fails the commits that wait, poisons the handle, and costs nothing that was acknowledged', async () => {
    const path = join(folder, 'l')
    const disk = new FailingDisk()
    const ledger = await disk.open(path)
    await ledger.sql`CREATE TABLE T`
    await ledger.sql`INSERT INTO T ${{ n: 1 }}`
    const digest = await ledger.digest()

    disk.refuse = refuse
    const waiting = [2, 3, 4].map((n) => ledger.sql`INSERT INTO T ${{ n }}`.then(() => 'done'))
    for (const outcome of await Promise.allSettled(waiting)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'StorageError' } })
    }
    disk.refuse = undefined
    await expect(ledger.sql`INSERT INTO T ${{ n: 5 }}`).rejects.toMatchObject({ code: 'LEDGER_POISONED' })
    await expect(ledger.transact(async (tx) => tx.sql`SELECT * FROM T`)).rejects.toMatchObject({
      code: 'LEDGER_POISONED',
    })
    const blocks = ledger.follow({ from: 3 })
    await expect(blocks.next()).rejects.toMatchObject({ name: 'StorageError' })
    await ledger.close()

    await using again = await openLedger(path)
    const rows = await again.sql`SELECT VALUE n FROM T`
    // What was not acknowledged may be there when the disk took it, in the order in which it was asked for.
    expect(rows).toEqual([1, 2, 3, 4].slice(0, Math.max(1, rows.length)))
    if (refuse === 'append') expect(await again.digest()).toEqual(digest)
    expect(await again.check({ deep: true })).toMatchObject({ isSound: true })
    await again.sql`INSERT INTO T ${{ n: 6 }}`
    expect(await again.sql`SELECT VALUE n FROM T WHERE n = 6`).toEqual([6])
  })
})

test('a ledger cannot be made on a full disk, and the folder is free for another attempt', async () => {
  const path = join(folder, 'l')
  const disk = new FailingDisk()
  disk.refuse = 'append'
  await expect(disk.open(path)).rejects.toMatchObject({ name: 'StorageError' })
  await using ledger = await openLedger(path)
  expect(await ledger.check({ deep: true })).toMatchObject({ isSound: true, blocks: 1 })
})
