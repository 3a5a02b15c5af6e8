/**
 * The process that meets damaged views, so that a crash of native code is seen as its death.
 *
 *   node views-child.mjs fill FOLDER            makes a ledger and kills itself, so that the views are not closed
 *   node views-child.mjs close FOLDER           the same, but closes it
 *   node views-child.mjs try FOLDER PLAN FIRST  tries the damages of a plan from number FIRST on
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { LedgerError, openLedger } from '../../src/index.ts'
import { auditViews } from '../../src/ledger/index.ts'
import { answersOf, fill } from './views-subject.ts'

/** What to do to one file of the views before the ledger is opened. */
export interface Damage {
  readonly file: string
  readonly offset: number
  readonly mask: number
}

/** What came of one damage. */
export interface Outcome {
  /** `right` answers, a `refused` opening or reading, `wrong` answers. */
  readonly opened: 'right' | 'refused' | 'wrong'
  /** Beside a wrong answer: what is wrong; beside a refusal: the error's code. */
  readonly detail: string
  /** Faults that the audit of the views found before anybody opened the ledger. */
  readonly audited: number
}

async function attempt(folder: string, expected: string, number: number): Promise<Outcome> {
  const audited = (await auditViews(folder)).length
  try {
    for (const readOnly of number % 4 === 0 ? [true, false] : [false]) {
      await using ledger = await openLedger(folder, { readOnly })
      const found = await answersOf(ledger)
      if (found !== expected) return { opened: 'wrong', detail: readOnly ? 'to a reader' : 'to a writer', audited }
      if (readOnly) continue
      // What is written on top of it must not suffer either.
      await ledger.sql`INSERT INTO Vehicle ${{ vin: 'new', notes: 'm'.repeat(2000) }}`
      await ledger.sql`DELETE FROM Vehicle WHERE owner = ${'Ines'}`
      const report = await ledger.check({ deep: true })
      if (!report.isSound) return { opened: 'wrong', detail: JSON.stringify(report.faults[0]), audited }
    }
    return { opened: 'right', detail: '', audited }
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    return { opened: 'refused', detail: error.code, audited }
  }
}

function filesOf(folder: string): [string, Buffer][] {
  return readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))])
}

function putBack(folder: string, files: readonly [string, Buffer][]): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes)
}

const [mode, folder, planPath, first] = process.argv.slice(2)
if (mode === 'fill' && folder !== undefined) {
  const ledger = await openLedger(folder)
  await fill(ledger)
  writeSync(1, await answersOf(ledger))
  process.kill(process.pid, 'SIGKILL')
} else if (mode === 'close' && folder !== undefined) {
  await using ledger = await openLedger(folder)
  await fill(ledger)
  writeSync(1, await answersOf(ledger))
} else if (mode === 'try' && folder !== undefined && planPath !== undefined) {
  const { damages, answers } = JSON.parse(readFileSync(planPath, 'utf8')) as { damages: Damage[]; answers: string }
  const pristine = join(folder, '..', 'pristine')
  const views = filesOf(join(pristine, 'views'))
  const journal = filesOf(join(pristine, 'journal'))
  for (let number = Number(first); number < damages.length; number++) {
    const { file, offset, mask } = damages[number]!
    putBack(join(folder, 'views'), views)
    putBack(join(folder, 'journal'), journal)
    const path = join(folder, 'views', file)
    const bytes = readFileSync(path)
    bytes[offset]! ^= mask
    writeFileSync(path, bytes)
    writeSync(1, `${JSON.stringify({ number, ...(await attempt(folder, answers, number)) })}\n`)
  }
}
