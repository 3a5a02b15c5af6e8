import { dirname } from 'node:path'
import { SessionError, StorageError } from '../errors.ts'
import type { AppendFile, FileSystem, ReadFile } from './file-system.ts'

/** What a program does to a disk, one after another. */
export interface DiskOperation {
  readonly kind: 'append' | 'sync' | 'truncate' | 'create' | 'replace' | 'remove' | 'syncDirectory'
  readonly path: string
  /** Counts from 0 since the file system was made. */
  readonly index: number
  /** For an append: how many bytes. */
  readonly sizeBytes: number
}

/** How an operation fails. */
export interface DiskFault {
  readonly error: Error
  /** How much of it took place before: bytes of an append, all or nothing of anything else. */
  readonly done: number | boolean
}

/** Says which of a file's bytes that were not synced are there after a power loss: as they were, fewer, or others. */
export type Survival = (path: string, unsynced: Uint8Array, syncedBytes: number) => Uint8Array

interface MemoryFile {
  /** As programs see it; `sizeBytes` of it are in use. */
  bytes: Uint8Array
  sizeBytes: number
  /** What a power loss leaves for certain. */
  synced: Uint8Array
}

/**
 * A disk in memory whose faults and crashes a test decides.
 *
 * It forgets at {@link crash} what a disk may forget: appended bytes that were not synced, and names that were
 * created, replaced or removed since their directory was synced.
 */
export class MemoryFileSystem implements FileSystem {
  /** Asked before each operation; a fault makes it fail. */
  fault: ((operation: DiskOperation) => DiskFault | undefined) | undefined
  /** How many bytes fit on the disk. */
  capacityBytes: number = Number.POSITIVE_INFINITY
  /** Bytes handed out by reads, for tests of what something costs. */
  readBytes: number = 0
  #files = new Map<string, MemoryFile>()
  /** The names as a power loss leaves them. */
  #syncedFiles = new Map<string, MemoryFile>()
  readonly #directories = new Set<string>()
  #operations = 0

  /** How many operations there were. */
  get operationCount(): number {
    return this.#operations
  }

