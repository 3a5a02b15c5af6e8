import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { SessionError, StorageError } from '../../src/errors.ts'
import { type FileSystem, MemoryFileSystem, nodeFileSystem } from '../../src/storage/index.ts'
import { lmdbError } from '../../src/storage/lmdb-error.ts'
import { fileError } from '../../src/storage/node-file-system.ts'

const root = mkdtempSync(join(tmpdir(), 'tally-files-'))
let made = 0
afterAll(() => rmSync(root, { recursive: true, force: true }))

const text = (value: string): Uint8Array => new Uint8Array(Buffer.from(value))
const asText = (value: Uint8Array | undefined): string => Buffer.from(value ?? []).toString()

describe.each<[string, () => [FileSystem, string]]>([
  ['the real disk', () => [nodeFileSystem, join(root, String(made++))]],
  ['the disk in memory', () => [new MemoryFileSystem(), '/folder']],
])('%s', (_name, make) => {
  test('appends in order, reads anywhere, cuts', async () => {
    const [disk, folder] = make()
    disk.makeDirectory(folder)
    const path = join(folder, 'file')
    expect(() => disk.openAppend(path)).toThrow(StorageError)
    expect(() => disk.openRead(path)).toThrow(StorageError)
    const file = disk.openAppend(path, { create: true })
    expect(() => disk.openAppend(path, { create: true })).toThrow(StorageError)
    await file.append([text('ab'), text(''), text('cde')])
    await file.append([])
    await file.append(Array.from({ length: 3000 }, () => text('x')))
    await file.sync()
    expect(file.sizeBytes).toBe(3005)
    expect(asText(file.read(0, 5))).toBe('abcde')
    expect(asText(file.read(1, 3))).toBe('bcd')
    expect(file.read(3000, 100)).toHaveLength(5)
    expect(file.read(3005, 100)).toHaveLength(0)
    expect(file.read(9999, 100)).toHaveLength(0)
    const reader = disk.openRead(path)
    expect(reader.sizeBytes()).toBe(3005)
    await file.truncate(4)
    expect(file.sizeBytes).toBe(4)
    await file.append([text('!')])
    expect(reader.sizeBytes()).toBe(5)
    expect(asText(reader.read(0, 10))).toBe('abcd!')
    reader.close()
    file.close()
    const again = disk.openAppend(path)
    await again.append([text('?')])
    again.close()
    expect(asText(disk.readFile(path))).toBe('abcd!?')
    expect(disk.exists(path)).toBe(true)
  })

  test('replaces, lists and removes', async () => {
    const [disk, folder] = make()
    disk.makeDirectory(join(folder, 'deep', 'deeper'))
    expect(disk.list(join(folder, 'nowhere'))).toEqual([])
    expect(disk.readFile(join(folder, 'b'))).toBeUndefined()
    await disk.writeFileDurably(join(folder, 'b'), text('one'))
    await disk.writeFileDurably(join(folder, 'b'), text('two'))
    await disk.writeFileDurably(join(folder, 'a'), text(''))
    await disk.syncDirectory(folder)
    expect(asText(disk.readFile(join(folder, 'b')))).toBe('two')
    expect(disk.list(folder).filter((name) => name !== 'deep')).toEqual(['a', 'b'])
    disk.remove(join(folder, 'a'))
    disk.remove(join(folder, 'a'))
    expect(disk.exists(join(folder, 'a'))).toBe(false)
    disk.remove(folder)
    expect(disk.exists(join(folder, 'b'))).toBe(false)
    expect(disk.exists(folder)).toBe(false)
  })
})

