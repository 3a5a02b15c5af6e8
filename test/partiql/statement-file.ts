/** One step of a `.statements` file. */
export interface StatementStep {
  /** Line of the file, from 1. */
  readonly line: number
  readonly statement: string
  /** Ion text of a list with the values of the `?`; undefined when none are given. */
  readonly parameters: string | undefined
  /** Ion text of the rows, in order; or `error CODE`, or `error CODE line:column`. */
  readonly expected: string
}

/**
 * Reads a `.statements` file: blocks between blank lines, each a statement, `----`, and the rows it must answer as Ion
 * text. A statement line `? [1, "a"]` gives parameters. `commit TIME` is a step of its own. Lines that begin with `#`
 * are comments.
 */
export function readStatementFile(text: string): StatementStep[] {
  const steps: StatementStep[] = []
  let lines: string[] = []
  let start = 1
  const finish = (next: number): void => {
    if (lines.length > 0) {
      const divider = lines.indexOf('----')
      const head = divider < 0 ? lines : lines.slice(0, divider)
      steps.push({
        line: start,
        statement: head.filter((line) => !line.startsWith('? ')).join('\n'),
        parameters: head.find((line) => line.startsWith('? '))?.slice(2),
        expected: divider < 0 ? '' : lines.slice(divider + 1).join('\n'),
      })
    }
    lines = []
    start = next
  }
  for (const [index, line] of text.split('\n').entries()) {
    if (line.startsWith('#')) {
      if (lines.length === 0) start = index + 2
      continue
    }
    if (line.trim() === '') finish(index + 2)
    else lines.push(line)
  }
  finish(0)
  return steps
}
