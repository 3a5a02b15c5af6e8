/** The part of docs/CONFORMANCE.md that a run writes: the table, and every case that fails with the reason why. */
import type { KnownFailures } from './known-failures.ts'
import { type Report, tableMarkdown } from './report.ts'

/** The lines around the part, which is replaced as a whole. */
export const FIGURES_START = '<!-- figures: npm run conformance -- --markdown -->'
export const FIGURES_END = '<!-- end of figures -->'

export function figuresPage(report: Report, known: readonly KnownFailures[]): string {
  return [
    FIGURES_START,
    '',
    tableMarkdown(report),
    '',
    '## Known failures',
    '',
    known.length === 0 ? 'None.' : known.map(knownFailures).join('\n\n'),
    '',
    FIGURES_END,
  ].join('\n')
}

function knownFailures({ reason, cases }: KnownFailures): string {
  const names = cases.map(({ name, mode }) => `\`${name}\`${mode === undefined ? '' : ` (${MODES[mode]})`}`)
  return `- ${reason}\n  ${names.join(', ')}`
}

const MODES = { EvalModeCoerce: 'permissive', EvalModeError: 'strict' } as const
