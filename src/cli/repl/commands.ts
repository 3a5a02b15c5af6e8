import { readFileSync, statSync } from 'node:fs'
import { UsageError } from '../exit-code.ts'
import type { ResultFormat } from '../result-output.ts'
import { printable } from '../text-table.ts'
import { showTable, showTables } from './describe.ts'
import { showBlame, showDiff, showLog } from './document-history.ts'
import { showDigest, verifyDocument } from './proof-commands.ts'
import type { ReplSession } from './session.ts'

/** What a command does with the rest of its line. */
interface Invocation {
  readonly session: ReplSession
  /** Words, without their quotes. */
  readonly words: readonly string[]
  /** The line behind the command's name. */
  readonly rest: string
  /** Runs the statements and commands of a text, as `\i` and `\e` do. */
  readonly runText: (text: string, name: string) => Promise<void>
}

/** A command of the shell. */
export interface ReplCommand {
  /** The name to teach, then aliases; in lower case. */
  readonly names: readonly [string, ...string[]]
  readonly usage: string
  readonly summary: string
  readonly group: 'Tables' | 'Documents' | 'Proof' | 'Transactions' | 'Statements and output' | 'Shell'
  /** Most words that may follow; undefined when the rest of the line is one text. */
  readonly maxWords: number | undefined
  readonly run: (invocation: Invocation) => Promise<void> | void
}

const FORMATS: readonly string[] = ['table', 'ion', 'json', 'csv']

/** Every command, in the order in which `\?` shows them. */
export const COMMANDS: readonly ReplCommand[] = [
  {
    names: ['\\d', '\\dt', '.tables', '.schema'],
    usage: '\\d [TABLE]',
    summary: 'list tables; or the documents, indexes and fields of one',
    group: 'Tables',
    maxWords: 1,
    run: ({ session, words: [name] }) => (name === undefined ? showTables(session) : showTable(session, name)),
  },
  {
    names: ['\\log'],
    usage: '\\log ID',
    summary: 'every version of a document: when, by which statement, what changed',
    group: 'Documents',
    maxWords: 1,
    run: ({ session, words }) => showLog(session, required(words, 0, '\\log ID')),
  },
  {
    names: ['\\diff'],
    usage: '\\diff ID [V1 [V2]]',
    summary: 'what differs between two versions; default the last two',
    group: 'Documents',
    maxWords: 3,
    run: ({ session, words }) =>
      showDiff(session, required(words, 0, '\\diff ID [V1 [V2]]'), version(words[1]), version(words[2])),
  },
  {
    names: ['\\blame'],
    usage: '\\blame ID',
    summary: 'for each field the version and transaction that last set it',
    group: 'Documents',
    maxWords: 1,
    run: ({ session, words }) => showBlame(session, required(words, 0, '\\blame ID')),
  },
  {
    names: ['\\digest'],
    usage: '\\digest [FILE]',
    summary: 'the fingerprint of the whole ledger; FILE keeps it',
    group: 'Proof',
    maxWords: 1,
    run: ({ session, words: [file] }) => showDigest(session, file),
  },
  {
    names: ['\\verify'],
    usage: '\\verify ID [VERSION] [DIGEST]',
    summary: 'have a version proved and check the proof here; DIGEST is a file that you kept',
    group: 'Proof',
    maxWords: 3,
    run: ({ session, words }) => {
      const id = required(words, 0, '\\verify ID [VERSION] [DIGEST]')
      const hasVersion = words[1] !== undefined && (/^\d+$/.test(words[1]) || words.length === 3)
      return verifyDocument(session, id, hasVersion ? version(words[1]) : undefined, words[hasVersion ? 2 : 1])
    },
  },
  {
    names: ['begin', 'start transaction', 'begin transaction', '\\begin', 'start'],
    usage: 'begin',
    summary: 'open a transaction; the prompt shows * until it ends',
    group: 'Transactions',
    maxWords: 0,
    run: ({ session }) => session.begin(),
  },
  {
    names: ['commit', '\\commit'],
    usage: 'commit',
    summary: 'make everything written in it durable, as one block',
    group: 'Transactions',
    maxWords: 0,
    run: ({ session }) => session.commit(),
  },
  {
    names: ['abort', 'rollback', '\\abort'],
    usage: 'abort',
    summary: 'forget everything written in it',
    group: 'Transactions',
    maxWords: 0,
    run: ({ session }) => session.abort(),
  },
  {
    names: ['\\explain'],
    usage: '\\explain STATEMENT',
    summary: 'how a statement would be run',
    group: 'Statements and output',
    maxWords: undefined,
    run: ({ session, rest }) => session.run(`EXPLAIN ${required([rest].filter(Boolean), 0, '\\explain STATEMENT')}`),
  },
  {
    names: ['\\e', '\\edit', '.edit'],
    usage: '\\e',
    summary: 'write or change the last statement in your editor, then run it',
    group: 'Statements and output',
    maxWords: 0,
    run: editStatement,
  },
  {
    names: ['\\i', '\\include', '.read'],
    usage: '\\i FILE',
    summary: 'run the statements and commands of a file',
    group: 'Statements and output',
    maxWords: 1,
    run: ({ words, runText }) => {
      const file = required(words, 0, '\\i FILE')
      return runText(readStatements(file), file)
    },
  },
  {
    names: ['\\format', '\\f', '.mode'],
    usage: '\\format table|ion|json|csv',
    summary: 'how rows are shown',
    group: 'Statements and output',
    maxWords: 1,
    run: ({ session, words: [name] }) => {
      if (name !== undefined && !FORMATS.includes(name)) {
        throw new UsageError(`There is no format "${printable(name)}". Choose one of ${FORMATS.join(', ')}.`)
      }
      if (name !== undefined) session.format = name as ResultFormat
      session.remark(`Rows are shown as ${session.format}.`)
    },
  },
  {
    names: ['\\x'],
    usage: '\\x [on|auto]',
    summary: 'a line a field, always or only where a table is too wide',
    group: 'Statements and output',
    maxWords: 1,
    run: ({ session, words: [setting] }) => {
      const isOn = setting === undefined ? session.format !== 'expanded' : isSetting(setting, 'auto')
      session.format = isOn ? 'expanded' : 'table'
      session.remark(isOn ? 'Expanded display is on.' : 'Expanded display is used where a table is too wide.')
    },
  },
  {
    names: ['\\timing', '.timer'],
    usage: '\\timing [on|off]',
    summary: 'show how long statements take',
    group: 'Statements and output',
    maxWords: 1,
    run: ({ session, words: [setting] }) => {
      session.showsTime = setting === undefined ? !session.showsTime : isSetting(setting, 'off')
      session.remark(`Timing is ${session.showsTime ? 'on' : 'off'}.`)
    },
  },
  {
    names: ['\\?', '\\help', '\\h', 'help', '.help'],
    usage: '\\?',
    summary: 'this page',
    group: 'Shell',
    maxWords: 1,
    run: ({ session }) => session.say(helpPage()),
  },
  {
    names: ['\\q', 'exit', 'quit', '\\quit', '.quit', '.exit'],
    usage: '\\q',
    summary: 'leave; an open transaction is aborted',
    group: 'Shell',
    maxWords: 0,
    run: ({ session }) => {
      session.isOver = true
    },
  },
]

