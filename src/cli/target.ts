import { existsSync } from 'node:fs'
import { FormatError } from '../errors.ts'
import { type Ledger, type LedgerOptions, openLedger } from '../ledger/index.ts'
import { UsageError } from './exit-code.ts'

/**
 * Opens the ledger that a command was pointed at: a folder, or `:memory:`.
 *
 * @param mode `read` beside a writer, `write` an existing ledger, `create` one that may not be there yet
 * @throws {FormatError} BAD_TARGET for an address: servers come later
 */
export async function openTarget(
  target: string,
  mode: 'read' | 'write' | 'create',
  options: LedgerOptions = {},
): Promise<Ledger> {
  requireFolderTarget(target)
  if (mode === 'write' && target !== ':memory:' && !existsSync(target)) {
    throw new UsageError(`There is no ledger at "${target}". Make one with: tally repl ${target}`)
  }
  return openLedger(target, { ...options, readOnly: mode === 'read' && target !== ':memory:' })
}

/** @throws {FormatError} BAD_TARGET */
export function requireFolderTarget(target: string): void {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(target)) {
    throw new FormatError('BAD_TARGET', `"${target}" is an address; this version works on ledger folders only.`)
  }
}
