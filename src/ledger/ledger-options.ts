import { DEFAULT_LIMITS, type Limits } from '../transaction/index.ts'
import type { CoreOptions } from './core.ts'
import { type Scheduler, systemClock, systemScheduler } from './scheduler.ts'

/** Choices and seams of `openLedger`. Everything has a sensible default. */
export interface LedgerOptions {
  /**
   * What the time is. Time in the ledger never runs backwards, whatever this answers. Default: the system's clock.
   */
  readonly clock?: () => Date
  /**
   * `sizeBytes` unpredictable bytes, from which ids are made. With a clock and a randomness that repeat, a run gives the
   * same journal, hash for hash. Default: the system's generator.
   */
  readonly randomness?: (sizeBytes: number) => Uint8Array
  /** Waiting and breathing. Default: the process's timers. */
  readonly scheduler?: Scheduler
  /**
   * Open for reading only, beside the one process that may write. Every statement sees what that process has committed
   * by then. Default false.
   */
  readonly readOnly?: boolean
  /**
   * `'sync'`: a commit is acknowledged when the disk has it. `'unsafe-no-sync'`: when the operating system has it; a power
   * failure may lose the last commits, a crash of the process does not. Default `'sync'`.
   */
  readonly durability?: 'sync' | 'unsafe-no-sync'
  /** Bounds to change; the others keep their defaults. `QLDB_LIMITS` has those of Amazon QLDB. */
  readonly limits?: Partial<Limits>
  /** Size at which a journal file is closed and the next begun. Default 64 MB. */
  readonly segmentSizeBytes?: number
}

/** What the core is opened with, and who keeps the time for rows and retries. */
export interface ResolvedOptions {
  readonly core: CoreOptions
  readonly scheduler: Scheduler
}

/** Fills in the defaults. @throws {TypeError} for an option of the wrong kind, which would otherwise fail much later */
export function resolveOptions(options: LedgerOptions): ResolvedOptions {
  requireFunction('clock', options.clock)
  requireFunction('randomness', options.randomness)
  const { durability = 'sync', limits = {}, readOnly = false, scheduler = systemScheduler, segmentSizeBytes } = options
  if (durability !== 'sync' && durability !== 'unsafe-no-sync') {
    throw new TypeError(`'durability' expected 'sync' or 'unsafe-no-sync', got ${JSON.stringify(durability)}`)
  }
  for (const [name, limit] of Object.entries(limits)) {
    if (!(name in DEFAULT_LIMITS)) throw new TypeError(`'limits' has no "${name}"`)
    if (typeof limit !== 'number' || !(limit >= 0)) {
      throw new TypeError(`'limits.${name}' expected a number >= 0, got ${String(limit)}`)
    }
  }
  if (segmentSizeBytes !== undefined && !(Number.isSafeInteger(segmentSizeBytes) && segmentSizeBytes > 0)) {
    throw new TypeError(`'segmentSizeBytes' expected an integer > 0, got ${String(segmentSizeBytes)}`)
  }
  return {
    scheduler,
    core: {
      clock: options.clock ?? systemClock,
      randomness: options.randomness ?? systemRandomness(),
      limits: { ...DEFAULT_LIMITS, ...limits },
      readOnly,
      syncsJournal: durability === 'sync',
      segmentSizeBytes,
      breathe: () => scheduler.breathe(),
    },
  }
}

function requireFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') {
    throw new TypeError(`'${name}' expected a function, got ${typeof value}`)
  }
}

/** One call of the system's generator costs the same for 16 bytes as for 4096. */
const POOL_SIZE_BYTES = 4096

function systemRandomness(): (sizeBytes: number) => Uint8Array {
  const pool = new Uint8Array(POOL_SIZE_BYTES)
  let used = POOL_SIZE_BYTES
  return (sizeBytes) => {
    if (sizeBytes > POOL_SIZE_BYTES) throw new RangeError(`'sizeBytes' expected at most ${POOL_SIZE_BYTES}`)
    if (used + sizeBytes > POOL_SIZE_BYTES) {
      crypto.getRandomValues(pool)
      used = 0
    }
    used += sizeBytes
    return pool.slice(used - sizeBytes, used)
  }
}
