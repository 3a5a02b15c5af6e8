/** Goal: the shell as a person at a terminal sees it. Method: keys go in as bytes, what is on the screen comes out. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ExitCode } from '../../../src/cli/exit-code.ts'
import { historyFile, InputHistory, onOneLine } from '../../../src/cli/repl/input-history.ts'
import { runCli } from '../../../src/cli/run-cli.ts'
import { temporaryFolder } from '../run.ts'
import { TestIo } from '../test-io.ts'

const folder = temporaryFolder()
const ESCAPE = '\x1b'
/** A control sequence of readline's: how far, and which way. */
const MOVE = `${ESCAPE}\\[(\\d*)([A-Z])`
const CTRL_C = '\x03'
const CTRL_D = '\x04'
const CTRL_R = '\x12'
const UP = '\x1b[A'
const ENTER = '\r'

interface Terminal {
  readonly io: TestIo
  readonly ended: Promise<ExitCode>
  /** Leaves, and gives the exit code. */
  leave(): Promise<ExitCode>
}

/** A shell that has shown its first prompt. */
async function open(
  args: readonly string[] = [':memory:'],
  prepare: (io: TestIo) => void = () => {},
): Promise<Terminal> {
  const io = new TestIo('terminal')
  prepare(io)
  const ended = runCli(['repl', ...args], io)
  await io.shows('> ')
  return {
    io,
    ended,
    leave: () => {
      io.input.write(`\\q${ENTER}`)
      return ended
    },
  }
}

describe('a conversation', () => {
  test('begins with where one is, and ends with exit 0 at \\q, quit and Ctrl-D', async () => {
    const memory = await open([])
    expect(memory.io.output).toMatch(/^tally \d\S*: a ledger in memory, which ends with this program/)
    expect(memory.io.output).toMatch(/memory> /)
    expect(await memory.leave()).toBe(0)

    const made = await open([join(folder, 'cars')])
    expect(made.io.output).toContain('new ledger "cars"')
    made.io.input.write(`quit${ENTER}`)
    expect(await made.ended).toBe(0)

    const again = await open([join(folder, 'cars'), '--read-only'])
    expect(again.io.output).toContain('ledger "cars", read only, 1 blocks')
    again.io.input.write(CTRL_D)
    expect(await again.ended).toBe(0)
  })

  test('runs a statement at Enter when it is complete, and asks on when it is not', async () => {
    const { io, leave } = await open()
    expect(await io.type(`SELECT 1 AS a${ENTER}`, '(1 row, 0.0 ms)')).toContain(' a\r\n'.replace('\r', ''))
    await io.type(`SELECT${ENTER}`, 'memory-> ')
    await io.type(`'x${ENTER}`, "memory'> ")
    expect(await io.type(`y' AS b;${ENTER}`, '(1 row')).toContain(' x\\ny')
    await leave()
  })

  test('shows mistakes with a caret and goes on', async () => {
    const { io, leave } = await open()
    expect(await io.type(`SELECT * FORM t${ENTER}`, 'memory> ')).toContain('\n  SELECT * FORM t\n           ^^^^\n')
    expect(await io.type(`\\nope${ENTER}`, 'memory> ')).toContain('There is no command \\nope')
    expect(await leave()).toBe(0)
  })

  test('takes pasted lines as they would be typed, one statement over several of them', async () => {
    const { io, leave } = await open()
    await io.type(`CREATE TABLE t${ENTER}`, '(1 row')
    const shown = await io.type(`SELECT COUNT(*) AS n${ENTER}FROM t${ENTER}SELECT 7 AS seven${ENTER}SEL`, 'memory> SEL')
    expect(shown).toContain('memory-> FROM t\n')
    expect(shown).toContain(' n\n---\n 0\n')
    expect(shown).toContain(' seven\n')
    await io.type(`ECT 8 AS eight${ENTER}`, ' eight\n')
    await leave()
  })

  test('takes a long line that is pasted', async () => {
    const { io, leave } = await open()
    const sum = Array.from({ length: 5000 }, () => '1').join(', ')
    expect(await io.type(`SELECT SIZE([${sum}]) AS n${ENTER}`, '(1 row')).toContain('\n 5000\n')
    await leave()
  })

  test('escapes what would steer the terminal', async () => {
    const { io, leave } = await open()
    for (const format of ['table', 'expanded', 'json', 'ion', 'csv']) {
      await io.type(format === 'expanded' ? `\\x on${ENTER}` : `\\format ${format}${ENTER}`, 'memory> ')
      const shown = await io.type(`SELECT \`"\\x1b]0;owned\\x07\\u009b2J\\u202e"\` AS a${ENTER}`, '(1 row')
      const result = shown.slice(shown.indexOf('AS a') + 4).replaceAll(new RegExp(MOVE, 'g'), '')
      for (const character of [ESCAPE, '\x07', '\u009b', '\u202e']) expect(result).not.toContain(character)
    }
    await leave()
  })

  test('shows an open transaction in the prompt; Ctrl-D aborts it before it leaves', async () => {
    const { io, ended } = await open()
    await io.type(`CREATE TABLE t${ENTER}`, 'memory> ')
    await io.type(`begin${ENTER}`, 'memory*> ')
    await io.type(`INSERT INTO t VALUE {'a': 1}${ENTER}`, 'memory*> ')
    expect(await io.type(CTRL_D, 'memory> ')).toContain('Aborted. Nothing was written.')
    expect(await io.type(`SELECT COUNT(*) AS n FROM t${ENTER}`, '(1 row')).toContain('\n 0\n')
    await io.type(`start transaction${ENTER}`, 'memory*> ')
    expect(await io.type(`commit${ENTER}`, 'memory> ')).toContain('Committed. Nothing was written')
    io.input.write(CTRL_D)
    expect(await ended).toBe(0)
  })

  test('counts down the seconds of a transaction that ends by itself', async () => {
    const { io, leave } = await open([':memory:', '--qldb-limits'])
    await io.type(`begin${ENTER}`, 'memory* 30s> ')
    io.input.write('SELECT')
    await io.shows('SELECT')
    const from = io.output.length
    io.tick(5000)
    await io.shows('memory* 25s> SELECT', from)
    await io.type(CTRL_C, 'memory* 25s> ')
    await leave()
  })

  test('a statement that fails in a transaction leaves it open', async () => {
    const { io, leave } = await open()
    await io.type(`begin${ENTER}`, 'memory*> ')
    await io.type(`SELECT * FROM Nope${ENTER}`, 'memory*> ')
    await leave()
    expect(io.output).toContain('Aborted. Nothing was written.')
  })
})

