/** Where a command reads from and writes to: the process's own streams, or a test's. */
export interface Io {
  write(text: string): void
  writeError(text: string): void
  /** True when a person sees what is written. */
  readonly isTerminal: boolean
  /** True when a person may answer. */
  readonly isInteractive: boolean
  /** Width of the terminal in columns. */
  readonly columns: number
  readonly usesColor: boolean
  /** All of standard input, as text. */
  readInput(): Promise<string>
  readonly environment: Readonly<Record<string, string | undefined>>
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
    isTerminal: stdout.isTTY === true,
    isInteractive: stdout.isTTY === true && stdin.isTTY === true,
    get columns() {
      return stdout.columns ?? 80
    },
    usesColor: stdout.isTTY === true && (env['NO_COLOR'] ?? '') === '',
    readInput: async () => {
      const chunks: Uint8Array[] = []
      for await (const chunk of stdin) chunks.push(chunk as Uint8Array)
      return Buffer.concat(chunks).toString('utf8')
    },
    environment: env,
  }
}