describe('the real disk', () => {
  test.skipIf(!existsSync('/dev/full'))('a full disk is said to be full', async () => {
    const file = nodeFileSystem.openAppend('/dev/full')
    await expect(file.append([text('x')])).rejects.toMatchObject({ name: 'StorageError', code: 'DISK_FULL' })
    file.close()
  })

  test('a replaced file is never seen half', async () => {
    const path = join(root, 'replaced')
    writeFileSync(`${path}.new`, 'what a crash left')
    await nodeFileSystem.writeFileDurably(path, text('whole'))
    expect(readFileSync(path, 'utf8')).toBe('whole')
    expect(existsSync(`${path}.new`)).toBe(false)
  })

  test('a read-only open makes nothing', () => {
    const path = join(root, 'not-there')
    expect(() => nodeFileSystem.openRead(path)).toThrow(StorageError)
    expect(existsSync(path)).toBe(false)
    expect(statSync(root).isDirectory()).toBe(true)
  })

  test.each([
    ['ENOSPC', 'DISK_FULL', StorageError],
    ['EDQUOT', 'DISK_FULL', StorageError],
    ['EROFS', 'READ_ONLY', SessionError],
    ['EACCES', 'READ_ONLY', SessionError],
    ['EPERM', 'READ_ONLY', SessionError],
    ['EIO', 'STORAGE_FAILED', StorageError],
  ] as const)('%s becomes %s', (systemCode, code, type) => {
    const cause = Object.assign(new Error('x'), { code: systemCode })
    const error = fileError(cause, '/some/file', 'write to')
    expect(error).toBeInstanceOf(type)
    expect(error).toMatchObject({ code, cause })
    expect(error.message).toContain('/some/file')
    expect(fileError(error, '/other', 'read')).toBe(error)
  })

  test.each([
    [28, 'DISK_FULL'],
    [30, 'READ_ONLY'],
    [13, 'READ_ONLY'],
    [-30796, 'VIEWS_CORRUPT'],
    [-30793, 'VIEWS_CORRUPT'],
    [-30792, 'STORAGE_FAILED'],
    [5, 'STORAGE_FAILED'],
  ] as const)('error %i of LMDB becomes %s', (number, code) => {
    const cause = Object.assign(new Error('of LMDB'), { code: number })
    expect(lmdbError(cause, '/views', 'write to')).toMatchObject({ code })
  })
})

describe('the disk in memory', () => {
  test('forgets at a crash what was not synced, names and bytes', async () => {
    const disk = new MemoryFileSystem()
    disk.makeDirectory('/d')
    const [a, b] = ['/d/a', '/d/b'].map((path) => disk.openAppend(path, { create: true })) as [
      ReturnType<FileSystem['openAppend']>,
      ReturnType<FileSystem['openAppend']>,
    ]
    await a.append([text('synced')])
    await a.sync()
    await b.append([text('synced too')])
    await b.sync()
    expect(disk.crash().list('/d')).toEqual([])
    await disk.syncDirectory('/d')
    await a.append([text(' and not')])
    expect(asText(disk.crash().readFile('/d/a'))).toBe('synced')
    expect(asText(disk.crash((_path, unsynced) => unsynced.slice(0, 4)).readFile('/d/a'))).toBe('synced and')
    expect(asText(disk.readFile('/d/a'))).toBe('synced and not')
    expect(disk.crash().list('/d')).toEqual(['a', 'b'])
  })

  test('fails what it is told to fail, as much of it as it is told', async () => {
    const disk = new MemoryFileSystem()
    const file = disk.openAppend('/a', { create: true })
    const error = new Error('told')
    disk.fault = ({ kind }) => (kind === 'append' ? { error, done: 2 } : undefined)
    await expect(file.append([text('abcdef')])).rejects.toBe(error)
    expect(asText(disk.readFile('/a'))).toBe('ab')
    disk.fault = undefined
    disk.capacityBytes = 4
    await expect(file.append([text('abcdef')])).rejects.toMatchObject({ code: 'DISK_FULL' })
    expect(asText(disk.readFile('/a'))).toBe('abab')
    await expect(disk.writeFileDurably('/b', text('c'))).rejects.toMatchObject({ code: 'DISK_FULL' })
    expect(disk.operationCount).toBe(3)
  })
})
