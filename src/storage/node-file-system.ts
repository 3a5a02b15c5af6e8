import {
  closeSync,
  existsSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncate,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
  writev,
  writevSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import { promisify } from 'node:util'
import { SessionError, StorageError } from '../errors.ts'
import type { AppendFile, FileSystem, ReadFile } from './file-system.ts'

const fsyncAsync = promisify(fsync)
const ftruncateAsync = promisify(ftruncate)

/** Linux accepts 1024 buffers in one writev (IOV_MAX); more are written in several calls. */
const MAX_CHUNKS = 1024

/**
 * Says in our words what the system refused.
 *
 * ENOSPC and EDQUOT become DISK_FULL; EACCES, EPERM and EROFS become a READ_ONLY session error; the rest STORAGE_FAILED.
 */
export function fileError(error: unknown, path: string, doing: string): StorageError | SessionError {
  if (error instanceof StorageError || error instanceof SessionError) return error
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? 'unknown error'
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new StorageError(
      'DISK_FULL',
      `The disk is full: could not ${doing} ${path}. Free some space, then reopen.`,
      {
        cause: error,
      },
    )
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return new SessionError(
      'READ_ONLY',
      `Not allowed to ${doing} ${path} (${code}). Check the folder's permissions, or open the ledger read-only.`,
      { cause: error },
    )
  return new StorageError('STORAGE_FAILED', `Could not ${doing} ${path} (${code}). See the cause.`, { cause: error })
}

function attempt<T>(path: string, doing: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    throw fileError(error, path, doing)
  }
}

/** A length beyond this may come from damaged bytes: no memory is taken for more than there is. */
const TRUSTED_LENGTH: number = 1 << 20

function readAt(fd: number, path: string, offset: number, wanted: number): Uint8Array {
  const length = wanted <= TRUSTED_LENGTH ? wanted : Math.min(wanted, Math.max(0, fstatSync(fd).size - offset))
  const bytes = Buffer.allocUnsafeSlow(length)
  let filled = 0
  attempt(path, 'read', () => {
    while (filled < length) {
      const count = readSync(fd, bytes, filled, length - filled, offset + filled)
      if (count === 0) break
      filled += count
    }
  })
  return new Uint8Array(bytes.buffer, 0, filled)
}

/**
 * Up to so many bytes are handed to the kernel at once, larger appends by the thread pool: a copy into its memory takes
 * 4 µs a block, the way to the pool and back 50. The sync, which waits for the disk, always goes there.
 */
const WRITE_AT_ONCE: number = 256 << 10

class NodeAppendFile implements AppendFile {
  readonly #path: string
  readonly #fd: number
  #sizeBytes: number