describe('Ctrl-C', () => {
  test('forgets the line and the lines above, never the ledger or the transaction', async () => {
    const { io, leave } = await open()
    await io.type(`begin${ENTER}`, 'memory*> ')
    await io.type(`SELECT${ENTER}`, 'memory*-> ')
    await io.type(`1 +${CTRL_C}`, '^C\nmemory*> '.slice(0, 3))
    await io.type(`SELECT 2 AS two${ENTER}`, ' two\n')
    expect(await io.type(CTRL_C, 'memory*> ')).toContain('Leave with Ctrl-D')
    await leave()
  })

  test('stops a statement that streams', async () => {
    const { io, leave } = await open()
    await io.type(`CREATE TABLE t${ENTER}`, 'memory> ')
    const documents = Array.from({ length: 1500 }, (_, a) => `{'a': ${a}}`).join(', ')
    await io.type(`INSERT INTO t << ${documents} >>;${ENTER}`, '(1 500 rows')
    await io.type(`\\format json${ENTER}`, 'memory> ')
    const from = io.output.length
    io.input.write(`SELECT a.a, b.a AS b FROM t AS a, t AS b${ENTER}`)
    await io.shows('"b":99}', from)
    io.interrupt()
    const shown = await io.shows('(cancelled after', from)
    const rows = shown.match(/^\{.*\}$/gm)!.length
    expect(rows).toBeLessThan(1500 * 1500)
    expect(shown.replaceAll(' ', '')).toContain(`(cancelledafter${rows}rows`)
    await io.type(`SELECT 1 AS one${ENTER}`, '{"one":1}')
    await leave()
  })
})

