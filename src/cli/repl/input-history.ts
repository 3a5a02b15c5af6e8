import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { tokenize } from '../../partiql/index.ts'
import type { Io } from '../io.ts'

/** How many entries are remembered; the file is cut to that many when it has twice as many. */
const MAX_ENTRIES = 1000

/**
 * Where entries are kept: `TALLY_HISTORY` (empty for nowhere), else the XDG state folder, else `~/.tally_history`.
 * Source: XDG Base Directory Specification 0.8.
 */
export function historyFile(environment: Io['environment']): string | undefined {
  const chosen = environment['TALLY_HISTORY']
  if (chosen !== undefined) return chosen === '' ? undefined : chosen
  const state = environment['XDG_STATE_HOME']
  if (state !== undefined && state !== '') return join(state, 'tally', 'history')
  const home = environment['HOME'] ?? environment['USERPROFILE']
  if (home === undefined || home === '') return undefined
  const xdg = join(home, '.local', 'state')
  return existsSync(xdg) ? join(xdg, 'tally', 'history') : join(home, '.tally_history')
}

/** What was entered, a line each, the newest first. A file that cannot be read or written is no reason to stop. */
export class InputHistory {
  readonly entries: string[]
  readonly #file: string | undefined

  constructor(file: string | undefined) {
    this.#file = file
    const lines = file === undefined ? [] : readLines(file)
    this.entries = lines.slice(-MAX_ENTRIES).reverse()
    if (file !== undefined && lines.length > 2 * MAX_ENTRIES) {
      attempt(() => writeFileSync(file, `${lines.slice(-MAX_ENTRIES).join('\n')}\n`, { mode: 0o600 }))
    }
  }

  /** Remembers an entry unless it is the last one again, or cannot be written on one line. */
  add(text: string): void {
    const line = onOneLine(text)
    if (line === undefined || line === '' || line === this.entries[0]) return
    this.entries.unshift(line)
    this.entries.length = Math.min(this.entries.length, MAX_ENTRIES)
    const file = this.#file
    if (file === undefined) return
    attempt(() => {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
      appendFileSync(file, `${line}\n`, { mode: 0o600 })
    })
  }

  /** The newest entry from `start` on that contains `text`; -1 when there is none. */
  find(text: string, start: number): number {
    const wanted = text.toLowerCase()
    return this.entries.findIndex((entry, index) => index >= start && entry.toLowerCase().includes(wanted))
  }
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
  } catch {
    return []
  }
}

function attempt(action: () => void): void {
  try {
    action()
  } catch {
    // A read-only home folder must not keep anybody from working.
  }
}

/**
 * A statement of several lines on one: each white space between its pieces becomes a blank, each comment to the end of
 * a line an enclosed one. Undefined when a string goes over lines: there the line break means something.
 */
export function onOneLine(text: string): string | undefined {
  const trimmed = text.trim()
  if (!trimmed.includes('\n')) return trimmed
  let line = ''
  let end = 0
  for (const piece of tokenize(trimmed)) {
    const isLineComment = piece.kind === 'comment' && piece.text.startsWith('--')
    const image = isLineComment ? `/* ${piece.text.slice(2).replaceAll('*/', '* /').trim()} */` : piece.text
    if (image.includes('\n')) return undefined
    line += (piece.offset > end ? ' ' : '') + image
    end = piece.offset + piece.length
  }
  return line.trim()
}
