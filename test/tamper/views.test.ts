/**
 * Goal: the views are a cache. Whatever happens to them, opening and asking gives exactly the right answers, or an error
 * that says that they are damaged; never a wrong answer, never a crash of native code. The audit finds what changes
 * anything.
 * Method: a ledger that was closed and one whose process was killed; their views deleted, cut, replaced, and flipped in
 * one byte (sampled: densely where LMDB keeps its structure), each tried in a child process whose death is a finding.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openLedger } from '../../src/index.ts'
import { auditViews } from '../../src/ledger/index.ts'
import type { Damage, Outcome } from './views-child.ts'
import { answersOf, fill } from './views-subject.ts'

const folder = mkdtempSync(join(tmpdir(), 'tally-views-'))
const child = resolve(import.meta.dirname, '../../node_modules/.cache/tally-views-child.mjs')
const PAGE_SIZE = 4096

beforeAll(async () => {
  await build({
    entryPoints: [join(import.meta.dirname, 'views-child.ts')],
    outfile: child,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
  })
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  rmSync(child, { force: true })
})

interface Subject {
  /** Holds `pristine` and room for copies. */
  readonly room: string
  readonly pristine: string
  readonly answers: string
}

function makeSubject(name: string, mode: 'fill' | 'close'): Subject {
  const room = join(folder, name)
  mkdirSync(room)
  const pristine = join(room, 'pristine')
  const made = spawnSync(process.execPath, [child, mode, pristine], { encoding: 'utf8', maxBuffer: 1 << 26 })
  expect(made.stderr).toBe('')
  expect(made.signal).toBe(mode === 'fill' ? 'SIGKILL' : null)
  return { room, pristine, answers: made.stdout }
}

/** Tries all damages, in as many processes as it takes; a damage that kills its process is `crashed`. */
function tryDamages({ room, pristine, answers }: Subject, damages: readonly Damage[]): (Outcome | 'crashed')[] {
  const work = join(room, 'work')
  cpSync(pristine, work, { recursive: true })
  const plan = join(room, 'plan.json')
  writeFileSync(plan, JSON.stringify({ damages, answers }))
  const outcomes: (Outcome | 'crashed')[] = []
  while (outcomes.length < damages.length) {
    const run = spawnSync(process.execPath, [child, 'try', work, plan, String(outcomes.length)], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    })
    for (const line of run.stdout.split('\n')) if (line !== '') outcomes.push(JSON.parse(line) as Outcome)
    if (run.signal === null && run.status !== 0) throw new Error(run.stderr)
    if (outcomes.length < damages.length) outcomes.push('crashed')
  }
  rmSync(work, { recursive: true })
  return outcomes
}

/** Bytes to flip: both meta pages, the head and some nodes of every page, and others; every `step`th of all these. */
function sample(pristine: string, step: number): Damage[] {
  const size = readFileSync(join(pristine, 'views', 'data.mdb')).length
  const damages: Damage[] = []
  const flip = (offset: number): void => {
    if (offset < size)
      damages.push({ file: 'data.mdb', offset, mask: damages.length % 3 === 0 ? 0xff : 1 << (offset % 8) })
  }
  for (const meta of [0, PAGE_SIZE]) for (let at = 0; at < 184; at += 4) flip(meta + at)
  for (let page = 2 * PAGE_SIZE; page < size; page += PAGE_SIZE) {
    for (const at of [0, 13, 18, 20, 22, 24, 27, 4000]) flip(page + at)
  }
  for (let offset = 2 * PAGE_SIZE + 5; offset < size; offset += 1409) flip(offset)
  const state = readFileSync(join(pristine, 'views', 'state')).length
  for (let offset = 0; offset < state; offset += 7) damages.push({ file: 'state', offset, mask: 1 << (offset % 7) })
  return damages.filter((_, number) => number % step === 0)
}