/**
 * Runs one line that is a command.
 *
 * @throws {UsageError} when there is no such command, or it is given what it cannot use
 */
export async function runCommand(line: string, session: ReplSession, runText: Invocation['runText']): Promise<void> {
  const text = line.trim().replace(/\s*;$/, '')
  const phrase = text.toLowerCase().replace(/\s+/g, ' ')
  const name = COMMANDS.some(({ names }) => names.includes(phrase)) ? phrase : phrase.split(' ', 1)[0]!
  const command = COMMANDS.find(({ names }) => names.includes(name))
  if (command === undefined) throw unknownCommand(name)
  const rest = name === phrase ? '' : text.slice(name.length).trim()
  const words = command.maxWords === undefined ? [] : splitWords(rest)
  if (command.maxWords !== undefined && words.length > command.maxWords) throw wrongUsage(command.usage)
  await command.run({ session, words, rest, runText })
}

function unknownCommand(name: string): UsageError {
  const taught = COMMANDS.flatMap(({ names }) => names)
  const near = taught.find((each) => name.length > 2 && (each.startsWith(name) || name.startsWith(`${each}s`)))
  const hint = near === undefined ? '' : ` Did you mean ${near}?`
  return new UsageError(`There is no command ${printable(name)}.${hint} \\? lists them.`)
}

function wrongUsage(usage: string): UsageError {
  return new UsageError(`Use it like this: ${usage}`)
}

function required(words: readonly string[], index: number, usage: string): string {
  const word = words[index]
  if (word === undefined) throw wrongUsage(usage)
  return word
}

function version(word: string | undefined): number | undefined {
  if (word === undefined) return undefined
  const number = Number(word)
  if (/^\d+$/.test(word) && Number.isSafeInteger(number)) return number
  throw new UsageError(`A version is a whole number from 0 on, got "${printable(word)}".`)
}

/** @param other what the command knows beside `on` */
function isSetting(word: string, other: 'off' | 'auto'): boolean {
  const setting = word.toLowerCase()
  if (setting === 'on') return true
  if (setting === other || setting === 'off') return false
  throw new UsageError(`Expected on or ${other}, got "${printable(word)}".`)
}

/** Words between blanks; quotes, single or double, keep blanks together. */
function splitWords(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3]!)
}

/** @throws {UsageError} when there is no such file, or it is not a text */
function readStatements(file: string): string {
  try {
    if (statSync(file).isDirectory()) throw new Error('it is a folder')
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (cause) {
    throw new UsageError(`Cannot read "${printable(file)}": ${(cause as Error).message}`, { cause })
  }
}

async function editStatement({ session, runText }: Invocation): Promise<void> {
  if (!session.io.isInteractive) throw new UsageError('\\e needs a terminal.')
  const edited = (await session.io.edit(`${session.lastStatement}\n`)).trim()
  if (edited === '' || edited === session.lastStatement) {
    session.say('Nothing was changed, so nothing is run.')
    return
  }
  session.say(edited)
  await runText(edited, 'the edited text')
}

function helpPage(): string {
  const width = Math.max(...COMMANDS.map(({ usage }) => usage.length))
  const lines: string[] = [
    'Anything else is a statement in PartiQL. Enter runs it when it is complete; ; ends it in any case.',
  ]
  let group = ''
  for (const command of COMMANDS) {
    if (command.group !== group) lines.push('', command.group)
    group = command.group
    const aliases = command.names.slice(1).filter((name) => !name.startsWith('\\'))
    const others = aliases.length === 0 ? '' : `  (${aliases.join(', ')})`
    lines.push(`  ${command.usage.padEnd(width)}  ${command.summary}${others}`)
  }
  lines.push(
    '',
    'Keys',
    `  ${'Tab'.padEnd(width)}  complete keywords, tables, fields, functions and commands`,
    `  ${'Ctrl-R'.padEnd(width)}  search earlier statements`,
    `  ${'Ctrl-C'.padEnd(width)}  cancel the statement or the line`,
    `  ${'Ctrl-D'.padEnd(width)}  abort the open transaction; leave when there is none`,
    `  ${'\\ at the end of a line'.padEnd(width)}  go on with the statement in the next line`,
  )
  return lines.join('\n')
}
