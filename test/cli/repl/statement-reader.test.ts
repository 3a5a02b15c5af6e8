import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Entry, StatementReader } from '../../../src/cli/repl/statement-reader.ts'

/** Everything that a script of these lines holds. */
function read(...lines: string[]): Entry[] {
  const reader = new StatementReader()
  return [...lines.flatMap((line) => reader.add(line)), ...reader.end()]
}

const texts = (entries: readonly Entry[]): string[] => entries.map(({ text }) => text)

describe('a script', () => {
  test('is cut at semicolons, several on a line too, not inside strings, names, Ion and comments', () => {
    expect(
      texts(read('SELECT \';\' AS a; SELECT ";" FROM t; SELECT `{a:";"}` AS b /* ; */; -- ;', 'SELECT 2')),
    ).toEqual(["SELECT ';' AS a", 'SELECT ";" FROM t', 'SELECT `{a:";"}` AS b /* ; */', '-- ;\nSELECT 2'])
  })

  test('needs no semicolon where the next line cannot go on with the statement', () => {
    expect(texts(read('SELECT a', 'FROM t', 'WHERE b = 1', 'SELECT 2', 'DELETE FROM t', '\\d'))).toEqual([
      'SELECT a\nFROM t\nWHERE b = 1',
      'SELECT 2',
      'DELETE FROM t',
      '\\d',
    ])
  })

  test('goes on behind blank lines', () => {
    expect(texts(read('SELECT *', '', 'FROM t', '', 'LIMIT 1'))).toEqual(['SELECT *\n\nFROM t\n\nLIMIT 1'])
  })

  test('says on which line each statement begins', () => {
    const entries = read('', '-- note', 'SELECT 1;  SELECT', '2;', '', '\\d', 'begin', "SELECT 'a", "b';", 'SELECT 3')
    expect(entries.map(({ line, text }) => [line, text])).toEqual([
      [2, '-- note\nSELECT 1'],
      [3, 'SELECT\n2'],
      [6, '\\d'],
      [7, 'begin'],
      [8, "SELECT 'a\nb'"],
      [10, 'SELECT 3'],
    ])
  })

  test('knows the words of the shell when they stand alone, and nowhere else', () => {
    const kinds = read(
      'BEGIN;',
      'start  transaction',
      'Commit',
      'abort ;',
      'SELECT 1; commit; quit',
      'help',
      'begin_at',
    )
    expect(kinds.map(({ kind }) => kind)).toEqual([
      ...['command', 'command', 'command', 'command', 'statement', 'command', 'command', 'command', 'statement'],
    ])
  })

  test('takes a command between the lines of a statement, and behind a semicolon', () => {
    expect(texts(read('SELECT', '\\timing', '1;', 'SELECT 2; \\q'))).toEqual([
      '\\timing',
      'SELECT\n1',
      'SELECT 2',
      '\\q',
    ])
  })

  test('keeps a backslash inside an open string', () => {
    expect(texts(read("SELECT '", '\\d', "' AS a"))).toEqual(["SELECT '\n\\d\n' AS a"])
  })

  test('goes on behind a backslash at the end of a line', () => {
    expect(texts(read('SELECT * FROM t \\', 'SELECT'))).toEqual(['SELECT * FROM t \nSELECT'])
  })

  test('has nothing in it when it is blank or a comment', () => {
    expect(read('', ' ; ;', '-- a', '/* b */;')).toEqual([])
  })

  test('hands over what is unfinished at its end', () => {
    expect(texts(read('SELECT * FROM'))).toEqual(['SELECT * FROM'])
  })

  test('takes any lines without a complaint and loses none of their words', () => {
    const line = fc.array(
      fc.constantFrom('SELECT', 'a', '1', "'", '"', '`', ';', '\\', '/*', '*/', '--', '(', 'FROM', '.'),
      {
        maxLength: 6,
      },
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        for (const { text } of read(...lines.map((words) => words.join(' ')))) expect(text.trim()).not.toBe('')
      }),
    )
  })
})

describe('a person', () => {
  const isReady = (...lines: string[]): boolean => {
    const reader = new StatementReader()
    for (const line of lines) reader.add(line)
    return reader.ready().length === 1
  }

  test.each([
    [['SELECT 1'], true],
    [['SELECT * FROM t'], true],
    [['SELECT *'], false],
    [['SELECT vin, owner'], false],
    [['SELECT vin', 'FROM t'], true],
    [['SELECT COUNT(*)'], true],
    [['SELECT 1 AS one'], true],
    [['SELECT * FROM'], false],
    [["SELECT 'a"], false],
    [['SELECT * FORM t'], true],
    [['SELECT ) ('], true],
    [['SELECT * FROM t \\'], false],
    [[''], false],
    [['-- note'], false],
  ])('who typed %j is answered: %j', (lines, expected) => {
    expect(isReady(...lines)).toBe(expected)
  })

  test.each([
    ['SELECT', '-'],
    ["SELECT 'a", "'"],
    ['SELECT "a', '"'],
    ['SELECT `{', '`'],
    ['SELECT /* a', '/'],
  ])('sees behind %s what is open: %s', (line, mark) => {
    const reader = new StatementReader()
    reader.add(line)
    expect(reader.mark).toBe(mark)
  })
})