  constructor(path: string, create: boolean) {
    this.#path = path
    // Not O_APPEND: every write says its position, so a retry after a short write lands where it must.
    this.#fd = attempt(path, create ? 'create' : 'open for writing', () => openSync(path, create ? 'wx+' : 'r+'))
    this.#sizeBytes = fstatSync(this.#fd).size
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  async append(chunks: readonly Uint8Array[]): Promise<void> {
    let sizeBytes = 0
    for (const chunk of chunks) sizeBytes += chunk.length
    let rest = chunks.filter((chunk) => chunk.length > 0)
    while (rest.length > 0) {
      const now = rest.slice(0, MAX_CHUNKS)
      let written = sizeBytes <= WRITE_AT_ONCE ? this.#writeAtOnce(now) : await this.#writeSome(now)
      if (written === 0) throw new StorageError('STORAGE_FAILED', `Nothing could be written to ${this.#path}.`)
      this.#sizeBytes += written
      // A short write (full disk, signal): go on after what was taken; the next call reports a real error.
      let taken = 0
      while (taken < now.length && written >= (now[taken] as Uint8Array).length) {
        written -= (now[taken] as Uint8Array).length
        taken++
      }
      rest = rest.slice(taken)
      if (written > 0) rest[0] = (rest[0] as Uint8Array).subarray(written)
    }
  }

  #writeAtOnce(chunks: readonly Uint8Array[]): number {
    return attempt(this.#path, 'write to', () => writevSync(this.#fd, chunks as Uint8Array[], this.#sizeBytes))
  }

  #writeSome(chunks: readonly Uint8Array[]): Promise<number> {
    return new Promise((done, reject) => {
      writev(this.#fd, chunks as Uint8Array[], this.#sizeBytes, (error, written) => {
        if (error) reject(fileError(error, this.#path, 'write to'))
        else done(written)
      })
    })
  }

  sync(): Promise<void> {
    return new Promise((done, reject) => {
      fdatasync(this.#fd, (error) => {
        if (error) reject(fileError(error, this.#path, 'sync'))
        else done()
      })
    })
  }

  read(offset: number, length: number): Uint8Array {
    return readAt(this.#fd, this.#path, offset, length)
  }

  async truncate(sizeBytes: number): Promise<void> {
    try {
      await ftruncateAsync(this.#fd, sizeBytes)
      await fsyncAsync(this.#fd)
    } catch (error) {
      throw fileError(error, this.#path, 'cut')
    }
    this.#sizeBytes = sizeBytes
  }

  close(): void {
    closeSync(this.#fd)
  }
}

class NodeReadFile implements ReadFile {
  readonly #path: string
  readonly #fd: number

  constructor(path: string) {
    this.#path = path
    this.#fd = attempt(path, 'open', () => openSync(path, 'r'))
  }

  sizeBytes(): number {
    return attempt(this.#path, 'look at', () => fstatSync(this.#fd).size)
  }

  read(offset: number, length: number): Uint8Array {
    return readAt(this.#fd, this.#path, offset, length)
  }

  close(): void {
    closeSync(this.#fd)
  }
}

/** Windows cannot open a directory to sync it; its file systems journal names by themselves. */
const canSyncDirectories = process.platform !== 'win32'

async function syncDirectory(directory: string): Promise<void> {
  if (!canSyncDirectories) return
  try {
    const fd = openSync(directory, 'r')
    try {
      await fsyncAsync(fd)
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    throw fileError(error, directory, 'sync')
  }
}

function syncDirectorySync(directory: string): void {
  if (!canSyncDirectories) return
  attempt(directory, 'sync', () => {
    const fd = openSync(directory, 'r')
    try {
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
  })
}

/** Replaces a file so that a crash leaves the old or the new content. See {@link FileSystem.writeFileDurably}. */
export function writeFileDurablySync(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.new`
  attempt(path, 'write', () => {
    const fd = openSync(temporary, 'w')
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
      fdatasyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(temporary, path)
  })
  syncDirectorySync(dirname(path))
}

/** The real disk. Appends and syncs run in the thread pool; reads are synchronous. */
export const nodeFileSystem: FileSystem = {
  openAppend: (path, options = {}) => new NodeAppendFile(path, options.create ?? false),
  openRead: (path) => new NodeReadFile(path),
  list: (directory) =>
    existsSync(directory) ? attempt(directory, 'list', () => readdirSync(directory).toSorted()) : [],
  exists: (path) => existsSync(path),

  makeDirectory(path) {
    const first = attempt(path, 'create', () => {
      try {
        return mkdirSync(path, { recursive: true })
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
        // On a read-only disk Node says ENOENT of a recursive mkdir; the plain one says why.
        mkdirSync(path)
        return path
      }
    })
    if (first === undefined) return
    for (let made = resolve(path); ; made = dirname(made)) {
      syncDirectorySync(dirname(made))
      if (made === resolve(first) || dirname(made) === made) break
    }
  },

  readFile(path) {
    try {
      const bytes = readFileSync(path)
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw fileError(error, path, 'read')
    }
  },

  async writeFileDurably(path, bytes) {
    const temporary = `${path}.new`
    if (existsSync(temporary)) attempt(temporary, 'remove', () => unlinkSync(temporary))
    const file = new NodeAppendFile(temporary, true)
    try {
      await file.append([bytes])
      await file.sync()
    } finally {
      file.close()
    }
    attempt(path, 'replace', () => renameSync(temporary, path))
    await syncDirectory(dirname(path))
  },

  remove(path) {
    if (!existsSync(path)) return
    attempt(path, 'remove', () => rmSync(path, { recursive: true, force: true }))
    syncDirectorySync(dirname(path))
  },

  syncDirectory,
}
