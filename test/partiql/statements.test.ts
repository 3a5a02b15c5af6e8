/**
 * Runs every `.statements` file of test/partiql/statements from an empty set of tables. Each file is a little story;
 * results are compared as Ion values, exactly and in order. After each statement no cursor may be left open.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { LedgerError, type StatementError } from '../../src/errors.ts'
import { equals, type IonList, type IonValue, parseOne, parseText, printText, Timestamp } from '../../src/ion/index.ts'
import { prepare } from '../../src/partiql/index.ts'
import { MemoryTransaction } from './memory-transaction.ts'
import { readStatementFile, type StatementStep } from './statement-file.ts'

const directory = new URL('./statements/', import.meta.url)
const NOW = Date.parse('2026-11-20T12:00:00.000Z')

for (const file of readdirSync(directory).filter((name) => name.endsWith('.statements'))) {
  describe(file, () => {
    const steps = readStatementFile(readFileSync(new URL(file, directory), 'utf8'))
    const transaction = new MemoryTransaction()
    for (const step of steps) {
      test(`line ${step.line}: ${step.statement.replaceAll(/\s+/g, ' ').slice(0, 100)}`, () => {
        runStep(step, transaction)
      })
    }
  })
}

function runStep(step: StatementStep, transaction: MemoryTransaction): void {
  const [word, time] = step.statement.split(' ')
  if (word === 'commit') {
    transaction.commit(Timestamp.parse(time!).epochMillis())
    return
  }
  if (step.expected.startsWith('error ')) {
    const [, code, place] = step.expected.split(' ')
    let caught: unknown
    try {
      run(step, transaction)
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(LedgerError)
    expect((caught as LedgerError).code).toBe(code)
    if (place !== undefined) {
      const location = (caught as StatementError).location
      expect(`${location?.line}:${location?.column}`).toBe(place)
    }
  } else {
    const rows = run(step, transaction)
    const wanted = parseText(step.expected)
    const isSame = rows.length === wanted.length && rows.every((row, index) => equals(row, wanted[index]!))
    if (!isSame) expect(rows.map((row) => printText(row))).toEqual(wanted.map((value) => printText(value)))
    expect(isSame).toBe(true)
  }
  expect(transaction.openCursorCount).toBe(0)
}

function run(step: StatementStep, transaction: MemoryTransaction): IonValue[] {
  const parameters = step.parameters === undefined ? [] : (parseOne(step.parameters) as IonList).items
  const result = prepare(step.statement, transaction.catalog).run(transaction, parameters, { now: NOW })
  const rows: IonValue[] = []
  for (let row = result.next(); row !== undefined; row = result.next()) rows.push(row)
  return rows
}