  /** The disk after a power loss now. Without `survival` nothing survives that was not synced. */
  crash(survival: Survival = () => new Uint8Array(0)): MemoryFileSystem {
    const after = new MemoryFileSystem()
    for (const directory of this.#directories) after.#directories.add(directory)
    for (const [path, file] of this.#syncedFiles) {
      const syncedBytes = file.synced.length
      const unsynced = file.bytes.slice(Math.min(syncedBytes, file.sizeBytes), file.sizeBytes)
      const bytes = new Uint8Array([...file.synced, ...survival(path, unsynced, syncedBytes)])
      const left = { bytes, sizeBytes: bytes.length, synced: bytes }
      after.#files.set(path, left)
      after.#syncedFiles.set(path, left)
    }
    return after
  }

  openAppend(path: string, options: { readonly create?: boolean } = {}): AppendFile {
    let file = this.#files.get(path)
    if (options.create) {
      if (file !== undefined) throw new StorageError('STORAGE_FAILED', `Could not create ${path} (EEXIST).`)
      this.#operate('create', path, 0, () => {
        file = { bytes: new Uint8Array(1024), sizeBytes: 0, synced: new Uint8Array(0) }
        this.#files.set(path, file)
      })
    }
    if (file === undefined) throw notThere(path)
    return new MemoryAppendFile(this, path, file)
  }

  openRead(path: string): ReadFile {
    const file = this.#files.get(path)
    if (file === undefined) throw notThere(path)
    return {
      sizeBytes: () => file.sizeBytes,
      read: (offset, length) => this.readFrom(file, offset, length),
      close: () => {},
    }
  }

  list(directory: string): string[] {
    return [...this.#files.keys()]
      .filter((path) => dirname(path) === directory)
      .map((path) => path.slice(directory.length + 1))
      .toSorted()
  }

  exists(path: string): boolean {
    return this.#files.has(path) || this.#directories.has(path)
  }

  makeDirectory(path: string): void {
    for (let made = path; !this.#directories.has(made) && dirname(made) !== made; made = dirname(made))
      this.#directories.add(made)
  }

  readFile(path: string): Uint8Array | undefined {
    const file = this.#files.get(path)
    return file?.bytes.slice(0, file.sizeBytes)
  }

  /** Puts a file there as if it had always been there, durably. */
  put(path: string, bytes: Uint8Array): void {
    const file = { bytes: bytes.slice(), sizeBytes: bytes.length, synced: bytes.slice() }
    this.#files.set(path, file)
    this.#syncedFiles.set(path, file)
    this.makeDirectory(dirname(path))
  }

  async writeFileDurably(path: string, bytes: Uint8Array): Promise<void> {
    this.#checkRoom(bytes.length)
    this.#operate('replace', path, bytes.length, () => this.put(path, bytes))
  }

  remove(path: string): void {
    if (!this.exists(path)) return
    this.#operate('remove', path, 0, () => {
      for (const name of [...this.#files.keys()])
        if (name === path || name.startsWith(`${path}/`)) {
          this.#files.delete(name)
          this.#syncedFiles.delete(name)
        }
      this.#directories.delete(path)
    })
  }

  async syncDirectory(directory: string): Promise<void> {
    this.#operate('syncDirectory', directory, 0, () => {
      for (const [path, file] of this.#files) if (dirname(path) === directory) this.#syncedFiles.set(path, file)
    })
  }

  /** For this module's files. */
  append(path: string, file: MemoryFile, chunks: readonly Uint8Array[]): void {
    const bytes = Buffer.concat(chunks)
    const write = (length: number): void => {
      const free = this.capacityBytes - this.#usedBytes()
      const taken = Math.min(length, free)
      const end = file.sizeBytes + taken
      if (end > file.bytes.length) {
        const larger = new Uint8Array(Math.max(end, 2 * file.bytes.length))
        larger.set(file.bytes)
        file.bytes = larger
      }
      file.bytes.set(bytes.subarray(0, taken), file.sizeBytes)
      file.sizeBytes = end
      if (taken < length) throw new StorageError('DISK_FULL', `The disk is full: could not write to ${path}.`)
    }
    this.#operate('append', path, bytes.length, (done) => write(typeof done === 'number' ? done : bytes.length))
  }

  /** For this module's files. */
  sync(path: string, file: MemoryFile): void {
    this.#operate('sync', path, 0, () => {
      file.synced = file.bytes.slice(0, file.sizeBytes)
    })
  }

  /** For this module's files. */
  truncate(path: string, file: MemoryFile, sizeBytes: number): void {
    this.#operate('truncate', path, 0, () => {
      file.sizeBytes = sizeBytes
      file.synced = file.bytes.slice(0, sizeBytes)
    })
  }

  /** For this module's files. */
  readFrom(file: MemoryFile, offset: number, length: number): Uint8Array {
    const bytes = file.bytes.slice(offset, Math.max(offset, Math.min(file.sizeBytes, offset + length)))
    this.readBytes += bytes.length
    return bytes
  }

  #operate(kind: DiskOperation['kind'], path: string, sizeBytes: number, action: (done: number | true) => void): void {
    const fault = this.fault?.({ kind, path, index: this.#operations, sizeBytes })
    this.#operations++
    if (fault === undefined) action(true)
    else {
      if (fault.done !== false) action(fault.done)
      throw fault.error
    }
  }

  #checkRoom(sizeBytes: number): void {
    if (this.#usedBytes() + sizeBytes > this.capacityBytes)
      throw new StorageError('DISK_FULL', 'The disk is full. Free some space, then reopen.')
  }

  #usedBytes(): number {
    let used = 0
    for (const file of this.#files.values()) used += file.sizeBytes
    return used
  }
}

function notThere(path: string): StorageError {
  return new StorageError('STORAGE_FAILED', `Could not open ${path} (ENOENT).`)
}

class MemoryAppendFile implements AppendFile {
  readonly #disk: MemoryFileSystem
  readonly #path: string
  readonly #file: MemoryFile
  #isOpen = true

  constructor(disk: MemoryFileSystem, path: string, file: MemoryFile) {
    this.#disk = disk
    this.#path = path
    this.#file = file
  }

  get sizeBytes(): number {
    return this.#file.sizeBytes
  }

  async append(chunks: readonly Uint8Array[]): Promise<void> {
    this.#check()
    this.#disk.append(this.#path, this.#file, chunks)
  }

  async sync(): Promise<void> {
    this.#check()
    this.#disk.sync(this.#path, this.#file)
  }

  read(offset: number, length: number): Uint8Array {
    this.#check()
    return this.#disk.readFrom(this.#file, offset, length)
  }

  async truncate(sizeBytes: number): Promise<void> {
    this.#check()
    this.#disk.truncate(this.#path, this.#file, sizeBytes)
  }

  close(): void {
    this.#isOpen = false
  }

  #check(): void {
    if (!this.#isOpen) throw new SessionError('LEDGER_CLOSED', `${this.#path} is closed.`)
  }
}
