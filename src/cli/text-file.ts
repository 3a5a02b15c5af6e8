import { readFileSync, writeFileSync } from 'node:fs'
import { UsageError } from './exit-code.ts'

/** @throws {UsageError} when there is no such file, or it cannot be read */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new UsageError(`Cannot read "${file}": ${(cause as Error).message}`, { cause })
  }
}

/** @throws {Error} when it cannot be written: not a mistake in how the command was called, so exit 3 */
export function writeText(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (cause) {
    throw new Error(`Cannot write "${file}": ${(cause as Error).message}`, { cause })
  }
}
