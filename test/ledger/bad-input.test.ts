/**
 * Goal: bad input gives a clear, typed error and changes nothing.
 * Method: each mistake against a small ledger; afterwards digest, rows and a deep check are what they were. What the disk
 * does is in failing-disk.test.ts and lost-blocks.test.ts, damaged views in test/tamper/views.test.ts.
 */
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Ledger, LedgerError, openLedger } from '../../src/index.ts'
import { auditJournal } from '../../src/ledger/index.ts'
import { openTestLedger } from './open-test-ledger.ts'

const folder = mkdtempSync(join(tmpdir(), 'tally-bad-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What must not change. */
async function stateOf(ledger: Ledger): Promise<unknown> {
  return [await ledger.digest(), await ledger.sql`SELECT * FROM T`, await ledger.sql`SELECT * FROM history(T) AS h`]
}

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level++) value = { v: value }
  return value
}

const cyclic: Record<string, unknown> = {}
cyclic['self'] = cyclic

type Mistake = readonly [text: string, parameters: readonly unknown[], code: string, message: RegExp]

const NOT_TEXT = String.fromCharCode(0xd800)
const STATEMENTS: readonly Mistake[] = [
  ['', [], 'SYNTAX_ERROR', /statement is empty/],
  ['-- only a comment', [], 'SYNTAX_ERROR', /statement is empty/],
  ['SELECT * FROM T WHERE', [], 'SYNTAX_ERROR', /Expected an expression, found the end.*line 1, column 22/],
  ['SELECT *\nFROM T\nWHER n = 1', [], 'SYNTAX_ERROR', /line 3/],
  ['SELECT * FROM T; SELECT * FROM T', [], 'SYNTAX_ERROR', /Expected the end of the statement, found SELECT/],
  ["SELECT * FROM T WHERE s = 'open", [], 'SYNTAX_ERROR', /not closed. End it with '/],
  ['SELECT * FROM "T', [], 'SYNTAX_ERROR', /quoted name is not closed/],
  ['SELECT * FROM T WHERE n = \u0000', [], 'SYNTAX_ERROR', /column 27/],
  ['SELECT * FROM T WHERE n = `{a:`', [], 'SYNTAX_ERROR', /backticks do not hold one Ion value/],
  ['INSERT INTO T `{a: 2000-13-01}`', [], 'SYNTAX_ERROR', /backticks do not hold one Ion value/],
  ['INSERT INTO T `{a: 1} {a: 2}`', [], 'SYNTAX_ERROR', /backticks do not hold one Ion value/],
  ['SELECT `{{!}}` FROM T', [], 'SYNTAX_ERROR', /backticks do not hold one Ion value/],
  [`SELECT \`${'['.repeat(100_000)}\` FROM T`, [], 'SYNTAX_ERROR', /deeper in one another than 512/],
  [`SELECT ${'('.repeat(5000)}1${')'.repeat(5000)} FROM T`, [], 'STATEMENT_TOO_DEEP', /Split it/],
  [`SELECT ${'1 + '.repeat(20_000)}1 FROM T`, [], 'STATEMENT_TOO_DEEP', /Split it/],
  [`SELECT * FROM T WHERE ${'NOT '.repeat(20_000)}true`, [], 'STATEMENT_TOO_DEEP', /Split it/],
  [`SELECT * FROM T -- ${'x'.repeat(2_000_000)}`, [], 'STATEMENT_TOO_LONG', /Pass large values as parameters/],
  ['DELETE FROM history(T)', [], 'SYNTAX_ERROR', /found \(/],
  ['DROP TABLE information_schema.user_tables', [], 'SYNTAX_ERROR', /Expected the end of the statement/],
  ['CREATE INDEX ON T (a.b)', [], 'UNSUPPORTED_STATEMENT', /exactly one top-level field/],

  ['SELECT * FROM Nowhere', [], 'UNKNOWN_TABLE', /Create it with CREATE TABLE Nowhere, or list tables/],
  ['SELECT * FROM history(Nowhere) AS h', [], 'UNKNOWN_TABLE', /"Nowhere" does not exist/],
  ['SELECT * FROM _ql_committed_Nowhere', [], 'UNKNOWN_TABLE', /does not exist/],
  ['UPDATE Nowhere SET a = 1', [], 'UNKNOWN_TABLE', /"Nowhere" does not exist/],
  ['DROP TABLE Nowhere', [], 'UNKNOWN_TABLE', /"Nowhere" does not exist/],
  ['CREATE INDEX ON Nowhere (a)', [], 'UNKNOWN_TABLE', /"Nowhere" does not exist/],
  ['CREATE INDEX ON T (n)', [], 'INDEX_EXISTS', /already has an index on "n"/],
  ['CREATE TABLE T', [], 'TABLE_EXISTS', /USER.T already exists/],
  ['UNDROP TABLE "nothing"', [], 'TABLE_NOT_FOUND', /List them with SELECT \* FROM information_schema/],
  ['DROP INDEX "nothing" ON T WITH (purge = true)', [], 'INDEX_NOT_FOUND', /no index with the id "nothing"/],
  ['SELECT LENGTH(n) FROM T', [], 'UNKNOWN_FUNCTION', /no function LENGTH. Write CHAR_LENGTH\(text\), or SIZE\(list\)/],
  ['SELECT * FROM histroy(T)', [], 'UNKNOWN_FUNCTION', /Did you mean HISTORY\?/],
  ['SELECT ROW_NUMBER() FROM T', [], 'UNKNOWN_FUNCTION', /write ROW_NUMBER\(…\) OVER \(ORDER BY …\)/],
  ['SELECT nosuch(n) FROM T', [], 'UNKNOWN_FUNCTION', /no function nosuch/i],
  ['SELECT UPPER() FROM T', [], 'WRONG_ARGUMENT_COUNT', /takes 1 argument, got 0/],
  ['BEGIN', [], 'UNKNOWN_NAME', /No variable named "BEGIN".*ledger\.transact\(\)/],

  ['CREATE TABLE "a b"', [], 'BAD_NAME', /use a letter or _, then at most 127/],
  ['CREATE TABLE ""', [], 'BAD_NAME', /use a letter or _/],
  ['CREATE TABLE "ü"', [], 'BAD_NAME', /use a letter or _/],
  ['CREATE TABLE "../../etc"', [], 'BAD_NAME', /use a letter or _/],
  ['CREATE TABLE "T\u0000"', [], 'BAD_NAME', /use a letter or _/],
  [`CREATE TABLE ${'x'.repeat(129)}`, [], 'BAD_NAME', /at most 127/],
  ['CREATE TABLE _ql_committed_T', [], 'BAD_NAME', /the ledger's own views/],

  ['SELECT * FROM T WHERE n = ?', [], 'WRONG_PARAMETER_COUNT', /has 1 parameter \(\?\), but 0 values/],
  ['SELECT * FROM T WHERE n = ?', [1, 2], 'WRONG_PARAMETER_COUNT', /has 1 parameter \(\?\), but 2 values/],
  ['DELETE FROM T', [1], 'WRONG_PARAMETER_COUNT', /has 0 parameters \(\?\), but 1 value/],

  ['INSERT INTO T ?', [5], 'NOT_A_DOCUMENT', /Only structs.*got 5/],
  ['INSERT INTO T ?', ['text'], 'NOT_A_DOCUMENT', /Only structs.*got "text"/],
  ['INSERT INTO T ?', [null], 'NOT_A_DOCUMENT', /Only structs.*got null/],
  ['INSERT INTO T ?', [[{ n: 9 }, 5]], 'NOT_A_DOCUMENT', /Only structs/],
  ['INSERT INTO T `note::{n: 1}`', [], 'NOT_A_DOCUMENT', /Annotations belong inside/],
  ['UPDATE T AS t SET t = 5 WHERE t.n = 1', [], 'NOT_A_DOCUMENT', /must stay a struct/],
  ['INSERT INTO T ?', [{ s: 'x'.repeat(200_000) }], 'DOCUMENT_TOO_LARGE', /over the limit of 100000. Split it/],
  ['UPDATE T SET s = ?', ['x'.repeat(200_000)], 'DOCUMENT_TOO_LARGE', /over the limit of 100000. Split it/],
  ['INSERT INTO T ?', [{ s: NOT_TEXT }], 'BAD_VALUE', /at s has half of a surrogate pair/],
  ['INSERT INTO T ?', [{ [NOT_TEXT]: 1 }], 'BAD_VALUE', /half of a surrogate pair/],
  ['INSERT INTO T ?', [{ a: { f: () => 1 } }], 'BAD_VALUE', /at a.f is a function/],
  ['INSERT INTO T ?', [{ when: new Date(Number.NaN) }], 'BAD_VALUE', /at when is a Date that is invalid/],
  ['INSERT INTO T ?', [new Map([['a', 1]])], 'BAD_VALUE', /instance of Map; give a plain object/],
  ['INSERT INTO T ?', [{ later: Promise.resolve(1) }], 'BAD_VALUE', /instance of Promise/],
  ['INSERT INTO T ?', [cyclic], 'BAD_VALUE', /contains itself/],
  ['INSERT INTO T ?', [nested(600)], 'BAD_VALUE', /deeper than 512/],
  ['INSERT INTO T ?', [nested(200_000)], 'BAD_VALUE', /deeper than 512/],

  ['UPDATE T SET n = 1 / 0 WHERE n = 1', [], 'EVALUATION_ERROR', /divided by zero. Guard the division/],
  ["UPDATE T SET n = CAST('x' AS INT)", [], 'TYPE_ERROR', /Cannot cast "x" to int/],
  ['SELECT * FROM T LIMIT -1', [], 'EVALUATION_ERROR', /whole number that is not negative/],
  ["SELECT * FROM T LIMIT 'x'", [], 'EVALUATION_ERROR', /whole number that is not negative/],
  ['SELECT * FROM T LIMIT 1e400', [], 'EVALUATION_ERROR', /whole number that is not negative/],
  ['SELECT * FROM history(T, `2020T`, 5) AS h', [], 'TYPE_ERROR', /must be a timestamp/],
]

describe('statements and values', () => {
  let ledger: Ledger
  let before: unknown
  beforeAll(async () => {
    ledger = await openTestLedger({ limits: { documentSizeBytes: 100_000 } })
    await ledger.sql`CREATE TABLE T`
    await ledger.sql`CREATE INDEX ON T (n)`
    await ledger.sql`INSERT INTO T ${[{ n: 1 }, { n: 2, s: 'x' }]}`
    before = await stateOf(ledger)
  })
  afterAll(() => ledger.close())

  test.each(STATEMENTS.map((mistake) => [mistake[0].slice(0, 60), ...mistake] as const))(
    '%s',
    async (_, text, parameters, code, message) => {
      const error = await ledger.execute(text, ...parameters).then(
        () => undefined,
        (reason: unknown) => reason,
      )
      expect(error).toBeInstanceOf(LedgerError)
      expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
      // The same inside a transaction, which then commits nothing.
      const tx = await ledger.begin()
      await expect(tx.execute(text, ...parameters)).rejects.toMatchObject({ code })
      await tx.abort()
      expect(await stateOf(ledger)).toEqual(before)
    },
  )

  test('a statement that is no text is a mistake in the program', async () => {
    await expect((async () => ledger.execute(5 as unknown as string))()).rejects.toThrow(TypeError)
    expect(await stateOf(ledger)).toEqual(before)
  })

  test('what looks bad and is not: huge limits, odd field names, deep documents, many fields', async () => {
    await using other = await openTestLedger()
    await other.sql`CREATE TABLE T`
    const odd = {
      '': 1,
      __proto__x: 2,
      constructor: 3,
      '\u0000': 4,
      '😀 "quoted"': 5,
      $ion_1_0: 6,
      [`${'n'.repeat(3000)}`]: 7,
    }
    await other.sql`INSERT INTO T ${odd}`
    await other.sql`INSERT INTO T ${nested(400)}`
    await other.sql`INSERT INTO T ${Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`field${n}`, n]))}`
    expect((await other.execute('SELECT * FROM T LIMIT 99999999999999999999999999'))[0]).toEqual(odd)
    expect(await other.execute('SELECT * FROM T LIMIT ?', 2n ** 80n)).toHaveLength(3)
    expect(await other.execute('SELECT * FROM T OFFSET 99999999999999')).toEqual([])
    expect(await other.execute('SELECT VALUE t."😀 ""quoted""" FROM T AS t WHERE t."" = 1')).toEqual([5])
    expect(await other.check({ deep: true })).toMatchObject({ isSound: true })
  })
})

describe('a journal that is not as it was left', () => {
  const original = join(folder, 'original')
  const foreign = join(folder, 'foreign')
  let before: unknown
  beforeAll(async () => {
    for (const path of [foreign, original]) {
      await using ledger = await openLedger(path, { segmentSizeBytes: 2048 })
      await ledger.sql`CREATE TABLE T`
      for (let n = 0; n < 20; n++) await ledger.sql`INSERT INTO T ${{ n }}`
      before = await stateOf(ledger)
    }
  })

  /** Which segments, oldest first. */
  const segments = (path: string): string[] => readdirSync(join(path, 'journal')).sort()

  const damages: readonly [
    what: string,
    damage: (journal: string, names: readonly string[]) => void,
    message: RegExp,
  ][] = [
    [
      'a missing middle segment',
      (journal, names) => rmSync(join(journal, names[2]!)),
      /segment is missing|bytes, but had|must follow|begins with/,
    ],
    ['a missing first segment', (journal, names) => rmSync(join(journal, names[0]!)), /segment is missing/],
    [
      'the newest segment of another ledger',
      (journal, names) =>
        copyFileSync(join(foreign, 'journal', segments(foreign).at(-1)!), join(journal, names.at(-1)!)),
      /belongs to strand .*, not to|begins with block/,
    ],
    [
      'a middle segment of another ledger',
      (journal, names) => copyFileSync(join(foreign, 'journal', segments(foreign)[2]!), join(journal, names[2]!)),
      /belongs to strand|begins with block/,
    ],
    [
      'a middle segment cut short',
      (journal, names) => truncateSync(join(journal, names[2]!), 700),
      /the frame says|bytes, but had|is damaged/,
    ],
    [
      'a newest segment that is no segment',
      (journal, names) => writeFileSync(join(journal, names.at(-1)!), 'Dear diary, '.repeat(50)),
      /is not a journal segment/,
    ],
    [
      'a middle segment whose first bytes are others',
      (journal, names) => writeFileSync(join(journal, names[2]!), Buffer.from('x'.repeat(3000))),
      /is not a journal segment/,
    ],
  ]

  test.each(damages)(
    '%s is JOURNAL_CORRUPT at once, or when it is read, and by the audit',
    async (what, damage, message) => {
      const path = join(folder, what.replaceAll(' ', '-'))
      cpSync(original, path, { recursive: true })
      damage(join(path, 'journal'), segments(path))
      const bytes = segments(path).map((name) => readFileSync(join(path, 'journal', name)).toString('base64'))
      const corrupt = { name: 'CorruptionError', code: 'JOURNAL_CORRUPT', message: expect.stringMatching(message) }

      // The views answer as long as nobody needs the damaged blocks.
      const reading = async (): Promise<void> => {
        await using ledger = await openLedger(path)
        expect([await ledger.digest(), await ledger.sql`SELECT * FROM T`]).toEqual((before as unknown[]).slice(0, 2))
        await ledger.sql`SELECT * FROM history(T) AS h`
      }
      await expect(reading()).rejects.toMatchObject(corrupt)

      // Without the views there is nothing to answer from.
      rmSync(join(path, 'views'), { recursive: true })
      await expect(openLedger(path)).rejects.toMatchObject(corrupt)
      await expect(openLedger(path, { readOnly: true })).rejects.toMatchObject(corrupt)
      expect(segments(path).map((name) => readFileSync(join(path, 'journal', name)).toString('base64'))).toEqual(bytes)

      const audit = await auditJournal(path, { checkedBy: { where: 'computer', version: 'test', isOffline: true } })
      expect(audit.verdict.verdict).toBe('mismatch')
    },
  )

  test('an identity file that is none, or of another ledger, is refused', async () => {
    const path = join(folder, 'identity')
    cpSync(original, path, { recursive: true })
    const identity = readFileSync(join(path, 'ledger.json'), 'utf8')
    for (const text of ['', '{', '{"format": 2}', 'null', identity.replace('"format": 1', '"format": "1"')]) {
      writeFileSync(join(path, 'ledger.json'), text)
      await expect(openLedger(path)).rejects.toMatchObject({ name: 'StorageError', code: 'NOT_A_LEDGER' })
    }
    copyFileSync(join(foreign, 'ledger.json'), join(path, 'ledger.json'))
    await expect(openLedger(path)).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT', message: /belongs to strand/ })
    writeFileSync(join(path, 'ledger.json'), identity)
    await using ledger = await openLedger(path)
    expect(await stateOf(ledger)).toEqual(before)
  })

  test('a lock file that nobody of ours wrote is not taken for free', async () => {
    const path = join(folder, 'locked')
    cpSync(original, path, { recursive: true })
    writeFileSync(join(path, 'lock'), 'mine')
    await expect(openLedger(path)).rejects.toMatchObject({ code: 'LEDGER_LOCKED', message: /Remove the file/ })
    rmSync(join(path, 'lock'))
    await using ledger = await openLedger(path)
    expect(await stateOf(ledger)).toEqual(before)
  })
})

/** Mounts need root; elsewhere these tests are skipped, which the report shows. */
function canMount(): boolean {
  const probe = join(folder, 'probe')
  mkdirSync(probe)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe], { stdio: 'ignore' })
    execFileSync('umount', [probe], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe.skipIf(!canMount())('a disk that is (mounts, as root)', () => {
  test('full: the commit fails with what to do, and after making room everything acknowledged is there', async () => {
    const disk = join(folder, 'full')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk])
    try {
      const path = join(disk, 'l')
      let acknowledged = 0
      let failure: unknown
      {
        const ledger = await openLedger(path)
        await ledger.sql`CREATE TABLE T`
        try {
          for (let n = 0; n < 1000; n++) {
            await ledger.sql`INSERT INTO T ${{ n, filler: 'x'.repeat(5000) }}`
            acknowledged++
          }
        } catch (error) {
          failure = error
        }
        expect(failure).toMatchObject({ name: 'StorageError', code: 'DISK_FULL', message: /space|full/i })
        await expect(ledger.sql`INSERT INTO T ${{ n: -1 }}`).rejects.toMatchObject({ name: 'StorageError' })
        await ledger.close().catch(() => undefined)
      }
      // What the failed commit had taken is free again; without that, nothing can be opened either.
      expect(() => {
        for (let n = 0; ; n++) writeFileSync(join(disk, `rest-${n}`), 'x'.repeat(4096))
      }).toThrow(expect.objectContaining({ code: 'ENOSPC' }))
      await expect(openLedger(path)).rejects.toMatchObject({ name: 'StorageError', code: 'DISK_FULL' })
      execFileSync('mount', ['-o', 'remount,size=8m', disk])
      await using ledger = await openLedger(path)
      const found = await ledger.sql<number>`SELECT VALUE n FROM T`
      expect(found.slice(0, acknowledged)).toEqual(Array.from({ length: acknowledged }, (_, n) => n))
      expect(found.length).toBeLessThanOrEqual(acknowledged + 1)
      expect(await ledger.check({ deep: true })).toMatchObject({ isSound: true })
      await ledger.sql`INSERT INTO T ${{ n: 'more' }}`
    } finally {
      execFileSync('umount', ['-l', disk])
    }
  })

  test('read-only: no ledger can be made or written, reading works', async () => {
    const disk = join(folder, 'read-only')
    const path = join(disk, 'l')
    mkdirSync(disk)
    let before: unknown
    {
      await using ledger = await openLedger(path)
      await ledger.sql`CREATE TABLE T`
      await ledger.sql`INSERT INTO T ${{ n: 1 }}`
      before = await stateOf(ledger)
    }
    execFileSync('mount', ['--bind', disk, disk])
    execFileSync('mount', ['-o', 'remount,ro,bind', disk])
    try {
      for (const target of [path, join(disk, 'new')]) {
        const error = await openLedger(target).then(
          () => undefined,
          (reason: unknown) => reason,
        )
        expect(error).toBeInstanceOf(LedgerError)
        expect(error).toMatchObject({
          code: 'READ_ONLY',
          message: expect.stringMatching(/read-only|permission|written/i),
        })
      }
      await using reader = await openLedger(path, { readOnly: true })
      expect(await stateOf(reader)).toEqual(before)
    } finally {
      execFileSync('umount', ['-l', disk])
    }
    await using ledger = await openLedger(path)
    expect(await stateOf(ledger)).toEqual(before)
  })
})
