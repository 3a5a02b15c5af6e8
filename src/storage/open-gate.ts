import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { StorageError } from '../errors.ts'

/**
 * Keeps a reader from opening LMDB while the writer commits. Why: see {@link LmdbStore}, "Reading processes".
 *
 * Two files and Dekker's rule: each side first says what it is about to do, then looks at the other's word. The
 * writer's word is the first byte of `busy` (1 while it writes; its process id follows), the reader's is that `gate`
 * exists (with its process id). The writer gives way. Cost for the writer: three small system calls a write, about
 * 4 µs together.
 */

const BUSY_FILE = 'busy'
const GATE_FILE = 'gate'
const WAIT_MS = 1
/** A process that holds its word longer than this while it lives is stuck or stopped; nobody waits for it longer. */
const PATIENCE_MS = 10_000

const YES: Uint8Array = Uint8Array.of(1)
const NO: Uint8Array = Uint8Array.of(0)

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS)
}

/** Whether the process named by this text is certainly gone. */
function isGone(pidText: string): boolean {
  const pid = Number.parseInt(pidText, 10)
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // Somebody else removed it.
  }
}

/** The writer's side. */
export class OpenGate {
  readonly #gate: string
  readonly #busy: number

  constructor(directory: string) {
    this.#gate = join(directory, GATE_FILE)
    this.#busy = openSync(join(directory, BUSY_FILE), 'w')
    writeSync(this.#busy, `\0${process.pid}`)
  }

  /** Before a write: waits while a reader opens, at most {@link PATIENCE_MS}. */
  enter(): void {
    writeSync(this.#busy, YES, 0, 1, 0)
    if (existsSync(this.#gate)) this.#giveWay()
  }

  /** After a write. */
  leave(): void {
    writeSync(this.#busy, NO, 0, 1, 0)
  }

  close(): void {
    // Whoever reads from now on sees that nobody writes; a process that was killed is known by its number.
    ftruncateSync(this.#busy, 0)
    closeSync(this.#busy)
  }

  #giveWay(): void {
    for (let waitedMs = 0; ; waitedMs += WAIT_MS) {
      writeSync(this.#busy, NO, 0, 1, 0)
      const reader = readText(this.#gate)
      if (reader !== undefined && (waitedMs >= PATIENCE_MS || isGone(reader))) removeQuietly(this.#gate)
      else if (reader !== undefined) pause()
      writeSync(this.#busy, YES, 0, 1, 0)
      if (!existsSync(this.#gate)) return
    }
  }
}

/** Whether the process lives that opened the folder for writing last. */
export function hasWriter(directory: string): boolean {
  const text = readText(join(directory, BUSY_FILE))
  return text !== undefined && Number.parseInt(text.slice(1), 10) > 0 && !isGone(text.slice(1))
}

/** Whether the writer is at it now. A writer that was killed at it is not. */
function isBusy(path: string): boolean {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch {
    return false
  }
  try {
    const bytes = Buffer.alloc(16)
    const count = readSync(fd, bytes, 0, 16, 0)
    return bytes[0] === 1 && !isGone(bytes.toString('latin1', 1, count))
  } finally {
    closeSync(fd)
  }
}

/**
 * The reader's side: runs `open` while the writer does not write.
 *
 * @throws {StorageError} when the writer writes for longer than ten seconds without a pause
 */
export function openBesideWriter<T>(directory: string, open: () => T): T {
  const gate = join(directory, GATE_FILE)
  for (let waitedMs = 0; ; waitedMs += WAIT_MS) {
    try {
      writeFileSync(gate, String(process.pid), { flag: 'wx' })
      break
    } catch (error) {
      // Where this process may not write, it cannot ask; LMDB will say whether it can open there at all.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return open()
      const other = readText(gate)
      if (other !== undefined && (waitedMs >= PATIENCE_MS || isGone(other))) removeQuietly(gate)
      else pause()
    }
  }
  try {
    const busy = join(directory, BUSY_FILE)
    for (let waitedMs = 0; isBusy(busy); waitedMs += WAIT_MS) {
      if (waitedMs >= PATIENCE_MS)
        throw new StorageError('STORAGE_FAILED', `The writer of ${directory} does not pause. Try again later.`)
      pause()
    }
    return open()
  } finally {
    removeQuietly(gate)
  }
}
