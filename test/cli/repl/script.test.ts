/** Goal: `tally repl` in a pipe: what is printed where, and with which exit code it ends. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run, temporaryFolder } from '../run.ts'
import { TestIo } from '../test-io.ts'

const folder = temporaryFolder()

describe('a script', () => {
  test('gives JSON lines and nothing else on standard output, without a prompt', async () => {
    const { code, output, errors } = await run(
      ['repl'],
      "CREATE TABLE t;\nINSERT INTO t << {'a': 1}, {'a': 2} >>\nSELECT a FROM t ORDER BY a; SELECT VALUE 'x'\n",
    )
    expect(code).toBe(0)
    const lines = output.trimEnd().split('\n')
    expect(lines.slice(-3)).toEqual(['{"a":1}', '{"a":2}', '"x"'])
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow()
    expect(errors).toBe('tally: no target given, so this is a ledger in memory: it ends with this program\n')
  })

  test.each([
    ['--ion', '{a:1.50}\n'],
    ['--json', '{"a":1.50}\n'],
    ['--csv', 'a\r\n1.50\r\n'],
  ])('%s chooses the form', async (option, expected) => {
    expect((await run(['repl', ':memory:', option], 'SELECT 1.50 AS a')).output).toBe(expected)
  })

  test('shows tables where a person reads them', async () => {
    const { output } = await run(['repl', ':memory:'], 'SELECT 1 AS a', new TestIo('screen'))
    expect(output).toBe(' a\n---\n 1\n(1 row, 0.0 ms)\n')
  })

  test('stops at the first mistake with exit 2, and names line and place', async () => {
    const { code, output, errors } = await run(
      ['repl', ':memory:'],
      'SELECT 1 AS a;\n\n-- next\nSELECT *\nFORM t;\nSELECT 2 AS b;\n',
    )
    expect(code).toBe(2)
    expect(output).toBe('{"a":1}\n')
    expect(errors).toContain('standard input, line 5: Found FORM. Did you mean FROM?')
    expect(errors).toContain('  FORM t\n  ^^^^')
  })

  test.each([
    ['SELECT * FROM Nope', 'Table "Nope" does not exist'],
    ['SELECT (', 'line 1'],
    ['SELECT ?', 'The statement has 1 parameter'],
    ['\\nope', 'There is no command \\nope'],
    ['\\d Nope', 'There is no table "Nope"'],
    ['\\d a b', 'Use it like this: \\d [TABLE]'],
    ['\\log', 'Use it like this: \\log ID'],
    ['\\log 0000000000000000000000', 'no document'],
    ['\\diff 0000000000000000000000 x', 'A version is a whole number'],
    ['\\format yaml', 'There is no format "yaml"'],
    ['\\timing maybe', 'Expected on or off'],
    ['\\explain', 'Use it like this: \\explain STATEMENT'],
    ['\\i nothing.sql', 'Cannot read "nothing.sql"'],
    ['\\i .', 'Cannot read "."'],
    ['\\e', '\\e needs a terminal'],
    ['commit', 'No transaction is open'],
    ['abort', 'No transaction is open'],
    ['begin\nbegin', 'line 2: A transaction is open already'],
  ])('refuses %j', async (input, message) => {
    const { code, errors } = await run(['repl', ':memory:'], input)
    expect(errors).toContain(message)
    expect(code).toBe(2)
  })

  test('refuses input that is not UTF-8 instead of replacing it', async () => {
    const { code, errors } = await run(['repl', ':memory:'], Uint8Array.of(0x53, 0xff, 0x0a))
    expect(errors).toContain('not UTF-8')
    expect(code).toBe(2)
  })

  test('does transactions; the words about them stay out of the rows', async () => {
    const { code, output, errors } = await run(
      ['repl', ':memory:', '--csv'],
      "CREATE TABLE t; begin; INSERT INTO t VALUE {'a': 1}; abort;\nSTART TRANSACTION\nINSERT INTO t VALUE {'a': 2}\ncommit\nSELECT a FROM t",
    )
    expect(output).toMatch(/\r\na\r\n2\r\n$/)
    expect(output).not.toContain('Committed')
    expect(errors).toContain('Aborted. Nothing was written.\nCommitted as block 2, transaction ')
    expect(code).toBe(0)
  })

  test('an input that ends in an open transaction is a mistake, and nothing is written', async () => {
    const target = join(folder, 'open')
    const { code, errors } = await run(['repl', target], "CREATE TABLE t; begin; INSERT INTO t VALUE {'a': 1};")
    expect(code).toBe(2)
    expect(errors).toContain('ended in an open transaction')
    expect((await run(['repl', target], 'SELECT COUNT(*) AS n FROM t')).output).toBe('{"n":0}\n')
  })

  test('a read-only session refuses to write, with exit 3, beside one that writes', async () => {
    const target = join(folder, 'beside')
    await run(['repl', target], 'CREATE TABLE t')
    const { code, errors } = await run(['repl', target, '--read-only'], "INSERT INTO t VALUE {'a': 1}")
    expect(errors).toContain('read only')
    expect(code).toBe(3)
    expect((await run(['repl', target, '--read-only'], 'SELECT COUNT(*) AS n FROM t')).output).toBe('{"n":0}\n')
    expect((await run(['repl', '--read-only'], '')).code).toBe(2)
    expect((await run(['repl', join(folder, 'none'), '--read-only'], '')).code).toBe(2)
  })

  test('leaves at \\q, whatever follows', async () => {
    expect(await run(['repl', ':memory:'], 'SELECT 1 AS a; \\q\nSELECT (')).toMatchObject({
      code: 0,
      output: '{"a":1}\n',
    })
  })

  test('runs files, and names the file and line of their mistakes; a file that includes itself ends', async () => {
    const file = join(folder, 'a.sql')
    writeFileSync(file, 'SELECT 1\nAS a\nSELECT 2 AS a; SELECT\n(\n')
    const { code, output, errors } = await run(['repl', ':memory:'], `\\i ${file}`)
    expect(output).toBe('{"a":1}\n{"a":2}\n')
    expect(errors).toContain(`${file}, line 4: `)
    expect(code).toBe(2)
    const loop = join(folder, 'loop.sql')
    writeFileSync(loop, `\\i '${loop}'`)
    expect((await run(['repl', ':memory:'], `\\i '${loop}'`)).errors).toContain('is included by itself')
  })
})

describe('the life of a document', () => {
  const target = join(folder, 'life')

  async function ask(text: string): Promise<string> {
    const { code, output, errors } = await run(['repl', target], text)
    expect(errors).toBe('')
    expect(code).toBe(0)
    return output
  }

  test('is shown by \\log, \\diff, \\blame and \\verify', async () => {
    const made = await ask(
      "CREATE TABLE Car; INSERT INTO Car VALUE {'vin': 'V1', 'owner': {'name': 'Maria', 'city': 'Lisbon'}, 'tags': ['a']}",
    )
    const id = /"documentId":"(\w{22})"/.exec(made)![1]!
    await ask("UPDATE Car AS c SET c.owner.name = 'Peter' WHERE c.vin = 'V1'")
    await ask("UPDATE Car AS c SET c.price = 9.50, c.tags = ['a', 'b'] WHERE c.vin = 'V1'")

    const log = await ask(`\\log ${id}`)
    expect(log.match(/^version \d+ {3}block \d+/gm)).toEqual([
      'version 2   block 4',
      'version 1   block 3',
      'version 0   block 2',
    ])
    expect(log).toContain("UPDATE Car AS c SET c.owner.name = 'Peter' WHERE c.vin = 'V1'")
    expect(log).toContain('~ owner.name: "Maria" → "Peter"')
    expect(log).toContain('+ price: 9.50')
    expect(log).toContain('inserted: {vin:"V1"')

    expect(await ask(`\\diff ${id}`)).toBe('version 1 → version 2\n  + tags[1]: "b"\n  + price: 9.50\n')
    expect(await ask(`\\diff ${id} 0 1`)).toBe('version 0 → version 1\n  ~ owner.name: "Maria" → "Peter"\n')
    expect(await ask(`\\diff ${id} 2 0`)).toContain('- price: 9.50')
    expect(await ask(`\\diff ${id} 1 1`)).toContain('no field differs')

    const blame = (await ask(`\\blame ${id}`))
      .split('\n')
      .slice(2, -1)
      .map((line) => line.split('|').map((cell) => cell.trim()))
    expect(blame.map(([field, value, version, block]) => [field, value, version, block])).toEqual([
      ['vin', '"V1"', '0', '2'],
      ['owner.name', '"Peter"', '1', '3'],
      ['owner.city', '"Lisbon"', '0', '2'],
      ['tags[0]', '"a"', '0', '2'],
      ['tags[1]', '"b"', '2', '4'],
      ['price', '9.50', '2', '4'],
    ])

    const verdict = await ask(`\\verify ${id} 1`)
    expect(verdict).toContain('Verified on this computer\nVersion 1 of Car ')
    expect(verdict).toContain('against       the digest of this moment, block 4')

    const digest = join(folder, 'kept.digest')
    expect(await ask(`\\digest ${digest}`)).toContain(`Saved in ${digest}`)
    await ask("DELETE FROM Car WHERE vin = 'V1'")
    expect(await ask(`\\verify ${id} 2 ${digest}`)).toContain(`against       ${digest}`)
    expect(await ask(`\\log ${id}`)).toContain('version 3   block 5')
    expect(await ask(`\\blame ${id}`)).toContain('Version 3 says deleted; these are the fields of version 2:')
    expect(await ask(`\\diff ${id}`)).toContain('version 3 is the deletion')
  })

  test('a digest that does not match ends a script with 1, without a stop', async () => {
    const made = await ask("INSERT INTO Car VALUE {'vin': 'V3'}")
    const id = /"documentId":"(\w{22})"/.exec(made)![1]!
    const kept = join(folder, 'kept-later.digest')
    await ask(`\\digest ${kept}`)
    const file = JSON.parse(readFileSync(kept, 'utf8'))
    writeFileSync(kept, JSON.stringify({ ...file, digest: `${'A'.repeat(43)}=` }))
    const { code, output } = await run(['repl', target], `\\verify ${id} 0 ${kept}\n\\verify ${id}\nSELECT 1 AS a`)
    expect(output).toMatch(/^Does not match\n/)
    expect(output).toContain('Verified on this computer')
    expect(output).toMatch(/\{"a":1\}\n$/)
    expect(code).toBe(1)
  })

  test('a digest of another ledger gives no false word', async () => {
    const other = join(folder, 'other.digest')
    await run(['repl', ':memory:'], `\\digest ${other}`)
    const made = await ask("INSERT INTO Car VALUE {'vin': 'V2'}")
    const id = /"documentId":"(\w{22})"/.exec(made)![1]!
    const { output, errors } = await run(['repl', target], `\\verify ${id} 0 ${other}`)
    expect(output).not.toContain('Verified')
    expect(errors).toContain('is not of this ledger')
  })

  test('looking leaves no trace in the journal, in an open transaction neither', async () => {
    const before = await ask('\\digest')
    const { errors } = await run(['repl', target], 'begin\n\\d\n\\d Car\ncommit')
    expect(errors).toBe('Committed. Nothing was written, so there is no block.\n')
    expect(await ask('\\digest')).toBe(before)
  })
})

describe('\\d', () => {
  test('lists tables, and describes one with its indexes, count and fields', async () => {
    const target = join(folder, 'tables')
    await run(
      ['repl', target],
      `CREATE TABLE b_t; CREATE TABLE a; CREATE INDEX ON a (x); INSERT INTO a << {'x': 1, 'y': 'z'}, {'x': 2.5} >>`,
    )
    const list = (await run(['repl', target], '\\dt')).output
    expect(list).toMatch(/ a +\| x +\| active +\| \w{22}\n b_t +\| +\| active/)
    const one = (await run(['repl', target], '\\d A')).output
    expect(one).toMatch(/^Table a {3}2 documents {3}id \w{22}\n/)
    expect(one).toMatch(/ x +\| \w{22} \| online/)
    expect(one).toMatch(/ x +\| int, decimal \| +2\n y +\| string +\| +1\n/)
    expect((await run(['repl', target], '.schema "b_t"')).output).toContain('0 documents')
    expect((await run(['repl', ':memory:'], '.tables')).output).toContain('There are no tables yet')
  })
})
