/**
 * `npm run conformance -- [--data DIR] [--json] [--category C] [--failures] [--update]`: runs PartiQL conformance data through
 * `evaluate`, `analyze` and the parser, and prints how much of it passes.
 *
 * Exit code 0 when the data was run, or is not there; 2 when the arguments or the data cannot be read.
 */
import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { DEFAULT_DATA } from './default-data.ts'
import { readKnownFailures, updateKnownFailures } from './known-failures.ts'
import { figuresOf, updatePage } from './page.ts'
import { modeOf, reportOf, tableText } from './report.ts'
import { runCases } from './run.ts'
import { readSuite } from './suite.ts'

const HELP = `npm run conformance -- [options]

  --data DIR      conformance data in the format of partiql/partiql-tests (default: ${DEFAULT_DATA})
  --json          print the figures and the names of failing cases as JSON
  --category C    only cases whose category or file contains C
  --failures      also print each failing case: what it says, what came, what was expected
  --name N        only cases whose name contains N
  --markdown      print the figures and the known failures as they stand in docs/CONFORMANCE.md
  --update        take what passes off the list of known failures, add what fails, and write docs/CONFORMANCE.md
`

function main(): number {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      json: { type: 'boolean', default: false },
      category: { type: 'string' },
      failures: { type: 'boolean', default: false },
      name: { type: 'string' },
      markdown: { type: 'boolean', default: false },
      update: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  const folder = resolve(values.data ?? DEFAULT_DATA)
  if (!existsSync(folder) || readdirSync(folder).length === 0) {
    const message = `There is no conformance data in ${folder}. Give its folder with --data DIR.`
    if (values.data !== undefined) throw new Error(message)
    if (values.json) console.log(JSON.stringify({ ...reportOf([]), skipped: message }, undefined, 2))
    else console.log(`Skipped. ${message}`)
    return 0
  }
  const cases = readSuite(folder).filter(
    (each) =>
      (values.category === undefined ||
        each.category.includes(values.category) ||
        each.file.includes(values.category)) &&
      (values.name === undefined || each.name.includes(values.name)),
  )
  const outcomes = runCases(cases)
  const report = reportOf(outcomes)
  if (values.json) {
    console.log(JSON.stringify(report, undefined, 2))
    return 0
  }
  if (values.markdown) {
    console.log(figuresOf(report, readKnownFailures()))
    return 0
  }
  if (values.update) updatePage(figuresOf(report, updateKnownFailures(outcomes)))
  if (values.failures) {
    for (const outcome of outcomes) {
      if (outcome.passed) continue
      const text = outcome.case.statements.length === 1 ? outcome.case.statements[0] : 'all equivalent statements'
      console.log(
        `${outcome.case.file} · ${outcome.case.name} · ${modeOf(outcome)}\n    ${text}\n    ${outcome.reason}\n`,
      )
    }
  }
  console.log(tableText(report))
  return 0
}

try {
  process.exitCode = main()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 2
}