describe.each([
  ['closed in order', 'close'],
  ['whose process was killed', 'fill'],
] as const)('a ledger %s', (name, mode) => {
  let subject: Subject
  beforeAll(() => {
    subject = makeSubject(name.replaceAll(' ', '-'), mode)
  })

  test('as it was left, answers and passes its audit', async () => {
    const path = join(subject.room, 'untouched')
    cpSync(subject.pristine, path, { recursive: true })
    expect(await auditViews(path)).toEqual([])
    await using ledger = await openLedger(path)
    expect(await answersOf(ledger)).toBe(subject.answers)
  })

  const data = (views: string): string => join(views, 'data.mdb')
  const whole: readonly [what: string, damage: (views: string) => void | Promise<void>][] = [
    ['deleted', (views) => rmSync(views, { recursive: true })],
    [
      'emptied',
      (views) => {
        for (const file of readdirSync(views)) rmSync(join(views, file))
      },
    ],
    ['without their data file', (views) => rmSync(data(views))],
    ['without their state file', (views) => rmSync(join(views, 'state'))],
    ['cut to nothing', (views) => truncateSync(data(views), 0)],
    ['cut to one page', (views) => truncateSync(data(views), PAGE_SIZE)],
    ['cut in the middle', (views) => truncateSync(data(views), 9 * PAGE_SIZE + 100)],
    ['cut by one byte', (views) => truncateSync(data(views), readFileSync(data(views)).length - 1)],
    ['of zeros', (views) => writeFileSync(data(views), Buffer.alloc(40 * PAGE_SIZE))],
    [
      'of noise',
      (views) =>
        writeFileSync(
          data(views),
          Buffer.alloc(40 * PAGE_SIZE).map((_, n) => (n * 2654435761) >>> 24),
        ),
    ],
    [
      'behind sound meta pages of noise',
      (views) => {
        const bytes = readFileSync(data(views))
        writeFileSync(
          data(views),
          bytes.map((byte, n) => (n < 2 * PAGE_SIZE ? byte : (n * 2654435761) >>> 24)),
        )
      },
    ],
    [
      'of another ledger',
      async (views) => {
        const other = join(subject.room, 'other')
        {
          await using ledger = await openLedger(other)
          await fill(ledger)
          await ledger.sql`INSERT INTO Person ${{ name: 'nobody' }}`
        }
        rmSync(views, { recursive: true })
        cpSync(join(other, 'views'), views, { recursive: true })
        rmSync(other, { recursive: true })
      },
    ],
    [
      'whose state file is that of another ledger',
      async (views) => {
        const other = join(subject.room, 'other')
        await (await openLedger(other)).close()
        cpSync(join(other, 'views', 'state'), join(views, 'state'))
        rmSync(other, { recursive: true })
      },
    ],
  ]
  test.each(whole)('views %s: read and rebuilt', async (what, damage) => {
    const path = join(subject.room, what.replaceAll(' ', '-'))
    cpSync(subject.pristine, path, { recursive: true })
    await damage(join(path, 'views'))
    {
      await using reader = await openLedger(path, { readOnly: true })
      expect(await answersOf(reader)).toBe(subject.answers)
    }
    await using ledger = await openLedger(path)
    expect(await answersOf(ledger)).toBe(subject.answers)
    expect(await ledger.check({ deep: true })).toMatchObject({ isSound: true })
  })

  test('older views of the same ledger catch up', async () => {
    const path = join(subject.room, 'older')
    cpSync(subject.pristine, path, { recursive: true })
    {
      await using ledger = await openLedger(path)
      await ledger.sql`INSERT INTO Person ${{ name: 'late' }}`
    }
    rmSync(join(path, 'views'), { recursive: true })
    cpSync(join(subject.pristine, 'views'), join(path, 'views'), { recursive: true })
    await using ledger = await openLedger(path)
    expect(await ledger.sql`SELECT VALUE name FROM Person`).toEqual(['Peter', 'late'])
    expect(await ledger.check({ deep: true })).toMatchObject({ isSound: true })
  })

  test('a flipped byte never gives a wrong answer and never kills the process', () => {
    const damages = sample(subject.pristine, mode === 'fill' ? 1 : 4)
    const outcomes = tryDamages(subject, damages)
    const bad = damages
      .map((damage, number) => ({ ...damage, outcome: outcomes[number]! }))
      .filter(
        ({ outcome }) =>
          outcome === 'crashed' ||
          outcome.opened === 'wrong' ||
          (outcome.opened === 'refused' && outcome.detail !== 'VIEWS_CORRUPT'),
      )
    expect(bad).toEqual([])
    // Of a closed ledger the audit finds every flip; of a killed one those that could matter.
    const found = outcomes.filter((outcome) => outcome !== 'crashed' && outcome.audited > 0).length
    if (mode === 'close') expect(found).toBe(damages.length)
    expect(found).toBeGreaterThan(damages.length / 10)
  }, 300_000)
})