describe('completion', () => {
  test.each([
    ['SEL', '\t', 'SELECT'],
    ['sel', '\t', 'select'],
    ['SELECT * FROM Veh', '\t', 'SELECT * FROM Vehicle'],
    ['SELECT * FR', '\t', 'SELECT * FROM'],
    ['SELECT VIN_n', '\t', 'SELECT vin_number'],
    ['SELECT v.ow FROM Vehicle AS v', `${'\x1b[D'.repeat(18)}\t`, 'SELECT v.owner'],
    ['SELECT char_l', '\t', 'SELECT char_length'],
    ['SELECT coll_c', '\t', 'SELECT coll_count'],
    ['EXPL', '\t', 'EXPLAIN'],
    ['SELECT COUNT(*) OVE', '\t', 'SELECT COUNT(*) OVER'],
    ['SELECT ROW_N', '\t', 'SELECT ROW_NUMBER'],
    ['SELECT * EXCL', '\t', 'SELECT * EXCLUDE'],
    ['SELECT * FROM Vehicle FOR sys', '\t', 'SELECT * FROM Vehicle FOR system_time'],
    ['\\d Ve', '\t', '\\d Vehicle'],
    ['\\ver', '\t', '\\verify'],
    ['\\format js', '\t', '\\format json'],
    ["SELECT 'Veh", '\t', "SELECT 'Veh"],
    ['\\explain SELECT * FROM Ve', '\t', '\\explain SELECT * FROM Vehicle'],
  ])('%s', async (typed, keys, expected) => {
    const { io, leave } = await open()
    await io.type(`CREATE TABLE Vehicle;${ENTER}`, '(1 row')
    await io.type(`INSERT INTO Vehicle VALUE {'vin_number': 1, 'owner': 'x'};${ENTER}`, '(1 row')
    const from = io.output.length
    io.input.write(typed + keys)
    // Whatever comes behind the tab waits for it.
    io.input.write('\x05')
    await new Promise((done) => setTimeout(done, 300))
    io.input.write(`${CTRL_C}`)
    await io.shows('^C', from)
    const screen = io.output.slice(from).split('\n')[0]!
    expect(screenLine(screen).replace('memory> ', '').startsWith(expected)).toBe(true)
    await leave()
  })

  /** What a terminal shows of a line after these bytes: only what readline uses. */
  function screenLine(bytes: string): string {
    let cells: string[] = []
    let at = 0
    for (const [part] of bytes.matchAll(new RegExp(`${MOVE}|\\r|[^${ESCAPE}\\r]`, 'g'))) {
      const [, count, letter] = new RegExp(MOVE).exec(part) ?? []
      if (letter === 'G') at = Number(count || 1) - 1
      else if (letter === 'D') at -= Number(count || 1)
      else if (letter === 'C') at += Number(count || 1)
      else if (letter === 'J' || letter === 'K') cells = cells.slice(0, at)
      else if (part === '\r') at = 0
      else if (letter === undefined) cells[at++] = part
    }
    return cells.join('')
  }
})

describe('history', () => {
  const withHistory = (file: string) => (io: TestIo) => {
    io.environment['TALLY_HISTORY'] = file
  }

  test('keeps whole statements over sessions, readable for their owner only', async () => {
    const file = join(folder, 'deep', 'er', 'history')
    const first = await open([':memory:'], withHistory(file))
    await first.io.type(`SELECT 1 AS a,${ENTER}`, 'memory-> ')
    await first.io.type(`2 AS b;${ENTER}`, '(1 row')
    await first.leave()
    expect(readFileSync(file, 'utf8')).toBe('SELECT 1 AS a, 2 AS b\n\\q\n')
    expect(statSync(file).mode & 0o077).toBe(0)

    const second = await open([':memory:'], withHistory(file))
    await second.io.type(UP + UP, 'SELECT 1 AS a, 2 AS b')
    expect(await second.io.type(ENTER, '(1 row')).toContain(' a | b')
    await second.leave()
  })

  test('Ctrl-R finds by a part, older ones with Ctrl-R again; Enter runs, Escape leaves the line as it was', async () => {
    const file = join(folder, 'search')
    writeFileSync(file, "SELECT 'old' AS x\nSELECT 'new' AS x\nSELECT 3 AS y\n")
    const { io, leave } = await open([':memory:'], withHistory(file))
    await io.type(`${CTRL_R}as X`, "(search) as X: SELECT 'new' AS x")
    await io.type(CTRL_R, "(search) as X: SELECT 'old' AS x")
    expect(await io.type(ENTER, '(1 row')).toContain('\n old\n')
    await io.type('SELECT 5', 'SELECT 5')
    await io.type(`${CTRL_R}zzz`, 'not found')
    await io.type('\x07', 'memory> SELECT 5')
    expect(await io.type(ENTER, '(1 row')).toContain(' 5\n')
    await leave()
  })

  test('stands where the environment says', () => {
    mkdirSync(join(folder, 'home', '.local', 'state'), { recursive: true })
    expect(historyFile({ TALLY_HISTORY: '' })).toBeUndefined()
    expect(historyFile({ TALLY_HISTORY: '/x', XDG_STATE_HOME: '/y' })).toBe('/x')
    expect(historyFile({ XDG_STATE_HOME: '/y', HOME: '/z' })).toBe(join('/y', 'tally', 'history'))
    expect(historyFile({ HOME: join(folder, 'home') })).toBe(
      join(folder, 'home', '.local', 'state', 'tally', 'history'),
    )
    expect(historyFile({ HOME: join(folder, 'bare') })).toBe(join(folder, 'bare', '.tally_history'))
    expect(historyFile({})).toBeUndefined()
  })

  test('a file that cannot be written stops nobody', () => {
    const history = new InputHistory(folder)
    history.add('SELECT 1')
    expect(history.entries).toEqual(['SELECT 1'])
    expect(existsSync(folder)).toBe(true)
  })

  test('is cut to a thousand entries when it has twice as many', () => {
    const file = join(folder, 'long')
    writeFileSync(file, Array.from({ length: 2500 }, (_, index) => `SELECT ${index}\n`).join(''))
    const history = new InputHistory(file)
    expect([history.entries.length, history.entries[0]]).toEqual([1000, 'SELECT 2499'])
    expect(readFileSync(file, 'utf8').split('\n').length).toBe(1001)
  })

  test.each([
    ['SELECT 1', 'SELECT 1'],
    ['SELECT\n\n  a  -- the a\nFROM t', 'SELECT a /* the a */ FROM t'],
    ["SELECT 'a\nb'", undefined],
    ['SELECT /* a\nb */ 1', undefined],
  ])('%j on one line is %j', (text, expected) => {
    expect(onOneLine(text)).toBe(expected)
  })
})

