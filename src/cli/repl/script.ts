import { StatementError } from '../../errors.ts'
import { describeError, exitCodeOf, UsageError } from '../exit-code.ts'
import type { Input } from '../io.ts'
import { printableLines } from '../text-table.ts'
import { runCommand } from './commands.ts'
import type { ReplSession } from './session.ts'
import { type Entry, StatementReader } from './statement-reader.ts'

/** How deep files may include one another. */
const MAX_INCLUDES = 16

/** A statement or command of a script failed; the message says where, and shows it. */
export class ScriptError extends Error {}

/**
 * Runs what a program or a file hands over, up to the first mistake.
 *
 * @param name what the input is called in messages: a file's name
 * @throws {ScriptError} with the line; `cause` is what happened there
 */
export async function runScript(
  session: ReplSession,
  lines: AsyncIterable<string> | Iterable<string>,
  name: string,
  depth = 0,
): Promise<void> {
  const reader = new StatementReader()
  for await (const line of lines) {
    for (const entry of reader.add(line)) {
      await runEntry(session, entry, name, depth)
      if (session.isOver || session.signal.aborted) return
    }
  }
  for (const entry of reader.end()) await runEntry(session, entry, name, depth)
}

async function runEntry(session: ReplSession, entry: Entry, name: string, depth: number): Promise<void> {
  try {
    await runAny(session, entry, depth)
  } catch (cause) {
    if (cause instanceof ScriptError) throw cause
    const inside = cause instanceof StatementError ? (cause.location?.line ?? 1) - 1 : 0
    const shown = describeError(cause, entry.kind === 'statement' ? entry.text : undefined)
    throw new ScriptError(`${name}, line ${entry.line + inside}: ${shown}`, { cause })
  }
}

/** One statement or command. @param depth how many files have included one another so far */
export async function runAny(session: ReplSession, entry: Entry, depth = 0): Promise<void> {
  if (entry.kind === 'statement') {
    await session.run(entry.text)
    return
  }
  await runCommand(entry.text, session, async (text, name) => {
    if (depth >= MAX_INCLUDES) throw new UsageError(`"${name}" is included by itself, or too deep.`)
    await runScript(session, text.split('\n'), name, depth + 1)
  })
}

/**
 * Standard input of a program, line by line: runs it, says what went wrong, sets the exit code. A transaction that is
 * open at the end is aborted, which is a mistake of the script.
 */
export async function runInput(session: ReplSession): Promise<void> {
  const { context, io } = session
  try {
    await runScript(session, linesOf(io.input), 'standard input')
    if (!session.isInTransaction) return
    io.writeError('tally: The input ended in an open transaction, which is aborted. End it with commit.\n')
    context.exitCode = 2
  } catch (error) {
    io.writeError(`tally: ${printableLines(describeError(error))}\n`)
    context.exitCode = exitCodeOf(error instanceof ScriptError ? error.cause : error)
  }
}

/** @throws {UsageError} when the input is not UTF-8: what is replaced silently would be in the ledger for ever */
export async function* linesOf(input: Input): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  let count = 0
  const decode = (bytes: Uint8Array | undefined): string => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true })
    } catch (cause) {
      throw new UsageError(`The input is not UTF-8, somewhere behind line ${count}.`, { cause })
    }
  }
  for await (const chunk of input) {
    const lines = (rest + (typeof chunk === 'string' ? chunk : decode(chunk as Uint8Array))).split('\n')
    rest = lines.pop()!
    for (const line of lines) {
      count++
      yield line
    }
  }
  rest += decode(undefined)
  if (rest !== '') yield rest
}
