import { fork } from 'node:child_process'

/** A ledger that another process has loaded with documents in batches, and what that process needed. */
export interface LoadedLedger {
  readonly folder: string
  readonly documentCount: number
  /** The most memory that the process held at any time (resident set, LMDB's mapped pages included). */
  readonly peakRssBytes: number
  /** The most of it that was not mapped from files; 0 where the system does not tell. */
  readonly peakPrivateBytes: number
  readonly seconds: number
}

/** What the loading process says at its end. */
export type LoadResult = Omit<LoadedLedger, 'folder' | 'documentCount'>

/**
 * Loads a new ledger in a process of its own, so that its memory is its own: 500 documents a transaction, one index.
 *
 * @throws {Error} when the process fails; its own words are on stderr
 */
export function loadLedger(
  folder: string,
  documentCount: number,
  options: { readonly signal?: AbortSignal | undefined; readonly onProgress?: (text: string) => void } = {},
): Promise<LoadedLedger> {
  // `.ts` under a loader, which the child inherits; `.js` when built, beside this file or beside the bundle's folder.
  const program = new URL('../bench/load-ledger-process.ts', import.meta.url)
  if (import.meta.url.endsWith('.js')) program.pathname = program.pathname.replace(/ts$/, 'js')
  const child = fork(program, [folder, String(documentCount)], options.signal && { signal: options.signal })
  return new Promise((resolve, reject) => {
    let result: LoadResult | undefined
    child.on('message', (message: LoadResult | number) => {
      if (typeof message === 'number') options.onProgress?.(`loading ${documentCount} documents: ${message} done`)
      else result = message
    })
    child.on('error', reject)
    child.on('exit', (code) => {
      if (result === undefined) reject(new Error(`The loading process ended with ${code} before it was done.`))
      else resolve({ folder, documentCount, ...result })
    })
  })
}
