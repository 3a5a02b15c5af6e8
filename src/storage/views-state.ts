import { closeSync, existsSync, fdatasyncSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { CorruptionError } from '../errors.ts'
import { checkDataFile, type DataFile } from './check-data-file.ts'
import { fileError, nodeFileSystem, writeFileDurablySync } from './node-file-system.ts'
import { KEYSPACE_NAMES } from './store.ts'
import { keyspaceSeed } from './value-checksum.ts'

/**
 * What a views folder says about itself, in the small file `state` beside `data.mdb`.
 *
 * LMDB runs here without a sync at each commit (see {@link LmdbStore}). Killing the process loses nothing of that: what
 * was written is the kernel's. A power loss may lose any page. So the file says how the folder was left:
 *
 * - `clean`: closed in order. Size and checksum of `data.mdb` and the caller's tip are recorded.
 * - `open`: in use, or the process was killed. If the machine has not been started since (`bootId`), `data.mdb` is
 *   as the process left it. Otherwise only the recorded *sync point* is certain: a meta page whose tree was on the disk
 *   before it was recorded, and which the store has kept whole since by holding a read transaction on it.
 *
 * The file is JSON in one line, replaced atomically, its last member a CRC-32 of all before it.
 */
export type ViewsState =
  | {
      readonly state: 'clean'
      readonly sizeBytes: number
      /** CRC-32 of the whole of `data.mdb`; undefined when it was too large to read at close. */
      readonly checksum: number | undefined
      readonly tip: string | undefined
    }
  | { readonly state: 'open'; readonly bootId: string; readonly syncPoint: SyncPoint | undefined }

/** An LMDB meta page (header and meta) and the file size that belonged to it. */
export interface SyncPoint {
  readonly sizeBytes: number
  readonly meta: Uint8Array
}

const FORMAT = 'tallystick-views-1'
export const DATA_FILE = 'data.mdb'
export const STATE_FILE = 'state'

function hex(crc: number): string {
  return (crc >>> 0).toString(16).padStart(8, '0')
}

export function encodeState(state: ViewsState): Uint8Array {
  const body =
    state.state === 'clean'
      ? {
          format: FORMAT,
          state: 'clean',
          sizeBytes: state.sizeBytes,
          checksum: state.checksum === undefined ? null : hex(state.checksum),
          tip: state.tip ?? null,
        }
      : {
          format: FORMAT,
          state: 'open',
          bootId: state.bootId,
          syncPoint:
            state.syncPoint === undefined
              ? null
              : { sizeBytes: state.syncPoint.sizeBytes, meta: Buffer.from(state.syncPoint.meta).toString('base64') },
        }
  const text = JSON.stringify(body).slice(0, -1)
  return Buffer.from(`${text},"check":"${hex(crc32(text))}"}\n`)
}

/** @returns the state, or a sentence saying why it cannot be read */
export function decodeState(bytes: Uint8Array): ViewsState | string {
  const text = Buffer.from(bytes).toString('utf8')
  const match = /^(\{.*),"check":"([0-9a-f]{8})"\}\n$/s.exec(text)
  if (match === null) return 'the state file is not in the form this program writes'
  const [, body = '', check] = match
  if (hex(crc32(body)) !== check) return 'the state file does not match its own checksum'
  const parsed = JSON.parse(`${body}}`)
  if (parsed.format !== FORMAT) return `the state file has the format ${String(parsed.format)}, expected ${FORMAT}`
  if (parsed.state === 'clean')
    return {
      state: 'clean',
      sizeBytes: parsed.sizeBytes,
      checksum: parsed.checksum === null ? undefined : Number.parseInt(parsed.checksum, 16),
      tip: parsed.tip ?? undefined,
    }
  return {
    state: 'open',
    bootId: parsed.bootId,
    syncPoint:
      parsed.syncPoint === null
        ? undefined
        : {
            sizeBytes: parsed.syncPoint.sizeBytes,
            meta: new Uint8Array(Buffer.from(parsed.syncPoint.meta, 'base64')),
          },
  }
}

/** Replaces the state file of a folder, durably. */
export function writeState(directory: string, state: ViewsState): void {
  writeFileDurablySync(join(directory, STATE_FILE), encodeState(state))
}

/** Tells one run of the machine from the next; empty where the system does not say (then every crash counts as one). */
export function readBootId(): string {
  const bytes = existsSync('/proc/sys/kernel/random/boot_id')
    ? nodeFileSystem.readFile('/proc/sys/kernel/random/boot_id')
    : undefined
  return bytes === undefined ? '' : Buffer.from(bytes).toString('latin1').trim()
}

// Layout of LMDB's file, data format 2 as lmdb-js 3.5.6 compiles it (mdb.c: MDB_page_header, MDB_meta, MDB_db).
const MAGIC = 0xbeefc0de
const VERSION = 2
const META_FLAG = 0x08
const HEADER_SIZE = 24
const AT_FLAGS = 18
const AT_MAGIC = HEADER_SIZE
const AT_VERSION = HEADER_SIZE + 4
const AT_PAGE_SIZE = HEADER_SIZE + 24
const AT_FREE_ROOT = HEADER_SIZE + 24 + 40
const AT_MAIN_ROOT = HEADER_SIZE + 24 + 48 + 40
const AT_LAST_PAGE = HEADER_SIZE + 24 + 96
const AT_TRANSACTION = AT_LAST_PAGE + 8
/** Page header and meta with lmdb-js's boot id behind it. */
const META_SIZE = AT_TRANSACTION + 16
const NO_PAGE = 0xffff_ffff_ffff_ffffn

interface Meta {
  readonly transaction: bigint
  readonly pageSize: number
  readonly bytes: Uint8Array
}

/** @returns the meta page, or a sentence saying what is wrong with it */
function readMeta(bytes: Uint8Array, sizeBytes: () => number): Meta | string {
  if (bytes.length < META_SIZE) return 'the file ends within a meta page'
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if ((view.getUint16(AT_FLAGS, true) & META_FLAG) === 0 || view.getUint32(AT_MAGIC, true) !== MAGIC)
    return 'it is not an LMDB file'
  const version = view.getUint32(AT_VERSION, true) & 0xffff
  if (version !== VERSION) return `its LMDB data format is ${version}, expected ${VERSION}`
  const pageSize = view.getUint32(AT_PAGE_SIZE, true)
  if (pageSize < 512 || pageSize > 65536 || (pageSize & (pageSize - 1)) !== 0) return `its page size is ${pageSize}`
  const lastPage = view.getBigUint64(AT_LAST_PAGE, true)
  const pages = BigInt(Math.floor(sizeBytes() / pageSize))
  for (const at of [AT_FREE_ROOT, AT_MAIN_ROOT]) {
    const root = view.getBigUint64(at, true)
    if (root !== NO_PAGE && (root < 2n || root > lastPage || root >= pages))
      return 'a meta page points outside the file'
  }
  return { transaction: view.getBigUint64(AT_TRANSACTION, true), pageSize, bytes }
}

function readAt(fd: number, offset: number, length: number): Uint8Array {
  const bytes = Buffer.alloc(length)
  return bytes.subarray(0, readSync(fd, bytes, 0, length, offset))
}

/** Both meta pages of an open file, the newer one, and the file's size. */
interface Metas {
  readonly both: readonly [Meta, Meta]
  readonly newest: Meta
  readonly sizeBytes: number
}

/** The meta pages of an open file, or a sentence saying what is wrong. */
export function readMetas(fd: number): Metas | string {
  // The size is taken last: a writer may make the file grow meanwhile, and a meta page is written after its pages.
  const first = readMeta(readAt(fd, 0, META_SIZE), () => fstatSync(fd).size)
  if (typeof first === 'string') return first
  const second = readMeta(readAt(fd, first.pageSize, META_SIZE), () => fstatSync(fd).size)
  if (typeof second === 'string') return second
  const sizeBytes = fstatSync(fd).size
  if (second.pageSize !== first.pageSize) return 'its meta pages disagree'
  return { both: [first, second], newest: first.transaction >= second.transaction ? first : second, sizeBytes }
}

/**
 * Puts a file back to a sync point: both meta pages say its tree, as LMDB's own rollback does it (mdb_env_open of
 * lmdb-js). Page n holds the transactions with `id & 1 == n`, so the older one gets the id before.
 */
function restore(path: string, point: SyncPoint): void {
  const fd = openSync(path, 'r+')
  try {
    if (fstatSync(fd).size < point.sizeBytes)
      throw new CorruptionError('VIEWS_CORRUPT', `${path} is shorter than it was when it was last synced.`)
    const meta = readMeta(point.meta, () => point.sizeBytes)
    if (typeof meta === 'string') throw new CorruptionError('VIEWS_CORRUPT', `The sync point of ${path}: ${meta}.`)
    const { transaction, pageSize } = meta
    for (const id of [transaction, transaction - 1n]) {
      const page = new Uint8Array(point.meta)
      const view = new DataView(page.buffer)
      view.setBigUint64(0, id & 1n, true)
      view.setBigUint64(AT_TRANSACTION, id < 0n ? 0n : id, true)
      writeSync(fd, page, 0, page.length, Number(id & 1n) * pageSize)
    }
    fdatasyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

const CHUNK_SIZE = 4 << 20

/** CRC-32 of a whole file. Some 2 GB/s. */
export function checksumFile(path: string): number {
  const fd = openSync(path, 'r')
  try {
    const chunk = Buffer.allocUnsafeSlow(CHUNK_SIZE)
    let crc = 0
    for (let offset = 0; ; ) {
      const count = readSync(fd, chunk, 0, CHUNK_SIZE, offset)
      if (count === 0) return crc
      crc = crc32(chunk.subarray(0, count), crc)
      offset += count
    }
  } finally {
    closeSync(fd)
  }
}

/** How a views folder was left, and whether its file still is what was left. */
export type ViewsCheck =
  /** There is no data file. */
  | { readonly verdict: 'absent' }
  /** Closed in order; the file is the one that was closed. `whole` is false when only size and meta pages were compared. */
  | { readonly verdict: 'clean'; readonly whole: boolean; readonly tip: string | undefined }
  /** Not closed in order (or in use): LMDB's own consistency is what there is. */
  | { readonly verdict: 'unclean'; readonly machineRestarted: boolean; readonly hasSyncPoint: boolean }
  /** Not what was left, or never ours. Remove the folder and rebuild. */
  | { readonly verdict: 'corrupt'; readonly reason: string }

/**
 * Larger files are compared by size and meta pages only, unless asked otherwise; their pages are looked at while the
 * store is in use.
 */
export const WHOLE_CHECK_LIMIT_BYTES: number = 64 << 20

/**
 * Checks a views folder without handing anything to native code.
 *
 * @param limitBytes up to which size the whole file is read and compared
 */
export function checkViews(directory: string, limitBytes: number = WHOLE_CHECK_LIMIT_BYTES): ViewsCheck {
  for (;;) {
    const stateBytes = nodeFileSystem.readFile(join(directory, STATE_FILE))
    const check = checkAgainst(directory, stateBytes, limitBytes)
    if (check.verdict !== 'corrupt') return check
    // A writer that opened or closed the folder meanwhile makes state and file look as if they did not belong together.
    const now = nodeFileSystem.readFile(join(directory, STATE_FILE))
    if (stateBytes === undefined || now === undefined || Buffer.compare(stateBytes, now) === 0) return check
  }
}

function checkAgainst(directory: string, stateBytes: Uint8Array | undefined, limitBytes: number): ViewsCheck {
  const path = join(directory, DATA_FILE)
  if (!existsSync(path)) return { verdict: 'absent' }
  if (stateBytes === undefined) return { verdict: 'corrupt', reason: `${path} has no state file beside it` }
  const state = decodeState(stateBytes)
  if (typeof state === 'string') return { verdict: 'corrupt', reason: state }

  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch (error) {
    throw fileError(error, path, 'open')
  }
  let metas: ReturnType<typeof readMetas>
  try {
    metas = readMetas(fd)
  } finally {
    closeSync(fd)
  }
  if (state.state === 'open') {
    const machineRestarted = state.bootId === '' || state.bootId !== readBootId()
    const hasSyncPoint = state.syncPoint !== undefined
    if (!machineRestarted && typeof metas === 'string') return { verdict: 'corrupt', reason: `${path}: ${metas}` }
    if (!machineRestarted && typeof metas !== 'string' && metas.sizeBytes < (state.syncPoint?.sizeBytes ?? 0))
      return { verdict: 'corrupt', reason: `${path} was cut` }
    return { verdict: 'unclean', machineRestarted, hasSyncPoint }
  }
  if (typeof metas === 'string') return { verdict: 'corrupt', reason: `${path}: ${metas}` }
  if (metas.sizeBytes !== state.sizeBytes)
    return { verdict: 'corrupt', reason: `${path} has ${metas.sizeBytes} bytes, was closed with ${state.sizeBytes}` }
  const whole = state.checksum !== undefined && state.sizeBytes <= limitBytes
  if (whole && checksumFile(path) !== state.checksum)
    return { verdict: 'corrupt', reason: `${path} is not the file that was closed: its checksum differs` }
  return { verdict: 'clean', whole, tip: state.tip }
}

/**
 * Puts a folder that was in use when the machine stopped back to its sync point.
 *
 * @throws {CorruptionError} VIEWS_CORRUPT when there is none
 */
export function recoverViews(directory: string): void {
  const state = decodeState(nodeFileSystem.readFile(join(directory, STATE_FILE)) ?? new Uint8Array())
  if (typeof state === 'string' || state.state !== 'open' || state.syncPoint === undefined)
    throw new CorruptionError(
      'VIEWS_CORRUPT',
      `${directory} was in use when the machine stopped, and nothing in it is certain. Delete it; it is rebuilt.`,
    )
  restore(join(directory, DATA_FILE), state.syncPoint)
}

const SEEDS: ReadonlyMap<string, number> = new Map(
  KEYSPACE_NAMES.map((name, position) => [name, keyspaceSeed(position)] as const),
)

/**
 * Looks into every page of a data file that was not closed in order, so has no checksum of its own, and that nobody
 * writes to now. See {@link checkDataFile}.
 *
 * @param limitBytes larger files are not looked at
 * @returns a sentence saying what is wrong, or undefined
 */
export function checkUnclosed(directory: string, limitBytes: number = WHOLE_CHECK_LIMIT_BYTES): string | undefined {
  const path = join(directory, DATA_FILE)
  const fd = openSync(path, 'r')
  try {
    if (fstatSync(fd).size > limitBytes) return undefined
    const steps = checkPages(fd, path)
    for (;;) {
      const step = steps.next()
      if (step.done === true) return step.value
    }
  } finally {
    closeSync(fd)
  }
}

/**
 * Looks into every page of the newest state of an open data file, page by page. Nobody writes to the file, or a read
 * transaction was begun before; see {@link checkDataFile}.
 *
 * @returns a sentence saying what is wrong, or undefined
 */
export function* checkPages(fd: number, path: string): Generator<undefined, string | undefined> {
  const metas = readMetasTwice(fd)
  if (typeof metas === 'string') return `${path}: ${metas}`
  const { both, newest, sizeBytes } = metas
  const file: DataFile = {
    fd,
    sizeBytes,
    pageSize: newest.pageSize,
    metas: [both[0].bytes, both[1].bytes],
    newest: newest === both[0] ? 0 : 1,
  }
  const problem = yield* checkDataFile(file, SEEDS)
  return problem === undefined ? undefined : `${path} is damaged: ${problem}`
}

/** Another process may be writing a meta page at this moment: two readings that agree have not met it half done. */
function readMetasTwice(fd: number): Metas | string {
  for (let once = readMetas(fd), attempts = 0; ; attempts++) {
    const twice = readMetas(fd)
    if (typeof twice === 'string' || typeof once === 'string') {
      if (attempts === MOST_READINGS || typeof twice === typeof once) return twice
    } else if (attempts === MOST_READINGS || Buffer.compare(once.newest.bytes, twice.newest.bytes) === 0) return twice
    once = twice
  }
}

const MOST_READINGS = 100
