import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { StorageError } from '../errors.ts'
import { fileError } from './node-file-system.ts'
import { readBootId } from './views-state.ts'

/** A held lock. */
export interface Lock {
  /** Gives the ledger free. Twice is harmless. */
  release(): void
}

/** What a lock file says about who made it. */
interface Holder {
  readonly pid: number
  /** Clock ticks from the machine's start to the process's (proc(5), stat field 22); empty where nobody tells. */
  readonly startTime: string
  readonly host: string
  readonly bootId: string
  /** Names this one acquisition, for ever. */
  readonly nonce: string
}

let acquisitions = 0

/** State letter and start time of a process; undefined when it does not exist or the system has no /proc. */
function readProcess(pid: number): { readonly state: string; readonly startTime: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The command's name stands in parentheses and may contain anything; fields count from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', startTime: fields[19] ?? '' }
  } catch {
    return undefined
  }
}

function self(): Holder {
  const startTime = readProcess(process.pid)?.startTime ?? ''
  return {
    pid: process.pid,
    startTime,
    host: hostname(),
    bootId: readBootId(),
    nonce: `${process.pid}-${process.hrtime.bigint()}-${++acquisitions}`,
  }
}

/** Whether the process that made a lock is certainly gone. A process on another machine never is. */
function isGone(holder: Holder): boolean {
  if (holder.host !== hostname()) return false
  if (holder.bootId !== readBootId()) return true
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true
  }
  const found = readProcess(holder.pid)
  if (found === undefined || holder.startTime === '') return false
  // A number given to another process since, or a process that was killed and not yet collected by its parent.
  return found.startTime !== holder.startTime || found.state === 'Z' || found.state === 'X'
}

/** @returns undefined when there is no lock file */
function readHolder(path: string): Holder | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw fileError(error, path, 'read')
  }
  try {
    const { pid, startTime, host, bootId, nonce } = JSON.parse(text)
    if (Number.isInteger(pid) && [startTime, host, bootId, nonce].every((part) => typeof part === 'string'))
      return { pid, startTime, host, bootId, nonce }
  } catch {
    // Reported below.
  }
  throw new StorageError(
    'LEDGER_LOCKED',
    `${path} is not a lock that this program wrote, so it cannot tell who holds the ledger. Remove the file if nobody does.`,
  )
}

function locked(path: string, holder: Holder): StorageError {
  if (holder.host !== hostname())
    return new StorageError(
      'LEDGER_LOCKED',
      `Process ${holder.pid} on ${holder.host} has this ledger open for writing. If that machine is gone for good, remove ${path}.`,
    )
  if (holder.pid === process.pid)
    return new StorageError(
      'LEDGER_LOCKED',
      `This process (${process.pid}) has this ledger open for writing already. Use that ledger, or close it first.`,
    )
  return new StorageError(
    'LEDGER_LOCKED',
    `Process ${holder.pid} has this ledger open for writing. Stop it, or open the ledger read-only.`,
  )
}

/**
 * Makes the lock file at `path` ours.
 *
 * 1. A lock file appears complete or not at all: it is written under another name and linked into place, and a link
 *    fails when the name is taken.
 * 2. A lock whose process is gone is replaced, by one process only: whoever holds the lock `path.after-<its nonce>`.
 *    That lock is acquired by these same rules, so a process that dies while it takes over is taken over in turn.
 * 3. Holding it, the lock is read again: only if it still is the dead one is it replaced (by a rename, which leaves
 *    no moment without a lock).
 */
function acquire(path: string, own: Holder): void {
  const draft = `${path}.new-${own.nonce}`
  for (;;) {
    try {
      writeFileSync(draft, JSON.stringify(own), { flag: 'w' })
      linkSync(draft, path)
      unlinkSync(draft)
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        removeQuietly(draft)
        throw fileError(error, path, 'create')
      }
    }
    try {
      const holder = readHolder(path)
      if (holder === undefined) continue
      if (!isGone(holder)) throw locked(path, holder)
      const succession = `${path}.after-${holder.nonce}`
      const claim = self()
      acquire(succession, claim)
      try {
        if (readHolder(path)?.nonce !== holder.nonce) continue
        renameSync(draft, path)
        return
      } finally {
        release(succession, claim)
      }
    } finally {
      removeQuietly(draft)
    }
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It was renamed, or never made.
  }
}

function release(path: string, own: Holder): void {
  if (readHolder(path)?.nonce === own.nonce) removeQuietly(path)
}

/**
 * Makes this process the one writer of a ledger folder, by the file `lock` in it. A lock left by a process that was
 * killed is taken over.
 *
 * The file is advice between programs of this project on file systems that all of them see the same; it does not
 * keep anybody else from writing.
 *
 * @param folder an existing folder
 * @throws {StorageError} LEDGER_LOCKED when another process, or this one, has the ledger open for writing
 * @throws {SessionError} READ_ONLY when the folder may not be written to
 */
export function lockLedger(folder: string): Lock {
  const path = join(resolve(folder), 'lock')
  const own = self()
  acquire(path, own)
  let held = true
  return {
    release() {
      if (held) release(path, own)
      held = false
    },
  }
}
