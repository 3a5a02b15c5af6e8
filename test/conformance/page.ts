/** The part of docs/CONFORMANCE.md that a run writes: the table, and every case that fails with the reason why. */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { KnownFailures } from './known-failures.ts'
import { type Report, tableMarkdown } from './report.ts'

const PAGE = resolve(import.meta.dirname, '../../docs/CONFORMANCE.md')
const START = '<!-- figures: npm run conformance -- --update -->'
const END = '<!-- end of figures -->'

/** The lines from the start mark to the end mark. */
export function figuresOf(report: Report, known: readonly KnownFailures[]): string {
  return [
    START,
    '',
    tableMarkdown(report),
    '',
    '## Known failures',
    '',
    known.length === 0 ? 'None.' : known.map(listOf).join('\n'),
    '',
    END,
  ].join('\n')
}

function listOf({ reason, cases }: KnownFailures): string {
  const names = cases.map(({ name, modes }) => {
    const only = modes.length === 1 ? MODES[modes[0]!] : undefined
    return `\`${name.replaceAll('`', "'")}\`${only === undefined ? '' : ` (${only})`}`
  })
  return `- ${reason}\n  ${names.join(', ')}.`
}

const MODES: Readonly<Record<string, string>> = { EvalModeCoerce: 'permissive', EvalModeError: 'strict' }

/** The same part as the page has it now. */
export function figuresOfPage(): string {
  const page = readFileSync(PAGE, 'utf8')
  return page.slice(page.indexOf(START), page.indexOf(END) + END.length)
}

/** Puts the figures of a run into the page. */
export function updatePage(figures: string): void {
  const page = readFileSync(PAGE, 'utf8')
  writeFileSync(
    PAGE,
    page.replace(figuresOfPage(), () => figures),
  )
}