describe('output', () => {
  test('expands a table that is wider than the terminal, or all of them with \\x', async () => {
    const { io, leave } = await open()
    const wide = `SELECT '${'a'.repeat(50)}' AS a, '${'b'.repeat(50)}' AS b${ENTER}`
    expect(await io.type(wide, '(1 row')).toContain(`-[ row 1 ]------------------------\na | ${'a'.repeat(50)}\nb | `)
    await io.type(`\\x${ENTER}`, 'Expanded display is on.')
    expect(await io.type(`SELECT 1 AS a${ENTER}`, '(1 row')).toContain('-[ row 1 ]')
    await io.type(`\\x auto${ENTER}`, 'where a table is too wide')
    expect(await io.type(`SELECT 1 AS a${ENTER}`, '(1 row')).not.toContain('-[ row 1 ]')
    await leave()
  })

  test('\\timing shows or hides the time', async () => {
    const { io, leave } = await open()
    await io.type(`\\timing${ENTER}`, 'Timing is off.')
    await io.type(`SELECT 1${ENTER}`, '(1 row)')
    await io.type(`.timer on${ENTER}`, 'Timing is on.')
    await io.type(`SELECT 1${ENTER}`, '(1 row, ')
    await leave()
  })

  test('\\explain shows the plan, \\? the commands', async () => {
    const { io, leave } = await open()
    await io.type(`CREATE TABLE t; CREATE INDEX ON t (a);${ENTER}`, '(1 row')
    expect(await io.type(`\\explain SELECT * FROM t WHERE a = 1${ENTER}`, 'rows')).toContain('index on a = 1')
    const help = await io.type(`.help${ENTER}`, 'go on with the statement')
    for (const word of ['\\d [TABLE]', '\\log ID', '\\verify', 'begin', '\\e', '\\i FILE', 'Ctrl-R'])
      expect(help).toContain(word)
    await leave()
  })

  test('\\e runs what the editor leaves, and nothing when nothing was changed', async () => {
    const { io, leave } = await open()
    await io.type(`SELECT 1 AS a${ENTER}`, '(1 row')
    await io.type(`\\e${ENTER}`, 'Nothing was changed')
    io.editor = (text) => text.replace('1 AS a', '1 AS edited;\nSELECT 2 AS b')
    const shown = await io.type(`\\e${ENTER}`, ' b\n')
    expect(shown).toContain(' edited\n')
    io.editor = () => {
      throw new Error('The editor (vi) ended with 1. Set EDITOR to the one you use.')
    }
    await io.type(`\\e${ENTER}`, 'Set EDITOR to the one you use.')
    await leave()
  })
})
