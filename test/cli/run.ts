import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { ExitCode } from '../../src/cli/exit-code.ts'
import { runCli } from '../../src/cli/run-cli.ts'
import { TestIo } from './test-io.ts'

/** A folder of the test file's own, removed at its end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tally-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** What one command line did. */
export interface Outcome {
  readonly code: ExitCode
  readonly output: string
  readonly errors: string
}

/** Runs a command line as a shell would, with `input` on standard input. */
export async function run(
  args: readonly string[],
  input: string | Uint8Array = '',
  io: TestIo = new TestIo('pipe'),
): Promise<Outcome> {
  io.input.end(input)
  const code = await runCli(args, io)
  return { code, output: io.output, errors: io.errors }
}
