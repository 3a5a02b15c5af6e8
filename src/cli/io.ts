import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

/** Standard input; a terminal's can hand over single keys. */
export type Input = Readable & { setRawMode?(isRaw: boolean): unknown }

/** Where a command reads from and writes to: the process's own streams and time, or a test's. */
export interface Io {
  write(text: string): void
  writeError(text: string): void
  /** While the reader of what is written is slow: a promise that resolves when it has caught up; undefined otherwise. */
  drained(): Promise<void> | undefined
  /** True when a person sees what is written. */
  readonly isTerminal: boolean
  /** True when a person may answer. */
  readonly isInteractive: boolean
  /** Width of the terminal in columns. */
  readonly columns: number
  readonly usesColor: boolean
  readonly input: Input
  /** All of standard input, as text. */
  readInput(): Promise<string>
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Milliseconds of a clock that never goes back. */
  elapsedMs(): number
  /** Calls `action` every `periodMs` until the function that comes back is called. */
  every(periodMs: number, action: () => void): () => void
  /** Until the function that comes back is called, Ctrl-C calls `listener` instead of ending the program. */
  onInterrupt(listener: () => void): () => void
  /** The command line that starts this program again in a process of its own; undefined where there is none, as in a test. */
  readonly program: readonly [executable: string, ...args: string[]] | undefined
  /** Has a person change a text in their editor. @throws {Error} when there is no editor, or it failed */
  edit(text: string): Promise<string>
}

/** The streams of this process. Colours only on a terminal, and never with NO_COLOR (no-color.org). */
export function processIo(): Io {
  const { stdout, stderr, stdin, env } = process
  // A reader that goes away (`tally exec … | head`) ends the program without a complaint.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  return {
    write: (text) => void stdout.write(text),
    writeError: (text) => void stderr.write(text),
    drained: () => (stdout.writableNeedDrain ? new Promise((done) => stdout.once('drain', done)) : undefined),
    isTerminal: stdout.isTTY === true,
    isInteractive: stdout.isTTY === true && stdin.isTTY === true,
    get columns() {
      return stdout.columns ?? 80
    },
    usesColor: stdout.isTTY === true && (env['NO_COLOR'] ?? '') === '',
    input: stdin,
    readInput: async () => {
      const chunks: Uint8Array[] = []
      for await (const chunk of stdin) chunks.push(chunk as Uint8Array)
      return Buffer.concat(chunks).toString('utf8')
    },
    environment: env,
    elapsedMs: () => performance.now(),
    every: (periodMs, action) => {
      const timer = setInterval(action, periodMs)
      return () => clearInterval(timer)
    },
    onInterrupt: (listener) => {
      process.on('SIGINT', listener)
      return () => void process.off('SIGINT', listener)
    },
    program: process.argv[1] === undefined ? undefined : [process.execPath, ...process.execArgv, process.argv[1]],
    edit: (text) => editText(text, env['VISUAL'] || env['EDITOR'] || 'vi'),
  }
}

/** @param editor a command with its options, as a shell takes it */
async function editText(text: string, editor: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'tally-'))
  try {
    const file = join(folder, 'statement.sql')
    writeFileSync(file, text)
    await new Promise<void>((done, fail) => {
      const child = spawn(`${editor} "${file}"`, { shell: true, stdio: 'inherit' })
      child.on('error', fail)
      child.on('close', (code) => {
        if (code === 0) done()
        else fail(new Error(`The editor (${editor}) ended with ${code}. Set EDITOR to the one you use.`))
      })
    })
    return readFileSync(file, 'utf8')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
