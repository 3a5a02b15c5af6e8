/** Goal: every command as a shell sees it: exit codes, what goes to which stream, the shapes of --json. */
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { openLedger } from '../../src/index.ts'
import { run, temporaryFolder } from './run.ts'
import { TestIo } from './test-io.ts'

const folder = temporaryFolder()
const cars = join(folder, 'cars')
const digestFile = join(folder, 'march.digest')
const proofFile = join(folder, 'proof.json')
let documentId = ''

beforeAll(async () => {
  await using ledger = await openLedger(cars)
  await ledger.execute('CREATE TABLE Vehicle')
  const [row] = await ledger.execute<{ documentId: string }>('INSERT INTO Vehicle ?', { vin: 'V1', owner: 'Maria' })
  documentId = row!.documentId
  await ledger.execute("UPDATE Vehicle SET owner = 'Peter' WHERE vin = 'V1'")
  await ledger.close()
  await run(['digest', cars, '-o', digestFile])
  await run(['prove', cars, '--document', documentId, '-o', proofFile])
})

describe('tally', () => {
  test('without a command shows the help and exit 2; --help and --version are exit 0', async () => {
    const { code, output } = await run([])
    expect(code).toBe(2)
    for (const name of ['repl', 'exec', 'digest', 'prove', 'verify', 'audit', 'bench', 'demo']) {
      expect(output).toContain(`\n  ${name} `)
    }
    expect(output).not.toContain('audit-views')
    expect((await run(['--help'])).code).toBe(0)
    expect(await run(['--version'])).toMatchObject({ code: 0, output: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
  })

  test.each([['repl'], ['exec'], ['digest'], ['prove'], ['verify'], ['audit'], ['bench'], ['demo']])(
    '%s --help has an example',
    async (name) => {
      const { code, output } = await run([name, '--help'])
      expect(code).toBe(0)
      expect(output).toMatch(new RegExp(`Examples?:\\n  tally ${name}`))
    },
  )

  test.each([
    [['exce', 'x', 'y'], 'Did you mean exec?'],
    [['constructor'], 'unknown command'],
    [['exec', ':memory:'], 'missing required argument'],
    [['exec', ':memory:', 'SELECT 1', 'more'], 'too many arguments'],
    [['exec', ':memory:', 'SELECT 1', '--nope'], "unknown option '--nope'"],
    [['verify', 'proof.json'], "required option '--digest <digest>'"],
    [['repl', 'a', 'b'], 'too many arguments'],
  ])('%j is bad usage, exit 2', async (args, message) => {
    const { code, errors } = await run(args)
    expect(errors).toContain(message)
    expect(code).toBe(2)
  })
})

describe('tally exec', () => {
  test('prints rows as JSON lines in a pipe, as a table on a terminal, as asked for otherwise', async () => {
    const statement = 'SELECT vin, owner FROM Vehicle'
    expect(await run(['exec', cars, statement])).toEqual({
      code: 0,
      output: '{"vin":"V1","owner":"Peter"}\n',
      errors: '',
    })
    expect((await run(['exec', cars, statement, '--ion'])).output).toBe('{vin:"V1",owner:"Peter"}\n')
    expect((await run(['exec', cars, statement, '--csv'])).output).toBe('vin,owner\r\nV1,Peter\r\n')
    expect((await run(['exec', cars, statement], '', new TestIo('screen'))).output).toBe(
      ' vin | owner\n-----+-------\n V1  | Peter\n',
    )
  })

  test('of a long line the neighbourhood of the fault is shown', async () => {
    const { errors } = await run([
      'exec',
      ':memory:',
      `SELECT ${'1 + '.repeat(30)}LENGTH('a') AS n, ${'2 + '.repeat(30)}2`,
    ])
    const [shown, carets] = errors.split('\n').slice(2)
    expect(shown).toMatch(/^ {2}….*….?$/)
    expect(shown!.slice(carets!.indexOf('^'))).toMatch(/^LENGTH\('a'\)/)
    expect(carets).toMatch(/^ +\^{11}$/)
  })

  test('a field that only a later row has stands where that row has it', async () => {
    const rows = "<<{'a': 1, 'c': 3}, {'a': 1, 'b': 2, 'c': 3}, {'z': 9, 'a': 1}>>"
    expect((await run(['exec', ':memory:', `SELECT * FROM ${rows}`, '--csv'])).output).toMatch(/^a,b,c,z\r\n/)
  })

  test('times and intervals are shown as texts, in Ion as structs', async () => {
    const statement = "SELECT TIME '10:00:00' AS moment, [INTERVAL '1-2' YEAR TO MONTH] AS spans"
    expect((await run(['exec', ':memory:', statement])).output).toBe('{"moment":"10:00:00","spans":["1-2"]}\n')
    expect((await run(['exec', ':memory:', statement, '--csv'])).output).toContain('10:00:00,')
    expect((await run(['exec', ':memory:', statement, '--ion'])).output).toContain('{moment:$time::{hour:10,')
    const table = (await run(['exec', ':memory:', statement], '', new TestIo('screen'))).output
    expect(table).toContain(' 10:00:00 | ["1-2"]')
  })

  test('takes parameters in order, as Ion or JSON, and the statement from standard input', async () => {
    const args = ['exec', ':memory:', '-', '-p', '"a"', '--param', '{b: 1.50}', '-p', '2026-01-01T', '--ion']
    expect((await run(args, 'SELECT ? AS x, ? AS y, ? AS z')).output).toBe('{x:"a",y:{b:1.50},z:2026-01-01}\n')
  })

  test.each([
    [['SELECT'], 2, 'Expected'],
    [['SELECT * FROM Nope'], 2, 'Table "Nope" does not exist'],
    [['SELECT ?'], 2, '1 parameter'],
    [['SELECT 1', '-p', '1'], 2, '0 parameters'],
    [['SELECT ?', '-p', 'Maria'], 2, 'is a bare word'],
    [['SELECT ?', '-p', '{"a'], 2, 'is not Ion or JSON'],
    [["INSERT INTO Vehicle VALUE {'a': 1}", '--read-only'], 3, 'read only'],
    [['INSERT INTO Vehicle VALUE 5'], 2, ''],
  ])('%j ends with %d', async (args, code, message) => {
    const outcome = await run(['exec', cars, ...args])
    expect(outcome.errors).toContain(message)
    expect(outcome.output).toBe('')
    expect(outcome.code).toBe(code)
  })

  test('says when it made the ledger, so that a mistyped folder is seen', async () => {
    const made = join(folder, 'made-by-exec')
    expect((await run(['exec', made, 'SELECT 1 AS a'])).errors).toBe(`tally: new ledger "made-by-exec" in ${made}\n`)
    expect((await run(['exec', made, 'SELECT 1 AS a'])).errors).toBe('')
  })

  test('a mistake is shown under its place', async () => {
    const { errors } = await run(['exec', cars, 'SELECT *\nFROM Nope AS n'])
    expect(errors).toContain('\n  FROM Nope AS n\n       ^^^^')
  })

  test.each([
    ['http://ledger.example/cars', 2, 'is an address'],
    ['', 2, "'target' expected"],
  ])('a target %j ends with %d', async (target, code, message) => {
    const outcome = await run(['exec', target, 'SELECT 1'])
    expect(outcome.errors).toContain(message)
    expect(outcome.code).toBe(code)
  })

  test('a folder that is no ledger, and a ledger that is being written to, end with 3', async () => {
    const other = join(folder, 'other')
    mkdirSync(other)
    writeFileSync(join(other, 'notes.txt'), 'mine')
    const refused = await run(['exec', other, 'SELECT 1'])
    expect(refused.errors).toContain('is not a ledger')
    expect(refused.code).toBe(3)
    expect(readdirSync(other)).toEqual(['notes.txt'])

    await using ledger = await openLedger(join(folder, 'busy'))
    await ledger.execute('CREATE TABLE t')
    const locked = await run(['exec', join(folder, 'busy'), 'SELECT 1'])
    expect(locked.errors).toContain('open')
    expect(locked.code).toBe(3)
    expect((await run(['exec', join(folder, 'busy'), 'SELECT 1 AS a', '--read-only'])).output).toBe('{"a":1}\n')
  })
})

describe('tally digest', () => {
  test('prints the digest file in a pipe, words on a terminal, and keeps it where it is told', async () => {
    const { code, output } = await run(['digest', cars])
    expect(code).toBe(0)
    expect(JSON.parse(output)).toMatchObject({ ledger: 'cars', digest: expect.stringMatching(/^[\w+/]{43}=$/) })
    expect(JSON.parse(readFileSync(digestFile, 'utf8')).digest).toBe(JSON.parse(output).digest)
    expect((await run(['digest', cars], '', new TestIo('screen'))).output).toContain('up to block 3:')
  })

  test('without a ledger ends with 2 and makes none; with a file that cannot be written with 3', async () => {
    const none = join(folder, 'none')
    expect((await run(['digest', none])).code).toBe(2)
    expect(existsSync(none)).toBe(false)
    const { code, errors } = await run(['digest', cars, '-o', join(folder, 'no', 'such', 'folder')])
    expect(errors).toContain('Cannot write')
    expect(code).toBe(3)
  })
})

describe('tally prove and tally verify', () => {
  test('a proof of a version, and of a block, verifies with no ledger at hand', async () => {
    const { code, output } = await run(['verify', proofFile, '--digest', digestFile])
    expect(output).toContain(
      `Verified on this computer\nVersion 1 of Vehicle ${documentId} is in ledger "cars", block 3`,
    )
    expect(code).toBe(0)

    const block = (await run(['prove', cars, '--block', '2', '--digest', digestFile])).output
    const blockFile = join(folder, 'block.json')
    writeFileSync(blockFile, block)
    const digest = JSON.parse(readFileSync(digestFile, 'utf8')).digest
    expect((await run(['verify', blockFile, '--digest', digest])).code).toBe(0)
  })

  test('--version chooses the version of the document, not of the program', async () => {
    const { output } = await run(['prove', cars, '--document', documentId, '--version', '0'])
    const first = join(folder, 'first.json')
    writeFileSync(first, output)
    expect((await run(['verify', first, '--digest', digestFile])).output).toContain('Version 0 of Vehicle')
  })

  test('--json gives the verdict with keys', async () => {
    const { code, output } = await run(['verify', proofFile, '--digest', digestFile, '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(output)).toMatchObject({
      verdict: 'verified',
      claims: ['included'],
      checkedBy: { where: 'computer' },
      against: { kind: 'digest', size: 4 },
      firstContact: false,
    })
  })

  test('a changed proof ends with 1, and leaves its evidence in a file', async () => {
    const forged = join(folder, 'forged.json')
    writeFileSync(forged, readFileSync(proofFile, 'utf8').replace('Peter', 'Ines5'))
    const { code, output } = await run(['verify', forged, '--digest', digestFile])
    expect(output).toMatch(/^Does not match\n/)
    expect(code).toBe(1)
    expect(JSON.parse(readFileSync(`${forged}.evidence`, 'utf8')).verdict).toBe('mismatch')
    const json = await run(['verify', forged, '--digest', digestFile, '--json'])
    expect(JSON.parse(json.output)).toMatchObject({ verdict: 'mismatch', evidence: expect.anything() })
    expect(json.code).toBe(1)
  })

  test('a digest of another length ends with 3: nothing is decided', async () => {
    const copy = join(folder, 'longer')
    cpSync(cars, copy, { recursive: true })
    await run(['exec', copy, "INSERT INTO Vehicle VALUE {'vin': 'V2'}"])
    const later = join(folder, 'later.digest')
    await run(['digest', copy, '-o', later])
    const { code, output } = await run(['verify', proofFile, '--digest', later])
    expect(output).toMatch(/^Could not check\n/)
    expect(code).toBe(3)
    const again = join(folder, 'again.json')
    await run(['prove', copy, '--document', documentId, '--digest', digestFile, '-o', again])
    expect((await run(['verify', again, '--digest', digestFile])).code).toBe(0)
  })

  test.each([
    [['prove', cars], 'either --document ID or --block N'],
    [['prove', cars, '--document', 'a', '--block', '1'], 'either --document ID or --block N'],
    [['prove', cars, '--block', '-1'], 'Expected a whole number'],
    [['prove', cars, '--block', '99'], 'Block 99 does not exist'],
    [['prove', cars, '--document', '0000000000000000000000'], 'no document'],
    [['prove', cars, '--block', '1', '--version', '2'], 'A block has no version'],
    [['prove', cars, '--block', '1', '--digest', 'nothing.digest'], 'Cannot read "nothing.digest"'],
    [['verify', 'nothing.json', '--digest', 'x'], 'This is not a digest'],
    [['verify', 'nothing.json', '--digest', `${'A'.repeat(43)}=`], 'Cannot read "nothing.json"'],
    [['verify', digestFile, '--digest', digestFile], ''],
    [['verify', proofFile, '--digest', proofFile], ''],
  ])('%j is bad input, exit 2', async (args, message) => {
    const { code, output, errors } = await run(args)
    expect(errors).toContain(message)
    expect(output).toBe('')
    expect(code).toBe(2)
  })
})

describe('tally audit', () => {
  test('another strand id in ledger.json leaves no readable block, and is said so', async () => {
    const copy = join(folder, 'renamed')
    cpSync(cars, copy, { recursive: true })
    const path = join(copy, 'ledger.json')
    const identity = readFileSync(path, 'utf8')
    writeFileSync(path, identity.replace(JSON.parse(identity).strandId, '08gq07OiOYaAXFp255JXsU'))
    const here = process.cwd()
    process.chdir(folder)
    try {
      const { code, output } = await run(['audit', copy, '--no-views'])
      const claim = '1 fault, and no block of the journal can be read. The first: segment header strandId, '
      expect(output).toMatch(new RegExp(`^Does not match\n${claim}`))
      expect(output).not.toContain('never acknowledged')
      expect(code).toBe(1)
    } finally {
      process.chdir(here)
    }
  })

  test('a sound ledger ends with 0, with and without a digest', async () => {
    const { code, output } = await run(['audit', cars, '--digest', digestFile])
    expect(output).toContain('Verified on this computer\nBlocks 0–3 were recomputed from their bytes')
    expect(code).toBe(0)
    const json = await run(['audit', cars, '--json', '--no-views'])
    expect(JSON.parse(json.output)).toMatchObject({ verdict: 'verified', claims: ['whole'] })
    expect(json.code).toBe(0)
  })

  test('a flipped byte ends with 1 and names the block', async () => {
    const copy = join(folder, 'flipped')
    cpSync(cars, copy, { recursive: true })
    const segment = join(copy, 'journal', readdirSync(join(copy, 'journal')).sort()[0]!)
    const bytes = readFileSync(segment)
    bytes[bytes.lastIndexOf('Peter')]! ^= 1
    writeFileSync(segment, bytes)
    const here = process.cwd()
    process.chdir(folder)
    try {
      const { code, output } = await run(['audit', copy])
      expect(output).toMatch(/^Does not match\n.*block 3/)
      expect(output).toContain('flipped.evidence')
      expect(code).toBe(1)
      expect(JSON.parse((await run(['audit', copy, '--json'])).output).verdict).toBe('mismatch')
    } finally {
      process.chdir(here)
    }
  })

  test('what is no ledger ends with 2 or 3, never with 1', async () => {
    expect((await run(['audit', join(folder, 'none')])).code).toBe(2)
    expect((await run(['audit', 'https://ledger.example/cars'])).code).toBe(2)
    expect((await run(['audit', cars, '--digest', 'nonsense'])).code).toBe(2)
    expect(existsSync(join(folder, 'none'))).toBe(false)
  })
})

describe('tally demo', () => {
  test('refuses a folder that is in use', async () => {
    const { code, errors } = await run(['demo', cars])
    expect(errors).toContain('is a ledger already')
    expect(code).toBe(2)
  })
})

test('tally bench names the workloads when asked for one that it does not know', async () => {
  const { code, errors } = await run(['bench', 'nothing'])
  expect(errors).toContain('nothing')
  expect(code).toBe(2)
})

test.skipIf(process.getuid?.() === 0)('a folder without the right to read it ends with 3', async () => {
  const closed = join(folder, 'closed')
  cpSync(cars, closed, { recursive: true })
  chmodSync(join(closed, 'journal'), 0)
  expect((await run(['audit', closed])).code).toBe(3)
  chmodSync(join(closed, 'journal'), 0o700)
})
